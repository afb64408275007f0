"""Run the pages that have changed, in warm processes, and keep what has not."""

from __future__ import annotations

import ast
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from balans.errors import PublishError
from balans.files import write_atomically
from balans.paths import Project
from balans.publish.engine import ENGINE_NAME, Executed, Failure, Task, run_batch
from balans.publish.keys import page_inputs, page_key
from balans.publish.made import remember_made
from balans.publish.pages import Page, check_parameters, tidied

LOG = logging.getLogger("balans")
Progress = Callable[[Page], None]

# What pages load while they run; what their notebooks import by name is found by :func:`imported_by`.
LOADED_LATER = ("matplotlib.backends.backend_svg", "pyarrow.parquet")

# How many pages run at once in the mode `processes`: one more than there are processors, because a page also waits, for
# its kernel to start and to end.
AT_ONCE = {"serial": 1, "processes": (os.cpu_count() or 1) + 1}


@dataclass
class RunReport:
    """Which pages were run and which were kept."""

    executed: list[Page] = field(default_factory=list)
    kept: list[Page] = field(default_factory=list)


def run_pages(
    project: Project, pages: list[Page], *, engine_name: str, scheduler: str, progress: Progress
) -> RunReport:
    """Make every page in ``book/``, running only those whose key is not in the cache.

    Args:
        project: where everything is.
        pages: the pages to make.
        engine_name: ``warm`` (a kernel with its imports done per page) or ``kernel`` (a new Jupyter kernel per page).
        scheduler: ``processes`` (as many at once as there are processors) or ``serial``.
        progress: called after each page.

    Raises:
        PublishError: pages failed; the message names each page, its cell and the error. No page is put in place.
    """
    for page in pages:
        check_parameters(project, page)
    report = RunReport()
    inputs = {page.target: page_inputs(project, page, engine_name) for page in pages}
    keys = {target: page_key(found) for target, found in inputs.items()}
    to_run = [page for page in pages if not _cached(project, keys[page.target]).is_file()]
    report.kept += [page for page in pages if page not in to_run]
    for page in report.kept:
        progress(page)
    failures = []
    for page, outcome in execute(project, to_run, engine_name, at_once=AT_ONCE[scheduler]):
        failure = _keep(outcome, page, _cached(project, keys[page.target]))
        LOG.info("page %s: %s", page.target, failure or "made")
        if failure:
            failures.append(failure)
        else:
            report.executed.append(page)
        progress(page)
    if failures:
        raise PublishError("\n".join(["These pages could not be made, so the site was left as it was:", *failures]))
    for page in pages:
        _put_in_place(_cached(project, keys[page.target]), project.book / page.target)
    remember_made(project, inputs)
    _forget_old(project, set(keys.values()))
    return report


def _keep(outcome: Executed | Failure, page: Page, cached: Path) -> str | None:
    """Keep what a page became; return what is wrong with it, if it failed."""
    if isinstance(outcome, Failure):
        return describe(page, outcome)
    write_atomically(cached, tidied(outcome.text, page.title))
    return None


def execute(
    project: Project, pages: list[Page], engine_name: str, *, at_once: int, quiet: bool = True
) -> Iterator[tuple[Page, Executed | Failure]]:
    """Run the templates of pages, each with its parameters, and yield what came of each as soon as it is done.

    Args:
        project: where everything is; what the kernels find in ``BALANS_ROOT`` and their working directory.
        pages: the pages.
        engine_name: ``warm`` or ``kernel``.
        at_once: how many run at the same time.
        quiet: keep what a page writes past its notebook from the terminal.
    """
    if not pages:
        return
    engine = ENGINE_NAME if engine_name == "warm" else None
    tasks = [Task(project.notebooks / f"{page.template}.ipynb", page.parameters, engine) for page in pages]
    environment = {**os.environ, "BALANS_ROOT": str(project.root)}
    batch = run_batch(
        tasks,
        at_once=at_once,
        folder=project.root,
        environment=environment,
        modules=(*imported_by({task.notebook for task in tasks}), *LOADED_LATER),
        quiet=quiet,
    )
    with closing(batch):
        for position, outcome in batch:
            yield pages[position], outcome


def imported_by(notebooks: Iterable[Path]) -> list[str]:
    """Return the modules that code cells import: loading them costs more than making a page, so it is done once."""
    found = set()
    for notebook in notebooks:
        for cell in nbformat.read(notebook, as_version=4).cells:
            with suppress(SyntaxError):  # a cell with a magic command is no Python; its imports wait for the page
                statements = ast.parse(cell.source if cell.cell_type == "code" else "").body
                found |= {one.name for each in statements if isinstance(each, ast.Import) for one in each.names}
                found |= {str(each.module) for each in statements if isinstance(each, ast.ImportFrom)}
    return sorted(found)


def describe(page: Page, failure: Failure) -> str:
    """Return one line that says which page and which cell failed, and why."""
    cell = "before its first cell" if failure.cell is None else f"cell {failure.cell}"
    return f"  {page.title} (notebooks/{page.template}.ipynb, {cell}): {failure.name}: {failure.message}"


def _cached(project: Project, key: str) -> Path:
    return project.cache / "pages" / f"{key}.ipynb"


def _put_in_place(cached: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != cached.read_bytes():
        write_atomically(target, cached.read_bytes())
    os.utime(cached)


def _forget_old(project: Project, keep: set[str], most: int = 200) -> None:
    """Keep the newest executed pages so that going back to earlier figures costs nothing, within bounds."""
    stored = sorted((project.cache / "pages").glob("*.ipynb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in stored if path.stem not in keep][most:]:
        path.unlink()


def remove_pages(project: Project) -> None:
    """Remove the cache of executed pages."""
    shutil.rmtree(project.cache / "pages", ignore_errors=True)
