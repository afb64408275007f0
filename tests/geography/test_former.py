"""Former municipalities: where each went, and what somebody hears who asks for one."""

from __future__ import annotations

import pytest

from balans.errors import UnknownKeyError
from balans.geography.divisions import LAST_YEAR, division
from balans.geography.former import endings, former_municipalities, what_became_of
from balans.geography.regions import resolve_region
from balans.paths import Project
from balans.publish.book import book_pages
from balans.tables import read_table


@pytest.mark.parametrize(
    ("name", "code", "since"),
    [
        ("Kesteren", "GM0258", "since 1 April 2003 it is part of Neder-Betuwe (GM1740)."),
        ("Rijssen", "GM0178", "since 15 March 2003 it is part of Rijssen-Holten (GM1742)."),
        ("Weesp", "GM0457", "since 24 March 2022 it is part of Amsterdam (GM0363)."),
        ("Haren", "GM0017", "since 1 January 2019 it is part of Groningen (GM0014)."),
    ],
)
def test_a_former_municipality_is_found_by_name_and_code(project: Project, name: str, code: str, since: str) -> None:
    """Guards ``make region REGION=Kesteren``: found by its old name, with since when it is part of which."""
    assert resolve_region(project, name).id == resolve_region(project, code).id == code
    assert since in what_became_of(project, code)


def test_a_municipality_of_today_needs_no_explanation(project: Project) -> None:
    """Guards a sentence that would puzzle: Groningen took others in, and is still there."""
    assert what_became_of(project, "GM0014") == ""
    assert what_became_of(project, "parkstad-limburg") == ""


def test_every_former_municipality_leads_to_those_of_today(project: Project) -> None:
    """Guards the chain of reorganisations: followed step by step, it ends at municipalities that exist."""
    today = set(division(project, LAST_YEAR)["gm_code"])
    former = former_municipalities(project)
    assert len(former) == 200
    for code in former:
        steps = endings(code, former)
        ended = {step.code for step in steps}
        arrived = {successor for step in steps for successor in step.successors}
        assert arrived, code
        assert arrived - ended <= today, code
        assert steps[0].date == min(step.date for step in steps)


def test_the_book_refuses_a_former_municipality_in_a_sentence(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards ``balans book --regions GM0457``: once an IndexError from a cell, now where it went and what to do."""
    monkeypatch.setattr("balans.publish.book.own_regions", lambda _: {})  # nobody made a page of it here
    with pytest.raises(UnknownKeyError, match=r"since 24 March 2022 .* Amsterdam \(GM0363\).*make region"):
        book_pages(project, ["GM0457"])


def test_readers_see_where_a_former_municipality_went(project: Project) -> None:
    """Guards the note on the page of a former municipality."""
    notes = read_table(project.processed, "notes").set_index("region_id")
    assert "sinds 1 april 2003 is het deel van Neder-Betuwe (GM1740)" in notes.loc["GM0258", "text"]
