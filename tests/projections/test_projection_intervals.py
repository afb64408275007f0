"""Intervals: calibrated on past errors only, sensible widths, scores as published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from balans.projections.intervals import (
    LEVELS,
    current_half_widths,
    extend,
    half_widths,
    interval_score,
    over_blocks,
    weighted_interval_score,
)


def test_intervals_cover_what_they_say_on_stable_errors() -> None:
    """With errors that keep their spread, 80% and 95% intervals cover about that much, out of sample (synthetic)."""
    rng = np.random.default_rng(12)
    errors = rng.normal(0, 0.02, (300, 40, 3))
    widths = half_widths(errors, 3)
    for level, width in zip(LEVELS, widths, strict=True):
        inside = (np.abs(errors) <= width)[:, np.isfinite(width)]
        assert level - 0.03 < inside.mean() < level + 0.05


def test_later_errors_do_not_change_earlier_intervals() -> None:
    """An interval made at an origin uses only errors whose outcome was known by then."""
    rng = np.random.default_rng(5)
    errors = rng.normal(0, 1, (10, 12, 4))
    changed = errors.copy()
    known_then = np.arange(12)[:, None] + np.arange(1, 5)[None, :] <= 8  # origin + horizon
    changed[:, ~known_then] = 100
    np.testing.assert_array_equal(half_widths(errors, 3)[:, :9], half_widths(changed, 3)[:, :9])


def test_too_few_origins_claim_no_interval() -> None:
    """Two earlier origins are fewer than three: no interval, not a narrow one."""
    errors = np.ones((5, 4, 2))
    widths = half_widths(errors, 3)
    assert np.isnan(widths[:, :3]).all()
    assert np.isfinite(widths[:, 3, 0]).all()
    assert np.isnan(widths[:, 3, 1]).all()


def test_a_constant_series_among_others_has_a_sensible_width() -> None:
    """A series that never moved still gets the width of its kind: its calm is no promise."""
    rng = np.random.default_rng(8)
    errors = np.concatenate([np.zeros((1, 20, 2)), rng.normal(0, 0.03, (30, 20, 2))])
    width = current_half_widths(errors, 3)[0, 0]
    assert 0.02 < width < 0.08


@settings(max_examples=40, deadline=None)
@given(errors=arrays(float, (4, 9, 5), elements=st.floats(-1, 1)))
def test_intervals_widen_with_the_horizon_and_the_level(errors: np.ndarray) -> None:
    """Further ahead is never narrower, and 95% never narrower than 80%, also beyond what was tested."""
    widths = current_half_widths(errors, 3)
    assert (np.diff(widths, axis=1) >= -1e-12).all()
    assert (widths[1] >= widths[0] - 1e-12).all()


def test_extend_grows_with_the_years_ahead() -> None:
    """Beyond the last tested horizon the indication grows in proportion; without any test there is none."""
    np.testing.assert_allclose(extend(np.array([[1.0, 2.0, np.nan, np.nan]])), [[1, 2, 3, 4]])
    assert np.isnan(extend(np.full((1, 3), np.nan))).all()


def test_over_blocks_is_the_conformal_quantile() -> None:
    """The quantile over blocks is numpy's, at level (1 + 1/n), at most the largest."""
    blocks = np.array([[3.0, 1.0, np.nan, 2.0, 4.0], [3.0, 1.0, np.nan, 2.0, 4.0]])
    found = over_blocks(blocks, 3, (0.4, 0.95))
    np.testing.assert_allclose(found, [np.quantile([1, 2, 3, 4], 0.5), 4.0])


def test_interval_score_follows_gneiting_and_raftery() -> None:
    """Width, plus 2/α times the miss (Gneiting & Raftery 2007, formula 43)."""
    outcome, lower, upper = np.array([5.0, 11.0]), np.array([0.0, 0.0]), np.array([10.0, 10.0])
    np.testing.assert_allclose(interval_score(outcome, lower, upper, 0.8), [10, 10 + 2 / 0.2 * 1])


def test_weighted_interval_score_of_a_point_is_its_absolute_error() -> None:
    """With intervals of no width the score is the absolute error (Bracher et al. 2021)."""
    outcome, point = np.array([3.0]), np.array([1.0])
    score = weighted_interval_score(outcome, point, [(point, point), (point, point)])
    assert score[0] == pytest.approx(2.0)
