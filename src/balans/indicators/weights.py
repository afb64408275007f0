"""Weights for years in which they were not published: those of the nearest year, carried to the division of the year.

Only ever used to weigh a mean over municipalities, never published as a figure. The mean WOZ value of a region in 2012,
for instance, is weighted by the dwellings of 2010, with the municipalities of 2012.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from balans.geography.divisions import FIRST_YEAR, LAST_YEAR, division
from balans.geography.transfers import transition_matrix
from balans.indicators.catalogue import Indicator
from balans.paths import Project

SUFFIX = "_nearest_year"


def with_nearest_weight(indicator: Indicator) -> Indicator:
    """Return the indicator with its weight filled from the nearest year, or itself if that is not for it."""
    if indicator.weight is None:
        return indicator
    if indicator.division is None:
        return replace(indicator, weight=indicator.weight + SUFFIX)
    if indicator.weight_year == "own":
        return replace(indicator, weight=_on_division(indicator.weight, indicator.division))
    return indicator


def _on_division(topic: str, year: int) -> str:
    return f"{topic}_on_{year}"


def add_nearest_weights(project: Project, wide: pd.DataFrame, topics: set[str]) -> pd.DataFrame:
    """Return ``wide`` (region, year × topics) with a column ``TOPIC_nearest_year`` for every topic.

    Where a division lacks any of its municipalities in a year, all of that year comes from the nearest year that has
    every municipality (the earlier one of two), shared out by inhabitants. Other areas than municipalities keep theirs.
    """
    filled = {f"{topic}{SUFFIX}": _filled(project, wide[topic]) for topic in sorted(topics)}
    extra = pd.DataFrame(filled)
    return pd.concat([wide.reindex(wide.index.union(extra.index)), extra], axis=1)


def add_division_weights(project: Project, wide: pd.DataFrame, wanted: set[tuple[str, int]]) -> pd.DataFrame:
    """Return ``wide`` with each topic's weights of every year on one division, in a column ``TOPIC_on_YEAR``.

    For sources that publish all years on one division while the people behind them change: a year's weights are those
    of the year itself (or the nearest that is complete), moved to the municipalities of the division by inhabitants.

    Args:
        project: for the divisions.
        wide: region, year × topics.
        wanted: topic and the year of the division.
    """
    moved = {_on_division(topic, year): _moved(project, wide[topic], year) for topic, year in sorted(wanted)}
    extra = pd.DataFrame(moved)
    return pd.concat([wide.reindex(wide.index.union(extra.index)), extra], axis=1)


def _moved(project: Project, column: pd.Series, division_year: int) -> pd.Series:
    filled = _filled(project, column)
    parts = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        matrix, rows, columns = transition_matrix(project, year, division_year)
        values = filled.xs(year, level="year").reindex(rows).to_numpy(dtype=float) @ matrix
        parts.append(_keyed(pd.Series(np.asarray(values), index=columns), year))
    moved: pd.Series = pd.concat(parts)
    return moved


def _filled(project: Project, column: pd.Series) -> pd.Series:
    by_year = {year: _municipal(project, column, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    complete = [year for year, values in by_year.items() if values.notna().all()]
    parts = [column[~column.index.get_level_values("year").isin(by_year)]]
    for year, values in by_year.items():
        parts.append(_keyed(values if year in complete else _carried(project, by_year, complete, year), year))
    other = column[~column.index.get_level_values("region").str.startswith("GM")]
    parts.append(other[other.index.get_level_values("year").isin(by_year)])
    filled: pd.Series = pd.concat([part for part in parts if not part.empty])
    return filled


def _municipal(project: Project, column: pd.Series, year: int) -> pd.Series:
    codes = division(project, year)["gm_code"]
    index = pd.MultiIndex.from_product([codes, [year]], names=["region", "year"])
    return pd.Series(column.reindex(index).to_numpy(), index=pd.Index(codes))


def _carried(project: Project, by_year: dict[int, pd.Series], complete: list[int], year: int) -> pd.Series:
    if not complete:
        return by_year[year]
    nearest = min(complete, key=lambda known: (abs(known - year), known))
    matrix, rows, columns = transition_matrix(project, nearest, year)
    carried = by_year[nearest].reindex(rows).to_numpy(dtype=float) @ matrix
    return pd.Series(np.asarray(carried), index=columns)


def _keyed(values: pd.Series, year: int) -> pd.Series:
    index = pd.MultiIndex.from_product([values.index, [year]], names=["region", "year"])
    return pd.Series(values.to_numpy(), index=index)
