"""What the mean WOZ value of the krimp regions would be by other weights: shown beside the claim, never decisive."""

from __future__ import annotations

import pandas as pd

from balans.claims.recompute import Fact

SOURCE = "70072ned"


def woz_facts(
    indicators: pd.DataFrame, membership: pd.DataFrame, long: pd.DataFrame, krimp: list[str], year: int
) -> dict[str, Fact]:
    """Return the mean WOZ value (euro) by inhabitants, of municipalities, of regions, and of the year before.

    Args:
        indicators, membership: the tables.
        long: gaps of the long series, for the year before, of which dwellings are not at hand.
        krimp: the krimp regions.
        year: the report's year.
    """
    members = membership.query("region_id == 'krimpregios' and year == @year")["gm_code"]
    values = indicators[(indicators["indicator"] == "woz_waarde") & (indicators["year"] == year)]
    values = values.set_index("region_id")["value"]
    people = indicators[(indicators["indicator"] == "inwoners") & (indicators["year"] == year)]
    people = people.set_index("region_id")["value"].reindex(members)
    own = values.reindex(members)
    before = long.query("region_id == 'krimpregios' and indicator == 'woz_waarde' and year == @year - 1")["value"]
    return {
        "woz_by_inhabitants": Fact(float((own * people).sum() / people.sum()), year, SOURCE),
        "woz_mean_of_municipalities": Fact(float(own.mean()), year, SOURCE),
        "woz_mean_of_regions": Fact(float(values.reindex(krimp).mean()), year, SOURCE),
        "woz_year_before": Fact(float(before.iloc[0]), year - 1, SOURCE),
    }
