"""The official Leefbaarometer through the years, and whether the report's warning came true."""

from __future__ import annotations

import pandas as pd
from matplotlib.lines import Line2D

from balans.definitions import load_definition
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.liveability import (
    OFFICIAL_SOURCE,
    TOTAL,
    draw_history,
    first_full_year,
    last_district_year,
    official_history,
    order_of_areas,
    shown_score,
    titles,
)
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import name, policy_regions
from balans.paths import find_project
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND
from balans.words.lists import listed

OLDEST, NEWER = "De drie oudste krimpregio's", "De zes andere krimpregio's"
# Below the second decimal a difference in score is within what another weighting or tally makes.
SMALL = 0.005


def groups(data: PageData) -> dict[str, list[str]]:
    """Return the lines of the picture: name → areas, the regions where shrinkage is oldest apart."""
    content = load_definition(find_project().definitions / "analyses.yml")
    oldest = list(content["gaps"]["oldest"])
    krimp = policy_regions(data, "krimp")["region_id"]
    return {
        OLDEST: oldest,
        NEWER: [area for area in krimp if area not in oldest],
        name(data, ANTICIPEERREGIOS): [ANTICIPEERREGIOS],
        name(data, NEDERLAND): [NEDERLAND],
    }


def group_scores(data: PageData, column: str) -> pd.DataFrame:
    """Return year × group: the mean of its areas weighted by the dwellings behind each score."""
    table = data.table("liveability_history")
    table = table[table["dimension"] == TOTAL]
    made = {}
    for label, areas in groups(data).items():
        rows = table[table["region_id"].isin(areas)]
        sums = rows.assign(top=rows[column] * rows["dwellings"]).groupby("year")[["top", "dwellings"]].sum()
        # A year in which one of the areas has no score would show another group.
        complete = rows.groupby("year")["region_id"].nunique() == len(areas)
        made[label] = (sums["top"] / sums["dwellings"]).where(complete)
    return pd.DataFrame(made)


def through_the_years(data: PageData) -> Chart:
    """Return the official scores since 2002: level on the left, gap to the Netherlands on the right."""
    last = last_district_year(data)
    drawing, panels = style.new_figure(4.6, 2)
    for axes, column, unit in zip(panels, ("score", "gap"), ("Score", "Verschil met Nederland"), strict=True):
        wide = group_scores(data, column)
        for label, colour in _colours(data).items():
            draw_history(axes, wide[label].dropna(), colour, last)
        style.set_unit(axes, unit)
        style.dutch_axis(axes, decimals=2)
        style.year_axis(axes, 5)
    # Two narrow panels leave no room for names at the line ends.
    handles = [Line2D([], [], color=colour, marker="o", label=label) for label, colour in _colours(data).items()]
    drawing.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False, fontsize=9.5)
    first = first_full_year(data)
    level, gap = _moves(data, KRIMPREGIOS, first, last)
    finding = (
        f"De officiële leefbaarheid van de krimpregio's ging {first}–{last} {_way(level)} "
        f"({shown_score(level, signed=True)}); de achterstand op Nederland {_gap_way(gap)}"
    )
    style.set_finding(drawing, finding)
    numbers = group_scores(data, "score").join(group_scores(data, "gap"), rsuffix=" (verschil)").reset_index()
    listing = "; ".join(
        f"{label} {shown_score(line.loc[first])} in {first}, {shown_score(line.loc[last])} in {last}"
        for label, line in group_scores(data, "score").items()
    )
    return Chart(drawing, "leefbaarheid-officieel-door-de-tijd", f"Twee lijngrafieken. {finding}. {listing}.",
                 _source(data), numbers)  # fmt: skip


def _colours(data: PageData) -> dict[str, str]:
    return {
        OLDEST: style.REGION,
        NEWER: style.KRIMP,
        name(data, ANTICIPEERREGIOS): style.ANTICIPEER,
        name(data, NEDERLAND): style.NETHERLANDS,
    }


def _moves(data: PageData, area: str, first: int, last: int) -> tuple[float, float]:
    level, gap = (official_history(data, [area], column)[area] for column in ("score", "gap"))
    return float(level[last] - level[first]), float(gap[last] - gap[first])


def _way(change: float) -> str:
    return "vooruit" if change > 0 else "achteruit"


def _gap_way(change: float) -> str:
    if abs(change) < SMALL:
        return "bleef ongeveer gelijk"
    return "werd kleiner" if change > 0 else "werd groter"


