"""``balans data``: refresh the sources by running the notebook that an analyst can run cell by cell."""

from __future__ import annotations

from balans.errors import PublishError
from balans.files import write_atomically
from balans.paths import Project
from balans.process import process
from balans.publish.engine import Failure
from balans.publish.pages import Page, check_parameters, tidied
from balans.publish.runner import describe, execute
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
    [(_, outcome)] = execute(project, [page], "warm", at_once=1, quiet=False)  # its progress is for the terminal
    if isinstance(outcome, Failure):
        raise PublishError(f"The refresh stopped; data/raw is as it was.\n{describe(page, outcome)}")
    write_atomically(project.book / page.target, tidied(outcome.text, page.title))
    last = read_last_refresh(project)
    if last is None:
        raise PublishError("The refresh did not write its report; data/raw is as it was.")
    return last
