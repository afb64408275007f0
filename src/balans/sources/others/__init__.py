"""Sources other than StatLine: each fetches its official file and parses it into what ``data/raw`` holds.

All have the interface of ``fetch_statline``: project, table, client, progress in; ``Fetched`` out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from balans.errors import SourceError
from balans.paths import Project
from balans.sources.catalogue import Live, Table
from balans.sources.client import Client, address
from balans.sources.fetch import Fetched
from balans.sources.others.boundaries import parse_boundaries
from balans.sources.others.duo import parse_exams
from balans.sources.others.eurostat import parse_eurostat
from balans.sources.others.leefbaarometer import parse_scores
from balans.sources.others.parsed import Parsed
from balans.sources.progress import Progress, Step

Parse = Callable[[bytes, Table, Live], Parsed]
PARSERS: dict[str, Parse] = {
    "eurostat": parse_eurostat,
    "duo": parse_exams,
    "leefbaarometer": parse_scores,
    "boundaries": parse_boundaries,
}


def fetch_file(project: Project, table: Table, client: Client, progress: Progress) -> Fetched:
    """Return the files of a table, each fetched from its official address and parsed.

    Raises:
        TableGoneError: an address does not exist (any more).
        SourceError: the source cannot be reached, or the file is not as its parser expects.
    """
    del project
    live = table.live
    if live is None or not live.addresses:
        raise SourceError(f"Table {table.id}: definitions/sources.yml gives no address to fetch it from.")
    files: dict[str, bytes | Path] = {}
    dates = []
    for name, url in live.addresses:
        progress(Step(table.id, f"{table.id}: {name}", len(files), len(live.addresses)))
        parsed = client.patiently(partial(_one_file, client, url, table, live), f"Table {table.id}, {name}")
        files[name] = parsed.content
        dates.append(parsed.modified)
    modified = max((date for date in dates if date), default=None)
    return Fetched(files, modified, f"fetched from {', '.join(url for _, url in live.addresses)}")


def _one_file(client: Client, url: str, table: Table, live: Live) -> Parsed:
    return PARSERS[live.kind](client.get(address(url)), table, live)


FETCHERS = dict.fromkeys(PARSERS, fetch_file)
