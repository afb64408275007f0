"""What the report's share of GDP depends on: which COROP areas, which year, and beside which people and jobs."""

from __future__ import annotations

import pandas as pd

from balans.words.areas import NEDERLAND

MEASURES = {"bbp": "gdp", "inwoners_eurostat": "inhabitants", "banen_gebied": "employee_jobs"}
ALLOCATED = "naar-inwoners-verdeeld"


def gdp_choices(indicators: pd.DataFrame, shares: pd.DataFrame, sets: list[str]) -> pd.DataFrame:
    """Return the share (%) of the Netherlands in GDP, inhabitants and employee jobs, per choice of areas and year.

    Args:
        indicators: the table, with rows for the sets and for the COROP areas.
        shares: corop_code, krimp_share_of_population_2015 (``definitions/geography/report_corop_areas.csv``).
        sets: region_ids of sets of COROP areas.

    Returns:
        choice (a set, each COROP area, or ``naar-inwoners-verdeeld``: each area's figure times the part of its
        inhabitants that lived in a krimp region in 2015), year, gdp_share, inhabitants_share, employee_jobs_share, and
        gdp (million euro). A measure without a figure for the year is missing.
    """
    rows = indicators[indicators["indicator"].isin(MEASURES)]
    national = rows[rows["region_id"] == NEDERLAND][["indicator", "year", "value"]]
    parts = shares.set_index("corop_code")["krimp_share_of_population_2015"]
    members = rows[rows["region_id"].isin(parts.index)]
    weighted = members.assign(value=members["value"] * members["region_id"].map(parts), region_id=ALLOCATED)
    allocated = weighted.groupby(["region_id", "indicator", "year"])["value"].sum().reset_index()
    chosen = pd.concat([rows[rows["region_id"].isin(sets)], members, allocated])[
        ["region_id", "indicator", "year", "value"]
    ]
    joined = chosen.merge(national.rename(columns={"value": "national"}), on=["indicator", "year"])
    joined["share"] = 100 * joined["value"] / joined["national"]
    wide = joined.pivot(index=["region_id", "year"], columns="indicator", values="share").rename(columns=MEASURES)
    table = wide.add_suffix("_share")
    amounts = joined[joined["indicator"] == "bbp"].set_index(["region_id", "year"])["value"]
    table["gdp"] = amounts.reindex(table.index)
    columns = ["choice", "year", *(f"{name}_share" for name in MEASURES.values()), "gdp"]
    return table.reset_index().rename(columns={"region_id": "choice"})[columns]
