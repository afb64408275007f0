"""Which pages there are, what a page may read, and when it must run again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import nbformat
import pandas as pd
import pytest

from balans.errors import DefinitionError, UnknownKeyError
from balans.pages.data import page_data
from balans.pages.declaration import Declaration, load_declaration
from balans.paths import Project
from balans.publish.book import book_pages
from balans.publish.keys import imported_modules, page_inputs, page_key
from balans.publish.pages import (
    Page,
    check_parameters,
    region_page,
    region_templates,
    standard_pages,
    template_parameters,
    tidied,
)

REGIO = "regios/regio"


@pytest.fixture
def with_tables(small_project: Project, project: Project) -> Project:
    """The copy of the project, with the tables of the real one."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    return small_project


def declare(project: Project, template: str, **changes: object) -> None:
    """Change what a template of the copy declares."""
    path = project.notebooks / f"{template}.ipynb"
    content = json.loads(path.read_text())
    content["metadata"]["balans"] |= changes
    path.write_text(json.dumps(content))


def parkstad(project: Project) -> Page:
    return region_page(load_declaration(project, REGIO), "parkstad-limburg", "Parkstad")


def test_every_region_has_a_page(project: Project) -> None:
    """Guards the 20 regions, each under its own address."""
    (declared,) = region_templates(project)
    pages = [page for page in book_pages(project) if page.template == declared.template]
    assert len({page.target for page in pages}) >= 20


def test_a_page_is_where_its_notebook_is(project: Project) -> None:
    """Guards the one place where a page is told: path of the notebook, of the page, and of the code that draws it."""
    pages = standard_pages(project)
    assert len(pages) == 10
    assert [page.target for page in pages if page.target != f"{page.template}.ipynb"] == []
    for page in pages:
        own = f"balans.pages.{page.template.replace('/', '.')}"
        used = imported_modules(project.notebooks / f"{page.template}.ipynb")
        assert [name for name in used if name.startswith(own)], page.template


def test_an_unknown_region_names_the_ones_that_exist(project: Project) -> None:
    """Guards ``make book REGIONS=…`` against a typing error."""
    with pytest.raises(UnknownKeyError, match="parkstad-limburg"):
        book_pages(project, ["parkstad"])


def test_an_unknown_parameter_stops_and_names_the_valid_ones(project: Project) -> None:
    """Guards against papermill, which only warns."""
    page = Page(REGIO, {"region": "parkstad-limburg"}, "regios/x.ipynb", "X")
    with pytest.raises(UnknownKeyError, match=r"no parameter region\. It has: regio"):
        check_parameters(project, page)


def test_an_unknown_template_names_the_ones_that_exist(project: Project) -> None:
    """Guards the message for a notebook that is not there."""
    with pytest.raises(UnknownKeyError, match="There are: h1/achterstanden, h1/indicatoren"):
        template_parameters(project, "nothing")
    with pytest.raises(UnknownKeyError, match="There are: h1/achterstanden, h1/indicatoren"):
        load_declaration(project, "nothing")


def test_a_page_reads_only_its_own_municipalities(project: Project) -> None:
    """Guards the cache key: what a page may read is what decides whether it runs again."""
    ids = set(page_data("parkstad-limburg", template=REGIO).indicators["region_id"])
    assert {"parkstad-limburg", "GM0917", "krimpregios", "nederland"} <= ids
    assert "GM0363" not in ids


def test_a_table_that_is_not_declared_cannot_be_read(project: Project) -> None:
    """Guards against a stale page: reading what the key does not know stops the page, with what to do."""
    data = page_data(template="verantwoording/bronnen")
    assert not data.sources.empty
    with pytest.raises(UnknownKeyError, match=r"verantwoording/bronnen.ipynb reads the table indicators .* Add"):
        _ = data.indicators


def test_a_toc_and_notebooks_that_disagree_are_named(small_project: Project) -> None:
    """Guards whoever adds a page: each way of forgetting half of it has a sentence of its own."""
    toc = small_project.root / "_toc.yml"
    whole = toc.read_text()
    toc.write_text(whole.replace("- file: h2/cijfers", "- file: h2/getallen"))
    with pytest.raises(DefinitionError, match=r"_toc.yml names h2/getallen, but book/h2/getallen.md does not exist"):
        standard_pages(small_project)
    toc.write_text(whole.replace("h2/cijfers", "h2/index"))
    with pytest.raises(DefinitionError, match=r"notebooks/h2/cijfers.ipynb declares a page, .* - file: h2/cijfers"):
        standard_pages(small_project)
    toc.write_text(whole)
    declare(small_project, "h2/cijfers", tabels=["indicators"])
    with pytest.raises(DefinitionError, match=r"notebooks/h2/cijfers.ipynb, metadata “balans”: .*tabels"):
        standard_pages(small_project)


def _template(project: Project) -> None:
    path = project.notebooks / f"{REGIO}.ipynb"
    content = json.loads(path.read_text())
    content["cells"][-1]["source"] += "\n# one more line"
    path.write_text(json.dumps(content))


