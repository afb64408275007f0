"""The choices of the page of projections, checked: horizon, year, method, level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from balans.errors import UnknownKeyError
from balans.pages.data import PageData
from balans.pages.parts.subjects import PUBLISHED
from balans.paths import Project
from balans.projections.rules import load_rules

LEVELS = {
    "gemeente": "municipality",
    "corop": "corop",
    "provincie": "province",
    "regio": "region",
    "totaal": "total",
    "land": "country",
}

LEVEL_WORDS = {
    "municipality": "gemeenten",
    "corop": "COROP-gebieden",
    "province": "provincies",
    "region": "krimp- en anticipeerregio's",
    "total": "totalen van regio's",
    "country": "Nederland",
}


@dataclass(frozen=True)
class Choice:
    """What a reader asked for.

    Attributes:
        horizon: years ahead.
        origin: year from which is projected in the tests.
        method: id of a method, or ``gepubliceerd``.
        level: level in the tables, such as ``region``.
        methods: titles of the methods by id.
    """

    horizon: int
    origin: int
    method: str
    level: str
    methods: Mapping[str, str]

    @property
    def method_words(self) -> str:
        """The method as a sentence names it."""
        return "de gepubliceerde methode" if self.method == PUBLISHED else f"de methode ‘{self.title(self.method)}’"

    @property
    def areas(self) -> str:
        """The areas of the level as a sentence names them."""
        return LEVEL_WORDS[self.level]

    def title(self, method: str) -> str:
        """Return the Dutch title of a method."""
        return self.methods[method]


def choose(data: PageData, project: Project, horizon: int, peiljaar: int, methode: str, niveau: str) -> Choice:
    """Return what the page shows.

    Args:
        data: the page's tables.
        project: for the titles of the methods.
        horizon: years ahead; the outcome must be known for at least one series.
        peiljaar: year from which the tests project.
        methode: ``gepubliceerd`` or the id of a method in ``definitions/projections.yml``.
        niveau: one of ``LEVELS``.

    Raises:
        UnknownKeyError: a value that does not exist; the message names those that do.
    """
    methods = {key: text["title"] for key, text in load_rules(project).methods.items()}
    _must_be("methode", methode, [PUBLISHED, *methods])
    _must_be("niveau", niveau, LEVELS)
    level = LEVELS[niveau]
    scores = data.table("backtest")
    there = scores[scores["level"] == level]
    if methode != PUBLISHED:
        there = there[there["model"] == methode]
    _must_be("peiljaar", peiljaar, sorted(set(there["origin_year"])))
    from_there = there[there["origin_year"] == peiljaar]
    _must_be("horizon", horizon, sorted(set(from_there["horizon"])), f" bij peiljaar {peiljaar}")
    return Choice(horizon, peiljaar, methode, level, methods)


def _must_be(parameter: str, given: object, known: Iterable[object], when: str = "") -> None:
    values = list(known)
    if given not in values:
        listed = ", ".join(str(value) for value in values)
        raise UnknownKeyError(f"{parameter} kan niet {given!r} zijn{when}. Mogelijk zijn: {listed}.")
