"""Means of regions for years in which the weights are not at hand, with the dwellings of a fixed year as weights."""

from __future__ import annotations

import pandas as pd

from balans.words.areas import NEDERLAND

LEAST_COVERAGE = 0.8


def fixed_weights(indicators: pd.DataFrame, transfers: pd.DataFrame) -> pd.Series:
    """Return dwellings per municipality, as near to 2010 as they are at hand.

    Municipalities that no longer existed when CBS first published dwellings here get those that CBS counted when they
    were merged away.

    Args:
        indicators: the table, for ``woningen`` per municipality.
        transfers: from_code, to_code, dwellings, date (``definitions/geography/transfers.csv``; each transfer stands
            there once or twice).

    Returns:
        dwellings by gm_code.
    """
    own = indicators[(indicators["indicator"] == "woningen") & indicators["region_id"].str.startswith("GM")]
    first = own.sort_values("year").groupby("region_id")["value"].first()
    moved = transfers[transfers["from_code"] != transfers["to_code"]].drop_duplicates(["from_code", "to_code", "date"])
    last = moved.groupby(["from_code", "date"])["dwellings"].sum().groupby("from_code").last()
    return first.combine_first(last.astype(float))


def fixed_weight_means(
    indicators: pd.DataFrame, membership: pd.DataFrame, weights: pd.Series, wanted: list[str], years: range
) -> pd.DataFrame:
    """Return the mean per region and year, weighted by the dwellings of a fixed year.

    The Netherlands is the mean of all municipalities of the year by the same rule, so that both sides compare.

    Returns:
        region_id, indicator, year, value, coverage (part of the weight that has a figure; at least 0.8).
    """
    own = indicators[indicators["indicator"].isin(wanted) & indicators["region_id"].str.startswith("GM")]
    own = own[own["year"].isin(years)][["region_id", "indicator", "year", "value"]].rename(
        columns={"region_id": "gm_code"}
    )
    nation = own[["gm_code", "year"]].drop_duplicates().assign(region_id=NEDERLAND, weight=1.0)
    members = pd.concat([membership[membership["region_id"] != NEDERLAND], nation], ignore_index=True)
    members = members[members["year"].isin(years) & ~members["region_id"].str.match(r"(?:CR|PV|GM)\d")]
    members = members.merge(pd.DataFrame({"indicator": wanted}), how="cross")
    rows = members.merge(own, on=["gm_code", "year", "indicator"], how="left")
    rows["dwellings"] = rows["gm_code"].map(weights) * rows["weight"]
    present = rows["value"].notna() & rows["dwellings"].notna()
    rows["counted"] = rows["dwellings"].where(present, 0.0)
    rows["total"] = rows["value"].fillna(0.0) * rows["counted"]
    sums = rows.groupby(["region_id", "indicator", "year"])[["dwellings", "counted", "total"]].sum().reset_index()
    sums["coverage"] = sums["counted"] / sums["dwellings"]
    sums["value"] = sums["total"] / sums["counted"]
    enough = sums[sums["coverage"] >= LEAST_COVERAGE]
    return enough[["region_id", "indicator", "year", "value", "coverage"]].reset_index(drop=True)
