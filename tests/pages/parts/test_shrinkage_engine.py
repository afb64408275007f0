"""The engine of shrinkage: drawn from data, readable without seeing it, arrows told apart from measurements."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from balans.pages.data import PageData, page_data
from balans.pages.parts.shrinkage_engine import NODE_HEIGHT, NODE_WIDTH, WIDTH, Place, engine_diagram, layout, route


@pytest.fixture(scope="module")
def data(project: object) -> PageData:
    return page_data(template="h1/achterstanden")


@pytest.fixture(scope="module")
def places(data: PageData) -> dict[str, Place]:
    nodes = data.table("engine_nodes")
    sides = nodes[nodes["region_id"] == "krimpregios"].set_index("node_id")["side"]
    return layout(sides, data.table("engine_arrows"))


def test_every_node_is_text_with_its_measure(data: PageData) -> None:
    """Guards screen readers: the drawing is well-formed, and each node a list item with label, figure and year."""
    diagram = engine_diagram(data, "krimpregios")
    assert diagram is not None
    svg = re.search(r"<svg.*</svg>", diagram.html, flags=re.DOTALL)
    assert svg is not None
    items = [one for one in ET.fromstring(svg[0]).iter() if one.get("role") == "listitem"]
    texts = [" ".join(part.text or "" for part in item if part.tag.endswith("text")) for item in items]
    assert len(texts) == 11
    expected = "Waarde van woningen WOZ-waarde (2025) € 297.288 Nederland € 397.555 minder gunstig"
    assert expected in [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]
    assert all(re.search(r"\(20\d\d\)", text) for text in texts)


def test_the_arrows_are_called_hypotheses_and_stand_in_words(data: PageData) -> None:
    """Guards against reading an arrow as a finding: each is in a list that says what it is."""
    diagram = engine_diagram(data, "krimpregios")
    assert diagram is not None
    assert "veronderstelling" in diagram.source
    assert diagram.html.count("<li>") == len(data.table("engine_arrows"))
    assert "Waarde van woningen → vertrek naar elders in nederland".lower() in diagram.html.lower()


def test_no_two_nodes_overlap_and_all_fit(places: dict[str, Place]) -> None:
    """Guards the layout, whatever nodes the definitions hold."""
    spots = list(places.values())
    assert all(one.x >= 0 and one.right <= WIDTH for one in spots)
    for at, one in enumerate(spots):
        for other in spots[at + 1 :]:
            assert abs(one.x - other.x) >= NODE_WIDTH or abs(one.y - other.y) >= NODE_HEIGHT


def test_arrows_touch_the_nodes_they_join(data: PageData, places: dict[str, Place]) -> None:
    """Guards the routes: each begins and ends at an edge of its node."""
    for arrow in data.table("engine_arrows").itertuples():
        source, target = places[arrow.from_node], places[arrow.to_node]
        corners = route(source, target)
        for (x, y), place in ((corners[0], source), (corners[-1], target)):
            assert x in {place.x, place.right, place.middle}
            assert place.y <= y <= place.bottom


def test_a_new_node_finds_its_own_place() -> None:
    """Guards that the drawing follows the definitions (synthetic nodes)."""
    sides = pd.Series({"a": "middle", "b": "middle", "c": "left", "d": "right", "e": "right"})
    arrows = pd.DataFrame({"from_node": ["a", "c", "b", "d"], "to_node": ["b", "a", "d", "e"]})
    places = layout(sides, arrows)
    assert places["a"].y < places["b"].y
    assert places["e"].y < places["d"].y


@pytest.mark.parametrize(
    ("region", "drawn"), [("parkstad-limburg", True), ("de-marne", True), ("GM0363", False), ("PV20", False)]
)
def test_only_measured_regions_have_a_diagram(region: str, drawn: bool) -> None:
    """Guards the pages of other areas, which have no measured nodes."""
    diagram = engine_diagram(page_data(region, template="regios/regio"), region)
    assert (diagram is not None) is drawn
    assert diagram is None or diagram.name == f"{region}-motor"
