"""The server: CBS's versions 3 and 4 over HTTP on 127.0.0.1, with faults on request.

Addresses are ``/HOST/PATH`` (what ``$BALANS_CBS_URL`` makes of the real ones) or just ``/PATH``. What is certain of the
format was taken from real answers: members, types, padding, absolute links, 404.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd

from .filters import matching
from .tables import ServedTable, ServedTopic

LONGEST_URL = 2048
PAGE = {"3": 10_000, "4": 100_000}
CATALOGUE = ["Identifier", "Title", "Modified"]


@dataclass
class Fault:
    """Something that goes wrong with the answers to addresses that match ``where``, ``times`` times.

    ``what`` gets the handler and the good answer, and sends something else.
    """

    where: str
    what: Callable[[Handler, bytes], None]
    times: float = float("inf")


@dataclass
class LocalCBS:
    """What is served, what goes wrong, and what was asked."""

    tables: dict[str, ServedTable]
    page: dict[str, int] = field(default_factory=lambda: dict(PAGE))
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""
    cache: dict[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, name: str, version: str) -> ServedTable | None:
        """Return a table; capitals matter in version 4 only."""
        if version == "4":
            return self.tables.get(name)
        return next((table for key, table in self.tables.items() if key.casefold() == name.casefold()), None)


@contextmanager
def running(cbs: LocalCBS) -> Iterator[LocalCBS]:
    """Serve until the block ends."""
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"cbs": cbs}))
    server.daemon_threads = True
    cbs.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield cbs
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class QuietServer(ThreadingHTTPServer):
    """A server that takes it calmly when a client hangs up."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a client that is gone; everything else is a mistake in the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    cbs: LocalCBS

    def do_GET(self) -> None:
        """Answer a request, or spoil the answer."""
        self.cbs.asked.append(unquote(self.path))
        self.cbs.agents.add(self.headers.get("User-Agent", ""))
        status, body = self._answer()
        for fault in self.cbs.faults:
            if fault.times > 0 and re.search(fault.where, unquote(self.path)):
                fault.times -= 1
                return fault.what(self, body)
        return self.reply(status, body)

    def reply(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", **headers: str) -> None:
        """Send a whole answer."""
        packed = (
            gzip.compress(body, 1) if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 2000 else body
        )
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(packed)))
        if packed is not body:
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(packed)

    def break_off(self, body: bytes) -> None:
        """Send half an answer and reset the connection."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def _answer(self) -> tuple[int, bytes]:
        if len(self.path) > LONGEST_URL:
            return 404, b"<html><body>404.15</body></html>"
        parts = urlsplit(self.path)
        if self.path in self.cbs.files:
            return 200, self.cbs.files[self.path]
        path = re.sub(r"^/[\w-]+(\.[\w-]+)+(?=/)", "", unquote(parts.path))
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if path == "/ODataCatalog/Tables":
            return 200, _json(catalogue(self.cbs, query))
        for pattern, version in ((r"/ODataFeed/odata/([^/]+)/?(\w*)/?", "3"), (r"/odata/v1/CBS/([^/]+)/?(\w*)", "4")):
            found = re.fullmatch(pattern, path, re.IGNORECASE)
            table = self.cbs.table(found.group(1), version) if found else None
            if found and table:
                answer = (version3 if version == "3" else version4)(self.cbs, table, found.group(2), query)
                return (200, _json(answer)) if answer else (404, b"not found")
        return 404, b"<html><body>404</body></html>"


def catalogue(cbs: LocalCBS, query: dict[str, str]) -> dict[str, Any]:
    """Return the list of tables."""
    rows = pd.DataFrame([(t.id, t.title, t.modified) for t in cbs.tables.values()], columns=CATALOGUE)
    if "$filter" in query:
        rows = matching(rows, query["$filter"])
    wanted = query.get("$select", ",".join(CATALOGUE)).split(",")
    return {"odata.metadata": f"{cbs.url}/ODataCatalog/$metadata#Tables", "value": rows[wanted].to_dict("records")}


def version3(cbs: LocalCBS, table: ServedTable, part: str, query: dict[str, str]) -> dict[str, Any] | None:
    """Return one answer of version 3; None if there is no such part."""
    root = f"{cbs.url}/opendata.cbs.nl/ODataFeed/odata/{table.id}"
    about = f"{root}/$metadata"
    if not part:
        names = ["TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups", *table.dimensions]
        return {"odata.metadata": about, "value": [{"name": name, "url": f"{root}/{name}"} for name in names]}
    whole = {"odata.metadata": f"{about}#Cbs.OData.WebAPI.{part}"}
    if part == "TableInfos":
        info = {"ID": 0, "Identifier": table.id, "Title": table.title, "Modified": table.modified, "Catalog": "CBS"}
        return whole | {"value": [info]}
    if part == "DataProperties":
        return whole | {"value": properties(table)}
    if part == "CategoryGroups":
        return whole | {"value": []}
    if part in table.dimensions:
        return whole | {"value": codes3(table, part)}
    if part in {"TypedDataSet", "UntypedDataSet"}:
        return whole | data3(cbs, table, part, query, root)
    return None


def properties(table: ServedTable) -> list[dict[str, Any]]:
    """Return DataProperties: dimensions, then groups and topics as a tree by ParentID."""
    kinds = {table.area: "GeoDimension" if table.area == "RegioS" else "GeoDetail", "Perioden": "TimeDimension"}
    entries = [
        {
            "odata.type": f"Cbs.OData.{kinds.get(key, 'Dimension')}",
            "ID": i,
            "Position": i,
            "ParentID": None,
            "Type": kinds.get(key, "Dimension"),
            "Key": key,
            "Title": f"{key} ",
            "Description": None,
        }
        for i, key in enumerate(table.dimensions)
    ]
    groups: dict[str, int] = {}
    for topic in table.topics:
        *above, title = topic.path.split("/")
        parent = None
        for depth in range(len(above)):
            path = "/".join(above[: depth + 1])
            if path not in groups:
                groups[path] = len(entries)
                entries.append(
                    {
                        "odata.type": "Cbs.OData.TopicGroup",
                        "ID": len(entries),
                        "Position": None,
                        "ParentID": parent,
                        "Type": "TopicGroup",
                        "Key": "",
                        "Title": above[depth],
                        "Description": "",
                    }
                )
            parent = groups[path]
        entries.append(
            {
                "odata.type": "Cbs.OData.Topic",
                "ID": len(entries),
                "Position": len(entries),
                "ParentID": parent,
                "Type": "Topic",
                "Key": topic.key,
                "Title": f"{title} ",
                "Description": "",
                "Datatype": "Double",
                "Unit": topic.unit,
                "Decimals": topic.decimals,
                "Default": "Zero",
            }
        )
    return entries


def codes3(table: ServedTable, dimension: str) -> list[dict[str, Any]]:
    """Return the categories of a dimension, keys padded; periods have a status instead of a group."""
    if dimension == "Perioden":
        return [{"Key": k, "Title": k[:4], "Description": None, "Status": s} for k, s in sorted(table.periods.items())]
    listed = table.others.get(dimension) or sorted(table.rows[dimension].unique())
    return [
        {
            "Key": table.padded(dimension, code),
            "Title": f"{table.titles.get(code, code)} ",
            "Description": "",
            "CategoryGroupID": None,
        }
        for code in listed
    ]


def wide3(cbs: LocalCBS, table: ServedTable, part: str) -> pd.DataFrame:
    """Return all rows as version 3 sends them: ID, padded codes, and numbers or right-aligned text."""
    content = int(pd.util.hash_pandas_object(table.rows, index=False).sum())
    key = f"{table.id} {part} {content} {[topic.key for topic in table.topics]}"
    if key not in cbs.cache:
        shown = pd.DataFrame({"ID": range(len(table.rows))})
        for name in table.dimensions:
            shown[name] = [table.padded(name, code) for code in table.rows[name]]
        for topic in table.topics:
            shown[topic.key] = _cells(table.rows, topic, typed=part == "TypedDataSet")
        cbs.cache[key] = shown
    return cbs.cache[key]


def _cells(rows: pd.DataFrame, topic: ServedTopic, *, typed: bool) -> list[Any]:
    symbols = rows["symbol"] if "symbol" in rows else pd.Series(None, index=rows.index, dtype=object)
    if typed:
        return [None if pd.isna(value) else value for value in rows[topic.name].astype(object)]
    texts = [
        symbol if isinstance(symbol, str) else "" if pd.isna(value) else f"{value:.10g}"
        for value, symbol in zip(rows[topic.name], symbols, strict=True)
    ]
    return [None if text == "" else text.rjust(8) for text in texts]


def data3(cbs: LocalCBS, table: ServedTable, part: str, query: dict[str, str], root: str) -> dict[str, Any]:
    """Return one page of figures, with an absolute link to the next."""
    rows = wide3(cbs, table, part)
    if "$filter" in query:
        rows = matching(rows, query["$filter"])
    skip, top = int(query.get("$skip", 0)), int(query.get("$top", 10**9))
    page = rows.iloc[skip : min(skip + cbs.page["3"], top)]
    page = page[query["$select"].split(",")] if "$select" in query else page
    following = skip + cbs.page["3"]
    answer: dict[str, Any] = {"value": page.astype(object).where(page.notna(), None).to_dict("records")}
    if following < min(len(rows), top):
        kept = "".join(f"&{name}={query[name]}" for name in ("$filter", "$select") if name in query)
        answer["odata.nextLink"] = f"{root}/{part}/?$format=json{kept}&$skip={following}".replace(" ", "%20")
    return answer


def version4(cbs: LocalCBS, table: ServedTable, part: str, query: dict[str, str]) -> dict[str, Any] | None:
    """Return one answer of version 4; None if there is no such part."""
    root = f"{cbs.url}/datasets.cbs.nl/odata/v1/CBS/{table.id}"
    whole = {"@odata.context": f"{root}/$metadata#{part}"}
    if part == "Properties":
        return whole | {
            "Identifier": table.id,
            "Title": table.title,
            "Modified": f"{table.modified[:10]}T00:00:00+02:00",
        }
    if part == "Dimensions":
        return whole | {"value": [_dimension4(table, key) for key in table.dimensions]}
    if part == "MeasureCodes":
        return whole | {"value": [_measure4(table, topic, i) for i, topic in enumerate(table.topics)]}
    if part == "MeasureGroups":
        return whole | {
            "value": [
                {"Id": path, "ParentId": path.rpartition("/")[0] or None, "Title": path.split("/")[-1]}
                for path in _groups(table)
            ]
        }
    if part.removesuffix("Codes") in table.dimensions:
        return whole | {"value": codes4(table, part.removesuffix("Codes"))}
    return whole | observations(cbs, table, query, root) if part == "Observations" else None


def _groups(table: ServedTable) -> list[str]:
    paths = {
        topic.path.rsplit("/", depth)[0] for topic in table.topics for depth in range(1, topic.path.count("/") + 1)
    }
    return sorted(paths)


def _dimension4(table: ServedTable, key: str) -> dict[str, Any]:
    kind = {table.area: "GeoDimension", "Perioden": "TimeDimension"}.get(key, "Dimension")
    return {"Identifier": key, "Title": key, "Description": "", "Kind": kind, "ContainsCodes": True}


def _measure4(table: ServedTable, topic: ServedTopic, index: int) -> dict[str, Any]:
    group, _, title = topic.path.rpartition("/")
    return {
        "Identifier": measure_code(table, topic),
        "Index": index,
        "Title": f"{title} ",
        "Description": "",
        "MeasureGroupId": group or None,
        "DataType": "Double",
        "Unit": topic.unit,
        "Decimals": topic.decimals,
    }


def measure_code(table: ServedTable, topic: ServedTopic) -> str:
    """Return a measure code such as ``M000352``."""
    return f"M{100 + table.topics.index(topic):06d}"


def codes4(table: ServedTable, dimension: str) -> list[dict[str, Any]]:
    """Return the categories of a dimension, without padding."""
    rows = codes3(table, dimension)
    extra = [{"Status": row["Status"]} if "Status" in row else {} for row in rows]
    return [
        {"Identifier": row["Key"].strip(), "Index": i, "Title": row["Title"], "Description": ""} | extra[i]
        for i, row in enumerate(rows)
    ]


def observations(cbs: LocalCBS, table: ServedTable, query: dict[str, str], root: str) -> dict[str, Any]:
    """Return one page of long observations."""
    frames = []
    for topic in table.topics:
        frame = table.rows[table.dimensions].copy()
        value = table.rows[topic.name].astype(object)
        symbol = table.rows.get("symbol", pd.Series(None, index=frame.index, dtype=object))
        frame.insert(0, "Measure", measure_code(table, topic))
        attribute = [
            "Unknown" if s == "." else "Impossible" if pd.isna(v) else "None"
            for v, s in zip(value, symbol, strict=True)
        ]
        frame.insert(1, "ValueAttribute", attribute)
        frame.insert(2, "Value", value.where(value.notna() & (frame["ValueAttribute"] == "None"), None))
        frames.append(frame)
    rows = pd.concat(frames, ignore_index=True)
    rows.insert(0, "Id", range(len(rows)))
    rows = matching(rows, query["$filter"]) if "$filter" in query else rows
    skip = int(query.get("$skip", 0))
    page = rows.iloc[skip : skip + cbs.page["4"]]
    page = page[query["$select"].split(",")] if "$select" in query else page
    answer: dict[str, Any] = {"value": page.to_dict("records")}
    if skip + cbs.page["4"] < len(rows):
        kept = "".join(f"&{name}={query[name]}" for name in ("$filter", "$select") if name in query).replace(" ", "%20")
        answer["@odata.nextLink"] = f"{root}/Observations?$skip={skip + cbs.page['4']}{kept}"
    return answer


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
