"""The ledger shows every claim once, with both verdicts in words and shapes, and what decided it."""

from __future__ import annotations

import re

import pytest

from balans.pages.data import PageData, page_data
from balans.pages.parts import report_table
from balans.pages.parts.badges import badge, linked_badge, outcome_badge
from balans.pages.verantwoording.beweringen import ledger, outcomes
from balans.words.verdicts import BADGES


@pytest.fixture(scope="module")
def data(project: object) -> PageData:
    return page_data(template="verantwoording/beweringen")


def test_every_claim_stands_in_the_ledger_once(data: PageData) -> None:
    """Guards against a claim without a row: the chapters together are the whole table, each with its own address."""
    html = "".join(ledger.chapter(data, key).html for key in ledger.CHAPTERS)
    found = re.findall(r'<li class="bewering" id="([^"]+)"', html)
    assert sorted(found) == sorted(data.table("claims")["claim_id"])
    assert html.count("<details>") == len(found)


def test_a_row_says_what_was_claimed_what_happened_and_why(data: PageData) -> None:
    """Guards the row of the 55,000: the claim, the figure, both verdicts, the sum, the definition and the source."""
    html = ledger.chapter(data, "h1").html
    row = html[html.index('id="R17"') : html.index('id="R18"')]
    parts = ["ca. −55.000 personen (2025)", "5.573 personen (2026)", "niet te toetsen", "niet uitgekomen"]
    parts += ["1.357.999 − 1.352.426 = 5.573", "Inwoners op 1 januari 2026", "03759ned", "Zonder Oost-Groningen"]
    assert [part for part in parts if part not in row] == []


def test_a_verdict_has_a_word_and_a_shape(data: PageData) -> None:
    """Guards who cannot see colours or shapes: the word is text, the shape is hidden from a screen reader."""
    assert len({one.shape for one in BADGES.values()}) == len({one.word for one in BADGES.values()}) == len(BADGES)
    for verdict, known in BADGES.items():
        assert known.word in re.sub(r"<[^>]+>", "", badge(verdict))
        assert f'aria-hidden="true">{known.shape}<' in badge(verdict)


def test_a_fact_has_no_outcome(data: PageData) -> None:
    """Guards against calling a statement about 2015 a prediction that cannot be checked."""
    claims = data.table("claims").set_index("claim_id", drop=False)
    assert "geen voorspelling" in outcome_badge(claims.loc["R07"])
    assert "niet uitgekomen" in outcome_badge(claims.loc["R17"])
    assert 'href="bewering:R17"' in linked_badge(claims.loc["R17"])


def test_no_forecast_is_counted_apart(data: PageData) -> None:
    """Guards the counts: facts, plans and judgements are no untested predictions."""
    table = outcomes.outcomes(data)
    counted = table.data.pivot(index="outcome", columns="statement", values="claims").fillna(0)
    assert set(counted.columns[counted.loc["no forecast"] > 0]) == {"fact", "plan", "judgement"}
    assert set(counted.columns[counted.loc["not checkable"] > 0]) <= {"forecast", "scenario"}
    assert counted.to_numpy().sum() == len(data.table("claims"))
    assert "geen voorspelling" in table.html


def test_counts_and_choices_cover_every_claim(data: PageData) -> None:
    """Guards the filter: each list of choices counts every claim once."""
    total = len(data.table("claims"))
    lists = re.findall(r"<select.*?</select>", ledger.filters(data).html, flags=re.DOTALL)
    assert [sum(map(int, re.findall(r"\((\d+)\)</option>", one))) for one in lists] == [total] * 3
    assert int(ledger.counts(data).data["claims"].sum()) == total
    assert f"{total} beweringen" in ledger.summary(data).markdown


def test_the_column_in_people_multiplies_by_all_inhabitants(data: PageData) -> None:
    """Guards the finding: the printed numbers are percentage points times all inhabitants; the right ones are not."""
    figures = report_table.people_figures(data).set_index("row")
    expected = {"participatie": (21639, -16309), "beroepsniveau": (87908, -41210), "gezondheid": (223150, 182004)}
    for row, (product, on_group) in expected.items():
        assert abs(round(figures.loc[row, "product"])) == product
        assert abs(figures.loc[row, "printed"]) == pytest.approx(product, abs=500)
        assert round(figures.loc[row, "on_group"]) == on_group
