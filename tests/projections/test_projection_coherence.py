"""Reconciliation: what adds up, what stays in range, what gives way to what."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from balans.projections.reconcile import joint_half_width, reconcile, summing_matrix

PARTS = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0.5], [1, 1, 1, 1]])


@settings(max_examples=100, deadline=None)
@given(
    base=arrays(float, 4, elements=st.floats(1, 1e4)),
    outer=arrays(float, 3, elements=st.floats(1, 4e4)),
    spread=arrays(float, 4, elements=st.floats(0.01, 100)),
)
def test_sums_stay_above_zero_and_follow_the_parts(base: np.ndarray, outer: np.ndarray, spread: np.ndarray) -> None:
    """However the projections contradict each other, the result is positive, so every sum of it is coherent."""
    made = reconcile(base, spread, PARTS, outer, np.full(3, 1.0))
    assert made.shape == base.shape
    assert (made > 0).all()
    assert np.isfinite(made).all()


@settings(max_examples=60, deadline=None)
@given(base=arrays(float, 4, elements=st.floats(1, 99)), outer=arrays(float, 3, elements=st.floats(1, 99)))
def test_shares_stay_below_a_hundred(base: np.ndarray, outer: np.ndarray) -> None:
    """A reconciled share is a share."""
    rows = summing_matrix(PARTS, np.array([3.0, 1, 2, 5]))
    made = reconcile(base, np.full(4, 5.0), rows, outer, np.full(3, 0.5), upper=100.0)
    assert ((made > 0) & (made < 100)).all()
    assert ((rows @ made > 0) & (rows @ made < 100)).all()


def test_coherent_projections_are_left_alone() -> None:
    """What adds up already is not changed."""
    base = np.array([10.0, 20, 30, 40])
    np.testing.assert_allclose(reconcile(base, np.ones(4), PARTS, PARTS @ base, np.ones(3)), base)


def test_the_surer_projection_gives_way_least() -> None:
    """Of two parts, the one whose projections were often wrong takes most of the correction."""
    made = reconcile(np.array([10.0, 10.0]), np.array([1.0, 3.0]), np.ones((1, 2)), np.array([30.0]), np.array([1e-6]))
    np.testing.assert_allclose(made, [11.0, 19.0], rtol=1e-6)


def test_an_area_without_a_projection_says_nothing() -> None:
    """A missing projection of a larger area does not move the smaller ones."""
    base = np.array([10.0, 20, 30, 40])
    np.testing.assert_allclose(reconcile(base, np.ones(4), PARTS, np.full(3, np.nan), np.ones(3)), base)


def test_a_mean_is_weighted() -> None:
    """A mean over areas counts each by its weight and by the part that lies inside."""
    rows = summing_matrix(PARTS[1:2], np.array([1.0, 1, 3, 2]))
    np.testing.assert_allclose(rows, [[0, 0, 0.75, 0.25]])


def test_errors_that_cancel_make_a_narrow_total_and_errors_together_a_wide_one() -> None:
    """The interval of a sum depends on how its parts err together (synthetic errors)."""
    rng = np.random.default_rng(4)
    apart = rng.normal(0, 0.02, (50, 30, 1))
    together = np.repeat(rng.normal(0, 0.02, (1, 30, 1)), 50, axis=0)
    shares, own = np.full(50, 0.02), np.full((2, 50, 1), 0.05)
    narrow, wide = (joint_half_width(errors, shares, own, (0.8, 0.95)) for errors in (apart, together))
    assert narrow[0, 0] < wide[0, 0] / 4
    assert (wide <= 0.05 + 1e-12).all()
