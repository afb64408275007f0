"""Which code something uses: the modules that it imports, transitively, so that a change elsewhere changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import grimp

from balans.files import sha256

PACKAGE = "balans"


@lru_cache(maxsize=1)
def _graph() -> grimp.ImportGraph:
    # Without grimp's own cache: reading two hundred small files takes less than a tenth of a second.
    return grimp.build_graph(PACKAGE, cache_dir=None)


def is_module(name: str) -> bool:
    """Whether ``name`` (``balans.pages.data``) is a module or package of this project."""
    return name in _graph().modules


def modules_used(roots: Iterable[str]) -> list[str]:
    """Return the given modules and everything of this project that they import, transitively, in order.

    Args:
        roots: names of modules, such as ``balans.pages.h4.cijfers``; an import of a module that is written anywhere in
            it counts, also inside a function.
    """
    graph, found = _graph(), set()
    for root in roots:
        found |= {root, *graph.find_upstream_modules(root)}
    # Importing a.b.c runs the packages a and a.b too.
    packages = {name.rsplit(".", depth)[0] for name in found for depth in range(1, name.count(".") + 1)}
    return sorted(found | packages)


def code_digests(roots: Iterable[str]) -> dict[str, str]:
    """Return for every module that is used the SHA-256 of its file: ``{"code balans.pages.data": …}``."""
    return {f"code {name}": _digest(name) for name in modules_used(roots)}


@lru_cache(maxsize=1024)
def _digest(name: str) -> str:
    place = Path(__file__).parent.joinpath(*name.split(".")[1:])
    return sha256(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
