"""Fetch one StatLine table: describe, select, ask page by page with resume, and put into the stored shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from balans.errors import SourceError, TableGoneError
from balans.paths import Project
from balans.sources.assemble import FetchedPart, Tally, assemble
from balans.sources.catalogue import Live, Part, Table
from balans.sources.client import Client
from balans.sources.download import page_folder, pages_of
from balans.sources.odata3 import OData3
from balans.sources.odata4 import OData4
from balans.sources.progress import Progress, Step
from balans.sources.resolve import select
from balans.sources.statline import (
    Dialect,
    SourceTopic,
)

DIALECTS: dict[str, Dialect] = {"odata3": OData3(), "odata4": OData4()}


@dataclass
class Fetched:
    """What came from a source, not yet stored.

    Attributes:
        files: per stored name its content, or a file that holds it.
        modified: the source's own date of the edition.
        how: how it came.
        notes: what a person should know: duplicates that were dropped, an empty year, topics that are gone.
        renamed: topics that were found under another title or key than ``sources.yml`` says first.
        figures: the file with figures in the stored shape; None for sources that have another shape.
    """

    files: dict[str, bytes | Path]
    modified: str | None
    how: str
    notes: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    figures: Path | None = None


def fetch_statline(project: Project, table: Table, client: Client, progress: Progress) -> Fetched:
    """Return every part of a table in the stored shape.

    Raises:
        TableGoneError: no part is at the source any more.
        TopicError: the table is not as ``sources.yml`` says.
        SourceError: the source cannot be reached or its answer cannot be used.
    """
    live = _live(table)
    parts, gone = [], []
    for part in live.parts:
        try:
            parts.append(fetch_part(project, table, live, part, client, progress))
        except TableGoneError as error:
            gone.append(f"{part.id} is not at the source any more")
            if len(gone) == len(live.parts):
                raise TableGoneError(_withdrawn(table, live)) from error
    return _stored_shape(project, table, live, parts, gone)


def fetch_part(
    project: Project,
    table: Table,
    live: Live,
    part: Part,
    client: Client,
    progress: Progress,
) -> FetchedPart:
    """Return the figures of one table at the source; finished pages of an interrupted run are not asked for again."""
    dialect = DIALECTS[live.protocol]
    progress(Step(table.id, f"{part.id}: what is in the table"))
    description = dialect.describe(client, live, part)
    selection = select(table, live, part, description)
    progress(Step(table.id, f"{part.id}: figures", 0, selection.most_rows))
    folder = page_folder(project, table, description)
    pages, rows = [], 0
    for path, count in pages_of(dialect, live, description, selection.query, client, folder):
        rows += count
        pages.append(path)
        progress(Step(table.id, f"{part.id}: figures", rows, selection.most_rows))
    return FetchedPart(part, description, selection, tuple(pages))


def _stored_shape(project: Project, table: Table, live: Live, parts: list[FetchedPart], gone: list[str]) -> Fetched:
    """Put the parts into the two stored files, and say what is worth knowing about them."""
    path = project.cache / "fetch" / table.id / "figures.csv.gz"
    tally = assemble(parts, path)
    _check_years(table, live, tally)
    dates = [part.description.modified for part in parts if part.description.modified]
    return Fetched(
        {"figures.csv.gz": path, "measures.csv": _measures(parts).encode()},
        max(dates, default=None),
        f"fetched from StatLine ({', '.join(part.description.id for part in parts)}; {live.protocol})",
        [*gone, *(note for part in parts for note in _notes(part, tally))],
        [line for part in parts for line in _renamed(table, part)],
        path,
    )


def _notes(part: FetchedPart, tally: Tally) -> list[str]:
    """Rows that came twice, periods that the service lists without one figure, topics that this edition lacks."""
    name = part.description.id
    filled, doubles = tally.filled.get(name, set()), tally.doubles.get(name, 0)
    empty = sorted(year for year in part.selection.statuses if year > max(filled, default=0))
    return [
        *([f"{name}: {doubles} rows came twice; each is stored once"] if doubles else []),
        *(f"{name}: {year} is announced but still empty; it is kept out" for year in empty),
        *(f"{name} has no {topic} in this edition" for topic in part.selection.absent),
    ]


def _check_years(table: Table, live: Live, tally: Tally) -> None:
    """Refuse an answer without figures, or without the years that must be there."""
    years = tally.years
    if not years:
        raise SourceError(
            f"Table {table.id}: the source answers, but without one figure. The stored figures stay in force."
        )
    if live.expected_years and not (min(years) <= live.expected_years[0] and max(years) >= live.expected_years[1]):
        raise SourceError(
            f"Table {table.id}: figures came for {min(years)}-{max(years)}, but {live.expected_years[0]}-"
            f"{live.expected_years[1]} must be there. The stored figures stay in force. If the source has dropped "
            "years for good, change expected_years in definitions/sources.yml."
        )


def _measures(parts: list[FetchedPart]) -> str:
    rows = [
        {
            "table": part.description.id,
            "measure": name,
            "title": topic.path,
            "unit": topic.unit,
            "note": "",
            "key": topic.key,
        }
        for part in parts
        for name, topic in sorted(part.selection.topics.items())
    ]
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")


def _renamed(table: Table, part: FetchedPart) -> list[str]:
    by_name = {topic.name: topic for topic in table.topics}
    found: dict[str, SourceTopic] = part.selection.topics
    return [
        f"{name}: {by_name[name].path} is now called {topic.path}"
        for name, topic in sorted(found.items())
        if by_name[name].path != topic.path
    ]


def _withdrawn(table: Table, live: Live) -> str:
    asked = ", ".join(part.id for part in live.parts)
    after = (
        f" Its successor is {' or '.join(live.successors)}: put that id under parts in definitions/sources.yml."
        if live.successors
        else ""
    )
    return (
        f"Table {table.id}: the source does not have {asked} any more (404). The stored figures stay in force.{after}"
    )


def _live(table: Table) -> Live:
    if table.live is None:
        raise SourceError(f"Table {table.id}: definitions/sources.yml does not say how to fetch it (live:).")
    return table.live
