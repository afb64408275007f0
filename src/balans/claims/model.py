"""The claims of the report and the letter, as ``definitions/claims.yml`` says them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from balans.definitions import load_definition
from balans.errors import DefinitionError
from balans.paths import Project


@dataclass(frozen=True)
class Hedge:
    """How far a figure may lie from what was claimed, given the word that was used.

    Attributes:
        id: name in ``claims.yml``.
        words: the word as a reader sees it; empty for a bare number.
        below, above: tolerated part of the claimed size, under and over it (``inf``: any).
        units: tolerated number of units of the last printed digit, on both sides.
        strict: the claimed size itself does not count as tolerated ("more than").
        why: why this much.
    """

    id: str
    words: str
    below: float
    above: float
    units: float
    strict: bool
    why: str


@dataclass(frozen=True)
class Recomputation:
    """An expression and the year for which it is evaluated (a year, or ``latest``)."""

    expression: str
    year: int | str


@dataclass(frozen=True)
class Outcome(Recomputation):
    """What has to be looked at to see what became of a prediction.

    Attributes:
        target: year for which a figure is needed; an earlier one is too early.
        condition: what the prediction was conditional on, if anything, in Dutch.
    """

    target: int = 0
    condition: str = ""


@dataclass(frozen=True)
class Alternative(Recomputation):
    """Another plausible definition or year: shown, never decisive."""

    definition: str = ""


@dataclass(frozen=True)
class Ratio:
    """A money claim is judged on its ratio (%) to the Netherlands: of two claims, against an expression."""

    of: tuple[str, str]
    expression: str


@dataclass(frozen=True)
class Judged:
    """What a claim is judged on instead of its own level, because the series was revised since.

    Attributes:
        about: what that is, in Dutch, after "Beoordeeld op".
        claimed: expression of what the report says about it.
        expression: the same from our figures.
        margin: what the rounding of the report's numbers allows.
        unit: of both, in Dutch.
    """

    about: str
    claimed: str
    expression: str
    margin: float
    unit: str


@dataclass(frozen=True)
class Claim:
    """One assertion.

    Attributes:
        id: R.. and T.. for the report, L.. for the letter.
        document, chapter: where it stands (``rapport`` or ``brief``; ``voorwoord``, ``h1``, ``h2``, ``h3``, ``brief``).
        statement: ``fact``, ``forecast``, ``scenario``, ``plan`` or ``judgement``.
        claim: what is asserted, in our own Dutch words.
        unit, claimed, claimed_year: the number; ``claimed`` is the threshold for a claim about a direction.
        hedge: which tolerance applies; ``printed_unit`` the unit of its last printed digit.
        kind: ``figures``, ``arithmetic`` (within the report) or ``text`` (a document).
        definition: the primary definition, and why; fixed before looking.
        base: the recomputation that decides the base verdict.
        outcome: the recomputation that decides the outcome verdict.
        ratio: for money.
        judged: for a series that was revised since.
        alternatives: other plausible definitions.
        values: further figures for the explanation.
        explanation: Dutch, with placeholders ``{name}`` or ``{name:decimals}``.
        contradicts: claims of the same document with which it cannot both be true.
        documented: for a text claim, whether the cited document bears it out.
        reason: for a claim that cannot be checked, why not.
        claimed_text: how the claimed value is shown, where a number does not say it.
        source: where the claim can be checked besides the figures read.
    """

    id: str
    document: str
    chapter: str
    statement: str
    claim: str
    unit: str
    kind: str
    explanation: str
    definition: str = ""
    claimed: float = math.nan
    claimed_year: int | None = None
    hedge: str = "geen"
    printed_unit: float = 1.0
    decimals: int = 0
    base: Recomputation | None = None
    latest: Recomputation | None = None
    outcome: Outcome | None = None
    ratio: Ratio | None = None
    judged: Judged | None = None
    alternatives: tuple[Alternative, ...] = ()
    values: dict[str, Recomputation] = field(default_factory=dict)
    contradicts: tuple[str, ...] = ()
    documented: bool = False
    reason: str = ""
    claimed_text: str = ""
    source: str = ""


@dataclass(frozen=True)
class Contradiction:
    """Claims that cannot all be true, or one that is called by two names; the text has the claims' placeholders."""

    id: str
    claims: tuple[str, ...]
    text: str
    values: dict[str, Recomputation]


