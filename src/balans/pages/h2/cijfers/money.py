"""Money per inhabitant: for neighbourhoods then, and for krimp regions."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as MatplotlibFigure

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import MILLION, MONEY_SOURCE, definition
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import records
from balans.words.numbers import number

COMPARED = (
    "krachtwijken",
    "krachtwijken-corporaties",
    "krimpmaatstaf-2011",
    "krimpmaatstaf-2014",
    "decentralisatie-uitkering",
)


def per_inhabitant_chart(data: PageData) -> Chart:
    """Return neighbourhoods policy and shrinkage grants per inhabitant, for every denominator, in constant prices."""
    rows = data.table("investment_per_inhabitant")
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
    rows = data.table("investment_per_inhabitant")
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
