"""Why the number of inhabitants did not fall: births, deaths, and migration at home and abroad."""

from __future__ import annotations

import pandas as pd

from balans.words.areas import KRIMPREGIOS

PARTS = {
    "natural_increase": "natuurlijke_aanwas",
    "foreign_migration": "buitenlands_migratiesaldo",
    "domestic_migration": "binnenlands_migratiesaldo",
}
# The national reception centre at Ter Apel registers asylum seekers in Oost-Groningen before they move on.
ASYLUM_REGION = "oost-groningen"
WITHOUT = "krimpregios-zonder-oost-groningen"


def population_account(indicators: pd.DataFrame, areas: list[str], first: int, last: int) -> pd.DataFrame:
    """Return what changed the number of inhabitants from 1 January ``first`` to 1 January after ``last``.

    Args:
        indicators: region_id, indicator, year, value.
        areas: region_ids; ``krimpregios`` also appears without Oost-Groningen.
        first: first calendar year.
        last: last calendar year.

    Returns:
        region_id, first_year, last_year, start, natural_increase, foreign_migration (with administrative
        corrections), domestic_migration, growth (as CBS publishes it), other (growth minus the three), end (start plus
        growth). All in persons, on each year's own division; only regions with every year.
    """
    names = [*PARTS.values(), "bevolkingsgroei"]
    span = indicators[indicators["indicator"].isin(names) & indicators["year"].between(first, last)]
    span = span[span["region_id"].isin(areas)]
    sums = span.groupby(["region_id", "indicator"])["value"].agg(["sum", "count"])
    complete = sums.loc[sums["count"] == last - first + 1, "sum"].unstack("indicator").dropna()
    start = indicators[(indicators["indicator"] == "inwoners") & (indicators["year"] == first)]
    table = complete.rename(columns={name: part for part, name in PARTS.items()} | {"bevolkingsgroei": "growth"})
    table["start"] = start.set_index("region_id")["value"].reindex(table.index)
    if {KRIMPREGIOS, ASYLUM_REGION} <= set(table.index):
        table.loc[WITHOUT] = table.loc[KRIMPREGIOS] - table.loc[ASYLUM_REGION]
    table["other"] = table["growth"] - table[list(PARTS)].sum(axis="columns")
    table["end"] = table["start"] + table["growth"]
    table = table.assign(first_year=first, last_year=last).sort_index().reset_index()
    return table[["region_id", "first_year", "last_year", "start", *PARTS, "other", "growth", "end"]]
