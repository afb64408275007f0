"""Figures of older municipal divisions, brought to the division of the index (by ``balans.geography.harmonise``)."""

from __future__ import annotations

import pandas as pd

from balans.errors import DefinitionError
from balans.geography.divisions import division
from balans.geography.harmonise import Method, harmonise
from balans.geography.transfers import Weight, transition
from balans.liveability.framework import Framework, IndexIndicator
from balans.paths import Project

COLUMNS = ["gm_code", "indicator", "year", "value", "status"]


def indicator_values(wide: pd.DataFrame, framework: Framework, project: Project) -> pd.DataFrame:
    """Return ``gm_code, indicator, year, value, status`` on the division of the framework, for every year of a series.

    Every figure is on the division of its own year and carried over as a mean over its ``weight``. ``status`` is
    that of ``balans.geography.harmonise``; a municipality without a figure has no row, nothing is filled in.

    Args:
        wide: one row per (region, year), one column per topic.
        framework: which indicators and years.
        project: where the divisions and transfers are.

    Raises:
        DefinitionError: a topic or year that the figures do not have.
    """
    years = sorted({year for indicator in framework.indicators for year in indicator.series})
    tables = [_one_year(wide, year, framework, project) for year in years]
    table = pd.concat(tables, ignore_index=True)
    return table[table["value"].notna()].sort_values(["indicator", "year", "gm_code"], ignore_index=True)[COLUMNS]


def _one_year(wide: pd.DataFrame, year: int, framework: Framework, project: Project) -> pd.DataFrame:
    chosen = [indicator for indicator in framework.indicators if year in indicator.series]
    figures = on_own_division(_municipal(wide, year), project, year)
    for indicator in chosen:
        _check(figures, indicator, year)
    methods = {one.topic: Method("mean", one.split_by, over=one.weight) for one in chosen}
    names = {one.topic: one.id for one in chosen}
    topics = sorted({*methods, *(one.weight for one in chosen)})
    done = harmonise(project, _long(figures[topics], year), framework.division, methods)
    return done.assign(indicator=done["indicator"].map(names))


def _check(figures: pd.DataFrame, indicator: IndexIndicator, year: int) -> None:
    missing = [
        topic for topic in (indicator.topic, indicator.weight) if topic not in figures or figures[topic].isna().all()
    ]
    if missing:
        raise DefinitionError(
            f"definitions/liveability.yml: {indicator.id}: there are no figures of {', '.join(missing)} for {year}. "
            "Take the year out of its series, or add the topic to definitions/sources.yml."
        )


def _municipal(wide: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = wide[wide.index.get_level_values("year") == year].droplevel("year")
    return rows[rows.index.str.startswith("GM")]


def on_own_division(figures: pd.DataFrame, project: Project, year: int) -> pd.DataFrame:
    """Return figures under the codes of 1 January of ``year``, one row per municipality, one column per topic.

    A table that appeared later may already have the new code of a municipality that was renumbered in the course of the
    year (De Fryske Marren: GM1921 became GM1940 on 1 July 2015); it gets the code of 1 January back.
    """
    later = figures.index.difference(pd.Index(division(project, year)["gm_code"]))
    if later.empty:
        return figures
    origin = transition(project, year + 1, year)
    whole = origin[origin["from_code"].isin(later) & (origin["share"] == 1.0)]
    names = dict(zip(whole["from_code"], whole["to_code"], strict=True))
    return figures.rename(index=names).groupby(level=0).first()


def _long(figures: pd.DataFrame, year: int) -> pd.DataFrame:
    long = figures.rename_axis("gm_code").reset_index().melt("gm_code", var_name="indicator", value_name="value")
    return long[long["value"].notna()].assign(year=year)


def size_of_municipalities(
    wide: pd.DataFrame, framework: Framework, project: Project, topic: str = "inwoners"
) -> pd.Series:
    """Return inhabitants (or ``woningen``) of the present year per municipality of the framework's division.

    Raises:
        DefinitionError: a municipality without it.
    """
    year = framework.present_year
    by: Weight = "dwellings" if topic == "woningen" else "inhabitants"
    figures = _long(_municipal(wide, year)[[topic]], year)
    done = harmonise(project, figures, framework.division, {topic: Method("sum", by)})
    sizes = done.set_index("gm_code")["value"].rename(topic).sort_index()
    if sizes.isna().any():
        raise DefinitionError(f"No {topic} for {year} of {', '.join(sizes.index[sizes.isna()])}.")
    return sizes
