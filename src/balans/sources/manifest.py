"""The manifest of ``data/raw``: what is there, where it came from, and that it is unchanged.

The manifest alone says which files are in force. A fetched file has a part of its SHA-256 in its name
(``figures@0123456789ab.csv.gz``) and is never written over; the files of a superseded version stay where they are,
listed under ``previous``. So the one rename that puts a new manifest in place moves a table from one whole version to
the other, and what an interrupted refresh leaves behind is a fetched file that no version lists.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from balans.errors import RawDataError
from balans.files import sha256, write_atomically

FETCHED = re.compile(r"@[0-9a-f]{12}(?=\.)")


@dataclass(frozen=True)
class RawFile:
    """One file below ``data/raw``: its path there, its size in bytes and its SHA-256."""

    path: str
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name without the digest: what a reader asks for."""
        return FETCHED.sub("", Path(self.path).name)

    @property
    def is_fetched(self) -> bool:
        """Whether ``make data`` brought it; otherwise it was carried over."""
        return FETCHED.search(Path(self.path).name) is not None


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
        previous: versions that can be put in force again: the last one, and the one that was carried over.
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
    previous: tuple[RawTable, ...] = ()

    @property
    def is_fetched(self) -> bool:
        """Whether any file of this version came from the source itself."""
        return any(file.is_fetched for file in self.files)

    @property
    def carried_over(self) -> RawTable | None:
        """The version that came with the project, if there is one."""
        return next((version for version in (self, *self.previous) if not version.is_fetched), None)


def read_manifest(raw: Path) -> list[RawTable]:
    """Return the tables that ``raw/manifest.json`` lists.

    Raises:
        RawDataError: there is no manifest or it cannot be read.
    """
    path = raw / "manifest.json"
    try:
        return [_table(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["tables"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RawDataError(f"{path} cannot be read ({error}). Restore it: git checkout -- data/raw") from error


def _table(entry: dict[str, Any]) -> RawTable:
    files = tuple(RawFile(**file) for file in entry["files"])
    return RawTable(**{**entry, "files": files, "previous": tuple(map(_table, entry.get("previous", ())))})


def write_manifest(raw: Path, tables: list[RawTable]) -> None:
    """Put a new manifest in force, in one rename."""
    content = {"version": 1, "tables": [_entry(asdict(table)) for table in tables]}
    write_atomically(raw / "manifest.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _entry(table: dict[str, Any]) -> dict[str, Any]:
    """A table as the manifest says it: without ``previous`` where there is none."""
    previous = [_entry(version) for version in table.pop("previous")]
    return table | ({"previous": previous} if previous else {})


def stored_file(raw: Path, table: str, name: str) -> Path:
    """Return the file in force of ``table`` that is called ``name``, whether carried over or fetched.

    Raises:
        RawDataError: the table has no such file; the message lists those that it has.
    """
    files = [file for entry in read_manifest(raw) if entry.table == table for file in entry.files]
    for file in files:
        if file.name == name:
            return raw / file.path
    has = ", ".join(file.name for file in files) or "nothing"
    raise RawDataError(f"data/raw/{table} has no {name}; it has: {has}.")


def verify_raw(raw: Path) -> list[RawTable]:
    """Return the tables of the manifest after checking every byte of them.

    Raises:
        RawDataError: a file in force is missing, was changed, or a file is in no version of the manifest; the message
            names every such file. What an interrupted refresh left behind is passed over: nothing reads it.
    """
    tables = read_manifest(raw)
    problems = [problem for table in tables for file in table.files if (problem := _problem(raw, file))]
    stray = [path for path in _unlisted(raw, tables) if not FETCHED.search(path.name) and "/." not in f"/{path}"]
    problems += [f"data/raw/{path}: is not in the manifest" for path in stray]
    if problems:
        listed = "\n  ".join(problems)
        raise RawDataError(
            f"The figures in data/raw are not those of the manifest:\n  {listed}\n"
            "Restore them: git checkout -- data/raw"
        )
    return tables


def leftovers(raw: Path, tables: list[RawTable]) -> list[Path]:
    """Return what an interrupted refresh left behind: fetched files that no version lists, and temporary files."""
    return [
        raw / path
        for path in _unlisted(raw, tables)
        if FETCHED.search(path.name) or (path.name.startswith(".") and path.suffix == ".tmp")
    ]


def _unlisted(raw: Path, tables: list[RawTable]) -> list[Path]:
    """Paths below ``raw`` of the files that no version of any table lists, in order."""
    listed = {file.path for table in tables for version in (table, *table.previous) for file in version.files}
    present = (path.relative_to(raw) for path in raw.rglob("*") if path.is_file())
    return sorted(path for path in present if str(path) not in listed | {"manifest.json"})


def _problem(raw: Path, file: RawFile) -> str | None:
    path = raw / file.path
    if not path.is_file():
        return f"data/raw/{file.path}: is missing"
    if path.stat().st_size != file.bytes or sha256(path) != file.sha256:
        return f"data/raw/{file.path}: has changed"
    return None