def verdict(data: PageData) -> Prose:
    """Return the answer to the report's warning, in level and in gap, for all together and per region."""
    first, last = first_full_year(data), last_district_year(data)
    krimp = list(policy_regions(data, "krimp")["region_id"])
    moves = {area: _moves(data, area, first, last) for area in (KRIMPREGIOS, NEDERLAND, *krimp)}
    line, gap = (official_history(data, [KRIMPREGIOS], column)[KRIMPREGIOS] for column in ("score", "gap"))
    fell = [area for area in krimp if moves[area][0] < 0]
    behind = [area for area in krimp if moves[area][1] < -SMALL]
    nearer = [area for area in krimp if moves[area][1] > SMALL]
    return Prose(
        f"Het rapport verwachtte dat de leefbaarheid sterk zou verminderen. **In {last} stond de officiële score van "
        f"de "
        f"krimpregio's op {shown_score(line[last])}, tegen {shown_score(line[first])} in {first}: hoger dus.** "
        f"Nederland ging in die jaren met {shown_score(moves[NEDERLAND][0], signed=True)} vooruit; de achterstand was "
        f"{shown_score(gap[first])} en werd {shown_score(gap[last])}. Achter dat gemiddelde gaan de regio's uiteen. "
        f"{_fell(data, fell, first, last)} Verder achterop bij Nederland raakten "
        f"{listed([name(data, area) for area in behind])}; dichterbij kwamen "
        f"{listed([name(data, area) for area in nearer]) or 'geen'}."
    )


def _fell(data: PageData, areas: list[str], first: int, last: int) -> str:
    if not areas:
        return "In geen enkele krimpregio daalde de score."
    lines = official_history(data, areas)
    texts = [
        f"{name(data, area)} (van {shown_score(lines[area][first])} naar {shown_score(lines[area][last])})"
        for area in areas
    ]
    return f"De score zelf daalde in {listed(texts)}."


def older_and_newer(data: PageData) -> Prose:
    """Return whether the regions that shrink longest fare worse, and whether the newer ones follow them."""
    first, last = first_full_year(data), last_district_year(data)
    gap, parts = group_scores(data, "gap"), groups(data)
    old, new = (float(gap[label][last] - gap[label][first]) for label in (OLDEST, NEWER))
    lines = official_history(data, parts[NEWER], "gap")
    behind = [area for area in parts[NEWER] if lines[area][last] - lines[area][first] < -SMALL]
    return Prose(
        f"Waar de krimp het langst duurt ({listed([name(data, area) for area in parts[OLDEST]])}) is het verschil met "
        f"Nederland het grootst: {shown_score(gap[OLDEST][last])} in {last}, tegen {shown_score(gap[NEWER][last])} in "
        f"de zes andere samen. Tussen {first} en {last} veranderde het met {shown_score(old, signed=True)} en "
        f"{shown_score(new, signed=True)}. Dat de nieuwere krimpregio's de oudste achterna gaan, "
        f"{'blijkt er in doorsnee niet uit' if new > -SMALL else 'past bij die cijfers'}; wel verloren er "
        f"{len(behind)} van de {len(parts[NEWER])} terrein ({listed([name(data, area) for area in behind])})."
    )


def region_table(data: PageData) -> Table:
    """Return every region's score and gap in the first and last year of the districts, and in the latest scores."""
    first, last = first_full_year(data), last_district_year(data)
    areas = order_of_areas(data, data.table("liveability_history")["region_id"].unique())
    score, gap = (official_history(data, areas, column) for column in ("score", "gap"))
    latest = int(score.index[-1])
    cells = [
        [
            name(data, area),
            shown_score(score[area][first]),
            shown_score(score[area][last]),
            shown_score(score[area][last] - score[area][first], signed=True),
            *(shown_score(gap[area][year]) for year in (first, last)),
            shown_score(gap[area][last] - gap[area][first], signed=True),
            shown_score(gap[area][latest]),
        ]
        for area in areas
    ]
    columns = ["Gebied", f"Score {first}", f"Score {last}", "Verandering", f"Verschil met NL {first}",
               f"Verschil met NL {last}", "Verandering verschil", f"Verschil met NL {latest}"]  # fmt: skip
    table = data.table("liveability_history")
    rows = table[table["region_id"].isin(areas) & (table["dimension"] == TOTAL)]
    caption = "Officiële leefbaarheid per regio, wijken gewogen naar woningen"
    return text_table(cells, columns, caption, "leefbaarheid-officieel-regios", _source(data), rows)


def dimension_table(data: PageData) -> Table:
    """Return the krimp regions' gap to the Netherlands per dimension and year."""
    wide = {key: official_history(data, [KRIMPREGIOS], "gap", key)[KRIMPREGIOS] for key in titles(data)}
    years = [int(year) for year in wide[next(iter(wide))].index]
    cells = [
        [titles(data)[key], *(shown_score(line[year], signed=True) for year in years)] for key, line in wide.items()
    ]
    table = data.table("liveability_history")
    rows = table[(table["region_id"] == KRIMPREGIOS) & table["year"].isin(years)]
    columns = ["Dimensie", *map(str, years)]
    caption = "Krimpregio's min Nederland, per dimensie"
    return text_table(cells, columns, caption, "leefbaarheid-officieel-dimensies", _source(data), rows)


def _source(data: PageData) -> str:
    years = official_history(data, [NEDERLAND]).index
    return (
        f"Bron: {OFFICIAL_SOURCE}, wijken {years[0]}–{last_district_year(data)} en gemeenten {years[-1]}; woningen: "
        "CBS; weging: Nederland in balans."
    )
