"""The maps of the page on liveability: official scores, our index, its change, projections and residuals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from balans.pages.data import PageData
from balans.pages.h1.leefbaarheid.map_drawing import Legend, level_legend, one_map, two_maps
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    base_year,
    municipal,
    present_year,
    rows_of,
    scores,
    shown_score,
    slug,
    titles,
)
from balans.pages.parts.output import Chart
from balans.pages.parts.select import name
from balans.words.numbers import number

BOUNDARIES = "gemeentegrenzen: CBS/Kadaster, gegeneraliseerd"


def official_map(data: PageData, dimension: str) -> Chart:
    """Return the official scores per municipality."""
    values = municipal(scores(data, "official", dimension))
    year, title = present_year(data), titles(data)[dimension]
    low, high = name(data, str(values.idxmin())), name(data, str(values.idxmax()))
    finding = (
        f"{title}, officieel ({year}): van {shown_score(values.min())} in {low} "
        f"tot {shown_score(values.max())} in {high}"
    )
    legend = level_legend(data, dimension)
    alt = f"Kaart van Nederland per gemeente. {finding}. {_counted(legend, values)}"
    return Chart(
        one_map(data, values, legend, finding, "Officiële score"),
        f"leefbaarheid-officieel-{slug(dimension)}",
        alt,
        f"Bron: {OFFICIAL_SOURCE}, {year}; {BOUNDARIES}.",
        _table({"officieel": values}),
    )


def index_maps(data: PageData, dimension: str) -> Chart:
    """Return our index in the base year and now, side by side, in the classes of the official map."""
    first, now = base_year(data), present_year(data)
    before, after = (municipal(scores(data, "index", dimension, year)) for year in (first, now))
    rose = int((after > before).sum())
    finding = (
        f"{titles(data)[dimension]} in onze index: tussen {first} en nu steeg de score in {rose} "
        f"van de {len(after)} gemeenten"
    )
    legend = level_legend(data, dimension)
    panels = [(f"Onze index, {first}", before, legend), ("Onze index, nu (laatste cijfers)", after, legend)]
    alt = f"Twee kaarten van Nederland per gemeente. {finding}. Nu: {_counted(legend, after)}"
    return Chart(
        two_maps(data, panels, finding),
        f"leefbaarheid-index-{slug(dimension)}",
        alt,
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans; {BOUNDARIES}.",
        _table({f"index_{first}": before, "index_nu": after}),
    )


def change_map(data: PageData, dimension: str) -> Chart:
    """Return the difference of our index between the base year and now."""
    first = base_year(data)
    change = municipal(scores(data, "index", dimension)) - municipal(scores(data, "index", dimension, first))
    low, high = (name(data, str(code)) for code in (change.idxmin(), change.idxmax()))
    finding = (
        f"{titles(data)[dimension]}, verschil {first}–nu in onze index: het meest erbij in {high} "
        f"({shown_score(change.max(), signed=True)}), het meest eraf in {low} "
        f"({shown_score(change.min(), signed=True)})"
    )
    legend = Legend.around(change)
    return Chart(
        one_map(data, change, legend, finding, "Verschil in score"),
        f"leefbaarheid-verschil-{slug(dimension)}",
        f"Kaart van Nederland per gemeente. {finding}. {_counted(legend, change)}",
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans; {BOUNDARIES}.",
        _table({"verschil": change}),
    )


def projection_maps(data: PageData, dimension: str, year: int) -> Chart:
    """Return the projected index in the classes of the official map, beside its difference with now."""
    rows = rows_of(data, "projection", dimension, year)
    ahead, change = municipal(rows["score"]), municipal(rows["change"])
    moved = number(100 * float(rows["moved"].iloc[0]), 0)
    finding = (
        f"{titles(data)[dimension]} in {year}: {moved}% van het gewicht heeft een projectie; "
        f"de score beweegt tussen {shown_score(change.min(), signed=True)} en {shown_score(change.max(), signed=True)}"
    )
    panels = [
        (f"Onze index, {year} (projectie)", ahead, level_legend(data, dimension)),
        (f"Verschil nu–{year}", change, Legend.around(change)),
    ]
    alt = f"Twee kaarten van Nederland per gemeente. {finding}. Verschil: {_counted(Legend.around(change), change)}"
    return Chart(
        two_maps(data, panels, finding),
        f"leefbaarheid-projectie-{slug(dimension)}-{year}",
        alt,
        f"Bron: {INDEX_SOURCE}; index en projecties van Nederland in balans; {BOUNDARIES}.",
        _table({"projectie": ahead, "verschil": change}),
    )


def residual_map(data: PageData, dimension: str) -> Chart:
    """Return how far the index, made without the municipality's own province, is off the official score."""
    rows = data.table("liveability_residuals")
    gap = municipal(rows[rows["dimension"] == dimension].set_index("region_id")["residual"].sort_index())
    near = number(float(np.quantile(gap.abs(), 0.8)), 3)
    low, high = (name(data, str(code)) for code in (gap.idxmin(), gap.idxmax()))
    finding = (
        f"{titles(data)[dimension]}: vier op de vijf gemeenten zitten binnen {near} van de officiële score; "
        f"het verst te hoog is {high} ({shown_score(gap.max(), signed=True)}), "
        f"het verst te laag {low} ({shown_score(gap.min(), signed=True)})"
    )
    legend = level_legend(data, dimension)
    return Chart(
        one_map(data, gap, legend, finding, "Index min officieel\n(blauw: index te hoog)"),
        f"leefbaarheid-afwijking-{slug(dimension)}",
        f"Kaart van Nederland per gemeente: index min officiële score. {finding}. {_counted(legend, gap)}",
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; eigen index buiten de steekproef; {BOUNDARIES}.",
        _table({"afwijking": gap}),
    )


def _counted(legend: Legend, values: pd.Series) -> str:
    counts = legend.classes(values).value_counts()
    parts = [f"{label}: {int(counts.get(float(i), 0))}" for i, label in enumerate(legend.labels())]
    return f"Gemeenten per klasse: {'; '.join(parts)}."


def _table(columns: dict[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame(columns).rename_axis("gm_code").reset_index()
