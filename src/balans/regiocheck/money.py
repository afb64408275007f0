"""First mode: share out a budget, and see what each region gets against its share of the inhabitants."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import RequestError
from balans.investment.allocation import cents, largest_remainder
from balans.regiocheck.municipalities import REST, REST_NAME, Country, Key, meets, mixed_key
from balans.regiocheck.request import Check
from balans.words.areas import NEDERLAND, TYPE_TOTALS

TYPE_NAMES = {"krimp": "Krimpregio's", "anticipeer": "Anticipeerregio's", "overig": REST_NAME}
INCOME = "besteedbaar_inkomen_per_inwoner"


@dataclass(frozen=True)
class MoneyResult:
    """What a budget does.

    Attributes:
        check: what was asked.
        municipalities: per piece of a municipality: gm_code, region_id, region_type, inhabitants, takes_part, cents.
        regions: per policy region and the rest of the country, see :func:`by_group`; the amounts add up to the budget.
        types: the same per type of region, and for the Netherlands.
        unknown: municipalities that get nothing because a figure is missing.
    """

    check: Check
    municipalities: pd.DataFrame
    regions: pd.DataFrame
    types: pd.DataFrame
    unknown: tuple[str, ...]


def share_out(check: Check, country: Country, keys: dict[str, Key], names: dict[str, str]) -> MoneyResult:
    """Share out the budget of a check over the municipalities, and add up per region.

    Args:
        check: a check with a budget.
        country: the municipalities of the check's year.
        keys: the allocation keys.
        names: region_id → name.

    Raises:
        RequestError: the check has no answer with the figures at hand; the message says why.
    """
    if check.budget is None:
        raise RequestError("Deze regiocheck heeft geen budget. Gebruik de toets van een norm.")
    key = mixed_key(country, keys, dict(check.key))
    takes_part = pd.Series(True, index=country.codes, dtype="boolean")
    for threshold in check.thresholds:
        takes_part &= meets(country, threshold)
    unknown = tuple(country.codes[key.isna() | takes_part.isna()])
    people = country.values("inwoners")
    pieces = country.pieces.assign(
        inhabitants=country.pieces["gm_code"].map(people) * country.pieces["weight"],
        takes_part=country.pieces["gm_code"].map(takes_part.fillna(False)).astype(bool)
        & country.pieces["region_type"].isin(check.only),
    )
    sizes = pieces["gm_code"].map(key).fillna(0.0) * pieces["weight"] * pieces["takes_part"]
    if sizes.sum() == 0 and check.budget > 0:
        raise RequestError("Geen enkele gemeente doet mee: de drempels of de sleutel sluiten ze allemaal uit.")
    pieces["cents"] = largest_remainder(cents(check.budget), sizes.tolist())
    return MoneyResult(
        check,
        pieces,
        _regions(pieces, check, country, names),
        _types(pieces, check, country),
        unknown,
    )


def by_group(pieces: pd.DataFrame, group: str, check: Check) -> pd.DataFrame:
    """Return per group what it gets.

    Returns:
        inhabitants; municipalities (rows that lie in it) and taking_part; amount_eur; per_inhabitant_eur; share_money
        and share_inhabitants (%); difference_eur (against a share of the same budget per inhabitant) and
        difference_per_inhabitant_eur; index (per inhabitant, Netherlands = 100); own_eur_per_inhabitant: what the
        region itself must add if every euro needs ``cofinancing / (1 - cofinancing)`` of its own.
    """
    grouped = pieces.groupby(group)
    table = pd.DataFrame(
        {
            "inhabitants": grouped["inhabitants"].sum(),
            "municipalities": grouped["gm_code"].nunique(),
            "taking_part": pieces[pieces["takes_part"]].groupby(group)["gm_code"].nunique(),
            "inhabitants_taking_part": pieces[pieces["takes_part"]].groupby(group)["inhabitants"].sum(),
            "amount_eur": grouped["cents"].sum() / 100,
        }
    ).fillna({"taking_part": 0, "inhabitants_taking_part": 0})
    people, money = pieces["inhabitants"].sum(), pieces["cents"].sum() / 100
    table["per_inhabitant_eur"] = table["amount_eur"] / table["inhabitants"]
    table["share_money"] = 100 * table["amount_eur"] / money if money else 0.0
    table["share_inhabitants"] = 100 * table["inhabitants"] / people
    table["difference_eur"] = table["amount_eur"] - money * table["inhabitants"] / people
    table["difference_per_inhabitant_eur"] = table["difference_eur"] / table["inhabitants"]
    table["index"] = 100 * table["per_inhabitant_eur"] / (money / people) if money else 100.0
    own = check.cofinancing / (1 - check.cofinancing)
    table["own_eur_per_inhabitant"] = table["per_inhabitant_eur"] * own
    return table.reset_index()


def _regions(pieces: pd.DataFrame, check: Check, country: Country, names: dict[str, str]) -> pd.DataFrame:
    table = by_group(pieces, "region_id", check)
    table.insert(1, "name", table["region_id"].map({**names, REST: REST_NAME}))
    kinds = pieces.drop_duplicates("region_id").set_index("region_id")["region_type"]
    table.insert(2, "type", table["region_id"].map(kinds))
    return _with_income(table, country).sort_values(["per_inhabitant_eur", "name"], ignore_index=True)


def _types(pieces: pd.DataFrame, check: Check, country: Country) -> pd.DataFrame:
    table = by_group(pieces, "region_type", check).rename(columns={"region_type": "type"})
    whole = by_group(pieces.assign(type=NEDERLAND), "type", check)
    table = pd.concat([table, whole], ignore_index=True)
    table.insert(1, "name", table["type"].map({**TYPE_NAMES, NEDERLAND: "Nederland"}))
    table.insert(2, "region_id", table["type"].map({**TYPE_TOTALS, "overig": REST, NEDERLAND: NEDERLAND}))
    order = ["krimp", "anticipeer", "overig", NEDERLAND]
    return _with_income(table, country).sort_values("type", key=lambda kind: kind.map(order.index), ignore_index=True)


def _with_income(table: pd.DataFrame, country: Country) -> pd.DataFrame:
    """Add what the region must pay itself as a part (%) of disposable income per inhabitant; NaN without figures."""
    income = table["region_id"].map(country.region_values(INCOME).to_dict()).astype(float)
    return table.assign(own_share_of_income=100 * table["own_eur_per_inhabitant"] / income)
