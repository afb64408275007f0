"""``make lock``: solve the lock for every supported Python and platform, and check it before it is put in force.

Needs a network, so no test and no build calls it. In this order: uv solves (versions of today's lock are kept;
``--upgrade`` asks for newer ones); for each Python and platform the index is asked whether every package has a wheel;
what each package requires is read from its metadata; the lock is checked to be closed. Only then are
``requirements.lock`` and ``tools/lock-metadata.json`` replaced.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from tools.closed import PLATFORMS, PYTHONS, Locked, asked_for, environments, read_lock, unmet

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
# The oldest macOS that every locked package has wheels for, by machine; uv assumes 13 otherwise.
MACOS = {"aarch64-apple-darwin": "14.0", "x86_64-apple-darwin": "15.0"}


class LockError(Exception):
    """Something is wrong with the lock; the message says what to do."""


def solve(lock: Path, extra: list[str]) -> None:
    """Solve ``pyproject.toml`` for all Pythons and platforms at once into ``lock``, with hashes and without addresses.

    Raises:
        LockError: there is no solution, or no network.
    """
    options = ["--group", "dev", "--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--no-header"]
    quiet = ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    bounds = ["--constraints", str(ROOT / "tools" / "constraints.txt")]
    _uv(["pip", "compile", "pyproject.toml", *options, *quiet, *bounds, *extra, "--output-file", str(lock)])


def ask_for_wheels(lock: Path, platform: str, python: str, folder: Path) -> None:
    """Ask the index for a wheel of every locked package that is installed on this platform and Python.

    Raises:
        LockError: a package has none.
    """
    target = ["--target", str(folder), "--python-platform", platform, "--python-version", python]
    options = ["--dry-run", "--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    _uv(["pip", "install", *options, *target, "-r", str(lock)], platform)


def read_requirements(lock: Path, folder: Path) -> dict[str, list[str]]:
    """Return ``name==version`` → requirements of every entry, from its metadata: a wheel of each is fetched once.

    The wheels of one version state the same requirements on every platform; uv's universal solution rests on that too.

    Raises:
        LockError: a package cannot be fetched.
    """
    entries = read_lock(lock.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for name, environment in environments():
        platform, python = name.split(" on ")[1], environment["python_full_version"]
        missing = [e for e in entries if e.key not in found and _is_here(e, environment)]
        if missing:
            found |= _fetched(missing, platform, python, folder / f"{len(found)}")
    # What no supported environment installs (Windows) requires nothing that could be missing.
    return {entry.key: found.get(entry.key, []) for entry in sorted(entries, key=lambda entry: entry.key)}


def _is_here(entry: Locked, environment: Mapping[str, str]) -> bool:
    return entry.marker is None or entry.marker.evaluate({**environment, "extra": ""})


def _fetched(entries: list[Locked], platform: str, python: str, folder: Path) -> dict[str, list[str]]:
    target = ["--target", str(folder), "--python-platform", platform, "--python-version", python]
    _uv(
        ["pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", *target, *(e.key for e in entries)],
        platform,
    )
    return {_key(each): list(each.requires or []) for each in distributions(path=[str(folder)])}


def _key(distribution: Distribution) -> str:
    return f"{canonicalize_name(distribution.metadata['Name'])}=={distribution.version}"


def _uv(arguments: list[str], platform: str = "") -> None:
    environment = os.environ | ({"MACOSX_DEPLOYMENT_TARGET": MACOS[platform]} if platform in MACOS else {})
    result = subprocess.run([UV, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        where = f" for {platform} and Python {arguments[arguments.index('--python-version') + 1]}" if platform else ""
        raise LockError(f"uv found no answer{where}; the lock stays as it was.\n{result.stderr.strip()}")


def make_lock(extra: list[str]) -> None:
    """Solve, check, and put the lock and its metadata in force.

    Raises:
        LockError: no solution, a missing wheel, or a lock that is not closed; nothing was changed.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        lock = folder / "requirements.lock"
        shutil.copy(ROOT / "requirements.lock", lock)
        solve(lock, extra)
        for name, environment in environments():
            ask_for_wheels(lock, name.split(" on ")[1], environment["python_full_version"], folder / "nothing")
        metadata = read_requirements(lock, folder)
        entries, roots = read_lock(lock.read_text(encoding="utf-8")), asked_for(ROOT / "pyproject.toml")
        open_ends = [
            f"{where}: {what}" for where, env in environments() for what in unmet(entries, metadata, roots, env)
        ]
        if open_ends:
            raise LockError("The lock is not closed, and stays as it was:\n" + "\n".join(open_ends))
        _put(ROOT / "tools" / "lock-metadata.json", json.dumps(metadata, indent=1) + "\n")
        _put(ROOT / "requirements.lock", lock.read_text(encoding="utf-8"))
    print(f"{len(entries)} packages locked; each has a wheel for Python {PYTHONS[0]} to {PYTHONS[-1]} on:")
    print(
        "\n".join(f"  {platform} {f'(macOS {MACOS[platform]})' if platform in MACOS else ''}" for platform in PLATFORMS)
    )


def _put(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    try:
        make_lock(sys.argv[1:])
    except LockError as error:
        sys.exit(str(error))
