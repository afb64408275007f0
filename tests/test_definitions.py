"""What is said as data is checked, and a mistake is named with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from balans.definitions import check_definitions, load_definition
from balans.errors import DefinitionError
from balans.indicators.catalogue import load_indicators
from balans.paths import Project
from balans.sources.catalogue import load_catalogue


def test_every_definition_is_valid(project: Project) -> None:
    """Guards every YAML file in definitions/ that has a schema."""
    schemas = {path.name.removesuffix(".schema.json") for path in (project.definitions / "schemas").glob("*.json")}
    files = sorted(project.definitions.glob("*.yml"))
    assert [path.name for path in files if path.stem not in schemas] == []
    check_definitions(project.definitions)


def test_every_topic_of_an_indicator_exists(project: Project) -> None:
    """Guards the link from indicators to sources."""
    catalogue = load_catalogue(project)
    topics = {topic.id for table in catalogue.tables for topic in table.topics} | {
        item.id for item in catalogue.derived
    }
    missing = {item.id: set(item.topics) - topics for item in load_indicators(project).values()}
    assert {key: value for key, value in missing.items() if value} == {}


def test_a_mistake_is_named_with_file_and_place(small_project: Project) -> None:
    """Guards the message for whoever adds an indicator."""
    path = small_project.definitions / "indicators.yml"
    path.write_text(path.read_text().replace("kind: sum", "kind: total", 1))
    with pytest.raises(
        DefinitionError, match=r"indicators\.yml: at indicators\[0\]\.kind \(inwoners\): 'total' is not one of"
    ):
        load_definition(path)


def test_text_that_is_not_yaml_is_named(small_project: Project) -> None:
    """Guards the message for a slip in the layout."""
    path = small_project.definitions / "notes.yml"
    path.write_text("notes: [")
    with pytest.raises(DefinitionError, match="not valid YAML"):
        load_definition(path)


def test_a_list_at_the_top_is_refused(tmp_path: Path) -> None:
    """Guards against a file without keys."""
    path = tmp_path / "x.yml"
    path.write_text("- a\n")
    with pytest.raises(DefinitionError, match="expected keys"):
        load_definition(path)


def test_a_slip_in_a_claim_is_named_by_the_claim_and_all_slips_at_once(small_project: Project) -> None:
    """Guards whoever edits claims: the message says which claim, before anything is computed, and every file's slip."""
    claims = small_project.definitions / "claims.yml"
    first = yaml.safe_load(claims.read_text())["claims"][0]["id"]
    claims.write_text(claims.read_text().replace("    chapter:", "    chaptre:", 1))
    notes = small_project.definitions / "notes.yml"
    notes.write_text("notes: [")
    with pytest.raises(DefinitionError) as caught:
        check_definitions(small_project.definitions)
    assert re.search(rf"claims\.yml: at claims\[0\] \({first}\): .*chaptre", str(caught.value))
    assert "notes.yml: this is not valid YAML" in str(caught.value)
