"""Version 3 of CBS's open data service, through the package ``cbsodata``.

``cbsodata`` makes the addresses, options and metadata requests. Figures are read page by page beside it, because its
own functions keep a whole table in memory, replace codes by titles and fetch every dimension each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cbsodata
import pyarrow as pa
import requests
from cbsodata import cbsodata3

from balans.sources import pages
from balans.sources.catalogue import Live, Part
from balans.sources.client import Client, address
from balans.sources.statline import (
    FIGURES,
    Code,
    Description,
    Dimension,
    Page,
    Query,
    SourceTopic,
)

HOSTS = {"CBS": "opendata.cbs.nl", "derden": "dataderden.cbs.nl"}


class OData3:
    """The dialect of ``opendata.cbs.nl`` and ``dataderden.cbs.nl``."""

    def describe(self, client: Client, live: Live, part: Part) -> Description:
        """Return what the service says about one table: TableInfos, DataProperties and every dimension.

        Raises:
            TableGoneError: the service does not have the table.
            SourceError: the service cannot be reached.
        """

        def meta(name: str) -> list[dict[str, Any]]:
            return client.patiently(
                lambda: cbsodata.get_meta(part.id, name, catalog_url=_catalogue(live)),
                f"Table {part.id}, {name}",
            )

        with _through(client):
            info, properties = meta("TableInfos")[0], meta("DataProperties")
            dimensions = tuple(
                _dimension(entry, meta)
                for entry in properties
                if "Dimension" in _kind(entry) or _kind(entry) == "GeoDetail"
            )
        return Description(
            part.id,
            info["Title"].strip(),
            _date(info.get("Modified")),
            _topics(properties),
            dimensions,
        )

    def first_page(self, live: Live, description: Description, query: Query) -> str:
        """Return the address of the first page of the untyped figures, which keep CBS's symbols for what is missing."""
        url = address(f"https://{HOSTS[live.catalogue]}/{cbsodata3.BULK}/{description.id}/UntypedDataSet")
        kept = [dimension.key for dimension in description.dimensions if dimension.kind != "Other"]
        params = {"$format": "json", "$select": ",".join([*kept, *query.topics])}
        params |= {"$filter": query.filter} if query.clauses else {}
        return str(requests.Request("GET", url, params=params).prepare().url)

    def read_page(self, body: bytes, description: Description) -> Page:
        """Return the figures of one page; each topic that is in it is a column there."""
        rows, following = pages.rows_of(body, "odata.nextLink")
        if rows is None:
            return Page(FIGURES.empty_table(), 0, following)
        area, time = description.of_kind("Geo"), description.of_kind("Time")
        region = pages.codes(pages.column(rows, area.key, description.id) if area else None, len(rows))
        period = pages.codes(pages.column(rows, time.key, description.id) if time else None, len(rows))
        present = [topic for topic in description.topics if rows.type.get_field_index(topic.key) >= 0]
        tables = [_one_topic(rows, topic, region, period, description.id) for topic in present]
        return Page(
            pa.concat_tables(tables) if tables else FIGURES.empty_table(),
            len(rows),
            following,
        )


def modified(client: Client, live: Live) -> dict[str, str]:
    """Return per table id (as in ``live``) the date of its newest edition, as the catalogue says."""
    wanted = " or ".join(f"Identifier eq '{part.id}'" for part in live.parts)

    def ask() -> list[dict[str, str]]:
        found: list[dict[str, str]] = cbsodata.get_table_list(
            ["Identifier", "Modified"], wanted, catalog_url=_catalogue(live)
        )
        return found

    with _through(client):
        tables = client.patiently(ask, "The catalogue")
    dates = {table["Identifier"].casefold(): _date(table["Modified"]) or "" for table in tables}
    return {part.id: dates[part.id.casefold()] for part in live.parts if part.id.casefold() in dates}


@contextmanager
def _through(client: Client) -> Iterator[None]:
    """Let ``cbsodata`` send its requests through our session: it makes a new one, without a time-out, each time."""
    session, use_https = cbsodata3.Session, cbsodata.options.use_https
    cbsodata3.Session = lambda: client.session
    cbsodata.options.use_https = address("https://").startswith("https")
    try:
        yield
    finally:
        cbsodata3.Session, cbsodata.options.use_https = session, use_https


def _catalogue(live: Live) -> str:
    return address(f"https://{HOSTS[live.catalogue]}").split("://", 1)[1]


def _kind(entry: dict[str, Any]) -> str:
    return str(entry["Type"])


def _dimension(entry: dict[str, Any], meta: Any) -> Dimension:
    kind = next((kind for kind in ("Geo", "Time") if _kind(entry).startswith(kind)), "Other")
    codes = tuple(Code(row["Key"], row["Title"].strip(), row.get("Status")) for row in meta(entry["Key"]))
    return Dimension(entry["Key"], entry["Title"].strip(), kind, codes)


def _topics(properties: list[dict[str, Any]]) -> tuple[SourceTopic, ...]:
    """The topics with their titles from the root: a group has no key, and every entry knows its parent."""
    by_id = {entry["ID"]: entry for entry in properties}

    def path(entry: dict[str, Any]) -> str:
        parent = by_id.get(entry["ParentID"]) if entry["ParentID"] is not None else None
        title = str(entry["Title"]).strip()
        return f"{path(parent)}/{title}" if parent else title

    topics = [entry for entry in properties if _kind(entry) == "Topic"]
    return tuple(SourceTopic(t["Key"], path(t), (t.get("Unit") or "").strip(), t.get("Decimals") or 0) for t in topics)


def _one_topic(
    rows: pa.StructArray,
    topic: SourceTopic,
    region: pa.Array,
    period: pa.Array,
    table: str,
) -> pa.Table:
    value, symbol = pages.numbers(rows.field(topic.key), topic, table)
    return pages.figures(pages.constant(topic.key, len(rows)), region, period, value, symbol)


def _date(modified: str | None) -> str | None:
    """The day of ``2009-07-10T02:00:00``."""
    return modified[:10] if modified else None
