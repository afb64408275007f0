"""Is the lock closed: does it hold everything that its packages require, on every platform and Python that we support?

Set-up installs the lock without resolving, so a requirement that the lock does not meet would be missed at run time.
What each locked package requires stands in ``tools/lock-metadata.json``, which ``make lock`` writes beside the lock.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
# A marker can name a patch version (tomli for < 3.11.4), so the first and a late one of each Python are looked at.
PATCHES = (0, 20)
# uv's name of the platform → the values that markers ask for.
PLATFORMS = {
    "x86_64-manylinux_2_28": ("linux", "Linux", "x86_64"),
    "aarch64-manylinux_2_28": ("linux", "Linux", "aarch64"),
    "aarch64-apple-darwin": ("darwin", "Darwin", "arm64"),
    "x86_64-apple-darwin": ("darwin", "Darwin", "x86_64"),
}


@dataclass(frozen=True)
class Locked:
    """One entry of the lock: a package, its version, and where it is installed (no marker: everywhere)."""

    name: str
    version: str
    marker: Marker | None

    @property
    def key(self) -> str:
        """How ``lock-metadata.json`` names it: ``name==version``."""
        return f"{self.name}=={self.version}"


def read_lock(text: str) -> list[Locked]:
    """Return the entries of a ``requirements.lock``."""
    entries = []
    for line in re.findall(r"^([A-Za-z0-9][^\\\n]*)", text, flags=re.MULTILINE):
        requirement = Requirement(line)
        version = str(requirement.specifier).removeprefix("==")
        entries.append(Locked(canonicalize_name(requirement.name), version, requirement.marker))
    return entries


def read_metadata(path: Path) -> dict[str, list[str]]:
    """Return ``name==version`` → its requirements, as its own metadata states them."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def asked_for(pyproject: Path) -> list[str]:
    """Return the requirements of the project itself: to run, to develop, and to build."""
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    asked = settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]
    return [*asked, *settings["build-system"]["requires"]]


def environments() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a name and the marker environment of every platform and Python that we support."""
    for platform, (sys_platform, system, machine) in PLATFORMS.items():
        for python in PYTHONS:
            for patch in PATCHES:
                full = f"{python}.{patch}"
                yield (
                    f"Python {full} on {platform}",
                    {
                        "implementation_name": "cpython",
                        "implementation_version": full,
                        "os_name": "posix",
                        "platform_machine": machine,
                        "platform_python_implementation": "CPython",
                        "platform_release": "",
                        "platform_system": system,
                        "platform_version": "",
                        "python_full_version": full,
                        "python_version": python,
                        "sys_platform": sys_platform,
                    },
                )


def unmet(
    lock: Iterable[Locked], metadata: Mapping[str, list[str]], roots: Iterable[str], environment: Mapping[str, str]
) -> list[str]:
    """Return every requirement that the lock does not meet in one environment, with who has it; empty if closed.

    Followed are the roots and every locked package, with the extras by which they are asked for. A name that is locked
    twice in one environment is reported too, for pip would refuse it.
    """
    here = [entry for entry in lock if entry.marker is None or entry.marker.evaluate({**environment, "extra": ""})]
    found = {entry.name: entry for entry in here}
    problems = [f"{name} is locked twice" for name in found if sum(entry.name == name for entry in here) > 1]
    todo = [(entry.name, "") for entry in here]
    todo += _follow("pyproject.toml", roots, environment, "", found, problems)
    done: set[tuple[str, str]] = set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) not in done:
            done.add((name, extra))
            entry = found[name]
            todo += _follow(entry.key, metadata[entry.key], environment, extra, found, problems)
    return sorted(set(problems))


def _follow(
    who: str,
    requirements: Iterable[str],
    environment: Mapping[str, str],
    extra: str,
    found: Mapping[str, Locked],
    problems: list[str],
) -> Iterator[tuple[str, str]]:
    """Yield the packages and extras that somebody requires; add what is not met to ``problems``."""
    for text in requirements:
        requirement = _parsed(text)
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        if name not in found or not requirement.specifier.contains(Version(found[name].version), prereleases=True):
            problems.append(f"{who} requires {text}")
            continue
        yield name, ""
        yield from ((name, each) for each in requirement.extras)


_parsed = lru_cache(maxsize=None)(Requirement)


def check(root: Path) -> list[str]:
    """Return what the lock of a checkout does not meet, in any environment."""
    lock = read_lock((root / "requirements.lock").read_text(encoding="utf-8"))
    metadata = read_metadata(root / "tools" / "lock-metadata.json")
    unknown = [f"{entry.key} is not in tools/lock-metadata.json" for entry in lock if entry.key not in metadata]
    if unknown:
        return unknown
    roots = asked_for(root / "pyproject.toml")
    return [f"{name}: {problem}" for name, env in environments() for problem in unmet(lock, metadata, roots, env)]
