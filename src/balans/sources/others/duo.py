"""DUO's open education data: exam candidates and passes per school location, as CSV.

Format: one row per location, school type and course; semicolons or commas; two columns (candidates, passes) per school
year; a cell below five reads ``<5``.
"""

from __future__ import annotations

import io
import re

import pandas as pd

from balans.errors import SourceError
from balans.sources.catalogue import Live, Table
from balans.sources.others.parsed import Parsed, as_csv, require

COLUMN = re.compile(r"(EXAMENKANDIDATEN|GESLAAGDEN) SCHOOLJAAR (\d{4}-\d{4})(?: - TOTAAL)?")
WHAT = {"EXAMENKANDIDATEN": "candidates", "GESLAAGDEN": "passed"}
PLACE, TYPE = "GEMEENTENAAM VESTIGING", "ONDERWIJSTYPE VO"


def parse_exams(body: bytes, table: Table, live: Live) -> Parsed:
    """Return per municipality of the school: municipality, type, what, school_year, value, masked_cells.

    A hidden cell (``<5``) is not estimated: it is left out of ``value`` and counted in ``masked_cells``.

    Raises:
        SourceError: a column is missing, or a cell is neither a number nor hidden.
    """
    del live
    text = _decode(body)
    separator = ";" if text.split("\n", 1)[0].count(";") else ","
    rows = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)
    rows.columns = [name.strip() for name in rows.columns]
    require(table.id, list(rows.columns), [PLACE, TYPE])
    counts = [match for name in rows.columns if (match := COLUMN.fullmatch(name))]
    if not counts:
        raise SourceError(f"Table {table.id}: no column like 'GESLAAGDEN SCHOOLJAAR 2023-2024 - TOTAAL' in the file.")
    parts = [_one_column(rows, match, table.id) for match in counts]
    frame = pd.concat(parts).sort_values(["municipality", "type", "what", "school_year"])
    return Parsed(as_csv(frame, table.id))


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _one_column(rows: pd.DataFrame, match: re.Match[str], table: str) -> pd.DataFrame:
    cells = rows[match.group(0)].str.strip()
    masked = cells.str.startswith("<")
    numbers = pd.to_numeric(cells.mask(masked | cells.eq("")), errors="coerce")
    broken = numbers.isna() & ~masked & cells.ne("")
    if broken.any():
        raise SourceError(
            f"Table {table}: {cells[broken].iloc[0]!r} in {match.group(0)} is no number. The stored file stays."
        )
    frame = rows[[PLACE, TYPE]].rename(columns={PLACE: "municipality", TYPE: "type"})
    frame = frame.assign(
        value=numbers.fillna(0).astype(int),
        masked_cells=masked.astype(int),
        used=cells.ne(""),
    )
    total = frame[frame["used"]].groupby(["municipality", "type"], as_index=False)[["value", "masked_cells"]].sum()
    total.insert(2, "what", WHAT[match.group(1)])
    total.insert(3, "school_year", match.group(2))
    return total
