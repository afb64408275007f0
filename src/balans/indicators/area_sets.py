"""Sets of standard areas that the report reasons with: its COROP areas, a city network across the border."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.definitions import load_definition
from balans.paths import Project


@dataclass(frozen=True)
class AreaSet:
    """A named set of areas.

    Attributes:
        id: region_id in ``data/processed``.
        name: its name, in Dutch.
        members: region_ids (COROP codes, NUTS 3 codes across the border).
        source: where the set comes from.
    """

    id: str
    name: str
    members: tuple[str, ...]
    source: str


def load_area_sets(project: Project) -> list[AreaSet]:
    """Return the sets of ``definitions/area_sets.yml``.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content = load_definition(project.definitions / "area_sets.yml")
    return [AreaSet(**{**entry, "members": tuple(entry["members"])}) for entry in content["area_sets"]]


def area_set_indicators(indicators: pd.DataFrame, sets: list[AreaSet], summed: set[str]) -> pd.DataFrame:
    """Return the rows of ``indicators`` for every set, in the same columns.

    Args:
        indicators: the table with the members' own rows.
        sets: the sets.
        summed: indicators that may be added up; the others are left out.

    Returns:
        One row per set, indicator and year for which every member has a figure.
    """
    tables = [_one_set(indicators, one, summed) for one in sets]
    return pd.concat(tables, ignore_index=True)[list(indicators.columns)]


def _one_set(indicators: pd.DataFrame, one: AreaSet, summed: set[str]) -> pd.DataFrame:
    rows = indicators[indicators["region_id"].isin(one.members) & indicators["indicator"].isin(summed)]
    totals = rows.groupby(["indicator", "year"], as_index=False).agg(
        value=("value", "sum"),
        unit=("unit", "first"),
        members=("region_id", "nunique"),
        status=("status", "max"),
        source=("source", "first"),
    )
    whole = totals[totals["members"] == len(one.members)].drop(columns="members")
    return whole.assign(region_id=one.id, numerator=whole["value"], denominator=float("nan"), coverage=1.0)
