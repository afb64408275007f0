"""The break-even model against cases that can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.errors import RequestError
from balans.investment.breakeven import (
    Scenario,
    break_even_curve,
    break_even_effect,
    effect_path,
    net_present_value,
    present_cost,
    present_effect_years,
)

PLAIN = Scenario(cost_per_year=360, years_of_cost=20, horizon=40)


def test_no_effect_leaves_the_costs() -> None:
    """Without an effect the balance is minus 20 years of 360 million."""
    assert net_present_value(PLAIN, 0) == -7200
    assert break_even_effect(replace(PLAIN, delay=40)) == math.inf
    assert break_even_effect(replace(PLAIN, displacement=1)) == math.inf


def test_immediate_full_effect_without_discounting() -> None:
    """20 x 360 million is earned back in 40 years by 180 million a year."""
    assert break_even_effect(PLAIN) == 180
    assert net_present_value(PLAIN, 180) == 0
    assert net_present_value(PLAIN, 1000) == 40 * 1000 - 7200


def test_half_displaced_needs_twice_the_effect() -> None:
    """What other regions lose does not count, so twice as much must be kept."""
    assert break_even_effect(replace(PLAIN, displacement=0.5)) == 360


def test_delay_and_ramp_by_hand() -> None:
    """Two years of nothing, four steps of a quarter, then full: 0.25 + 0.5 + 0.75 + 3 x 1 years of effect in eight."""
    slow = replace(PLAIN, delay=2, ramp=4, horizon=8)
    assert effect_path(slow).tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1, 1]
    assert present_effect_years(slow) == 4.5
    assert present_cost(slow) == 8 * 360


def test_discounting_by_hand() -> None:
    """At 25% the years count 1, 0.8 and 0.64."""
    three = Scenario(cost_per_year=100, years_of_cost=2, discount_rate=0.25, horizon=3)
    assert present_cost(three) == pytest.approx(180)
    assert present_effect_years(three) == pytest.approx(2.44)
    assert break_even_effect(three) == pytest.approx(180 / 2.44)


def test_constant_flow_is_the_annuity_formula() -> None:
    """Costs over n years are worth c (1 - v^n) / (1 - v), with v = 1/(1+r)."""
    scenario = replace(PLAIN, discount_rate=0.0225)
    v = 1 / 1.0225
    assert present_cost(scenario) == pytest.approx(360 * (1 - v**20) / (1 - v))
    assert present_effect_years(scenario) == pytest.approx((1 - v**40) / (1 - v))


@given(
    delay=st.integers(0, 20),
    ramp=st.integers(0, 20),
    displacement=st.floats(0, 0.95),
    rate=st.floats(0, 0.1),
    cost=st.floats(0, 1e5),
)
def test_balance_is_zero_at_the_break_even_effect(
    delay: int, ramp: int, displacement: float, rate: float, cost: float
) -> None:
    """Whatever the assumptions, product at the break-even effect equals costs."""
    scenario = Scenario(cost, 20, delay, ramp, displacement, rate, 45)
    effect = break_even_effect(scenario)
    assert math.isclose(net_present_value(scenario, effect), 0, abs_tol=1e-6 * max(1, present_cost(scenario)))


@given(ramp=st.integers(0, 30), displacement=st.floats(0, 0.9))
def test_slower_or_more_displaced_never_needs_less(ramp: int, displacement: float) -> None:
    """The curve goes up with both assumptions."""
    base = replace(PLAIN, ramp=ramp, displacement=displacement, discount_rate=0.0225)
    assert break_even_effect(replace(base, ramp=ramp + 1)) >= break_even_effect(base) - 1e-9
    assert break_even_effect(replace(base, displacement=displacement + 0.05)) > break_even_effect(base)


def test_curve_has_every_pair() -> None:
    """One row per pair of assumptions, each the same as the model's own answer."""
    curve = break_even_curve(PLAIN, [0, 10], [0.0, 0.5])
    assert len(curve) == 4
    alone = break_even_effect(replace(PLAIN, ramp=10, displacement=0.5))
    assert np.isclose(curve.iloc[-1]["break_even_effect"], alone)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"displacement": 1.2}, "verdringing"),
        ({"cost_per_year": -1}, "kosten"),
        ({"delay": -1}, "jaren"),
        ({"horizon": 0}, "horizon"),
        ({"discount_rate": -1}, "discontovoet"),
    ],
)
def test_assumptions_without_meaning_are_explained(wrong: dict[str, float], word: str) -> None:
    """A wrong assumption is named in Dutch."""
    with pytest.raises(RequestError, match=word):
        replace(PLAIN, **wrong)  # type: ignore[arg-type]
