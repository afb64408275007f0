"""What every test can ask for: the project, its tables, and the built book."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from balans.paths import Project, find_project
from balans.process import process
from balans.publish.book import book_pages, make_book
from balans.tables import read_table

# No test is timed: a busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="session")
def project() -> Project:
    """The checkout that the tests run in, with its tables made."""
    found = find_project(Path(__file__))
    process(found)
    return found


@pytest.fixture(scope="session")
def indicators(project: Project) -> pd.DataFrame:
    """The table ``indicators``, by region_id, indicator and year."""
    return read_table(project.processed, "indicators").set_index(["region_id", "indicator", "year"]).sort_index()


@pytest.fixture(scope="session")
def book(project: Project) -> Path:
    """The built site; made first if anything changed."""
    make_book(
        project, regions=None, engine="inprocess", scheduler="processes", start=lambda _: None, progress=lambda _: None
    )
    assert book_pages(project)
    return project.site


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one a user's run skips, and CI fails."""
    if CHROMIUM is None:
        message = "no Chromium on this machine (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must test the book in a browser, but there is {message}")
        pytest.skip(message)
    return CHROMIUM


@pytest.fixture
def small_project(project: Project, tmp_path: Path) -> Project:
    """A copy of the checkout's own files in a folder of the test, without anything generated."""
    for name in ("definitions", "notebooks", "data/raw"):
        shutil.copytree(project.root / name, tmp_path / name)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(project.root / name, tmp_path / name)
    shutil.copytree(project.book, tmp_path / "book", ignore=shutil.ignore_patterns("*.ipynb"))
    return Project(tmp_path)
