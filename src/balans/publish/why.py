"""``balans why``: what has changed since a page or a table was made, so that it would be made anew."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from balans.errors import UnknownKeyError
from balans.paths import Project
from balans.process import STEPS
from balans.publish.book import book_pages
from balans.publish.keys import page_inputs
from balans.publish.made import made_from
from balans.sources.manifest import verify_raw
from balans.steps import Step, Workbench, step_inputs
from balans.tables import read_package


def why(project: Project, name: str, engine: str) -> list[str]:
    """Return the reasons why a page (``h1/prognoses``, ``regios/achterhoek``) or a table would be made anew.

    Args:
        project: where everything is.
        name: a page as it stands in the book, or a table or file of ``data/processed``.
        engine: the engine that would run the page.

    Returns:
        One line for each reason; empty if it would be kept as it is.

    Raises:
        UnknownKeyError: there is no such page or table; the message names what there is.
    """
    target = name.removesuffix(".ipynb").removesuffix(".html").strip("/")
    steps = {written: step for step in STEPS for written in step.writes}
    if target in steps:
        return why_step(project, steps[target])
    pages = {page.target.removesuffix(".ipynb"): page for page in book_pages(project)}
    if target not in pages:
        raise UnknownKeyError(
            f"There is no page or table {name}. Pages: {', '.join(pages)}. Tables: {', '.join(sorted(steps))}."
        )
    page = pages[target]
    before = made_from(project).get(page.target)
    if before is None:
        return ["it has not been made yet"]
    return [*_stale_tables(project), *differences(before, page_inputs(project, page, engine))]


def why_step(project: Project, step: Step) -> list[str]:
    """Return the reasons why a step would run; a table of an earlier step that would be made anew is one."""
    package = read_package(project.processed) or {}
    before = package.get("made_from", {}).get(step.name)
    if before is None:
        return ["it has not been made yet"]
    gone = [f"{name} is gone" for name in step.files() if not (project.processed / name).is_file()]
    earlier = {written: other for other in STEPS for written in other.writes}
    made_anew = [f"table {name} would be made anew" for name in step.tables if why_step(project, earlier[name])]
    if gone or made_anew:
        return gone + made_anew
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(project, verify_raw(project.raw), Path(folder))
        return differences(before, step_inputs(bench, step))


def _stale_tables(project: Project) -> list[str]:
    """A page reads tables; if those would be made anew first, nobody knows yet what they will hold."""
    stale = [step.name for step in STEPS if why_step(project, step)]
    return [f"step {name} would run first (balans why {STEP_TABLES[name]})" for name in stale]


STEP_TABLES = {step.name: step.writes[0] for step in STEPS}


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return one line for each input that came, went or changed."""
    lines = dict.fromkeys(set(now) - set(before), "is new")
    lines |= dict.fromkeys(set(before) - set(now), "is no longer used")
    lines |= {name: "changed" for name in set(before) & set(now) if before[name] != now[name]}
    return [f"{name} {what}" for name, what in sorted(lines.items())]
