"""The ledger of claims: every claim with its two verdicts, the sum that shows it, the explanation and the source."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from balans.claims.expressions import Result, short
from balans.claims.model import Claim, ClaimBook
from balans.claims.recompute import Desk
from balans.claims.verdicts import CAME_TRUE, DID_NOT, Verdict, base_verdict, bounds, outcome_verdict
from balans.errors import DefinitionError
from balans.words.numbers import number
from balans.words.verdicts import NOT_CHECKABLE

DOCUMENTS = {"rapport": "Rapport Nederland in balans (2016)", "brief": "Kamerbrief van 14 november 2018"}
COLUMNS = [
    *["claim_id", "document", "chapter", "statement", "claim", "unit", "decimals", "claimed", "claimed_text"],
    *["claimed_year", "hedge", "lower", "upper", "rebuilt", "rebuilt_year", "difference", "latest", "latest_year"],
    *["base_verdict", "base_reason", "outcome_verdict", "outcome_reason", "kind", "decided_by", "definition"],
    *["calculation", "calculation_latest", "readings", "explanation", "source"],
]


def build_claims(book: ClaimBook, desk: Desk) -> pd.DataFrame:
    """Return the table ``claims``: one row per claim, columns ``COLUMNS``, in the order of ``claims.yml``."""
    rows = [_row(claim, book, desk) for claim in book.claims.values()]
    table = pd.DataFrame(rows)[COLUMNS]
    years = ["claimed_year", "rebuilt_year", "latest_year"]
    return table.astype(dict.fromkeys(years, "Int64"))


def build_alternatives(book: ClaimBook, desk: Desk) -> pd.DataFrame:
    """Return the table ``claim_alternatives``: the primary definition and every other, with its distance to the claim.

    Columns: claim_id, position (0 is the primary one), definition, year, value, difference, calculation. Alternatives
    are shown, never picked; one without figures has no value.
    """
    rows = [row for claim in book.claims.values() if claim.alternatives for row in _definitions(claim, desk)]
    return pd.DataFrame(rows).astype({"year": "Int64"})


def build_contradictions(book: ClaimBook, desk: Desk) -> pd.DataFrame:
    """Return the table ``claim_contradictions``: contradiction_id, claims (ids, joined by spaces), explanation."""
    rows = [
        {
            "contradiction_id": one.id,
            "claims": " ".join(one.claims),
            "explanation": fill(one.text, _named(one.values, desk)),
        }
        for one in book.contradictions
    ]
    return pd.DataFrame(rows)


def _row(claim: Claim, book: ClaimBook, desk: Desk) -> dict[str, Any]:
    base, outcome = base_verdict(claim, book, desk), outcome_verdict(claim, book, desk)
    tolerated = bounds(claim, book.hedges[claim.hedge])
    rebuilt = base.result.value
    values = {
        "rebuilt": rebuilt,
        "rebuilt_year": base.year,
        "difference": rebuilt - claim.claimed,
        "latest": outcome.result.value,
        "latest_year": outcome.year,
    }
    shown = {"claimed": claim.claimed, "claimed_year": claim.claimed_year} | values
    explanation = fill(claim.explanation, shown | _named(claim.values, desk))
    return (
        {name: getattr(claim, name) for name in COLUMNS if hasattr(claim, name) and name not in {"source", "latest"}}
        | values
        | _verdicts(claim, base, outcome)
        | {
            "claim_id": claim.id,
            "claimed_text": claim.claimed_text or _claimed_text(claim, book),
            "lower": tolerated.lower,
            "upper": tolerated.upper,
            "explanation": explanation,
            "source": _source(claim, base, outcome),
        }
    )


def _verdicts(claim: Claim, base: Verdict, outcome: Verdict) -> dict[str, Any]:
    # What became of a prediction is only ever decided by figures, also where its base is a sum within the report.
    base_by = claim.kind if base.word != NOT_CHECKABLE else "none"
    decided_by = "figures" if outcome.word in {CAME_TRUE, DID_NOT} else base_by
    return {
        "base_verdict": base.word,
        "base_reason": base.reason,
        "outcome_verdict": outcome.word,
        "outcome_reason": outcome.reason,
        "decided_by": decided_by,
        "calculation": _sum(base.result),
        "calculation_latest": _sum(outcome.result),
        "readings": "; ".join(dict.fromkeys(_readings(base.result) + _readings(outcome.result))),
    }


def _sum(result: Result) -> str:
    """The sum that shows it: ``100 × 1.352.426 / 16.900.726 = 8``; nothing where nothing was computed."""
    if not result.text or math.isnan(result.value):
        return ""
    outcome = short(result.value)
    return outcome if result.text == outcome else f"{result.text} = {outcome}"


def _readings(result: Result) -> list[str]:
    return [f"{r.region_id} {r.indicator} {r.year} = {r.value:.10g}" for r in result.readings]


def _source(claim: Claim, base: Verdict, outcome: Verdict) -> str:
    tables = {
        table
        for reading in base.result.readings + outcome.result.readings
        for table in reading.source.split(" + ")
        if table
    }
    named = [claim.source] if claim.source else []
    return "; ".join([*sorted(tables), *named]) or DOCUMENTS[claim.document]


def _claimed_text(claim: Claim, book: ClaimBook) -> str:
    words = book.hedges[claim.hedge].words
    value = number(claim.claimed, claim.decimals)
    shown = {"%": f"{value}%", "euro": f"€\N{NO-BREAK SPACE}{value}"}.get(claim.unit, f"{value} {claim.unit}".strip())
    return f"{words} {shown}".strip()


def _definitions(claim: Claim, desk: Desk) -> list[dict[str, Any]]:
    tried = [(claim.definition, claim.base or claim.outcome), *((one.definition, one) for one in claim.alternatives)]
    rows = []
    for position, (definition, what) in enumerate(tried):
        result, year = desk.compute(what) if what else (Result(math.nan, ""), None)
        rows.append(
            {
                "claim_id": claim.id,
                "position": position,
                "definition": definition,
                "year": year if result.complete else None,
                "value": result.value,
                "difference": result.value - claim.claimed,
                "calculation": _sum(result) if result.complete else "",
            }
        )
    return rows


def _named(values: Mapping[str, Any], desk: Desk) -> dict[str, float | None]:
    named: dict[str, float | None] = {}
    for name, what in values.items():
        result, year = desk.compute(what)
        named[name], named[f"{name}_year"] = result.value, year
    return named


class _Dutch(string.Formatter):
    """Formats ``{name}`` as a Dutch number, ``{name:1}`` with one decimal, ``{name:+0}`` signed, years plainly."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        name = str(key)
        if name not in kwargs:
            raise DefinitionError(f"definitions/claims.yml: the placeholder {{{name}}} has no value.")
        value = kwargs[name]
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return math.nan
        return str(value) if name.endswith("_year") else float(value)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return value
        if not format_spec:
            return short(value)
        return number(value, int(format_spec.lstrip("+")), signed=format_spec.startswith("+"))


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return ``text`` with every placeholder replaced by its value in Dutch notation; an en dash if there is none.

    Raises:
        DefinitionError: a placeholder that has no value at all.
    """
    return " ".join(_Dutch().vformat(text, (), values).split())
