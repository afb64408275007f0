"""What a table, page or site is made from: each thing alone changes the digest. On small synthetic projects."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from balans.pages.declaration import Declaration
from balans.paths import Project
from balans.process import process
from balans.publish.keys import _rows_digest, _table_digests
from balans.publish.pages import Page
from balans.publish.site import PROSE_TABLES, site_digest
from balans.sources.manifest import RawFile, RawTable
from balans.steps import ALL, FIGURES, Step, Workbench, step_inputs

SITE_FILES = (
    "_config.yml",
    "_toc.yml",
    "book/index.md",
    "book/h1/page.ipynb",
    "book/_static/own.css",
    *(f"data/processed/{table}.parquet" for table in PROSE_TABLES),
)


@pytest.fixture
def synthetic(tmp_path: Path) -> Project:
    """A project with every kind of file that goes into a site, each with its own name as its content."""
    for name in (*SITE_FILES, "book/h1/stray.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return Project(tmp_path)


@pytest.mark.parametrize("name", SITE_FILES)
def test_each_file_of_a_site_counts(synthetic: Project, name: str) -> None:
    """Guards against a stale site: settings, contents, prose, pages, style, and the tables that prose looks up."""
    pages = [Page("h1/page", {}, "h1/page.ipynb", "Page")]
    before = site_digest(synthetic, pages)
    assert site_digest(synthetic, pages) == before
    (synthetic.root / name).write_text("changed")
    assert site_digest(synthetic, pages) != before


def test_roles_in_prose_look_up_three_tables() -> None:
    """Guards the list of tables behind roles: figures, their regions, and claims."""
    assert set(PROSE_TABLES) == {"claims", "indicators", "regions"}


def test_a_page_that_is_not_made_is_no_part_of_the_site(synthetic: Project) -> None:
    """Guards ``make book REGIONS=…``: a page of an earlier run does not count."""
    pages = [Page("h1/page", {}, "h1/page.ipynb", "Page")]
    before = site_digest(synthetic, pages)
    (synthetic.book / "h1" / "stray.ipynb").write_text("changed")
    assert site_digest(synthetic, pages) == before


ROWS = pd.DataFrame({"region_id": ["a", "b"], "year": [2020, 2021], "value": [1.0, 2.0]})


@pytest.mark.parametrize(
    "other",
    [
        ROWS.assign(value=[1.0, 2.5]),
        ROWS.assign(region_id=["a", "c"]),
        ROWS.assign(year=[2020, 2022]),
        ROWS.rename(columns={"value": "amount"}),
        ROWS.iloc[:1],
        ROWS.iloc[::-1],
        ROWS[["year", "region_id", "value"]],
    ],
    ids=["value", "region", "year", "column", "fewer", "order", "order of columns"],
)
def test_any_change_of_the_rows_counts(other: pd.DataFrame) -> None:
    """Guards the digest of a table of a page: cells, columns, order and number of rows."""
    assert _rows_digest(ROWS) == _rows_digest(ROWS.copy())
    assert _rows_digest(other) != _rows_digest(ROWS)


def test_every_declared_table_has_its_digest(synthetic: Project) -> None:
    """Guards against a table that a page reads and its key leaves out: each changes its own digest and no other."""
    tables = ("first", "second", "third")
    declared = Declaration("h1/page", "Page", tables, ())
    page = Page("h1/page", {}, "h1/page.ipynb", "Page")
    for name in tables:
        ROWS.to_parquet(synthetic.processed / f"{name}.parquet")
    before = _table_digests(synthetic, declared, page)
    assert set(before) == {"table first", "table second", "table third"}
    for number, name in enumerate(tables):
        ROWS.assign(value=float(number + 10)).to_parquet(synthetic.processed / f"{name}.parquet")
        after = _table_digests(synthetic, declared, page)
        assert [key for key in before if before[key] != after[key]] == [f"table {name}"]
        before = after


def stored(name: str, content: str) -> RawTable:
    """A synthetic entry of the manifest."""
    file = RawFile(f"{name}/figures.csv.gz", 1, content)
    known = {"source": "S", "table": name, "title": name, "licence": "L", "attribution": "A", "files": (file,)}
    fields = RawTable.__dataclass_fields__
    rest = {field: "" for field in fields if field not in known}
    return RawTable(**{**rest, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "changed", "runs"),
    [(("one",), "one", True), (("one",), "two", False), ((ALL,), "two", True), ((), "one", False)],
)
def test_a_step_runs_again_for_its_own_stored_tables(
    tmp_path: Path, raw: tuple[str, ...], changed: str, runs: bool
) -> None:
    """Guards against stale tables after a refresh, and against running what does not read what was refreshed."""
    step = Step("step", process, code=("balans.words.lists",), writes=("x",), raw=raw)  # type: ignore[arg-type]
    before, after = (
        step_inputs(Workbench(Project(tmp_path), [stored(name, text(name)) for name in ("one", "two")], tmp_path), step)
        for text in (str, lambda name: "fresh" if name == changed else name)
    )
    assert (before != after) is runs


def test_a_step_runs_again_for_definition_table_and_code(tmp_path: Path) -> None:
    """Guards the other inputs of a step: its definitions with their schema, tables of steps before it, its code."""
    project = Project(tmp_path)
    for name in ("definitions/a.yml", "definitions/schemas/a.schema.json", "definitions/geography/b.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    project.processed.mkdir(parents=True)
    (project.processed / "earlier.parquet").write_bytes(b"1")
    step = Step(
        "step",
        process,  # type: ignore[arg-type]
        code=("balans.words.lists",),
        writes=("x",),
        definitions=("a.yml", "geography/"),
        tables=("earlier",),
    )
    found = step_inputs(Workbench(project, [], tmp_path), step)
    things = {"a.yml", "schemas/a.schema.json", "geography/b.csv"}
    assert {key.removeprefix("definition ") for key in found if key.startswith("definition ")} == things
    assert {"table earlier", "code balans.words.lists", "code balans.process"} <= set(found)
    for name in ("definitions/a.yml", "definitions/schemas/a.schema.json", "definitions/geography/b.csv"):
        (tmp_path / name).write_text("changed")
    (project.processed / "earlier.parquet").write_bytes(b"2")
    after = step_inputs(Workbench(project, [], tmp_path), step)
    assert {key for key in found if found[key] != after[key]} == {
        "table earlier",
        *(f"definition {name}" for name in things),
    }


def test_topics_of_the_sources_count_for_a_step_that_reads_figures(project: Project) -> None:
    """Guards ``figures``: every stored table with topics counts, and a table without does not."""
    step = Step("step", process, code=("balans.words.lists",), writes=("x",), raw=(FIGURES,))  # type: ignore[arg-type]
    manifest = [stored("70072ned", "1"), stored("grenzen", "1")]
    found = step_inputs(Workbench(project, manifest, project.processed), step)
    assert "raw 70072ned" in found
    assert "raw grenzen" not in found


def test_the_package_of_this_checkout_names_its_inputs(project: Project) -> None:
    """Guards the description beside the tables: what each was made from is written down."""
    package = json.loads((project.processed / "datapackage.json").read_text(encoding="utf-8"))
    assert {"raw duo-examens", "definition indicators.yml"} <= set(package["made_from"]["indicators"])
