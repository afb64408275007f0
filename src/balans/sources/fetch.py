"""Fetch one StatLine table: describe, select, ask page by page with resume, and put into the stored shape."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather

from balans.errors import SourceError, TableGoneError
from balans.paths import Project
from balans.sources.catalogue import Live, Part, Table
from balans.sources.client import Client
from balans.sources.download import page_folder, pages_of
from balans.sources.odata3 import OData3
from balans.sources.odata4 import OData4
from balans.sources.progress import Progress, Step
from balans.sources.resolve import Selection, select
from balans.sources.statline import (
    Description,
    Dialect,
    SourceTopic,
)

DIALECTS: dict[str, Dialect] = {"odata3": OData3(), "odata4": OData4()}
ROWS_PER_WRITE = 250_000


@dataclass
class Fetched:
    """What came from a source, not yet stored.

    Attributes:
        files: per stored name its content, or a file that holds it.
        modified: the source's own date of the edition.
        how: how it came.
        notes: what a person should know: duplicates that were dropped, an empty year, topics that are gone.
        renamed: topics that were found under another title or key than ``sources.yml`` says first.
        figures: measure, region, year, value, status, symbol as stored; None for sources that have another shape.
    """

    files: dict[str, bytes | Path]
    modified: str | None
    how: str
    notes: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    figures: pd.DataFrame | None = None


@dataclass(frozen=True)
class FetchedPart:
    """One table at the source: what it is, what was asked, and its figures (measure is our name, year a number)."""

    description: Description
    selection: Selection
    figures: pd.DataFrame
    notes: tuple[str, ...]


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
    return _assemble(project, table, live, parts, gone)


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
    tables, rows = [], 0
    for page in pages_of(dialect, live, description, selection.query, client, folder):
        rows += page.rows
        tables.append(page.figures)
        progress(Step(table.id, f"{part.id}: figures", rows, selection.most_rows))
    figures, notes = _named(pa.concat_tables(tables).unify_dictionaries(), selection, part)
    return FetchedPart(description, selection, figures, notes)


def _named(figures: pa.Table, selection: Selection, part: Part) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Our names for keys, years for periods; sorted, without double rows."""
    names = {topic.key: name for name, topic in selection.topics.items()}
    frame = figures.to_pandas(self_destruct=True, split_blocks=True)
    frame["measure"] = frame["measure"].cat.rename_categories(names)
    frame["year"] = (
        frame.pop("period").map(selection.years).astype("Int16") if selection.years else np.int16(part.year or 0)
    )
    frame = frame[frame["year"].notna()].astype({"year": "int16"})
    for column in ("measure", "region"):
        frame[column] = frame[column].cat.reorder_categories(sorted(frame[column].cat.categories), ordered=True)
    frame = frame.sort_values(["measure", "region", "year"], ignore_index=True, kind="stable")
    return _without_doubles(frame, part)


def _without_doubles(frame: pd.DataFrame, part: Part) -> tuple[pd.DataFrame, tuple[str, ...]]:
    key = ["measure", "region", "year"]
    double = frame.duplicated(key, keep="first")
    if not double.any():
        return frame, ()
    same = frame.duplicated([*key, "value"], keep="first")
    if (double & ~same).any():
        first = frame[double & ~same].iloc[0]
        raise SourceError(
            f"Table {part.id}: two different figures for {first['measure']}, {first['region']}, {first['year']}. "
            "The stored figures stay in force. Try again later; if it stays, the table has a dimension without a choice."
        )
    return frame[~double].reset_index(drop=True), (
        f"{part.id}: {int(double.sum())} rows came twice; each is stored once",
    )


def _assemble(
    project: Project,
    table: Table,
    live: Live,
    parts: list[FetchedPart],
    gone: list[str],
) -> Fetched:
    """Put the parts into the two stored files; where two parts have the same figure, the first one decides."""
    stacked = (
        pd.concat([_with_status(part) for part in parts], ignore_index=True)
        if len(parts) > 1
        else _with_status(parts[0])
    )
    if len(parts) > 1:
        stacked = stacked.drop_duplicates(["measure", "region", "year"], keep="first")
        stacked = stacked.sort_values(["measure", "region", "year"], ignore_index=True)
    notes = [
        *gone,
        *(note for part in parts for note in part.notes),
        *(note for part in parts for note in _empty_years(part)),
    ]
    notes += [
        f"{part.description.id} has no {name} in this edition" for part in parts for name in part.selection.absent
    ]
    _check_content(table, live, stacked)
    path = project.cache / "fetch" / table.id / "figures.csv.gz"
    write_figures(path, stacked)
    dates = [part.description.modified for part in parts if part.description.modified]
    measures = _measures(parts).encode()
    how = f"fetched from StatLine ({', '.join(part.description.id for part in parts)}; {live.protocol})"
    renamed = [line for part in parts for line in _renamed(table, part)]
    return Fetched(
        {"figures.csv.gz": path, "measures.csv": measures},
        max(dates, default=None),
        how,
        notes,
        renamed,
        stacked,
    )


def _with_status(part: FetchedPart) -> pd.DataFrame:
    status = part.figures["year"].map(part.selection.statuses).astype("category")
    return part.figures.assign(
        status=status,
        table=pd.Categorical([part.description.id] * len(status)),
    )


def _empty_years(part: FetchedPart) -> list[str]:
    """Periods that the service lists without one figure."""
    filled = set(part.figures.loc[part.figures["value"].notna(), "year"])
    empty = sorted(set(part.selection.statuses) - filled)
    newest = max(filled, default=0)
    return [
        f"{part.description.id}: {year} is announced but still empty; it is kept out" for year in empty if year > newest
    ]


def _check_content(table: Table, live: Live, figures: pd.DataFrame) -> None:
    """Refuse an answer without figures, or without the years that must be there."""
    years = figures.loc[figures["value"].notna(), "year"]
    if years.empty:
        raise SourceError(
            f"Table {table.id}: the source answers, but without one figure. The stored figures stay in force."
        )
    if live.expected_years and not (years.min() <= live.expected_years[0] and years.max() >= live.expected_years[1]):
        raise SourceError(
            f"Table {table.id}: figures came for {years.min()}-{years.max()}, but {live.expected_years[0]}-"
            f"{live.expected_years[1]} must be there. The stored figures stay in force. If the source has dropped years "
            "for good, change expected_years in definitions/sources.yml."
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


def write_figures(path: Path, figures: pd.DataFrame) -> None:
    """Write figures in the stored shape, a piece at a time: table, measure, region, year, value, status, symbol."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ["table", "measure", "region", "year", "value", "status", "symbol"]
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
        stream.write((",".join(columns) + "\n").encode())
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
        for start in range(0, len(figures), ROWS_PER_WRITE):
            piece = figures.iloc[start : start + ROWS_PER_WRITE][columns]
            text = {
                name: pa.array(piece[name].astype(object), pa.string(), from_pandas=True)
                for name in columns
                if name not in {"year", "value"}
            }
            numeric = {name: pa.array(piece[name], from_pandas=True) for name in ("year", "value")}
            pyarrow.csv.write_csv(
                pa.table({name: (text | numeric)[name] for name in columns}),
                stream,
                options,
            )


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
