"""Weights of every year on one division: people are moved, never made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.geography.divisions import division
from balans.geography.transfers import transition_matrix
from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import Indicator
from balans.indicators.weights import _moved, with_nearest_weight
from balans.paths import Project, find_project

YEARS = st.sampled_from([2010, 2013, 2015, 2018, 2021, 2023])


@settings(max_examples=8, deadline=None)
@given(YEARS, st.integers(0, 2**31))
def test_people_moved_to_another_division_stay_as_many(year: int, seed: int) -> None:
    """Guards the carrying of weights: synthetic people of any year are as many on the municipalities of 2024."""
    project = find_project()
    codes = division(project, year)["gm_code"]
    people = np.random.default_rng(seed).uniform(100, 1e6, len(codes))
    index = pd.MultiIndex.from_product([codes, [year]], names=["region", "year"])
    moved = _moved(project, pd.Series(people, index=index), 2024).xs(year, level="year")
    assert (moved >= 0).all()
    assert moved.sum() == pytest.approx(people.sum())
    assert set(moved.index) == set(division(project, 2024)["gm_code"])


@settings(max_examples=8, deadline=None)
@given(YEARS)
def test_a_municipality_that_did_not_change_keeps_its_people(year: int) -> None:
    """Guards the division of a year itself: where nothing was reorganised the weight is the municipality's own."""
    project = find_project()
    matrix, rows, columns = transition_matrix(project, year, 2024)
    whole = [code for place, code in enumerate(rows) if matrix[[place], :].nnz == 1 and code in columns]
    assert len(whole) > 200
    alone = [code for code in whole if matrix[:, [columns.get_loc(code)]].nnz == 1]
    people = pd.Series(1.0 * np.arange(1, len(rows) + 1), index=rows)
    carried = pd.Series(people.to_numpy() @ matrix, index=columns)
    assert carried[alone].to_numpy() == pytest.approx(people[alone].to_numpy())


SIZES = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 1e6), st.floats(0.1, 10)), min_size=2, max_size=8)


def _share(weight: str, **more: object) -> Indicator:
    return Indicator(
        "x",
        "X",
        "x",
        "%",
        1,
        "none",
        "werk",
        "mean",
        "share",
        weight=weight,
        division=2024,
        **more,  # type: ignore[arg-type]
    )


def _synthetic(rows: list[tuple[float, float, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Synthetic shares of 2015 on the division of 2024, people of 2015 and of 2024 (other), and one region."""
    codes = [f"GM{place:04d}" for place in range(len(rows))]
    index = pd.MultiIndex.from_product([codes, [2015, 2024]], names=["region", "year"])
    share = [value for row in rows for value in (row[0], row[0])]
    people = [size for row in rows for size in (row[1], row[1] * row[2])]
    figures = pd.DataFrame({"share": share, "people_on_2024": people}, index=index)
    membership = pd.DataFrame({"region_id": "r", "year": 2024, "gm_code": codes, "weight": 1.0})
    return figures, membership


@given(SIZES)
def test_each_year_is_weighed_by_its_own_people(rows: list[tuple[float, float, float]]) -> None:
    """Guards the year of the weight: 2015 by the people of 2015 although the municipalities are those of 2024."""
    figures, membership = _synthetic(rows)
    result = aggregate(figures, membership, _share("people_on_2024", weight_year="own")).set_index("year")
    for year, sizes in ((2015, [r[1] for r in rows]), (2024, [r[1] * r[2] for r in rows])):
        expected = sum(r[0] * size for r, size in zip(rows, sizes, strict=True)) / sum(sizes)
        assert result.loc[year, "value"] == pytest.approx(expected)
        assert result.loc[year, "denominator"] == pytest.approx(sum(sizes))


@given(SIZES, st.floats(0.01, 1000))
def test_a_mean_does_not_depend_on_the_unit_of_its_weight(rows: list[tuple[float, float, float]], unit: float) -> None:
    """Guards that only the proportions of weights matter, and that a mean stays within what it is a mean of."""
    figures, membership = _synthetic(rows)
    indicator = _share("people_on_2024", weight_year="own")
    before = aggregate(figures, membership, indicator)["value"]
    after = aggregate(figures.assign(people_on_2024=figures["people_on_2024"] * unit), membership, indicator)["value"]
    assert after.to_numpy() == pytest.approx(before.to_numpy())
    assert before.between(min(r[0] for r in rows) - 1e-9, max(r[0] for r in rows) + 1e-9).all()


def test_only_who_asks_for_it_is_weighed_by_its_own_year(project: Project) -> None:
    """Guards the choice in indicators.yml: without ``weight_year: own`` the year of the division weighs every year."""
    assert with_nearest_weight(_share("people")).weight == "people"
    assert with_nearest_weight(_share("people", weight_year="own")).weight == "people_on_2024"
