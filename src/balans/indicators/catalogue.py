"""Indicators as ``definitions/indicators.yml`` says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from balans.definitions import load_definition
from balans.paths import Project


@dataclass(frozen=True)
class Caution:
    """A jump in the whole country that is not about the region; a trend without it misleads.

    Attributes:
        first: year before the jump.
        last: year after it.
        text: Dutch, with ``{from}`` and ``{to}`` for the national figures of those years.
    """

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        id: name in ``data/processed``.
        title: short name for a page, in Dutch.
        description: what is counted, of whom, when; in Dutch.
        unit: unit of the value.
        decimals: decimals that a page shows.
        direction: ``higher_is_better``, ``lower_is_better`` or ``none``.
        theme: chapter of the indicator table.
        kind: ``sum``, ``ratio``, ``mean``, ``published`` as it is, or ``computed`` by a function of its own.
        numerator: topic that is added up or averaged; empty if computed.
        denominator: topic that a ratio is divided by.
        weight: topic that a mean, or both sides of a ratio, is weighted by.
        scale: a ratio is multiplied by this.
        split_by: how a municipality that lies partly in a region is shared out.
        division: the source publishes all years on the division of this year.
        weight_year: with a division: ``division`` weighs every year by the weight of that year, ``own`` by its own.
        caution: a jump in the whole country that every trend must mention.
        additive: a published indicator that may be added up over areas.
    """

    id: str
    title: str
    description: str
    unit: str
    decimals: int
    direction: str
    theme: str
    kind: str
    numerator: str = ""
    denominator: str | None = None
    weight: str | None = None
    scale: float = 1.0
    split_by: str = "inhabitants"
    division: int | None = None
    weight_year: str = "division"
    caution: Caution | None = None
    additive: bool = False

    @property
    def may_be_added(self) -> bool:
        """Whether the values of areas may be added up."""
        return self.kind == "sum" or self.additive

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that the indicator rests on."""
        return tuple(topic for topic in (self.numerator, self.denominator, self.weight) if topic)


def load_indicators(project: Project) -> dict[str, Indicator]:
    """Return the indicators by id, in the order of the file.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content = load_definition(project.definitions / "indicators.yml")
    return {entry["id"]: _indicator(entry) for entry in content["indicators"]}


def _indicator(entry: dict[str, Any]) -> Indicator:
    if "caution" not in entry:
        return Indicator(**entry)
    stated = entry["caution"]
    return Indicator(**{**entry, "caution": Caution(stated["from"], stated["to"], stated["text"].strip())})
