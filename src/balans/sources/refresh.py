"""``balans data``: bring the tables of ``data/raw`` up to date, say what changed, lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd

from balans.errors import DownloadError, SourceError, SourceSilentError
from balans.paths import Project
from balans.sources.assemble import read_figures
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.client import Client, Manners
from balans.sources.compare import Changes, compare, refuse_if_incomplete
from balans.sources.download import forget_pages
from balans.sources.fetch import Fetched, fetch_statline
from balans.sources.figures import in_our_units, read_table
from balans.sources.manifest import RawFile, RawTable, read_manifest
from balans.sources.others import FETCHERS
from balans.sources.progress import Progress, silent
from balans.sources.report import RefreshReport, TableReport
from balans.sources.store import clean_up, only_one, put_in_force, room_on_disk

Fetch = Callable[[Project, Table, Client, Progress], Fetched]


def refresh(
    project: Project,
    tables: Sequence[str] | None = None,
    progress: Progress = silent,
    *,
    manners: Manners | None = None,
    today: date | None = None,
) -> RefreshReport:
    """Bring tables up to date; a table that cannot be fetched keeps its figures, and the others go on.

    Args:
        project: whose ``data/raw``.
        tables: ids from ``sources.yml``, or ids at the source; None for every table that can be fetched.
        progress: is told how far it is.
        manners: how patient to be.
        today: the date for the manifest.

    Returns:
        Per table what changed, or why it could not be fetched.

    Raises:
        UnknownKeyError: ``sources.yml`` has no such table.
        BalansError: another refresh is running.
        RawDataError: the manifest cannot be read.
    """
    catalogue = load_catalogue(project)
    wanted = [catalogue.table(name) for name in tables] if tables else [t for t in catalogue.tables if t.live]
    client, silent_services, reports = Client(manners), dict[str, str](), []
    with only_one(project):
        clean_up(project)
        for table in wanted:
            service = _service(table)
            if service in silent_services:
                reports.append(
                    _failed(
                        table,
                        SourceError(f"Table {table.id}: not tried, because {silent_services[service]}."),
                    )
                )
                continue
            try:
                with room_on_disk(table):
                    reports.append(refresh_table(project, table, client, progress, today or date.today()))
            except SourceSilentError as error:
                silent_services[service] = f"{service} did not answer for {table.id}"
                reports.append(_failed(table, error))
            except SourceError as error:
                if not isinstance(error, DownloadError):
                    forget_pages(project, table)  # what came cannot be used: ask for all of it next time
                reports.append(_failed(table, error))
    return RefreshReport(tuple(reports))


def refresh_table(project: Project, table: Table, client: Client, progress: Progress, today: date) -> TableReport:
    """Fetch one table and put it in force; the caller holds the lock.

    Raises:
        SourceError: it could not be fetched, or what came cannot be used; nothing changed.
    """
    fetched = _fetcher(table)(project, table, client, progress)
    changes, keep = None, _carried_files(project, table)
    if fetched.figures is not None:
        old, new = _stored_figures(project, table), in_our_units(read_figures(fetched.figures), table)
        changes = compare(old, new)
        refuse_if_incomplete(table.id, old, changes)
        keep = _still_needed(project, table, keep, changes)
    changed = put_in_force(project, table, fetched, keep, today)
    forget_pages(project, table)
    return TableReport(
        table.id,
        table.title,
        "updated" if changed else "unchanged",
        changes,
        tuple(fetched.notes),
        tuple(fetched.renamed),
    )


def _fetcher(table: Table) -> Fetch:
    if table.live is None:
        raise SourceError(f"Table {table.id}: definitions/sources.yml does not say how to fetch it (live:).")
    return fetch_statline if table.live.kind == "statline" else FETCHERS[table.live.kind]


def _service(table: Table) -> str:
    return f"{table.live.kind} {table.live.catalogue} {table.live.protocol}" if table.live else table.publisher


def _failed(table: Table, error: SourceError) -> TableReport:
    planned = table.live is not None and table.live.planned
    return TableReport(
        table.id,
        table.title,
        "not available" if planned else "failed",
        None,
        (),
        (),
        str(error),
    )


def _entry(project: Project, table: Table) -> RawTable | None:
    return next((entry for entry in read_manifest(project.raw) if entry.table == table.id), None)


def _stored_figures(project: Project, table: Table) -> pd.DataFrame:
    if _entry(project, table) is None:
        return pd.DataFrame({"topic": [], "region": [], "year": [], "value": []}).astype(
            {"topic": str, "region": str, "year": int}
        )
    return read_table(project.raw / table.id, table)


def _carried_files(project: Project, table: Table) -> list[RawFile]:
    entry = _entry(project, table)
    carried = entry.carried_over if entry else None
    return list(carried.files) if carried else []


def _still_needed(project: Project, table: Table, carried: list[RawFile], changes: Changes) -> list[RawFile]:
    """The carried-over files with a year that the source lacks; every other one is replaced."""
    if changes.kept.empty:
        return []
    wanted = pd.MultiIndex.from_frame(changes.kept)
    figures = [file for file in carried if file.path.endswith(".csv.gz")]
    needed = [file for file in figures if _holds(project, table, file, wanted)]
    return [
        *needed,
        *(file for file in carried if needed and not file.path.endswith(".csv.gz")),
    ]


def _holds(project: Project, table: Table, file: RawFile, wanted: pd.MultiIndex) -> bool:
    stored = in_our_units(pd.read_csv(project.raw / file.path, dtype={"year": str}), table, carried=True)
    return bool(pd.MultiIndex.from_frame(stored[["topic", "year"]]).isin(wanted).any())
