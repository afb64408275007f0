"""What a page says, as text: title, headings, sentences, alt texts, source lines, captions and verdicts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from balans.pages.parts.output import METADATA_KEY
from balans.paths import Project
from balans.publish.book import book_pages
from balans.publish.pages import Page
from balans.words.verdicts import BADGES

FOLDER = Path(__file__).parent
# One krimp region, one that rests on a split municipality, one anticipeer region.
REGIONS = ("parkstad-limburg", "de-marne", "hoeksche-waard")
# Made in a copy: a municipality that came of a merger, and a region of one's own across a province's border.
MUNICIPALITY = "GM1969"
OWN_REGION = FOLDER / "eigen-regio.yml"
TAG = re.compile(r"<[^>]+>")
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[dh].*?</t[dh]>", re.S)
# A claim in the list of claims: what it says, the verdicts, and why; what is folded away is in the table of claims.
CLAIM = re.compile(r'<li class="bewering".*?(?=<details>|</li>)', re.S)


def standard_goldens(project: Project) -> dict[str, str]:
    """Return ``{path of the page: what it says}`` for the chapters and three regions, from the book as it is built."""
    pages = [page for page in book_pages(project) if _is_wanted(page)]
    return {page.target.removesuffix(".ipynb"): page_text(project.book / page.target) for page in pages}


def _is_wanted(page: Page) -> bool:
    return page.below is None or Path(page.target).stem in REGIONS


def page_text(path: Path) -> str:
    """Return what the reader of an executed notebook reads, one thing a line."""
    notebook = nbformat.read(path, as_version=4)
    lines = [line for cell in notebook.cells for line in _cell_lines(cell)]
    return "\n".join(lines).strip() + "\n"


def _cell_lines(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield from ("", *(" ".join(part.split()) for part in cell.source.split("\n\n")))
        return
    for output in cell.get("outputs", []):
        about = output.get("metadata", {}).get(METADATA_KEY)
        if about:
            yield from ("", f"[{about['name']}]", f"alt: {about['alt']}", f"source: {about['source']}")
            yield from _table_lines(str(output.data.get("text/html", "")))
            yield from (f"verdict: {_plain(one)}" for one in CLAIM.findall(str(output.data.get("text/html", ""))))
        elif "text/markdown" in output.get("data", {}):
            yield from ("", output.data["text/markdown"])


def _table_lines(text: str) -> Iterator[str]:
    """The head of a table, and every row that gives a verdict."""
    words = [badge.word for badge in BADGES.values()]
    for number, row in enumerate(ROW.findall(text)):
        cells = [_plain(cell) for cell in CELL.findall(row)]
        if number == 0:
            yield f"columns: {' | '.join(cells)}"
        elif any(word in cell for word in words for cell in cells):
            yield f"verdict: {' | '.join(cells)}"


def _plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", text)).split())


def stored_goldens() -> dict[str, str]:
    """Return what the pages said when the goldens were last renewed."""
    return {
        path.relative_to(FOLDER).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.rglob("*.txt"))
    }
