"""Figures of chapter 4: the time line, housing, energy and land, and the regions that carry several tasks at once."""

from __future__ import annotations

import pandas as pd

from balans.definitions import load_definition
from balans.economy.tasks import TASKS
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import draw_bars, kind_legend, text_table
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import latest_common_year, name, policy_regions, records, series, source_line, value
from balans.paths import find_project
from balans.regiocheck.words import euros
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES, TOTALS
from balans.words.numbers import NO_VALUE, number, with_unit

FIRST = 2015


URBAN_CLASSES = (
    (2500, "zeer sterk stedelijk"),
    (1500, "sterk stedelijk"),
    (1000, "matig stedelijk"),
    (500, "weinig stedelijk"),
    (0, "niet stedelijk"),
)

LAND_INDICATORS = (
    "omgevingsadressendichtheid",
    "aardgas_per_woning",
    "aandeel_cultuurgrond",
    "runderen_per_km2",
    "varkens_per_km2",
)


def timeline() -> Table:
    """Return what the policy was from year to year, with its source."""
    events = load_definition(find_project().definitions / "policy_timeline.yml")["events"]
    rows = pd.DataFrame(events).sort_values("year", kind="stable")
    cells = [
        [
            str(row["year"]),
            row["what"],
            euros(row["amount_eur"]) if pd.notna(row.get("amount_eur")) else NO_VALUE,
            row["source"],
        ]
        for row in records(rows)
    ]
    return text_table(
        cells,
        ["Jaar", "Wat", "Bedrag", "Bron"],
        "Beleid voor krimpregio's van 2007 tot 2025",
        "tijdlijn-beleid",
        "Bron: in de tabel, per regel.",
        rows,
    )


def regions_count(data: PageData) -> Table:
    """Return the regions by type with their municipalities then and now: why the letter speaks of twenty."""
    rows = policy_regions(data).sort_values(["type", "name"], ascending=[False, True])
    members = data.membership.groupby(["region_id", "year"])["gm_code"].nunique()
    last = int(data.membership["year"].max())
    cells = [
        [
            row["name"],
            row["type"],
            row["province"],
            number(members[(row["region_id"], FIRST)]),
            number(members[(row["region_id"], last)]),
            number(series(data, row["region_id"], "inwoners").iloc[-1]),
        ]
        for row in records(rows)
    ]
    year = series(data, KRIMPREGIOS, "inwoners").index[-1]
    columns = [
        "Regio",
        "Soort",
        "Provincie",
        f"Gemeenten {FIRST}",
        f"Gemeenten (ook voor een deel) {last}",
        f"Inwoners {year}",
    ]
    source = source_line(data, ["inwoners"], rows["region_id"], [year])
    return text_table(
        cells,
        columns,
        "De negen krimpregio's en elf anticipeerregio's",
        "negen-en-elf",
        source,
        rows[["region_id", "name", "type", "province"]],
    )


def _housing_rows(data: PageData) -> tuple[pd.DataFrame, int]:
    regions = policy_regions(data)
    areas = [*regions["region_id"], *TOTALS]
    last = min(latest_common_year(data, areas, key) or FIRST for key in ("woningen", "huishoudens"))
    rows = pd.DataFrame({"region_id": areas, "name": [name(data, area) for area in areas]})
    rows["kind"] = [*regions["type"], "krimp", "anticipeer", "country"]
    for year in (FIRST, last):
        for key in ("woningen", "huishoudens"):
            rows[f"{key}_{year}"] = [value(data, area, key, year) for area in areas]
        rows[f"ratio_{year}"] = 100 * rows[f"woningen_{year}"] / rows[f"huishoudens_{year}"]
        # Dwellings and households of a split municipality are shared out in different ways; their ratio means nothing.
        rows.loc[[_is_estimated(data, area, year) for area in areas], f"ratio_{year}"] = float("nan")
    rows["more_dwellings"] = rows[f"woningen_{last}"] - rows[f"woningen_{FIRST}"]
    rows["more_households"] = rows[f"huishoudens_{last}"] - rows[f"huishoudens_{FIRST}"]
    rows["tightening"] = rows["more_households"] - rows["more_dwellings"]
    return rows, last


def _is_estimated(data: PageData, area: str, year: int) -> bool:
    rows = data.indicators
    own = rows[(rows["region_id"] == area) & (rows["indicator"] == "huishoudens") & (rows["year"] == year)]
    return bool((own["status"] == "estimated").any())


