"""The index through the years."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import MaxNLocator

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    TOTAL,
    base_year,
    figure,
    present_year,
    rows_of,
    shown_score,
    slug,
    titles,
)
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND
from balans.words.lists import listed
from balans.words.numbers import with_unit

LINES = {KRIMPREGIOS: style.REGION, ANTICIPEERREGIOS: style.ANTICIPEER, NEDERLAND: style.NETHERLANDS}


def history(data: PageData, dimension: str) -> Chart:
    """Return our index over the years for the totals; open marks where nothing is measured in that year."""
    table = data.table("liveability")
    table = table[(table["kind"] == "index") & (table["dimension"] == dimension) & table["region_id"].isin(LINES)]
    drawing, (axes,) = style.new_figure(4.4)
    labels = []
    for area, colour in LINES.items():
        line = table[table["region_id"] == area].sort_values("year")
        axes.plot(line["year"], line["score"], color=colour)
        held = line["status"].isin(["held", "latest"])
        axes.plot(line.loc[~held, "year"], line.loc[~held, "score"], "o", color=colour, markersize=6)
        axes.plot(
            line.loc[held, "year"], line.loc[held, "score"], "o", color=colour, markerfacecolor="white", markersize=6
        )
        labels.append((float(line["year"].iloc[-1]), float(line["score"].iloc[-1]), name(data, area), colour))
    spread = float(table["score"].max() - table["score"].min())
    style.label_line_ends(axes, labels, max(spread, 0.002) * 0.07)
    style.set_unit(axes, "Score; open punt: rust vooral op cijfers van een ander jaar")
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    style.dutch_axis(axes, decimals=3)
    style.year_axis(axes)
    finding = _history_finding(data, dimension, table)
    style.set_finding(drawing, finding)
    return Chart(
        drawing,
        f"leefbaarheid-door-de-tijd-{slug(dimension)}",
        f"Lijngrafiek van onze index. {finding}. {_statuses(data, dimension)}",
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans.",
        table[["region_id", "dimension", "year", "score", "measured", "status", "held_at"]],
    )


def _history_finding(data: PageData, dimension: str, table: pd.DataFrame) -> str:
    first, now = base_year(data), present_year(data)
    wide = table.pivot(index="year", columns="region_id", values="score")
    change = wide.loc[now].to_numpy(dtype=float) - wide.loc[first].to_numpy(dtype=float)
    moves = dict(zip(map(str, wide.columns), map(float, change), strict=True))
    return (
        f"{titles(data)[dimension]}, onze index {first}–nu: krimpregio's "
        f"{shown_score(moves[KRIMPREGIOS], signed=True)}, Nederland {shown_score(moves[NEDERLAND], signed=True)}"
    )


def _statuses(data: PageData, dimension: str) -> str:
    words = {"held": "staat stil", "latest": "laatste cijfers", "partly": "deels gemeten", "measured": "gemeten"}
    rows = data.table("liveability")
    rows = rows[(rows["kind"] == "index") & (rows["dimension"] == dimension) & (rows["region_id"] == NEDERLAND)]
    parts = [f"{year}: {words[str(status)]}" for year, status in zip(rows["year"], rows["status"], strict=True)]
    return f"{'; '.join(parts)}."


def held_note(data: PageData) -> Prose:
    """Return per published year which dimensions stand still and which part of the present is measured."""
    table = data.table("liveability")
    rows = table[(table["kind"] == "index") & (table["region_id"] == NEDERLAND) & (table["dimension"] != TOTAL)]
    still = rows[rows["status"] == "held"]
    by_year = [
        f"in {year} {listed([titles(data)[key].lower() for key in part['dimension']])}"
        for year, part in still.groupby("year")
    ]
    now = figure(rows_of(data, "index", TOTAL), NEDERLAND, "measured")
    return Prose(
        "Een dimensie waarvan in een jaar minder dan een kwart van het gewicht is gemeten, staat stil op het "
        f"dichtstbijzijnde jaar: {'; '.join(by_year) or 'dat komt niet voor'}. “Nu” betekent de laatste cijfers van "
        f"elke indicator: maar {with_unit(100 * now, '%')} van het gewicht van het totaal is echt van "
        f"{present_year(data)}. Van de voorzieningen is het laatste cijfer van 2018; alles wat daarna is veranderd, "
        "ziet de index nog niet."
    )
