"""What a regiocheck found, in plain Dutch sentences."""

from __future__ import annotations

from typing import cast

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import Key
from balans.regiocheck.norm import NormResult
from balans.regiocheck.request import TYPES, Check, Condition
from balans.words.areas import NEDERLAND
from balans.words.lists import listed
from balans.words.numbers import MINUS, number

NBSP = "\N{NO-BREAK SPACE}"
JOINER = "\N{WORD JOINER}"  # keeps the sign on the line of its amount
COUNTED = ("personen", "woningen", "huishoudens", "banen")
TYPE_WORDS = {"krimp": "krimpregio's", "anticipeer": "anticipeerregio's", "overig": "de rest van Nederland"}


def euros(amount: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Return an amount as Dutch texts write it; large amounts in millions."""
    sign = MINUS + JOINER if amount < 0 else "+" + JOINER if signed and amount > 0 else ""
    if abs(amount) >= 1e6:
        return f"{sign}€{NBSP}{number(abs(amount) / 1e6, 1)}{NBSP}miljoen"
    return f"{sign}€{NBSP}{number(abs(amount), decimals)}"


def rule(check: Check, keys: dict[str, Key], indicators: dict[str, Indicator]) -> str:
    """Return in one sentence what is asked."""
    if check.norm is not None:
        return f"De norm: {condition(check.norm, indicators)}. Peiljaar {check.year}."
    parts = [f"voor {number(100 * weight)}% naar {_lower(keys[name].title)}" for name, weight in check.key.items()]
    key = parts[0].removeprefix("voor 100% ") if len(parts) == 1 else "; ".join(parts)
    text = f"{euros(check.budget or 0)} wordt verdeeld {key}"
    if check.thresholds:
        text += ", alleen over gemeenten met " + " en ".join(condition(item, indicators) for item in check.thresholds)
    if check.only != TYPES:
        text += ", alleen in " + " en ".join(TYPE_WORDS[kind] for kind in check.only)
    if check.cofinancing:
        text += f"; de regio betaalt van elk project {number(100 * check.cofinancing)}% zelf"
    return f"{text}. Peiljaar {check.year}."


def condition(item: Condition, indicators: dict[str, Indicator]) -> str:
    """Return a threshold or norm in words."""
    indicator = indicators[item.indicator]
    bounds = " en ".join(
        f"{word} {number(bound, 0 if float(bound).is_integer() else indicator.decimals)}"
        for word, bound in (("minstens", item.least), ("hoogstens", item.most))
        if bound is not None
    )
    if indicator.unit in COUNTED:
        return f"{bounds} {_lower(indicator.title)}"
    unit = "%" if indicator.unit == "%" else f" {indicator.unit}"
    return f"{_lower(indicator.title)} {bounds}{unit}"


def money_sentences(result: MoneyResult) -> list[str]:
    """Return what the budget does: krimp regions first, then who loses, who is shut out, and what it costs them."""
    rows = result.types.set_index("type")
    krimp, country = (cast(pd.Series, rows.loc[kind]) for kind in ("krimp", NEDERLAND))
    return [
        _krimp_sentence(krimp, country),
        _losers_sentence(result.regions),
        *_threshold_sentences(result),
        *_cofinancing_sentences(result, krimp, country),
        *_unknown_sentences(result.unknown),
    ]


def _krimp_sentence(krimp: pd.Series, country: pd.Series) -> str:
    difference = krimp["difference_eur"]
    against = (
        "precies evenveel als"
        if abs(difference) < 0.5
        else f"{euros(abs(difference))} {'minder' if difference < 0 else 'meer'} dan"
    )
    return (
        f"De krimpregio's krijgen {euros(krimp['amount_eur'])}: {euros(krimp['per_inhabitant_eur'], 2)} per inwoner, "
        f"tegen {euros(country['per_inhabitant_eur'], 2)} in heel Nederland. Dat is "
        f"{number(krimp['share_money'], 1)}% van "
        f"het geld voor {number(krimp['share_inhabitants'], 1)}% van de inwoners, {against} bij een verdeling per "
        "inwoner."
    )


def _losers_sentence(regions: pd.DataFrame) -> str:
    policy = regions[regions["type"] != "overig"]
    losers = policy[policy["difference_per_inhabitant_eur"] < -0.005]
    if losers.empty:
        return f"Geen van de {len(policy)} krimp- en anticipeerregio's krijgt minder dan zijn aandeel naar inwoners."
    nothing = losers[losers["amount_eur"] == 0]
    worst = losers.sort_values("difference_per_inhabitant_eur").iloc[0]
    text = (
        f"Van de {len(policy)} krimp- en anticipeerregio's krijgen er {len(losers)} minder dan hun aandeel "
        "naar inwoners"
    )
    if len(nothing):
        return f"{text}; {len(nothing)} daarvan krijgen niets: {listed(sorted(nothing['name']))}."
    return (
        f"{text}. Het meest verliest {worst['name']}: {euros(-worst['difference_per_inhabitant_eur'], 2)} per inwoner."
    )


def _threshold_sentences(result: MoneyResult) -> list[str]:
    rows = result.types.set_index("type")
    krimp, country = (cast(pd.Series, rows.loc[kind]) for kind in ("krimp", NEDERLAND))
    if country["taking_part"] == country["municipalities"]:
        return []
    shut = {
        name: 100 - 100 * row["inhabitants_taking_part"] / row["inhabitants"]
        for name, row in (("krimp", krimp), ("all", country))
    }
    return [
        f"Van de {number(country['municipalities'])} gemeenten doen er {number(country['taking_part'])} mee. In de "
        f"krimpregio's woont {number(shut['krimp'], 1)}% van de mensen in een gemeente die niet meedoet, in heel "
        "Nederland "
        f"{number(shut['all'], 1)}%."
    ]


def _cofinancing_sentences(result: MoneyResult, krimp: pd.Series, country: pd.Series) -> list[str]:
    if not result.check.cofinancing:
        return []
    text = (
        f"Om dit geld te krijgen leggen de krimpregio's zelf {euros(krimp['own_eur_per_inhabitant'], 2)} per "
        "inwoner bij, "
        f"heel Nederland {euros(country['own_eur_per_inhabitant'], 2)}"
    )
    if pd.isna(krimp["own_share_of_income"]):
        return [text + "."]
    return [
        f"{text}. Dat is {number(krimp['own_share_of_income'], 2)}% van het besteedbaar inkomen van hun inwoners, "
        "tegen "
        f"{number(country['own_share_of_income'], 2)}% landelijk."
    ]


def norm_sentences(result: NormResult) -> list[str]:
    """Return whom the norm touches, per type of region."""
    rows = result.types.set_index("region_type")
    sentences = [
        f"{row['name']}: {number(row['touched'])} van de {number(row['municipalities'])} gemeenten halen de norm "
        "niet; daar "
        f"wonen {number(row['inhabitants_touched'])} mensen, {number(row['share_inhabitants'], 1)}% van de inwoners."
        for row in (rows.loc[kind] for kind in rows.index)
    ]
    if rows["municipalities"].iloc[:-1].sum() > rows["municipalities"].iloc[-1]:
        sentences.append("Een gemeente die op de grens van een regio ligt, telt bij de gemeenten aan beide kanten mee.")
    return [*sentences, *_unknown_sentences(result.unknown)]


def _unknown_sentences(unknown: tuple[str, ...]) -> list[str]:
    if not unknown:
        return []
    return [f"Van {len(unknown)} gemeenten ontbreekt een cijfer; zij tellen niet mee: {', '.join(unknown)}."]


def source_sentence(check: Check) -> str:
    """Return where the policy comes from, or that there is no source."""
    return "Bron van het beleid: " + ("; ".join(check.sources) if check.sources else "geen bron") + "."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if not text[:2].isupper() else text
