"""The report's engine of shrinkage as a diagram: nodes with their measure, arrows as hypotheses of the report.

It is SVG inside the page, not an image: its text can be read by a screen reader, selected, and enlarged.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.select import name, records
from balans.pages.parts.tables import folded
from balans.words.numbers import number, with_unit

NODE_WIDTH, NODE_HEIGHT, ROW_GAP, LINE = 152, 132, 30, 14.5

GUTTER, BETWEEN = 34, 10

WIDTH = 4 * NODE_WIDTH + 2 * GUTTER + BETWEEN + 4

PORT = 14

MIDDLE_LEFT = NODE_WIDTH + GUTTER + 2

COMPARED = {"worse": "minder gunstig", "better": "gunstiger", "equal": "gelijk"}

SHORT_UNITS = {"per 1.000 inwoners": "per 1.000", "banen per 1.000 inwoners": "per 1.000", "personen": "personen"}


@dataclass(frozen=True)
class Place:
    """Where a node stands: its side, and the left and upper edge in units of the drawing."""

    side: str
    x: float
    y: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + NODE_WIDTH

    @property
    def middle(self) -> float:
        """The centre, from the left."""
        return self.x + NODE_WIDTH / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + NODE_HEIGHT

    @property
    def half(self) -> float:
        """The centre, from above."""
        return self.y + NODE_HEIGHT / 2


def engine_diagram(data: PageData, region_id: str) -> Table | None:
    """Return the diagram for one area; None if its nodes have not been measured (only for the policy regions).

    Args:
        data: with the tables ``engine_nodes`` and ``engine_arrows``.
        region_id: one of the 20 regions, ``krimpregios`` or ``anticipeerregios``.
    """
    nodes = data.table("engine_nodes")
    nodes = nodes[nodes["region_id"] == region_id].drop_duplicates("node_id")
    if nodes.empty:
        return None
    arrows = data.table("engine_arrows")
    places = layout(nodes.set_index("node_id")["side"], arrows)
    finding = _finding(nodes, name(data, region_id))
    return Table(
        f'<div class="tabel motor" tabindex="0" role="region" aria-label="De motor van krimp">\n'
        f'<p class="motor-titel">{escape(finding)}</p>\n{_svg(nodes, arrows, places, region_id)}\n</div>\n'
        f"{folded('De pijlen in woorden', _arrow_list(nodes, arrows))}",
        f"{region_id}-motor",
        f"Schema. {finding}. {_each_node(nodes)}.",
        _source(nodes),
        nodes.drop(columns=["side"]),
    )


def layout(sides: pd.Series, arrows: pd.DataFrame) -> dict[str, Place]:
    """Return the place of every node: the middle by steps from its first node, the sides by steps from its last.

    Args:
        sides: node_id → ``left``, ``middle`` or ``right``.
        arrows: from_node, to_node.
    """
    middle = sides.index[sides == "middle"]
    inner = arrows[arrows["from_node"].isin(middle) & arrows["to_node"].isin(middle)]
    first = sorted(set(middle) - set(inner["to_node"]))
    depth = _steps(first, inner)
    last = [node for node in middle if depth[node] == max(depth.values())]
    rows = max(depth.values()) + 1
    places: dict[str, Place] = {}
    for level in range(rows):
        places |= _middle_row(sorted(node for node in middle if depth[node] == level), level)
    distance = _steps(last, arrows)
    for side, x in (("left", 2.0), ("right", WIDTH - NODE_WIDTH - 2.0)):
        own = sorted(sides.index[sides == side], key=lambda node: (-distance.get(node, 99), node))
        step = (rows - 1) / max(len(own) - 1, 1)
        places |= {node: Place(side, x, _top(position * step)) for position, node in enumerate(own)}
    return places


def _steps(start: list[str], arrows: pd.DataFrame) -> dict[str, int]:
    """The fewest arrows from any node of ``start`` to every node that can be reached."""
    steps = dict.fromkeys(start, 0)
    frontier = start
    while frontier:
        reached = arrows.loc[arrows["from_node"].isin(frontier), "to_node"]
        new = sorted(set(reached) - set(steps))
        steps |= dict.fromkeys(new, steps[frontier[0]] + 1)
        frontier = new
    return steps


def _top(row: float) -> float:
    return 2 + row * (NODE_HEIGHT + ROW_GAP)


def _middle_row(nodes: list[str], level: int) -> dict[str, Place]:
    width = len(nodes) * NODE_WIDTH + (len(nodes) - 1) * BETWEEN
    left = MIDDLE_LEFT + (2 * NODE_WIDTH + BETWEEN - width) / 2
    return {node: Place("middle", left + at * (NODE_WIDTH + BETWEEN), _top(level)) for at, node in enumerate(nodes)}


def route(source: Place, target: Place) -> list[tuple[float, float]]:
    """Return the corners of an arrow: straight within a column, through the gutter to or from the middle, else below.

    Arrows leave in the upper half of a side and arrive in the lower half, so that they do not lie on each other.
    """
    sides = (source.side, target.side)
    if source.side == target.side:
        down = source.y < target.y
        return [
            (source.middle, source.bottom if down else source.y),
            (target.middle, target.y if down else target.bottom),
        ]
    if sides == ("left", "middle"):
        lane = MIDDLE_LEFT - GUTTER / 3
        return _through(source.right, source.half, lane, target.x, target.half)
    if sides == ("right", "middle"):
        lane = WIDTH - NODE_WIDTH - 2 - 2 * GUTTER / 3
        return _through(source.x, source.half - PORT, lane, target.right, target.half)
    if sides == ("middle", "right"):
        lane = WIDTH - NODE_WIDTH - 2 - GUTTER / 3
        return _through(source.right, source.half + PORT, lane, target.x, target.half + PORT)
    below = max(source.bottom, target.bottom) + ROW_GAP / 2
    return [
        (source.middle, source.bottom),
        (source.middle, below),
        (target.middle, below),
        (target.middle, target.bottom),
    ]


def _through(x: float, y: float, lane: float, to_x: float, to_y: float) -> list[tuple[float, float]]:
    return [(x, y), (lane, y), (lane, to_y), (to_x, to_y)]


def _svg(nodes: pd.DataFrame, arrows: pd.DataFrame, places: dict[str, Place], region_id: str) -> str:
    height = max(place.bottom for place in places.values()) + ROW_GAP / 2 + 4
    head = f"{region_id}-pijlpunt"
    lines = "\n".join(
        f'<path d="{_path(route(places[one["from_node"]], places[one["to_node"]]))}" marker-end="url(#{head})"/>'
        for one in records(arrows)
    )
    # The reading order: the middle of the scheme first, then left and right, each from above.
    order = sorted(places, key=lambda node: (places[node].side != "middle", places[node].side, places[node].y))
    by_id = {str(node["node_id"]): node for _, node in nodes.iterrows()}
    boxes = "\n".join(_box(by_id[node], places[node]) for node in order)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" xmlns="http://www.w3.org/2000/svg">\n'
        f'<defs aria-hidden="true"><marker id="{head}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path class="motor-punt" d="M0,0 L8,4 L0,8 Z"/></marker></defs>\n'
        f'<g class="motor-pijlen" aria-hidden="true">\n{lines}\n</g>\n<g role="list">\n{boxes}\n</g>\n</svg>'
    )


def _path(corners: list[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _box(node: pd.Series, place: Place) -> str:
    lines = [("motor-naam", text) for text in textwrap.wrap(node["label"], 17)]
    lines += [("motor-maat", text) for text in textwrap.wrap(f"{node['title']} ({node['year']})", 20)]
    lines += [("motor-waarde", _measure(node, "value")), ("motor-maat", f"Nederland {_national(node)}")]
    lines += [("motor-oordeel", _compared(node))]
    start = place.y + (NODE_HEIGHT - LINE * len(lines)) / 2 + 12
    texts = " ".join(
        f'<text class="{kind}" x="{place.x + 11:.0f}" y="{start + LINE * at:.1f}">{escape(text)}</text>'
        for at, (kind, text) in enumerate(lines)
    )
    return (
        f'<g role="listitem" class="motor-vak motor-{node["compared"]}">'
        f'<rect x="{place.x:.0f}" y="{place.y:.0f}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="4"/>'
        f'<rect class="motor-kant" x="{place.x:.0f}" y="{place.y:.0f}" width="5" height="{NODE_HEIGHT}"/>{texts}</g>'
    )


def _measure(node: pd.Series, column: str) -> str:
    text = with_unit(float(node[column]), str(node["unit"]), int(node["decimals"]))
    if node["unit"] in {"%", "euro"}:
        return text
    return f"{text} {SHORT_UNITS.get(node['unit'], node['unit'])}"


def _national(node: pd.Series) -> str:
    """The Dutch figure without the words of the unit, which stand in the line above it."""
    return with_unit(float(node["national"]), str(node["unit"]), int(node["decimals"]))


def _compared(node: pd.Series) -> str:
    if node["compared"] != "different":
        return COMPARED[str(node["compared"])]
    return "hoger" if node["gap"] > 0 else "lager"


def _finding(nodes: pd.DataFrame, area: str) -> str:
    judged = nodes[nodes["compared"] != "different"]
    worse = int((judged["compared"] == "worse").sum())
    return (
        f"{area}: {worse} van de {len(judged)} schakels waarvan vaststaat welke kant gunstig is, liggen minder gunstig "
        "dan in Nederland"
    )


def _each_node(nodes: pd.DataFrame) -> str:
    return "; ".join(
        f"{node['label']}: {_measure(node, 'value')}, Nederland {_measure(node, 'national')} ({node['year']})"
        for _, node in nodes.iterrows()
    )


def _arrow_list(nodes: pd.DataFrame, arrows: pd.DataFrame) -> str:
    labels = nodes.set_index("node_id")["label"]
    items = "".join(
        f"<li>{escape(labels[one['from_node']])} → {escape(labels[one['to_node']].lower())}</li>"
        for one in records(arrows)
    )
    return f"<p>Elke pijl is een veronderstelling van het rapport, geen meting.</p><ul>{items}</ul>"


def _source(nodes: pd.DataFrame) -> str:
    first, last = nodes["year"].min(), nodes["year"].max()
    return (
        "Bron: CBS, DUO en CBS/Kadaster (zie de pagina Bronnen), bewerking Nederland in balans; per vak staat het "
        f"peiljaar ({number(len(nodes))} vakken, {first}–{last}). De gestreepte pijlen zijn een veronderstelling van "
        "het rapport (naar het schema van RIGO en Atlas voor Gemeenten); alleen de vakken zijn gemeten."
    )
