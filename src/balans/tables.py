"""Write and read the tables of ``data/processed``: CSV and Parquet, described by a data package."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import PublishError
from balans.files import sha256, write_atomically

PACKAGE = "datapackage.json"
FIELD_TYPES = {"i": "integer", "f": "number", "b": "boolean"}


@dataclass(frozen=True)
class ProcessedTable:
    """One table of the contract: its name, what it holds, its key, and the rows."""

    name: str
    description: str
    key: tuple[str, ...]
    rows: pd.DataFrame


def write_package(
    folder: Path,
    resources: list[dict[str, Any]],
    made_from: Mapping[str, Mapping[str, str]],
    sources: list[dict[str, Any]],
) -> None:
    """Write ``datapackage.json``, which describes every table.

    Args:
        folder: where to write.
        resources: what is in the package, see :func:`table_resources`.
        made_from: per step the digest of each thing that it read.
        sources: title, path and licence of each source, for attribution.
    """
    package = {
        "profile": "tabular-data-package",
        "name": "nederland-in-balans",
        "title": "Nederland in balans: indicators per Dutch region",
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "sources": sources,
        "resources": resources,
        "made_from": made_from,
    }
    write_atomically(folder / PACKAGE, json.dumps(package, indent=2, ensure_ascii=False) + "\n")


def _check_key(table: ProcessedTable) -> None:
    double = table.rows[table.rows.duplicated(list(table.key))]
    if not double.empty:
        first = double.iloc[0][list(table.key)].to_dict()
        raise ValueError(f"Table {table.name}: the key {', '.join(table.key)} is not unique: {first}")


def table_resources(folder: Path, table: ProcessedTable) -> list[dict[str, Any]]:
    """Write a table as CSV and Parquet, and return how the package describes the two files.

    Raises:
        ValueError: the key is not unique, with the table and the first double key.
    """
    _check_key(table)
    csv = table.rows.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    write_atomically(folder / f"{table.name}.csv", csv)
    buffer = io.BytesIO()
    table.rows.to_parquet(buffer, index=False)
    write_atomically(folder / f"{table.name}.parquet", buffer.getvalue())
    fields = [
        {"name": str(name), "type": FIELD_TYPES.get(dtype.kind, "string")} for name, dtype in table.rows.dtypes.items()
    ]
    return [
        {
            "name": f"{table.name}-{suffix}",
            "description": table.description,
            "path": f"{table.name}.{suffix}",
            "format": suffix,
            "hash": f"sha256:{sha256(folder / f'{table.name}.{suffix}')}",
            "schema": {"fields": fields, "primaryKey": list(table.key)},
        }
        for suffix in ("csv", "parquet")
    ]


def read_package(folder: Path) -> dict[str, Any] | None:
    """Return ``datapackage.json`` of ``folder``, or None if there is none."""
    path = folder / PACKAGE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_table(folder: Path, name: str, **arguments: Any) -> pd.DataFrame:
    """Return one table of ``data/processed``; ``arguments`` go to ``pandas.read_parquet``.

    Raises:
        PublishError: the table is not there yet.
    """
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise PublishError(f"data/processed has no table {name} yet. Make it first: make process")
    return pd.read_parquet(path, **arguments)


# Where regions of one's own have their rows, and in which tables.
OWN_FOLDER = "eigen"
OWN_TABLES = ("regions", "membership", "indicators")


def read_with_own(folder: Path, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of ``data/processed`` in which the regions of one's own have their own rows.

    Args:
        folder: ``data/processed``.
        name: one of ``OWN_TABLES``.
        table: the table as it is for everybody.
    """
    own = [pd.read_parquet(path) for path in sorted((folder / OWN_FOLDER).glob(f"*/{name}.parquet"))]
    if not own:
        return table
    rows = pd.concat(own)
    return pd.concat([table[~table["region_id"].isin(rows["region_id"].unique())], rows], ignore_index=True)
