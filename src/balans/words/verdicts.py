"""How a verdict is written: its word in Dutch and a shape, so that it does not hang on a colour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Badge:
    """The word of a verdict, and its shape."""

    word: str
    shape: str


NOT_CHECKABLE = "not checkable"
# The outcome of what predicts nothing: a fact, a plan, a judgement.
NO_FORECAST = "no forecast"
BADGES = {
    "reproduced": Badge("klopt", "●"),
    "deviates": Badge("wijkt af", "▲"),
    "internally inconsistent": Badge("spreekt zichzelf tegen", "◆"),
    NOT_CHECKABLE: Badge("niet te toetsen", "○"),
    "came true": Badge("uitgekomen", "■"),
    "did not come true": Badge("niet uitgekomen", "✕"),
    "too early": Badge("nog te vroeg", "◔"),
    NO_FORECAST: Badge("geen voorspelling", "–"),
}
# Kinds of statement about the future: only these have an outcome.
PREDICTIONS = ("forecast", "scenario")


def in_words(verdict: str) -> str:
    """Return a verdict as text: its shape and its word."""
    return f"{BADGES[verdict].shape} {BADGES[verdict].word}"
