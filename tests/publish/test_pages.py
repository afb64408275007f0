"""Which pages there are, what a page may read, and when it must run again."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest

from balans.errors import UnknownKeyError
from balans.paths import Project
from balans.publish.book import book_pages
from balans.publish.pages import Page, check_parameters, page_key, region_page, template_parameters, tidied
from balans.publish.scope import region_scope


def test_every_region_has_a_page(project: Project) -> None:
    """Guards the 20 regions, each under its own address."""
    pages = [page for page in book_pages(project) if page.template == "regio"]
    assert len({page.target for page in pages}) >= 20


def test_an_unknown_region_names_the_ones_that_exist(project: Project) -> None:
    """Guards ``make book REGIONS=…`` against a typing error."""
    with pytest.raises(UnknownKeyError, match="parkstad-limburg"):
        book_pages(project, ["parkstad"])


def test_an_unknown_parameter_stops_and_names_the_valid_ones(project: Project) -> None:
    """Guards against papermill, which only warns."""
    page = Page("regio", {"region": "parkstad-limburg"}, "regios/x.ipynb", "X")
    with pytest.raises(UnknownKeyError, match=r"no parameter region\. It has: regio"):
        check_parameters(project, page)


def test_an_unknown_template_names_the_ones_that_exist(project: Project) -> None:
    """Guards the message for a notebook that is not there."""
    with pytest.raises(UnknownKeyError, match="There are: 01_bronnen, 02_indicatoren"):
        template_parameters(project.notebooks / "nothing.ipynb")


def test_a_page_reads_only_its_own_municipalities(project: Project) -> None:
    """Guards the cache key: what a page may read is what decides whether it runs again."""
    data = region_scope(project, "parkstad-limburg")
    ids = set(data.indicators["region_id"])
    assert {"parkstad-limburg", "GM0917", "krimpregios", "nederland"} <= ids
    assert "GM0363" not in ids


@pytest.fixture
def with_tables(small_project: Project, project: Project) -> Project:
    """The copy of the project, with the tables of the real one."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    return small_project


def test_the_key_follows_template_parameters_and_figures(with_tables: Project) -> None:
    """Guards against a stale page: each input changes the key of exactly the pages that use it."""
    parkstad, achterhoek = region_page("parkstad-limburg", "Parkstad"), region_page("achterhoek", "Achterhoek")
    before = page_key(with_tables, parkstad, "warm")
    assert page_key(with_tables, parkstad, "warm") == before != page_key(with_tables, achterhoek, "warm")
    assert page_key(with_tables, parkstad, "kernel") != before
    template = with_tables.notebooks / "regio.ipynb"
    content = json.loads(template.read_text())
    content["cells"][-1]["source"] += "\n# one more line"
    template.write_text(json.dumps(content))
    assert page_key(with_tables, parkstad, "warm") != before


def test_tidying_removes_what_differs_from_run_to_run() -> None:
    """Guards byte-identical pages, the title, and headings without anything under them."""
    notebook = nbformat.v4.new_notebook(metadata={"papermill": {"duration": 1.5}})
    heading = nbformat.v4.new_markdown_cell("## Empty", metadata={"tags": ["vervalt-zonder-uitvoer"]})
    notebook.cells = [nbformat.v4.new_markdown_cell("# {{ titel }}"), heading, nbformat.v4.new_code_cell("None")]
    result = nbformat.reads(tidied(nbformat.writes(notebook), "Parkstad"), as_version=4)
    assert [cell.source for cell in result.cells] == ["# Parkstad", "None"]
    assert "papermill" not in result.metadata
    assert [cell.id for cell in result.cells] == ["cel-0", "cel-1"]
