"""The map of the nine krimp and eleven anticipeer regions."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.maps import SOURCE, _legend, draw_types, load_boundaries, region_types
from balans.pages.parts.output import Chart
from balans.words.areas import POLICY_TYPES


def all_regions(data: PageData) -> Chart:
    """Return a map of the nine krimp and eleven anticipeer regions."""
    boundaries = load_boundaries()
    figure, (axes,) = style.new_figure(6.2)
    kinds = region_types(data)
    draw_types(axes, boundaries, kinds)
    counts = data.regions["type"].value_counts()
    finding = (
        f"De {counts['krimp']} krimpregio's liggen vooral langs de grens; "
        f"de {counts['anticipeer']} anticipeerregio's ernaast en langs de kust"
    )
    style.set_finding(figure, finding)
    _legend(axes)
    names = {kind: ", ".join(sorted(data.regions.loc[data.regions["type"] == kind, "name"])) for kind in POLICY_TYPES}
    alt = f"Kaart van Nederland. Krimpregio's: {names['krimp']}. Anticipeerregio's: {names['anticipeer']}."
    table = kinds.rename("type").rename_axis("gm_code").reset_index()
    return Chart(figure, "kaart-regios", alt, SOURCE, table)
