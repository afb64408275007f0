"""The table ``liveability_history``: official scores of every area, and its gap to the Netherlands."""

from __future__ import annotations

import pandas as pd

from balans.geography.areas import ESTIMATED_ABOVE, with_municipalities
from balans.liveability.framework import load_framework
from balans.liveability.history.districts import DISTRICT_DIVISION, municipal_scores, split_districts
from balans.paths import Project
from balans.words.areas import NEDERLAND

INDICATOR = "leefbaarometer"
# The division of the report's regions; none of the mergers that cut a region is older.
FORMER_DIVISION = 2015
COLUMNS = ["region_id", "year", "dimension", "score", "netherlands", "gap", "dwellings", "filled_share", "source"]


def history_table(project: Project, membership: pd.DataFrame) -> pd.DataFrame:
    """Return the official score of every area, year and dimension.

    Args:
        project: where the scores, their weights and the divisions are.
        membership: the table ``membership``; municipalities are added.

    Returns:
        region_id, year, dimension, score (deviation from one fixed constant, the same in all years), netherlands (the
        score of the country in that year), gap (the difference), dwellings (the weight behind the score), filled_share
        (part of it that is estimated from inhabitants), source. Dimensions are there for 2014, 2018, 2020, 2022 and
        2024; the total from 2002. Areas that rest on cut municipalities have no row of 2024.
    """
    scores = municipal_scores(project, load_framework(project))
    members = _by_district(with_municipalities(project, membership), split_districts(project))
    members = members.rename(columns={"year": "division"})
    rows = members.merge(scores, on=["division", "gm_code"])
    sums = ["top", "bottom", "filled"]
    rows[sums] = rows[sums].mul(rows["weight_dwellings"], axis=0)
    totals = rows.groupby(["region_id", "year", "dimension", "source"])[sums].sum().reset_index()
    # A municipality of which only land lies in an area has no dwellings there.
    totals = totals[totals["bottom"] > 0]
    table = totals.assign(
        score=totals["top"] / totals["bottom"],
        filled_share=totals["filled"] / totals["bottom"],
        dwellings=totals["bottom"],
    )
    country = table[table["region_id"] == NEDERLAND].set_index(["year", "dimension"])["score"].rename("netherlands")
    table = table.join(country, on=["year", "dimension"])
    table = table.assign(gap=table["score"] - table["netherlands"])
    # Eight decimals: below what a score means, above what machines differ in.
    return table[COLUMNS].sort_values(COLUMNS[:3], ignore_index=True).round(8)


def _by_district(membership: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Return ``region_id, year, gm_code, weight_dwellings`` in which cut municipalities count by their districts.

    On the division of the districts an area has the former municipality if it had it before the merger. On any other
    division an area that rests for more than a fifth on cut municipalities is left out: it has no score of its own.
    """
    estimated = membership.groupby(["region_id", "year"])["estimated_share"].transform("sum") > ESTIMATED_ABOVE
    plain = membership[(membership["year"] == DISTRICT_DIVISION) | ~estimated]
    columns = ["region_id", "year", "gm_code", "weight_dwellings"]
    parts = split[["gm_code", "former_code", "part"]].drop_duplicates()
    cut = plain["gm_code"].isin(split["gm_code"]) & (plain["year"] == DISTRICT_DIVISION)
    whole = plain[cut & (plain["weight_dwellings"] == 1)]
    inside = whole.merge(parts, on="gm_code").assign(gm_code=lambda rows: rows["part"])
    before = membership[membership["year"] == FORMER_DIVISION].rename(columns={"gm_code": "former_code"})
    before = before.merge(parts, on="former_code").assign(year=DISTRICT_DIVISION, gm_code=lambda rows: rows["part"])
    added = pd.concat([inside, before])[columns].drop_duplicates(columns[:3])
    return pd.concat([plain.loc[~cut | plain.index.isin(whole.index), columns], added], ignore_index=True)


def history_indicator(history: pd.DataFrame) -> pd.DataFrame:
    """Return the total as rows of the table ``indicators``, so that prose, claims and pages can ask for it."""
    total = history[history["dimension"] == "totaal"]
    return pd.DataFrame(
        {
            "region_id": total["region_id"],
            "indicator": INDICATOR,
            "year": total["year"],
            "value": total["score"],
            "unit": "score",
            "numerator": total["score"] * total["dwellings"],
            "denominator": total["dwellings"],
            "coverage": 1.0,
            "status": "definitive",
            "source": total["source"],
        }
    )
