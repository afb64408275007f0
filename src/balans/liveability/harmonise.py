"""Figures of older municipal divisions, brought to the division of the index."""

from __future__ import annotations

import pandas as pd

from balans.errors import DefinitionError
from balans.geography.transfers import transition
from balans.liveability.framework import Framework, IndexIndicator
from balans.paths import Project


def mean_on_division(values: pd.Series, sizes: pd.Series, shares: pd.DataFrame) -> pd.DataFrame:
    """Return ``value`` and ``coverage`` per later municipality.

    The value is the mean over the earlier municipalities that it is made of, weighted by the part of their size that
    went to it; ``coverage`` is the part of that size which has a figure (1 when all have).

    Args:
        values: figure per earlier municipality.
        sizes: what the mean is weighted by (inhabitants, dwellings, km²), per earlier municipality.
        shares: ``from_code, to_code, share``, as ``balans.geography.transfers.transition`` gives it.
    """
    weight = shares["share"] * shares["from_code"].map(sizes)
    weight = weight.fillna(shares["share"] * sizes.mean())
    value = shares["from_code"].map(values)
    known = weight.where(value.notna(), 0.0)
    sums = pd.DataFrame({"top": (value * known).fillna(0.0), "known": known, "all": weight})
    sums = sums.groupby(shares["to_code"]).sum()
    return pd.DataFrame({"value": sums["top"] / sums["known"].where(sums["known"] > 0), "coverage": sums["known"] / sums["all"]})


def indicator_values(wide: pd.DataFrame, framework: Framework, project: Project) -> pd.DataFrame:
    """Return ``gm_code, indicator, year, value, coverage`` on the division of the framework, for every year of a series.

    Every figure is on the division of its own year. A municipality without any figure has no row; nothing is filled in.

    Raises:
        DefinitionError: a topic or year that the figures do not have.
    """
    wanted = [(year, one.split_by, one) for one in framework.indicators for year in one.series]
    tables = []
    for year, split_by in sorted({(year, split_by) for year, split_by, _ in wanted}):
        figures = _municipal(wide, year)
        shares = transition(project, year, framework.division, split_by)
        chosen = [one for known, by, one in wanted if (known, by) == (year, split_by)]
        tables += [_one_year(figures, indicator, year, shares) for indicator in chosen]
    return pd.concat(tables, ignore_index=True).sort_values(["indicator", "year", "gm_code"], ignore_index=True)


def _one_year(figures: pd.DataFrame, indicator: IndexIndicator, year: int, shares: pd.DataFrame) -> pd.DataFrame:
    missing = sorted({indicator.topic, indicator.weight} - set(figures.columns))
    if missing or figures[indicator.topic].notna().sum() == 0:
        what = f"topic {', '.join(missing)}" if missing else f"figure for {year}"
        raise DefinitionError(f"definitions/liveability.yml: {indicator.id}: there is no {what}. See sources.yml.")
    table = mean_on_division(figures[indicator.topic], figures[indicator.weight], shares)
    table = table[table["value"].notna()].rename_axis("gm_code").reset_index()
    return table.assign(indicator=indicator.id, year=year)[["gm_code", "indicator", "year", "value", "coverage"]]


def _municipal(wide: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = wide.xs(year, level="year")
    return rows[rows.index.str.startswith("GM")]


def inhabitants(wide: pd.DataFrame, framework: Framework, project: Project, year: int, topic: str = "inwoners") -> pd.Series:
    """Return the sum of ``topic`` (inhabitants or dwellings) of ``year`` per municipality of the framework's division."""
    shares = transition(project, year, framework.division, "dwellings" if topic == "woningen" else "inhabitants")
    part = shares["share"] * shares["from_code"].map(_municipal(wide, year)[topic])
    return part.groupby(shares["to_code"]).sum(min_count=1).rename(topic)
