"""Figures of chapter 3: the package per theme and region, and when it pays for itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.charts import style
from balans.charts.bars import text_table
from balans.charts.money import MILLION, MONEY_SOURCE, VERDICTS, definition
from balans.charts.numbers import number, with_unit
from balans.charts.output import Chart, Prose, Table
from balans.charts.select import name, source_line
from balans.errors import RequestError
from balans.investment.breakeven import Scenario, break_even_curve, break_even_effect, net_present_value, present_cost
from balans.paths import find_project
from balans.publish.scope import PageData
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.request import parse_check
from balans.regiocheck.run import run_check
from balans.regiocheck.words import euros

LINE_COLOURS = (style.NETHERLANDS, style.ANTICIPEER, "#E69F00", style.REGION)
PACKAGE_KEYS = {
    "inwoners": "inwoners",
    "woningen": "woningen",
    "land": "land",
    "sterfteoverschot": "meer sterfte dan geboorte",
}
PACKAGE_YEAR = 2015


def package_table(data: PageData) -> Table:
    """Return the package by theme, with the sum recomputed, per inhabitant and over its whole duration."""
    package = definition()["package"]
    rows = data.tables["investment"].set_index("item")
    themes = [theme["id"] for theme in package["themes"]]
    total, computed = rows.loc[package["total"]["id"], "amount_eur"], rows.loc[themes, "amount_eur"].sum()
    cells = [
        [
            rows.loc[item, "title"],
            number(rows.loc[item, "amount_eur"] / MILLION),
            with_unit(100 * rows.loc[item, "amount_eur"] / computed, "%", 1),
            number(rows.loc[item, "per_inhabitant_eur"]),
        ]
        for item in themes
    ]
    cells.append(
        [
            "Som van de thema's, nagerekend",
            number(computed / MILLION),
            "100,0%",
            number(computed / rows.loc[themes[0], "inhabitants"]),
        ]
    )
    verdict = VERDICTS["reproduced" if computed == total else "deviates"]
    cells.append(
        [
            f"Totaal in het rapport ({verdict})",
            number(total / MILLION),
            "",
            number(rows.loc[package["total"]["id"], "per_inhabitant_eur"]),
        ]
    )
    columns = ["Thema", "Miljoen euro per jaar", "Deel", "Euro per inwoner"]
    caption = "Het gevraagde pakket per thema; per inwoner van de krimpregio's van 2015"
    numbers = rows.loc[[*themes, package["total"]["id"]]].reset_index()
    return text_table(cells, columns, caption, "pakket-per-thema", MONEY_SOURCE, numbers)


def package_sentence(data: PageData) -> Prose:
    """Return the range of the package, per year and in all."""
    package = definition()["package"]
    people = data.tables["investment"].set_index("item").loc[package["total"]["id"], "inhabitants"]
    low, high = package["low_eur"], package["high_eur"]
    least, most = package["least_years"], package["most_years"]
    return Prose(
        f"De bandbreedte is {euros(low)} tot {euros(high)} per jaar, {number(low / people)} tot "
        f"{number(high / people)} euro "
        f"per inwoner, gedurende {least} tot {most} jaar. Samen is dat {number(low * least / 1e9, 2)} tot "
        f"{number(high * most / 1e9, 1)} miljard euro."
    )


def share_package(data: PageData, key: Any) -> MoneyResult:
    """Return the package shared out over the krimp regions by a key (a name, or names with weights).

    Raises:
        RequestError: an unknown key or weights that do not add up to 1.
    """
    total = definition()["package"]["total"]["amount_eur"]
    check = parse_check(
        {"naam": "Pakket", "peiljaar": PACKAGE_YEAR, "budget": total, "sleutel": key, "alleen": ["krimp"]}
    )
    result = run_check(find_project(), check, data.indicators, data.membership, data.regions)
    if not isinstance(result, MoneyResult):
        raise RequestError("Het pakket is een bedrag, geen norm.")
    return result


def package_per_region(data: PageData, own_key: Any = None) -> Table:
    """Return what each krimp region would get by four keys, and by the reader's own key if there is one."""
    keys: dict[str, Any] = {title: key for key, title in PACKAGE_KEYS.items()}
    if own_key is not None:
        keys["eigen sleutel"] = own_key
    amounts = {title: share_package(data, key).regions.set_index("region_id") for title, key in keys.items()}
    first = next(iter(amounts.values()))
    areas = [area for area in first.sort_values("name").index if first.loc[area, "type"] == "krimp"]
    cells = [
        [
            name(data, area),
            *(
                f"{number(table.loc[area, 'amount_eur'] / MILLION, 1)} "
                f"({number(table.loc[area, 'per_inhabitant_eur'])})"
                for table in amounts.values()
            ),
        ]
        for area in areas
    ]
    sums = [sum(table.loc[areas, "amount_eur"]) for table in amounts.values()]
    people = first.loc[areas, "inhabitants"].sum()
    cells.append(["Samen", *(f"{number(total / MILLION, 1)} ({number(total / people)})" for total in sums)])
    columns = ["Regio", *(f"Naar {title}" for title in keys)]
    caption = (
        "Het pakket van 360 miljoen euro per jaar over de krimpregio's, in miljoen euro (tussen haakjes: "
        "euro per inwoner)"
    )
    data_rows = pd.concat([table.loc[areas].assign(key=title) for title, table in amounts.items()]).reset_index()
    known = load_keys(find_project())
    used = sorted({indicator for key in PACKAGE_KEYS for indicator in known[key].indicators})
    source = source_line(data, used, areas, [PACKAGE_YEAR]) + " Bedrag: rapport Nederland in balans (2016)."
    return text_table(cells, columns, caption, "pakket-per-regio", source, data_rows)


