"""What is projected: an indicator with its words, unit and precision."""

from __future__ import annotations

from dataclasses import dataclass

from balans.indicators.catalogue import Indicator, load_indicators
from balans.paths import Project
from balans.projections.rules import load_prices, load_rules
from balans.words.numbers import with_unit

PUBLISHED = "gepubliceerd"

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
