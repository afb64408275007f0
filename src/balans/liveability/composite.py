"""From normalised indicators to one composite per dimension, and its link to the official scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from balans.liveability.framework import IndexIndicator
from balans.liveability.normalise import Floats, Panel, normalise


@dataclass(frozen=True)
class Columns:
    """The indicators of one dimension, pointing the good way.

    Attributes:
        values: normalised (n × p); a municipality without a figure is at the national mean, see ``known``.
        indicators: the indicator of each column (p); one without a direction in advance has two columns.
        signs: the direction of each column, 1 or -1 (p).
        directed: 1 where the direction was given, 0 where it was not (p).
        known: whether there was a figure (n × p).
    """

    values: Floats
    indicators: tuple[str, ...]
    signs: Floats
    directed: Floats
    known: Floats

    def rows(self, chosen: npt.NDArray[np.bool_]) -> Columns:
        """Return the same columns for some municipalities."""
        return Columns(
            self.values[chosen],
            self.indicators,
            self.signs,
            self.directed,
            self.known[chosen],
        )

    def without(self, indicator: str | None) -> Columns:
        """Return the columns without those of one indicator."""
        keep = np.array([name != indicator for name in self.indicators])
        names = tuple(name for name in self.indicators if name != indicator)
        return Columns(
            self.values[:, keep],
            names,
            self.signs[keep],
            self.directed[keep],
            self.known[:, keep],
        )


def oriented_columns(
    panel: Panel,
    dimension: str,
    year: int,
    method: str = "standardised",
    winsorise: float | None = None,
) -> Columns:
    """Return the columns of one dimension for ``year``; each indicator's figure is that of ``year_for(year)``."""
    bound = panel.framework.winsorise if winsorise is None else winsorise
    parts, names, signs, directed, known = [], [], [], [], []
    for indicator in panel.framework.of(dimension):
        values, present = _normalised(panel, indicator, year, method, bound)
        given = indicator.signs[dimension]
        for sign in (given,) if given else (1, -1):
            parts.append(values if sign > 0 else _turned(values, method))
            names.append(indicator.id)
            signs.append(float(sign))
            directed.append(float(given != 0))
            known.append(present)
    return Columns(
        np.column_stack(parts),
        tuple(names),
        np.array(signs),
        np.array(directed),
        np.column_stack(known),
    )


def _normalised(
    panel: Panel, indicator: IndexIndicator, year: int, method: str, winsorise: float
) -> tuple[Floats, Floats]:
    scale = panel.scales[winsorise][indicator.id]
    values = normalise(panel.transformed[indicator.id, indicator.year_for(year)], scale, method)
    neutral = normalise(np.array([scale.centre]), scale, method)[0]
    present = ~np.isnan(values)
    return np.where(present, values, neutral), present.astype(float)


def _turned(values: Floats, method: str) -> Floats:
    return -values if method == "standardised" else 1.0 - values


def aggregate(values: Floats, weights: Floats, kind: str, method: str) -> Floats:
    """Return the weighted mean per row: ``arithmetic``, or ``geometric`` on a positive scale.

    The geometric mean lets a low indicator weigh more than a high one makes good. Standardised values are put on
    100 ± 10 per spread for it, values between 0 and 1 on 1–100.

    Args:
        values: normalised columns that point the good way (n × p).
        weights: zero or more, not all zero (p).
        kind: ``arithmetic`` or ``geometric``.
        method: how ``values`` were normalised.
    """
    shares = weights / weights.sum()
    if kind == "arithmetic":
        return np.asarray(values @ shares, dtype=float)
    positive = np.maximum(100.0 + 10.0 * values, 1.0) if method == "standardised" else 1.0 + 99.0 * values
    return np.asarray(np.exp(np.log(positive) @ shares), dtype=float)


@dataclass(frozen=True)
class Link:
    """A straight line from a composite to the official scale: ``constant + slope × composite``."""

    constant: float
    slope: float

    def __call__(self, composite: Floats) -> Floats:
        """Return scores on the official scale."""
        return np.asarray(self.constant + self.slope * composite, dtype=float)


def fit_link(composite: Floats, official: Floats) -> Link:
    """Return the least-squares line; a composite without spread gives the mean."""
    spread = composite - composite.mean()
    total = float(spread @ spread)
    slope = float(spread @ official) / total if total > 0 else 0.0
    return Link(float(official.mean() - slope * composite.mean()), slope)
