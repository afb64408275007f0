"""Ask for the pages of a table: addresses that are not too long, each page once, kept until the table is stored."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.feather

from balans.errors import SourceError, TableGoneError
from balans.paths import Project
from balans.sources.catalogue import Live, Table
from balans.sources.client import Client
from balans.sources.statline import Description, Dialect, Page, Query

LONGEST_URL = 1800


def pages_of(
    dialect: Dialect, live: Live, description: Description, query: Query, client: Client, folder: Path
) -> Iterator[tuple[Path, int]]:
    """Yield the kept file and the number of rows of every page of a query.

    The query is split as far as the service's limit on the length of addresses needs.

    Raises:
        SourceError: the source cannot be reached, or keeps sending the same page.
    """
    for part in split(query, lambda q: len(dialect.first_page(live, description, q)) > LONGEST_URL):
        yield from walk(dialect, live, description, part, client, folder)


def forget_pages(project: Project, table: Table) -> None:
    """Delete the pages that were kept to resume an interrupted download."""
    shutil.rmtree(project.cache / "fetch" / table.id, ignore_errors=True)


def split(query: Query, too_long: Callable[[Query], bool]) -> Iterator[Query]:
    """Yield queries that ask the same together, each with an address that the service accepts.

    The longest list of alternatives is halved; if there is none, the topics are.
    """
    if not too_long(query):
        yield query
        return
    longest = max(range(len(query.clauses)), key=lambda i: len(query.clauses[i]), default=-1)
    if longest >= 0 and len(query.clauses[longest]) > max(1, len(query.topics)):
        halves = _halves(query.clauses[longest])
        parts = [
            replace(
                query,
                clauses=(*query.clauses[:longest], half, *query.clauses[longest + 1 :]),
            )
            for half in halves
        ]
    elif len(query.topics) > 1:
        parts = [replace(query, topics=half) for half in _halves(query.topics)]
    elif longest >= 0 and len(query.clauses[longest]) > 1:
        halves = _halves(query.clauses[longest])
        parts = [
            replace(
                query,
                clauses=(*query.clauses[:longest], half, *query.clauses[longest + 1 :]),
            )
            for half in halves
        ]
    else:
        yield query
        return
    for part in parts:
        yield from split(part, too_long)


def _halves(items: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    middle = len(items) // 2
    return items[:middle], items[middle:]


def walk(
    dialect: Dialect,
    live: Live,
    description: Description,
    query: Query,
    client: Client,
    folder: Path,
) -> Iterator[tuple[Path, int]]:
    """Yield the file and the rows of page after page; each is kept in ``folder`` until the table is stored.

    Raises:
        SourceError: the next address was asked before, or is on another server.
    """
    first = dialect.first_page(live, description, query)
    url: str | None = first
    asked: set[str] = set()
    while url is not None:
        if url in asked:
            raise SourceError(
                f"Table {description.id}: the service keeps sending the same page ({len(asked)} pages came). "
                "The stored figures stay in force. Try again later: make data"
            )
        if urlsplit(url).netloc != urlsplit(first).netloc:
            raise SourceError(
                f"Table {description.id}: the next page is on another server ({url}). Nothing was changed."
            )
        asked.add(url)
        path = _page_path(folder, url)
        about = _kept(path)
        if about is None:
            about = _keep(path, _ask_page(dialect, description, client, url))
        yield path, about[0]
        url = about[1]


def _ask_page(dialect: Dialect, description: Description, client: Client, url: str) -> Page:
    what = f"Table {description.id}, figures"
    try:
        return client.patiently(lambda: dialect.read_page(client.get(url), description), what)
    except TableGoneError as error:
        raise SourceError(
            f"{what}: the service describes the table but does not have the page (404). The stored figures stay in "
            "force. Try again later: make data"
        ) from error


def page_folder(project: Project, table: Table, description: Description) -> Path:
    """Pages are kept per edition: those of an older one are deleted, never mixed in."""
    edition = f"{description.id}-{description.modified}"
    for other in (project.cache / "fetch" / table.id).glob(f"{description.id}-*"):
        if other.name != edition:
            shutil.rmtree(other, ignore_errors=True)
    return project.cache / "fetch" / table.id / edition


def _page_path(folder: Path, url: str) -> Path:
    return folder / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.arrow"


def read_kept(path: Path) -> pa.Table:
    """Return the figures of a page that was kept."""
    return pyarrow.feather.read_table(path, memory_map=False)


def _kept(path: Path) -> tuple[int, str | None] | None:
    """The rows of a page that was kept, and the next address; None if it is not there or was not written to its end."""
    try:
        about = read_kept(path).schema.metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    return int(about[b"rows"]), about[b"next"].decode() or None


def _keep(path: Path, page: Page) -> tuple[int, str | None]:
    """Keep a page; not flushed to disk, because one that a power cut spoils is simply asked for again."""
    about = {"next": page.next or "", "rows": str(page.rows)}
    sink = pa.BufferOutputStream()
    pyarrow.feather.write_feather(page.figures.replace_schema_metadata(about), sink, compression="lz4")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tmp").write_bytes(sink.getvalue())
    path.with_suffix(".tmp").replace(path)
    return page.rows, page.next
