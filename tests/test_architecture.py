"""The shape of the house: rooms, arrows that go down, sizes one can hold, and a page that is added in two places."""

from __future__ import annotations

import ast
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from balans.code import modules_used
from balans.paths import Project
from balans.publish.pages import standard_pages
from balans.publish.runner import run_pages
from balans.publish.site import effective_toc

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_FILES = 16


def source_files(project: Project) -> list[Path]:
    return sorted((project.root / "src").rglob("*.py"))


def test_arrows_go_down(project: Project) -> None:
    """Guards the layers of pyproject.toml: no room uses one above it, no page another page."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_picture_is_that_of_today(project: Project) -> None:
    """Guards docs/architecture.md: it shows the rooms and arrows of the code as it is (renew: make architecture)."""
    command = [sys.executable, "-m", "tools.draw_architecture", "--check"]
    assert subprocess.run(command, cwd=project.root, check=False).returncode == 0


def test_files_and_folders_can_be_held(project: Project) -> None:
    """Guards whoever reads the code for the first time: files of at most 300 lines, folders of at most 16 files."""
    files = source_files(project)
    assert [path.name for path in files if path.read_text().count("\n") > LONGEST_FILE] == []
    folders = {path.parent for path in files}
    assert [folder.name for folder in folders if len(list(folder.glob("*.py"))) > MOST_FILES] == []


def test_functions_are_short(project: Project) -> None:
    """Guards against functions that do many things: none over 40 lines, half of them at most ten."""
    sizes = {
        f"{path.name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in source_files(project)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert statistics.median(sizes.values()) <= 10


def test_names_of_totals_are_told_once(project: Project) -> None:
    """Guards the vocabulary: the ids of the totals stand in words/areas.py and nowhere else in the code."""
    told = [
        path.name
        for path in source_files(project)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in ("krimpregios", "anticipeerregios")
    ]
    assert set(told) == {"areas.py"}
    assert len(told) == 2


def test_what_a_module_uses_is_followed_to_the_end() -> None:
    """Guards the keys: an import of an import counts, and so do the packages above a module."""
    used = modules_used(["balans.pages.h4.cijfers"])
    assert {"balans", "balans.pages", "balans.pages.parts.style", "balans.words.numbers"} <= set(used)
    assert "balans.pages.h3.cijfers.package" not in used


@pytest.fixture
def with_tables(small_project: Project, project: Project) -> Project:
    """The copy of the project, with the tables of the real one."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    return small_project


def test_a_page_is_one_notebook_and_one_line(with_tables: Project) -> None:
    """Guards whoever adds a page: a notebook and a line in _toc.yml, and it is run, keyed and in the book."""
    content = json.loads((with_tables.notebooks / "verantwoording" / "bronnen.ipynb").read_text())
    content["metadata"]["balans"] = {"title": "Nieuw", "tables": ["regions"]}
    code = nbformat.v4.new_code_cell("from balans.pages.data import page_data\nlen(page_data().regions)", id="new")
    content["cells"] = [content["cells"][0], code]
    (with_tables.notebooks / "h2" / "nieuw.ipynb").write_text(json.dumps(content))
    toc = with_tables.root / "_toc.yml"
    toc.write_text(toc.read_text().replace("- file: h2/cijfers", "- file: h2/cijfers\n          - file: h2/nieuw"))
    pages = [page for page in standard_pages(with_tables) if page.template == "h2/nieuw"]
    assert [(page.title, page.target) for page in pages] == [("Nieuw", "h2/nieuw.ipynb")]
    report = run_pages(with_tables, pages, engine_name="warm", scheduler="processes", progress=lambda _: None)
    assert report.executed == pages
    made = json.loads((with_tables.book / "h2" / "nieuw.ipynb").read_text())
    (output,) = made["cells"][-1]["outputs"]
    assert int("".join(output["data"]["text/plain"])) > 400
    chapters = [chapter for part in effective_toc(with_tables, pages)["parts"] for chapter in part["chapters"]]
    assert {"file": "h2/nieuw"} in [section for chapter in chapters for section in chapter.get("sections", [])]
