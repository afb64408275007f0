"""Source tables and their topics, as ``definitions/sources.yml`` says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from balans.definitions import load_definition
from balans.errors import UnknownKeyError
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
        name: the key in ``sources.yml``, under which a fetched file holds it; differs from ``id`` for ``same_as``.
        also_called: other paths of titles that the source used or uses for the same topic.
        published_unit: spellings of the unit as the source publishes it; empty if not known yet.
        path_checked: whether the path was seen at the source itself.
        optional: the newest edition may lack it; the figures at hand then stay.
        live: whether to ask the source for it at all.
        provisional: years that were provisional in the carried-over edition.
        provisional_by_topic: those of them that the source states for this topic only, not for the whole period.
    """

    id: str
    carried: tuple[str, ...]
    unit: str
    decimals: int
    scale: float = 1.0
    rounded_to: int = 1
    path: str | None = None
    name: str = ""
    also_called: tuple[str, ...] = ()
    published_unit: tuple[str, ...] = ()
    path_checked: bool = True
    optional: bool = False
    live: bool = True
    provisional: frozenset[int] = frozenset()
    provisional_by_topic: frozenset[int] = frozenset()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path of titles under which the source may have it; the usual one first."""
        return (self.path, *self.also_called) if self.path else self.also_called

    @property
    def resolution(self) -> float:
        """The smallest step that the published figure can show, in ``unit``."""
        return max(self.scale * 10.0**-self.decimals, float(self.rounded_to))


@dataclass(frozen=True)
class Part:
    """One table at the source.

    Attributes:
        id: the table's id there.
        year: the year of all its figures, for a table without periods.
        status: the status of that year, as CBS words it.
    """

    id: str
    year: int | None = None
    status: str = "Definitief"


@dataclass(frozen=True)
class Live:
    """How to fetch a table from its source.

    Attributes:
        kind: ``statline`` or one of the other sources (``eurostat``, ``duo``, ``leefbaarometer``, ``boundaries``).
        parts: the tables at the source; where two have the same figure, the first one decides.
        catalogue: StatLine's catalogue: ``CBS``, or ``derden`` for tables of others (RIVM).
        protocol: ``odata3`` or ``odata4``.
        levels: first two letters of the areas that are wanted.
        dimensions: per other dimension the title or key of the one category that is wanted.
        first_year: years before it are not asked for.
        expected_years: first and last year that must be there.
        successors: tables that continue this one.
        planned: not stored yet; that it cannot be fetched is no error.
        addresses: for other sources than StatLine: stored name and address of each file.
        measure_from: Eurostat: the column whose codes are the measures.
        measures: Eurostat: the codes that are kept; all if empty.
        note: what could not be checked.
    """

    kind: str
    parts: tuple[Part, ...] = ()
    catalogue: str = "CBS"
    protocol: str = "odata3"
    levels: tuple[str, ...] = ("NL", "PV", "CR", "GM")
    dimensions: tuple[tuple[str, str], ...] = ()
    first_year: int = 1995
    expected_years: tuple[int, int] | None = None
    successors: tuple[str, ...] = ()
    planned: bool = False
    addresses: tuple[tuple[str, str], ...] = ()
    measure_from: str | None = None
    measures: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Table:
    """One source table: the folder in ``data/raw``, who publishes it, the topics that are used, and how to fetch it.

    Attributes:
        areas: which codes its regions have (``cbs`` or ``nuts``).
        periods: whether it is per ``year`` or ``quarter``.
        files: the carried-over files that are read, the one that decides first; all of them if empty.
        measure_columns: columns that together, joined by ``/``, are the measure.
        left_out: flags of figures that are not used.
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
    files: tuple[str, ...] = ()
    measure_columns: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    live: Live | None = None

    @property
    def planned(self) -> bool:
        """Whether nothing was carried over: the table is only there after ``make data``."""
        return self.live is not None and self.live.planned

    @property
    def live_topics(self) -> tuple[Topic, ...]:
        """The topics that the source is asked for."""
        return tuple(topic for topic in self.topics if topic.live)


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

    def table(self, name: str) -> Table:
        """Return the table with this id (capitals do not matter).

        Raises:
            UnknownKeyError: there is none; the message lists those that there are.
        """
        for table in self.tables:
            if name.casefold() in {
                table.id.casefold(),
                *(part.id.casefold() for part in _parts(table)),
            }:
                return table
        known = ", ".join(table.id for table in self.tables)
        raise UnknownKeyError(f"definitions/sources.yml has no table {name}. It has: {known}.")


def _parts(table: Table) -> tuple[Part, ...]:
    return table.live.parts if table.live else ()


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
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.items()
        if key not in {"topics", "provisional", "live"}
    }
    return Table(**known, topics=topics, live=_live(entry["live"]) if "live" in entry else None)


def _live(entry: dict[str, Any]) -> Live:
    lists: dict[str, Any] = {
        key: tuple(entry[key]) for key in ("levels", "expected_years", "successors", "measures") if key in entry
    }
    pairs: dict[str, Any] = {key: tuple(entry[key].items()) for key in ("dimensions", "addresses") if key in entry}
    parts = tuple(Part(**part) for part in entry.get("parts", []))
    plain = {key: value for key, value in entry.items() if key not in {*lists, *pairs, "parts"}}
    return Live(**plain, **lists, **pairs, parts=parts)


def _topic(name: str, entry: dict[str, Any], provisional: list[int]) -> Topic:
    return Topic(
        id=entry.get("same_as", name),
        name=name,
        carried=tuple(entry["carried"]),
        unit=entry["unit"],
        decimals=entry["decimals"],
        scale=float(entry.get("scale", 1)),
        rounded_to=entry.get("rounded_to", 1),
        path=entry.get("path"),
        also_called=tuple(entry.get("also_called", ())),
        published_unit=tuple(entry.get("published_unit", ())),
        path_checked=entry.get("path_checked", True),
        optional=entry.get("optional", False),
        # A topic of which the titles are not known cannot be asked for: it stays as it was carried over.
        live=entry.get("live", True) and "same_as" not in entry and "path" in entry,
        provisional=frozenset(entry.get("provisional", provisional)),
        provisional_by_topic=frozenset(entry.get("provisional", ())),
    )
