"""The lock: closed on every platform and Python, hashed, without addresses, and the only thing that is installed."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.closed import Locked, asked_for, check, environments, read_lock, read_metadata, unmet

from balans.paths import Project


@pytest.fixture(scope="module")
def lock(project: Project) -> list[Locked]:
    """The entries of requirements.lock."""
    return read_lock((project.root / "requirements.lock").read_text())


@pytest.fixture(scope="module")
def metadata(project: Project) -> dict[str, list[str]]:
    """What each locked package requires."""
    return read_metadata(project.root / "tools" / "lock-metadata.json")


def test_the_lock_is_closed(project: Project) -> None:
    """Guards set-up without resolving: on every platform and Python all requirements are met by the lock itself."""
    assert check(project.root) == []


def test_whichever_entry_is_removed_is_missed(
    project: Project, lock: list[Locked], metadata: dict[str, list[str]]
) -> None:
    """Guards the test above: it sees every hole, so it cannot pass on a lock that is not closed."""
    roots = asked_for(project.root / "pyproject.toml")
    seen = 0
    for entry in lock:
        for _, environment in environments():
            if entry.marker is None or entry.marker.evaluate({**environment, "extra": ""}):
                rest = [other for other in lock if other is not entry]
                assert any(
                    canonicalize_name(Requirement(problem.split(" requires ")[1]).name) == entry.name
                    for problem in unmet(rest, metadata, roots, environment)
                ), f"nobody missed {entry.key}"
                seen += 1
                break
    assert seen > 200


def test_an_older_version_than_required_is_seen(
    project: Project, lock: list[Locked], metadata: dict[str, list[str]]
) -> None:
    """Guards versions and extras: pytest-cov asks for coverage[toml] of a certain age, as on 24-11-2026."""
    old = [Locked("coverage", "7.0", None) if entry.name == "coverage" else entry for entry in lock]
    roots = asked_for(project.root / "pyproject.toml")
    _, environment = next(environments())
    problems = unmet(old, {**metadata, "coverage==7.0": []}, roots, environment)
    assert len(problems) == 1
    assert re.search(r"pytest-cov==.* requires coverage\[toml\]>=", problems[0])


def test_the_stored_requirements_are_those_of_the_packages(lock: list[Locked], metadata: dict[str, list[str]]) -> None:
    """Guards lock-metadata.json: it says what the installed packages say, and the locked version is what is here."""
    here = {**default_environment(), "extra": ""}
    installed = [entry for entry in lock if entry.marker is None or entry.marker.evaluate(here)]
    assert len(installed) > 150
    for entry in installed:
        assert installed_version(entry.name) == entry.version
        assert (distribution(entry.name).requires or []) == metadata[entry.key], entry.key


def test_every_locked_package_has_a_hash_and_no_address(project: Project) -> None:
    """Guards a set-up that cannot be tampered with and that names no place to download from."""
    text = (project.root / "requirements.lock").read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(blocks) > 150
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text + (project.root / "tools" / "constraints.txt").read_text()


def test_the_same_pythons_are_named_everywhere(project: Project) -> None:
    """Guards that pyproject, the lock, the set-up and the README speak of the same Pythons."""
    pythons = list(dict.fromkeys(environment["python_version"] for _, environment in environments()))
    oldest, newest = (int(python.split(".")[1]) for python in (pythons[0], pythons[-1]))
    root: Path = project.root
    assert f'requires-python = ">=3.{oldest},<3.{newest + 1}"' in (root / "pyproject.toml").read_text()
    assert f"OLDEST={oldest}\nNEWEST={newest}\n" in (root / "tools" / "setup.sh").read_text()
    assert f"Python 3.{oldest} to 3.{newest}" in (root / "README.md").read_text()
