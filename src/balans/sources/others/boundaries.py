"""Municipal boundaries of CBS and Kadaster from PDOK's WFS service, as GeoJSON in RD New (EPSG:28992)."""

from __future__ import annotations

import json
import re
from typing import Any

from balans.errors import SourceError
from balans.sources.catalogue import Live, Table
from balans.sources.client import UnusableAnswerError
from balans.sources.others.parsed import Parsed, require

EAST, NORTH = (0, 300_000), (300_000, 650_000)


def parse_boundaries(body: bytes, table: Table, live: Live) -> Parsed:
    """Return a FeatureCollection with ``code`` and ``name``, sorted by code, in whole metres.

    Raises:
        UnusableAnswerError: no JSON.
        SourceError: an area is no municipality, or the coordinates are not in RD New.
    """
    del live
    try:
        found = json.loads(body)["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableAnswerError("the answer is no complete GeoJSON (broken off, or a web page)") from error
    features = sorted(
        (_feature(feature, table.id) for feature in found),
        key=lambda f: str(f["properties"]["code"]),
    )
    if not features:
        raise SourceError(f"Table {table.id}: no municipality in the answer. The stored file stays in force.")
    content = {"type": "FeatureCollection", "features": features}
    return Parsed(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _feature(feature: dict[str, Any], table: str) -> dict[str, Any]:
    properties = feature["properties"]
    require(table, list(properties), ["statcode", "statnaam"])
    if not re.fullmatch(r"GM\d{4}", properties["statcode"]):
        raise SourceError(
            f"Table {table}: {properties['statcode']!r} is no municipality. The stored file stays in force."
        )
    geometry = feature["geometry"]
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
