"""The pages that papermill makes: which template, which parameters, and where the page goes.

Nothing lists them but ``_toc.yml``: a document of the book that is a notebook below ``notebooks/`` is a page, and a
template that declares ``per`` makes one for each region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
import yaml

from balans.errors import DefinitionError, UnknownKeyError
from balans.pages.declaration import Declaration, load_declarations, notebook_names
from balans.paths import Project

DROPPED_WITHOUT_OUTPUT = "vervalt-zonder-uitvoer"


@dataclass(frozen=True)
class Page:
    """One page to make.

    Attributes:
        template: place of the notebook below ``notebooks/``, without suffix.
        parameters: values for its parameters cell.
        target: where the executed notebook goes, relative to ``book/``.
        title: what to call it in messages.
        below: the document of ``_toc.yml`` below which it comes; None for a page that ``_toc.yml`` names itself.
    """

    template: str
    parameters: Mapping[str, Any]
    target: str
    title: str
    below: str | None = None


def region_page(declared: Declaration, region_id: str, name: str) -> Page:
    """Return the page of one region, made by a template that makes a page for each."""
    return Page(
        declared.template, {str(declared.parameter): region_id}, declared.target(region_id), name, declared.below
    )


def region_templates(project: Project) -> list[Declaration]:
    """Return the templates that make a page for each region."""
    return [declared for declared in load_declarations(project) if declared.is_per_region]


def standard_pages(project: Project) -> list[Page]:
    """Return the pages of the book that are notebooks and not about one region, in the order of ``_toc.yml``.

    Raises:
        DefinitionError: ``_toc.yml`` names a document that is neither prose nor a notebook, or a notebook declares a
            page that ``_toc.yml`` does not name.
    """
    declared = {one.template: one for one in load_declarations(project) if not one.is_per_region}
    named = list(toc_documents(project))
    _check_toc(project, named, declared)
    return [Page(name, {}, declared[name].target(), declared[name].title) for name in named if name in declared]


def toc_documents(project: Project) -> Iterator[str]:
    """Yield every document that ``_toc.yml`` names, in order, relative to ``book/`` and without suffix."""
    toc = yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))
    yield toc["root"]
    yield from _documents(toc)


def _documents(entry: Mapping[str, Any]) -> Iterator[str]:
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, ()):
            if "file" in child:
                yield str(Path(child["file"]).with_suffix("") if child["file"].endswith(".md") else child["file"])
            yield from _documents(child)


def _check_toc(project: Project, named: list[str], declared: Mapping[str, Declaration]) -> None:
    notebooks = set(notebook_names(project))
    for name in named:
        if name not in declared and not (project.book / f"{name}.md").is_file():
            why = "declares no page in its metadata" if name in notebooks else "does not exist"
            raise DefinitionError(
                f"_toc.yml names {name}, but book/{name}.md does not exist and notebooks/{name}.ipynb {why}."
            )
    for name in declared:
        if name not in named:
            raise DefinitionError(
                f"notebooks/{name}.ipynb declares a page, but _toc.yml does not name it. Add there: - file: {name}"
            )


def check_parameters(project: Project, page: Page) -> None:
    """Raise an UnknownKeyError if the template does not know a parameter of the page (papermill would only warn)."""
    known = template_parameters(project, page.template)
    unknown = sorted(set(page.parameters) - set(known))
    if unknown:
        raise UnknownKeyError(
            f"notebooks/{page.template}.ipynb has no parameter {', '.join(unknown)}. "
            f"It has: {', '.join(sorted(known))}."
        )


def template_parameters(project: Project, template: str) -> dict[str, Any]:
    """Return the parameters of a template with what papermill knows of each.

    Raises:
        UnknownKeyError: there is no such template.
    """
    path = project.notebooks / f"{template}.ipynb"
    if not path.is_file():
        raise UnknownKeyError(f"There is no notebook {template}. There are: {', '.join(notebook_names(project))}.")
    return dict(papermill.inspect_notebook(str(path)))


def tidied(executed: str, title: str) -> str:
    """Return an executed notebook, as the text of its file, finished.

    Puts the title in, drops headings of which the next cell shows nothing (markdown cells tagged
    ``vervalt-zonder-uitvoer``), and takes out what differs from run to run: timings and random identifiers.
    """
    notebook = nbformat.reads(executed, as_version=4)
    notebook.metadata.pop("papermill", None)
    notebook.cells = [cell for cell in notebook.cells if not _is_empty_heading(cell, notebook.cells)]
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cel-{position}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("{{ titel }}", title)
    return f"{nbformat.writes(notebook)}\n"


def _is_empty_heading(cell: nbformat.NotebookNode, cells: list[nbformat.NotebookNode]) -> bool:
    if cell.cell_type != "markdown" or DROPPED_WITHOUT_OUTPUT not in cell.metadata.get("tags", []):
        return False
    following = cells[cells.index(cell) + 1 :]
    return not (following and following[0].get("outputs"))
