"""Read the files of ``data/raw``: the one place where a stored file is opened."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from balans.errors import RawDataError
from balans.sources.manifest import RawFile, read_manifest

TEXTS = dict.fromkeys(["table", "statement", "measure", "region", "year", "status", "symbol", "flag"], str)
VALUES = {"value", "masked_cells", "status", "symbol", "flag", "table"}


def read_file(path: Path) -> pd.DataFrame:
    """Return a stored file of figures as it is; codes, years and symbols as text.

    Raises:
        RawDataError: it cannot be read.
    """
    try:
        return pd.read_csv(path, dtype=TEXTS)
    except (OSError, ValueError, EOFError) as error:
        raise RawDataError(f"{path} cannot be read: {error}. Restore it: git checkout -- data/raw") from error


def files_in_force(raw: Path, table: str) -> list[RawFile]:
    """Return the files with figures of one folder of ``data/raw`` as the manifest says: fetched before carried over."""
    files = [file for entry in read_manifest(raw) if entry.table == table for file in entry.files]
    return sorted((file for file in files if file.path.endswith(".csv.gz")), key=lambda f: (not f.is_fetched, f.path))


def read_stored(raw: Path, table: str) -> pd.DataFrame:
    """Return every figure in force of one folder of ``data/raw``, as its files have them (year as text).

    Where a fetched and a carried-over file have the same figure, the fetched one is taken.

    Raises:
        RawDataError: the table is not stored, has no files with figures, or a file cannot be read.
    """
    files = files_in_force(raw, table)
    if not files:
        raise RawDataError(f"data/raw has no figures of {table}. Fetch them: make data TABLES={table}")
    stacked = pd.concat([read_file(raw / file.path) for file in files], ignore_index=True)
    key = [name for name in stacked.columns if name not in VALUES]
    return stacked.drop_duplicates(key, keep="first").sort_values(key, ignore_index=True)
