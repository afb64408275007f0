"""The pages that papermill makes: which template, which parameters, which figures, and where the page goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import papermill

from balans.errors import UnknownKeyError
from balans.files import sha256
from balans.paths import Project
from balans.publish.scope import scope_digest

NOT_PAGE_CODE = {"cli.py"}
DROPPED_WITHOUT_OUTPUT = "vervalt-zonder-uitvoer"


@dataclass(frozen=True)
class Page:
    """One page to make.

    Attributes:
        template: notebook in ``notebooks/``, without suffix.
        parameters: values for its parameters cell.
        target: where the executed notebook goes, relative to ``book/``.
        title: what to call it in messages.
    """

    template: str
    parameters: Mapping[str, Any]
    target: str
    title: str


def region_page(region_id: str, name: str) -> Page:
    """Return the page of one region."""
    return Page("regio", {"regio": region_id}, f"regios/{region_id}.ipynb", name)


def standard_pages() -> list[Page]:
    """Return the pages of the book that are notebooks and not about one region."""
    return [
        Page("01_bronnen", {"vernieuwen": False}, "verantwoording/bronnen.ipynb", "Bronnen"),
        Page("02_indicatoren", {}, "h1/indicatoren.ipynb", "Indicatoren"),
        Page("06_vitale_regios", {}, "h2/cijfers.ipynb", "Vitale regio's in cijfers"),
        Page("07_investeren", {}, "h3/cijfers.ipynb", "Investeren in cijfers"),
        Page("08_kracht", {}, "h4/cijfers.ipynb", "Van krimp naar kracht in cijfers"),
        Page("regiocheck", {}, "h4/regiocheck.ipynb", "De regiocheck"),
        Page("03_prognoses", {}, "h1/prognoses.ipynb", "Prognoses"),
        Page("04_leefbaarheid", {}, "h1/leefbaarheid.ipynb", "Leefbaarheid"),
        Page("05_beweringen", {}, "verantwoording/beweringen.ipynb", "Beweringen"),
        Page("09_achterstanden", {}, "h1/achterstanden.ipynb", "Achterstanden"),
    ]


def check_parameters(project: Project, page: Page) -> None:
    """Raise an UnknownKeyError if the template does not know a parameter of the page (papermill would only warn)."""
    known = template_parameters(project.notebooks / f"{page.template}.ipynb")
    unknown = sorted(set(page.parameters) - set(known))
    if unknown:
        raise UnknownKeyError(
            f"notebooks/{page.template}.ipynb has no parameter {', '.join(unknown)}. "
            f"It has: {', '.join(sorted(known))}."
        )


def template_parameters(template: Path) -> dict[str, Any]:
    """Return the parameters of a template with what papermill knows of each.

    Raises:
        UnknownKeyError: there is no such template.
    """
    if not template.is_file():
        names = ", ".join(sorted(path.stem for path in template.parent.glob("*.ipynb")))
        raise UnknownKeyError(f"There is no notebook {template.stem}. There are: {names}.")
    return dict(papermill.inspect_notebook(str(template)))


def page_key(project: Project, page: Page, engine_name: str) -> str:
    """Return the digest of everything that goes into a page.

    That is: the template, the parameters, the rows of ``data/processed`` that the page may read, the package, and the
    engine: whoever asks for a page by a kernel must get one.
    """
    parts = {
        "engine": engine_name,
        "template": sha256(project.notebooks / f"{page.template}.ipynb"),
        "parameters": dict(page.parameters),
        "figures": scope_digest(project, page.template, page.parameters),
        "package": package_digest(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def package_digest() -> str:
    """Return one SHA-256 over the code of this package: its version while it is being developed."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in NOT_PAGE_CODE:
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


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
