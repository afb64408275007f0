"""The share of havo and vwo in four years of passed exams, per area."""

from __future__ import annotations

import pandas as pd

INDICATOR = "havo_vwo_geslaagden"
ACADEMIC = ("HAVO", "VWO")
YEARS = 4


def exam_indicator(passes: pd.DataFrame, membership: pd.DataFrame, whole: bool = False) -> pd.DataFrame:
    """Return the indicator ``havo_vwo_geslaagden`` for every area with schools.

    Args:
        passes: gm_code, division, year, type, passed, hidden (``sources.exams.load_passes``).
        membership: region_id, year, gm_code, weight; the division of the passes decides which year of it is used.
        whole: count a municipality that lies partly in an area wholly where most of it lies, instead of by weight. The
            place of each school is not in the figures, so both are approximations.

    Returns:
        region_id, indicator, year (last of the four), value (% of all passes), unit, numerator, denominator (passes of
        four years), coverage (part of the passes that is certainly not hidden), status, source.
    """
    members = membership.rename(columns={"year": "division"})
    if whole:
        members = members.assign(weight=(members["weight"] >= 0.5).astype(float))
    rows = passes.merge(members, on=["gm_code", "division"])
    rows = rows.assign(
        top=rows["passed"].where(rows["type"].isin(ACADEMIC), 0) * rows["weight"],
        bottom=rows["passed"] * rows["weight"],
        hidden=rows["hidden"] * rows["weight"],
    )
    yearly = rows.groupby(["region_id", "year"])[["top", "bottom", "hidden"]].sum()
    return _as_indicator(_four_years(yearly))


def _four_years(yearly: pd.DataFrame) -> pd.DataFrame:
    """Sum each year with the three before it; only where all four are there."""
    wide = yearly.unstack("region_id")
    complete = wide.reindex(range(wide.index.min(), wide.index.max() + 1)).rolling(YEARS).sum()
    complete.index.name = "year"
    long: pd.DataFrame = complete.dropna(how="all").stack("region_id", future_stack=True)  # type: ignore[assignment]
    return long.dropna()


def _as_indicator(totals: pd.DataFrame) -> pd.DataFrame:
    rows = totals[totals["bottom"] > 0].reset_index()
    return pd.DataFrame(
        {
            "region_id": rows["region_id"],
            "indicator": INDICATOR,
            "year": rows["year"].astype("int64"),
            "value": 100 * rows["top"] / rows["bottom"],
            "unit": "%",
            "numerator": rows["top"],
            "denominator": rows["bottom"],
            "coverage": (rows["bottom"] / (rows["bottom"] + rows["hidden"])).round(6),
            "status": "definitive",
            "source": "duo-examens",
        }
    )
