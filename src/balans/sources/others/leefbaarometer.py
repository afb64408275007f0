"""The ministry's Leefbaarometer 3.0: scores per municipality from its WFS service, as GeoJSON.

Format: a FeatureCollection; each feature's properties hold the code and name of the area, the classes (``kscore``,
``kafw``, ``kwon`` …) and the deviations (``afw``, ``won``, ``fys``, ``vrz``, ``soc``, ``onv``).
"""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from balans.errors import SourceError
from balans.sources.catalogue import Live, Table
from balans.sources.client import UnusableAnswerError
from balans.sources.others.parsed import Parsed, as_csv, require

CLASSES = ["kscore", "kafw", "kwon", "kfys", "kvrz", "ksoc", "konv"]
DEVIATIONS = ["afw", "won", "fys", "vrz", "soc", "onv"]
COLUMNS = [
    "code",
    "naam",
    "prov",
    "kscore",
    "kafw",
    "afw",
    "kwon",
    "kfys",
    "kvrz",
    "ksoc",
    "konv",
    "won",
    "fys",
    "vrz",
    "soc",
    "onv",
    "year",
]
ADD_UP = 1e-3


def parse_scores(body: bytes, table: Table, live: Live) -> Parsed:
    """Return the scores per municipality, in the columns of the stored file.

    Raises:
        UnusableAnswerError: no JSON.
        SourceError: a score is missing, an area is no municipality, or the dimensions do not add up to the total.
    """
    rows = [_row(properties, table.id) for properties in features(body)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:-1]]).sort_values("code")
    frame["year"] = _year(live)
    gap = (frame[DEVIATIONS[1:]].sum(axis=1) - frame["afw"]).abs()
    if (gap > ADD_UP).any():
        worst = frame["code"].iloc[int(gap.to_numpy().argmax())]
        raise SourceError(
            f"Table {table.id}: the five dimensions of {worst} do not add up to its total. The stored file stays."
        )
    return Parsed(as_csv(frame, table.id))


def features(body: bytes) -> list[dict[str, Any]]:
    """Return the properties of every feature of a GeoJSON FeatureCollection.

    Raises:
        UnusableAnswerError: it is none.
    """
    try:
        return [feature["properties"] for feature in json.loads(body)["features"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableAnswerError("the answer is no complete GeoJSON (broken off, or a web page)") from error


def _row(properties: dict[str, Any], table: str) -> dict[str, Any]:
    require(table, list(properties), [*CLASSES, *DEVIATIONS])
    code = next(
        (str(value) for value in properties.values() if re.fullmatch(r"GM\d{4}", str(value))),
        None,
    )
    if code is None:
        raise SourceError(f"Table {table}: an area without a municipality's code: {list(properties.items())[:4]}")
    names = {
        "code": code,
        "naam": properties.get("naam", properties.get("name", "")),
        "prov": properties.get("prov", ""),
    }
    return names | {name: properties[name] for name in [*CLASSES, *DEVIATIONS]}


def _year(live: Live) -> int:
    """The year is in the name under which the file is stored (``scores_2024.csv``)."""
    found = re.search(r"(\d{4})", live.addresses[0][0])
    if found is None:
        raise SourceError("Leefbaarometer: the stored name under addresses: in definitions/sources.yml has no year.")
    return int(found.group(1))
