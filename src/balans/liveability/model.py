"""The published index: per dimension calibrated weights of zero or more, added up to a total on the official scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from balans.liveability.composite import Columns, aggregate, fit_link, oriented_columns
from balans.liveability.framework import Dimension, Framework
from balans.liveability.normalise import Floats, Panel
from balans.liveability.official import Official
from balans.liveability.weights import (
    PENALTIES,
    calibrate,
    equal_weights,
    random_weights,
)


@dataclass(frozen=True)
class DimensionModel:
    """One dimension of the published index: ``score = constant + Σ weight × normalised column``.

    Attributes:
        dimension: its id.
        indicators: the indicator of each column (p).
        signs: direction of each column (p).
        weights: change of the official score per standard deviation of the column, zero or more (p).
        constant: score of a place where every indicator is at the national mean of the base year.
    """

    dimension: str
    indicators: tuple[str, ...]
    signs: Floats
    weights: Floats
    constant: float

    def scores(self, columns: Columns) -> Floats:
        """Return the score per municipality (n)."""
        return np.asarray(self.constant + columns.values @ self.weights, dtype=float)

    def coverage(self, columns: Columns) -> Floats:
        """Return the part of the weight (0–1) that has a figure, per municipality (n)."""
        return np.asarray(columns.known @ self.weights / self.weights.sum(), dtype=float)

    def per_indicator(self) -> dict[str, float]:
        """Return the weight per indicator; negative where the calibration chose "less is better"."""
        pairs = zip(self.indicators, self.signs * self.weights, strict=True)
        totals: dict[str, float] = {}
        for name, weight in pairs:
            totals[name] = totals.get(name, 0.0) + float(weight)
        return totals


def choose_weights(
    columns: Columns,
    target: Floats,
    groups: Floats,
    kind: str,
    generator: np.random.Generator | None = None,
    penalties: Sequence[float] = PENALTIES,
) -> Floats:
    """Return weights (p) of one ``kind``: ``calibrated``, ``equal`` or ``random`` (which needs a ``generator``).

    A calibration that finds nothing (all zero) gives equal weights, which the link to the official scale then flattens.
    """
    if kind == "random" and generator is not None:
        return random_weights(columns.directed, generator)
    if kind == "equal":
        return equal_weights(columns.directed)
    weights = calibrate(columns.values, target, groups, penalties)
    return weights if weights.sum() > 0 else equal_weights(np.ones(len(weights)))


def fit_dimension(panel: Panel, dimension: Dimension, official: Official) -> DimensionModel:
    """Return the published model of one dimension: standardised, calibrated on all municipalities, arithmetic."""
    columns = oriented_columns(panel, dimension.id, panel.framework.present_year)
    target = official.scores[dimension.id].to_numpy()
    weights = choose_weights(columns, target, official.provinces, "calibrated")
    link = fit_link(aggregate(columns.values, weights, "arithmetic", "standardised"), target)
    scaled = link.slope * weights / weights.sum()
    return DimensionModel(dimension.id, columns.indicators, columns.signs, scaled, link.constant)


def fit_index(panel: Panel, official: Official) -> dict[str, DimensionModel]:
    """Return the published models by dimension."""
    return {one.id: fit_dimension(panel, one, official) for one in panel.framework.dimensions}


def index_scores(panel: Panel, models: Mapping[str, DimensionModel], year: int) -> pd.DataFrame:
    """Return the score per municipality (rows) and dimension, with the total (columns), for one year."""
    parts = {name: model.scores(oriented_columns(panel, name, year)) for name, model in models.items()}
    table = pd.DataFrame(parts, index=panel.codes)
    return table.assign(**{panel.framework.total.id: table.sum(axis=1)})


def measured_share(framework: Framework, model: DimensionModel, year: int) -> float:
    """Return which part of the weight (0–1) rests on figures of ``year`` itself; the rest is held at another year."""
    series = {one.id: one.series for one in framework.of(model.dimension)}
    own = np.array([float(year in series[name]) for name in model.indicators])
    return float(model.weights @ own / model.weights.sum())


def contributions(panel: Panel, models: Mapping[str, DimensionModel], year: int) -> pd.DataFrame:
    """Return ``gm_code, dimension, indicator, contribution, weight``: what each indicator adds to a score.

    ``contribution`` is against the national mean of ``year``; those of one municipality and dimension add up to its
    score minus the national score. ``weight`` is the score per standard deviation towards more of the indicator.
    """
    tables = [_contributions(panel, model, year) for model in models.values()]
    return pd.concat(tables, ignore_index=True)


def _contributions(panel: Panel, model: DimensionModel, year: int) -> pd.DataFrame:
    columns = oriented_columns(panel, model.dimension, year)
    national = np.average(columns.values, axis=0, weights=panel.population)
    parts = pd.DataFrame((columns.values - national) * model.weights, index=panel.codes)
    by_indicator = parts.T.groupby(list(model.indicators)).sum().T.rename_axis(columns="indicator")
    long = pd.Series(by_indicator.stack(), name="contribution").reset_index()
    weight = long["indicator"].map(model.per_indicator())
    return long.assign(dimension=model.dimension, weight=weight)
