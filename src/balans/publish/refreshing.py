"""``balans data``: refresh the sources by running the notebook that an analyst can run cell by cell."""

from __future__ import annotations

from balans.errors import PublishError
from balans.paths import Project
from balans.process import process
from balans.publish.engine import ENGINE_NAME
from balans.publish.pages import Page, check_parameters
from balans.publish.runner import run_page
from balans.sources.last_refresh import LastRefresh, read_last_refresh

TEMPLATE = "verantwoording/bronnen"


def run_refresh(project: Project, tables: list[str]) -> LastRefresh:
    """Run ``verantwoording/bronnen`` with ``vernieuwen=True``; its executed copy is the book's page on sources.

    Args:
        project: whose ``data/raw``.
        tables: ids from ``sources.yml``; empty for all.

    Raises:
        PublishError: the notebook stopped, for instance on an unknown table; the figures are as they were.
    """
    process(project)  # the page lists the tables, so they must have been made
    page = Page(TEMPLATE, {"vernieuwen": True, "tabellen": tables}, f"{TEMPLATE}.ipynb", "Bronnen")
    check_parameters(project, page)
    failure = run_page(project, page, project.book / page.target, ENGINE_NAME)
    last = read_last_refresh(project)
    if failure or last is None:
        raise PublishError(f"The refresh stopped; data/raw is as it was.\n{failure}")
    return last
