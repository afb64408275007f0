"""When a page must be made again: the digest of everything that goes into it, and of nothing else."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from balans.code import code_digests, is_module
from balans.files import sha256
from balans.pages.data import overview_data, region_data
from balans.pages.declaration import Declaration, load_declaration
from balans.paths import Project
from balans.publish.pages import Page

# What runs a page and finishes it; imported by no template (the worker by nobody) and still part of every page.
MACHINERY = ("balans.publish.engine", "balans.publish.engine.worker", "balans.publish.pages")
ABSENT = "absent"


def page_inputs(project: Project, page: Page, engine: str) -> dict[str, str]:
    """Return the digest of each thing that goes into a page, by what it is: ``table indicators``, ``code balans.…``.

    Args:
        project: where everything is; its tables must have been made.
        page: the page.
        engine: the engine that runs it.
    """
    declared = load_declaration(project, page.template)
    template = project.notebooks / f"{page.template}.ipynb"
    return {
        "engine": engine,
        "title": page.title,
        "parameters": json.dumps(dict(page.parameters), sort_keys=True),
        "template": sha256(template),
        # Other versions of the libraries draw other pictures.
        "file requirements.lock": _file_digest(project.root / "requirements.lock"),
        **{f"file {name}": _file_digest(project.root / name) for name in declared.files},
        **_table_digests(project, declared, page),
        **code_digests((*MACHINERY, *imported_modules(template))),
    }


def page_key(inputs: Mapping[str, str]) -> str:
    """Return one SHA-256 over the inputs of a page."""
    return hashlib.sha256(json.dumps(dict(inputs), sort_keys=True).encode()).hexdigest()


def _table_digests(project: Project, declared: Declaration, page: Page) -> dict[str, str]:
    region_id = str(page.parameters[declared.parameter]) if declared.parameter else None
    data = region_data(project, declared, region_id) if region_id else overview_data(project, declared)
    return {f"table {name}": _rows_digest(data.table(name)) for name in declared.tables}


def _rows_digest(rows: pd.DataFrame) -> str:
    digest = hashlib.sha256(repr(list(rows.columns)).encode())
    digest.update(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _file_digest(path: Path) -> str:
    return _digest_once(path, path.stat().st_mtime_ns) if path.is_file() else ABSENT


@lru_cache(maxsize=256)
def _digest_once(path: Path, stamp: int) -> str:
    del stamp  # only there so that a changed file is read again
    return sha256(path)


def imported_modules(template: Path) -> list[str]:
    """Return the modules of this project that the code cells of a notebook import."""
    cells = json.loads(template.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return sorted({name for source in sources for name in _imports(source) if is_module(name)})


def _imports(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # a cell with a magic or a mistake: running it will tell
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
