"""Does our own index move as the official Leefbaarometer did?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from balans.words.areas import NEDERLAND, POLICY_TYPES

# Our years nearest to the first and the last year in which the official districts have dimensions.
OFFICIAL_YEARS = (2014, 2022)
INDEX_YEARS = (2015, 2024)
LEVELS = {"municipality": ("municipality",), "region": POLICY_TYPES}


def agreement_table(liveability: pd.DataFrame, history: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Return how our index moved beside the official scores, per level and dimension.

    Args:
        liveability: the table ``liveability`` (rows of kind ``index``).
        history: the table ``liveability_history``.
        regions: the table ``regions``.

    Returns:
        level (municipality, region), dimension, n, official_first, official_last, index_first, index_last (years),
        correlation and rank_correlation of the two changes, same_direction (share of areas whose gap to the
        Netherlands moved the same way), official_change and index_change (of the Netherlands), official_spread and
        index_spread (standard deviation of the changes over the areas).
    """
    ours = liveability[liveability["kind"] == "index"]
    official = _change(history, OFFICIAL_YEARS).rename("official")
    index = _change(ours, INDEX_YEARS).rename("index")
    both = pd.concat([official, index], axis=1).dropna().reset_index()
    types = dict(zip(regions["region_id"], regions["type"], strict=True))
    rows = []
    for dimension, part in both.groupby("dimension"):
        country = part[part["region_id"] == NEDERLAND].iloc[0]
        for level, kinds in LEVELS.items():
            areas = part[part["region_id"].map(types).isin(kinds)]
            rows.append({"level": level, "dimension": dimension, **_compared(areas, country)})
    years = dict(zip(("official_first", "official_last"), OFFICIAL_YEARS, strict=True))
    years |= dict(zip(("index_first", "index_last"), INDEX_YEARS, strict=True))
    return pd.DataFrame(rows).assign(**years).sort_values(["level", "dimension"], ignore_index=True).round(8)


def _change(table: pd.DataFrame, years: tuple[int, int]) -> pd.Series:
    wide = table[table["year"].isin(years)].pivot(index=["region_id", "dimension"], columns="year", values="score")
    change: pd.Series = wide[years[1]] - wide[years[0]]
    return change


def _compared(areas: pd.DataFrame, country: pd.Series) -> dict[str, float]:
    official, index = areas["official"], areas["index"]
    # A dimension of which nothing is measured does not move at all: it has no correlation.
    moves = bool(index.std() > 0)
    same = np.sign(official - country["official"]) == np.sign(index - country["index"])
    return {
        "n": len(areas),
        "correlation": float(official.corr(index)) if moves else np.nan,
        "rank_correlation": float(official.corr(index, method="spearman")) if moves else np.nan,
        "same_direction": float(same.mean()) if moves else np.nan,
        "official_change": float(country["official"]),
        "index_change": float(country["index"]),
        "official_spread": float(official.std()),
        "index_spread": float(index.std()),
    }
