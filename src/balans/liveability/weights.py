"""Weights of the indicators: equal, random, or calibrated on scores.

Calibration is a ridge regression with weights of zero or more, on columns that already point the good way: an indicator
of which more is better can only add to a score. Source of the form: Hoerl & Kennard (1970), Ridge Regression,
Technometrics 12(1); Lawson & Hanson (1974), Solving Least Squares Problems, for the sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls

from balans.liveability.normalise import Floats

PENALTIES = tuple(float(penalty) for penalty in np.logspace(0.0, 3.0, 7))


@dataclass(frozen=True)
class Moments:
    """Sums over a set of municipalities, enough for a regression; sets can be added and taken away.

    Attributes:
        n: number of municipalities.
        x: sum per column (p).
        y: sum of the target.
        xx: sum of products of columns (p × p).
        xy: sum of products with the target (p).
        yy: sum of the squared target.
    """

    n: float
    x: Floats
    y: float
    xx: Floats
    xy: Floats
    yy: float

    def minus(self, other: Moments) -> Moments:
        """Return the sums without the municipalities of ``other``."""
        return Moments(
            self.n - other.n,
            self.x - other.x,
            self.y - other.y,
            self.xx - other.xx,
            self.xy - other.xy,
            self.yy - other.yy,
        )

    def centred(self) -> tuple[Floats, Floats]:
        """Return the products about the mean: columns with columns (p × p), columns with the target (p)."""
        return self.xx - np.outer(self.x, self.x) / self.n, self.xy - self.x * self.y / self.n


def moments(columns: Floats, target: Floats) -> Moments:
    """Return the sums over the rows of ``columns`` (n × p) and ``target`` (n)."""
    return Moments(
        len(target),
        columns.sum(0),
        float(target.sum()),
        columns.T @ columns,
        columns.T @ target,
        float(target @ target),
    )


def ridge_from_zero(sums: Moments, penalty: float) -> Floats:
    """Return the weights (p, each zero or more) that minimise squared error + ``penalty`` × squared weights."""
    products, with_target = sums.centred()
    root = cholesky(products + penalty * np.eye(len(with_target)), lower=True)
    right = solve_triangular(root, with_target, lower=True)
    return np.asarray(nnls(root.T, right, maxiter=30 * len(right))[0], dtype=float)


def squared_error(sums: Moments, weights: Floats, train: Moments) -> float:
    """Return the summed squared error on ``sums`` of a regression fitted on ``train`` (its means are the intercept)."""
    constant = (train.y - train.x @ weights) / train.n
    centred = sums.xx @ weights + 2 * constant * sums.x - 2 * sums.xy
    return float(weights @ centred + sums.n * constant**2 - 2 * constant * sums.y + sums.yy)


def calibrate(
    columns: Floats,
    target: Floats,
    groups: Floats,
    penalties: Sequence[float] = PENALTIES,
) -> Floats:
    """Return calibrated weights (p), with the penalty that predicts left-out groups best.

    Args:
        columns: normalised indicators that point the good way (n × p).
        target: official scores (n).
        groups: a number per row; rows of one group (province) are left out together, so that neighbours do not leak.
        penalties: what to choose from.
    """
    scale = _spread(columns)
    penalty = best_penalty_of(columns, target, groups, penalties)
    return np.asarray(ridge_from_zero(moments(columns / scale, target), penalty) / scale, dtype=float)


def best_penalty_of(columns: Floats, target: Floats, groups: Floats, penalties: Sequence[float]) -> float:
    """Return the penalty with the smallest squared error over left-out groups; a single one is taken as it is."""
    if len(penalties) == 1:
        return penalties[0]
    standardised = columns / _spread(columns)
    parts = [moments(standardised[groups == group], target[groups == group]) for group in np.unique(groups)]
    return best_penalty(moments(standardised, target), parts, penalties)


def _spread(columns: Floats) -> Floats:
    spread = columns.std(axis=0)
    return np.where(spread > 0, spread, 1.0)


def best_penalty(whole: Moments, parts: Sequence[Moments], penalties: Sequence[float]) -> float:
    """Return the penalty with the smallest squared error over left-out parts; the larger one on a tie."""
    errors = [sum(_left_out_error(whole, part, penalty) for part in parts) for penalty in penalties]
    return max(zip(penalties, errors, strict=True), key=lambda pair: (-pair[1], pair[0]))[0]


def _left_out_error(whole: Moments, part: Moments, penalty: float) -> float:
    train = whole.minus(part)
    return squared_error(part, ridge_from_zero(train, penalty), train)


def equal_weights(directed: Floats) -> Floats:
    """Return 1 / number of directed columns for those, and 0 for columns without a direction in advance."""
    return np.asarray(directed / directed.sum(), dtype=float)


def random_weights(directed: Floats, generator: np.random.Generator) -> Floats:
    """Return weights over the directed columns, uniform over all weights that add up to 1 (flat Dirichlet)."""
    drawn = np.zeros(len(directed))
    drawn[directed > 0] = generator.dirichlet(np.ones(int(directed.sum())))
    return drawn
