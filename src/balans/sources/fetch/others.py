"""Sources other than StatLine: each fetches its official file and parses it into what ``data/raw`` holds.

All have the interface of ``fetch_statline``. A parser gets the body, the table and how it is fetched. It raises an
UnusableAnswerError for something that is no such file at all (asking again may help), and a SourceError for a file that
is not as expected.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import SourceError
from balans.paths import Project
from balans.sources.catalogue import Live, Table
from balans.sources.fetch.client import Client, UnusableAnswerError, address
from balans.sources.fetch.progress import Progress, Step
from balans.sources.fetch.store import Fetched

EAST, NORTH = (0, 300_000), (300_000, 650_000)  # metres in RD New (EPSG:28992)
EXAM_COLUMN = re.compile(r"(EXAMENKANDIDATEN|GESLAAGDEN) SCHOOLJAAR (\d{4}-\d{4})(?: - TOTAAL)?")
EXAM_WORDS = {"EXAMENKANDIDATEN": "candidates", "GESLAAGDEN": "passed"}
SCHOOL = {"GEMEENTENAAM VESTIGING": "municipality", "ONDERWIJSTYPE VO": "type"}
DIMENSIONS = ["won", "fys", "vrz", "soc", "onv"]
SCORES = ["kscore", "kafw", "afw", "kwon", "kfys", "kvrz", "ksoc", "konv", *DIMENSIONS]
ADD_UP = 1e-3


@dataclass(frozen=True)
class Parsed:
    """The content to store, and the source's own date (ISO 8601) if the file tells it."""

    content: bytes
    modified: str | None = None


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
    parse, parsed = PARSERS[live.kind], dict[str, Parsed]()
    with client.service(live.kind, table.id):
        for name, url in live.addresses:
            progress(Step(table.id, f"{table.id}: {name}", len(parsed), len(live.addresses)))
            ask = partial(lambda url: parse(client.get(address(url)), table, live), url)
            parsed[name] = client.patiently(ask, f"Table {table.id}, {name}")
    modified = max((each.modified for each in parsed.values() if each.modified), default=None)
    files: dict[str, bytes | Path] = {name: each.content for name, each in parsed.items()}
    return Fetched(files, modified, f"fetched from {', '.join(url for _, url in live.addresses)}")


def require(table: str, columns: list[str], wanted: list[str]) -> None:
    """Raise a SourceError if a column is missing; it lists the columns that there are."""
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise SourceError(
            f"Table {table}: the file has no column {', '.join(missing)}; it has: {', '.join(columns[:20])}. "
            "The stored file stays in force. The publisher may have changed the format: see docs/add-a-source.md"
        )


def as_csv(frame: pd.DataFrame, table: str) -> bytes:
    """Return a frame as CSV; an empty one is refused with a SourceError."""
    if frame.empty:
        raise SourceError(f"Table {table}: the file has no row that is wanted. The stored file stays in force.")
    return frame.to_csv(index=False, lineterminator="\n").encode()


