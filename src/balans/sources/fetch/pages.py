"""Ask for the pages of a table: addresses that are not too long, each page once, kept until the table is stored."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from balans.errors import SourceError, TableGoneError
from balans.paths import Project
from balans.sources.catalogue import Live, Table
from balans.sources.fetch.client import Client, UnusableAnswerError
from balans.sources.fetch.described import Description, Page, Query
from balans.sources.fetch.dialects import Dialect

LONGEST_URL = 1800  # CBS answers 404 to addresses of more than about 2,000 characters


def pages_of(
    dialect: Dialect, live: Live, described: Description, query: Query, client: Client, folder: Path
) -> Iterator[Page]:
    """Yield every page of a query, from ``folder`` or else from the service.

    Raises:
        SourceError: the source cannot be reached, keeps sending the same page, or sends us to another server.
    """
    for part in split(query, lambda asked: len(dialect.first_page(live, described, asked)) > LONGEST_URL):
        first = url = dialect.first_page(live, described, part)
        asked: set[str] = set()
        while url:
            _refuse_detours(url, first, asked, described)
            asked.add(url)
            page = _page(dialect, described, client, url, folder)
            yield page
            url = page.next or ""


def split(query: Query, too_long: Callable[[Query], bool]) -> Iterator[Query]:
    """Yield queries that ask the same together, each with an address that the service accepts, if that is possible."""
    parts = query.halves() if too_long(query) else [query]
    for part in parts:
        yield from [part] if part == query else split(part, too_long)


def _refuse_detours(url: str, first: str, asked: set[str], described: Description) -> None:
    if url in asked:
        raise SourceError(
            f"Table {described.id}: the service keeps sending the same page ({len(asked)} pages came). "
            "The stored figures stay in force. Try again later: make data"
        )
    if urlsplit(url).netloc != urlsplit(first).netloc:
        raise SourceError(f"Table {described.id}: the next page is on another server ({url}). Nothing was changed.")


def _page(dialect: Dialect, described: Description, client: Client, url: str, folder: Path) -> Page:
    """A page that was kept (a half-written one counts for none), or a new one, which is kept as it came."""
    path = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.json"
    try:
        return dialect.read_page(path.read_bytes(), described)
    except (OSError, UnusableAnswerError):
        pass

    def ask() -> tuple[bytes, Page]:
        body = client.get(url)
        return body, dialect.read_page(body, described)

    what = f"Table {described.id}, figures"
    try:
        body, page = client.patiently(ask, what)
    except TableGoneError as error:
        raise SourceError(
            f"{what}: the service describes the table but does not have the page (404). The stored figures stay in "
            "force. Try again later: make data"
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tmp").write_bytes(body)
    path.with_suffix(".tmp").replace(path)
    return page


def page_folder(project: Project, table: Table, described: Description) -> Path:
    """Return where pages are kept, per edition: those of an older one are deleted, never mixed in."""
    edition = f"{described.id}-{described.modified}"
    for other in (project.cache / "fetch" / table.id).glob(f"{described.id}-*"):
        if other.name != edition:
            shutil.rmtree(other, ignore_errors=True)
    return project.cache / "fetch" / table.id / edition


def forget_pages(project: Project, table: Table) -> None:
    """Delete the pages that were kept to resume an interrupted download."""
    shutil.rmtree(project.cache / "fetch" / table.id, ignore_errors=True)
