"""What is projected and how, as ``definitions/projections.yml`` says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.definitions import load_definition
from balans.paths import Project


@dataclass(frozen=True)
class Rule:
    """How one indicator is projected.

    Attributes:
        id: name of the projected series in ``data/processed``.
        kind: ``sum`` (areas add up) or ``mean`` (areas average, by weight).
        scale: ``log`` or ``logit``; the methods work on this scale, so no value leaves its range.
        methods: the candidates, ``no_change`` always among them.
        of: the indicator that is read; the id itself unless stated.
        weight_known_by: sum indicator without which the weight of a mean is not known in a year.
        prices: ``nominal``, ``real`` or None for what is not money.
        price_lag: years between the prices that a value is in and the year that it is published for.
        last_horizon: most years ahead at the level of municipalities.
    """

    id: str
    kind: str
    scale: str = "log"
    methods: tuple[str, ...] = ()
    of: str = ""
    weight_known_by: str | None = None
    prices: str | None = None
    price_lag: int = 0
    last_horizon: int | None = None

    @property
    def is_mean(self) -> bool:
        """Whether areas average instead of add up."""
        return self.kind == "mean"

    @property
    def source(self) -> str:
        """The indicator that is read."""
        return self.of or self.id


@dataclass(frozen=True)
class Rules:
    """The whole file: settings, methods with their Dutch titles, a rule per indicator, and the inputs of methods."""

    until: int
    least_points: int
    least_origins: int
    most_split: float
    first_year: int
    levels: tuple[str, ...]
    methods: dict[str, dict[str, str]]
    indicators: dict[str, Rule]
    inputs: dict[str, Rule]


def load_rules(project: Project) -> Rules:
    """Return the rules.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content: dict[str, Any] = dict(load_definition(project.definitions / "projections.yml"))
    entries = content.pop("indicators")
    levels = tuple(content.pop("levels"))
    rules = {entry["id"]: Rule(**{**entry, "methods": tuple(entry["methods"])}) for entry in entries}
    inputs = {entry["id"]: Rule(**entry) for entry in content.pop("inputs")}
    return Rules(**content, inputs=inputs, levels=levels, indicators=rules)


def load_prices(project: Project) -> pd.Series:
    """Return consumer prices per year as a chain of yearly changes, the last year being 1.

    The changes are the ones that CBS printed in two news releases (named per row of ``consumer_prices.csv``); they were
    not fetched from its table 83131NED.
    """
    stored = pd.read_csv(project.definitions / "consumer_prices.csv").set_index("year")
    index = (1 + stored["change_percent"] / 100).cumprod()
    chained: pd.Series = index / index.iloc[-1]
    return chained
