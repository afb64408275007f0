"""Source tables and their topics, as ``definitions/sources.yml`` says them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from balans.definitions import load_definition
from balans.errors import UnknownKeyError
from balans.paths import Project


@dataclass(frozen=True)
class Topic:
    """One topic (onderwerp) of a table; the schema of ``sources.yml`` describes what is not said here.

    ``id`` is our name for it, the same over all tables; ``name`` is its key in ``sources.yml``, under which a fetched
    file holds it: another one for ``same_as``. ``provisional_by_topic`` are those ``provisional`` years that the source
    states for this topic only, not for the whole period.
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
    category: str | None = None
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
    """One table at the source; a table without periods has one ``year``, with CBS's word for its ``status``."""

    id: str
    year: int | None = None
    status: str = "Definitief"


@dataclass(frozen=True)
class Live:
    """How to fetch a table from its source, as the schema of ``sources.yml`` describes it; pairs are (name, value)."""

    kind: str
    parts: tuple[Part, ...] = ()
    catalogue: str = "CBS"
    protocols: tuple[str, ...] = ("odata3", "odata4")
    levels: tuple[str, ...] = ("NL", "PV", "CR", "GM")
    dimensions: tuple[tuple[str, str], ...] = ()
    first_year: int = 1995
    expected_years: tuple[int, int] | None = None
    successors: tuple[str, ...] = ()
    editions: str | None = None
    planned: bool = False
    addresses: tuple[tuple[str, str], ...] = ()
    measure_from: str | None = None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One source table: the folder in ``data/raw``, who publishes it, the topics that are used, and how to fetch it.

    The schema of ``sources.yml`` describes each attribute.
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
    def is_statline(self) -> bool:
        """Whether it is fetched from StatLine."""
        return self.live is not None and self.live.kind == "statline"

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
    derived: tuple[DerivedTopic, ...] = ()

    def table(self, name: str) -> Table:
        """Return the table with this id, here or at the source (capitals do not matter).

        Raises:
            UnknownKeyError: there is none; the message lists those that there are.
        """
        for table in self.tables:
            parts = table.live.parts if table.live else ()
            if name.casefold() in {table.id.casefold(), *(part.id.casefold() for part in parts)}:
                return table
        known = ", ".join(table.id for table in self.tables)
        raise UnknownKeyError(f"definitions/sources.yml has no table {name}. It has: {known}.")


def load_catalogue(project: Project) -> Catalogue:
    """Return the tables, topics and derived topics of ``definitions/sources.yml``.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content = load_definition(project.definitions / "sources.yml")
    return Catalogue(
        tuple(_table(entry) for entry in content["tables"]),
        tuple(DerivedTopic(**entry) for entry in content["derived"]),
    )


def _table(entry: dict[str, Any]) -> Table:
    provisional = entry.get("provisional", [])
    topics = tuple(_topic(name, topic, provisional) for name, topic in entry["topics"].items())
    return Table(
        **{**_known(Table, entry), "topics": topics, "live": _live(entry["live"]) if "live" in entry else None}
    )


def _live(entry: dict[str, Any]) -> Live:
    return Live(**{**_known(Live, entry), "parts": tuple(Part(**part) for part in entry.get("parts", ()))})


def _topic(name: str, entry: dict[str, Any], provisional: list[int]) -> Topic:
    made = {
        "id": entry.get("same_as", name),
        "name": name,
        # A topic of which the titles are not known cannot be asked for: it stays as it was carried over.
        "live": entry.get("live", True) and "same_as" not in entry and "path" in entry,
        "provisional": frozenset(entry.get("provisional", provisional)),
        "provisional_by_topic": frozenset(entry.get("provisional", ())),
    }
    return Topic(**{**_known(Topic, entry), **made})


def _known(kind: type, entry: dict[str, Any]) -> dict[str, Any]:
    """The members of an entry that the class has, lists and maps made immutable; the rest is there for people."""
    names = {field.name for field in fields(kind)}
    return {name: _frozen(value) for name, value in entry.items() if name in names}


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(value.items())
    return tuple(value) if isinstance(value, list) else value
