"""``balans data``: bring the tables of ``data/raw`` up to date, say what changed, lose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from balans.errors import DownloadError, SourceError
from balans.paths import Project
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.fetch.changes import KEY, Changes, RefreshReport, TableReport, compare, refuse_if_incomplete
from balans.sources.fetch.client import Client, Manners
from balans.sources.fetch.others import fetch_file
from balans.sources.fetch.pages import forget_pages
from balans.sources.fetch.progress import Progress, silent
from balans.sources.fetch.statline import fetch_statline
from balans.sources.fetch.store import clean_up, only_one, put_in_force, room_on_disk
from balans.sources.figures import in_our_units, read_measures, read_table
from balans.sources.manifest import RawFile, RawTable, read_manifest
from balans.sources.stored import read_file


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
    client, reports = Client(manners), []
    with only_one(project):
        clean_up(project)
        for table in wanted:
            try:
                with room_on_disk(table):
                    reports.append(refresh_table(project, table, client, progress, today or date.today()))
            except SourceError as error:
                if not isinstance(error, DownloadError):
                    forget_pages(project, table)  # what came cannot be used: ask for all of it next time
                outcome = "not available" if table.planned else "failed"
                reports.append(TableReport(table.id, table.title, outcome, problem=str(error)))
    return RefreshReport(tuple(reports))


def refresh_table(project: Project, table: Table, client: Client, progress: Progress, today: date) -> TableReport:
    """Fetch one table and put it in force; the caller holds the lock.

    Raises:
        SourceError: it could not be fetched, or what came cannot be used; nothing changed.
    """
    if table.live is None:
        raise SourceError(f"Table {table.id}: definitions/sources.yml does not say how to fetch it (live:).")
    fetched = (fetch_statline if table.is_statline else fetch_file)(project, table, client, progress)
    entry = next((entry for entry in read_manifest(project.raw) if entry.table == table.id), None)
    keep = list(entry.carried_over.files) if entry and entry.carried_over else []
    changes = None
    if fetched.figures is not None:
        old = _stored_figures(project, table, entry)
        changes = compare(old, in_our_units(read_file(fetched.figures), table))
        refuse_if_incomplete(table.id, old, changes)
        keep = _still_needed(project, table, keep, changes)
    changed = put_in_force(project, table, fetched, keep, today)
    forget_pages(project, table)
    outcome = "updated" if changed else "unchanged"
    return TableReport(table.id, table.title, outcome, changes, tuple(fetched.notes), tuple(fetched.renamed))


def _stored_figures(project: Project, table: Table, entry: RawTable | None) -> pd.DataFrame:
    if entry is None:
        return pd.DataFrame(columns=[*KEY, "value"]).astype({"topic": str, "region": str, "year": int, "value": float})
    return read_table(project.raw, table)


def _still_needed(project: Project, table: Table, carried: list[RawFile], changes: Changes) -> list[RawFile]:
    """The carried-over files with a year that the source lacks, and what explains them; the others are replaced."""
    lacking = pd.MultiIndex.from_frame(changes.kept)

    def holds(file: RawFile) -> bool:
        stored = in_our_units(read_measures(project.raw, file, table), table, carried=True)
        return bool(pd.MultiIndex.from_frame(stored[["topic", "year"]]).isin(lacking).any())

    needed = {file for file in carried if file.path.endswith(".csv.gz") and len(lacking) and holds(file)}
    return [file for file in carried if file in needed or (needed and not file.path.endswith(".csv.gz"))]
