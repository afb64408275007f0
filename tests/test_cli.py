"""The command line: help on everything, and errors that a person can read."""

from __future__ import annotations

import shutil

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from balans.cli import app
from balans.paths import Project

# Asked of the program itself, so that a new verb is tested without being written down here.
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, small_project: Project) -> CliRunner:
    """A runner of the command in a copy of the project."""
    monkeypatch.setenv("BALANS_ROOT", str(small_project.root))
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_verb_has_help(run: CliRunner, command: str) -> None:
    """Guards ``--help`` on everything."""
    result = run.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_region_list_names_regions_and_areas(run: CliRunner) -> None:
    """Guards ``balans region list``."""
    shown = run.invoke(app, ["region", "list"]).output
    assert all(text in shown for text in ("parkstad-limburg", "krimpregios", "PV20", "CR14", "GM0363"))


def test_a_changed_figure_is_one_message_and_no_traceback(run: CliRunner, small_project: Project) -> None:
    """Guards errors for people: what, where, what to do; exit status 1."""
    (small_project.raw / "kwb" / "measures.csv").write_text("changed")
    result = run.invoke(app, ["process"])
    assert result.exit_code == 1
    assert "kwb/measures.csv: has changed" in result.output
    assert "git checkout" in result.output
    assert "Traceback" not in result.output


def test_an_unknown_region_is_explained(run: CliRunner, small_project: Project, project: Project) -> None:
    """Guards ``make region REGION=…`` with a typing error."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    result = run.invoke(app, ["region", "make", "Parkstadd"])
    assert result.exit_code == 1
    assert "parkstad-limburg" in result.output


def test_clean_removes_what_is_generated_and_nothing_else(run: CliRunner, small_project: Project) -> None:
    """Guards ``make clean``."""
    kept = [small_project.book / "index.md", small_project.raw / "manifest.json", small_project.own_regions / "x.yml"]
    kept[-1].parent.mkdir()
    kept[-1].write_text("x")
    generated = [
        small_project.processed / "x.csv",
        small_project.book / "regios" / "x.ipynb",
        small_project.cache / "x",
    ]
    for path in generated:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert run.invoke(app, ["clean"]).exit_code == 0
    assert [path for path in generated if path.exists()] == []
    assert [path for path in kept if not path.is_file()] == []


def test_restore_without_an_earlier_version_is_explained(run: CliRunner) -> None:
    """Guards ``balans restore`` on a table that was never refreshed."""
    result = run.invoke(app, ["restore", "70072ned"])
    assert result.exit_code == 1
    assert "70072ned" in result.output
