"""Build ``data/processed``: regions, membership, indicators and the differences between sources."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from balans.geography.areas import Areas
from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import Indicator
from balans.indicators.weights import add_division_weights, add_nearest_weights, with_nearest_weight
from balans.paths import Project
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


def build_indicators(
    project: Project, figures: Figures, areas: Areas, indicators: dict[str, Indicator]
) -> pd.DataFrame:
    """Return the table ``indicators`` for every area, indicator and year that the figures allow.

    A row that the source publishes for the area itself (the Netherlands, a province, a COROP area, a municipality)
    goes before the sum of its municipalities.
    """
    made_here = [indicator for indicator in indicators.values() if indicator.kind in SUMMED]
    weights = {indicator.weight for indicator in made_here if indicator.weight and not indicator.division}
    moved = {
        (indicator.weight, indicator.division)
        for indicator in made_here
        if indicator.weight and indicator.division and indicator.weight_year == "own"
    }
    wide = add_division_weights(project, add_nearest_weights(project, figures.wide, weights), moved)
    figures = replace(figures, wide=wide)
    tables = [_one_indicator(figures, areas, with_nearest_weight(indicator)) for indicator in made_here]
    table = pd.concat([table for table in tables if not table.empty], ignore_index=True)
    return table.sort_values(["region_id", "indicator", "year"], ignore_index=True)[INDICATOR_COLUMNS]


def _one_indicator(figures: Figures, areas: Areas, indicator: Indicator) -> pd.DataFrame:
    own = aggregate(figures.wide, _own_rows(figures, areas), indicator)
    summed = aggregate(figures.wide, areas.membership, indicator)
    table = pd.concat([own, summed]).drop_duplicates(["region_id", "year"], keep="first")
    table = table.merge(_origin(figures, indicator), on="year", how="left")
    return _mark_estimated(table, areas, indicator).assign(indicator=indicator.id, unit=indicator.unit)


def _own_rows(figures: Figures, areas: Areas) -> pd.DataFrame:
    """Return the areas as the source publishes them; before our divisions start, every municipality is itself."""
    if areas.own_rows.empty:
        return areas.own_rows
    index = figures.wide.index.to_frame(index=False)
    early: pd.DataFrame = index[index["region"].str.startswith("GM") & (index["year"] < areas.own_rows["year"].min())]
    early = early.rename(columns={"region": "gm_code"}).assign(region_id=early["region"], weight=1.0)
    return pd.concat([areas.own_rows, early], ignore_index=True)


def _mark_estimated(table: pd.DataFrame, areas: Areas, indicator: Indicator) -> pd.DataFrame:
    """Give the status ``estimated`` to areas that rest for more than 20% on municipalities that lie partly in them."""
    estimated = areas.estimated
    if indicator.division is not None:
        estimated = estimated[estimated["year"] == indicator.division][["region_id"]]
    keys = [column for column in ("region_id", "year") if column in estimated]
    marked = table[keys].merge(estimated, how="left", indicator=True)["_merge"] == "both"
    return table.assign(status=table["status"].mask(marked.to_numpy(), "estimated"))


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
