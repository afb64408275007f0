"""Associations between municipalities, with the warning that belongs to them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from scipy import stats

LEAST = 20
WARNING = (
    "Een samenhang tussen gemeenten zegt niets over personen binnen een gemeente, en niets over oorzaak en gevolg."
)


def build_associations(indicators: pd.DataFrame, pairs: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a coefficient per pair of indicators over municipalities.

    Spearman's rank correlation, with the 95% interval of Bonett and Wright (2000, Psychometrika 65: 23-28): Fisher's z
    with variance (1 + r²/2) / (n - 3). Municipalities count equally, whatever their size.

    Args:
        indicators: region_id, indicator, year, value.
        pairs: x, x_year, y, y_year, subject.

    Returns:
        subject, x, x_year, y, y_year, level, n, coefficient, lower, upper, method, warning. No pair on 20 areas or
        fewer.
    """
    rows = [_one_pair(indicators, pair) for pair in pairs]
    return pd.DataFrame([row for row in rows if row["n"] > LEAST])


def _one_pair(indicators: pd.DataFrame, pair: dict[str, Any]) -> dict[str, Any]:
    x = _municipal(indicators, pair["x"], pair["x_year"])
    y = _municipal(indicators, pair["y"], pair["y_year"])
    both = pd.concat([x.rename("x"), y.rename("y")], axis="columns", join="inner").dropna()
    row = {**pair, "level": "gemeente", "n": len(both), "method": "Spearman", "warning": WARNING}
    if len(both) <= LEAST:
        return row
    coefficient = float(stats.spearmanr(both["x"], both["y"]).statistic)
    lower, upper = spearman_interval(coefficient, len(both))
    return row | {"coefficient": coefficient, "lower": lower, "upper": upper}


def spearman_interval(coefficient: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of Bonett and Wright around Spearman's coefficient over ``n`` pairs."""
    half = stats.norm.ppf(0.5 + level / 2) * math.sqrt((1 + coefficient**2 / 2) / (n - 3))
    return math.tanh(math.atanh(coefficient) - half), math.tanh(math.atanh(coefficient) + half)


def _municipal(indicators: pd.DataFrame, indicator: str, year: int) -> pd.Series:
    rows = indicators[(indicators["indicator"] == indicator) & (indicators["year"] == year)]
    rows = rows[rows["region_id"].str.startswith("GM")]
    return rows.set_index("region_id")["value"]