@dataclass(frozen=True)
class ClaimBook:
    """Everything that ``claims.yml`` says.

    Attributes:
        hedges, claims, contradictions: by id.
        awaited: indicators that claims ask for and that are not at hand offline → the table that has them.
        single_values: sourced single values by id: value, unit, year, region_id, source.
    """

    hedges: dict[str, Hedge]
    claims: dict[str, Claim]
    contradictions: tuple[Contradiction, ...]
    awaited: dict[str, str]
    single_values: dict[str, dict[str, Any]]


def load_claims(project: Project) -> ClaimBook:
    """Return the claims of ``definitions/claims.yml``.

    Raises:
        DefinitionError: not as its schema asks, a double id, an unknown hedge, or a reference to an unknown claim.
    """
    content = load_definition(project.definitions / "claims.yml")
    claims = [_claim(entry) for entry in content["claims"]]
    book = ClaimBook(
        hedges={entry["id"]: _hedge(entry) for entry in content["hedges"]},
        claims={claim.id: claim for claim in claims},
        contradictions=tuple(_contradiction(entry) for entry in content["contradictions"]),
        awaited={entry["indicator"]: entry["table"] for entry in content["awaited"]},
        single_values={entry["id"]: entry for entry in content["single_values"]},
    )
    _check(book, claims)
    return book


def _check(book: ClaimBook, claims: list[Claim]) -> None:
    double = {claim.id for claim in claims if sum(other.id == claim.id for other in claims) > 1}
    mentioned = {other for claim in claims for other in claim.contradicts}
    mentioned |= {other for contradiction in book.contradictions for other in contradiction.claims}
    mentioned |= {other for claim in claims if claim.ratio for other in claim.ratio.of}
    problems = [f"{claim} stands there twice" for claim in sorted(double)]
    problems += [f"{other} is mentioned but not defined" for other in sorted(mentioned - set(book.claims))]
    problems += [
        f"{claim.id} has the unknown hedge {claim.hedge}" for claim in claims if claim.hedge not in book.hedges
    ]
    if problems:
        raise DefinitionError(f"definitions/claims.yml: {'; '.join(problems)}.")


def _hedge(entry: dict[str, Any]) -> Hedge:
    above = math.inf if entry["above"] == "any" else float(entry["above"])
    below = math.inf if entry["below"] == "any" else float(entry["below"])
    return Hedge(
        entry["id"],
        entry["words"],
        below,
        above,
        float(entry.get("units", 0)),
        entry.get("strict", False),
        entry["why"],
    )


def _claim(entry: dict[str, Any]) -> Claim:
    made: dict[str, Any] = {key: value for key, value in entry.items() if key not in {"expression", "year"}}
    year = entry.get("year", "latest")
    if "expression" in entry:
        made["base"] = Recomputation(entry["expression"], year)
    inherited = entry.get("expression", "")
    if "latest" in entry:
        made["latest"] = Recomputation(**{"expression": inherited, "year": "latest", **entry["latest"]})
    if "outcome" in entry:
        made["outcome"] = Outcome(**{"expression": inherited, "year": "latest", **entry["outcome"]})
    if "ratio" in entry:
        made["ratio"] = Ratio(tuple(entry["ratio"]["of"]), entry["ratio"]["expression"])
    if "judged" in entry:
        made["judged"] = Judged(**entry["judged"])
    alternatives = entry.get("alternatives", [])
    made["alternatives"] = tuple(Alternative(**{"expression": inherited, "year": year, **one}) for one in alternatives)
    made["values"] = _values(entry)
    made["contradicts"] = tuple(entry.get("contradicts", []))
    return Claim(**made)


def _contradiction(entry: dict[str, Any]) -> Contradiction:
    return Contradiction(entry["id"], tuple(entry["claims"]), entry["text"], _values(entry))


def _values(entry: dict[str, Any]) -> dict[str, Recomputation]:
    return {name: Recomputation(**{"year": "latest", **one}) for name, one in entry.get("values", {}).items()}
