"""The figures, maps and tables of liveability, on the real tables."""

from __future__ import annotations

import matplotlib.colors as colours
import numpy as np
import pandas as pd
import pytest

from balans.errors import UnknownKeyError
from balans.indicators.catalogue import load_indicators
from balans.pages.data import PageData, page_data
from balans.pages.h1.leefbaarheid import findings, maps, tables
from balans.pages.h1.leefbaarheid.map_drawing import Legend, level_legend
from balans.pages.parts.liveability import CLASSES, check_choices, shown_score, titles
from balans.pages.parts.output import Chart, Prose
from balans.pages.regios import liveability
from balans.paths import Project

LARGEST_MAP = 250_000
DICHROMAT = np.array([[0.625, 0.375, 0.0], [0.7, 0.3, 0.0], [0.0, 0.3, 0.7]])  # deuteranopia, Machado-like mixing


@pytest.fixture(scope="module")
def data(project: Project) -> PageData:
    """What the page on liveability may read."""
    return page_data(template="h1/leefbaarheid")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (("woning", 2035, "inwoners"), "dimensie = woning is not there. There are: woningvoorraad"),
        (("totaal", 2030, "inwoners"), "jaar = 2030 is not there. There are: 2025, 2035"),
        (("totaal", 2035, "huizen"), "weging = huizen is not there. There are: inwoners, woningen"),
    ],
)
def test_a_wrong_parameter_names_the_right_ones(data: PageData, choice: tuple[str, int, str], message: str) -> None:
    """Guards the parameters of the page: a typing error stops with what there is."""
    with pytest.raises(UnknownKeyError, match=message):
        check_choices(data, *choice)


def test_the_parameters_change_what_is_shown(data: PageData) -> None:
    """Guards against parameters for show: each changes an output."""
    assert findings.lead(data, "inwoners") != findings.lead(data, "woningen")
    for year in (2025, 2035):
        assert f">{year}<" in tables.projection_table(data, "totaal", year, "inwoners").html
    by_dimension = {key: tables.index_table(data, key, "inwoners").html for key in titles(data)}
    assert len(set(by_dimension.values())) == 6


def test_the_lead_states_the_published_scores(data: PageData) -> None:
    """Guards the first lines: krimp −0.0005 by inhabitants (−0.0028 by dwellings), Parkstad and Eemsdelta lowest."""
    text = findings.lead(data).markdown
    for part in ("**−0,0005**", "0,019", "Parkstad Limburg (−0,045) en Eemsdelta (−0,039)", "voorzieningen (−0,086)"):
        assert part in text
    assert "woningen op −0,0028" in findings.weighting(data).markdown


def test_what_the_index_cannot_do_is_said(data: PageData) -> None:
    """Guards the warning: too kind for the krimp regions, and 0.52 for the total of the twenty."""
    text = findings.trust(data).markdown
    assert "te vriendelijk: 0,018 tegen officieel −0,0005 (buiten de steekproef 0,020)" in text
    assert "op 0,52" in text
    assert "fysieke omgeving (0,69)" in text


def test_regions_without_a_projection_are_named(data: PageData) -> None:
    """Guards the three regions of which the border crosses a municipality."""
    text = findings.projection_note(data, 2035).markdown
    assert "De Marne, Eemsdelta en Noordwest Fryslân hebben geen eigen projectie" in text
    assert tables.projection_table(data, "totaal", 2035, "inwoners").html.count("geen eigen projectie") == 3


def test_distance_to_a_hospital(data: PageData, project: Project) -> None:
    """Guards: krimp 6.19 → 6.93 km in 2015–2018, Netherlands 4.65 → 4.68."""
    text = findings.hospital(data, load_indicators(project)).markdown
    for figure in ("6,19", "6,93", "4,65", "4,68"):
        assert figure in text


