"""Official liveability of one area through the years."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.liveability import (
    OFFICIAL_SOURCE,
    draw_history,
    first_full_year,
    last_district_year,
    official_history,
    shown_score,
)
from balans.pages.parts.output import Chart
from balans.pages.parts.select import compared_with, name
from balans.words.areas import ANTICIPEERREGIOS, NEDERLAND

# Apart, as a part of the range of the scores, that two names at the line ends can still be read.
APART = 0.075


def through_the_years(data: PageData, region_id: str) -> Chart | None:
    """Return the official score since 2002 beside the type of region and the Netherlands; None without scores."""
    areas = [region_id, *compared_with(data, region_id)]
    scores = official_history(data, areas)
    if region_id not in scores:
        return None
    last = last_district_year(data)
    drawing, (axes,) = style.new_figure(4.0)
    labels = []
    for area in reversed(areas):
        colour = _colour(area, region_id)
        draw_history(axes, scores[area].dropna(), colour, last)
        line = scores[area].dropna()
        labels.append((float(line.index[-1]), float(line.iloc[-1]), name(data, area), colour))
    style.label_line_ends(axes, labels, max(float(scores.max().max() - scores.min().min()), 0.01) * APART)
    style.set_unit(axes, "Officiële score; open punt: gemeentescores")
    style.dutch_axis(axes, decimals=2)
    style.year_axis(axes)
    finding = _finding(data, region_id)
    style.set_finding(drawing, finding)
    table = data.table("liveability_history")
    return Chart(
        drawing,
        f"{region_id}-leefbaarheid-officieel",
        f"Lijngrafiek. {finding}.",
        f"Bron: {OFFICIAL_SOURCE}, wijken {scores.index[0]}–{last} en gemeenten {scores.index[-1]}; woningen: CBS; "
        "weging: Nederland in balans.",
        table[table["region_id"].isin(areas)],
    )


def _finding(data: PageData, region_id: str) -> str:
    first, last = first_full_year(data), last_district_year(data)
    score, gap = (official_history(data, [region_id], column)[region_id] for column in ("score", "gap"))
    values = f"{shown_score(score[first])} in {first}, {shown_score(score[last])} in {last}"
    text = f"Officiële leefbaarheid {name(data, region_id)}: {values}"
    if region_id == NEDERLAND:
        return text
    return f"{text}; het verschil met Nederland ging van {shown_score(gap[first])} naar {shown_score(gap[last])}"


def _colour(area: str, region_id: str) -> str:
    if area == region_id:
        return style.REGION
    if area == NEDERLAND:
        return style.NETHERLANDS
    return style.ANTICIPEER if area == ANTICIPEERREGIOS else style.KRIMP