def housing_chart(data: PageData) -> Chart:
    """Return dwellings per 100 households in the latest year, per region and the Netherlands."""
    rows, last = _housing_rows(data)
    everything = rows[~rows["region_id"].isin([KRIMPREGIOS, ANTICIPEERREGIOS])]
    rows = everything.dropna(subset=[f"ratio_{last}"]).sort_values(f"ratio_{last}", ignore_index=True)
    figure, (axes,) = style.new_figure(6.4)
    above = rows[f"ratio_{last}"] - 100
    draw_bars(axes, rows["name"], above, rows["kind"], [number(v, 1, signed=True) for v in above])
    style.dutch_axis(axes, "x")
    axes.set_xlabel(f"Woningen meer (of minder) dan huishoudens, per 100 huishoudens, {last}")
    kind_legend(axes, ["krimp", "anticipeer", "country"])
    country = rows.loc[rows["kind"] == "country", f"ratio_{last}"].iloc[0]
    krimp = rows[rows["kind"] == "krimp"]
    more = krimp[krimp[f"ratio_{last}"] > country]
    finding = (
        f"In {len(more)} van de {len(krimp)} krimpregio's zijn er meer woningen per huishouden dan landelijk "
        f"({number(country, 1)} per 100)"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {number(row[f'ratio_{last}'], 1)}" for row in records(rows))
    source = source_line(data, ["woningen", "huishoudens"], rows["region_id"], [FIRST, last])
    omitted = [row["name"] for row in records(everything) if row["region_id"] not in set(rows["region_id"])]
    if omitted:
        source += f" Weggelaten, omdat er een gemeente over de grens van de regio ligt: {', '.join(omitted)}."
    return Chart(
        figure,
        "woningen-per-huishouden",
        f"Staafdiagram. {finding}. Woningen per 100 huishoudens: {listed}.",
        source,
        rows,
    )


def housing_table(data: PageData) -> Table:
    """Return stock against households then and now, what was added, and dwellings that nobody lives in."""
    rows, last = _housing_rows(data)
    empty_year = latest_common_year(data, rows["region_id"], "niet_bewoond") or last
    cells = []
    for row in records(rows):
        empty = [value(data, row["region_id"], "niet_bewoond", year) for year in (FIRST, empty_year)]
        cells.append(
            [
                row["name"],
                number(row[f"ratio_{FIRST}"], 1),
                number(row[f"ratio_{last}"], 1),
                number(row["more_dwellings"], signed=True),
                number(row["more_households"], signed=True),
                with_unit(empty[0], "%", 1),
                with_unit(empty[1], "%", 1),
            ]
        )
    columns = [
        "Regio",
        f"Woningen per 100 huishoudens {FIRST}",
        f"{last}",
        f"Woningen erbij {FIRST}–{last}",
        "Huishoudens erbij",
        f"Niet bewoond {FIRST}",
        f"Niet bewoond {empty_year}",
    ]
    source = source_line(data, ["woningen", "huishoudens", "niet_bewoond"], rows["region_id"], [FIRST, last])
    return text_table(cells, columns, "Woningvoorraad tegenover huishoudens", "woningvoorraad", source, rows)


def density_chart(data: PageData) -> Chart:
    """Return the density of addresses of the regions, with the classes of CBS."""
    regions = policy_regions(data)
    areas = [*regions["region_id"], NEDERLAND]
    year = latest_common_year(data, areas, "omgevingsadressendichtheid") or FIRST
    rows = pd.DataFrame(
        {"region_id": areas, "name": [name(data, area) for area in areas], "kind": [*regions["type"], "country"]}
    )
    rows["value"] = [value(data, area, "omgevingsadressendichtheid", year) for area in areas]
    rows = rows.sort_values("value", ignore_index=True)
    figure, (axes,) = style.new_figure(6.4)
    draw_bars(axes, rows["name"], rows["value"], rows["kind"], [number(v) for v in rows["value"]])
    for bound in (500, 1000, 1500):
        axes.axvline(bound, color="#999999", linewidth=0.9, linestyle="--")
    style.dutch_axis(axes, "x")
    axes.set_xlabel("Adressen per km²; stippellijnen: grenzen van CBS (500, 1.000 en 1.500)")
    kind_legend(axes, ["krimp", "anticipeer", "country"])
    below = rows[(rows["kind"] != "country") & (rows["value"] < 1000)]
    finding = (
        f"In {len(below)} van de {len(regions)} regio's staan gemiddeld minder dan 1.000 adressen per km² "
        "om een woning heen"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {number(row['value'])}" for row in records(rows))
    source = source_line(data, ["omgevingsadressendichtheid"], areas, [year])
    return Chart(figure, "adressendichtheid", f"Staafdiagram. {finding}. {listed}.", source, rows)


def land_table(data: PageData) -> Table:
    """Return per region what energy, climate and farming ask: density, gas per dwelling, farmed land, cattle, pigs."""
    chosen = LAND_INDICATORS
    regions = policy_regions(data)
    areas = [*regions["region_id"], *TOTALS]
    years = {key: latest_common_year(data, areas, key) or FIRST for key in chosen}
    cells = []
    for area in areas:
        density = value(data, area, chosen[0], years[chosen[0]])
        label = next(text for bound, text in URBAN_CLASSES if density >= bound)
        others = [value(data, area, key, years[key]) for key in chosen[1:]]
        cells.append(
            [
                name(data, area),
                f"{number(density)} ({label})",
                number(others[0]),
                with_unit(others[1], "%"),
                number(others[2]),
                number(others[3]),
            ]
        )
    columns = [
        "Regio",
        f"Adressen per km² ({years[chosen[0]]})",
        f"Aardgas per woning, m³ ({years[chosen[1]]})",
        f"Cultuurgrond ({years[chosen[2]]})",
        "Runderen per km² land",
        "Varkens per km² land",
    ]
    rows = pd.DataFrame(
        [(area, key, years[key], value(data, area, key, years[key])) for area in areas for key in chosen],
        columns=["region_id", "indicator", "year", "value"],
    )
    source = source_line(data, chosen, areas, set(years.values()))
    return text_table(cells, columns, "Energie, klimaat en landbouw per regio", "energie-en-land", source, rows)


def tasks_table(data: PageData) -> Table:
    """Return which region carries which task, and how many at once."""
    rows = data.table("tasks")
    grid = rows.pivot(index="region_id", columns="task", values="carried")
    regions = policy_regions(data).sort_values(["type", "name"], ascending=[False, True])
    years = rows.drop_duplicates("task").set_index("task")["year"]
    ordered = sorted(records(regions), key=lambda row: -int(grid.loc[row["region_id"]].sum()))
    cells = [
        [
            row["name"],
            row["type"],
            *("● ja" if grid.loc[row["region_id"], task.id] else "○ nee" for task in TASKS),
            str(int(grid.loc[row["region_id"]].sum())),
        ]
        for row in ordered
    ]
    columns = ["Regio", "Soort", *(f"{task.title} ({years[task.id]})" for task in TASKS), "Samen"]
    caption = "Welke regio heeft welke opgave (ja: meer dan landelijk)"
    source = source_line(data, [task.indicator for task in TASKS], regions["region_id"], set(years))
    return text_table(cells, columns, caption, "opgaven-per-regio", source, rows)


def tasks_chart(data: PageData) -> Chart:
    """Return how many tasks each region carries at once."""
    rows = data.table("tasks")
    counts = rows.groupby("region_id")["carried"].sum()
    regions = policy_regions(data).assign(count=lambda table: table["region_id"].map(counts).astype(int))
    regions = regions.sort_values(["count", "name"], ascending=[True, False], ignore_index=True)
    figure, (axes,) = style.new_figure(5.8)
    draw_bars(axes, regions["name"], regions["count"], regions["type"], [str(count) for count in regions["count"]])
    style.dutch_axis(axes, "x")
    axes.set_xlabel(f"Aantal van de {len(TASKS)} opgaven waarin de regio boven het landelijke niveau zit")
    kind_legend(axes, POLICY_TYPES)
    most = regions[regions["count"] == len(TASKS)]
    finding = (
        f"{len(most)} van de {len(regions)} regio's hebben alle {len(TASKS)} opgaven tegelijk; geen regio "
        f"heeft er minder dan {regions['count'].min()}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {row['count']}" for row in records(regions))
    years = set(rows["year"])
    source = source_line(data, [task.indicator for task in TASKS], regions["region_id"], years)
    return Chart(
        figure,
        "opgaven-tegelijk",
        f"Staafdiagram. {finding}. {listed}.",
        source,
        regions[["region_id", "name", "type", "count"]],
    )
