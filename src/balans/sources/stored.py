"""Read a stored table of any source as one frame, fetched figures before carried-over ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from balans.errors import RawDataError
from balans.sources.manifest import read_manifest

VALUES = {"value", "masked_cells", "status", "symbol", "flag", "table"}


def read_stored(raw: Path, table: str) -> pd.DataFrame:
    """Return every figure in force of one folder of ``data/raw``, as its files have them (year as text).

    Where a fetched and a carried-over file have the same figure, the fetched one is taken.

    Raises:
        RawDataError: the table is not stored, or has no files with figures.
    """
    files = [file for entry in read_manifest(raw) if entry.table == table for file in entry.files]
    files = sorted(
        (file for file in files if file.path.endswith(".csv.gz")),
        key=lambda file: not file.is_fetched,
    )
    if not files:
        raise RawDataError(f"data/raw has no figures of {table}. Fetch them: make data TABLES={table}")
    texts = dict.fromkeys(["year", "measure", "region", "status", "symbol", "flag"], str)
    stacked = pd.concat([pd.read_csv(raw / file.path, dtype=texts) for file in files], ignore_index=True)
    key = [name for name in stacked.columns if name not in VALUES]
    return stacked.drop_duplicates(key, keep="first").sort_values(key, ignore_index=True)
