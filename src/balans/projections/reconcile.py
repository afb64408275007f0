"""Make projections of areas that lie in each other add up, with intervals that know how areas move together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import lsq_linear

Array = npt.NDArray[np.float64]

MARGIN = 1e-6
LEAST_KNOWN = 0.95
DECIMALS = 9


def reconcile(
    base: Array,
    spread: Array,
    summing: Array,
    outer: Array,
    outer_spread: Array,
    upper: float = np.inf,
) -> Array:
    """Return the values of the smallest areas that fit all projections best; every area is then ``summing @ result``.

    Weighted least squares, WLS in Wickramasuriya, Athanasopoulos & Hyndman (2019): an area whose projections were often
    wrong gives way to one whose were not. Written as a correction of the smallest areas by what the larger ones miss.

    Args:
        base: (smallest areas) projection of each, in its own unit.
        spread: (smallest areas) standard error of each, above zero.
        summing: (larger areas × smallest areas), see :func:`summing_matrix`.
        outer: (larger areas) projection of each; NaN where there is none.
        outer_spread: (larger areas) standard error of each.
        upper: the end of the range; results stay above zero and below it.
    """
    known = np.isfinite(outer) & np.isfinite(outer_spread)
    rows, variance = summing[known], spread**2
    missed = outer[known] - rows @ base
    total = (rows * variance) @ rows.T + np.diag(outer_spread[known] ** 2)
    correction = variance * (rows.T @ np.linalg.lstsq(total, missed, rcond=None)[0]) / base
    result = base * (1 + correction.round(DECIMALS))  # the same on any number of processors
    if (result > 0).all() and (result < upper).all():
        return result
    weighed = np.vstack([np.diag(1 / spread), rows / outer_spread[known, None]])
    wanted = np.concatenate([base / spread, outer[known] / outer_spread[known]])
    ends = (base * MARGIN, upper - MARGIN if np.isfinite(upper) else np.inf)
    return np.asarray(lsq_linear(weighed, wanted, bounds=ends).x)


def summing_matrix(parts: Array, weights: Array | None) -> Array:
    """Return the rows of :func:`reconcile` for areas that add up (``weights`` None) or average.

    Args:
        parts: (areas × smallest areas) part of each smallest area that lies inside.
        weights: per smallest area what a mean is weighted by.
    """
    if weights is None:
        return parts
    weighed = parts * weights
    shared: Array = weighed / weighed.sum(axis=1, keepdims=True)
    return shared


def joint_half_width(errors: Array, shares: Array, widths: Array, levels: tuple[float, ...]) -> Array:
    """Return half the width (levels × horizons), on the log scale, of the interval of a sum or mean of areas.

    Whole past origins are resampled, so that areas err together as they did then (a block bootstrap of which every
    block is used once, with both signs): the error of the sum at an origin is the share-weighted error of its parts,
    and the half width the quantile ``level · (1 + 1/n)`` over the ``n`` origins. It is never wider than if all parts
    were off by their own half width in the same direction.

    Args:
        errors: (parts × origins × horizons) of the parts, NaN where unknown; an origin counts if 95% of the whole
            is known.
        shares: share of each part in the sum; adds up to 1.
        widths: (levels × parts × horizons) half widths of the parts.
        levels: nominal coverage.

    A horizon without complete origins gets the widest possible, that of parts that all move together.
    """
    together = np.einsum("lph,p->lh", widths, shares)
    joint = _joint_errors(errors, shares)
    result: Array = together.copy()
    for ahead in range(errors.shape[2]):
        known = joint[np.isfinite(joint[:, ahead]), ahead]
        if len(known):
            wanted = [min(1.0, level * (1 + 1 / len(known))) for level in levels]
            result[:, ahead] = np.fmin(np.quantile(known, wanted), together[:, ahead])
    return result


def _joint_errors(errors: Array, shares: Array) -> Array:
    """Size of the share-weighted error (origins × horizons) of the parts that are known; NaN where too few are."""
    known = np.einsum("poh,p->oh", np.isfinite(errors).astype(float), shares)
    total = np.einsum("poh,p->oh", np.nan_to_num(errors), shares)
    return np.where(known >= LEAST_KNOWN, np.abs(total) / np.where(known > 0, known, 1), np.nan)
