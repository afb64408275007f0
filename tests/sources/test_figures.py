"""Figures are read in the right unit, from the right table, with what is provisional said."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.paths import Project
from balans.sources.catalogue import DerivedTopic, load_catalogue
from balans.sources.figures import Figures, add_derived, load_figures


@pytest.fixture(scope="module")
def figures(project: Project) -> Figures:
    return load_figures(project, load_catalogue(project))


def test_units_are_those_of_the_definition(figures: Figures) -> None:
    """Guards the scale: WOZ in euro from two tables that publish it differently, land in km², jobs one by one."""
    netherlands = figures.wide.loc[("NL01", 2015)]
    assert netherlands["woz_waarde"] == 206_000
    assert netherlands["landoppervlakte"] == pytest.approx(33_687.62)
    assert netherlands["banen"] == 7_846_000
    assert figures.wide.loc[("GM0014", 2021), "woz_waarde"] > 100_000


def test_first_table_decides_and_differences_are_reported(figures: Figures) -> None:
    """Guards the rule for WOZ 2020, which stands in two tables."""
    both = figures.differences[(figures.differences["topic"] == "woz_waarde") & (figures.differences["year"] == 2020)]
    assert not both.empty
    assert (both["used_source"] == "70072ned").all()
    row = both.iloc[0]
    assert figures.wide.loc[(row["region"], 2020), "woz_waarde"] == row["used"] != row["other"]


def test_rounding_is_not_reported_as_a_difference(figures: Figures) -> None:
    """Guards against noise: tables that round to tens agree with exact counts."""
    people = figures.differences[figures.differences["topic"] == "inwoners"]
    assert (abs(people["used"] - people["other"]) > 5).all()


def test_provisional_years_are_known(figures: Figures) -> None:
    """Guards the note under figures: 2026 inhabitants, 2023 income and 2025 WOZ are provisional."""
    status = figures.origin["status"]
    assert status["inwoners", 2026] == "provisional"
    assert status["besteedbaar_inkomen", 2023] == "provisional"
    assert status["woz_waarde", 2025] == "provisional"
    assert status["inwoners", 2015] == "definitive"


def test_derived_topics_fill_or_replace() -> None:
    """Guards both ways of preferring, on a small synthetic table."""
    synthetic = pd.DataFrame({"a": [2.0, 4.0], "b": [1.0, 2.0], "c": [9.0, None]})
    filled = add_derived(synthetic, DerivedTopic("c", "a / b", "source"))
    replaced = add_derived(synthetic, DerivedTopic("c", "a / b", "derived"))
    assert filled["c"].tolist() == [9.0, 2.0]
    assert replaced["c"].tolist() == [2.0, 2.0]


def test_base_topics_follow_expressions_to_what_is_published(figures: Figures) -> None:
    """Guards the source line of derived indicators."""
    assert {"immigratie", "emigratie"} <= figures.base_topics("buitenlands_migratiesaldo")
    assert {"besteedbaar_inkomen", "huishoudens_zonder_studenten"} <= figures.base_topics("inkomen_totaal")
