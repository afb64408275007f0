"""Make projections of areas that lie in each other add up, and give sums an interval that knows how areas move together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import lsq_linear

Array = npt.NDArray[np.float64]

MARGIN = 1e-6
LEAST_KNOWN = 0.95


def reconcile(base: Array, summing: Array, spread: Array, upper: float = np.inf) -> Array:
    """Return the values of the smallest areas that fit all projections best; every area is then ``summing @ result``.

    Weighted least squares, WLS in Wickramasuriya, Athanasopoulos & Hyndman (2019): an area whose projections were often
    wrong gives way to one whose were not.

    Args:
        base: projection per area, in its own unit; NaN where there is none.
        summing: (areas × smallest areas); a sum has the part of each smallest area that lies inside, a mean those
            parts times the weight, divided by their total. The smallest areas come as rows of their own, too.
        spread: standard error per area, in the same unit, above zero; NaN where unknown.
        upper: the end of the range; results stay above zero and below it.

    Raises:
        ValueError: a smallest area that no projection says anything about.
    """
    known = np.isfinite(base) & np.isfinite(spread) & (spread > 0)
    rows, wanted = summing[known] / spread[known, None], base[known] / spread[known]
    if not (summing[known].sum(axis=0) > 0).all():
        raise ValueError("Reconciliation: an area lies in no area that has a projection.")
    solution = np.linalg.lstsq(rows, wanted, rcond=None)[0]
    if (solution <= 0).any() or (solution >= upper).any():
        ends = (MARGIN, upper - MARGIN if np.isfinite(upper) else np.inf)
        solution = lsq_linear(rows, wanted, bounds=ends).x
    return solution


def summing_matrix(parts: Array, weights: Array | None) -> Array:
    """Return the rows of :func:`reconcile` for areas that add up (``weights`` None) or average.

    Args:
        parts: (areas × smallest areas) part of each smallest area that lies inside.
        weights: per smallest area what a mean is weighted by.
    """
    if weights is None:
        return parts
    weighed = parts * weights
    return weighed / weighed.sum(axis=1, keepdims=True)


def joint_half_width(errors: Array, shares: Array, widths: Array, levels: tuple[float, ...]) -> Array:
    """Return half the width (levels × horizons), on the log scale, of the interval of a sum or mean of areas.

    Whole past origins are resampled, so that areas err together as they did then (a block bootstrap of which every
    block is used once, with both signs): the error of the sum at an origin is the share-weighted error of its parts,
    and the half width the quantile ``level · (1 + 1/n)`` over the ``n`` origins. It is never wider than if all parts
    were off by their own half width in the same direction.

    Args:
        errors: (parts × origins × horizons) of the parts, NaN where unknown; an origin counts if 95% of the whole is known.
        shares: share of each part in the sum; adds up to 1.
        widths: (levels × parts × horizons) half widths of the parts.
        levels: nominal coverage.

    A horizon without complete origins gets the widest possible, that of parts that all move together.
    """
    together = np.einsum("lph,p->lh", widths, shares)
    joint = _joint_errors(errors, shares)
    result = together.copy()
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
