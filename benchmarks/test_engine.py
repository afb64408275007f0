"""The whole book by both engines: every cell compared, both times; and how soon a Ctrl-C gives the prompt back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from balans.paths import Project, find_project
from balans.process import process
from balans.publish.book import book_pages
from balans.publish.engine import Executed
from balans.publish.pages import Page, tidied
from balans.publish.runner import AT_ONCE, execute

MOST_SECONDS_TO_THE_PROMPT = 2.0

# Runs the book's pages without keeping them, so that it can be interrupted at any time.
PROGRAM = """
from balans.paths import find_project
from balans.publish.book import book_pages
from balans.publish.runner import execute
project = find_project()
for page, _ in execute(project, book_pages(project), "warm", at_once=3):
    print(page.target, flush=True)
"""


@pytest.fixture(scope="module")
def project() -> Project:
    """The checkout, with its tables made."""
    found = find_project()
    process(found)
    return found


def run_book(project: Project, pages: list[Page], engine: str) -> tuple[dict[str, list[Any]], float]:
    """Run every page; return the cells of each, as they would be in the book, and the seconds it took."""
    cells: dict[str, list[Any]] = {}
    start = time.perf_counter()
    for page, outcome in execute(project, pages, engine, at_once=AT_ONCE["processes"]):
        assert isinstance(outcome, Executed), f"{page.title}: {outcome}"
        cells[page.target] = nbformat.reads(tidied(outcome.text, page.title), as_version=4).cells
    return cells, time.perf_counter() - start


def test_both_engines_make_the_same_book(benchmark: Any, project: Project) -> None:
    """Every cell of every page: the same content in the same order; the warm engine first, beside a kernel per page."""
    pages = book_pages(project)
    warm, seconds = benchmark.pedantic(run_book, args=(project, pages, "warm"), rounds=1, iterations=1)
    kernel, seconds_of_kernels = run_book(project, pages, "kernel")
    pairs = [(page, a, b) for page in kernel for a, b in zip(warm[page], kernel[page], strict=True)]
    code = [pair for pair in pairs if pair[1].cell_type == "code"]
    different = [f"{page} {a.id}" for page, a, b in pairs if json.dumps(a) != json.dumps(b)]
    print(f"\n{len(pages)} pages, {len(code)} code cells, differences: {len(different)} {' '.join(different)}")
    print(f"warm {seconds:.1f} s, a kernel per page {seconds_of_kernels:.1f} s, {AT_ONCE['processes']} pages at once")
    assert different == []


@pytest.mark.parametrize("moment", ["while importing", "while running"])
def test_an_interrupt_gives_the_prompt_back(benchmark: Any, project: Project, moment: str) -> None:
    """From Ctrl-C to prompt in under two seconds, whatever the pages are doing."""

    def start() -> tuple[tuple[subprocess.Popen[bytes]], dict[str, Any]]:
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=project.root,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if moment == "while running":
            assert running.stdout
            running.stdout.readline()
        else:
            while len(psutil.Process(running.pid).children()) < 2:
                time.sleep(0.05)
        return (running,), {}

    def interrupt(running: subprocess.Popen[bytes]) -> None:
        os.killpg(running.pid, signal.SIGINT)
        running.communicate()

    benchmark.pedantic(interrupt, setup=start, rounds=3, iterations=1)
    seconds = benchmark.stats.stats.max
    print(f"\nCtrl-C {moment}: the prompt after {seconds:.2f} s")
    assert seconds < MOST_SECONDS_TO_THE_PROMPT


def test_what_a_page_costs(benchmark: Any, tmp_path: Path) -> None:
    """A notebook of one cell: what the engine itself costs, warm beside a kernel."""
    import papermill  # noqa: PLC0415

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import pandas")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path / "one.ipynb"
    nbformat.write(notebook, path)

    def run(engine: str) -> float:
        start = time.perf_counter()
        papermill.execute_notebook(str(path), None, engine_name=engine, progress_bar=False)
        return time.perf_counter() - start

    os.environ["WARM_ENGINE_PRELOAD"] = "pandas"
    first = run("warm")
    benchmark.pedantic(run, args=("warm",), rounds=5, iterations=1)
    print(f"\n`import pandas`: the first page {first:.2f} s, the next {benchmark.stats.stats.median:.2f} s, ", end="")
    print(f"in a kernel {min(run('nbclient') for _ in range(3)):.2f} s")
