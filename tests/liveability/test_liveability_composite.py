"""Aggregation, orientation, weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import lsq_linear

from balans.liveability.composite import aggregate, fit_link, oriented_columns
from balans.liveability.index import Index
from balans.liveability.model import choose_weights
from balans.liveability.normalise import Panel
from balans.liveability.weights import calibrate, moments, ridge_from_zero, squared_error

columns = arrays(float, (6, 4), elements=st.floats(0, 1))
weights = arrays(float, 4, elements=st.floats(0.01, 10))


@given(columns, weights)
def test_geometric_is_never_above_arithmetic(found: np.ndarray, chosen: np.ndarray) -> None:
    """Guards the inequality of means, on the positive scale that both then share."""
    arithmetic = 1 + 99 * aggregate(found, chosen, "arithmetic", "min_max")
    assert (aggregate(found, chosen, "geometric", "min_max") <= arithmetic + 1e-9).all()


@given(columns, weights, st.floats(0.1, 100), st.sampled_from(["arithmetic", "geometric"]))
def test_only_the_ratio_of_weights_matters(found: np.ndarray, chosen: np.ndarray, factor: float, kind: str) -> None:
    """Guards that weights are shares."""
    first = aggregate(found, chosen, kind, "min_max")
    np.testing.assert_allclose(aggregate(found, chosen * factor, kind, "min_max"), first)


@given(columns, weights, st.integers(0, 3), st.sampled_from(["arithmetic", "geometric"]))
def test_a_better_indicator_never_lowers_a_score(found: np.ndarray, chosen: np.ndarray, at: int, kind: str) -> None:
    """Guards monotony: the direction of an indicator is the direction of its effect."""
    better = found.copy()
    better[:, at] = np.minimum(better[:, at] + 0.3, 1)
    before = aggregate(found, chosen, kind, "min_max")
    assert (aggregate(better, chosen, kind, "min_max") >= before - 1e-9).all()


def test_columns_point_the_good_way(synthetic_panel: Panel) -> None:
    """Guards orientation: less-is-better is turned, an open indicator comes in both ways."""
    made = oriented_columns(synthetic_panel, "woningvoorraad", 2024)
    assert made.indicators == ("a", "b", "c", "d", "d", "e")
    assert list(made.signs) == [1, -1, 1, 1, -1, 1]
    assert list(made.directed) == [1, 1, 1, 0, 0, 1]
    raw = synthetic_panel.raw["b", 2024]
    assert np.corrcoef(made.values[:, 1], raw)[0, 1] < -0.99
    np.testing.assert_allclose(made.values[:, 3], -made.values[:, 4])


def test_equal_and_random_weights_leave_out_what_has_no_direction(synthetic_panel: Panel) -> None:
    """Guards that only the calibration may choose a direction."""
    made = oriented_columns(synthetic_panel, "woningvoorraad", 2024)
    target, groups = np.zeros(len(made.values)), np.zeros(len(made.values))
    equal = choose_weights(made, target, groups, "equal")
    np.testing.assert_allclose(equal, [0.25, 0.25, 0.25, 0, 0, 0.25])
    drawn = choose_weights(made, target, groups, "random", np.random.default_rng(1))
    assert drawn.sum() == pytest.approx(1)
    assert list(drawn[3:5]) == [0, 0]


def test_calibration_finds_the_planted_weights(synthetic_panel: Panel, synthetic_provinces: np.ndarray) -> None:
    """Guards the calibration: a rule with known weights and little noise comes back, also for the open indicator."""
    made = oriented_columns(synthetic_panel, "woningvoorraad", 2024)
    planted = np.array([0.03, 0.02, 0.0, 0.0, 0.01, 0.005])
    noise = np.random.default_rng(5).normal(0, 0.002, len(made.values))
    found = calibrate(made.values, 0.04 + made.values @ planted + noise, synthetic_provinces)
    np.testing.assert_allclose(found, planted, atol=0.0006)


def test_calibration_never_turns_a_direction_round(synthetic_panel: Panel, synthetic_provinces: np.ndarray) -> None:
    """Guards the sign: an indicator that works against its direction gets no weight."""
    made = oriented_columns(synthetic_panel, "woningvoorraad", 2024)
    target = made.values @ np.array([-0.05, 0.02, 0.0, 0.0, 0.0, 0.0])
    found = calibrate(made.values, target, synthetic_provinces)
    assert found[0] == 0
    assert found[1] > 0.015


@given(st.integers(0, 1000), st.floats(0.1, 100))
def test_ridge_agrees_with_another_solver(seed: int, penalty: float) -> None:
    """Guards our normal equations against bounded least squares on the rows themselves."""
    generator = np.random.default_rng(seed)
    x, y = generator.normal(size=(40, 5)), generator.normal(size=40)
    rows = np.vstack([x - x.mean(axis=0), np.sqrt(penalty) * np.eye(5)])
    theirs = lsq_linear(rows, [*(y - y.mean()), *np.zeros(5)], bounds=(0, np.inf), method="bvls").x
    np.testing.assert_allclose(ridge_from_zero(moments(x, y), penalty), theirs, atol=1e-8)


def test_squared_error_from_sums_is_that_of_the_rows() -> None:
    """Guards the shortcut that makes the choice of the penalty fast."""
    generator = np.random.default_rng(2)
    x, y = generator.normal(size=(50, 3)), generator.normal(size=50)
    train, test = slice(0, 30), slice(30, 50)
    sums = moments(x[train], y[train])
    found = ridge_from_zero(sums, 2.0)
    constant = y[train].mean() - x[train].mean(axis=0) @ found
    direct = np.sum((constant + x[test] @ found - y[test]) ** 2)
    assert squared_error(moments(x[test], y[test]), found, sums) == pytest.approx(direct)


def test_a_composite_without_spread_is_linked_to_the_mean() -> None:
    """Guards against division by zero."""
    link = fit_link(np.ones(4), np.array([1.0, 2.0, 3.0, 6.0]))
    np.testing.assert_allclose(link(np.ones(2)), 3.0)


def test_published_weights_keep_their_direction(index: Index) -> None:
    """Guards the real index: no indicator with a direction works the other way."""
    for name, model in index.models.items():
        for indicator in index.framework.of(name):
            assert model.per_indicator()[indicator.id] * indicator.signs[name] >= 0
