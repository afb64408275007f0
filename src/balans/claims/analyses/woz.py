"""What the mean WOZ value of the krimp regions would be by other weights: shown beside the claim, never decisive."""

from __future__ import annotations

import numpy as np
import pandas as pd

from balans.claims.recompute import Fact
from balans.words.areas import KRIMPREGIOS

SOURCE = "70072ned"


def woz_facts(
    indicators: pd.DataFrame, membership: pd.DataFrame, long: pd.DataFrame, krimp: list[str], year: int
) -> dict[str, Fact]:
    """Return the mean WOZ value (euro) by inhabitants, of municipalities, of regions, and of the year before.

    Args:
        indicators: the table.
        membership: the table.
        long: gaps of the long series, for the year before, of which dwellings are not at hand.
        krimp: the krimp regions.
        year: the report's year.
    """
    members = membership.query(f"region_id == '{KRIMPREGIOS}' and year == @year")["gm_code"].tolist()
    value, people = _of_year(indicators, "woz_waarde", year), _of_year(indicators, "inwoners", year)
    own = np.array([value[code] for code in members])
    weights = np.array([people[code] for code in members])
    before = long.query(f"region_id == '{KRIMPREGIOS}' and indicator == 'woz_waarde' and year == @year - 1")["value"]
    return {
        "woz_by_inhabitants": Fact(float(np.average(own, weights=weights)), year, SOURCE),
        "woz_mean_of_municipalities": Fact(float(own.mean()), year, SOURCE),
        "woz_mean_of_regions": Fact(float(np.mean([value[region] for region in krimp])), year, SOURCE),
        "woz_year_before": Fact(float(before.iloc[0]), year - 1, SOURCE),
    }


def _of_year(indicators: pd.DataFrame, indicator: str, year: int) -> dict[str, float]:
    rows = indicators[(indicators["indicator"] == indicator) & (indicators["year"] == year)]
    return dict(zip(rows["region_id"], rows["value"], strict=True))
