"""Write down anew what every page says, and show what changed: ``make goldens``."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from tests.published.copied import asked_for_goldens
from tests.published.pages import FOLDER, standard_goldens, stored_goldens

from balans.paths import Project, find_project
from balans.publish.book import make_book


def difference(name: str, before: str, after: str) -> str:
    """Return the lines of a page that changed, with a sign before each; empty if none did."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "now", lineterm="", n=0)
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return "\n".join([f"tests/published/{name}.txt", *changed]) if changed else ""


def renew(project: Project) -> int:
    """Make the pages, write what they say to ``tests/published/``, print every changed line; return how many pages."""
    make_book(
        project, regions=None, engine="warm", scheduler="processes", start=lambda _: None, progress=lambda _: None
    )
    with tempfile.TemporaryDirectory() as folder:
        now = {**standard_goldens(project), **asked_for_goldens(project, Path(folder))}
    before = stored_goldens()
    changes = [
        text for name in sorted({*before, *now}) if (text := difference(name, before.get(name, ""), now.get(name, "")))
    ]
    for name in set(before) - set(now):
        (FOLDER / f"{name}.txt").unlink()
    for name, text in now.items():
        path = FOLDER / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print("\n\n".join([*changes, f"{len(changes)} of {len(now)} pages say something else."]))
    return len(changes)


if __name__ == "__main__":
    renew(find_project(Path(__file__)))
    sys.exit(0)
