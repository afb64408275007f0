"""A page for any area: a municipality, a COROP area, a province, or a file of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from balans.errors import BalansError
from balans.pages.parts.output import METADATA_KEY
from balans.paths import Project
from balans.publish.book import book_pages, remember_region
from balans.publish.runner import run_pages
from balans.tables import OWN_FOLDER

OWN = "name: Mijn regio\ndivision: 2024\nmembers:\n  - Amsterdam\n  - GM0384\n  - Bergen (NH.)\n"
WRONG = {
    "unknown.yml": ("name: X\ndivision: 2024\nmembers: [GM9999]\n", "GM9999"),
    "division.yml": ("name: X\ndivision: 2024\nmembers: [De Marne]\n", "2024"),
    "empty.yml": ("name: X\ndivision: 2024\nmembers: []\n", "empty"),
    "double.yml": ("name: X\ndivision: 2024\nmembers: [Amsterdam, GM0363]\n", "twice"),
    "ambiguous.yml": ("name: X\ndivision: 2024\nmembers: [Bergen]\n", "Bergen"),
    "misspelt.yml": ("name: X\ndivision: 2024\nmembers: [Amsterdm]\n", "Amsterdam"),
}


@pytest.fixture
def with_tables(small_project: Project, project: Project) -> Project:
    """The copy of the project, with the tables of the real one."""
    shutil.copytree(
        project.processed, small_project.processed, ignore=shutil.ignore_patterns(OWN_FOLDER), dirs_exist_ok=True
    )
    return small_project


SLOW = [pytest.param(area, marks=pytest.mark.slow) for area in ("CR14", "PV20", "zuid-limburg")]


@pytest.mark.parametrize("area", ["GM0363", "mijn-regio.yml", *SLOW])
def test_every_kind_of_area_gets_a_complete_page(with_tables: Project, area: str, tmp_path: Path) -> None:
    """Guards ``make region``: key figures, population, growth, age, housing, income, indicators and a map."""
    if area.endswith(".yml"):
        (tmp_path / area).write_text(OWN)
        area = str(tmp_path / area)
    region_id = remember_region(with_tables, area)
    pages = [page for page in book_pages(with_tables) if page.target == f"regios/{region_id}.ipynb"]
    assert len(pages) == 1
    report = run_pages(with_tables, pages, engine_name="warm", scheduler="processes", progress=lambda _: None)
    assert report.executed == pages
    notebook = nbformat.read(with_tables.book / pages[0].target, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    names = {output.metadata[METADATA_KEY]["name"] for output in outputs if METADATA_KEY in output.metadata}
    wanted = (
        "kerncijfers",
        "inwoners",
        "groei",
        "leeftijd",
        "woz-waarde",
        "besteedbaar-inkomen",
        "indicatoren",
        "kaart",
    )
    assert {f"{region_id}-{part}" for part in wanted} <= names


def test_wrong_inputs_give_different_messages_and_write_nothing(with_tables: Project, tmp_path: Path) -> None:
    """Guards whoever makes a first region file: each mistake has a message of its own, and leaves no trace."""
    messages = []
    for name, (text, hint) in WRONG.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(BalansError, match=hint) as caught:
            remember_region(with_tables, str(tmp_path / name))
        messages.append(str(caught.value).replace(name, ""))
    with pytest.raises(BalansError, match="achterhoek"):
        remember_region(with_tables, "Achterhoekk")
    assert len(set(messages)) == len(WRONG)
    assert not with_tables.own_regions.exists()
    assert not (with_tables.processed / OWN_FOLDER).exists()


def test_a_municipality_is_followed_back_through_its_mergers(with_tables: Project) -> None:
    """Guards a series without breaks: Groningen of 2015 with Haren and Ten Boer, which it took in in 2019."""
    remember_region(with_tables, "GM0014")
    own = pd.read_parquet(with_tables.processed / OWN_FOLDER / "GM0014" / "indicators.parquet")
    people = own[own["indicator"] == "inwoners"].set_index("year")["value"]
    table = pd.read_parquet(with_tables.processed / "indicators.parquet").set_index(["region_id", "indicator", "year"])
    parts = [table["value"][code, "inwoners", 2015] for code in ("GM0014", "GM0017", "GM0009")]
    assert people[2015] == pytest.approx(sum(parts), rel=0.01)  # and Meerstad, from Slochteren in 2017
    assert people.pct_change().abs().max() < 0.03


def test_a_region_of_ones_own_adds_up(with_tables: Project, tmp_path: Path, project: Project) -> None:
    """Guards the figures of a region file: the sum of the municipalities it names."""
    path = tmp_path / "mijn-regio.yml"
    path.write_text(OWN)
    region_id = remember_region(with_tables, str(path))
    own = pd.read_parquet(with_tables.processed / OWN_FOLDER / region_id / "indicators.parquet")
    people = own[(own["indicator"] == "inwoners") & (own["year"] == 2024)]["value"].item()
    everybody = pd.read_parquet(project.processed / "indicators.parquet").set_index(["region_id", "indicator", "year"])
    parts = [everybody["value"][code, "inwoners", 2024] for code in ("GM0363", "GM0384", "GM0373")]
    assert people == sum(parts)
