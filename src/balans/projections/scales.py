"""Scales on which the methods work, so that no projection or interval leaves its range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

Array = npt.NDArray[np.float64]
PERCENT = 100.0


def to_scale(values: Array, scale: str) -> Array:
    """Return ``values`` on the working scale; what lies outside the open range has no place there and becomes NaN.

    Args:
        values: any shape; counts, money (``log``, above zero) or percentages (``logit``, between 0 and 100).
        scale: ``log`` or ``logit``.
    """
    upper = np.inf if scale == "log" else PERCENT
    inside = np.where((values > 0) & (values < upper), values, np.nan)
    return np.log(inside) if scale == "log" else logit(inside / PERCENT)


def from_scale(scaled: Array, scale: str) -> Array:
    """Return working-scale numbers in their own unit: above zero for ``log``, between 0 and 100 for ``logit``."""
    return np.exp(scaled) if scale == "log" else expit(scaled) * PERCENT
