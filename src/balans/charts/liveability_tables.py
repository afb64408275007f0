"""The tables of the page on liveability: one under each map, and those of validation, sensitivity and facilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from balans.charts.liveability_select import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    TOTAL,
    base_year,
    figure,
    listed,
    municipal,
    order_of_areas,
    present_year,
    rows_of,
    scores,
    shown_score,
    slug,
    titles,
)
from balans.charts.numbers import NO_VALUE, number, with_unit
from balans.charts.output import Table
from balans.charts.select import name, records, source_line
from balans.charts.tables import html_table
from balans.indicators.catalogue import Indicator
from balans.publish.scope import PageData

SHOWN_MUNICIPALITIES = 8
NATIONAL_ROWS = (0, 1, 2)
COUNTERPARTS = {"full": "ja", "partial": "deels", "none": "nee"}
# Per choice: how a sentence calls it, and the head of its column.
CHOICES = {
    "weights": ("de gewichten maken", "Gewichten"),
    "aggregation": ("de manier van middelen maakt", "Manier van middelen"),
    "normalisation": ("de schaal van de indicatoren maakt", "Schaal"),
    "winsorise": ("het afkappen van uitschieters maakt", "Uitschieters afkappen"),
    "left_out_province": ("de provincie die er niet bij is maakt", "Provincie weglaten"),
    "left_out_indicator": ("de indicator die er niet bij is maakt", "Indicator weglaten"),
}
FACILITIES = (
    "afstand_huisarts",
    "afstand_supermarkt",
    "afstand_apotheek",
    "afstand_basisschool",
    "afstand_havo_vwo",
    "afstand_kinderdagverblijf",
    "afstand_bibliotheek",
    "afstand_ziekenhuis_poli",
    "afstand_ziekenhuis",
    "afstand_treinstation",
    "afstand_oprit",
)
FACILITY_YEARS = (2010, 2015, 2018)


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
    table = data.tables["liveability"]
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


def projected_dimensions_table(data: PageData, area: str = "krimpregios") -> Table:
    """Return per dimension which part of the weight has a projection, and what the projected years are for an area."""
    table = data.tables["liveability"]
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


def validation_table(data: PageData) -> Table:
    """Return the agreement with the official scores out of sample, per dimension, for municipalities and regions."""
    table = data.tables["liveability_validation"]
    table = table[(table["model"] == "calibrated") & table["level"].isin(["municipality", "region"])]
    ours, regions = (table[table["level"] == level].set_index("dimension") for level in ("municipality", "region"))
    rows = [
        [
            title,
            number(figure(ours, dimension, "rank_correlation"), 2),
            number(figure(ours, dimension, "r2"), 2),
            number(figure(ours, dimension, "mae"), 3),
            with_unit(100 * figure(ours, dimension, "class_agreement"), "%"),
            number(figure(regions, dimension, "rank_correlation"), 2),
            shown_score(figure(regions, dimension, "bias"), signed=True),
        ]
        for dimension, title in titles(data).items()
    ]
    heads = [
        "Dimensie",
        "Rangcorrelatie, gemeenten",
        "R², gemeenten",
        "Gemiddelde fout, gemeenten",
        "Zelfde klasse van de negen",
        "Rangcorrelatie, twintig regio's",
        "Gemiddeld te hoog of te laag, regio's",
    ]
    caption = "Overeenstemming met de officiële scores, elke provincie voorspeld zonder haar eigen gemeenten"
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        "leefbaarheid-validatie",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; {INDEX_SOURCE}.",
        table.drop(columns="description"),
    )


def misleading_table(data: PageData) -> Table:
    """Return the regions and dimensions where the index is in another class and further off than usual."""
    table = data.tables["liveability_residuals"]
    kinds = data.regions.set_index("region_id")["type"]
    table = table[table["misleads"] & table["region_id"].map(kinds).isin(["krimp", "anticipeer"])]
    table = table.assign(size=table["residual"].abs()).sort_values(["size"], ascending=False, kind="stable")
    rows = [
        [
            name(data, row["region_id"]),
            titles(data)[row["dimension"]],
            shown_score(row["official"]),
            shown_score(row["predicted"]),
            "te hoog" if row["residual"] > 0 else "te laag",
        ]
        for row in records(table)
    ]
    caption = (
        "Waar de index een regio verkeerd plaatst: een andere klasse, en verder ernaast dan bij 80% van de gemeenten"
    )
    heads = ["Regio", "Dimensie", "Officieel", "Index, buiten de steekproef", "De index is"]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption),
        "leefbaarheid-misleidend",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; {INDEX_SOURCE}.",
        table.drop(columns="size"),
    )


def themes_table(data: PageData) -> Table:
    """Return the themes of the Leefbaarometer, and whether an open figure stands for each."""
    table = data.tables["liveability_themes"]
    rows = [
        [row["title"], row["theme"], COUNTERPARTS[row["counterpart"]], row["reason"] or NO_VALUE]
        for row in records(table)
    ]
    caption = "Thema's van de Leefbaarometer en hun open tegenhanger"
    heads = ["Dimensie", "Thema", "Open cijfer", "Wat ontbreekt"]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption),
        "leefbaarheid-themas",
        caption,
        "Bron: Leefbaarometer 3.0 (ministerie van BZK), indeling in dimensies; beoordeling: Nederland in balans.",
        table,
    )


def sensitivity_table(data: PageData) -> Table:
    """Return per choice which part of the spread of the scores it explains by itself, per dimension."""
    table = data.tables["liveability_sensitivity"]
    whole = table[table["option"] == "all"].pivot(index="choice", columns="dimension", values="first_order")
    rows = [
        [title, *(with_unit(100 * figure(whole, choice, dimension), "%") for choice in CHOICES)]
        for dimension, title in titles(data).items()
    ]
    heads = ["Dimensie", *(head for _, head in CHOICES.values())]
    caption = "Deel van de spreiding in scores dat één keuze alleen verklaart"
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        "leefbaarheid-gevoeligheid",
        caption,
        f"Bron: {INDEX_SOURCE}; {number(int(table['n'].max()))} trekkingen uit de keuzes.",
        table[table["option"] == "all"],
    )


def facilities_table(
    data: PageData, indicators: Mapping[str, Indicator], areas: Sequence[str], output_name: str
) -> Table | None:
    """Return mean distances to facilities in 2010, 2015 and 2018, in km; None if the first area has none."""
    rows = data.indicators
    used = rows[rows["indicator"].isin(FACILITIES) & rows["region_id"].isin(areas) & rows["year"].isin(FACILITY_YEARS)]
    if areas[0] not in set(used["region_id"]):
        return None
    keys = [(area, year) for area in areas for year in FACILITY_YEARS]
    wide = used.pivot(index="indicator", columns=["region_id", "year"], values="value")
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(keys)).reindex(
        [key for key in FACILITIES if key in wide.index]
    )
    cells = [[indicators[str(key)].title, *(number(float(one), 2) for one in wide.loc[key])] for key in wide.index]
    heads = [f"{name(data, area)} {year}" for area, year in keys]
    caption = f"Gemiddelde afstand over de weg in kilometer: {listed([name(data, area) for area in areas])}"
    frame = pd.DataFrame(cells, columns=["Voorziening", *heads])
    numbers = used[["region_id", "indicator", "year", "value"]]
    source = source_line(data, FACILITIES, areas, used["year"])
    return Table(html_table(frame, caption), output_name, caption, source, numbers)
