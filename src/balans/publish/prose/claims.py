"""What prose may ask of the ledger of claims: a verdict, a number of a claim, or how many claims there are.

What the role ``{claimcijfer}`` understands, with examples::

    R17 claimed                  −55.000     what was claimed; also rebuilt, latest, difference, lower, upper
    R17 claimed grootte          55.000      without its sign
    R17 latest teken             +5.573      with its sign
    R17 latest_year              2026        also claimed_year, rebuilt_year
    R17 claimed_text             ca. −55.000 personen

A last word ``decimalen=N`` overrides how many decimals are shown. ``{claimtelling}`` counts claims: ``alle``, or who
decided them and which verdict, as in ``figures``, ``alle/did not come true``, ``figures/reproduced``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from balans.claims.views import verdict_of
from balans.errors import UnknownKeyError
from balans.words.numbers import number, with_unit
from balans.words.verdicts import BADGES

NUMBERS = ("claimed", "rebuilt", "latest", "difference", "lower", "upper")

YEARS = ("claimed_year", "rebuilt_year", "latest_year")

DECIDED_BY = ("figures", "arithmetic", "text", "none")

ALL = "alle"


@dataclass(frozen=True)
class ClaimTable:
    """The table ``claims``, by claim_id."""

    rows: pd.DataFrame

    @cached_property
    def _verdicts(self) -> pd.Series:
        return pd.Series([verdict_of(claim) for _, claim in self.rows.iterrows()], index=self.rows.index)

    def claim(self, claim_id: str) -> pd.Series:
        """Return one claim.

        Raises:
            UnknownKeyError: there is no such claim; the message names those that there are.
        """
        if claim_id not in self.rows.index:
            raise UnknownKeyError(f"There is no claim {claim_id}. There are: {', '.join(self.rows.index)}.")
        return self.rows.loc[[claim_id]].iloc[0]

    def verdict(self, claim_id: str) -> str:
        """Return the verdict that a badge shows."""
        self.claim(claim_id)
        return str(self._verdicts[claim_id])

    def text(self, question: str) -> str:
        """Return the number of a claim that ``question`` asks for, as Dutch text; see the module for the questions."""
        words = question.split()
        if len(words) < 2 or words[1] not in {*NUMBERS, *YEARS, "claimed_text"}:
            raise UnknownKeyError(f"'{question}' asks for nothing. Write: claim_id and {', '.join(NUMBERS + YEARS)}.")
        claim, column = self.claim(words[0]), words[1]
        if pd.isna(claim[column]):
            raise UnknownKeyError(f"{words[0]} has no {column}.")
        if column in YEARS or column == "claimed_text":
            return str(claim[column])
        return _number(claim, column, words[2:])

    def count(self, question: str) -> str:
        """Return how many claims there are, of those decided by and with the verdict that ``question`` names.

        Raises:
            UnknownKeyError: not a question for a count.
        """
        decided_by, _, verdict = question.strip().partition("/")
        if decided_by not in {ALL, *DECIDED_BY} or (verdict and verdict not in BADGES):
            known = f"{ALL}, {', '.join(DECIDED_BY)}; after a slash {', '.join(BADGES)}"
            raise UnknownKeyError(f"'{question}' does not say which claims to count. Write: {known}.")
        chosen = (self.rows["decided_by"] == decided_by) | (decided_by == ALL)
        chosen &= (self._verdicts == verdict) | (not verdict)
        return number(int(chosen.sum()))


def _number(claim: pd.Series, column: str, options: list[str]) -> str:
    value, decimals, signed = float(claim[column]), int(claim["decimals"]), False
    for option in options:
        if option.startswith("decimalen="):
            decimals = int(option.removeprefix("decimalen="))
        elif option == "grootte":
            value = abs(value)
        elif option == "teken":
            signed = True
        else:
            raise UnknownKeyError(f"'{option}' is not an option. There are: grootte, teken, decimalen=N.")
    return with_unit(value, str(claim["unit"]), decimals, signed=signed)
