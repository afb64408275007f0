"""The report of the last refresh, kept beside the figures so that the page on sources can show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from balans.files import write_atomically
from balans.paths import Project
from balans.sources.fetch.changes import RefreshReport, TableReport
from balans.sources.fetch.progress import bars
from balans.sources.fetch.refresh import refresh

NAME = ".last-refresh.json"


@dataclass(frozen=True)
class LastRefresh:
    """What the last refresh did: its date, the report for a terminal, whether a table that should have come did not.

    ``tables`` has per table: table, outcome, new_years, revised, came, went, problem.
    """

    on: str
    text: str
    failed: bool
    tables: list[dict[str, Any]]


def refresh_and_keep(project: Project, tables: list[str] | None) -> LastRefresh:
    """Bring tables up to date with a progress bar, keep the report, and return it.

    Raises:
        UnknownKeyError: ``sources.yml`` has no such table.
        BalansError: another refresh is running.
    """
    with bars() as progress:
        report = refresh(project, tables or None, progress)
    return keep(project, report, date.today())


def keep(project: Project, report: RefreshReport, on: date) -> LastRefresh:
    """Write the report beside the figures and return it."""
    kept = LastRefresh(on.isoformat(), report.describe(), bool(report.failed), [_row(one) for one in report.tables])
    write_atomically(_path(project), json.dumps(kept.__dict__, indent=2, ensure_ascii=False) + "\n")
    return kept


def read_last_refresh(project: Project) -> LastRefresh | None:
    """Return the report of the last refresh, None if there has been none."""
    path = _path(project)
    return LastRefresh(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _path(project: Project) -> Path:
    return project.raw / NAME


def _row(one: TableReport) -> dict[str, Any]:
    changes = one.changes
    return {
        "table": one.table,
        "outcome": one.outcome,
        "new_years": sorted({int(year) for year in changes.new_years["year"]}) if changes else [],
        "revised": len(changes.revised) if changes else 0,
        "came": list(changes.came) if changes else [],
        "went": list(changes.went) if changes else [],
        "problem": one.problem.splitlines()[0] if one.problem else "",
    }