def _figure(project: Project) -> None:
    path = project.processed / "indicators.parquet"
    table = pd.read_parquet(path)
    table.loc[table["region_id"] == "parkstad-limburg", "value"] += 1
    table.to_parquet(path)


def _definition(project: Project) -> None:
    path = project.definitions / "indicators.yml"
    path.write_text(path.read_text() + "\n# one more line\n")


def _boundaries(project: Project) -> None:
    path = project.processed / "boundaries.parquet"
    path.write_bytes(path.read_bytes() + b"\n")


def _lock(project: Project) -> None:
    (project.root / "requirements.lock").write_text("matplotlib==9.9\n")


CHANGES = {"template": _template, "figure": _figure, "definition": _definition, "map": _boundaries, "lock": _lock}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_input_changes_the_key(with_tables: Project, change: Callable[[Project], None]) -> None:
    """Guards against a stale page: template, rows, definitions, boundaries and versions of libraries, one at a time."""
    page = parkstad(with_tables)
    before = page_inputs(with_tables, page, "warm")
    assert page_inputs(with_tables, page, "warm") == before
    change(with_tables)
    after = page_inputs(with_tables, page, "warm")
    assert page_key(after) != page_key(before)
    assert len([name for name in before if before[name] != after[name]]) == 1


def test_every_declared_table_is_in_the_key(with_tables: Project) -> None:
    """Guards each table of each template: a changed row of it is a changed page."""
    for page in [*standard_pages(with_tables), parkstad(with_tables)]:
        inputs = page_inputs(with_tables, page, "warm")
        declared = load_declaration(with_tables, page.template)
        assert {name.removeprefix("table ") for name in inputs if name.startswith("table ")} == set(declared.tables)
        assert {name.removeprefix("file ") for name in inputs if name.startswith("file ")} == {
            "requirements.lock",
            *declared.files,
        }


def test_the_key_follows_engine_and_region(with_tables: Project) -> None:
    """Guards two pages of one template, and a page made by another engine, against being taken for each other."""
    declared = load_declaration(with_tables, REGIO)
    pages = [region_page(declared, region, region) for region in ("parkstad-limburg", "achterhoek")]
    keys = {page_key(page_inputs(with_tables, page, engine)) for page in pages for engine in ("warm", "kernel")}
    assert len(keys) == 4


def test_a_page_depends_on_the_code_that_it_uses_and_on_no_other(project: Project) -> None:
    """Guards the loop of who draws: a changed chart of chapter 4 is no reason to run chapter 3, shared parts are."""
    used = {page.template: page_inputs(project, page, "warm") for page in standard_pages(project)}
    chapter_4 = "code balans.pages.h4.cijfers"
    assert [template for template, inputs in used.items() if chapter_4 in inputs] == ["h4/cijfers"]
    assert "code balans.pages.parts.style" in used["h3/cijfers"]
    assert "code balans.words.numbers" in used["h3/cijfers"]
    assert [name for name in used["h3/cijfers"] if name.startswith("code balans.sources.fetch")] == []


def test_a_region_of_ones_own_is_no_reason_to_run_another_page(with_tables: Project, project: Project) -> None:
    """Guards the cost of ``make region``: only its own page."""
    pages = [*standard_pages(with_tables), parkstad(with_tables)]
    before = [page_key(page_inputs(with_tables, page, "warm")) for page in pages]
    for name in ("regions", "membership", "indicators"):
        table = pd.read_parquet(with_tables.processed / f"{name}.parquet")
        own = table[table["region_id"] == "achterhoek"].assign(region_id="mijn-regio")
        folder = with_tables.processed / "eigen" / "mijn-regio"
        folder.mkdir(parents=True, exist_ok=True)
        own.replace({"krimp": "custom"}).to_parquet(folder / f"{name}.parquet")
    assert [page_key(page_inputs(with_tables, page, "warm")) for page in pages] == before


def test_tidying_removes_what_differs_from_run_to_run() -> None:
    """Guards byte-identical pages, the title, and headings without anything under them."""
    notebook = nbformat.v4.new_notebook(metadata={"papermill": {"duration": 1.5}})
    heading = nbformat.v4.new_markdown_cell("## Empty", metadata={"tags": ["vervalt-zonder-uitvoer"]})
    notebook.cells = [nbformat.v4.new_markdown_cell("# {{ titel }}"), heading, nbformat.v4.new_code_cell("None")]
    result = nbformat.reads(tidied(nbformat.writes(notebook), "Parkstad"), as_version=4)
    assert [cell.source for cell in result.cells] == ["# Parkstad", "None"]
    assert "papermill" not in result.metadata
    assert [cell.id for cell in result.cells] == ["cel-0", "cel-1"]


def test_a_declaration_needs_a_title_or_a_parameter() -> None:
    """Guards the address of a page: below the folder of its template, called after its region if it has one."""
    one = Declaration("h5/nieuw", "Nieuw", (), ())
    each = Declaration("regios/regio", "", (), (), "regio", "regios/index")
    assert (one.target(), each.target("walcheren")) == ("h5/nieuw.ipynb", "regios/walcheren.ipynb")
    assert (one.is_per_region, each.is_per_region) == (False, True)
