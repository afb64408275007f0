"""How far regions lie from the Netherlands, and whether the gap changed."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from balans.words.areas import NEDERLAND


def build_gaps(indicators: pd.DataFrame, wanted: list[str], worse: dict[str, int], areas: list[str]) -> pd.DataFrame:
    """Return the gap to the Netherlands per region, indicator and year.

    Args:
        indicators: region_id, indicator, year, value.
        wanted: indicators to follow.
        worse: per indicator +1 if higher is worse, -1 if lower is worse.
        areas: region_ids to follow.

    Returns:
        region_id, indicator, year, value, national, gap (value minus national, in the unit), relative_gap (% of the
        national value), disadvantage (relative_gap, positive where the region is worse off).
    """
    rows = indicators[indicators["indicator"].isin(wanted)]
    national = rows[rows["region_id"] == NEDERLAND][["indicator", "year", "value"]].rename(
        columns={"value": "national"}
    )
    own = rows[rows["region_id"].isin(areas)][["region_id", "indicator", "year", "value"]]
    gaps = own.merge(national, on=["indicator", "year"])
    gaps["gap"] = gaps["value"] - gaps["national"]
    gaps["relative_gap"] = 100 * gaps["gap"] / gaps["national"]
    gaps["disadvantage"] = gaps["relative_gap"] * gaps["indicator"].map(worse)
    return gaps.sort_values(["region_id", "indicator", "year"], ignore_index=True)


def gap_changes(gaps: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the change of every gap over the years from ``first`` to ``last`` that have figures.

    Returns:
        region_id, indicator, first_year, last_year, disadvantage_first, disadvantage_last, change (percentage points of
        the national value; positive: the disadvantage grew), own_change (% change of the region's own value). Series
        with one year are left out.
    """
    span = gaps[gaps["year"].between(first, last)].sort_values("year")
    ends = span.groupby(["region_id", "indicator"])[["year", "value", "disadvantage"]].agg(["first", "last"])
    ends.columns = ["_".join(column) for column in ends.columns]
    ends = ends[ends["year_first"] < ends["year_last"]].reset_index()
    ends["change"] = ends["disadvantage_last"] - ends["disadvantage_first"]
    ends["own_change"] = 100 * (ends["value_last"] / ends["value_first"] - 1)
    return ends.rename(columns={"year_first": "first_year", "year_last": "last_year"})


def nearest_year(gaps: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return per indicator the gaps of the year nearest to ``year`` (the earlier of two equally near)."""
    distance = (gaps["year"] - year).abs() + (gaps["year"] > year) * 0.1
    nearest = distance.groupby(gaps["indicator"]).transform("min")
    return gaps[distance == nearest]


def widest_gap_test(gaps: pd.DataFrame, oldest: list[str], regions: list[str], year: int) -> pd.DataFrame:
    """Test whether the disadvantage is largest in ``oldest``, exactly, over every other choice of as many regions.

    Per indicator the regions are ranked by disadvantage (1 is the largest); the statistic is the mean rank of the
    chosen regions over all indicators. The p-value is the share of all choices of as many regions whose mean rank is at
    most as high (a permutation test without sampling). With nine regions and three chosen there are 84, so p is at
    least 1/84. It is repeated with each indicator left out, to show how much hangs on one.

    Returns:
        left_out (an indicator, or "none"), statistic, expected (under no difference), p_value, choices, indicators.
    """
    ranks = disadvantage_ranks(nearest_year(gaps[gaps["region_id"].isin(regions)], year))
    rows = [_one_test(ranks, oldest, "none")]
    rows += [_one_test(ranks.drop(columns=name), oldest, str(name)) for name in ranks.columns]
    return pd.DataFrame(rows)


def disadvantage_ranks(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return one row per region and one column per indicator: its rank by disadvantage, 1 the largest."""
    wide = gaps.pivot(index="region_id", columns="indicator", values="disadvantage")
    return wide.dropna(axis="columns").rank(ascending=False, method="average")


def _one_test(ranks: pd.DataFrame, chosen: list[str], left_out: str) -> dict[str, Any]:
    means = ranks.mean(axis="columns")
    statistic = float(means[chosen].mean())
    every = np.array([np.mean(choice) for choice in combinations(means.to_numpy(), len(chosen))])
    return {
        "left_out": left_out,
        "statistic": statistic,
        "expected": float(means.mean()),
        "p_value": float((every <= statistic + 1e-9).mean()),
        "choices": math.comb(len(means), len(chosen)),
        "indicators": ranks.shape[1],
    }


def disadvantage_index(gaps: pd.DataFrame, wanted: list[str], year: int) -> pd.DataFrame:
    """Return the index of cumulated disadvantage: the mean z-score over the indicators, higher is worse.

    Each indicator is standardised over the regions given. Sensitivity: the rank with each indicator left out, and with
    ranks instead of z-scores; the lowest and highest rank that come out stand beside the score.

    Returns:
        region_id, score, rank (1 is the most disadvantage), rank_low, rank_high, indicators, variants.
    """
    near = nearest_year(gaps[gaps["indicator"].isin(wanted)], year)
    wide = near.pivot(index="region_id", columns="indicator", values="disadvantage").dropna(axis="columns")
    scores = (wide - wide.mean()) / wide.std(ddof=0)
    variants = {"none": scores.mean(axis="columns"), "ranks": wide.rank().mean(axis="columns")}
    variants |= {str(name): scores.drop(columns=name).mean(axis="columns") for name in scores.columns}
    ranks = pd.DataFrame(variants).rank(ascending=False, method="min")
    table = pd.DataFrame(
        {
            "score": variants["none"],
            "rank": ranks["none"].astype(int),
            "rank_low": ranks.min(axis="columns").astype(int),
            "rank_high": ranks.max(axis="columns").astype(int),
            "indicators": wide.shape[1],
            "variants": ranks.shape[1],
        }
    )
    return table.reset_index().sort_values(["rank", "region_id"], ignore_index=True)
