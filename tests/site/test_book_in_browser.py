"""The built book in a real browser, as a reader sees it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.site

FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]
SAMPLE = [
    "index.html",
    "h1/index.html",
    "h1/indicatoren.html",
    "h1/prognoses.html",
    "h1/achterstanden.html",
    "h1/leefbaarheid.html",
    "h2/cijfers.html",
    "h3/cijfers.html",
    "h4/cijfers.html",
    "h4/regiocheck.html",
    "regios/parkstad-limburg.html",
    "verantwoording/bronnen.html",
    "verantwoording/beweringen.html",
]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the site without writing a line per request."""

    def log_message(self, *args: Any) -> None:
        pass


@dataclass
class Visit:
    """What was found on one page."""

    problems: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    images: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def address(book: Path) -> Iterator[str]:
    """The address on which the built site is served, on this machine only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def visits(book: Path, address: str, browser: Browser) -> dict[str, Visit]:
    """Every page of the site, opened once."""
    page = browser.new_page()
    found = {}
    for path in sorted(book.rglob("*.html")):
        name = path.relative_to(book).as_posix()
        if "_static" not in name:
            found[name] = visit(page, address + name)
    page.close()
    return found


def visit(page: Page, url: str) -> Visit:
    """Open a page; note errors on the console, failed requests, links, anchors and images."""
    result = Visit()

    def on_console(message: Any) -> None:
        if message.type == "error":
            result.problems.append(f"console: {message.text}")

    def on_response(response: Any) -> None:
        if response.status >= 400:
            result.problems.append(f"{response.status}: {response.url}")

    handlers = {
        "console": on_console,
        "response": on_response,
        "pageerror": lambda error: result.problems.append(f"script: {error}"),
        "requestfailed": lambda request: result.problems.append(f"failed: {request.url}"),
    }
    for event, handler in handlers.items():
        page.on(event, handler)  # type: ignore[call-overload]
    page.goto(url, wait_until="networkidle")
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    result.links = {urljoin(url, href) for href in hrefs if not href.startswith(("mailto:", "javascript:"))}
    result.anchors = set(page.eval_on_selector_all("[id]", "all => all.map(one => one.id)"))
    result.images = page.eval_on_selector_all(
        "main img", "all => all.map(one => ({src: one.src, alt: one.alt, width: one.naturalWidth}))"
    )
    for event, handler in handlers.items():
        page.remove_listener(event, handler)
    return result


def test_every_page_loads_without_an_error(visits: dict[str, Visit]) -> None:
    """Guards against script errors, missing files and broken images, on every page."""
    assert len(visits) >= 28
    problems = {name: one.problems for name, one in visits.items() if one.problems}
    assert problems == {}


def test_no_internal_link_is_broken(visits: dict[str, Visit], address: str, book: Path) -> None:
    """Guards links between pages, to a place in a page, and to downloads."""
    broken = []
    for name, one in visits.items():
        for link in sorted(link for link in one.links if link.startswith(address)):
            target, anchor = urldefrag(link.removeprefix(address))
            target = target.split("?")[0] or "index.html"
            if not (book / target).is_file() or (anchor and target in visits and anchor not in visits[target].anchors):
                broken.append((name, link))
    assert broken == []


def test_every_image_shows_and_says_what_it_shows(visits: dict[str, Visit]) -> None:
    """Guards alt text of every figure: it is there, and long enough to hold a finding."""
    figures = [image for one in visits.values() for image in one.images if "/_images/" in image["src"]]
    assert len(figures) >= 120
    assert [image["src"] for image in figures if image["width"] == 0 or len(image["alt"]) < 60] == []


def test_every_figure_has_a_source_and_its_data(address: str, browser: Browser) -> None:
    """Guards the line under each figure: the source, the peiljaar, and a file that can be downloaded."""
    page = browser.new_page()
    page.goto(address + "regios/parkstad-limburg.html")
    figures = page.locator("figure.uitvoer")
    assert figures.count() >= 9
    for position in range(figures.count()):
        caption = figures.nth(position).locator("figcaption")
        assert "Bron:" in caption.inner_text()
        link = caption.locator("a.download").get_attribute("href")
        assert link is not None
        reply = page.request.get(urljoin(page.url, link))
        assert reply.ok
        assert len(reply.text().splitlines()) >= 2
    page.close()


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(name: str, theme: str, address: str, browser: Browser) -> None:
    """Guards WCAG 2.2 A and AA as far as a machine can check it, in light and in dark."""
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(address + name, wait_until="networkidle")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    result = Axe().run(page, options=options)
    found = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in result.response["violations"]]
    page.close()
    assert found == []


@pytest.mark.parametrize("name", SAMPLE)
def test_a_phone_does_not_scroll_sideways(name: str, address: str, browser: Browser) -> None:
    """Guards a narrow screen: wide tables and figures scroll inside their own box, never the whole page."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address + name, wait_until="networkidle")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert overflow <= 1


