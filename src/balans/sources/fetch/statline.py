"""Fetch one StatLine table: describe, select, ask page by page with resume, and put into the stored shape."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from balans.errors import DownloadError, SourceError, TableGoneError
from balans.paths import Project
from balans.sources.catalogue import Live, Part, Table
from balans.sources.fetch.client import Client
from balans.sources.fetch.described import Description
from balans.sources.fetch.dialects import DIALECTS, OData3
from balans.sources.fetch.pages import page_folder, pages_of
from balans.sources.fetch.progress import Progress, Step
from balans.sources.fetch.resolve import Selection, select
from balans.sources.fetch.store import Fetched

COLUMNS = ["table", "measure", "region", "year", "value", "status", "symbol"]


@dataclass(frozen=True)
class FetchedPart:
    """One table at the source: what it is, what was asked, and its figures per topic, page by page.

    ``figures`` has per topic of ``sources.yml`` frames of region, year, value, symbol.
    """

    part: Part
    protocol: str
    described: Description
    selection: Selection
    figures: dict[str, list[pd.DataFrame]]


def fetch_statline(project: Project, table: Table, client: Client, progress: Progress) -> Fetched:
    """Return every part of a table in the stored shape, each from the first of CBS's services that gives it.

    Raises:
        TableGoneError: no part is at the source any more.
        TopicError: the table is not as ``sources.yml`` says.
        SourceError: the source cannot be reached or its answer cannot be used.
    """
    live = table.live
    assert live is not None
    parts, gone = [], []
    for part in live.parts:
        try:
            parts.append(_from_any_service(project, table, live, part, client, progress))
        except TableGoneError as error:
            gone.append(f"{part.id} is not at the source any more")
            if len(gone) == len(live.parts):
                raise TableGoneError(_withdrawn(table, live)) from error
    fetched = _stored_shape(project, table, live, parts, gone)
    fetched.notes += other_editions(client, live)
    return fetched


def other_editions(client: Client, live: Live) -> list[str]:
    """Return, in words, what else the catalogue has of a table of which each edition has an id of its own."""
    if live.editions is None:
        return []
    try:
        titles = OData3().titled(client, live, live.editions)
    except SourceError:
        return ["whether there is a later edition could not be seen: the catalogue did not answer"]
    asked = {part.id.casefold() for part in live.parts}
    return [
        f"also in the catalogue: {id_}, {title}" for id_, title in sorted(titles.items()) if id_.casefold() not in asked
    ]


def _from_any_service(
    project: Project, table: Table, live: Live, part: Part, client: Client, progress: Progress
) -> FetchedPart:
    """One table from the first service that gives it; one that did not answer before is not asked again."""
    problems: list[SourceError] = []
    for protocol in live.protocols:
        try:
            with client.service(f"{live.catalogue} {protocol}", table.id):
                return fetch_part(project, table, live, part, protocol, client, progress)
        except SourceError as error:
            if not problems and not isinstance(error, TableGoneError | DownloadError):
                raise  # what came cannot be used: the other service would only hide it
            problems.append(error)
    # That one service is out of order matters more than that the other one does not have the table.
    first = next((problem for problem in problems if isinstance(problem, DownloadError)), problems[0])
    others = "".join(f"\nTried too: {problem}" for problem in problems if problem is not first)
    raise type(first)(f"{first}{others}") from first


def fetch_part(
    project: Project, table: Table, live: Live, part: Part, protocol: str, client: Client, progress: Progress
) -> FetchedPart:
    """Return the figures of one table at the source; finished pages of an interrupted run are not asked for again."""
    dialect = DIALECTS[protocol]
    progress(Step(table.id, f"{part.id}: what is in the table"))
    described = dialect.describe(client, live, part.id).measured_by(live.measure_from)
    selection = select(table, live, part, described)
    message, rows = f"{part.id}: figures", 0
    progress(Step(table.id, message, 0, selection.most_rows))
    figures: dict[str, list[pd.DataFrame]] = {name: [] for name in selection.topics}
    for page in pages_of(dialect, live, described, selection.query, client, page_folder(project, table, described)):
        rows += page.rows
        for name, frames in figures.items() if page.rows else ():
            frames.append(_wanted(page.figures, name, selection, part))
        progress(Step(table.id, message, rows, selection.most_rows))
    return FetchedPart(part, protocol, described, selection, figures)


def _wanted(page: pd.DataFrame, name: str, selection: Selection, part: Part) -> pd.DataFrame:
    """Region, year, value, symbol of one topic on one page, of the years that are wanted."""
    rows = page[page["measure"] == selection.topics[name].key]
    if name in selection.categories and len(rows):
        rows = rows[rows["category"] == selection.categories[name].bare]
    if selection.years and "period" in rows:
        year = rows["period"].astype(str).map(selection.years)
        rows, year = rows[year.notna()], year.dropna()
    else:
        year = pd.Series(part.year, rows.index)
    return pd.DataFrame(
        {"region": rows.get("region"), "year": year.astype("int16"), "value": rows["value"], "symbol": rows["symbol"]}
    ).reset_index(drop=True)


def _stored_shape(project: Project, table: Table, live: Live, parts: list[FetchedPart], gone: list[str]) -> Fetched:
    """Put the parts into the two stored files, and say what is worth knowing about them."""
    path = project.cache / "fetch" / table.id / "figures.csv.gz"
    filled, notes = write_figures(parts, path)
    _check_years(table, live, set().union(*filled.values()))
    dates = [part.described.modified for part in parts if part.described.modified]
    protocols = ", ".join(sorted({part.protocol for part in parts}))
    topics = {topic.name: topic for topic in table.topics}
    found = [(part, name, topic) for part in parts for name, topic in sorted(part.selection.topics.items())]
    measures = [[p.described.id, name, topic.path, topic.unit, "", topic.key] for p, name, topic in found]
    columns = ["table", "measure", "title", "unit", "note", "key"]
    return Fetched(
        {
            "figures.csv.gz": path,
            "measures.csv": pd.DataFrame(measures, columns=columns).to_csv(index=False, lineterminator="\n").encode(),
        },
        max(dates, default=None),
        f"fetched from StatLine ({', '.join(part.described.id for part in parts)}; {protocols})",
        [*gone, *notes, *(note for part in parts for note in _notes(part, filled[part.described.id]))],
        [f"{n}: {topics[n].path} is now called {t.path}" for _, n, t in found if t.path != topics[n].path],
        path,
    )


def write_figures(parts: list[FetchedPart], path: Path) -> tuple[dict[str, set[int]], list[str]]:
    """Write the figures of all parts to ``path``; where two have the same figure, the first one decides.

    Columns: table, measure (our name), region, year, value, status (CBS's word), symbol; sorted by topic, area, year.

    Returns:
        Per table at the source the years with a figure; and what came twice, in words.

    Raises:
        SourceError: one table has two different figures for the same area and year.
    """
    filled: dict[str, set[int]] = {part.described.id: set() for part in parts}
    doubles = dict.fromkeys(filled, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    # No time stamp and no name in the file, so that the same figures are the same bytes.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 4, file, mtime=0) as packed:
        packed.write((",".join(COLUMNS) + "\n").encode())
        for name in sorted({name for part in parts for name in part.selection.topics}):
            frames = []
            for part in (part for part in parts if name in part.selection.topics):
                frame, twice = _one_topic(part, name)
                doubles[part.described.id] += twice
                filled[part.described.id] |= set(frame.loc[frame["value"].notna(), "year"].unique())
                frames.append(frame)
            if len(frames) > 1:
                frames = [pd.concat(frames).drop_duplicates(["region", "year"]).sort_values(["region", "year"])]
            frames[0][COLUMNS].to_csv(packed, index=False, header=False, lineterminator="\n")
    return filled, [f"{id_}: {n} rows came twice; each is stored once" for id_, n in doubles.items() if n]


def _one_topic(part: FetchedPart, name: str) -> tuple[pd.DataFrame, int]:
    """One topic of one table in the stored shape, sorted by area and year; and how many rows came twice."""
    if not part.figures[name]:
        return pd.DataFrame(columns=COLUMNS), 0
    rows = pd.concat(part.figures.pop(name)).sort_values(["region", "year"], ignore_index=True)
    once = rows.drop_duplicates()
    other = once[once.duplicated(["region", "year"])]
    if len(other):
        raise SourceError(
            f"Table {part.part.id}: two different figures for {name}, {other['region'].iloc[0]}, "
            f"{other['year'].iloc[0]}. The stored figures stay in force. Try again later; if it stays, a dimension of "
            "the table has no choice."
        )
    # Texts that repeat in every row are categories: a column of them takes a byte per row.
    same = {"table": part.described.id, "measure": name}
    columns = {key: pd.Series(text, once.index, pd.CategoricalDtype([text])) for key, text in same.items()}
    status = once["year"].astype("category").map(part.selection.statuses)
    return once.assign(**columns, status=status), len(rows) - len(once)


def _notes(part: FetchedPart, filled: set[int]) -> list[str]:
    """Periods that the service lists without one figure, topics that this edition lacks."""
    name = part.described.id
    empty = sorted(year for year in part.selection.statuses if year > max(filled, default=0))
    return [
        *(f"{name}: {year} is announced but still empty; it is kept out" for year in empty),
        *(f"{name} has no {topic} in this edition" for topic in part.selection.absent),
    ]


def _check_years(table: Table, live: Live, years: set[int]) -> None:
    """Refuse an answer without figures, or without the years that must be there."""
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


def _withdrawn(table: Table, live: Live) -> str:
    asked, successors = ", ".join(part.id for part in live.parts), " or ".join(live.successors)
    after = f" Its successor is {successors}: put that id under parts in definitions/sources.yml." if successors else ""
    return (
        f"Table {table.id}: the source does not have {asked} any more (404). The stored figures stay in force.{after}"
    )
