"""Membership: which municipalities, and which part of each, make up a region in every year.

A region keeps its area: its members in the division in which it is defined are followed through CBS's transfers, so a
municipality that merged across the region's border counts for the part that lies inside. Weights below 0.1% (people on
the wrong side of a straightened border) are left out and weights above 99.9% are 1: they do not change a published
figure, and without them a list of members is a list of members. A municipality counts as split when between 1% and
99% of its inhabitants live inside. Where only land moved, ``weight`` is 0 and ``weight_hectares`` is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from balans.errors import UnknownKeyError
from balans.geography.catalogue import Region, load_regions
from balans.geography.divisions import FIRST_YEAR, LAST_YEAR, load_divisions
from balans.geography.transfers import WEIGHTS, Weight, transition_matrix
from balans.paths import Project
from balans.words.areas import NEDERLAND

SLIVER = 0.001
SPLIT = 0.01
COLUMNS = [
    "region_id",
    "year",
    "gm_code",
    "weight",
    "weight_dwellings",
    "weight_hectares",
    "estimated_share",
]
Level = Literal["municipality", "corop", "province", "country"]


def build_membership(project: Project) -> pd.DataFrame:
    """Return the membership of the 20 regions, their parents and the totals, 2003–2026 (columns ``COLUMNS``).

    ``weight`` is the share of the municipality's inhabitants that lives inside the region, ``weight_dwellings`` and
    ``weight_hectares`` the same for dwellings and land. ``estimated_share``: the part of the region's inhabitants that
    rests on this municipality when it is split, otherwise 0 (see ``split_share``).
    """
    regions = [region for region in load_regions(project).values() if region.id != NEDERLAND]
    return membership_of(project, regions)


def membership_of(project: Project, regions: Iterable[Region]) -> pd.DataFrame:
    """Return the same for any regions, such as one from a file or ``PV31`` on the fixed division of its members."""
    by_division: dict[int, list[Region]] = {}
    for region in regions:
        by_division.setdefault(region.division, []).append(region)
    sizes = _inhabitants_2015(project)
    tables = []
    for group in by_division.values():
        inside = _inside(project, group)
        tables += [_of_one_year(project, group, inside, year, sizes[year]) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    return pd.concat(tables).sort_values(["region_id", "year", "gm_code"], ignore_index=True)[COLUMNS]


def area_membership(project: Project, level: Level, fixed_division: int | None = None) -> pd.DataFrame:
    """Return the membership of every municipality, COROP area, province or the country (columns ``COLUMNS``).

    Args:
        project: where the divisions and transfers are.
        level: which areas.
        fixed_division: follow the areas as they were in this year; without it, each year has its own division, as in
            CBS's tables (and their breaks: 2018 Midden-Groningen, 2019 Vijfheerenlanden).
    """
    table = load_divisions(project).assign(municipality=lambda frame: frame["gm_code"], country=NEDERLAND)
    if level not in ("municipality", "corop", "province", "country"):
        raise UnknownKeyError(f"Unknown level {level!r}: choose municipality, corop, province or country.")
    table = table.rename(columns={level: "region_id"})
    if fixed_division is None:
        ones = dict.fromkeys(("weight", "weight_dwellings", "weight_hectares"), 1.0)
        own = table.assign(**ones, estimated_share=0.0)[COLUMNS]
        return own.sort_values(["region_id", "year", "gm_code"], ignore_index=True)
    regions = [
        Region(
            str(code),
            str(code),
            level,
            fixed_division,
            dict(zip(part["gm_code"], part["name"], strict=True)),
        )
        for code, part in table[table["year"] == fixed_division].groupby("region_id")
    ]
    return membership_of(project, regions)


def split_share(membership: pd.DataFrame) -> pd.DataFrame:
    """Return ``region_id, year, split_share``: the share of a region's inhabitants that rests on split municipalities.

    Reckoned with the inhabitants of 1 January 2015. De Marne since 2019: 1.0, it is 21% of Het Hogeland. Above 0.2 a
    figure is to be marked as estimated ("geschat"), gets no projection or rank and points to the region's parent.
    """
    return membership.groupby(["region_id", "year"]).agg(split_share=("estimated_share", "sum")).reset_index()


def _inhabitants_2015(project: Project) -> dict[int, pd.Series]:
    """Return the inhabitants of 1 January 2015 per municipality, on the division of every year."""
    table = pd.read_csv(project.definitions / "geography" / "sizes_2015.csv").set_index("gm_code")["inhabitants"]
    found = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        matrix, rows, columns = transition_matrix(project, 2015, year)
        found[year] = pd.Series(table.reindex(rows).to_numpy(dtype=float) @ matrix, index=columns)
    return found


def _inside(project: Project, regions: list[Region]) -> sparse.csr_array:
    """Return which municipality (row) of the regions' own division lies in which region (column), as ones."""
    year = regions[0].division
    _, codes, _ = transition_matrix(project, year, year)
    return sparse.csr_array(np.stack([codes.isin(list(region.members)) for region in regions], axis=1).astype(float))


def _of_one_year(
    project: Project, regions: list[Region], inside: sparse.csr_array, year: int, inhabitants: pd.Series
) -> pd.DataFrame:
    """Return the membership of regions on one division, in one year."""
    weights = pd.DataFrame({weight: _weights(project, regions, inside, year, weight) for weight in WEIGHTS}).fillna(0.0)
    weights = weights.where(weights > SLIVER, 0.0).where(weights < 1 - SLIVER, 1.0)
    weights = weights[weights.gt(0).any(axis=1)].rename_axis(["region_id", "gm_code"]).reset_index()
    people = weights["inhabitants"] * weights["gm_code"].map(inhabitants)
    total = people.groupby(weights["region_id"]).transform("sum")
    split = weights["inhabitants"].between(SPLIT, 1 - SPLIT)
    names = {
        "inhabitants": "weight",
        "dwellings": "weight_dwellings",
        "hectares": "weight_hectares",
    }
    return weights.rename(columns=names).assign(year=year, estimated_share=(people / total).where(split, 0.0))


def _weights(project: Project, regions: list[Region], inside: sparse.csr_array, year: int, weight: Weight) -> pd.Series:
    """Return the share of each municipality of ``year`` that lies in each region, where there is any."""
    matrix, rows, _ = transition_matrix(project, year, regions[0].division, weight)
    found = (matrix @ inside).tocoo()
    index = pd.MultiIndex.from_arrays([np.array([region.id for region in regions])[found.col], rows[found.row]])
    return pd.Series(found.data, index=index)
