"""Pages run in fresh processes, are kept when nothing changed, and a failing page fails by name."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from balans.errors import PublishError
from balans.pages.declaration import Declaration
from balans.paths import Project
from balans.publish.pages import Page, region_page
from balans.publish.runner import RunReport, run_pages


@pytest.fixture
def with_tables(small_project: Project, project: Project) -> Project:
    """The copy of the project, with the tables of the real one and a small notebook for the template of regions."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    write_template(small_project, "regios/regio", "print(regio)")
    return small_project


def write_template(project: Project, name: str, code: str) -> None:
    parameters = nbformat.v4.new_code_cell('regio = "parkstad-limburg"', metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(code)])
    notebook.metadata["balans"] = {"tables": list(REGIO.tables), "per": {"parameter": "regio", "below": "regios/index"}}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, project.notebooks / f"{name}.ipynb")


def run(project: Project, pages: list[Page], scheduler: str = "serial", engine: str = "warm") -> RunReport:
    return run_pages(project, pages, engine_name=engine, scheduler=scheduler, progress=lambda _: None)


def outputs(project: Project, page: Page) -> str:
    notebook = nbformat.read(project.book / page.target, as_version=4)
    return "".join(output.text for output in notebook.cells[-1].outputs)


REGIO = Declaration("regios/regio", "", ("indicators", "regions"), (), "regio", "regios/index")
PAGES = [region_page(REGIO, "parkstad-limburg", "Parkstad"), region_page(REGIO, "achterhoek", "Achterhoek")]


def test_pages_run_once_and_are_kept(with_tables: Project) -> None:
    """Guards the second ``make book``: nothing is executed again; one line in the template and all of them are."""
    assert len(run(with_tables, PAGES).executed) == 2
    assert outputs(with_tables, PAGES[1]) == "achterhoek\n"
    second = run(with_tables, PAGES)
    assert (len(second.executed), len(second.kept)) == (0, 2)
    write_template(with_tables, "regios/regio", "print(regio.upper())")
    assert len(run(with_tables, PAGES).executed) == 2
    assert outputs(with_tables, PAGES[1]) == "ACHTERHOEK\n"


def test_pages_in_processes_do_not_see_each_other(with_tables: Project) -> None:
    """Guards the clean start of every page: a name or a setting of one page is not there in the next."""
    code = "import builtins\nprint(hasattr(builtins, 'seen'))\nbuiltins.seen = True"
    write_template(with_tables, "regios/regio", code)
    run(with_tables, PAGES, scheduler="processes")
    assert [outputs(with_tables, page) for page in PAGES] == ["False\n", "False\n"]


def test_a_failing_page_names_region_and_cell_and_changes_nothing(with_tables: Project) -> None:
    """Guards against a half-made edition: one page fails, so no page is put in place."""
    write_template(with_tables, "regios/regio", "assert regio != 'achterhoek', 'no such figure'")
    with pytest.raises(
        PublishError, match=r"Achterhoek \(notebooks/regios/regio.ipynb, cell 2\): AssertionError: no such"
    ):
        run(with_tables, PAGES)
    assert not (with_tables.book / "regios" / "parkstad-limburg.ipynb").exists()


@pytest.mark.slow
def test_a_kernel_gives_the_same_page(with_tables: Project) -> None:
    """Guards that the fast engine shows what Jupyter shows: the same output as with a kernel."""
    write_template(with_tables, "regios/regio", "import pandas as pd\npd.DataFrame({'a': [1, 2]})")
    page = PAGES[:1]
    shown = {}
    for engine in ("warm", "kernel"):
        shutil.rmtree(with_tables.cache, ignore_errors=True)
        run(with_tables, page, engine=engine)
        cell = nbformat.read(with_tables.book / page[0].target, as_version=4).cells[-1]
        shown[engine] = dict(cell.outputs[0].data)
    assert shown["warm"] == shown["kernel"]
