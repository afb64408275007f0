"""The framework of the liveability index, as ``definitions/liveability.yml`` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from balans.definitions import load_definition
from balans.errors import DefinitionError
from balans.geography.transfers import Weight
from balans.paths import Project

SIGNS = {"higher_is_better": 1, "lower_is_better": -1, "open": 0}
DIRECTIONS = {sign: direction for direction, sign in SIGNS.items()}


@dataclass(frozen=True)
class Dimension:
    """One dimension of liveability, or the total.

    Attributes:
        id: our name for it.
        title: its name on a page, in Dutch.
        official: column of the official scores.
        classes: variable in ``definitions/liveability/class_cutoffs.csv``.
        themes: what the Leefbaarometer measures here, and whether an open figure stands for it.
    """

    id: str
    title: str
    official: str
    classes: str
    themes: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class IndexIndicator:
    """One indicator of the index.

    Attributes:
        id: our name for it.
        title: its name on a page, in Dutch.
        topic: column of the figures.
        weight: topic that averages it over municipalities.
        transformation: ``none``, ``log`` or ``relative_log``.
        series: years of one definition.
        signs: per dimension 1 (higher is better), -1 (lower is better) or 0 (no direction in advance).
        projected_by: indicator whose projection moves this one.
        skewed: why it is used although it stays skewed.
    """

    id: str
    title: str
    topic: str
    weight: str
    transformation: str
    series: tuple[int, ...]
    signs: Mapping[str, int]
    projected_by: str | None = None
    skewed: str | None = None

    @property
    def split_by(self) -> Weight:
        """How a municipality that was split is shared out: by dwellings, hectares or inhabitants."""
        if self.weight == "woningen":
            return "dwellings"
        return "hectares" if "oppervlakte" in self.weight else "inhabitants"

    def year_for(self, year: int) -> int:
        """Return the year of the series that stands for ``year``: the latest not after it, else the first."""
        earlier = [known for known in self.series if known <= year]
        return max(earlier) if earlier else min(self.series)


@dataclass(frozen=True)
class Framework:
    """Everything that ``liveability.yml`` says."""

    dimensions: tuple[Dimension, ...]
    total: Dimension
    indicators: tuple[IndexIndicator, ...]
    years: tuple[int, ...]
    projected_years: tuple[int, ...]
    present_year: int
    base_year: int
    division: int
    winsorise: float
    least_coverage: float
    largest_skewness: float
    least_measured: float
    mostly_measured: float
    seed: int
    draws: int
    choices: Mapping[str, tuple[Any, ...]]

    def of(self, dimension: str) -> tuple[IndexIndicator, ...]:
        """Return the indicators of one dimension, in the order of the file."""
        return tuple(indicator for indicator in self.indicators if dimension in indicator.signs)


def load_framework(project: Project) -> Framework:
    """Return the framework.

    Raises:
        DefinitionError: the file is not as its schema asks, a dimension is unknown, or an indicator is there twice.
    """
    path = project.definitions / "liveability.yml"
    content = load_definition(path)
    dimensions = tuple(_dimension(entry) for entry in content["dimensions"])
    indicators = tuple(_indicator(entry) for entry in content["indicators"])
    names = [indicator.id for indicator in indicators]
    double = sorted({name for name in names if names.count(name) > 1})
    unknown = {name for indicator in indicators for name in indicator.signs} - {entry.id for entry in dimensions}
    if double or unknown:
        raise DefinitionError(
            f"{path}: listed twice: {double or 'none'}; unknown dimensions: {sorted(unknown) or 'none'}."
        )
    same = {key: content[key] for key in _PLAIN}
    choices = {name: tuple(options) for name, options in content["choices"].items()}
    total = _dimension(content["total"])
    return Framework(
        dimensions,
        total,
        indicators,
        years=tuple(content["years"]),
        projected_years=tuple(content["projected_years"]),
        choices=choices,
        **same,
    )


_PLAIN = (
    "present_year",
    "base_year",
    "division",
    "winsorise",
    "least_coverage",
    "largest_skewness",
    "least_measured",
    "mostly_measured",
    "seed",
    "draws",
)


def _dimension(entry: dict[str, Any]) -> Dimension:
    return Dimension(**{**entry, "themes": tuple(entry.get("themes", ()))})


def _indicator(entry: dict[str, Any]) -> IndexIndicator:
    known = {key: value for key, value in entry.items() if key not in {"dimensions", "note"}}
    signs = {dimension: SIGNS[direction] for dimension, direction in entry["dimensions"].items()}
    known["series"] = tuple(sorted(entry["series"]))
    return IndexIndicator(**{"topic": entry["id"], **known, "signs": signs})
