"""The manifest of ``data/raw``: what is there, where it came from, and that it is unchanged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from balans.errors import RawDataError
from balans.files import sha256


@dataclass(frozen=True)
class RawFile:
    """One file below ``data/raw``: its path there, its size in bytes and its SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class RawTable:
    """One source table as it is stored.

    Attributes:
        table: name of the folder in ``data/raw``.
        source: who publishes it.
        title: its title.
        licence: under which it may be used.
        attribution: the line that goes with every use.
        obtained: date (ISO 8601) on which it came here.
        how: how it came here.
        modified: the publisher's own date of the edition, if known.
        files: its files.
    """

    table: str
    source: str
    title: str
    licence: str
    attribution: str
    obtained: str
    how: str
    modified: str | None
    files: tuple[RawFile, ...]


def read_manifest(raw: Path) -> list[RawTable]:
    """Return the tables that ``raw/manifest.json`` lists.

    Raises:
        RawDataError: there is no manifest or it cannot be read.
    """
    path = raw / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_table(entry) for entry in content["tables"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RawDataError(f"{path} cannot be read ({error}). Restore it: git checkout -- data/raw") from error


def _table(entry: dict[str, Any]) -> RawTable:
    files = tuple(RawFile(**file) for file in entry["files"])
    return RawTable(**{**entry, "files": files})


def verify_raw(raw: Path) -> list[RawTable]:
    """Return the tables of the manifest after checking every byte of them.

    Raises:
        RawDataError: a file is missing, was changed, or is not in the manifest; the message names every such file.
    """
    tables = read_manifest(raw)
    problems = [problem for table in tables for file in table.files if (problem := _problem(raw, file))]
    listed = {file.path for table in tables for file in table.files} | {"manifest.json"}
    present = (file.relative_to(raw) for file in raw.rglob("*") if file.is_file())
    stray = [path for path in present if str(path) not in listed and not any(p.startswith(".") for p in path.parts)]
    problems += [f"data/raw/{path}: is not in the manifest" for path in sorted(stray)]
    if problems:
        raise RawDataError(
            "The figures in data/raw are not those of the manifest:\n  "
            + "\n  ".join(problems)
            + "\nRestore them: git checkout -- data/raw"
        )
    return tables


def _problem(raw: Path, file: RawFile) -> str | None:
    path = raw / file.path
    if not path.is_file():
        return f"data/raw/{file.path}: is missing"
    if path.stat().st_size != file.bytes or sha256(path) != file.sha256:
        return f"data/raw/{file.path}: has changed"
    return None
