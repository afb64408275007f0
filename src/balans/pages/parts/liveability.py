"""Pick liveability scores out of the rows that a page may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from balans.errors import UnknownKeyError
from balans.pages.data import PageData
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES
from balans.words.numbers import number

TOTAL = "totaal"

WEIGHTS = {"inwoners": "score", "woningen": "score_by_dwellings"}

DECIMALS = 3

# The folder of the publisher's own municipal scores, of one year; the other years are districts.
OFFICIAL_TABLE = "leefbaarometer"

OFFICIAL_SOURCE = "Leefbaarometer 3.0 (ministerie van BZK)"

INDEX_SOURCE = "CBS en RIVM (open cijfers), geijkt op de Leefbaarometer 3.0 van 2024 (ministerie van BZK)"


def titles(data: PageData) -> dict[str, str]:
    """Return the name of each dimension in the order of the framework, the total last."""
    themes = data.table("liveability_themes").drop_duplicates("dimension")
    return dict(zip(themes["dimension"], themes["title"], strict=True)) | {TOTAL: "Totaal"}


def check_choices(data: PageData, dimensie: str, jaar: int, weging: str) -> None:
    """Check the parameters of the page.

    Raises:
        UnknownKeyError: a dimension, projected year or weighting that is not there; the message names those that are.
    """
    years = sorted(_kind(data, "projection")["year"].unique())
    for parameter, chosen, known in (
        ("dimensie", dimensie, list(titles(data))),
        ("jaar", jaar, [int(year) for year in years]),
        ("weging", weging, list(WEIGHTS)),
    ):
        if chosen not in known:
            raise UnknownKeyError(f"{parameter} = {chosen} is not there. There are: {', '.join(map(str, known))}.")


def _kind(data: PageData, kind: str) -> pd.DataFrame:
    table = data.table("liveability")
    return table[table["kind"] == kind]


def present_year(data: PageData) -> int:
    """Return the year of the official scores, which is also the present of the index."""
    return int(_kind(data, "official")["year"].max())


def base_year(data: PageData) -> int:
    """Return the first year in which most of the weight of the total is measured."""
    rows = _kind(data, "index")
    measured = rows[(rows["dimension"] == TOTAL) & (rows["status"] == "measured")]
    return int(measured["year"].min())


def rows_of(data: PageData, kind: str, dimension: str, year: int | None = None) -> pd.DataFrame:
    """Return the rows of one kind (``official``, ``index``, ``projection``) and dimension, by region_id.

    Without a year: the present, or for a projection every year (then the index is not unique).
    """
    rows = _kind(data, kind)
    rows = rows[rows["dimension"] == dimension]
    if year is None and kind != "projection":
        year = present_year(data)
    chosen = rows if year is None else rows[rows["year"] == year]
    return chosen.set_index("region_id").sort_index()


def scores(data: PageData, kind: str, dimension: str, year: int | None = None, weging: str = "inwoners") -> pd.Series:
    """Return one score per area; areas are means of their municipalities, weighted by inhabitants or dwellings."""
    return rows_of(data, kind, dimension, year)[WEIGHTS[weging]].rename("score")


def figure(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one number of a table by its row and column."""
    found: Any = table.loc[row, column]
    return float(found)


def municipal(table: pd.Series) -> pd.Series:
    """Return the part of a series by region_id that is about municipalities."""
    return table[table.index.str.startswith("GM")]


def order_of_areas(data: PageData, known: Iterable[str]) -> list[str]:
    """Return the totals and the twenty regions by name, as far as they are among ``known``."""
    regions = data.regions[data.regions["type"].isin(POLICY_TYPES)]
    regions = regions.sort_values(["type", "name"], ascending=[False, True])
    there = set(known)
    return [area for area in (NEDERLAND, KRIMPREGIOS, ANTICIPEERREGIOS, *regions["region_id"]) if area in there]


def shown_score(value: float, *, signed: bool = False) -> str:
    """Return a score as the page shows it, such as −0,045; one that would read 0,000 gets a decimal more."""
    near_zero = 0 < abs(float(value)) < 0.5 * 10**-DECIMALS
    return number(float(value), DECIMALS + near_zero, signed=signed)


def slug(dimension: str) -> str:
    """Return the name of a dimension as part of a file name."""
    return dimension.replace("_", "-")


# From vermilion through grey to blue: a diverging scale whose two ends no common colour blindness confuses.
CLASSES = ("#A93E00", "#DD7A3C", "#F4C29E", "#E9E7E3", "#B3D2E8", "#5B9FCE", "#0A5690")


def official_history(
    data: PageData, areas: Iterable[str], column: str = "score", dimension: str = TOTAL
) -> pd.DataFrame:
    """Return the official scores through the years: year × area; ``column`` is ``score`` or ``gap``."""
    table = data.table("liveability_history")
    rows = table[(table["dimension"] == dimension) & table["region_id"].isin(list(areas))]
    return rows.pivot(index="year", columns="region_id", values=column).sort_index()


def first_full_year(data: PageData) -> int:
    """Return the first year in which the official scores have dimensions; the report was written after it."""
    table = data.table("liveability_history")
    return int(table.loc[table["dimension"] != TOTAL, "year"].min())


def last_district_year(data: PageData) -> int:
    """Return the last year that is made of districts, the same way in all years."""
    table = data.table("liveability_history")
    return int(table.loc[table["source"] != OFFICIAL_TABLE, "year"].max())


def draw_history(axes: Axes, line: pd.Series, colour: str, last: int) -> None:
    """Draw one line of official scores; years after ``last`` come from another tally: dotted, with an open mark."""
    own, later = line[line.index <= last], line[line.index >= last]
    axes.plot(own.index, own, "-", color=colour, marker="o", markersize=5)
    axes.plot(later.index, later, ":", color=colour)
    axes.plot(later.index[1:], later.iloc[1:], "o", color=colour, markerfacecolor="white", markersize=5)