@pytest.mark.slow
@pytest.mark.parametrize("dimension", ["totaal", "fysieke_omgeving", "voorzieningen"])
def test_maps_are_small_and_described(data: PageData, dimension: str) -> None:
    """Guards the weight of the page and its alt texts, also for a dimension that stands still."""
    charts = [
        maps.official_map(data, dimension),
        maps.index_maps(data, dimension),
        maps.change_map(data, dimension),
        maps.projection_maps(data, dimension, 2035),
        maps.residual_map(data, dimension),
    ]
    for chart in charts:
        assert len(chart.svg()) < LARGEST_MAP, chart.name
        assert len(chart.alt) >= 60
        assert len(chart.data) == 342
    assert len({chart.name for chart in charts}) == len(charts)


def test_level_maps_share_one_legend(data: PageData) -> None:
    """Guards comparison between maps: the classes follow from the official scores alone."""
    assert level_legend(data, "totaal") == level_legend(data, "totaal")
    assert level_legend(data, "totaal").labels()[3] == "−0,025 tot +0,025"


@pytest.mark.parametrize("value", [-1.0, -0.0251, -0.025, 0.0, 0.02499, 0.025, 1.0])
def test_every_value_falls_in_the_class_that_its_label_says(value: float) -> None:
    """Guards the bounds: the lower one belongs to the class, the upper one to the next."""
    legend = Legend(0.05)
    found = int(legend.classes(pd.Series([value])).iloc[0])
    edges = [-np.inf, *legend.edges, np.inf]
    assert edges[found] <= value < edges[found + 1]


def test_a_missing_score_has_no_class() -> None:
    """Guards against colouring what is not known."""
    assert Legend(0.05).classes(pd.Series([np.nan])).isna().all()


def test_the_two_ends_of_the_scale_differ_for_the_colour_blind() -> None:
    """Guards readers who see no red and green: every pair of opposite classes stays far apart in blue."""
    seen = np.array([DICHROMAT @ np.array(colours.to_rgb(colour)) for colour in CLASSES])
    for low, high in ((0, 6), (1, 5), (2, 4)):
        assert np.abs(seen[low] - seen[high]).max() > 0.12


@pytest.mark.parametrize(
    ("value", "text"), [(-0.0453, "−0,045"), (-0.00046, "−0,0005"), (0.0, "0,000"), (0.0006, "0,001")]
)
def test_scores_near_zero_get_a_decimal_more(value: float, text: str) -> None:
    """Guards against a deficit that reads as zero."""
    assert shown_score(value) == text


@pytest.mark.parametrize("region_id", ["parkstad-limburg", "de-marne", "walcheren", "GM0363", "PV20"])
def test_the_sections_of_a_region(project: Project, region_id: str) -> None:
    """Guards the sections on any kind of area, with and without a projection."""
    data, indicators = page_data(region_id, template="regios/regio"), load_indicators(project)
    charts = [liveability.by_dimension(data, region_id), liveability.contributions(data, region_id)]
    for chart in charts:
        assert isinstance(chart, Chart)
        assert chart.name.startswith(region_id)
        assert len(chart.alt) >= 60
    table = liveability.index_table(data, region_id)
    assert table is not None
    assert ("Onze index 2035" in table.html) == (region_id != "de-marne")
    note = liveability.reading(data, region_id)
    assert isinstance(note, Prose)
    assert ("Een eigen projectie is er niet" in note.markdown) == (region_id == "de-marne")
    assert liveability.facilities(data, region_id, indicators) is not None
    assert liveability.facilities_finding(data, region_id, indicators) is not None


def test_an_area_without_scores_has_no_section(project: Project) -> None:
    """Guards a user's own region: the index does not have it, so nothing is shown and nothing fails."""
    data = page_data("walcheren", template="regios/regio")
    assert liveability.by_dimension(data, "mijn-regio") is None
    assert liveability.index_table(data, "mijn-regio") is None
    assert liveability.reading(data, "mijn-regio") is None
    assert liveability.contributions(data, "mijn-regio") is None
