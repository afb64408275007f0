"""The framework, the official scores, and the figures on one division."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from balans.errors import DefinitionError, RawDataError
from balans.liveability.framework import load_framework
from balans.liveability.harmonise import indicator_values, on_own_division
from balans.liveability.index import Index
from balans.liveability.official import adding_up_gap, classes_of, load_cutoffs, load_official
from balans.paths import Project
from balans.sources.figures import Figures


@pytest.fixture
def copied(project: Project, tmp_path) -> Project:
    """The definitions and official scores in a folder of the test."""
    shutil.copytree(project.definitions, tmp_path / "definitions")
    shutil.copytree(project.raw / "leefbaarometer", tmp_path / "data" / "raw" / "leefbaarometer")
    shutil.copy(project.raw / "manifest.json", tmp_path / "data" / "raw")
    return Project(tmp_path)


def test_every_theme_without_an_open_counterpart_says_why(project: Project) -> None:
    """Guards honesty: what the Leefbaarometer measures and we cannot is named, with the reason."""
    dimensions = load_framework(project).dimensions
    assert [one.official for one in dimensions] == ["won", "fys", "vrz", "soc", "onv"]
    missing = [theme for one in dimensions for theme in one.themes if theme["counterpart"] != "full"]
    assert missing
    assert all(theme["reason"] for theme in missing)


def test_descent_is_not_an_indicator(project: Project) -> None:
    """Guards a decision: no indicator rests on where people or their parents were born."""
    topics = " ".join(indicator.topic for indicator in load_framework(project).indicators)
    assert not any(word in topics for word in ("achtergrond", "herkomst", "marokko", "turkije", "surinam"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: corporatiewoningen", "id: koopwoningen", "listed twice: \\['koopwoningen'\\]"),
        (
            "dimensions: {woningvoorraad: lower_is_better}",
            "dimensions: {tuinen: open}",
            "unknown dimensions: \\['tuinen'\\]",
        ),
        ("transformation: root", "transformation: cube", "'cube' is not one of"),
    ],
)
def test_a_wrong_definition_says_what_is_wrong(copied: Project, old: str, new: str, message: str) -> None:
    """Guards the messages of a definition that cannot be meant."""
    path = copied.definitions / "liveability.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message):
        load_framework(copied)


def test_official_dimensions_add_up_to_the_total(index: Index) -> None:
    """Guards the data check: 342 municipalities, 12 provinces, largest gap about one millionth."""
    assert len(index.official.scores) == 342
    assert len(index.official.province_names) == 12
    assert adding_up_gap(index.official.scores, index.framework) == pytest.approx(1.3e-6, abs=1e-7)


def test_official_scores_that_do_not_add_up_are_refused(copied: Project) -> None:
    """Guards against a changed raw file."""
    path = copied.raw / "leefbaarometer" / "scores_2024.csv"
    table = pd.read_csv(path)
    table.loc[0, "won"] += 0.01
    table.to_csv(path, index=False)
    with pytest.raises(RawDataError, match=r"differ by 0\.01"):
        load_official(copied, load_framework(copied))


def test_cutoffs_give_every_official_class(project: Project, index: Index) -> None:
    """Guards the class bounds: they reproduce the published class of all municipalities, in all dimensions."""
    published = pd.read_csv(project.raw / "leefbaarometer" / "scores_2024.csv").set_index("code").sort_index()
    columns = {"totaal": "kafw"} | {one.id: f"k{one.official}" for one in index.framework.dimensions}
    bounds = load_cutoffs(project, index.framework)
    for name, column in columns.items():
        made = classes_of(index.official.scores[name].to_numpy(), bounds[name])
        np.testing.assert_array_equal(made, published[column])


def test_all_figures_are_on_the_division_of_the_index(index: Index) -> None:
    """Guards the harmonising: 342 municipalities, with the official scores in the same order."""
    assert list(index.panel.codes) == list(index.official.scores.index)
    assert index.panel.population.sum() == 17_942_942


def test_a_merged_municipality_has_the_mean_of_its_parts(index: Index, figures: Figures) -> None:
    """Guards the weights, on Eemsdelta (2021: Appingedam, Delfzijl, Loppersum): hospital distance of 2018."""
    parts = figures.wide.loc[[("GM0003", 2018), ("GM0010", 2018), ("GM0024", 2018)]]
    expected = np.average(parts["afstand_ziekenhuis_poli"], weights=parts["inwoners"])
    position = index.panel.codes.get_loc("GM1979")
    assert index.panel.raw["afstand_ziekenhuis_poli", 2018][position] == pytest.approx(expected, abs=1e-9)


def test_a_code_that_changed_within_the_year_gets_its_first_code_back(project: Project) -> None:
    """Guards De Fryske Marren: renumbered on 1 July 2015, but published under the new code for all of 2015."""
    figures = pd.DataFrame({"x": [1.0, np.nan, 2.0]}, index=["GM1940", "GM1921", "GM0363"])
    made = on_own_division(figures, project, 2015)
    assert made["x"].to_dict() == {"GM0363": 2.0, "GM1921": 1.0}


def test_a_year_without_figures_is_refused(project: Project, figures: Figures) -> None:
    """Guards against a series that promises a year that the source does not have."""
    framework = load_framework(project)
    first = replace(framework.indicators[0], series=(2012,))
    with pytest.raises(DefinitionError, match="koopwoningen: there are no figures of koopwoningen"):
        indicator_values(figures.wide, replace(framework, indicators=(first,)), project)