def parse_eurostat(body: bytes, table: Table, live: Live) -> Parsed:
    """Return a dataset of Eurostat in the long shape, the areas and categories that ``live`` wants.

    Format: SDMX-CSV; a row per observation with DATAFLOW, LAST UPDATE, a column per dimension, TIME_PERIOD, OBS_VALUE,
    OBS_FLAG (``p`` provisional, ``e`` estimated, ``b`` break in the series).
    """
    if body.lstrip()[:1] in {b"<", b"{"}:
        raise UnusableAnswerError(
            "Eurostat answered with a message instead of CSV; large datasets are sometimes delayed"
        )
    rows = pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)
    measure, choices = live.measure_from or "unit", dict(live.dimensions)
    require(table.id, list(rows.columns), ["geo", measure, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", *choices])
    kept = rows["geo"].str[:2].isin(live.levels) & rows["OBS_VALUE"].ne("")
    for name, category in choices.items():
        kept &= rows[name].eq(category)
    rows = rows[kept & rows[measure].isin(live.measures or rows[measure])]
    frame = pd.DataFrame(
        {
            "table": table.id,
            "measure": rows[measure],
            "region": rows["geo"],
            "year": rows["TIME_PERIOD"].astype(int),
            "value": rows["OBS_VALUE"],
            "status": rows["OBS_FLAG"].str.contains("p").map({True: "Voorlopig", False: "Definitief"}),
            "symbol": rows["OBS_FLAG"],
        }
    ).sort_values(["measure", "region", "year"])
    content = as_csv(frame, table.id)
    updated = rows["LAST UPDATE"].iloc[0] if "LAST UPDATE" in rows else None
    return Parsed(content, str(pd.to_datetime(updated, format="%d/%m/%y %H:%M:%S").date()) if updated else None)


def parse_exams(body: bytes, table: Table, live: Live) -> Parsed:
    """Return exams of DUO per municipality of the school: municipality, type, what, school_year, value, masked_cells.

    Format: a row per location, school type and course; semicolons or commas; two columns (candidates, passes) per
    school year. A hidden cell (``<5``) is not estimated: it is left out of ``value`` and counted in ``masked_cells``.
    """
    del live
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    rows = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False).rename(columns=str.strip)
    require(table.id, list(rows.columns), list(SCHOOL))
    counts = [match for name in rows.columns if (match := EXAM_COLUMN.fullmatch(name))]
    if not counts:
        raise SourceError(f"Table {table.id}: no column like 'GESLAAGDEN SCHOOLJAAR 2023-2024 - TOTAAL' in the file.")
    frame = pd.concat([_one_count(rows, match, table.id) for match in counts])
    return Parsed(as_csv(frame.sort_values(["municipality", "type", "what", "school_year"]), table.id))


def _one_count(rows: pd.DataFrame, match: re.Match[str], table: str) -> pd.DataFrame:
    """One column of the exams, added up per municipality and type."""
    cells = rows[match.group(0)].str.strip()
    masked, empty = cells.str.startswith("<"), cells.eq("")
    numbers = pd.to_numeric(cells.mask(masked | empty), errors="coerce")
    broken = numbers.isna() & ~masked & ~empty
    if broken.any():
        raise SourceError(
            f"Table {table}: {cells[broken].iloc[0]!r} in {match.group(0)} is no number. The stored file stays."
        )
    frame = rows[list(SCHOOL)].rename(columns=SCHOOL)
    frame = frame.assign(value=numbers.fillna(0).astype(int), masked_cells=masked.astype(int))[~empty]
    total = frame.groupby(["municipality", "type"], as_index=False)[["value", "masked_cells"]].sum()
    total.insert(2, "what", EXAM_WORDS[match.group(1)])
    total.insert(3, "school_year", match.group(2))
    return total


def parse_scores(body: bytes, table: Table, live: Live) -> Parsed:
    """Return the scores of the Leefbaarometer per municipality, in the columns of the stored file.

    Format: GeoJSON of a WFS service; a feature's properties hold code and name, classes (``kscore``, ``kafw`` …) and
    deviations (``afw`` and five dimensions, which must add up to it).
    """
    found = sorted(
        (_score(feature["properties"], table.id) for feature in _features(body)), key=lambda s: str(s["code"])
    )
    # The year is in the name under which the file is stored (scores_2024.csv).
    frame = pd.DataFrame(found).assign(year=int(re.sub(r"\D", "", live.addresses[0][0])))
    gap = (frame[DIMENSIONS].sum(axis=1) - frame["afw"]).abs()
    if (gap > ADD_UP).any():
        worst = frame["code"].iloc[int(gap.to_numpy().argmax())]
        raise SourceError(
            f"Table {table.id}: the five dimensions of {worst} do not add up to its total. The stored file stays."
        )
    return Parsed(as_csv(frame, table.id))


def _features(body: bytes) -> list[dict[str, Any]]:
    try:
        return [feature for feature in json.loads(body)["features"] if feature["properties"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableAnswerError("the answer is no complete GeoJSON (broken off, or a web page)") from error


def _score(properties: dict[str, Any], table: str) -> dict[str, Any]:
    require(table, list(properties), SCORES)
    code = next((value for value in properties.values() if re.fullmatch(r"GM\d{4}", str(value))), None)
    if code is None:
        raise SourceError(f"Table {table}: an area without a municipality's code: {list(properties.items())[:4]}")
    name = properties.get("naam", properties.get("name", ""))
    return {"code": code, "naam": name, "prov": properties.get("prov", ""), **{key: properties[key] for key in SCORES}}


def parse_boundaries(body: bytes, table: Table, live: Live) -> Parsed:
    """Return the municipalities of CBS and Kadaster as GeoJSON with ``code`` and ``name``, in whole metres.

    Format: GeoJSON of PDOK's WFS service in RD New (EPSG:28992), with ``statcode`` and ``statnaam``.
    """
    del live
    features = sorted(
        (_boundary(feature, table.id) for feature in _features(body)), key=lambda f: f["properties"]["code"]
    )
    if not features:
        raise SourceError(f"Table {table.id}: no municipality in the answer. The stored file stays in force.")
    content = {"type": "FeatureCollection", "features": features}
    return Parsed(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _boundary(feature: dict[str, Any], table: str) -> dict[str, Any]:
    properties, geometry = feature["properties"], feature["geometry"]
    require(table, list(properties), ["statcode", "statnaam"])
    if not re.fullmatch(r"GM\d{4}", properties["statcode"]):
        raise SourceError(
            f"Table {table}: {properties['statcode']!r} is no municipality. The stored file stays in force."
        )
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    whole = [[[_metres(point, table) for point in ring] for ring in part] for part in parts]
    return {
        "type": "Feature",
        "properties": {"code": properties["statcode"], "name": properties["statnaam"]},
        "geometry": {"type": "MultiPolygon", "coordinates": whole},
    }


def _metres(point: list[float], table: str) -> list[int]:
    east, north = round(point[0]), round(point[1])
    if not (EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]):
        raise SourceError(f"Table {table}: {point[:2]} is not in RD New (EPSG:28992). The stored file stays in force.")
    return [east, north]


PARSERS: dict[str, Callable[[bytes, Table, Live], Parsed]] = {
    "eurostat": parse_eurostat,
    "duo": parse_exams,
    "leefbaarometer": parse_scores,
    "boundaries": parse_boundaries,
}
