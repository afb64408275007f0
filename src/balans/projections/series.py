"""Long series per level on one division, from the table ``indicators``: what every method starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.projections.rules import Rule, Rules

SERIES_COLUMNS = ["level", "region_id", "indicator", "year", "value", "weight"]
LEAST_COVERAGE = 0.98
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Series of one indicator at one level.

    Attributes:
        indicator: id of the indicator.
        level: municipality, corop, province, region, total or country.
        regions: region_id per row.
        years: consecutive calendar years, one per column.
        values: (regions × years) in the unit of the indicator; NaN where there is no figure, never zero instead.
        weights: (regions × years) what a mean is weighted by; 1 for a sum.
    """

    indicator: str
    level: str
    regions: tuple[str, ...]
    years: npt.NDArray[np.int64]
    values: Array
    weights: Array


def load_series(indicators: pd.DataFrame, membership: pd.DataFrame, rules: Rules, prices: pd.Series) -> pd.DataFrame:
    """Return the series of every rule at every level, all on one division.

    Args:
        indicators: the table ``indicators``; rows of municipalities on the division of their own year are used.
        membership: level, region_id, year, gm_code, weight, people (see ``balans.projections.division``).
        rules: what to project.
        prices: consumer prices per year, for series in real terms.

    Returns:
        level, region_id, indicator, year, value, weight. A sum needs every municipality, a mean 98% of the weight; a
        year with less has no row. No figure is filled in. Where the weight of a mean is not known, that of the nearest
        year is used; municipalities that ended before there are weights count by their inhabitants.
    """
    municipal = indicators[indicators["region_id"].str.startswith("GM") & (indicators["year"] >= rules.first_year)]
    wanted = [*rules.indicators.values(), *rules.inputs.values()]
    parts = [_aggregate(_figures(municipal, rule, prices), membership, rule) for rule in wanted]
    return pd.concat(parts, ignore_index=True)[SERIES_COLUMNS]


def _figures(municipal: pd.DataFrame, rule: Rule, prices: pd.Series) -> pd.DataFrame:
    """gm_code, year, value, size of every municipality; ``size`` is what a mean is weighted by."""
    rows = municipal[municipal["indicator"] == rule.source].rename(columns={"region_id": "gm_code"})
    rows = rows[["gm_code", "year", "value", "denominator"]].sort_values(["gm_code", "year"])
    if rule.prices == "real":
        rows["value"] /= (rows["year"] - rule.price_lag).map(prices)
    rows["size"] = _sizes(rows, municipal, rule) if rule.is_mean else 1.0
    return rows[rows["value"].notna()].drop(columns="denominator")


def _sizes(rows: pd.DataFrame, municipal: pd.DataFrame, rule: Rule) -> pd.Series:
    """The weight of a mean; in a year without one, that of the nearest year that has it (earlier years first)."""
    known = rows["denominator"]
    if rule.weight_known_by:
        witness = municipal[municipal["indicator"] == rule.weight_known_by]
        present = pd.MultiIndex.from_frame(rows[["gm_code", "year"]]).isin(
            pd.MultiIndex.from_frame(witness[["region_id", "year"]])
        )
        known = known.where(present)
    by_municipality = known.groupby(rows["gm_code"])
    return by_municipality.ffill().fillna(by_municipality.bfill())


def _aggregate(figures: pd.DataFrame, membership: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Add up or average over the members of every area; an area of one whole municipality needs no weight."""
    members = membership[membership["year"].isin(figures["year"].unique())]
    rows = members.merge(figures, on=["gm_code", "year"], how="left")
    alone = rows.groupby(["level", "region_id", "year"])["gm_code"].transform("size") == 1
    size = rows["size"].mask(alone & rows["size"].isna(), 1.0).fillna(rows["people"] * _per_person(rows))
    known = rows["value"].notna() & size.notna()
    rows["whole"] = rows["weight"] * size
    rows["known"] = rows["whole"].where(known, 0)
    rows["top"] = (rows["whole"] * rows["value"]).where(known)
    keys = ["level", "region_id", "year"]
    totals = rows.groupby(keys, sort=True)[["whole", "known", "top"]].sum(min_count=1).reset_index()
    totals = totals[totals["known"] >= (LEAST_COVERAGE if rule.is_mean else 1 - 1e-9) * totals["whole"]]
    totals["value"] = totals["top"] / totals["known"] if rule.is_mean else totals["top"]
    totals["weight"] = totals["known"] if rule.is_mean else 1.0
    return totals[totals["value"].notna()].assign(indicator=rule.id)


def _per_person(rows: pd.DataFrame) -> float:
    """How much weight one inhabitant of 2015 stands for; brings a stand-in to the unit of the weights."""
    known = rows["size"].notna() & rows["people"].notna()
    return float(rows.loc[known, "size"].sum() / rows.loc[known, "people"].sum())


def panels(series: pd.DataFrame) -> dict[tuple[str, str], Panel]:
    """Return one panel per (indicator, level), with every calendar year between its first and last figure."""
    return {
        (str(indicator), str(level)): _panel(str(indicator), str(level), rows)
        for indicator, of_indicator in series.groupby("indicator")
        for level, rows in of_indicator.groupby("level")
    }


def _panel(indicator: str, level: str, rows: pd.DataFrame) -> Panel:
    years = np.arange(rows["year"].min(), rows["year"].max() + 1)
    values = rows.pivot(index="region_id", columns="year", values="value").reindex(columns=years)
    weights = rows.pivot(index="region_id", columns="year", values="weight").reindex(columns=years)
    regions = tuple(str(region) for region in values.index)
    return Panel(indicator, level, regions, years, values.to_numpy(), weights.to_numpy())
