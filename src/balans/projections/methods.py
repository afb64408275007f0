"""Methods that project many series at once, from every origin at once, using nothing later than the origin.

Every method takes a :class:`Task` and returns (regions × origins × horizons) on the working scale. Every year of the
task is an origin; where the year has no figure the projection is NaN. A series with fewer figures than
``Task.least_points`` gets no change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

TREND_WINDOW = 10
POOLED_DISCOUNT = 0.8
DEVIATION_DAMPING = 0.8
PARENT_DAMPING = 0.9
LEVEL_SMOOTHING = (0.3, 0.6, 0.9)
SLOPE_SMOOTHING = (0.1, 0.3, 0.5)
DAMPING = (
    0.8,
    0.9,
    0.98,
)  # bounds as in Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 8.2


@dataclass(frozen=True)
class Task:
    """Series to project.

    Attributes:
        scaled: (regions × years) on the working scale, NaN where there is no figure.
        horizon: number of years ahead.
        least_points: with fewer figures up to the origin a series gets no change.
        parent_growth: (regions × origins × horizons) growth that the larger area around each region is projected to
            have since the origin, on the working scale; None for an area without one.
        parent_slope: (regions × origins) growth per year of the larger area.
    """

    scaled: Array
    horizon: int
    least_points: int = 4
    parent_growth: Array | None = None
    parent_slope: Array | None = None

    @property
    def ahead(self) -> Array:
        """1, 2, … horizon."""
        return np.arange(1, self.horizon + 1, dtype=float)

    @property
    def enough(self) -> npt.NDArray[np.bool_]:
        """(regions × origins): whether the series has enough figures up to and including the origin."""
        return np.cumsum(np.isfinite(self.scaled), axis=1) >= self.least_points


Method = Callable[[Task], Array]


def no_change(task: Task) -> Array:
    """The last figure stays."""
    return np.repeat(task.scaled[:, :, None], task.horizon, axis=2)


def trend(task: Task) -> Array:
    """The mean growth of the last ten years goes on from the last figure (least squares on the working scale)."""
    slope, _ = slopes(task.scaled, np.ones(TREND_WINDOW))
    return from_last(task, slope[:, :, None] * task.ahead)


def pooled(task: Task) -> Array:
    """The growth of the larger area goes on; the region's own deviation from it dies out.

    See :func:`pooled_growth`. The growth of the outermost area is not damped.
    """
    return from_last(task, pooled_growth(task, damping=1.0)[0])


def pooled_damped(task: Task) -> Array:
    """As :func:`pooled`, with the growth of the outermost area dying out too."""
    return from_last(task, pooled_growth(task, damping=PARENT_DAMPING)[0])


def damped_trend(task: Task) -> Array:
    """Exponential smoothing with a damped additive trend, ETS(A,Ad,N) (Gardner & McKenzie 1985), per series.

    At every origin the smoothing and damping parameters are, from a grid, those with the least squared one-step error
    so far. A year without a figure moves the state on without correcting it.
    """
    states = [_damped_state(task.scaled, *grid) for grid in _parameter_grid()]
    level, growth, squared = (np.stack(part) for part in zip(*states, strict=True))
    best = np.argmin(squared, axis=0)[None]
    level, growth = (np.take_along_axis(part, best, axis=0)[0] for part in (level, growth))
    damping = np.array([phi for *_, phi in _parameter_grid()])[best[0]]
    moved = level[:, :, None] + growth[:, :, None] * accumulated(damping, task.horizon)
    return from_last(task, moved - task.scaled[:, :, None])


def combine(projections: list[Array]) -> Array:
    """The plain mean of several methods on the working scale; it seldom wins big and seldom loses (Clemen 1989)."""
    middle: Array = np.mean(projections, axis=0)
    return middle


def accumulated(damping: Array | float, horizon: int) -> Array:
    """Return φ + φ² + … + φʰ for h = 1 … horizon; shape of ``damping`` × horizon."""
    powers = np.asarray(damping, dtype=float)[..., None] ** np.arange(1, horizon + 1)
    return np.cumsum(powers, axis=-1)


def pooled_growth(task: Task, damping: float) -> tuple[Array, Array]:
    """Return the growth since each origin (regions × origins × horizons) and the slope per year (regions × origins).

    The own slope is a discounted least-squares slope (weight 0.8 per year back). Its deviation from the larger area's
    slope is shrunk by how noisy it is (empirical Bayes: Efron & Morris 1975), which matters most for small
    municipalities, and then damped: growth(h) = parent(h) + w · deviation · Σ 0.8ʲ. Without a larger area the own slope
    is used, damped by ``damping``.
    """
    slope, error = slopes(task.scaled, discounted(task.scaled.shape[1]))
    slope = np.where(task.enough, slope, np.nan)
    if task.parent_growth is None or task.parent_slope is None:
        return slope[:, :, None] * accumulated(damping, task.horizon), slope
    kept = shrinkage(slope - task.parent_slope, error) * (slope - task.parent_slope)
    growth = task.parent_growth + kept[:, :, None] * accumulated(DEVIATION_DAMPING, task.horizon)
    return growth, task.parent_slope + kept


def shrinkage(deviation: Array, error: Array) -> Array:
    """Return per series how much of its deviation to keep: spread between series over spread plus its own noise.

    Args:
        deviation: (regions × origins) of slopes; NaN where unknown.
        error: (regions × origins) standard errors of those slopes.
    """
    known = np.isfinite(deviation) & np.isfinite(error)
    count = np.maximum(known.sum(axis=0), 1)
    spread = np.where(known, deviation**2, 0).sum(axis=0) / count
    noise = np.where(known, error**2, 0).sum(axis=0) / count
    between = np.maximum(spread - noise, 0)
    total = between + error**2
    return np.where(total > 0, between / np.where(total > 0, total, 1), 1.0)


def discounted(years: int) -> Array:
    """Return the weights 1, 0.8, 0.64, … of the origin and the years before it."""
    weights: Array = np.power(POOLED_DISCOUNT, np.arange(years, dtype=float))
    return weights


def slopes(scaled: Array, weights: Array) -> tuple[Array, Array]:
    """Return slope per year and its standard error at every origin (regions × origins), by weighted least squares.

    Args:
        scaled: (regions × years), NaN where there is no figure.
        weights: weight of the origin itself, of the year before, and so on; later weights are zero.

    Fewer than three weighted figures give NaN.
    """
    size = scaled.shape[1]
    lag = np.arange(size)[:, None] - np.arange(size)[None, :]  # origin − year
    table = np.where(
        (lag >= 0) & (lag < len(weights)),
        weights[np.clip(lag, 0, len(weights) - 1)],
        0.0,
    )
    known = np.isfinite(scaled)
    values, years = np.where(known, scaled, 0.0), np.arange(size, dtype=float)
    total, first, second = (known * years**power @ table.T for power in (0, 1, 2))
    mean_year = first / np.where(total > 0, total, 1)
    spread = second - first * mean_year
    product = (values * years) @ table.T - mean_year * (values @ table.T)
    count = known.astype(float) @ (table > 0).T
    usable = (count >= 3) & (spread > 1e-9)
    slope = np.where(usable, product / np.where(usable, spread, 1), np.nan)
    return slope, _slope_error(values, table, (total, count, spread), slope)


def _slope_error(values: Array, table: Array, moments: tuple[Array, Array, Array], slope: Array) -> Array:
    total, count, spread = moments
    mean = (values @ table.T) / np.where(total > 0, total, 1)
    squared = (values**2) @ table.T - total * mean**2 - slope**2 * spread
    variance = np.maximum(squared, 0) / np.where(total > 0, total, 1) * count / np.maximum(count - 2, 1)
    return np.sqrt(variance * total / count / np.where(spread > 1e-9, spread, np.nan))


def from_last(task: Task, growth: Array) -> Array:
    """Add growth to the last figure; a series with too few figures stays where it is, unknown growth stays unknown."""
    return task.scaled[:, :, None] + np.where(task.enough[:, :, None], growth, 0.0)


def _parameter_grid() -> list[tuple[float, float, float]]:
    return [(level, slope, phi) for level in LEVEL_SMOOTHING for slope in SLOPE_SMOOTHING for phi in DAMPING]


def _damped_state(scaled: Array, level_weight: float, slope_weight: float, phi: float) -> tuple[Array, Array, Array]:
    """Run the recursion over the years; return level, growth and mean squared one-step error at every origin."""
    regions, size = scaled.shape
    level, growth = np.full(regions, np.nan), np.zeros(regions)
    squared, count = np.zeros(regions), np.zeros(regions)
    history = np.empty((3, regions, size))
    for year in range(size):
        expected = level + phi * growth
        error = scaled[:, year] - expected
        known = np.isfinite(error)
        error = np.where(known, error, 0.0)
        squared, count = squared + error**2, count + known
        started = np.isfinite(level)
        growth = phi * growth + slope_weight * error
        level = np.where(started, expected + level_weight * error, scaled[:, year])
        history[:, :, year] = level, growth, squared / np.maximum(count, 1)
    return history[0], history[1], history[2]
