"""Notebooks for the tests of the engine."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from engine_probes import Write, notebook


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes a notebook of a name and some cells."""

    def written(name: str, *cells: str) -> Path:
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook(list(cells)), path)
        return path

    return written
