"""Build ``data/processed``: regions, membership, indicators and the differences between sources."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from balans.geography.areas import Areas
from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import Indicator
from balans.sources.figures import Figures

SUMMED = ("sum", "ratio", "mean")
INDICATOR_COLUMNS = [
    "region_id",
    "indicator",
    "year",
    "value",
    "unit",
    "numerator",
    "denominator",
    "coverage",
    "status",
    "source",
]


def build_indicators(figures: Figures, areas: Areas, indicators: dict[str, Indicator]) -> pd.DataFrame:
    """Return the table ``indicators`` for every area, indicator and year that the figures allow.

    A row that the source publishes for the area itself (the Netherlands, a province, a COROP area, a municipality)
    goes before the sum of its municipalities.
    """
    made_here = [indicator for indicator in indicators.values() if indicator.kind in SUMMED]
    tables = [_one_indicator(figures, areas, indicator) for indicator in made_here]
    table = pd.concat([table for table in tables if not table.empty], ignore_index=True)
    return table.sort_values(["region_id", "indicator", "year"], ignore_index=True)[INDICATOR_COLUMNS]


def _one_indicator(figures: Figures, areas: Areas, indicator: Indicator) -> pd.DataFrame:
    own = aggregate(figures.wide, areas.own_rows(figures.wide.index), _without_division(indicator))
    summed = aggregate(figures.wide, areas.membership, indicator)
    table = pd.concat([own, summed]).drop_duplicates(["region_id", "year"], keep="first")
    origin = _origin(figures, indicator)
    table = table.merge(origin, on="year", how="left")
    return table.assign(indicator=indicator.id, unit=indicator.unit)


def _without_division(indicator: Indicator) -> Indicator:
    """An area's own row needs no membership, so the division does not matter."""
    return replace(indicator, division=None)


def _origin(figures: Figures, indicator: Indicator) -> pd.DataFrame:
    """Per year the tables and the weakest status behind the numerator and denominator."""
    topics = figures.base_topics(indicator.numerator) | figures.base_topics(indicator.denominator)
    origin = figures.origin[figures.origin.index.isin(topics, level="topic")].reset_index()
    grouped = origin.groupby("year")
    return pd.DataFrame(
        {
            "source": grouped["source"].agg(_join_sources),
            "status": grouped["status"].max(),
        }
    ).reset_index()


def _join_sources(sources: pd.Series) -> str:
    names = {name for joined in sources for name in joined.split(" + ")}
    return " + ".join(sorted(names))
