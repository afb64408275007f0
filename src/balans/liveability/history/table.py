"""The table ``liveability_history``: official scores of every area, and its gap to the Netherlands."""

from __future__ import annotations

import pandas as pd

from balans.geography.areas import with_municipalities
from balans.liveability.framework import load_framework
from balans.liveability.history.districts import municipal_scores
from balans.paths import Project
from balans.words.areas import NEDERLAND

INDICATOR = "leefbaarometer"
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
        2024; the total from 2002.
    """
    scores = municipal_scores(project, load_framework(project))
    members = with_municipalities(project, membership)[["region_id", "year", "gm_code", "weight_dwellings"]]
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