def test_the_interface_is_dutch(address: str, browser: Browser) -> None:
    """Guards the theme's own words, for which the theme has no Dutch."""
    page = browser.new_page()
    page.goto(address + "h1/index.html")
    assert page.locator("html").get_attribute("lang") == "nl"
    text = page.locator("body").inner_text()
    page.close()
    assert "Op deze pagina" in text
    assert not [word for word in ("Contents", "Search", "Next", "Previous", "By the", "On this page") if word in text]


def test_search_finds_a_region(address: str, browser: Browser) -> None:
    """Guards the search of the book."""
    page = browser.new_page()
    page.goto(address + "search.html?q=Parkstad", wait_until="networkidle")
    page.wait_for_selector("#search-results a")
    hrefs = page.eval_on_selector_all("#search-results a", "links => links.map(link => link.href)")
    page.close()
    assert any("regios/parkstad-limburg.html" in href for href in hrefs)


def test_no_page_asks_anything_of_another_server(address: str, browser: Browser) -> None:
    """Guards the privacy of readers, and reading without a network: no font, script or counter from elsewhere."""
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for name in SAMPLE:
        page.goto(address + name, wait_until="networkidle")
    page.close()
    assert [url for url in requests if not url.startswith((address, "data:"))] == []


LEDGER = "verantwoording/beweringen.html"


def test_the_verdict_on_fewer_inhabitants_is_two_clicks_away(address: str, browser: Browser) -> None:
    """Guards the way from the front page to the verdict on 55,000 fewer inhabitants, its figures and its definition."""
    page = browser.new_page()
    page.goto(address + "index.html", wait_until="networkidle")
    page.get_by_role("link", name="niet uitgekomen (bewering R17)").first.click()
    row = page.locator("#R17")
    row.wait_for()
    assert page.url.endswith(f"{LEDGER}#R17")
    text = row.inner_text()
    assert all(part in text for part in ("55.000", "niet uitgekomen", "1.357.999", "Inwoners op 1 januari 2026"))
    assert row.evaluate("one => one === document.activeElement")
    page.go_back()
    page.get_by_role("link", name="de lijst van alle beweringen").click()
    page.locator("#R17 summary").click()
    assert "Zonder Oost-Groningen" in page.locator("#R17").inner_text()
    page.close()


def test_the_ledger_can_be_filtered_with_the_keyboard(address: str, browser: Browser) -> None:
    """Guards the filter: it counts aloud, stands in the address, leaves headings in order, and can be undone."""
    page = browser.new_page()
    page.goto(address + LEDGER, wait_until="networkidle")
    every = page.locator("li.bewering").count()
    verdict = page.locator("select[name=oordeel]")
    verdict.focus()
    verdict.press("n")
    verdict.select_option("niet-uitgekomen")
    shown = page.locator("li.bewering:visible")
    few = shown.count()
    assert 0 < few < every
    assert page.get_by_role("status").inner_text() == f"{few} van {every} beweringen"
    assert {one.get_attribute("data-oordeel") for one in shown.all()} == {"niet-uitgekomen"}
    assert "oordeel=niet-uitgekomen" in page.url
    page.reload(wait_until="networkidle")
    assert page.locator("li.bewering:visible").count() == few
    page.get_by_role("button", name="Toon alles").press("Enter")
    page.wait_for_function(
        "count => document.querySelectorAll('li.bewering:not([hidden])').length === count", arg=every
    )
    assert "oordeel" not in page.url
    page.close()


def test_an_address_opens_its_claim_even_when_filtered_out(address: str, browser: Browser) -> None:
    """Guards links such as #R17 against a filter that hides them."""
    page = browser.new_page()
    page.goto(address + LEDGER + "?oordeel=klopt#R17", wait_until="networkidle")
    assert page.locator("#R17").is_visible()
    assert page.locator("#R17 details").evaluate("one => one.open")
    page.evaluate("window.location.hash = 'T06c'")
    page.wait_for_function("document.querySelector('#T06c details').open")
    page.close()


def test_the_ledger_works_without_javascript(address: str, browser: Browser) -> None:
    """Guards readers without scripts: every claim shows, the filter does not, and the details unfold."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LEDGER)
    assert page.locator("li.bewering:visible").count() == page.locator("li.bewering").count() > 100
    assert not page.locator("form.bewering-filter").is_visible()
    page.locator("#R17 summary").click()
    assert page.locator("#R17").get_by_text("Definitie die beslist").is_visible()
    context.close()


def test_the_engine_is_text_and_badges_lead_to_the_ledger(address: str, browser: Browser) -> None:
    """Guards chapter 1: nodes of the diagram are list items with their figures, and each badge has a row to go to."""
    page = browser.new_page()
    page.goto(address + "h1/index.html", wait_until="networkidle")
    nodes = page.locator(".motor svg").get_by_role("listitem")
    assert nodes.count() == 11
    assert "Waarde van woningen" in " ".join(node.text_content() or "" for node in nodes.all())
    badges = page.locator("main a.oordeel")
    assert badges.count() >= 25
    assert all("beweringen.html#" in (one.get_attribute("href") or "") for one in badges.all())
    page.close()
