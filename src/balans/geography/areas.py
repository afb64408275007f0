"""Every area that gets figures: regions, totals, provinces, COROP areas, municipalities and the Netherlands."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.definitions import load_definition
from balans.geography.catalogue import load_regions
from balans.geography.divisions import LAST_YEAR, area_names, load_divisions
from balans.geography.membership import Level, area_membership, build_membership
from balans.paths import Project
from balans.words.areas import NEDERLAND

REGION_COLUMNS = ["region_id", "name", "type", "province", "division", "parent", "members_checked", "notes"]
STANDARD_LEVELS: tuple[Level, ...] = ("corop", "province")
ESTIMATED_ABOVE = 0.2


@dataclass(frozen=True)
class Areas:
    """The areas and what they are made of.

    Attributes:
        regions: one row per area: region_id, name, type, province, division, parent, members_checked, notes. Provinces
            and COROP areas are as they are on the latest division, in every year.
        membership: region_id, year, gm_code and the part of the municipality that lies in the area: ``weight`` of its
            inhabitants, ``weight_dwellings``, ``weight_hectares``; ``estimated_share`` is the part of the area's
            inhabitants that rests on this municipality being split.
        own_rows: areas as a source publishes them, where that is the same area: region_id, year, gm_code (the code of
            the area in the source), weight 1.
    """

    regions: pd.DataFrame
    membership: pd.DataFrame
    own_rows: pd.DataFrame

    @property
    def estimated(self) -> pd.DataFrame:
        """Return the (region_id, year) of which more than 20% of the inhabitants rests on split municipalities."""
        shares = self.membership.groupby(["region_id", "year"])["estimated_share"].sum()
        return shares[shares > ESTIMATED_ABOVE].reset_index()[["region_id", "year"]]


def load_areas(project: Project) -> Areas:
    """Return the areas, from ``definitions/regions.yml`` and ``definitions/geography``."""
    # COROP areas and provinces as they are now, followed back: without the breaks of CBS's own rows.
    fixed = {level: area_membership(project, level, fixed_division=LAST_YEAR) for level in STANDARD_LEVELS}
    parts = [build_membership(project), *fixed.values(), area_membership(project, "country")]
    membership = pd.concat(parts, ignore_index=True)
    membership = membership.sort_values(["region_id", "year", "gm_code"], ignore_index=True)
    return Areas(_regions(project), membership, _own_rows(project, fixed))


def with_municipalities(project: Project, membership: pd.DataFrame) -> pd.DataFrame:
    """Return ``membership`` with every municipality: as it is now, followed back; those gone since as they were."""
    now = area_membership(project, "municipality", fixed_division=LAST_YEAR)
    then = area_membership(project, "municipality")
    return pd.concat([membership, now, then[~then["region_id"].isin(now["region_id"])]], ignore_index=True)


def _own_rows(project: Project, fixed: dict[Level, pd.DataFrame]) -> pd.DataFrame:
    """Rows of a source that stand for the same area as ours: municipalities, the Netherlands, unchanged CR and PV."""
    divisions = load_divisions(project)
    municipalities = divisions[["gm_code", "year"]].assign(region_id=divisions["gm_code"])
    country = pd.DataFrame({"year": divisions["year"].unique(), "region_id": NEDERLAND, "gm_code": "NL01"})
    unchanged = pd.concat([_unchanged(project, level, now) for level, now in fixed.items()])
    rows = pd.concat([municipalities, country, unchanged], ignore_index=True)
    return rows.assign(weight=1.0)[["region_id", "year", "gm_code", "weight"]]


def _unchanged(project: Project, level: Level, now: pd.DataFrame) -> pd.DataFrame:
    """Return the areas and years in which CBS's own row is about the area as it is now."""
    keys = ["region_id", "year", "gm_code", "weight"]
    then = area_membership(project, level)[keys]
    both = then.merge(now[keys], how="outer", indicator=True)
    changed = both.loc[both["_merge"] != "both", ["region_id", "year"]].drop_duplicates()
    areas = then[["region_id", "year"]].drop_duplicates().merge(changed, how="left", indicator=True)
    same = areas.loc[areas["_merge"] == "left_only", ["region_id", "year"]]
    return same.assign(gm_code=same["region_id"])


def _regions(project: Project) -> pd.DataFrame:
    content = load_definition(project.definitions / "regions.yml")
    checked = {entry["id"]: entry.get("members_checked") for section in content.values() for entry in section}
    own = [
        {
            "region_id": region.id,
            "name": region.name,
            "type": region.type,
            "province": region.province,
            "division": region.division,
            "parent": region.parent,
            "members_checked": checked.get(region.id),
            "notes": region.notes,
        }
        for region in load_regions(project).values()
    ]
    return pd.DataFrame([*own, *_standard_areas(project)], columns=REGION_COLUMNS)


def _standard_areas(project: Project) -> list[dict[str, object]]:
    names = area_names(project)
    kinds = {"PV": "province", "CR": "corop"}
    areas: list[dict[str, object]] = [
        {"region_id": code, "name": name, "type": kinds[code[:2]], "division": LAST_YEAR, "parent": NEDERLAND}
        for code, name in names.items()
        if code[:2] in kinds
    ]
    latest = load_divisions(project).drop_duplicates("gm_code", keep="last")
    return areas + [
        {
            "region_id": str(row["gm_code"]),
            "name": row["name"],
            "type": "municipality",
            "province": names[str(row["province"])],
            "division": row["year"],
            "parent": row["province"],
        }
        for row in latest.to_dict("records")
    ]
