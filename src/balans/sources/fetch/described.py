"""What a StatLine table is, whichever protocol it came over: topics with their path, dimensions with their codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd


@dataclass(frozen=True)
class Code:
    """One category of a dimension: the key as the service wants it back, its title, and for a period its status."""

    key: str
    title: str
    status: str | None = None

    @property
    def bare(self) -> str:
        """The key without the spaces that version 3 pads it with."""
        return self.key.strip()

    @property
    def year(self) -> int:
        """The year of a yearly period (``2015JJ00``); 0 for quarters, months and the like, which are not asked for."""
        return int(self.bare[:4]) if self.bare[:4].isdigit() and self.bare[4:] == "JJ00" else 0


@dataclass(frozen=True)
class Dimension:
    """One dimension; its ``kind`` is ``Geo``, ``Time``, ``Other``, or ``Category`` if its codes tell measures apart."""

    key: str
    title: str
    kind: str
    codes: tuple[Code, ...]

    @cached_property
    def listed(self) -> pd.CategoricalDtype:
        """The bare codes in order, as the one type that the columns of all pages share."""
        return pd.CategoricalDtype(sorted({code.bare for code in self.codes}))


@dataclass(frozen=True)
class SourceTopic:
    """One topic at the source: its key of today, its titles from the root joined by ``/``, its unit."""

    key: str
    path: str
    unit: str
    decimals: int


@dataclass(frozen=True)
class Description:
    """What the service says about a table; ``modified`` is the day of its edition (ISO 8601)."""

    id: str
    title: str
    modified: str | None
    topics: tuple[SourceTopic, ...]
    dimensions: tuple[Dimension, ...]

    def of_kind(self, kind: str) -> Dimension | None:
        """Return the dimension of that kind, if there is one."""
        return next((dimension for dimension in self.dimensions if dimension.kind == kind), None)

    def measured_by(self, key: str | None) -> Description:
        """Return the same with the dimension ``key``, if there is one, as that of which the categories are measures."""
        dimensions = (replace(d, kind="Category") if d.key == key else d for d in self.dimensions)
        return replace(self, dimensions=tuple(dimensions))

    @property
    def kept(self) -> list[str]:
        """Keys of the dimensions that are kept; every other one has a single category."""
        return [dimension.key for dimension in self.dimensions if dimension.kind != "Other"]


@dataclass(frozen=True)
class Query:
    """What is asked of a table: keys of topics, and clauses that must all hold.

    Each clause is a list of alternatives, such as ``Perioden eq '2015JJ00'``.
    """

    topics: tuple[str, ...]
    clauses: tuple[tuple[str, ...], ...]

    @property
    def filter(self) -> str:
        """The ``$filter`` that says all clauses."""
        said = (clause[0] if len(clause) == 1 else f"({' or '.join(clause)})" for clause in self.clauses)
        return " and ".join(said)

    def halves(self) -> list[Query]:
        """Return two queries that ask the same together; the query itself if it cannot be divided.

        The longest list of alternatives is halved, or the topics if there are more of them.
        """
        longest = max(range(len(self.clauses)), key=lambda i: len(self.clauses[i]), default=-1)
        alternatives = self.clauses[longest] if longest >= 0 else ()
        if len(alternatives) > max(1, len(self.topics)) or len(self.topics) == 1 < len(alternatives):
            before, after = self.clauses[:longest], self.clauses[longest + 1 :]
            return [replace(self, clauses=(*before, half, *after)) for half in _halves(alternatives)]
        return [replace(self, topics=half) for half in _halves(self.topics)] if len(self.topics) > 1 else [self]


def _halves(items: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    middle = len(items) // 2
    return items[:middle], items[middle:]


@dataclass(frozen=True)
class Page:
    """One page of figures.

    Attributes:
        figures: measure (key of the topic), region, period, category (bare codes; absent without such a dimension),
            value, symbol (``.`` unknown, ``-`` nil, else missing); cells that cannot occur are left out.
        rows: rows that the service sent.
        next: address of the next page, or None.
    """

    figures: pd.DataFrame
    rows: int
    next: str | None
