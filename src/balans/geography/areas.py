"""Every area that gets figures: regions, totals, provinces, COROP areas, municipalities and the Netherlands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.definitions import load_definition
from balans.paths import Project

TOTALS = {"krimp": "krimpregios", "anticipeer": "anticipeerregios"}


@dataclass(frozen=True)
class Areas:
    """The areas and what they are made of.

    Attributes:
        regions: region_id, name, type, province, division, parent.
        membership: region_id, year, gm_code, weight (part of the municipality's inhabitants that lies in the region).
    """

    regions: pd.DataFrame
    membership: pd.DataFrame

    def own_rows(self, index: pd.Index[Any]) -> pd.DataFrame:
        """Return a membership in which every area of ``index`` (region, year) is its own only member."""
        frame = index.to_frame(index=False)
        own = frame["region"].replace({"NL01": "nederland"})
        return pd.DataFrame({"region_id": own, "year": frame["year"], "gm_code": frame["region"], "weight": 1.0})


def load_areas(project: Project, index: pd.Index[Any]) -> Areas:
    """Return the areas; municipalities are those that ``index`` (region, year) has figures for."""
    stored = pd.read_csv(project.definitions / "geography" / "membership.csv")
    members = stored[["region_id", "year", "gm_code", "weight"]]
    totals = members.assign(region_id=stored["type"].map(TOTALS))
    totals = totals.groupby(["region_id", "year", "gm_code"])["weight"].sum().reset_index()
    frame = index.to_frame(index=False)
    municipal = frame[frame["region"].str.startswith("GM")].rename(columns={"region": "gm_code"})
    netherlands = municipal.assign(region_id="nederland", weight=1.0)
    standard = pd.read_csv(project.definitions / "geography" / "municipality_corop_province_2015.csv")
    by_area = standard.melt(id_vars="gm_code", value_vars=["corop", "province"], value_name="region_id")
    by_area = by_area[["region_id", "gm_code"]].assign(year=2015, weight=1.0)
    membership = pd.concat([members, totals, netherlands, by_area], ignore_index=True)
    return Areas(_regions(project, stored), membership[["region_id", "year", "gm_code", "weight"]])


def _regions(project: Project, stored: pd.DataFrame) -> pd.DataFrame:
    content = load_definition(project.definitions / "regions.yml")
    keys = ("name", "type", "province", "division", "members_checked")
    rows = [{key: entry[key] for key in keys} | {"region_id": entry["id"]} for entry in content["regions"]]
    rows += [
        {"region_id": "krimpregios", "name": "Krimpregio's", "type": "total"},
        {"region_id": "anticipeerregios", "name": "Anticipeerregio's", "type": "total"},
        {"region_id": "nederland", "name": "Nederland", "type": "country"},
    ]
    names = stored.drop_duplicates("gm_code", keep="last").set_index("gm_code")["gm_name"]
    rows += [{"region_id": code, "name": label, "type": "municipality"} for code, label in names.items()]
    return pd.DataFrame(rows)
