"""Where a region lies: a map of the Netherlands with the region in colour."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.maps import MAP_YEAR, SOURCE, _legend, draw_types, load_boundaries, region_types
from balans.pages.parts.output import Chart
from balans.pages.parts.select import name


def location(data: PageData, region_id: str) -> Chart | None:
    """Return a map of where the region lies; None if the map's year has no municipality of it."""
    members = data.membership[(data.membership["region_id"] == region_id) & (data.membership["year"] == MAP_YEAR)]
    if members.empty:
        return None
    boundaries = load_boundaries()
    own = set(members.loc[members["weight"] >= 0.5, "gm_code"])
    figure, (axes,) = style.new_figure(5.2)
    draw_types(axes, boundaries, region_types(data), own)
    finding = f"Waar {name(data, region_id)} ligt"
    style.set_finding(figure, finding)
    _legend(axes, with_own=name(data, region_id))
    listed = ", ".join(sorted(boundaries.loc[boundaries["gm_code"].isin(own), "name"]))
    alt = (
        f"Kaart van Nederland met {name(data, region_id)} in vermiljoen. De regio bestaat (in {MAP_YEAR}) uit {listed}."
    )
    table = members[["region_id", "gm_code", "weight"]].assign(year=MAP_YEAR)
    return Chart(figure, f"{region_id}-kaart", alt, SOURCE, table)
