"""Which score stands for which year: measured, partly measured, or held where an earlier year has too few figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from balans.liveability.composite import oriented_columns
from balans.liveability.framework import Framework
from balans.liveability.model import DimensionModel, index_scores, measured_share
from balans.liveability.normalise import Floats, Panel
from balans.liveability.sensitivity import Draws


@dataclass(frozen=True)
class Published:
    """One dimension, or the total, in one published year.

    Attributes:
        scores: per municipality (n).
        draws: the same under every draw of the choices (draws × n).
        measured: part of the weight (0–1) that rests on figures of the year itself.
        held_at: the year whose figures are used; another one when the year has too few.
        coverage: part of the weight (0–1) that has any figure, per municipality (n); the rest is at the national mean.
    """

    scores: Floats
    draws: Floats
    measured: float
    held_at: int
    coverage: Floats


def published_scores(
    panel: Panel, models: Mapping[str, DimensionModel], draws: Draws
) -> dict[tuple[str, int], Published]:
    """Return what is published, by dimension (or total) and year.

    The total of a year is the sum of its dimensions, of which some may be held.
    """
    framework = panel.framework
    tables = {year: index_scores(panel, models, year) for year in framework.years}
    result: dict[tuple[str, int], Published] = {}
    for year in framework.years:
        for name, model in models.items():
            used = year_used(framework, model, year)
            own = measured_share(framework, model, year)
            known = model.coverage(oriented_columns(panel, name, used))
            result[name, year] = Published(tables[used][name].to_numpy(), draws.scores[name, used], own, used, known)
        result[framework.total.id, year] = _total([result[name, year] for name in models], models, year)
    return result


def year_used(framework: Framework, model: DimensionModel, year: int) -> int:
    """Return ``year`` if enough of the weight is measured in it, else the nearest published year that has enough.

    The present is always scored with the latest figures, whatever their year.
    """
    enough = [known for known in framework.years if _is_enough(framework, model, known)]
    return min(enough, key=lambda known: (abs(known - year), known))


def _is_enough(framework: Framework, model: DimensionModel, year: int) -> bool:
    return year == framework.present_year or measured_share(framework, model, year) >= framework.least_measured


def _total(parts: list[Published], models: Mapping[str, DimensionModel], year: int) -> Published:
    sizes = np.array([model.weights.sum() for model in models.values()])
    measured = float(sizes @ np.array([part.measured for part in parts]) / sizes.sum())
    scores = np.sum([part.scores for part in parts], axis=0)
    known = sizes @ np.array([part.coverage for part in parts]) / sizes.sum()
    return Published(scores, np.sum([part.draws for part in parts], axis=0), measured, year, known)
