"""Verdicts and numbers of claims in prose come from the ledger, and an unknown key is an error that helps."""

from __future__ import annotations

import pytest

from balans.errors import UnknownKeyError
from balans.pages.parts.badges import CLAIM_ADDRESS
from balans.paths import Project
from balans.publish.prose.claims import ClaimTable
from balans.publish.prose.outputs import link_claims
from balans.tables import read_table


@pytest.fixture(scope="module")
def ledger(project: Project) -> ClaimTable:
    return ClaimTable(read_table(project.processed, "claims").set_index("claim_id", drop=False))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("R17 claimed", "−55.000"),
        ("R17 claimed grootte", "55.000"),
        ("R17 latest teken", "+5.573"),
        ("R17 latest_year", "2026"),
        ("R17 claimed_text", "ca. −55.000 personen"),
        ("R08 rebuilt decimalen=2", "8,00%"),
        ("T06c claimed", "€\N{NO-BREAK SPACE}140.000"),
    ],
)
def test_numbers_of_claims_are_answered_in_dutch(ledger: ClaimTable, question: str, answer: str) -> None:
    """Guards every form of question."""
    assert ledger.text(question) == answer


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("R999 claimed", "no claim R999. There are: R01"),
        ("R17 outcome", "asks for nothing"),
        ("R17", "asks for nothing"),
        ("R17 rebuilt", "R17 has no rebuilt"),
        ("R17 claimed afgerond", "is not an option"),
    ],
)
def test_an_unknown_question_is_an_error_that_helps(ledger: ClaimTable, question: str, message: str) -> None:
    """Guards against an empty place in a chapter."""
    with pytest.raises(UnknownKeyError, match=message):
        ledger.text(question)


def test_counts_add_up(ledger: ClaimTable) -> None:
    """Guards ``{claimtelling}``: the parts are the whole, and a verdict that does not exist is refused."""
    parts = [int(ledger.count(decided)) for decided in ("figures", "arithmetic", "text", "none")]
    assert sum(parts) == int(ledger.count("alle")) == len(ledger.rows)
    assert int(ledger.count("figures/reproduced")) <= parts[0]
    with pytest.raises(UnknownKeyError, match="did not come true"):
        ledger.count("alle/niet uitgekomen")


def test_addresses_of_claims_lead_to_the_ledger() -> None:
    """Guards links in tables: from a page with a ledger beside it, and in an edition without one."""

    class Builder:
        def get_relative_uri(self, start: str, target: str) -> str:
            assert (start, target) == ("h1/index", "verantwoording/beweringen")
            return "../verantwoording/beweringen.html"

    class App:
        builder = Builder()

    class Environment:
        app, docname = App(), "h1/index"
        found_docs = frozenset({"verantwoording/beweringen"})

    html = f'<a href="{CLAIM_ADDRESS}R17">x</a>'
    environment = Environment()
    assert link_claims(environment, html) == '<a href="../verantwoording/beweringen.html#R17">x</a>'  # type: ignore[arg-type]
    environment.found_docs = frozenset()
    assert link_claims(environment, html) == '<a href="#R17">x</a>'  # type: ignore[arg-type]
