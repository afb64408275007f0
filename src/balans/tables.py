"""Write and read the tables of ``data/processed``: CSV and Parquet, described by a data package."""

from __future__ import annotations

import io
import json
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


def write_tables(
    folder: Path, tables: list[ProcessedTable], files: list[Path], inputs: str, sources: list[dict[str, Any]]
) -> None:
    """Write every table as CSV and Parquet, and last of all ``datapackage.json``.

    Args:
        folder: ``data/processed``.
        tables: what to write; each key must be unique.
        files: files that are in the folder already and belong to the package too.
        inputs: digest of everything that the tables were made from.
        sources: title, path and licence of each source, for attribution.

    Raises:
        ValueError: a key is not unique, with the table and the first double key.
    """
    for table in tables:
        _check_key(table)
    resources = [resource for table in tables for resource in _write_table(folder, table)]
    resources += [
        {"name": path.name.replace(".", "-"), "path": path.name, "hash": f"sha256:{sha256(path)}"} for path in files
    ]
    package = {
        "profile": "tabular-data-package",
        "name": "nederland-in-balans",
        "title": "Nederland in balans: indicators per Dutch region",
        "inputs_sha256": inputs,
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "sources": sources,
        "resources": resources,
    }
    write_atomically(folder / PACKAGE, json.dumps(package, indent=2, ensure_ascii=False) + "\n")


def _check_key(table: ProcessedTable) -> None:
    double = table.rows[table.rows.duplicated(list(table.key))]
    if not double.empty:
        first = double.iloc[0][list(table.key)].to_dict()
        raise ValueError(f"Table {table.name}: the key {', '.join(table.key)} is not unique: {first}")


def _write_table(folder: Path, table: ProcessedTable) -> list[dict[str, Any]]:
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


def is_complete(folder: Path, inputs: str) -> bool:
    """Whether ``folder`` holds every table, unchanged, made from these inputs."""
    package = read_package(folder)
    if package is None or package.get("inputs_sha256") != inputs:
        return False
    paths = [(folder / resource["path"], resource["hash"]) for resource in package["resources"]]
    return all(path.is_file() and f"sha256:{sha256(path)}" == digest for path, digest in paths)


def read_table(folder: Path, name: str, **arguments: Any) -> pd.DataFrame:
    """Return one table of ``data/processed``; ``arguments`` go to ``pandas.read_parquet``.

    Raises:
        PublishError: the table is not there yet.
    """
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise PublishError(f"data/processed has no table {name} yet. Make it first: make process")
    return pd.read_parquet(path, **arguments)
