"""A big synthetic table over version 3, served fast: ``python -m tests.wire.big ROWS`` prints its address and serves.

Rows are areas × years with twenty topics, of which two are used: about the part of 70072ned that the book uses. The
bodies of pages are joined from ready text and kept, so that the client is what is measured. Of ``$select`` the server
only sees whether there is one: with it the two topics come, without it all twenty. A filter changes nothing.
"""

from __future__ import annotations

import json
import re
import sys
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

PAGE = 10_000
YEARS = [f"{year}JJ00" for year in range(1901, 2026)]


class Handler(BaseHTTPRequestHandler):
    """Answers for the one table ``99999NED``."""

    protocol_version = "HTTP/1.1"
    rows = 0

    def do_GET(self) -> None:
        """Send metadata or one page."""
        parts = urlsplit(unquote(self.path))
        name = re.sub(r".*/99999NED/?", "", parts.path).strip("/")
        root = f"http://{self.headers['Host']}{parts.path.split('/99999NED')[0]}/99999NED"
        query = parse_qs(parts.query)
        if name.endswith("DataSet"):
            body = page(self.rows, int(query.get("$skip", ["0"])[0]), f"{root}/{name}", "$select" in query)
        else:
            body = meta(name, self.rows)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@lru_cache(maxsize=120)
def page(rows: int, skip: int, root: str, selected: bool) -> bytes:
    """Return one page: padded codes, numbers as text or as numbers; kept, so that a second client gets it at once."""
    typed = root.endswith("/TypedDataSet")
    number = "      12" if typed else '"      12"'
    unused = "" if selected else "".join(f',"Ander_{i}":{number}' for i in range(3, 21))
    line = '{"ID":%d,"RegioS":"GM%05d","Perioden":"%s","Eerste_1":%s,"Tweede_2":%s' + unused + "}"
    shown = ("%d", "%.1f") if typed else ('"%8d"', '"%8.1f"')
    lines = [
        line % (i, i // len(YEARS), YEARS[i % len(YEARS)], shown[0] % (i % 99991), shown[1] % (i % 997 / 10))
        for i in range(skip, min(skip + PAGE, rows))
    ]
    chosen = "&$select=x" if selected else ""
    following = f',"odata.nextLink":"{root}/?$format=json{chosen}&$skip={skip + PAGE}"' if skip + PAGE < rows else ""
    return ('{"odata.metadata":"x","value":[' + ",".join(lines) + "]" + following + "}").encode()


def meta(name: str, rows: int) -> bytes:
    """Return the metadata of the table."""
    topic = {"Type": "Topic", "ParentID": None, "Unit": "aantal", "Decimals": 0}
    parts = {
        "": [
            {"name": part}
            for part in ("TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "RegioS", "Perioden")
        ],
        "TableInfos": [{"Title": "Synthetic", "Modified": "2026-01-01T02:00:00"}],
        "DataProperties": [
            {"ID": 0, "Type": "GeoDimension", "ParentID": None, "Key": "RegioS", "Title": "Regio"},
            {"ID": 1, "Type": "TimeDimension", "ParentID": None, "Key": "Perioden", "Title": "Perioden"},
            topic | {"ID": 2, "Key": "Eerste_1", "Title": "Eerste"},
            topic | {"ID": 3, "Key": "Tweede_2", "Title": "Tweede"},
            *(topic | {"ID": 1 + i, "Key": f"Ander_{i}", "Title": f"Ander {i}"} for i in range(3, 21)),
        ],
        "RegioS": [{"Key": f"GM{i:05d}", "Title": f"Gemeente {i}"} for i in range(rows // len(YEARS) + 1)],
        "Perioden": [{"Key": year, "Title": year[:4], "Status": "Definitief"} for year in YEARS],
    }
    return json.dumps({"value": parts[name]}).encode()


def main() -> None:
    """Serve until the process is ended."""
    Handler.rows = int(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
