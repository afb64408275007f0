"""What a newcomer meets first: set-up, environment files, verbs, and what no file may hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from balans.paths import Project


def tracked_files(project: Project) -> list[Path]:
    """Every file that is in git, or would be."""
    command = ["git", "-C", str(project.root), "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for name in names if (path := project.root / name).is_file()]


def test_conda_users_get_the_same_versions(project: Project) -> None:
    """Guards that environment.yml and ``make setup`` cannot drift apart: both install the lock, on the same Pythons."""
    environment = yaml.safe_load((project.root / "environment.yml").read_text())
    settings = tomllib.loads((project.root / "pyproject.toml").read_text())
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert pip == ["-r requirements.lock"]
    assert f"python {settings['project']['requires-python']}" in environment["dependencies"]


def test_the_citation_says_what_the_package_says(project: Project) -> None:
    """Guards CITATION.cff: version and licence as in pyproject.toml."""
    citation = yaml.safe_load((project.root / "CITATION.cff").read_text())
    settings = tomllib.loads((project.root / "pyproject.toml").read_text())["project"]
    assert (citation["version"], citation["license"]) == (settings["version"], settings["license"])
    assert (project.root / "LICENSE").read_text().startswith("MIT License")


def test_conda_users_install_nothing_but_the_lock(project: Project) -> None:
    """Guards environment.yml against the fault of 24-11-2026: pip must not resolve there either."""
    options = (project.root / "environment.yml").read_text()
    assert "PIP_NO_DEPS" in options


def test_make_alone_prints_every_verb(project: Project) -> None:
    """Guards the list of verbs: one line each, in ``make`` and in the README."""
    command = ["make", "--no-print-directory", "-C", str(project.root)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    makefile = (project.root / "Makefile").read_text()
    # "ready" is what the others do first, and "help" is make alone; nobody types them.
    verbs = set(re.findall(r"^([a-z-]+): .*(?:##|$)", makefile, re.M)) - {"ready", "help"}
    assert {line.split()[1] for line in shown.splitlines()} >= verbs
    assert {"setup", "book", "regiocheck", "goldens", "mutants"} <= verbs
    readme = (project.root / "README.md").read_text()
    assert [verb for verb in sorted(verbs) if f"`make {verb}" not in readme] == []


@pytest.mark.parametrize("pattern", [r"/work/", r"pypi\.org", r"pythonhosted", r"registry\.npm", r"deb\.debian"])
def test_no_file_names_a_machine_or_a_registry(project: Project, pattern: str) -> None:
    """Guards a project that works anywhere: no path of one machine, no host of a package registry."""
    this = Path(__file__)
    named = []
    for path in tracked_files(project):
        if path == this or path.suffix in {".gz", ".parquet", ".png"}:
            continue
        if re.search(pattern, path.read_text(encoding="utf-8", errors="ignore")):
            named.append(path.name)
    assert named == []


def test_notebooks_are_stored_without_outputs(project: Project) -> None:
    """Guards templates: what they show is made when the book is made."""
    templates = sorted(project.notebooks.rglob("*.ipynb"))
    assert templates
    assert [path.name for path in templates if '"output_type"' in path.read_text()] == []
