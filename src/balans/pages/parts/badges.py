"""A verdict as a reader sees it: a word, a shape and a colour, never the colour alone."""

from __future__ import annotations

from html import escape

import pandas as pd

from balans.claims.views import verdict_of
from balans.pages.parts.tables import Html
from balans.words.verdicts import BADGES, NO_FORECAST

# An address that starts with this is turned into the row of the ledger when the page is built.
CLAIM_ADDRESS = "bewering:"


def slug(verdict: str) -> str:
    """Return the verdict's Dutch word as it stands in an address or a class: ``niet-uitgekomen``."""
    return BADGES[verdict].word.replace(" ", "-")


def badge(verdict: str) -> str:
    """Return a verdict as HTML; a screen reader gets the word only."""
    known = BADGES[verdict]
    return f'<span class="oordeel oordeel-{slug(verdict)}">{shape(verdict)}{escape(known.word)}</span>'


def shape(verdict: str) -> str:
    """Return the verdict's shape as HTML, hidden from screen readers."""
    return f'<span class="oordeel-vorm" aria-hidden="true">{BADGES[verdict].shape}</span>'


def linked_badge(claim: pd.Series) -> str:
    """Return the verdict of a claim as a link to its row in the ledger, for a cell of a table.

    Args:
        claim: a row of the table ``claims``.
    """
    verdict = verdict_of(claim)
    return (
        f'<a class="oordeel oordeel-{slug(verdict)}" href="{CLAIM_ADDRESS}{claim["claim_id"]}">{shape(verdict)}'
        f'{escape(BADGES[verdict].word)}<span class="sr-only"> (bewering {escape(str(claim["claim_id"]))})</span></a>'
    )


def outcome_badge(claim: pd.Series) -> str:
    """Return what became of a claim: a badge, or the plain words that it predicts nothing."""
    verdict = str(claim["outcome_verdict"])
    if verdict == NO_FORECAST:
        return f'<span class="oordeel-geen">{BADGES[verdict].word}</span>'
    return badge(verdict)


def claim_badges(claims: pd.DataFrame) -> dict[str, Html]:
    """Return for every claim_id its verdict as a link to the ledger, for a cell of a table."""
    return {str(claim["claim_id"]): Html(linked_badge(claim)) for _, claim in claims.iterrows()}
