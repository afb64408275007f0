"""Two verdicts per claim, by a written rule.

Base, was it right when written: ``reproduced`` if the recomputation lies within the tolerance that the claim's own
words allow; ``internally inconsistent`` if it does not and the claim is arithmetic within the report, or the report
itself says otherwise elsewhere; ``deviates`` if it does not; ``not checkable`` if a figure it needs is not at hand.

Outcome, what became of it: only predictions have one. ``too early`` as long as the figure of the target year is not
there; then ``came true`` within the same tolerance, else ``did not come true``; ``not checkable`` if there is nothing
to hold it against. What predicts nothing has ``no forecast``.

Money is judged on its ratio to the Netherlands where the claim gives one; levels in euros of different years are not. A
claim about a series that was revised since says what else it is judged on: its gap, its change, its group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from balans.claims.expressions import Result, short
from balans.claims.model import Claim, ClaimBook, Hedge, Judged, Ratio, Recomputation
from balans.claims.recompute import Desk
from balans.words.numbers import number
from balans.words.verdicts import NO_FORECAST, NOT_CHECKABLE, PREDICTIONS

REPRODUCED, DEVIATES, INCONSISTENT = "reproduced", "deviates", "internally inconsistent"
CAME_TRUE, DID_NOT, TOO_EARLY = "came true", "did not come true", "too early"
ROUNDING = 1e-9


@dataclass(frozen=True)
class Bounds:
    """What counts as the same as the claimed value; ``strict`` leaves the claimed value itself out."""

    lower: float
    upper: float
    strict: bool = False
    claimed: float = math.nan

    def contain(self, value: float) -> bool:
        """Whether ``value`` counts as the claimed one."""
        if self.strict and math.isclose(value, self.claimed):
            return False
        return self.lower - ROUNDING <= value <= self.upper + ROUNDING

    @property
    def one_sided(self) -> bool:
        """Whether only a direction was claimed."""
        return math.isinf(self.lower) or math.isinf(self.upper)

    @property
    def text(self) -> str:
        """The bounds in Dutch."""
        if math.isinf(self.upper):
            return f"meer dan {short(self.lower)}"
        if math.isinf(self.lower):
            return f"minder dan {short(self.upper)}"
        return f"{short(self.lower)} tot en met {short(self.upper)}"


@dataclass(frozen=True)
class Verdict:
    """A verdict with the reason in Dutch, and what it rests on."""

    word: str
    reason: str
    result: Result
    year: int | None


def bounds(claim: Claim, hedge: Hedge) -> Bounds:
    """Return the tolerated values of a claim; a hedge works on the size, so under -55,000 means nearer to zero."""
    size = abs(claim.claimed)
    below = max(hedge.below * size if size else _of_zero(hedge.below), hedge.units * claim.printed_unit)
    above = max(hedge.above * size if size else _of_zero(hedge.above), hedge.units * claim.printed_unit)
    if claim.claimed < 0:
        below, above = above, below
    return Bounds(claim.claimed - below, claim.claimed + above, hedge.strict, claim.claimed)


def _of_zero(part: float) -> float:
    return math.inf if math.isinf(part) else 0.0


def ratio_bounds(ratio: Ratio, book: ClaimBook) -> Bounds:
    """Return the ratio (%) of two claimed amounts, give or take half a unit of the last printed digit of each."""
    top, bottom = (book.claims[claim] for claim in ratio.of)
    value = 100 * top.claimed / bottom.claimed
    margin = value * (0.5 * top.printed_unit / top.claimed + 0.5 * bottom.printed_unit / bottom.claimed)
    return Bounds(value - margin, value + margin, False, value)


def judged_bounds(judged: Judged, desk: Desk) -> Bounds:
    """Return what the report's own numbers say about the thing that is judged, give or take their rounding."""
    value = desk.at(judged.claimed, 0).value
    return Bounds(value - judged.margin, value + judged.margin, False, value)


