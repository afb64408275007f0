"""What a page says of itself, once: the metadata of its notebook, under the key ``balans``.

    "balans": {"title": "Indicatoren", "tables": ["indicators", "regions"], "definitions": ["indicators.yml"]}

The place of the notebook is the place of its page: ``notebooks/h1/indicatoren.ipynb`` makes
``book/h1/indicatoren.ipynb``, and ``_toc.yml`` says where in the book it stands. A template that makes a page for each
region says so with ``per``: ``{"parameter": "regio", "below": "regios/index"}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from balans.definitions import check_against_schema
from balans.errors import DefinitionError, UnknownKeyError
from balans.paths import Project

KEY = "balans"


@dataclass(frozen=True)
class Declaration:
    """What one template declares.

    Attributes:
        template: place of the notebook below ``notebooks/``, without suffix: ``h1/indicatoren``.
        title: what the page is called; empty for a template of regions, whose page is called after its region.
        tables: the tables of ``data/processed`` that it may read.
        files: files that it reads besides, relative to the root: definitions, boundaries, the last refresh.
        parameter: the parameter that takes a region_id, for a template that makes a page for each region.
        below: the document in ``_toc.yml`` below which the pages of the regions come.
    """

    template: str
    title: str
    tables: tuple[str, ...]
    files: tuple[str, ...]
    parameter: str | None = None
    below: str | None = None

    @property
    def is_per_region(self) -> bool:
        """Whether this template makes a page for each region."""
        return self.parameter is not None

    def target(self, region_id: str | None = None) -> str:
        """Return where the page goes, relative to ``book/``; the page of a region is called after its region."""
        return f"{Path(self.template).parent / region_id if region_id else self.template}.ipynb"


def load_declaration(project: Project, template: str) -> Declaration:
    """Return what a template declares.

    Args:
        project: where the notebooks are.
        template: its place below ``notebooks/``, without suffix.

    Raises:
        UnknownKeyError: there is no such notebook; the message names those that there are.
        DefinitionError: the notebook declares nothing, or not as ``page.schema.json`` asks.
    """
    path = project.notebooks / f"{template}.ipynb"
    if not path.is_file():
        raise UnknownKeyError(f"There is no notebook {template}. There are: {', '.join(notebook_names(project))}.")
    declared = _metadata(path).get(KEY)
    shown = f"notebooks/{template}.ipynb, metadata “{KEY}”"
    if declared is None:
        raise DefinitionError(f"{shown}: the notebook does not say which tables it reads (docs/add-a-page.md).")
    check_against_schema(declared, project.definitions / "schemas" / "page.schema.json", shown)
    per = declared.get("per", {})
    return Declaration(
        template,
        declared.get("title", ""),
        tuple(declared["tables"]),
        (*(f"definitions/{name}" for name in declared.get("definitions", ())), *declared.get("files", ())),
        per.get("parameter"),
        per.get("below"),
    )


def notebook_names(project: Project) -> list[str]:
    """Return every notebook below ``notebooks/`` without suffix, templates of pages and others."""
    found = sorted(project.notebooks.rglob("*.ipynb"))
    names = [path.relative_to(project.notebooks).with_suffix("") for path in found]
    return [name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)]


def load_declarations(project: Project) -> list[Declaration]:
    """Return what every template declares; a notebook without the key ``balans`` is no template of a page."""
    declaring = [name for name in notebook_names(project) if KEY in _metadata(project.notebooks / f"{name}.ipynb")]
    return [load_declaration(project, name) for name in declaring]


def _metadata(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DefinitionError(f"{path}: this is not a notebook. {error}") from error
    return dict(content.get("metadata", {}))
