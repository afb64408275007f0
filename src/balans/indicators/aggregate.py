"""From municipal figures to indicators of any area.

Every indicator is one formula: ``scale × Σ m·w·numerator / Σ m·w·denominator``, with m the part of the municipality
that lies in the area, w the weight (1 if there is none) and the denominator 1 for a mean; a sum has only the top.
"""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator

SPLIT_COLUMNS = {"inhabitants": "weight", "dwellings": "weight_dwellings", "hectares": "weight_hectares"}
VALUE_COLUMNS = ["region_id", "year", "value", "numerator", "denominator", "coverage"]
LEAST_COVERAGE = 0.8


def aggregate(figures: pd.DataFrame, membership: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return the indicator for every area of ``membership`` and every year that the figures have.

    Args:
        figures: one row per (region, year), one column per topic.
        membership: region_id, year, gm_code, weight; each area's municipalities with the part that lies in it.
        indicator: what to compute.

    Returns:
        region_id, year, value, numerator, denominator, coverage. ``coverage`` is the part of the weight (for a sum: of
        the municipalities) that has a figure. A sum needs all of it; a mean or ratio at least 80%; less gives no row.
    """
    rows = _members_with_figures(figures, membership, indicator)
    present = rows["top"].notna() & rows["bottom"].notna()
    rows["counted"] = rows["share"] * rows["size"].where(present, 0)
    rows["whole"] = rows["share"] * rows["size"]
    rows["top"] *= rows["share"]
    rows["bottom"] *= rows["share"]
    rows.loc[~present, ["top", "bottom"]] = float("nan")
    totals = rows.groupby(["region_id", "year"], sort=True)[["top", "bottom", "counted", "whole"]].sum(min_count=1)
    totals["coverage"] = (totals["counted"] / totals["whole"]).round(6)
    enough = 1.0 if indicator.kind == "sum" else LEAST_COVERAGE
    totals = totals[totals["coverage"] >= enough]
    return _as_result(totals, indicator)


def _members_with_figures(figures: pd.DataFrame, membership: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """One row per area, year and municipality: share, size (what coverage is measured in), top and bottom."""
    parts = _parts(figures, indicator)
    if indicator.division is not None:
        members = membership[membership["year"] == indicator.division].drop(columns="year")
        years = pd.DataFrame({"year": parts["year"].unique()})
        members = members.merge(years, how="cross")
    else:
        members = membership[membership["year"].isin(parts["year"].unique())]
    rows = members.merge(parts, left_on=["gm_code", "year"], right_on=["region", "year"], how="left")
    split = SPLIT_COLUMNS[indicator.split_by]
    rows["share"] = rows[split] if split in rows else rows["weight"]
    alone = rows.groupby(["region_id", "year"])["gm_code"].transform("size") == 1
    return _fill_weight_of_single(rows, alone)


def _parts(figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Per area and year the unweighted sides of the formula and the weight; years without the topic are left out."""
    frame = pd.DataFrame(
        {
            "side": figures[indicator.numerator],
            "base": figures[indicator.denominator] if indicator.denominator else 1.0,
            "size": figures[indicator.weight] if indicator.weight else 1.0,
        }
    )
    if indicator.weight and indicator.division is not None and indicator.weight_year == "division":
        fixed = figures[indicator.weight].xs(indicator.division, level="year")
        frame["size"] = fixed.reindex(frame.index.get_level_values("region")).to_numpy()
    frame = frame.reset_index()
    has_figures = frame.groupby("year")["side"].transform("count") > 0
    return frame[has_figures]


def _fill_weight_of_single(rows: pd.DataFrame, alone: pd.Series) -> pd.DataFrame:
    """Multiply by the weight; an area of one municipality needs none, any other without it has no figure."""
    known = rows["side"].notna() & rows["base"].notna()
    size = rows["size"].mask(alone & rows["size"].isna() & known, 1.0)
    mean_size = size.groupby([rows["region_id"], rows["year"]]).transform("mean")
    rows["top"] = rows["side"] * size
    rows["bottom"] = rows["base"] * size
    rows["size"] = size.fillna(mean_size)  # a municipality without a weight still counts against the coverage
    return rows


def _as_result(totals: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    result = totals.reset_index()
    if indicator.kind == "sum":
        result["value"], result["denominator"] = result["top"], float("nan")
    else:
        result["value"] = indicator.scale * result["top"] / result["bottom"]
        result["denominator"] = result["bottom"]
    result = result.rename(columns={"top": "numerator"})
    return result.loc[result["value"].notna(), VALUE_COLUMNS].reset_index(drop=True)
