"""Transforming, winsorising and normalising."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from balans.errors import RawDataError
from balans.liveability.index import Index
from balans.liveability.normalise import make_scale, normalise, transform

METHODS = ["standardised", "min_max", "percentile"]
values = arrays(float, 30, elements=st.integers(-1000, 1000).map(float), unique=True)
people = arrays(float, 30, elements=st.floats(1, 1e6))


@given(values, people, st.sampled_from(METHODS), st.floats(0, 0.2))
def test_order_is_kept(found: np.ndarray, weights: np.ndarray, method: str, winsorise: float) -> None:
    """Guards that normalising never turns two municipalities round."""
    scale = make_scale({2015: found}, 2015, weights, winsorise)
    made = normalise(found, scale, method)
    assert (np.diff(made[np.argsort(found)]) >= -1e-9).all()


@given(values, people)
def test_standardised_has_national_mean_zero_and_spread_one(found: np.ndarray, weights: np.ndarray) -> None:
    """Guards the base: zero is the mean over inhabitants, one the spread over municipalities."""
    made = normalise(found, make_scale({2015: found}, 2015, weights, 0.0), "standardised")
    assert np.average(made, weights=weights) == pytest.approx(0, abs=1e-6)
    assert made.std() == pytest.approx(1)


@given(values, people, st.sampled_from(["min_max", "percentile"]))
def test_bounded_scales_stay_between_zero_and_one(found: np.ndarray, weights: np.ndarray, method: str) -> None:
    """Guards the positive scale that a geometric mean needs, for figures outside the base year's range, too."""
    scale = make_scale({2015: found}, 2015, weights, 0.05)
    made = normalise(np.array([-1e6, *found, 1e6]), scale, method)
    assert made.min() >= 0
    assert made.max() <= 1


@given(values, people, st.floats(0.1, 10), st.floats(-100, 100), st.sampled_from(METHODS))
def test_the_unit_does_not_matter(
    found: np.ndarray, weights: np.ndarray, factor: float, shift: float, method: str
) -> None:
    """Guards that metres instead of kilometres give the same index."""
    plain = normalise(found, make_scale({2015: found}, 2015, weights, 0.1), method)
    other = found * factor + shift
    scaled = normalise(other, make_scale({2015: other}, 2015, weights, 0.1), method)
    np.testing.assert_allclose(scaled, plain, atol=0.04 if method == "percentile" else 1e-6)


def test_the_base_year_stays_so_that_a_score_can_move() -> None:
    """Guards the fixed base: when every place gains the same, every score rises."""
    base, later = np.arange(10.0), np.arange(10.0) + 2
    scale = make_scale({2015: base, 2018: later}, 2015, np.ones(10), 0.0)
    assert np.average(normalise(later, scale, "standardised")) == pytest.approx(2 / base.std())


def test_a_missing_figure_stays_missing() -> None:
    """Guards against filling."""
    found = np.array([1.0, np.nan, 3.0, 4.0])
    scale = make_scale({2015: found}, 2015, np.ones(4), 0.0)
    for method in METHODS:
        np.testing.assert_array_equal(np.isnan(normalise(found, scale, method)), [False, True, False, False])


def test_money_is_set_against_the_national_mean() -> None:
    """Guards that inflation of house prices is not liveability: twice the price everywhere changes nothing."""
    prices = np.array([100.0, 200.0])
    np.testing.assert_allclose(
        transform(prices, "relative_log", 150.0), transform(2 * prices, "relative_log", 300.0), atol=1e-12
    )


@pytest.mark.parametrize(("transformation", "figure"), [("log", 0.0), ("root", -1.0), ("log_plus_one", -0.5)])
def test_a_figure_without_a_logarithm_is_refused(transformation: str, figure: float) -> None:
    """Guards against infinities in the index."""
    with pytest.raises(RawDataError, match=f"has no {transformation}"):
        transform(np.array([1.0, figure]), transformation)


def test_every_indicator_passes_the_checks(tables: dict[str, pd.DataFrame], index: Index) -> None:
    """Guards coverage (95%) and skewness (2, or a stated reason) of all indicators on the real figures."""
    checks = tables["liveability_indicators"]
    assert checks["passed"].all(), checks[~checks["passed"]]
    assert checks["coverage"].min() > 0.98
    skewed = checks[checks["skewness"].abs() > index.framework.largest_skewness]
    assert set(skewed["indicator"]) == {"buitenwater_aandeel", "glastuinbouw_aandeel"}
