"""The methods on planted series: what they must find, and what they must not invent. All series are synthetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from balans.projections import methods
from balans.projections.methods import Task
from balans.projections.scales import from_scale, to_scale

METHODS = {name: getattr(methods, name) for name in ("no_change", "trend", "damped_trend", "pooled", "pooled_damped")}
YEARS = 15


def last(made: np.ndarray) -> np.ndarray:
    """What is projected from the last origin (regions × horizons)."""
    return made[:, -1]


@pytest.mark.parametrize("name", ["trend", "pooled"])
def test_a_known_trend_is_recovered(name: str) -> None:
    """A series that grows by exactly 2% a year is projected to grow by 2% a year."""
    scaled = np.log(1000 * 1.02 ** np.arange(YEARS))[None]
    made = np.exp(last(METHODS[name](Task(scaled, 10))))
    np.testing.assert_allclose(made[0], 1000 * 1.02 ** np.arange(YEARS, YEARS + 10), rtol=1e-9)


def test_a_noisy_trend_is_recovered_within_its_noise() -> None:
    """With 1% noise the ten-year projection of a 2% trend is right within a few percent on average."""
    rng = np.random.default_rng(6)
    scaled = np.log(1000 * 1.02 ** np.arange(YEARS)) + rng.normal(0, 0.01, (200, YEARS))
    made = last(methods.trend(Task(scaled, 10)))[:, -1]
    assert abs(made.mean() - np.log(1000 * 1.02 ** (YEARS + 9))) < 0.01


@pytest.mark.parametrize("name", METHODS)
def test_a_level_shift_does_not_explode(name: str) -> None:
    """A series that once doubled overnight is not projected to double again and again."""
    scaled = np.log(np.where(np.arange(YEARS) < YEARS - 3, 1000.0, 2000.0))[None]
    made = np.exp(last(METHODS[name](Task(scaled, 15))))
    assert made.max() < 2000 * 2**3, "an undamped trend may carry on, but not by a doubling every three years"
    if name in ("no_change", "damped_trend", "pooled_damped"):
        assert made.max() < 2000 * 4


@pytest.mark.parametrize("name", METHODS)
def test_a_constant_series_stays_constant(name: str) -> None:
    """Nothing happened, so nothing is projected to happen."""
    made = np.exp(METHODS[name](Task(np.log(np.full((3, YEARS), 500.0)), 10)))
    np.testing.assert_allclose(made, 500.0)


@pytest.mark.parametrize("name", METHODS)
def test_three_points_give_no_change(name: str) -> None:
    """Three figures are too few for a slope, however steep they are."""
    scaled = np.full((1, YEARS), np.nan)
    scaled[0, -3:] = np.log([100.0, 200.0, 400.0])
    task = Task(scaled, 5)
    assert not task.enough.any()
    np.testing.assert_allclose(np.exp(last(METHODS[name](task))), 400.0)


@pytest.mark.parametrize("name", METHODS)
def test_a_missing_year_is_not_zero(name: str) -> None:
    """Leaving out years of an exact trend changes no projection: a gap is a gap, not a fall to nothing."""
    full = np.log(1000 * 1.01 ** np.arange(YEARS))[None]
    gaps = full.copy()
    gaps[0, [2, 5, 6, 9]] = np.nan
    whole, broken = (last(METHODS[name](Task(series, 8))) for series in (full, gaps))
    assert np.isfinite(broken).all()
    np.testing.assert_allclose(broken, whole, atol=0.03)


@pytest.mark.parametrize("name", METHODS)
def test_an_origin_without_a_figure_projects_nothing(name: str) -> None:
    """A projection starts from a figure; there is none, so there is no projection."""
    scaled = np.log(np.full((1, YEARS), 10.0))
    scaled[0, -1] = np.nan
    assert np.isnan(last(METHODS[name](Task(scaled, 3)))).all()


@settings(max_examples=40, deadline=None)
@given(
    values=arrays(float, (3, 12), elements=st.floats(1, 1e6)),
    later=arrays(float, (3, 5), elements=st.floats(1, 1e6)),
    name=st.sampled_from(sorted(METHODS)),
)
def test_no_method_looks_ahead(values: np.ndarray, later: np.ndarray, name: str) -> None:
    """What comes after an origin does not change what is projected from it."""
    changed = np.concatenate([values[:, :7], later], axis=1)
    before, after = (METHODS[name](Task(np.log(part), 4))[:, :7] for part in (values, changed))
    np.testing.assert_allclose(before, after, rtol=1e-9, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    shares=arrays(float, (4, 10), elements=st.floats(0.01, 99.99)),
    name=st.sampled_from(sorted(METHODS)),
    horizon=st.integers(1, 25),
)
def test_a_share_never_leaves_its_range(shares: np.ndarray, name: str, horizon: int) -> None:
    """On the logit scale no share becomes negative or more than 100%."""
    made = from_scale(METHODS[name](Task(to_scale(shares, "logit"), horizon)), "logit")
    assert ((made >= 0) & (made <= 100)).all()


@settings(max_examples=60, deadline=None)
@given(values=arrays(float, (4, 10), elements=st.floats(1, 1e7)), name=st.sampled_from(sorted(METHODS)))
def test_money_and_counts_never_fall_below_zero(values: np.ndarray, name: str) -> None:
    """On the log scale no value is projected at or below zero, except where floating point ends."""
    made = from_scale(METHODS[name](Task(to_scale(values, "log"), 10)), "log")
    assert (made >= 0).all()


def test_what_lies_outside_the_range_is_no_figure() -> None:
    """A zero count or a share of 100% has no place on the scale and counts as missing, not as infinite."""
    assert np.isnan(to_scale(np.array([0.0, -1.0]), "log")).all()
    assert np.isnan(to_scale(np.array([0.0, 100.0]), "logit")).all()


def test_damped_trend_agrees_with_statsmodels() -> None:
    """Our vectorised recursion is the damped ETS of statsmodels when given the same parameters."""
    rng = np.random.default_rng(3)
    series = np.cumsum(rng.normal(0.02, 0.01, 20)) + 5
    level, growth, _ = methods._damped_state(series[None], 0.6, 0.3, 0.9)
    model = ExponentialSmoothing(
        series,
        trend="add",
        damped_trend=True,
        initialization_method="known",
        initial_level=series[0],
        initial_trend=0.0,
    )
    # statsmodels starts its recursion before the first figure, ours at it; with a known start both then agree
    fitted = model.fit(smoothing_level=0.6, smoothing_trend=0.3 / 0.6, damping_trend=0.9, optimized=False)
    expected = fitted.forecast(5)
    ours = level[0, -1] + growth[0, -1] * methods.accumulated(0.9, 5)
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_slopes_are_weighted_least_squares() -> None:
    """The slope at an origin is that of numpy's own weighted fit on the figures up to it, gaps left out."""
    rng = np.random.default_rng(1)
    scaled = rng.normal(size=(5, YEARS))
    scaled[:, 4] = np.nan
    weights = methods.discounted(YEARS)
    slope, _ = methods.slopes(scaled, weights)
    for origin in (6, 10, YEARS - 1):
        years = np.array([year for year in range(origin + 1) if year != 4])
        expected = np.polyfit(years, scaled[:, years].T, 1, w=np.sqrt(weights[origin - years]))[0]
        np.testing.assert_allclose(slope[:, origin], expected)


def test_small_noisy_areas_are_pulled_to_the_larger_one() -> None:
    """The noisier the own slope, the more of its deviation from the larger area is given up."""
    deviation = np.array([[0.02], [0.02], [-0.02], [-0.02]])
    kept = methods.shrinkage(deviation, np.array([[0.001], [0.02], [0.001], [0.02]]))
    assert kept[0, 0] > 0.9 > kept[1, 0] > 0


def test_deviations_from_the_larger_area_die_out() -> None:
    """In the long run an area grows with the area around it; in the first year mostly by itself."""
    scaled = np.log(1000 * np.stack([1.03 ** np.arange(YEARS), 1.01 ** np.arange(YEARS)]))
    growth = np.broadcast_to(np.log(1.02) * np.arange(1, 41), (2, YEARS, 40))
    task = Task(scaled, 40, parent_growth=growth, parent_slope=np.full((2, YEARS), np.log(1.02)))
    yearly = np.diff(last(methods.pooled(task)), axis=1)
    assert yearly[0, 0] > yearly[0, -1] == pytest.approx(np.log(1.02), abs=1e-4)
    assert yearly[1, 0] < yearly[1, -1] == pytest.approx(np.log(1.02), abs=1e-4)
