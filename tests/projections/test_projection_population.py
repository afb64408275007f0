"""Births, deaths and moves; and cohorts: on planted populations (synthetic)."""

from __future__ import annotations

import numpy as np
import pytest

from balans.projections.population import AgeGroups, cohort_growth, components_growth, hamilton_perry, share_out

AGES = 19


def test_a_stationary_population_stays() -> None:
    """If every group replaces the next exactly, nothing changes in any number of steps."""
    ages = np.full((1, AGES), 1000.0)
    np.testing.assert_allclose(hamilton_perry(ages, ages, 4), AGES * 1000.0)


def test_a_cohort_that_halves_keeps_halving() -> None:
    """People of 20–24 of whom half leave before 25–29 go on leaving at that rate, whatever their number is now."""
    before, after = np.full((1, AGES), 100.0), np.full((1, AGES), 100.0)
    after[0, 5], before[0, 4] = 50.0, 100.0
    one = hamilton_perry(before, after, 1)[0, 0]
    after_more = after.copy()
    after_more[0, 4] = 200.0
    assert hamilton_perry(before, after_more, 1)[0, 0] > one


def test_growth_since_the_origin_uses_the_last_usable_base() -> None:
    """From an origin two years after the last ages, growth runs on along the same path and starts at zero."""
    years = np.arange(2014, 2020)
    counts = np.full((1, 6, AGES), 1000.0)
    counts[0, -1] *= 1.1  # 2019 against 2014: ten percent more in every group
    groups = AgeGroups(("CR01",), years, counts)
    growth = cohort_growth(groups, np.arange(2014, 2027), 3)
    assert np.isnan(growth[0, :5]).all(), "before five years of ages are there nothing can be projected"
    assert np.isfinite(growth[0, 5:12]).all()
    assert np.isnan(growth[0, 12]).all(), "a base is used for six years"
    assert (np.diff(growth[0, 5]) > 0).all()
    assert growth[0, 7, 0] == pytest.approx(growth[0, 5, 2] - growth[0, 5, 1])


def test_areas_share_the_growth_of_their_corop_areas() -> None:
    """An area that lies half in each grows by the mean of both; one that touches an unknown area is unknown."""
    growth = np.log(np.array([1.0, 1.2, np.nan]))[:, None, None]
    shares = np.array([[0.5, 0.5, 0.0], [0.9, 0.0, 0.1]])
    made = share_out(growth, shares)
    assert np.exp(made[0, 0, 0]) == pytest.approx(1.1)
    assert np.isnan(made[1]).all()


def test_components_use_nothing_of_the_year_of_the_origin() -> None:
    """On 1 January the births, deaths and moves of that year have still to happen."""
    people = np.full((1, 8), 1000.0)
    natural, migration = np.full((1, 8), 5.0), np.full((1, 8), 2.0)
    later = natural.copy()
    later[0, 5:] = 900.0
    around = np.full((1, 8), 0.002)
    first, second = (components_growth(people, part, migration, around, 4)[:, :6] for part in (natural, later))
    np.testing.assert_array_equal(first, second)


def test_components_recover_a_known_growth() -> None:
    """Five births more than deaths and two arrivals more than departures per thousand give 0.7% a year."""
    people, natural, migration = np.full((1, 8), 1000.0), np.full((1, 8), 5.0), np.full((1, 8), 2.0)
    made = components_growth(people, natural, migration, np.full((1, 8), 0.002), 3)
    np.testing.assert_allclose(np.exp(made[0, -1]), 1.007 ** np.arange(1, 4))
