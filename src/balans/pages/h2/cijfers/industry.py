"""Which industry belongs to a region: location quotients and shift-share."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import interval_text, text_table
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import name, records
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, POLICY_TYPES
from balans.words.lists import listed as enumerated
from balans.words.numbers import NO_VALUE, number, with_unit

SECTOR_NAMES = {
    "landbouw": "landbouw",
    "nijverheid": "nijverheid en energie",
    "landbouw_nijverheid": "landbouw, nijverheid en energie",
    "commerciele_diensten": "commerciële diensten",
    "niet_commerciele_diensten": "niet-commerciële diensten",
    "handel_horeca": "handel en horeca",
    "vervoer_informatie": "vervoer en informatie",
    "financieel_vastgoed": "financieel en vastgoed",
    "zakelijke_diensten": "zakelijke diensten",
    "cultuur_overig": "cultuur en overig",
}

JOBS = ("landbouw_nijverheid", "commerciele_diensten", "niet_commerciele_diensten")

STANDS_OUT = 1.25

JOBS_SOURCE = "Bron: CBS (70072ned), bewerking Nederland in balans. Peiljaar {}."

FIRMS_SOURCE = "Bron: CBS (Kerncijfers wijken en buurten), bewerking Nederland in balans. Peiljaar {}."


def _regions(data: PageData, kind: str) -> list[str]:
    rows = data.regions[data.regions["type"] == kind].sort_values("name")
    return [*rows["region_id"]]


def job_quotients(data: PageData) -> Chart:
    """Return the share of jobs that are in farming, industry and energy, against the Netherlands, with its interval."""
    rows = data.table("location_quotients")
    rows = rows[(rows["measure"] == "banen") & (rows["sector"] == "landbouw_nijverheid")]
    year = int(rows["year"].max())
    rows = rows[rows["year"] == year]
    kinds = data.regions.set_index("region_id")["type"]
    rows = rows[rows["region_id"].map(kinds).isin(POLICY_TYPES)].assign(kind=rows["region_id"].map(kinds))
    rows = rows.assign(name=[name(data, area) for area in rows["region_id"]]).sort_values("value", ignore_index=True)
    figure, (axes,) = style.new_figure(6.0)
    for position, row in enumerate(records(rows)):
        colour = style.REGION if row["kind"] == "krimp" else style.ANTICIPEER
        axes.plot([row["lower"], row["upper"]], [position, position], color=colour, linewidth=3, alpha=0.45)
        axes.plot(row["value"], position, "o", color=colour, markersize=6)
    axes.set_yticks(range(len(rows)), rows["name"])
    axes.axvline(1, color=style.NETHERLANDS, linewidth=1.5)
    axes.annotate("Nederland", (1, len(rows) - 0.4), ha="center", fontsize=9, annotation_clip=False)
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", decimals=1)
    axes.set_xlabel("Aandeel in de banen, gedeeld door het landelijke (oranje: krimp, blauw: anticipeer)")
    above = rows[(rows["kind"] == "krimp") & (rows["lower"] > 1)]
    finding = (
        f"In {len(above)} van de {int((rows['kind'] == 'krimp').sum())} krimpregio's werken meer mensen dan "
        "gemiddeld in "
        f"landbouw, nijverheid en energie; het meest in {rows[rows['kind'] == 'krimp'].iloc[-1]['name']}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(
        f"{row['name']} {interval_text(row['value'], row['lower'], row['upper'])}" for row in records(rows)
    )
    alt = f"Puntdiagram met intervallen. {finding}. {listed}."
    return Chart(figure, "locatiequotient-banen", alt, JOBS_SOURCE.format(year), rows)


def firm_quotients(data: PageData) -> Chart:
    """Return a grid of location quotients of establishments: nine krimp regions and the total, seven sectors."""
    rows = data.table("location_quotients")
    rows = rows[rows["measure"] == "vestigingen"]
    year = int(rows["year"].max())
    areas = [*_regions(data, "krimp"), KRIMPREGIOS]
    rows = rows[(rows["year"] == year) & rows["region_id"].isin(areas)]
    grid = rows.pivot(index="region_id", columns="sector", values="value").loc[areas]
    grid = grid[[*grid.T[KRIMPREGIOS].sort_values(ascending=False).index]]
    certain = (rows.pivot(index="region_id", columns="sector", values="lower").reindex_like(grid) > 1) | (
        rows.pivot(index="region_id", columns="sector", values="upper").reindex_like(grid) < 1
    )
    figure, (axes,) = style.new_figure(5.0)
    _draw_grid(axes, grid, certain, [name(data, area) for area in areas])
    cells = rows[rows["region_id"] != KRIMPREGIOS]
    top = records(cells[cells["value"] == cells["value"].max()])[0]
    finding = (
        f"Vestigingen van bedrijven: {SECTOR_NAMES[top['sector']]} is in {name(data, top['region_id'])} "
        f"{number(top['value'], 1)} keer zo sterk als landelijk"
    )
    style.set_finding(figure, finding)
    total = "; ".join(f"{SECTOR_NAMES[str(s)]} {number(v, 2)}" for s, v in grid.T[KRIMPREGIOS].items())
    alt = (
        f"Rooster van regio's en bedrijfstakken in {year}; 1 is het landelijke aandeel, vet: buiten het toeval. "
        f"{finding}. Krimpregio's samen: {total}."
    )
    return Chart(figure, "locatiequotient-vestigingen", alt, FIRMS_SOURCE.format(year), rows)


def _draw_grid(axes: Axes, grid: pd.DataFrame, certain: pd.DataFrame, names: list[str]) -> None:
    """Draw quotients as coloured cells on a scale of doubling and halving; bold where chance does not explain it."""
    axes.imshow(np.log2(grid.to_numpy()), cmap="RdBu_r", vmin=-1.6, vmax=1.6, aspect="auto")
    for (row, column), value in np.ndenumerate(grid.to_numpy()):
        weight = "bold" if certain.iloc[row, column] else "normal"
        dark = abs(np.log2(value)) > 1.1
        axes.text(
            column,
            row,
            number(value, 2),
            ha="center",
            va="center",
            fontsize=9,
            fontweight=weight,
            color="white" if dark else "black",
        )
    axes.set_xticks(
        range(len(grid.columns)),
        ["\n".join(textwrap.wrap(SECTOR_NAMES[sector], 11)) for sector in grid.columns],
        fontsize=8.5,
    )
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(names)), names)
    axes.grid(visible=False)
    axes.tick_params(length=0)


def stands_out(data: PageData) -> Table:
    """Return per region the sectors in which it has at least a quarter more than the country, beyond chance."""
    rows = data.table("location_quotients")
    latest = rows[rows["year"] == rows.groupby("measure")["year"].transform("max")]
    years = latest.groupby("measure")["year"].max()
    latest = latest[(latest["lower"] > 1) & (latest["value"] >= STANDS_OUT)]
    cells = []
    for area in [*_regions(data, "krimp"), *_regions(data, "anticipeer")]:
        own = latest[latest["region_id"] == area]
        texts = []
        for measure in ("banen", "vestigingen"):
            part = own[own["measure"] == measure].sort_values("value", ascending=False)
            names = [
                f"{SECTOR_NAMES[row['sector']]} {interval_text(row['value'], row['lower'], row['upper'], 1)}"
                for row in records(part)
            ]
            texts.append("; ".join(names) or NO_VALUE)
        cells.append([name(data, area), *texts])
    columns = ["Regio", *(f"{measure.title()} ({years[measure]})" for measure in ("banen", "vestigingen"))]
    caption = (
        "Waarin elke regio opvalt: minstens een kwart meer dan landelijk, en meer dan toeval en afronding verklaren"
    )
    return text_table(
        cells,
        columns,
        caption,
        "bedrijfstakken-die-opvallen",
        FIRMS_SOURCE.format(enumerated(sorted(set(years)))),
        latest,
    )


def shift_share_table(data: PageData) -> Table:
    """Return the change of establishments per region, taken apart into country, mix and region."""
    rows = data.table("shift_share").set_index("region_id")
    areas = [*_regions(data, "krimp"), KRIMPREGIOS, *_regions(data, "anticipeer"), ANTICIPEERREGIOS]
    rows = rows.loc[areas].reset_index()
    parts = ["change", "national", "mix", "regional"]
    cells = [
        [
            name(data, row["region_id"]),
            number(row["count"]),
            *(with_unit(100 * row[part] / row["count"], "%", 1, signed=True) for part in parts),
        ]
        for row in records(rows)
    ]
    first, last = (int(rows[column].iloc[0]) for column in ("first_year", "last_year"))
    columns = ["Regio", f"Vestigingen {first}", "Verandering", "Landelijk", "Bedrijfstakken", "Regio zelf"]
    caption = f"Verandering van het aantal vestigingen {first}–{last}, uiteengelegd"
    return text_table(cells, columns, caption, "shift-share", FIRMS_SOURCE.format(f"{first} en {last}"), rows)
