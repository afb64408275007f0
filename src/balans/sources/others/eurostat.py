"""Eurostat's dissemination service: a whole dataset as SDMX-CSV.

Format: one row per observation with DATAFLOW, LAST UPDATE, one column per dimension, TIME_PERIOD, OBS_VALUE, OBS_FLAG
(``p`` provisional, ``e`` estimated, ``b`` break in the series).
"""

from __future__ import annotations

import io

import pandas as pd

from balans.sources.catalogue import Live, Table
from balans.sources.client import UnusableAnswerError
from balans.sources.others.parsed import Parsed, as_csv, require


def parse_eurostat(body: bytes, table: Table, live: Live) -> Parsed:
    """Return the dataset in the long shape: table, measure, region (NUTS), year, value, status, symbol (the flag).

    Only areas of the countries in ``levels``, and categories in ``dimensions`` and ``measures``, are kept.

    Raises:
        UnusableAnswerError: no CSV.
        SourceError: a column is missing, or nothing is left.
    """
    if body.lstrip()[:1] in {b"<", b"{"}:
        raise UnusableAnswerError(
            "Eurostat answered with a message instead of CSV; large datasets are sometimes delayed"
        )
    rows = pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)
    measure = live.measure_from or "unit"
    require(
        table.id,
        list(rows.columns),
        [
            "geo",
            measure,
            "TIME_PERIOD",
            "OBS_VALUE",
            "OBS_FLAG",
            *dict(live.dimensions),
        ],
    )
    kept = rows["geo"].str[:2].isin(live.levels) & rows["OBS_VALUE"].ne("")
    for name, category in live.dimensions:
        kept &= rows[name].eq(category)
    if live.measures:
        kept &= rows[measure].isin(live.measures)
    rows = rows[kept]
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
    return Parsed(as_csv(frame, table.id), _updated(rows))


def _updated(rows: pd.DataFrame) -> str | None:
    """The day of ``LAST UPDATE`` (``13/02/24 11:00:00``)."""
    if "LAST UPDATE" not in rows or rows.empty:
        return None
    return str(pd.to_datetime(rows["LAST UPDATE"].iloc[0], format="%d/%m/%y %H:%M:%S").date())
