"""Every level's municipalities per year, on one division: where the projections lean on the project's geography."""

from __future__ import annotations

import pandas as pd

from balans.geography.catalogue import load_regions
from balans.geography.divisions import FIRST_YEAR, LAST_YEAR, division
from balans.geography.membership import (
    SLIVER,
    area_membership,
    membership_of,
    split_share,
)
from balans.geography.transfers import transition, transition_matrix
from balans.paths import Project
from balans.words.areas import NEDERLAND

COLUMNS = ["level", "region_id", "year", "gm_code", "weight", "people"]
TOGETHER = ("parent", "total")
STANDARD_DIVISION = 2015


def level_membership(project: Project) -> pd.DataFrame:
    """Return level, region_id, year, gm_code, weight, people: which part of a municipality of a year lies in each area.

    Areas do not change over the years: the municipalities of the latest division, COROP areas and provinces as they
    were in 2015, the 20 regions, what they add up to (level ``total``), and the Netherlands. ``people`` is how many of
    the inhabitants of 2015 live in the municipality: a stand-in for a weight that is not known.
    """
    regions = [region for region in load_regions(project).values() if region.id != NEDERLAND]
    levels = {
        "municipality": _standard_areas(project, "municipality", LAST_YEAR),
        "corop": _standard_areas(project, "corop", STANDARD_DIVISION),
        "province": _standard_areas(project, "province", STANDARD_DIVISION),
        "region": membership_of(project, [region for region in regions if region.type not in TOGETHER]),
        "total": membership_of(project, [region for region in regions if region.type in TOGETHER]),
        "country": area_membership(project, "country"),
    }
    parts = [members[members["weight"] > 0].assign(level=level) for level, members in levels.items()]
    members = pd.concat(parts, ignore_index=True)
    return members.merge(_people_of_2015(project), on=["gm_code", "year"], how="left")[COLUMNS]


def _people_of_2015(project: Project) -> pd.DataFrame:
    """gm_code, year, people: the inhabitants of 2015 on the division of every year."""
    sizes = pd.read_csv(project.definitions / "geography" / "sizes_2015.csv").set_index("gm_code")["inhabitants"]
    tables = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        shares, rows, columns = transition_matrix(project, STANDARD_DIVISION, year)
        people = sizes.reindex(rows).to_numpy(dtype=float) @ shares
        tables.append(pd.DataFrame({"gm_code": columns, "year": year, "people": people}))
    return pd.concat(tables, ignore_index=True)


def _standard_areas(project: Project, level: str, fixed: int) -> pd.DataFrame:
    """Areas as they were in the year ``fixed``, followed through the transfers of inhabitants."""
    areas = division(project, fixed).assign(municipality=lambda frame: frame["gm_code"]).set_index("gm_code")[level]
    tables = [transition(project, year, fixed).assign(year=year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    moved = pd.concat(tables).rename(columns={"from_code": "gm_code", "share": "weight"})
    moved["region_id"] = moved["to_code"].map(areas)
    weights = moved.groupby(["region_id", "year", "gm_code"], as_index=False)["weight"].sum()
    weights["weight"] = weights["weight"].where(weights["weight"] < 1 - SLIVER, 1.0)
    kept: pd.DataFrame = weights[weights["weight"] > SLIVER]
    return kept


def split_regions(project: Project, most: float) -> set[str]:
    """Return the regions of which more than ``most`` of the inhabitants rests on split municipalities today."""
    regions = [
        region for region in load_regions(project).values() if region.type not in TOGETHER and region.id != NEDERLAND
    ]
    shares = split_share(membership_of(project, regions))
    return set(shares.loc[(shares["year"] == LAST_YEAR) & (shares["split_share"] > most), "region_id"])
