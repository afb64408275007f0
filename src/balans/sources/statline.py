"""What a StatLine table is, whichever protocol it came over: topics with their path, dimensions with their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from balans.sources.catalogue import Live, Part
from balans.sources.client import Client


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


@dataclass(frozen=True)
class Dimension:
    """One dimension of a table; ``kind`` is ``Geo``, ``Time`` or ``Other``."""

    key: str
    title: str
    kind: str
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class SourceTopic:
    """One topic at the source: its key of today, its titles from the root joined by ``/``, its unit."""

    key: str
    path: str
    unit: str
    decimals: int


@dataclass(frozen=True)
class Description:
    """What the service says about a table."""

    id: str
    title: str
    modified: str | None
    topics: tuple[SourceTopic, ...]
    dimensions: tuple[Dimension, ...]

    def of_kind(self, kind: str) -> Dimension | None:
        """Return the dimension of areas (``Geo``) or of periods (``Time``), if there is one."""
        return next((dimension for dimension in self.dimensions if dimension.kind == kind), None)


@dataclass(frozen=True)
class Query:
    """What is asked of a table.

    Attributes:
        topics: keys of the topics.
        clauses: each a list of alternatives, such as ``Perioden eq '2015JJ00'``; all clauses must hold.
    """

    topics: tuple[str, ...]
    clauses: tuple[tuple[str, ...], ...]

    @property
    def filter(self) -> str:
        """The ``$filter`` that says all clauses."""
        return " and ".join(_alternatives(clause) for clause in self.clauses)


def _alternatives(clause: Sequence[str]) -> str:
    return clause[0] if len(clause) == 1 else f"({' or '.join(clause)})"


@dataclass(frozen=True)
class Page:
    """One page of figures.

    Attributes:
        figures: measure (key of the topic), region, period (bare codes; null if the table has no such dimension),
            value, symbol (``.`` unknown, ``-`` nil, else null); cells that cannot occur are left out.
        rows: rows that the service sent.
        next: address of the next page, or None.
    """

    figures: pa.Table
    rows: int
    next: str | None


class Dialect(Protocol):
    """A protocol of CBS: how to describe a table, how to ask for it, how to read a page."""

    def describe(self, client: Client, live: Live, part: Part) -> Description:
        """Return what the service says about one table."""

    def first_page(self, live: Live, description: Description, query: Query) -> str:
        """Return the address of the first page."""

    def read_page(self, body: bytes, description: Description) -> Page:
        """Return the figures of one page."""


FIGURES = pa.schema(
    {
        "measure": pa.dictionary(pa.int32(), pa.string()),
        "region": pa.dictionary(pa.int32(), pa.string()),
        "period": pa.dictionary(pa.int32(), pa.string()),
        "value": pa.float64(),
        "symbol": pa.dictionary(pa.int32(), pa.string()),
    }
)
