"""The tables of scores on the page on liveability: official, index, change, projection."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    TOTAL,
    base_year,
    figure,
    municipal,
    order_of_areas,
    present_year,
    rows_of,
    scores,
    shown_score,
    slug,
    titles,
)
from balans.pages.parts.output import Table
from balans.pages.parts.select import name
from balans.pages.parts.tables import html_table
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import NO_VALUE, with_unit

SHOWN_MUNICIPALITIES = 8

NATIONAL_ROWS = (0, 1, 2)


def official_table(data: PageData, weging: str) -> Table:
    """Return the official score by dimension of the totals and the twenty regions."""
    columns = {dimension: scores(data, "official", dimension, weging=weging) for dimension in titles(data)}
    areas = order_of_areas(data, columns[TOTAL].index)
    frame = pd.DataFrame({"Gebied": [name(data, area) for area in areas]})
    for dimension in (TOTAL, *(key for key in columns if key != TOTAL)):
        frame[titles(data)[dimension]] = [shown_score(columns[dimension][area]) for area in areas]
    year = present_year(data)
    caption = f"Officiële scores {year} per regio, gewogen naar {weging}"
    numbers = pd.DataFrame(columns).loc[areas].rename_axis("region_id").reset_index()
    return Table(
        html_table(frame, caption, emphasised=NATIONAL_ROWS),
        "leefbaarheid-officieel-tabel",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {year}; middeling over gemeenten: Nederland in balans.",
        numbers,
    )


def index_table(data: PageData, dimension: str, weging: str) -> Table:
    """Return our index per published year and area, with the interval of now and the official score."""
    table = data.table("liveability")
    years = sorted(table.loc[table["kind"] == "index", "year"].unique())
    now = rows_of(data, "index", dimension)
    areas = order_of_areas(data, now.index)
    columns = {_year_head(data, dimension, int(year)): scores(data, "index", dimension, year, weging) for year in years}
    official = scores(data, "official", dimension, weging=weging)
    shift = scores(data, "index", dimension, weging=weging) - now["score"]
    rows = [
        [
            name(data, area),
            *(shown_score(column[area]) for column in columns.values()),
            _between(figure(now, area, "lower") + shift[area], figure(now, area, "upper") + shift[area]),
            shown_score(official[area]),
        ]
        for area in areas
    ]
    heads = ["Gebied", *columns, "Nu, 80%-interval", f"Officieel {present_year(data)}"]
    caption = f"{titles(data)[dimension]}: onze index door de jaren, gewogen naar {weging}"
    numbers = pd.DataFrame(columns | {"officieel": official}).loc[areas].rename_axis("region_id").reset_index()
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=NATIONAL_ROWS),
        f"leefbaarheid-index-tabel-{slug(dimension)}",
        caption,
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans.",
        numbers,
    )


def _year_head(data: PageData, dimension: str, year: int) -> str:
    row = rows_of(data, "index", dimension, year).iloc[0]
    if row["status"] == "held":
        return f"{year} (stil: cijfers van {int(row['held_at'])})"
    if row["status"] == "latest":
        return "Nu (laatste cijfers)"
    return f"{year} ({with_unit(100 * row['measured'], '%')} gemeten)"


def _between(low: float, high: float) -> str:
    return f"{shown_score(low)}\N{NO-BREAK SPACE}tot\N{NO-BREAK SPACE}{shown_score(high)}"


def change_table(data: PageData, dimension: str) -> Table:
    """Return the municipalities whose index moved most between the base year and now."""
    first = base_year(data)
    before, after = (municipal(scores(data, "index", dimension, year)) for year in (first, present_year(data)))
    change = (after - before).sort_values(kind="stable")
    chosen = [*change.index[::-1][:SHOWN_MUNICIPALITIES], *change.index[:SHOWN_MUNICIPALITIES][::-1]]
    rows = [
        [name(data, code), shown_score(before[code]), shown_score(after[code]), shown_score(change[code], signed=True)]
        for code in chosen
    ]
    caption = f"{titles(data)[dimension]}: de gemeenten met het grootste verschil tussen {first} en nu"
    heads = ["Gemeente", str(first), "Nu", "Verschil"]
    numbers = pd.DataFrame({"voor": before, "na": after, "verschil": change}).loc[chosen]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption),
        f"leefbaarheid-verschil-tabel-{slug(dimension)}",
        caption,
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans.",
        numbers.rename_axis("gm_code").reset_index(),
    )


def projection_table(data: PageData, dimension: str, year: int, weging: str) -> Table:
    """Return the projected index per area with its interval; a region without a projection of its own says so."""
    now = scores(data, "index", dimension, weging=weging)
    ahead = rows_of(data, "projection", dimension, year)
    value = scores(data, "projection", dimension, year, weging)
    rows = []
    for area in order_of_areas(data, now.index):
        if area not in ahead.index:
            rows.append([name(data, area), shown_score(now[area]), "geen eigen projectie", NO_VALUE, NO_VALUE])
            continue
        shift = float(value[area]) - figure(ahead, area, "score")
        interval = _between(figure(ahead, area, "lower") + shift, figure(ahead, area, "upper") + shift)
        cells = [shown_score(value[area]), interval, shown_score(figure(ahead, area, "change"), signed=True)]
        rows.append([name(data, area), shown_score(now[area]), *cells])
    heads = ["Gebied", "Nu", str(year), "80%-interval", "Verschil"]
    caption = f"{titles(data)[dimension]}: onze index nu en in {year}, gewogen naar {weging}"
    numbers = ahead.loc[[area for area in order_of_areas(data, now.index) if area in ahead.index]].reset_index()
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=NATIONAL_ROWS),
        f"leefbaarheid-projectie-tabel-{slug(dimension)}-{year}",
        caption,
        f"Bron: {INDEX_SOURCE}; index en projecties van Nederland in balans.",
        numbers[["region_id", "dimension", "year", "score", "lower", "upper", "change", "moved", "status"]],
    )


def projected_dimensions_table(data: PageData, area: str = KRIMPREGIOS) -> Table:
    """Return per dimension which part of the weight has a projection, and what the projected years are for an area."""
    table = data.table("liveability")
    table = table[(table["kind"] == "projection") & (table["region_id"] == area)]
    years = sorted(int(year) for year in table["year"].unique())
    rows = []
    for dimension, title in titles(data).items():
        ahead = {year: rows_of(data, "projection", dimension, year) for year in years}
        moved = figure(ahead[years[-1]], area, "moved")
        share = with_unit(100 * moved, "%") if moved else "staat stil"
        now = shown_score(scores(data, "index", dimension)[area])
        rows.append([title, share, now, *(_with_interval(one, area) for one in ahead.values())])
    caption = f"Wat er in de projectie beweegt; scores van {_lower(name(data, area))}, met 80%-interval"
    heads = ["Dimensie", "Deel van het gewicht met een projectie", "Nu", *map(str, years)]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        "leefbaarheid-projectie-dimensies",
        caption,
        f"Bron: {INDEX_SOURCE}; index en projecties van Nederland in balans.",
        table[["region_id", "dimension", "year", "score", "lower", "upper", "moved", "status"]],
    )


def _with_interval(table: pd.DataFrame, area: str) -> str:
    score, low, high = (figure(table, area, column) for column in ("score", "lower", "upper"))
    return f"{shown_score(score)} ({_between(low, high)})"


def _lower(text: str) -> str:
    return f"de {text[0].lower()}{text[1:]}"
