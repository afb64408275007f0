"""What the pages about projections show: which series, and the method, level, horizon and origin asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from balans.charts.numbers import with_unit
from balans.errors import UnknownKeyError
from balans.indicators.catalogue import Indicator, load_indicators
from balans.paths import Project
from balans.projections.rules import load_prices, load_rules
from balans.publish.scope import PageData

PUBLISHED = "gepubliceerd"
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
SIGNIFICANT = 3


@dataclass(frozen=True)
class Subject:
    """One projected series.

    Attributes:
        id: name of the series in ``projections``.
        title: name for a page, with the prices that money is in.
        indicator: the indicator that it is made of.
        real: whether it is money without the rise of prices.
        nominal: whether it is money of the year itself.
    """

    id: str
    title: str
    indicator: Indicator
    real: bool = False
    nominal: bool = False

    @property
    def unit(self) -> str:
        """The unit for an axis."""
        return f"{self.indicator.unit} van het jaar zelf" if self.nominal else self.indicator.unit

    def rounded(self, figure: float) -> str:
        """Return a projected figure in Dutch, to three significant digits: more would look surer than it is."""
        if self.indicator.decimals or abs(figure) < 10**SIGNIFICANT:
            return with_unit(figure, self.indicator.unit, self.indicator.decimals)
        return with_unit(float(f"{figure:.{SIGNIFICANT}g}"), self.indicator.unit)

    def as_measured(self, figure: float) -> str:
        """Return a measured figure in Dutch, with the decimals of its indicator."""
        return with_unit(figure, self.indicator.unit, self.indicator.decimals)


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


def load_subjects(project: Project) -> dict[str, Subject]:
    """Return the projected series by id, in the order of ``definitions/projections.yml``.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    indicators = load_indicators(project)
    year = int(load_prices(project).index[-1])
    subjects = {}
    for rule in load_rules(project).indicators.values():
        indicator, real = indicators[rule.source], rule.prices == "real"
        prices = f" in prijzen van {year}" if real else ""
        subjects[rule.id] = Subject(rule.id, f"{indicator.title}{prices}", indicator, real, rule.prices == "nominal")
    return subjects


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
    scores = data.tables["backtest"]
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
