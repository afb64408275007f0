"""The page of projections in the built book: it says whose projection it is not, and what does not hold."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.site


class Captions(HTMLParser):
    """Collects the text of every figure caption, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.captions: list[str] = []
        self.links: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "figcaption":
            self.inside = True
            self.captions.append("")
        self.links += [value for key, value in attrs if key == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "figcaption"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.captions[-1] += data


def test_the_page_names_and_links_the_official_forecast(book: Path) -> None:
    """Guards that nobody takes these projections for those of PBL and CBS: in the text, and under every fan."""
    text = (book / "h1" / "prognoses.html").read_text(encoding="utf-8")
    found = Captions()
    found.feed(text)
    assert "https://www.cbs.nl/nl-nl/cijfers/detail/85173NED" in found.links
    assert "https://www.pbl.nl/" in found.links
    fans = [caption for caption in found.captions if "Prognose met cijfers" in caption]
    assert len(fans) >= 6
    assert all("niet de prognose van PBL en CBS" in caption for caption in fans)


def test_the_page_tells_what_does_not_hold(book: Path) -> None:
    """Guards the honest part: bands too narrow, hardly tested far ahead, kinks, chosen afterwards."""
    text = (book / "h1" / "prognoses.html").read_text(encoding="utf-8")
    for words in ("te smal", "Lang vooruit is weinig getoetst", "Knikken", "achteraf gekozen", "niet uit StatLine"):
        assert words in text
