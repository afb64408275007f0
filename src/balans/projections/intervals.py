"""Prediction intervals from past errors only, and how intervals are scored."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVELS = (0.8, 0.95)


def half_widths(errors: Array, least_origins: int, levels: tuple[float, ...] = LEVELS) -> Array:
    """Return half the width of the interval (levels × origins × horizons) on the working scale.

    Split-conformal prediction over blocks (Vovk et al. 2005; Lei et al. 2018): at an origin and horizon the half width
    is the quantile ``level · (1 + 1/n)`` of the absolute errors, over all series of the panel, that were known at that
    origin: those of earlier origins whose target year is not later than the origin. All series of one origin share its
    shocks, so they count as one block: ``n`` is the number of earlier origins, not of errors.

    Args:
        errors: (regions × origins × horizons) outcome minus projection, NaN where either is unknown.
        least_origins: with fewer earlier origins there is no interval (NaN).
        levels: nominal coverage.

    An interval is never narrower than one fewer years ahead.
    """
    _, origins, horizons = errors.shape
    present = np.isfinite(errors)
    blocks = present.any(axis=0)
    widths = np.full((len(levels), origins, horizons), np.nan)
    for ahead in range(horizons):
        size = np.abs(errors[:, :, ahead])
        for origin in range(ahead + 1, origins):
            earlier = blocks[: origin - ahead, ahead]
            if (count := int(earlier.sum())) >= least_origins:
                known = size[:, : origin - ahead][present[:, : origin - ahead, ahead]]
                wanted = [min(1.0, level * (1 + 1 / count)) for level in levels]
                widths[:, origin, ahead] = np.quantile(known, wanted)
    return never_narrower(widths)


def never_narrower(widths: Array) -> Array:
    """Return ``widths`` with, along the last axis, no value below an earlier one; NaN stays NaN."""
    highest = np.maximum.accumulate(np.nan_to_num(widths, nan=0.0), axis=-1)
    return np.where(np.isfinite(widths), highest, np.nan)


def extend(widths: Array) -> Array:
    """Return ``widths`` (… × horizons) carried on beyond the last known horizon in proportion to the years ahead.

    What is carried on is an indication for drawing; it claims no coverage.
    """
    horizons = np.arange(1, widths.shape[-1] + 1)
    known = np.isfinite(widths)
    last = np.maximum.accumulate(np.where(known, horizons, 0), axis=-1)
    place = np.maximum(last - 1, 0)
    carried = np.take_along_axis(np.nan_to_num(widths), place, axis=-1) * horizons / np.maximum(last, 1)
    return np.where(last > 0, np.where(known, widths, carried), np.nan)


def interval_score(outcome: Array, lower: Array, upper: Array, level: float) -> Array:
    """Return the interval score (Gneiting & Raftery 2007), in the unit of the outcome; lower is better."""
    miss = np.maximum(lower - outcome, 0) + np.maximum(outcome - upper, 0)
    return (upper - lower) + 2 / (1 - level) * miss


def weighted_interval_score(outcome: Array, middle: Array, bounds: list[tuple[Array, Array]]) -> Array:
    """Return the weighted interval score of the point and the 80% and 95% interval (Bracher et al. 2021).

    Args:
        outcome: what happened.
        middle: the projection.
        bounds: lower and upper bound per level of ``LEVELS``.
    """
    total = 0.5 * np.abs(outcome - middle)
    for level, (lower, upper) in zip(LEVELS, bounds, strict=True):
        total = total + (1 - level) / 2 * interval_score(outcome, lower, upper, level)
    return total / (len(bounds) + 0.5)
