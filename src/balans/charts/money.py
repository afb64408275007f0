"""Money beside money: amounts per inhabitant, what was paid, and the report's own comparison."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure as MatplotlibFigure

from balans.charts import style
from balans.charts.bars import text_table
from balans.charts.numbers import NO_VALUE, number
from balans.charts.output import Chart, Table
from balans.charts.select import records
from balans.definitions import load_definition
from balans.paths import find_project
from balans.publish.scope import PageData
from balans.regiocheck.words import euros

MILLION = 1e6
VERDICTS = {"reproduced": "✓ gereproduceerd", "deviates": "≠ wijkt af", "not checkable": "○ niet te toetsen"}
MONEY_SOURCE = "Bron: rapport Nederland in balans (2016) en de bronnen in de tabel; inwoners: CBS (70072ned), 2015."
COMPARED = (
    "krachtwijken",
    "krachtwijken-corporaties",
    "krimpmaatstaf-2011",
    "krimpmaatstaf-2014",
    "decentralisatie-uitkering",
)


def definition() -> dict[str, Any]:
    """Return ``definitions/investment.yml``."""
    return load_definition(find_project().definitions / "investment.yml")


def per_inhabitant_chart(data: PageData) -> Chart:
    """Return neighbourhoods policy and shrinkage grants per inhabitant, for every denominator, in constant prices."""
    rows = data.tables["investment_per_inhabitant"]
    rows = rows[rows["item"].isin(COMPARED)]
    rows = rows.assign(label=rows["title"] + ", " + rows["year"] + "\n" + rows["denominator"])
    rows = rows.sort_values("per_inhabitant_constant_eur", ignore_index=True)
    figure = _draw_per_inhabitant(rows)
    high = rows[rows["item"] == "krachtwijken"]["per_inhabitant_constant_eur"].iloc[0]
    low = rows[rows["item"].str.startswith("krimpmaatstaf")]["per_inhabitant_constant_eur"]
    finding = (
        f"Per inwoner kregen de krachtwijken {number(high / low.max())} tot {number(high / low.min())} keer "
        "zoveel als de krimpregio's uit de krimpmaatstaf"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(
        f"{row['title']} {row['year']} per hoofd van {row['denominator']} € "
        f"{number(row['per_inhabitant_constant_eur'], 1)}"
        for row in records(rows)
    )
    source = f"{MONEY_SOURCE} Prijzen: CBS (71311ned, 83131NED)."
    return Chart(
        figure, "per-inwoner-wijken-en-krimp", f"Staafdiagram. {finding}. {listed}.", source, rows.drop(columns="label")
    )


def _draw_per_inhabitant(rows: pd.DataFrame) -> MatplotlibFigure:
    figure, (axes,) = style.new_figure(5.4)
    colours = [style.OTHER if "wijken" in who else style.REGION for who in rows["denominator"]]
    axes.barh(rows["label"], rows["per_inhabitant_constant_eur"], color=colours, height=0.7)
    for position, amount in enumerate(rows["per_inhabitant_constant_eur"]):
        axes.annotate(
            f"€ {number(amount, 1)}",
            (amount, position),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.margins(x=0.14)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", labelsize=8.5)
    base = definition()["prices"]["base_year"]
    style.dutch_axis(axes, "x")
    axes.set_xlabel(f"Euro per inwoner per jaar, prijzen van {base}")
    return figure


def per_inhabitant_table(data: PageData) -> Table:
    """Return every amount per inhabitant with its denominator, in current and in constant prices, and its source."""
    rows = data.tables["investment_per_inhabitant"]
    cells = [
        [
            f"{row['title']} ({row['year']})",
            number(row["amount_eur"] / MILLION, 1),
            f"{row['denominator']}: {number(row['inhabitants'])}",
            number(row["per_inhabitant_eur"], 1),
            number(row["per_inhabitant_constant_eur"], 1),
            row["source"],
        ]
        for row in records(rows)
    ]
    base = definition()["prices"]["base_year"]
    columns = [
        "Geld",
        "Miljoen euro per jaar",
        "Gedeeld door",
        "Euro per inwoner",
        f"In prijzen van {base}",
        "Bron van het bedrag",
    ]
    caption = "Wijkenbeleid en krimpgeld per inwoner per jaar, voor elke noemer"
    return text_table(cells, columns, caption, "per-inwoner-tabel", MONEY_SOURCE, rows)


def perspective_table(data: PageData) -> Table:
    """Return the report's comparison of the package with other money, each amount with its verdict."""
    rows = data.tables["investment_perspective"]
    cells = [
        [
            row["title"],
            number(row["stated_eur"] / MILLION),
            number(row["rebuilt_eur"] / MILLION, 1) if pd.notna(row["rebuilt_eur"]) else NO_VALUE,
            number(row["times_package"], 2),
            number(row["per_inhabitant_eur"]) if pd.notna(row["per_inhabitant_eur"]) else NO_VALUE,
            VERDICTS[row["verdict"]],
            row["explanation"] or f"Bron: {row['source']}.",
        ]
        for row in records(rows)
    ]
    columns = [
        "Geld",
        "Rapport, miljoen euro",
        "Nagerekend",
        "Keer het pakket",
        "Euro per inwoner",
        "Oordeel",
        "Toelichting",
    ]
    return text_table(
        cells, columns, "Het pakket in perspectief, bedragen per jaar", "pakket-in-perspectief", MONEY_SOURCE, rows
    )


def paid_table(data: PageData) -> Table:
    """Return the money that was paid as far as a source gives it, per inhabitant of who got it."""
    rows = data.tables["investment"]
    rows = rows[~rows["item"].str.startswith("pakket")]
    cells = [
        [
            row["title"],
            row["year"],
            euros(row["amount_eur"]),
            row["unit"],
            f"€ {number(row['per_inhabitant_eur'], 2)}",
            row["denominator"],
            row["source"],
        ]
        for row in records(rows)
    ]
    columns = ["Geld", "Jaren", "Bedrag", "Eenheid", "Per inwoner", "Van", "Bron"]
    return text_table(cells, columns, "Uitgekeerd en toegezegd geld, met bron", "uitgekeerd-geld", MONEY_SOURCE, rows)
