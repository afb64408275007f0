"""From a figure to a number that can be compared: transform, winsorise, set against the national mean of a base year.

Steps 3–5 of OECD/JRC, Handbook on Constructing Composite Indicators (2008): treatment of outliers, skewness,
normalisation. Means and spreads are those of the base year, bounds those of all years, so that a score can move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from balans.errors import RawDataError
from balans.liveability.framework import Framework, IndexIndicator

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """What one indicator is normalised against, on its transformed scale.

    Attributes:
        low: lower bound of winsorising.
        high: upper bound.
        centre: national mean in the base year, weighted by inhabitants.
        spread: standard deviation over municipalities in the base year, after winsorising.
        sorted_base: the base year's values over municipalities, in order.
    """

    low: float
    high: float
    centre: float
    spread: float
    sorted_base: Floats


def transform(values: Floats, transformation: str, national: float = 1.0) -> Floats:
    """Return values on the scale that ``transformation`` names; see ``definitions/liveability.yml``.

    Args:
        values: figures as published; zero or more for a root, more than zero for ``log`` and ``relative_log``.
        transformation: ``none``, ``root``, ``log``, ``log_plus_one`` or ``relative_log``.
        national: the national mean, which ``relative_log`` divides by.

    Raises:
        RawDataError: a value without a root or logarithm.
    """
    least = float(np.nanmin(values))
    if (transformation in ("log", "relative_log") and least <= 0) or (transformation != "none" and least < 0):
        raise RawDataError(f"A figure of {least:g} has no {transformation}. Use another transformation.")
    functions: Mapping[str, Callable[[Floats], Floats]] = {
        "none": np.asarray,
        "root": np.sqrt,
        "log": np.log,
        "log_plus_one": np.log1p,
        "relative_log": lambda figures: np.log(figures / national),
    }
    return np.asarray(functions[transformation](values), dtype=float)


def make_scale(by_year: Mapping[int, Floats], base: int, population: Floats, winsorise: float) -> Scale:
    """Return the scale of one indicator from its transformed values per year (one per municipality, NaN: none)."""
    pooled = np.concatenate(list(by_year.values()))
    low, high = np.nanquantile(pooled, [winsorise, 1 - winsorise])
    values = np.clip(by_year[base], low, high)
    known = ~np.isnan(values)
    centre = float(np.average(values[known], weights=population[known]))
    return Scale(
        float(low),
        float(high),
        centre,
        float(np.std(values[known])),
        np.sort(values[known]),
    )


def normalise(values: Floats, scale: Scale, method: str) -> Floats:
    """Return winsorised values on the chosen scale; NaN stays NaN.

    ``standardised``: spreads from the national mean; ``min_max``: 0–1 between the bounds; ``percentile``: 0–1, the
    part of municipalities in the base year that has less.
    """
    clipped = np.clip(values, scale.low, scale.high)
    if method == "standardised":
        return np.asarray((clipped - scale.centre) / scale.spread, dtype=float)
    if method == "min_max":
        return np.asarray((clipped - scale.low) / (scale.high - scale.low), dtype=float)
    below = np.searchsorted(scale.sorted_base, clipped, side="left") + np.searchsorted(
        scale.sorted_base, clipped, side="right"
    )
    return np.where(np.isnan(clipped), np.nan, below / (2 * len(scale.sorted_base)))


@dataclass(frozen=True)
class Panel:
    """All indicators of the index on the transformed scale.

    Attributes:
        codes: the municipalities, sorted.
        population: their inhabitants in the present year.
        raw: per (indicator, year): values as published, per municipality.
        transformed: the same on the transformed scale.
        scales: per winsorising bound and indicator, what it is normalised against.
        framework: what they are for.
    """

    codes: pd.Index
    population: Floats
    raw: Mapping[tuple[str, int], Floats]
    transformed: Mapping[tuple[str, int], Floats]
    scales: Mapping[float, Mapping[str, Scale]]
    framework: Framework

    def national(self, indicator: str, year: int) -> float:
        """Return the national mean of a figure as published, weighted by inhabitants."""
        return national_mean(self.raw[indicator, year], self.population)


def base_year_of(indicator: IndexIndicator, base_year: int) -> int:
    """Return the first year of a series from ``base_year`` on, else its last."""
    later = [year for year in indicator.series if year >= base_year]
    return min(later) if later else max(indicator.series)


def national_mean(values: Floats, population: Floats) -> float:
    """Return the mean of the municipalities that have a figure, weighted by inhabitants."""
    known = ~np.isnan(values)
    return float(np.average(values[known], weights=population[known]))


def make_panel(values: pd.DataFrame, population: pd.Series, framework: Framework) -> Panel:
    """Return the panel from ``gm_code, indicator, year, value`` and inhabitants per municipality (its rows)."""
    codes = pd.Index(sorted(population.index), name="gm_code")
    people = population.reindex(codes).to_numpy(dtype=float)
    table = values.pivot(index="gm_code", columns=["indicator", "year"], values="value").reindex(codes)
    keys = [(str(key[0]), int(key[1])) for key in table.columns.to_flat_index()]
    raw = {key: table[key].to_numpy(dtype=float) for key in keys}
    transformed = {}
    for indicator in framework.indicators:
        for year in indicator.series:
            figures = raw[indicator.id, year]
            national = national_mean(figures, people)
            transformed[indicator.id, year] = transform(figures, indicator.transformation, national)
    bounds = {framework.winsorise, *framework.choices["winsorise"]}
    scales = {bound: _scales(transformed, people, framework, bound) for bound in sorted(bounds)}
    return Panel(codes, people, raw, transformed, scales, framework)


def _scales(
    transformed: Mapping[tuple[str, int], Floats],
    population: Floats,
    framework: Framework,
    winsorise: float,
) -> dict[str, Scale]:
    found = {}
    for indicator in framework.indicators:
        by_year = {year: transformed[indicator.id, year] for year in indicator.series}
        base = base_year_of(indicator, framework.base_year)
        found[indicator.id] = make_scale(by_year, base, population, winsorise)
    return found


def check_indicators(panel: Panel) -> pd.DataFrame:
    """Return per indicator the checks of the handbook: years, coverage, skewness before and after, whether they pass.

    Columns: ``indicator, title, topic, weight, transformation, base_year, present_year, coverage, skewness_raw,
    skewness, kurtosis, national_base, accepted, passed``; ``accepted`` says why a skewed one is used.
    """
    rows = [_check(panel, indicator) for indicator in panel.framework.indicators]
    return pd.DataFrame(rows).sort_values("indicator", ignore_index=True)


def _check(panel: Panel, indicator: IndexIndicator) -> dict[str, object]:
    framework = panel.framework
    present = indicator.year_for(framework.present_year)
    base = base_year_of(indicator, framework.base_year)
    scale = panel.scales[framework.winsorise][indicator.id]
    used = np.clip(panel.transformed[indicator.id, present], scale.low, scale.high)
    known = used[~np.isnan(used)]
    raw = panel.raw[indicator.id, present]
    coverage = len(known) / len(used)
    skewness = float(stats.skew(known))
    return {
        "indicator": indicator.id,
        "title": indicator.title,
        "topic": indicator.topic,
        "weight": indicator.weight,
        "transformation": indicator.transformation,
        "base_year": base,
        "present_year": present,
        "coverage": coverage,
        "skewness_raw": float(stats.skew(raw[~np.isnan(raw)])),
        "skewness": skewness,
        "kurtosis": float(stats.kurtosis(known)),
        "national_base": panel.national(indicator.id, base),
        "accepted": indicator.skewed or "",
        "passed": coverage >= framework.least_coverage
        and (abs(skewness) <= framework.largest_skewness or indicator.skewed is not None),
    }
