"""Every area that gets figures: regions, totals, provinces, COROP areas, municipalities and the Netherlands."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.definitions import load_definition
from balans.geography.membership import build_membership
from balans.paths import Project

WHOLE = {"weight": 1.0, "weight_dwellings": 1.0, "weight_hectares": 1.0}


@dataclass(frozen=True)
class Areas:
    """The areas and what they are made of.

    Attributes:
        regions: region_id, name, type, province, division, parent.
        membership: region_id, year, gm_code, weight (part of the municipality's inhabitants that lies in the region).
    """

    regions: pd.DataFrame
    membership: pd.DataFrame

    def own_rows(self, index: pd.MultiIndex) -> pd.DataFrame:
        """Return a membership in which every area of ``index`` (region, year) is its own only member."""
        frame = index.to_frame(index=False)
        own = frame["region"].replace({"NL01": "nederland"})
        return pd.DataFrame({"region_id": own, "year": frame["year"], "gm_code": frame["region"], "weight": 1.0})


def load_areas(project: Project, index: pd.MultiIndex) -> Areas:
    """Return the areas; municipalities are those that ``index`` (region, year) has figures for."""
    members = build_membership(project)
    frame = index.to_frame(index=False)
    municipal = frame[frame["region"].str.startswith("GM")].rename(columns={"region": "gm_code"})
    netherlands = municipal.assign(region_id="nederland", **WHOLE)
    standard = pd.read_csv(project.definitions / "geography" / "municipality_corop_province_2015.csv")
    by_area = standard.melt(id_vars="gm_code", value_vars=["corop", "province"], value_name="region_id")
    by_area = by_area[["region_id", "gm_code"]].assign(year=2015, **WHOLE)
    membership = pd.concat([members, netherlands, by_area], ignore_index=True)
    return Areas(_regions(project), membership[["region_id", "year", "gm_code", "weight", "weight_dwellings", "weight_hectares"]])


def _regions(project: Project) -> pd.DataFrame:
    content = load_definition(project.definitions / "regions.yml")
    rows = [{key: entry[key] for key in ("name", "type", "province", "division")} | {"region_id": entry["id"]} for entry in content["regions"]]
    return pd.DataFrame(rows)
