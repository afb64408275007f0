"""Drawing municipalities by type of region, from the boundaries in ``data/processed``."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.paths import find_project
from balans.words.areas import POLICY_TYPES

MAP_YEAR = 2015  # the division in which the regions are defined, so that every region is whole on the map

SIMPLIFY_METRES = 350

SOURCE = f"Bron: CBS/Kadaster (gemeentegrenzen {MAP_YEAR}, gegeneraliseerd), bewerking Nederland in balans."


def load_boundaries() -> gpd.GeoDataFrame:
    """Return gm_code, name and geometry (RD New, metres) of the municipalities of the map's year, coarse."""
    path = find_project().processed / "boundaries.parquet"
    shapes = gpd.read_parquet(path, filters=[("year", "==", MAP_YEAR)])
    shapes["geometry"] = shapes.geometry.simplify_coverage(SIMPLIFY_METRES)
    return shapes


def region_types(data: PageData) -> pd.Series:
    """Return for each municipality of the map's year the type of policy region that most of it lies in."""
    kinds = data.regions.set_index("region_id")["type"]
    members = data.membership[data.membership["year"] == MAP_YEAR]
    members = members.assign(kind=members["region_id"].map(kinds))
    members = members[members["kind"].isin(POLICY_TYPES)]
    shares = members.groupby(["gm_code", "kind"], as_index=False)["weight"].sum()
    kinds_by_municipality: pd.Series = shares[shares["weight"] >= 0.5].set_index("gm_code")["kind"]
    return kinds_by_municipality


def draw_types(axes: Axes, boundaries: gpd.GeoDataFrame, kinds: pd.Series, own: set[str] | None = None) -> None:
    """Colour the municipalities by type of region, and those of ``own`` as the region at hand."""
    group = boundaries["gm_code"].map(kinds).fillna("other")
    if own:
        group = group.mask(boundaries["gm_code"].isin(own), "own")
    colours = {"other": style.OTHER, **style.TYPE_COLOURS, "own": style.REGION}
    for kind, colour in colours.items():
        part = boundaries[group == kind]
        if not part.empty:
            shape = gpd.GeoSeries([part.geometry.union_all()], crs=boundaries.crs) if kind == "other" else part.geometry
            shape.plot(ax=axes, color=colour, edgecolor="white", linewidth=0.3, aspect="equal")
    axes.set_axis_off()


def _legend(axes: Axes, with_own: str | None = None) -> None:
    entries = [("Krimpregio", style.KRIMP), ("Anticipeerregio", style.ANTICIPEER), ("Overig Nederland", style.OTHER)]
    if with_own:
        entries.insert(0, (with_own, style.REGION))
    for label, colour in entries:
        axes.scatter([], [], marker="s", s=90, color=colour, label=label)
    axes.legend(loc="upper left", frameon=False, fontsize=9.5)
