from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .scene import Scene, mini_project
from .server import LocalCBS, running
from .tables import mini_table


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A small project with one table, and a server that serves it over version 3."""
    found = Scene(mini_project(tmp_path), LocalCBS({"83625NED": mini_table()}, page={"3": 8, "4": 8}))
    with running(found.cbs):
        yield found


@pytest.fixture
def scene4(tmp_path: Path) -> Iterator[Scene]:
    """The same over version 4."""
    found = Scene(
        mini_project(tmp_path / "v4", protocol="odata4"), LocalCBS({"83625NED": mini_table()}, page={"3": 8, "4": 8})
    )
    with running(found.cbs):
        yield found
