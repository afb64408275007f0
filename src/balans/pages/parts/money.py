"""What pages about money share: the unit, the source line, the definitions of the package."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from balans.definitions import load_definition
from balans.pages.data import PageData
from balans.pages.parts.select import records
from balans.pages.parts.style import NETHERLANDS, REGION, dutch_axis
from balans.paths import find_project
from balans.words.numbers import number

MILLION = 1e6

ACCOUNTS_SOURCE = "Bron: CBS (Iv3), bewerking Nederland in balans; bedragen van elk jaar, zonder mutaties van reserves."

MONEY_SOURCE = "Bron: rapport Nederland in balans (2016) en de bronnen in de tabel; inwoners: CBS (70072ned), 2015."


def definition() -> dict[str, Any]:
    """Return ``definitions/investment.yml``."""
    return load_definition(find_project().definitions / "investment.yml")


def accounts(data: PageData, region_id: str, statement: str = "account") -> pd.DataFrame:
    """Return the municipal accounts of one area: rows of the table ``municipal_accounts`` by (year, item)."""
    table = data.table("municipal_accounts")
    rows = table[(table["region_id"] == region_id) & (table["statement"] == statement)]
    return rows.set_index(["year", "item"]).sort_index()


def account(table: pd.DataFrame, year: int, item: str, column: str = "per_inhabitant_eur") -> float:
    """Return one number of the municipal accounts of an area (see :func:`accounts`)."""
    found: Any = table.loc[(year, item), column]
    return float(found)


def domain_titles(data: PageData) -> dict[str, str]:
    """Return the domains of municipal expenditure, the largest of the country first."""
    table = data.table("municipal_accounts")
    rows = table[(table["kind"] == "domain") & (table["statement"] == "account")]
    latest = rows[rows["year"] == rows["year"].max()].drop_duplicates("item")
    latest = latest.sort_values("netherlands_per_inhabitant_eur", ascending=False)
    return dict(zip(latest["item"], latest["title"], strict=True))


def domain_bars(axes: Axes, data: PageData, region_id: str, year: int) -> pd.DataFrame:
    """Draw expenditure per inhabitant by domain, a bar for the area and a line for the Netherlands; return the rows."""
    own = accounts(data, region_id).xs(year, level="year")
    rows = own.reindex([*domain_titles(data)])[["title", "per_inhabitant_eur", "netherlands_per_inhabitant_eur"]]
    places = range(len(rows))
    axes.barh(places, rows["per_inhabitant_eur"], color=REGION, height=0.6)
    country = rows["netherlands_per_inhabitant_eur"]
    axes.vlines(country, [at - 0.4 for at in places], [at + 0.4 for at in places], color=NETHERLANDS, linewidth=2.5)
    for place, (value, other) in enumerate(zip(rows["per_inhabitant_eur"], country, strict=True)):
        text = f"€ {number(value)} ({number(value - other, signed=True)})"
        axes.annotate(text, (max(value, other), place), xytext=(6, 0), textcoords="offset points", va="center",
                      fontsize=9.5)  # fmt: skip
    axes.set_yticks(list(places), list(rows["title"]))
    axes.invert_yaxis()
    axes.margins(x=0.2)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("Euro per inwoner; streep: Nederland; tussen haakjes het verschil")
    dutch_axis(axes, "x")
    return rows.reset_index()


def domain_listing(rows: pd.DataFrame) -> str:
    """Return the numbers of :func:`domain_bars` as a sentence, for who cannot see them."""
    return "; ".join(
        f"{row['title']} {number(row['per_inhabitant_eur'])} "
        f"(Nederland {number(row['netherlands_per_inhabitant_eur'])})"
        for row in records(rows)
    )
