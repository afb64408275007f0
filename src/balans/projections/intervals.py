"""Prediction intervals from past errors only, and how intervals are scored."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVELS = (0.8, 0.95)


def half_widths(errors: Array, least_origins: int, levels: tuple[float, ...] = LEVELS) -> Array:
    """Return half the width of the interval (levels × origins × horizons) on the working scale.

    Conformal prediction over blocks (Vovk, Gammerman & Shafer 2005; Lei et al. 2018). The series of one origin share
    its shocks, so an origin is one block. At an origin and horizon the blocks are the earlier origins whose target year
    is not later than the origin. Each has the quantile ``level`` of its absolute errors; the half width is the quantile
    ``level · (1 + 1/n)`` of those over the ``n`` blocks.

    Args:
        errors: (regions × origins × horizons) outcome minus projection, NaN where either is unknown.
        least_origins: with fewer earlier origins there is no interval (NaN).
        levels: nominal coverage.

    An interval is never narrower than one fewer years ahead.
    """
    blocks = block_quantiles(errors, levels)
    origin = np.arange(blocks.shape[1])
    widths = np.full(blocks.shape, np.nan)
    for ahead in range(blocks.shape[2]):
        known_then = origin[:, None] + ahead + 1 <= origin[None, :]  # earlier origin × origin
        earlier = np.where(known_then, blocks[:, :, ahead, None], np.nan)
        widths[:, :, ahead] = over_blocks(earlier, least_origins, levels)
    return never_narrower(widths)


def current_half_widths(errors: Array, least_origins: int, levels: tuple[float, ...] = LEVELS) -> Array:
    """Return the half widths (levels × horizons) that follow from all errors known today; carried on beyond them."""
    return extend(never_narrower(over_blocks(block_quantiles(errors, levels), least_origins, levels)))


def block_quantiles(errors: Array, levels: tuple[float, ...]) -> Array:
    """Return per origin and horizon the quantiles (levels × origins × horizons) of absolute errors; NaN without any."""
    ordered = np.sort(np.abs(errors), axis=0)
    count = np.isfinite(errors).sum(axis=0)
    return np.stack([_quantile(ordered, count, np.full(count.shape, level)) for level in levels])


def over_blocks(blocks: Array, least: int, levels: tuple[float, ...]) -> Array:
    """Return the conformal quantile over blocks (levels × blocks × …); NaN with fewer than ``least`` blocks."""
    ordered, count = np.sort(blocks, axis=1), np.isfinite(blocks[0]).sum(axis=0)
    wanted = [np.minimum(1.0, level * (1 + 1 / np.maximum(count, 1))) for level in levels]
    found = np.stack([_quantile(row, count, part) for row, part in zip(ordered, wanted, strict=True)])
    return np.where(count >= max(least, 1), found, np.nan)


def _quantile(ordered: Array, count: npt.NDArray[np.int64], wanted: Array) -> Array:
    """Quantile along the first axis of sorted values with NaN last, between the two nearest (as ``numpy.quantile``)."""
    place = wanted * np.maximum(count - 1, 0)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, part[None], axis=0)[0] for part in (below, above))
    between: Array = low + (high - low) * (place - below)
    return between


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
