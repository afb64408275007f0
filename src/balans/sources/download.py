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
) -> Iterator[Page]:
    """Yield every page of a query, which is split as far as the service's limit on addresses needs.

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
) -> Iterator[Page]:
    """Yield page after page; each is kept in ``folder`` until the table is stored.

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
            raise SourceError(f"Table {description.id}: the next page is on another server ({url}). Nothing was changed.")
        asked.add(url)
        page = _kept_page(folder, url)
        if page is None:
            page = _ask_page(dialect, description, client, url)
            _keep_page(folder, url, page)
        yield page
        url = page.next


def _ask_page(dialect: Dialect, description: Description, client: Client, url: str) -> Page:
    what = f"Table {description.id}, figures"
    try:
        return client.patiently(lambda: dialect.read_page(client.get(url), description), what)
    except TableGoneError as error:
        raise SourceError(
            f"{what}: the service describes the table but does not have the page (404). The stored figures stay in force. "
            "Try again later: make data"
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


def _kept_page(folder: Path, url: str) -> Page | None:
    try:
        table = pyarrow.feather.read_table(_page_path(folder, url), memory_map=False)
    except (OSError, pa.ArrowInvalid):
        return None
    about = table.schema.metadata or {}
    following = about.get(b"next", b"").decode() or None
    return Page(table.replace_schema_metadata(None), int(about[b"rows"]), following)


def _keep_page(folder: Path, url: str, page: Page) -> None:
    about = {"next": page.next or "", "rows": str(page.rows)}
    sink = pa.BufferOutputStream()
    pyarrow.feather.write_feather(page.figures.replace_schema_metadata(about), sink, compression="lz4")
    path = _page_path(folder, url)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not flushed to disk: a page that a power cut spoils cannot be read, and is asked for again.
    path.with_suffix(".tmp").write_bytes(sink.getvalue())
    path.with_suffix(".tmp").replace(path)
