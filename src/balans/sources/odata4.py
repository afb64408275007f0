"""Version 4 of CBS's open data service: a small client with the same interface as version 3."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import requests

from balans.sources import pages
from balans.sources.catalogue import Live, Part
from balans.sources.client import Client, UnusableAnswerError, address
from balans.sources.statline import (
    FIGURES,
    Code,
    Description,
    Dimension,
    Page,
    Query,
    SourceTopic,
)

SERVICE = "https://datasets.cbs.nl/odata/v1"
CANNOT_OCCUR = "Impossible"


class OData4:
    """The dialect of ``datasets.cbs.nl``: long observations, codes without padding, ids whose capitals matter."""

    def describe(self, client: Client, live: Live, part: Part) -> Description:
        """Return what the service says about one table: Properties, MeasureCodes, MeasureGroups and every dimension.

        Raises:
            TableGoneError: the service does not have the table.
            SourceError: the service cannot be reached.
        """
        root = _root(live, part.id)
        properties = _ask(client, f"{root}/Properties", part.id)
        measures = _ask_all(client, f"{root}/MeasureCodes", part.id)
        grouped = any(measure.get("MeasureGroupId") for measure in measures)
        groups = _ask_all(client, f"{root}/MeasureGroups", part.id) if grouped else []
        dimensions = tuple(
            _dimension(entry, _ask_all(client, f"{root}/{entry['Identifier']}Codes", part.id))
            for entry in _ask_all(client, f"{root}/Dimensions", part.id)
        )
        date = (properties.get("Modified") or "")[:10] or None
        return Description(
            part.id,
            properties["Title"].strip(),
            date,
            _topics(measures, groups),
            dimensions,
        )

    def first_page(self, live: Live, description: Description, query: Query) -> str:
        """Return the address of the first page of observations."""
        kept = [dimension.key for dimension in description.dimensions if dimension.kind != "Other"]
        measures = tuple(f"Measure eq '{key}'" for key in query.topics)
        full = Query(query.topics, (measures, *query.clauses))
        params = {
            "$filter": full.filter,
            "$select": ",".join(["Measure", "ValueAttribute", "Value", *kept]),
        }
        url = f"{_root(live, description.id)}/Observations"
        return str(requests.Request("GET", url, params=params).prepare().url)

    def read_page(self, body: bytes, description: Description) -> Page:
        """Return the figures of one page; an attribute other than ``None`` or ``Impossible`` stands for unknown."""
        rows, following = pages.rows_of(body, "@odata.nextLink")
        if rows is None:
            return Page(FIGURES.empty_table(), 0, following)
        area, time = description.of_kind("Geo"), description.of_kind("Time")
        value = pages.column(rows, "Value", description.id).cast(pa.float64())
        attribute = pages.column(rows, "ValueAttribute", description.id)
        unknown = pc.and_(pc.is_null(value), pc.not_equal(attribute, CANNOT_OCCUR))
        symbol = pc.if_else(unknown, ".", pa.scalar(None, pa.string()))
        region = pages.codes(pages.column(rows, area.key, description.id) if area else None, len(rows))
        period = pages.codes(pages.column(rows, time.key, description.id) if time else None, len(rows))
        measure = pages.codes(pages.column(rows, "Measure", description.id), len(rows))
        return Page(pages.figures(measure, region, period, value, symbol), len(rows), following)


def modified(client: Client, live: Live) -> dict[str, str]:
    """Return per table id (as in ``live``) the date of its newest edition."""
    found = {part.id: _ask(client, f"{_root(live, part.id)}/Properties", part.id) for part in live.parts}
    return {name: properties["Modified"][:10] for name, properties in found.items() if properties.get("Modified")}


def _root(live: Live, table: str) -> str:
    return address(f"{SERVICE}/{live.catalogue}/{table}")


def _ask(client: Client, url: str, table: str) -> dict[str, Any]:
    def once() -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(client.get(url))
        except json.JSONDecodeError as error:
            raise UnusableAnswerError("the answer is not complete JSON (broken off, or a web page)") from error
        return answer

    return client.patiently(once, f"Table {table}, {url.rsplit('/', 1)[1].split('?', maxsplit=1)[0]}")


def _ask_all(client: Client, url: str, table: str) -> list[dict[str, Any]]:
    answer = _ask(client, url, table)
    rows: list[dict[str, Any]] = answer["value"]
    following = answer.get("@odata.nextLink")
    return rows + (_ask_all(client, address(following), table) if following else [])


def _dimension(entry: dict[str, Any], rows: list[dict[str, Any]]) -> Dimension:
    kind = next((kind for kind in ("Geo", "Time") if entry["Kind"].startswith(kind)), "Other")
    codes = tuple(Code(row["Identifier"], row["Title"].strip(), row.get("Status")) for row in rows)
    return Dimension(entry["Identifier"], entry["Title"].strip(), kind, codes)


def _topics(measures: list[dict[str, Any]], groups: list[dict[str, Any]]) -> tuple[SourceTopic, ...]:
    by_id = {str(group["Id"]): group for group in groups}

    def path(title: str, parent: Any) -> str:
        group = by_id.get(str(parent)) if parent is not None else None
        return f"{path(group['Title'].strip(), group.get('ParentId'))}/{title}" if group else title

    return tuple(
        SourceTopic(
            m["Identifier"],
            path(m["Title"].strip(), m.get("MeasureGroupId")),
            (m.get("Unit") or "").strip(),
            m.get("Decimals") or 0,
        )
        for m in measures
    )
