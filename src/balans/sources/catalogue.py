"""Source tables and their topics, as ``definitions/sources.yml`` says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from balans.definitions import load_definition
from balans.paths import Project


@dataclass(frozen=True)
class Topic:
    """One topic (onderwerp) of a table.

    Attributes:
        id: our name for it, the same over all tables.
        carried: the measure names under which the stored files hold it.
        unit: the unit after multiplying by ``scale``.
        decimals: decimals as published, before ``scale``.
        scale: published value times scale is in ``unit``.
        rounded_to: the source rounds to a multiple of this, in ``unit``.
        path: titles from the root of the table to the topic.
        provisional: years that the source calls provisional.
    """

    id: str
    carried: tuple[str, ...]
    unit: str
    decimals: int
    scale: float = 1.0
    rounded_to: int = 1
    path: str | None = None
    provisional: frozenset[int] = frozenset()

    @property
    def resolution(self) -> float:
        """The smallest step that the published figure can show, in ``unit``."""
        return max(self.scale * 10.0**-self.decimals, float(self.rounded_to))


@dataclass(frozen=True)
class Table:
    """One source table: the folder in ``data/raw``, who publishes it, and the topics that are used.

    ``areas`` says which codes its regions have (``cbs`` or ``nuts``), ``periods`` whether it is per year or per
    quarter, ``optional`` that it is not carried over and only there after ``make data``.
    """

    id: str
    publisher: str
    title: str
    licence: str
    attribution: str
    topics: tuple[Topic, ...]
    page: str | None = None
    division: int | None = None
    areas: str = "cbs"
    periods: str = "year"
    optional: bool = False


@dataclass(frozen=True)
class DerivedTopic:
    """A topic made from other topics of the same area and year by an arithmetic expression."""

    id: str
    expression: str
    prefer: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that ``sources.yml`` says; the order of ``tables`` decides which figure is used."""

    tables: tuple[Table, ...]
    derived: tuple[DerivedTopic, ...] = field(default=())


def load_catalogue(project: Project) -> Catalogue:
    """Return the tables, topics and derived topics of ``definitions/sources.yml``.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content = load_definition(project.definitions / "sources.yml")
    return Catalogue(
        tables=tuple(_table(entry) for entry in content["tables"]),
        derived=tuple(DerivedTopic(**entry) for entry in content["derived"]),
    )


def _table(entry: dict[str, Any]) -> Table:
    provisional = entry.get("provisional", [])
    topics = tuple(_topic(name, topic, provisional) for name, topic in entry["topics"].items())
    known = {key: value for key, value in entry.items() if key not in {"topics", "provisional"}}
    return Table(**known, topics=topics)


def _topic(name: str, entry: dict[str, Any], provisional: list[int]) -> Topic:
    return Topic(
        id=entry.get("same_as", name),
        carried=tuple(entry["carried"]),
        unit=entry["unit"],
        decimals=entry["decimals"],
        scale=float(entry.get("scale", 1)),
        rounded_to=entry.get("rounded_to", 1),
        path=entry.get("path"),
        provisional=frozenset(entry.get("provisional", provisional)),
    )
