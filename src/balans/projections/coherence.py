"""Published projections of all levels of one indicator, made to add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from balans.projections.intervals import LEVELS, extend, never_narrower
from balans.projections.methods import Array
from balans.projections.publication import Published
from balans.projections.reconcile import joint_half_width, reconcile, summing_matrix
from balans.projections.rules import Rule
from balans.projections.run import Surroundings
from balans.projections.scales import PERCENT, from_scale, to_scale

SMALLEST = "municipality"
JOINT_LEVELS = ("total", "country")
KNOWN_SPREAD = 0.0001  # of the value, for a figure that is already there
UNKNOWN_SPREAD = 0.1  # of the value, where there is no past error: enough to give way to anything that is tested


def make_coherent(published: Mapping[str, Published], around: Surroundings) -> dict[str, Published]:
    """Return the same projections per level, reconciled year by year; totals get an interval that knows correlation.

    Args:
        published: per level, of one indicator; the municipalities among them.
        around: how areas lie in municipalities.
    """
    rule = next(iter(published.values())).projected.rule
    summing = {level: summing_rows(part, around, rule, published[SMALLEST]) for level, part in published.items()}
    years = range(
        min(int(part.years[0]) for part in published.values()),
        int(published[SMALLEST].years[-1]) + 1,
    )
    fitted = {level: np.full(part.scaled.shape, np.nan) for level, part in published.items()}
    for year in years:
        smallest = _reconcile_year(published, summing, year, rule)
        for level, part in published.items():
            if year >= part.years[0]:
                fitted[level][:, year - part.years[0]] = np.einsum("am,m->a", summing[level], smallest)
    return {
        level: _finish(part, fitted[level], summing[level], published[SMALLEST], rule)
        for level, part in published.items()
    }


def summing_rows(part: Published, around: Surroundings, rule: Rule, smallest: Published) -> Array:
    """Return (areas × municipalities): how the areas of one level follow from the municipalities today."""
    panel = smallest.projected.panel
    parts = around.parts[part.projected.panel.level].reindex(part.projected.panel.regions, columns=panel.regions)
    weights = pd.DataFrame(panel.weights.T).ffill().iloc[-1].to_numpy() if rule.is_mean else None
    return summing_matrix(parts.to_numpy(), weights)


def _reconcile_year(
    published: Mapping[str, Published],
    summing: Mapping[str, Array],
    year: int,
    rule: Rule,
) -> Array:
    inner, spread = _base_and_spread(published[SMALLEST], year)
    larger = [level for level in published if level != SMALLEST]
    outer, outer_spread = (
        np.concatenate(part)
        for part in zip(*(_base_and_spread(published[level], year) for level in larger), strict=True)
    )
    last = last_figures(published[SMALLEST])
    inner, spread = (
        np.where(np.isfinite(inner), inner, last),
        np.where(np.isfinite(inner), spread, last),
    )
    rows = np.concatenate([summing[level] for level in larger])
    return reconcile(
        inner,
        spread,
        rows,
        outer,
        outer_spread,
        PERCENT if rule.scale == "logit" else np.inf,
    )


def last_figures(part: Published) -> Array:
    """Per area the last figure there is."""
    return pd.DataFrame(part.projected.panel.values.T).ffill().iloc[-1].to_numpy(dtype=float)


def _base_and_spread(part: Published, year: int) -> tuple[Array, Array]:
    """Per area the projection and half its interval; where the year has a figure already, that, nearly certain."""
    scale, panel = part.projected.rule.scale, part.projected.panel
    place, past = year - int(part.years[0]), year - int(panel.years[0])
    unknown = np.full(len(panel.regions), np.nan)
    scaled = part.scaled[:, place] if place >= 0 else unknown
    width = part.widths[0, :, place] if place >= 0 else unknown
    figure = panel.values[:, past] if past < panel.values.shape[1] else unknown
    value = np.where(np.isfinite(scaled), from_scale(scaled, scale), figure)
    half = (from_scale(scaled + width, scale) - from_scale(scaled - width, scale)) / 2
    half = np.where(np.isfinite(half) & (half > 0), half, UNKNOWN_SPREAD * value)
    return value, np.where(np.isfinite(scaled), half, KNOWN_SPREAD * value)


def _finish(part: Published, fitted: Array, summing: Array, smallest: Published, rule: Rule) -> Published:
    """Put the reconciled values in place of the first ones, and joint intervals on what is a total."""
    scaled = np.where(np.isfinite(part.scaled), to_scale(fitted, rule.scale), np.nan)
    if part.projected.panel.level not in JOINT_LEVELS:
        return replace(part, scaled=scaled)
    widths = np.full_like(part.widths, np.nan)
    for row, shares in enumerate(_value_shares(summing, smallest)):
        by_horizon = _joint_width(smallest, shares)
        ahead = part.years - part.origins[row] - 1
        place = np.clip(ahead, 0, by_horizon.shape[1] - 1)
        widths[:, row] = np.where(np.isfinite(scaled[row]), by_horizon[:, place], np.nan)
    return replace(part, scaled=scaled, widths=widths)


def _value_shares(summing: Array, smallest: Published) -> Array:
    """Share of each municipality in each area's last value (areas × municipalities)."""
    parts = summing * np.nan_to_num(last_figures(smallest))
    shares: Array = parts / parts.sum(axis=1, keepdims=True)
    return shares


def _joint_width(smallest: Published, shares: Array) -> Array:
    """Half widths (2 × horizons) of an area made of municipalities, from how these erred together."""
    inside = shares > 0
    horizons = smallest.errors.shape[2]
    own = np.full((len(LEVELS), horizons), np.nan)
    for row in np.flatnonzero(smallest.origins == smallest.origins.max())[:1]:
        known = smallest.widths[:, row]
        first = int(smallest.origins[row] + 1 - smallest.years[0])
        own[:, : known.shape[1] - first] = known[:, first:]
    own = np.where(np.arange(horizons) < smallest.tested, own, np.nan)
    parts = np.repeat(own[:, None, :], int(inside.sum()), axis=1)
    return extend(never_narrower(joint_half_width(smallest.errors[inside], shares[inside], parts, LEVELS)))
