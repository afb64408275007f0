"""What the pages say is what was read and found right: titles, findings, alt texts, source lines and verdicts.

The goldens belong to the stored edition of the figures. A refresh of the figures, or a better sentence, renews them in
the same proposal: ``make goldens`` writes them and shows every line that changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.published.copied import asked_for_goldens
from tests.published.pages import standard_goldens, stored_goldens
from tests.published.renew import difference

from balans.pages.declaration import load_declarations
from balans.paths import Project

ASKED_FOR = "gevraagd/"


def compared(stored: dict[str, str], now: dict[str, str]) -> str:
    """Return every page that says something else, with the lines."""
    texts = (difference(name, stored.get(name, ""), now.get(name, "")) for name in sorted({*stored, *now}))
    return "\n\n".join(text for text in texts if text)


def test_the_pages_say_what_was_read(book: Path, project: Project) -> None:
    """Guards every sentence of the chapters and of three regions, against code that changes one unseen."""
    stored = {name: text for name, text in stored_goldens().items() if not name.startswith(ASKED_FOR)}
    assert compared(stored, standard_goldens(project)) == "", "right as it is now? Then: make goldens"


@pytest.mark.slow
def test_the_pages_of_asked_areas_say_what_was_read(project: Project, tmp_path: Path) -> None:
    """Guards every sentence of the page of a municipality and of a region of one's own."""
    stored = {name: text for name, text in stored_goldens().items() if name.startswith(ASKED_FOR)}
    assert compared(stored, asked_for_goldens(project, tmp_path)) == "", "right as it is now? Then: make goldens"


def test_every_page_has_its_golden(project: Project) -> None:
    """Guards the goldens themselves: each template is there with its title, alt texts and source lines."""
    stored = stored_goldens()
    pages = {declared.template for declared in load_declarations(project) if not declared.is_per_region}
    assert pages <= set(stored)
    assert all(text.startswith("# ") for text in stored.values())
    assert len(stored) == 15
    assert all("alt: " in text and "source: " in text for text in stored.values())


def test_a_changed_word_is_shown() -> None:
    """Guards the difference that a reviewer reads: the old line, the new one, and no other."""
    shown = difference("h1/page", "# Page\nsame\nmeer\n", "# Page\nsame\nminder\n")
    assert shown == "tests/published/h1/page.txt\n-meer\n+minder"
    assert difference("h1/page", "same\n", "same\n") == ""