def scenario(cost_per_year: float, **assumptions: Any) -> Scenario:
    """Return a scenario with the model's defaults of ``investment.yml``; ``cost_per_year`` in million euro."""
    model = definition()["model"]
    defaults = {
        "years_of_cost": model["years_of_cost"],
        "discount_rate": model["discount_rate"],
        "horizon": model["horizon"],
    }
    return Scenario(cost_per_year, **{**defaults, **assumptions})


def scenarios_table(cost_per_year: float, **assumptions: Any) -> Table:
    """Return the scenarios: what each assumes, the effect at which it pays for itself, the outcome at the claim."""
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    cells, numbers = [], []
    for entry in definition()["model"]["scenarios"]:
        chosen = scenario(
            cost_per_year, **{**assumptions, **{key: entry[key] for key in ("delay", "ramp", "displacement")}}
        )
        needed = break_even_effect(chosen)
        balance = net_present_value(chosen, stated)
        cells.append(
            [
                entry["title"],
                f"begint na {chosen.delay} jaar, compleet {chosen.ramp} jaar later"
                if chosen.ramp
                else "meteen volledig",
                with_unit(100 * chosen.displacement, "%"),
                f"€ {number(present_cost(chosen) / 1000, 1)} miljard",
                f"€ {number(needed)} miljoen",
                with_unit(100 * needed / stated, "%", 1),
                f"€ {number(balance / 1000)} miljard",
                entry["note"],
            ]
        )
        numbers.append(
            {
                "scenario": entry["id"],
                "break_even_million_eur": needed,
                "present_cost_million_eur": present_cost(chosen),
                "net_present_value_at_claim_million_eur": balance,
            }
        )
    columns = [
        "Scenario",
        "Effect",
        "Van elders",
        "Kosten nu",
        "Omslagpunt per jaar",
        "Deel van de claim",
        "Saldo als de claim klopt",
        "Aanname",
    ]
    caption = "Drie scenario's: hoeveel product per jaar er moet blijven om de kosten goed te maken"
    return text_table(cells, columns, caption, "omslagpunt-scenarios", model_source(), pd.DataFrame(numbers))


def break_even_chart(cost_per_year: float, delay: int = 5, **assumptions: Any) -> Chart:
    """Return the break-even effect against the years until the effect is complete, a line per displacement."""
    model = definition()["model"]
    base = scenario(cost_per_year, delay=delay, **assumptions)
    curve = break_even_curve(base, model["ramps"], model["displacements"])
    figure, (axes,) = style.new_figure(4.4)
    labels = []
    for colour, (share, line) in zip(LINE_COLOURS, curve.groupby("displacement"), strict=True):
        axes.plot(line["ramp"], line["break_even_effect"], color=colour, marker="o", markersize=3.5)
        labels.append(
            (
                float(line["ramp"].iloc[-1]),
                float(line["break_even_effect"].iloc[-1]),
                f"{number(100 * float(str(share)))}% van elders",
                colour,
            )
        )
    style.set_unit(axes, "Product dat per jaar moet blijven, miljoen euro")
    style.dutch_axis(axes)
    axes.set_ylim(0)
    axes.set_xlabel(f"Jaren waarin het effect tot zijn volle omvang groeit (het begint na {delay} jaar)")
    style.label_line_ends(axes, labels, 0.05 * float(curve["break_even_effect"].max()))
    least, most = curve["break_even_effect"].min(), curve["break_even_effect"].max()
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    finding = (
        f"Het pakket betaalt zich terug als er per jaar € {number(least)} tot {number(most)} miljoen product blijft: "
        f"{number(100 * least / stated)} tot {number(100 * most / stated)}% van wat het rapport claimt"
    )
    style.set_finding(figure, finding)
    return Chart(
        figure,
        "omslagpunt",
        f"Lijngrafiek, een lijn per aandeel dat van elders komt. {finding}.",
        model_source(),
        curve,
    )


def model_source() -> str:
    """Return the line under the model's outputs: what is sourced and what is assumed."""
    model = definition()["model"]
    return (
        "Eigen berekening. Kosten: rapport Nederland in balans (2016). Discontovoet: Werkgroep discontovoet 2020 "
        f"(standaard {number(100 * model['discount_rate'], 2)}%). Tijdpad en verplaatsing: aanname, geen bron."
    )
