"""Run the pages that have changed, in warm processes, and keep what has not."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import papermill
from papermill.exceptions import PapermillExecutionError

from balans.errors import PublishError
from balans.files import write_atomically
from balans.pages.data import PAGE_VARIABLE
from balans.paths import Project
from balans.publish import engine
from balans.publish.keys import page_inputs, page_key
from balans.publish.made import remember_made
from balans.publish.pages import Page, check_parameters, tidy_notebook

LOG = logging.getLogger("balans")
Progress = Callable[[Page], None]


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
        engine_name: ``inprocess`` (warm processes) or ``kernel`` (one Jupyter kernel per page).
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
    for page in pages:
        if page not in to_run:
            report.kept.append(page)
            progress(page)
    failures = list(_run_all(project, to_run, keys, engine_name, scheduler, report, progress))
    if failures:
        raise PublishError("\n".join(["These pages could not be made, so the site was left as it was:", *failures]))
    for page in pages:
        _put_in_place(_cached(project, keys[page.target]), project.book / page.target)
    remember_made(project, inputs)
    _forget_old(project, set(keys.values()))
    return report


def _cached(project: Project, key: str) -> Path:
    return project.cache / "pages" / f"{key}.ipynb"


def _run_all(
    project: Project,
    pages: list[Page],
    keys: dict[str, str],
    engine_name: str,
    scheduler: str,
    report: RunReport,
    progress: Progress,
) -> Iterator[str]:
    """Run the pages and yield a message for each that failed."""
    if not pages:
        return
    with _pool(scheduler, len(pages)) as submit:
        futures = {submit(project, page, _cached(project, keys[page.target]), engine_name): page for page in pages}
        for future in as_completed(futures):
            page = futures[future]
            failure = future.result()
            LOG.info("page %s: %s", page.target, failure or "made")
            if failure:
                yield failure
            else:
                report.executed.append(page)
            progress(page)


@contextmanager
def _pool(scheduler: str, tasks: int) -> Iterator[Callable[[Project, Page, Path, str], Future[str | None]]]:
    """Yield a function that submits a page; every page gets a fresh process that has the libraries loaded."""
    if scheduler == "serial":
        yield _submit_here
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["balans.publish.warm"])
    workers = min(tasks, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=1) as pool:
        yield lambda project, page, target, engine_name: pool.submit(run_page, project, page, target, engine_name)


def _submit_here(project: Project, page: Page, target: Path, engine_name: str) -> Future[str | None]:
    future: Future[str | None] = Future()
    future.set_result(run_page(project, page, target, engine_name))
    return future


def run_page(project: Project, page: Page, target: Path, engine_name: str) -> str | None:
    """Run one page to ``target``; return None, or one message that says which cell failed and why."""
    engine.register()
    environment = {"BALANS_ROOT": str(project.root), PAGE_VARIABLE: page.template}
    with tempfile.TemporaryDirectory(prefix="balans-page-") as folder, _environment(environment):
        executed = Path(folder) / "page.ipynb"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # papermill's own deprecations are not the author's
                papermill.execute_notebook(
                    str(project.notebooks / f"{page.template}.ipynb"),
                    str(executed),
                    parameters=dict(page.parameters),
                    engine_name=engine.ENGINE_NAME if engine_name == "inprocess" else None,
                    kernel_name="python3",
                    cwd=str(project.root),
                    progress_bar=False,
                )
        except PapermillExecutionError as error:
            where = f"notebooks/{page.template}.ipynb, cell {error.cell_index}"
            return f"  {page.title} ({where}): {error.ename}: {error.evalue}"
        tidy_notebook(executed, page.title)
        write_atomically(target, executed.read_bytes())
    return None


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Let a page, and a kernel that it may run in, find the project and itself; afterwards everything is as it was."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
