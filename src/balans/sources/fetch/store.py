"""Put a fetched table in force, whole or not at all, and put an earlier version back."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from balans.errors import BalansError, RawDataError, SourceError, UnknownKeyError
from balans.files import copy_atomically, sha256, write_atomically
from balans.paths import Project
from balans.sources.catalogue import Table
from balans.sources.manifest import RawFile, RawTable, leftovers, read_manifest, write_manifest

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass
class Fetched:
    """What came from a source, not yet stored.

    Attributes:
        files: per stored name its content, or a file that holds it.
        modified: the source's own date of the edition.
        how: how it came.
        notes: what a person should know: duplicates that were dropped, an empty year, topics that are gone.
        renamed: topics that were found under another title or key than ``sources.yml`` says first.
        figures: the file with figures in the stored shape; None for sources that have another shape.
    """

    files: dict[str, bytes | Path]
    modified: str | None
    how: str
    notes: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    figures: Path | None = None


@contextmanager
def only_one(project: Project) -> Iterator[None]:
    """Hold ``data/raw`` for one refresh; the system lets go of it when the process ends, however it ends.

    Raises:
        BalansError: another refresh holds it.
    """
    project.raw.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(project.raw / ".refresh.lock", timeout=0):
            yield
    except Timeout:
        raise BalansError("Another refresh of data/raw is running. Wait until it is done, then: make data") from None


def clean_up(project: Project) -> None:
    """Delete what an interrupted refresh left behind. Only while holding ``only_one``."""
    for path in leftovers(project.raw, read_manifest(project.raw)):
        path.unlink(missing_ok=True)


def put_in_force(project: Project, table: Table, fetched: Fetched, keep: list[RawFile], today: date) -> bool:
    """Store what was fetched and make it the version in force; return whether anything changed.

    First every new file is written under its own name, then one rename of the manifest switches to all of them.

    Args:
        project: where to.
        table: what it is.
        fetched: its new files.
        keep: carried-over files that stay in force beside them, because they have years that the source lacks.
        today: the date that the manifest gives.
    """
    manifest = read_manifest(project.raw)
    old = next((entry for entry in manifest if entry.table == table.id), None)
    files = [_store(project, table, name, content) for name, content in sorted(fetched.files.items())]
    files += [file for file in keep if file.name not in {stored.name for stored in files}]
    if old and set(old.files) == set(files) and old.modified == fetched.modified:
        return False
    about = (table.id, table.publisher, table.title, table.licence, table.attribution)
    new = RawTable(*about, today.isoformat(), fetched.how, fetched.modified, tuple(files))
    new = replace(new, previous=_history(new, old))
    write_manifest(project.raw, [new if e is old else e for e in manifest] if old else [*manifest, new])
    return True


def restore(project: Project, table: str, *, carried_over: bool = False) -> RawTable:
    """Put the previous version of a table in force again (or the one that came with the project); return it.

    What was in force becomes the previous version, so restoring twice changes nothing.

    Raises:
        UnknownKeyError: no such table, or no such version.
        RawDataError: a file of that version is missing or has changed.
    """
    with only_one(project):
        manifest = read_manifest(project.raw)
        current = next((entry for entry in manifest if entry.table.casefold() == table.casefold()), None)
        if current is None:
            known = ", ".join(entry.table for entry in manifest)
            raise UnknownKeyError(f"data/raw has no table {table}. It has: {known}.")
        versions = [version for version in current.previous if not carried_over or not version.is_fetched]
        if not versions:
            raise UnknownKeyError(
                f"Table {current.table} has only the version in force ({current.obtained}); nothing to restore."
            )
        _check_whole(project, versions[0])
        back = replace(versions[0], previous=_history(versions[0], current))
        write_manifest(project.raw, [back if entry is current else entry for entry in manifest])
    return back


def _history(new: RawTable, old: RawTable | None) -> tuple[RawTable, ...]:
    """The version that is replaced, and the one that was carried over: those can come back."""
    versions = [replace(version, previous=()) for version in (old, *old.previous)] if old else []
    versions = [version for version in versions if set(version.files) != set(new.files)]
    carried = [version for version in versions[1:] if not version.is_fetched][:1]
    return (*versions[:1], *(carried if versions and versions[0].is_fetched else []))


def _store(project: Project, table: Table, name: str, content: bytes | Path) -> RawFile:
    source = project.cache / "fetch" / table.id / name if isinstance(content, bytes) else content
    if isinstance(content, bytes):
        write_atomically(source, content)
    digest = sha256(source)
    stem, rest = name.split(".", 1)
    path = project.raw / table.id / f"{stem}@{digest[:12]}.{rest}"
    if not path.is_file() or sha256(path) != digest:
        copy_atomically(source, path)
    return RawFile(str(path.relative_to(project.raw)), path.stat().st_size, digest)


@contextmanager
def room_on_disk(table: Table) -> Iterator[None]:
    """Explain a full disk.

    Raises:
        SourceError: the disk is full; the version in force did not change.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise SourceError(
            f"Table {table.id}: the disk is full. The stored figures stay in force. "
            f"Make room, then: make data TABLES={table.id}"
        ) from error


def _check_whole(project: Project, version: RawTable) -> None:
    for file in version.files:
        path = project.raw / file.path
        if not path.is_file() or sha256(path) != file.sha256:
            raise RawDataError(
                f"data/raw/{file.path} of the version of {version.obtained} is missing or has changed; that version "
                "cannot come back. The version in force did not change."
            )