def base_verdict(claim: Claim, book: ClaimBook, desk: Desk) -> Verdict:
    """Return whether the claim was right when it was written."""
    if claim.base is None:
        word = REPRODUCED if claim.documented else NOT_CHECKABLE
        reason = "Bevestigd door het genoemde document." if claim.documented else claim.reason
        return Verdict(word, reason, _nothing(), None)
    result, year = desk.compute(claim.base)
    if not result.complete:
        return Verdict(NOT_CHECKABLE, _missing(result), _nothing(), None)
    judged, tolerated = _judged(claim, claim.base, result, book, desk)
    if not judged.complete:
        return Verdict(NOT_CHECKABLE, _missing(judged), result, year)
    if tolerated.contain(judged.value):
        return Verdict(REPRODUCED, _compared(claim, judged, tolerated, True), result, year)
    word = INCONSISTENT if claim.kind == "arithmetic" or claim.contradicts else DEVIATES
    return Verdict(word, _compared(claim, judged, tolerated, False), result, year)


def outcome_verdict(claim: Claim, book: ClaimBook, desk: Desk) -> Verdict:
    """Return what became of the claim."""
    if claim.outcome is None:
        return _without_outcome(claim, desk)
    result, year = desk.compute(claim.outcome)
    if not result.complete or year is None:
        return _not_yet(claim, result, desk)
    if year < claim.outcome.target:
        reason = f"Het nieuwste cijfer is van {year}; beoordeeld wordt {claim.outcome.target}."
        return Verdict(TOO_EARLY, reason, result, year)
    judged, tolerated = _judged(claim, claim.outcome, result, book, desk)
    word = CAME_TRUE if tolerated.contain(judged.value) else DID_NOT
    reason = _compared(claim, judged, tolerated, word == CAME_TRUE)
    if claim.outcome.condition:
        reason += f" De voorspelling gold {claim.outcome.condition}; of dat zo was, is niet getoetst."
    return Verdict(word, reason, result, year)


def _not_yet(claim: Claim, result: Result, desk: Desk) -> Verdict:
    """The figure of the target year is missing: too early if there is an earlier one, else not checkable."""
    assert claim.outcome is not None
    earlier, year = desk.compute(Recomputation(claim.outcome.expression, "latest"))
    if earlier.complete and year is not None:
        reason = f"Het nieuwste cijfer is van {year}; beoordeeld wordt {claim.outcome.target}."
        return Verdict(TOO_EARLY, reason, earlier, year)
    return Verdict(NOT_CHECKABLE, _missing(result), _nothing(), None)


def _without_outcome(claim: Claim, desk: Desk) -> Verdict:
    """A claim about a state has no outcome; its latest value is shown all the same."""
    word, reason = (
        (NOT_CHECKABLE, claim.reason or "Geen cijfer waaraan de voorspelling te toetsen is.")
        if claim.statement in PREDICTIONS
        else (NO_FORECAST, "Geen voorspelling.")
    )
    if claim.latest is None:
        return Verdict(word, reason, _nothing(), None)
    result, year = desk.compute(claim.latest)
    return Verdict(word, reason, result if result.complete else _nothing(), year if result.complete else None)


def _judged(claim: Claim, what: Recomputation, result: Result, book: ClaimBook, desk: Desk) -> tuple[Result, Bounds]:
    """What is held against which bounds: what the claim says it is judged on, else the value itself."""
    if claim.ratio is None and claim.judged is None:
        return result, bounds(claim, book.hedges[claim.hedge])
    year = max((reading.year for reading in result.readings), default=0) if what.year == "latest" else int(what.year)
    if claim.judged is not None:
        return desk.at(claim.judged.expression, year), judged_bounds(claim.judged, desk)
    assert claim.ratio is not None
    return desk.at(claim.ratio.expression, year), ratio_bounds(claim.ratio, book)


def _compared(claim: Claim, judged: Result, tolerated: Bounds, inside: bool) -> str:
    what = "De verhouding tot Nederland is" if claim.ratio else "Nagerekend:"
    unit = "%" if claim.ratio or claim.unit == "%" else ""
    value = number(judged.value, claim.decimals + 1) if claim.decimals else short(judged.value)
    if claim.judged is not None:
        what, unit = f"Beoordeeld op {claim.judged.about}:", f" {claim.judged.unit}"
    if tolerated.one_sided:
        return f"{what} {value}{unit}; dat is {'' if inside else 'niet '}{tolerated.text}{unit}."
    return f"{what} {value}{unit}; dat ligt {'binnen' if inside else 'buiten'} de marge ({tolerated.text}{unit})."


def _missing(result: Result) -> str:
    return f"Niet voorhanden: {'; '.join(dict.fromkeys(result.missing))}."


def _nothing() -> Result:
    return Result(math.nan, "")
