"""Former municipalities: since when each is part of which municipality.

Source: ``definitions/geography/transfers.csv``, the date and CBS's own words of every reorganisation.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from balans.geography.divisions import LAST_YEAR, load_divisions
from balans.paths import Project

# A strip of land with hardly anybody on it is no answer to "where did it go".
LEAST_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class Ending:
    """The end of a municipality.

    Attributes:
        code: its regiocode.
        name: its last name.
        date: the first day without it.
        successors: regiocode → name of those that it became part of, the largest share of its inhabitants first.
        source: who says so.
    """

    code: str
    name: str
    date: datetime.date
    successors: Mapping[str, str]
    source: str


def former_municipalities(project: Project) -> dict[str, Ending]:
    """Return the end of every municipality since 2003 that is not there any more, by code."""
    divisions = load_divisions(project)
    today = set(divisions.loc[divisions["year"] == LAST_YEAR, "gm_code"])
    last_names = divisions[~divisions["gm_code"].isin(today)].groupby("gm_code")["name"].last()
    transfers = pd.read_csv(project.definitions / "geography" / "transfers.csv")
    moves = transfers[transfers["from_code"] != transfers["to_code"]]
    return {str(code): _ending(str(code), name, moves[moves["from_code"] == code]) for code, name in last_names.items()}


def _ending(code: str, name: str, moves: pd.DataFrame) -> Ending:
    final = moves[moves["date"] == moves["date"].max()].sort_values("inhabitants", ascending=False)
    final = final[final["inhabitants"] >= LEAST_SHARE * final["inhabitants"].sum()]
    successors = dict(zip(final["to_code"], final["to_name"], strict=True))
    return Ending(
        code, name, datetime.date.fromisoformat(final["date"].iloc[0]), successors, str(final["source"].iloc[0])
    )


def endings(code: str, former: Mapping[str, Ending]) -> list[Ending]:
    """Return what became of a municipality, step by step to those of today; empty if it is still there."""
    if code not in former:
        return []
    ending = former[code]
    later = [step for successor in ending.successors for step in endings(successor, former)]
    return list(dict.fromkeys([ending, *later]))


def what_became_of(project: Project, code: str) -> str:
    """Return since when a former municipality is part of which, in a sentence per step; empty if it is still there."""
    return " ".join(
        f"{step.name} ({step.code}) is not a municipality any more: since {step.date:%-d %B %Y} it is part of "
        f"{' and '.join(f'{name} ({code})' for code, name in step.successors.items())}."
        for step in endings(code, former_municipalities(project))
    )
