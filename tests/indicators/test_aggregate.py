"""The one formula behind every indicator, on synthetic municipalities."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import Indicator

amounts = st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e5), st.floats(0.01, 1)), min_size=2, max_size=8)


def synthetic(rows: list[tuple[float, float, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Synthetic municipalities with a value, a weight, and the part that lies in the region."""
    codes = [f"GM{position:04d}" for position in range(len(rows))]
    index = pd.MultiIndex.from_product([codes, [2020]], names=["region", "year"])
    figures = pd.DataFrame({"value": [r[0] for r in rows], "size": [r[1] for r in rows]}, index=index)
    membership = pd.DataFrame({"region_id": "r", "year": 2020, "gm_code": codes, "weight": [r[2] for r in rows]})
    return figures, membership


def indicator(kind: str, **more: object) -> Indicator:
    return Indicator("x", "X", "x", "n", 0, "none", "wonen", kind, "value", **more)  # type: ignore[arg-type]


@given(amounts)
def test_a_sum_adds_the_parts(rows: list[tuple[float, float, float]]) -> None:
    """Guards the weight of split municipalities."""
    result = aggregate(*synthetic(rows), indicator("sum"))
    assert result["value"].item() == pytest.approx(sum(value * part for value, _, part in rows))


@given(amounts)
def test_a_mean_lies_between_its_parts(rows: list[tuple[float, float, float]]) -> None:
    """Guards that a weighted mean never leaves the range of what it is a mean of."""
    result = aggregate(*synthetic(rows), indicator("mean", weight="size"))
    values = [value for value, _, _ in rows]
    assert min(values) * (1 - 1e-9) <= result["value"].item() <= max(values) * (1 + 1e-9)


@given(amounts, st.floats(0.1, 100))
def test_a_ratio_does_not_depend_on_the_unit_of_both_sides(rows: list[tuple[float, float, float]], unit: float) -> None:
    """Guards that numerator and denominator are added up before dividing."""
    figures, membership = synthetic(rows)
    ratio = indicator("ratio", denominator="size")
    before = aggregate(figures, membership, ratio)["value"].item()
    after = aggregate(figures * unit, membership, ratio)["value"].item()
    assert after == pytest.approx(before)


def test_a_sum_with_a_gap_gives_no_figure() -> None:
    """Guards against a total that silently leaves a municipality out."""
    figures, membership = synthetic([(10, 1, 1), (20, 1, 1)])
    figures.loc[("GM0001", 2020), "value"] = float("nan")
    assert aggregate(figures, membership, indicator("sum")).empty


def test_a_mean_with_a_small_gap_says_how_much_it_covers() -> None:
    """Guards ``coverage``: the part of the weight that has a value."""
    figures, membership = synthetic([(10, 9, 1), (20, 1, 1)])
    figures.loc[("GM0001", 2020), "value"] = float("nan")
    result = aggregate(figures, membership, indicator("mean", weight="size"))
    assert result["coverage"].item() == pytest.approx(0.9)
    assert result["value"].item() == pytest.approx(10)


def test_a_mean_with_a_large_gap_gives_no_figure() -> None:
    """Guards the least coverage of 80%."""
    figures, membership = synthetic([(10, 7, 1), (20, 3, 1)])
    figures.loc[("GM0001", 2020), "value"] = float("nan")
    assert aggregate(figures, membership, indicator("mean", weight="size")).empty


def test_a_single_municipality_needs_no_weight() -> None:
    """Guards municipal rows of years in which the weight is not published."""
    figures, membership = synthetic([(10, 1, 1)])
    figures["size"] = float("nan")
    assert aggregate(figures, membership, indicator("mean", weight="size"))["value"].item() == 10


def test_split_by_chooses_its_own_part() -> None:
    """Guards that land is shared out by hectares, not by inhabitants."""
    figures, membership = synthetic([(10, 1, 0.5), (20, 1, 1)])
    membership["weight_hectares"] = [0.1, 1.0]
    assert aggregate(figures, membership, indicator("sum", split_by="hectares"))["value"].item() == pytest.approx(21)


def test_years_on_a_fixed_division_use_its_members_and_weights() -> None:
    """Guards tables that publish all years on one division, such as the health figures on that of 2020."""
    figures, membership = synthetic([(10, 1, 1), (20, 3, 1)])
    earlier = figures.rename(index={2020: 2012}, level="year").assign(size=float("nan"))
    result = aggregate(pd.concat([figures, earlier]), membership, indicator("mean", weight="size", division=2020))
    assert result.set_index("year")["value"].to_dict() == pytest.approx({2012: 17.5, 2020: 17.5})


@given(amounts, st.sampled_from(["sum", "mean", "ratio"]))
def test_every_value_doubled(rows: list[tuple[float, float, float]], kind: str) -> None:
    """Guards scale: twice every value is twice the sum and the mean; of a ratio, twice the top is twice the ratio."""
    more = {"mean": {"weight": "size"}, "ratio": {"denominator": "size"}}.get(kind, {})
    figures, membership = synthetic(rows)
    before = aggregate(figures, membership, indicator(kind, **more))["value"].item()
    after = aggregate(figures.assign(value=2 * figures["value"]), membership, indicator(kind, **more))["value"].item()
    assert after == pytest.approx(2 * before)


@given(amounts)
def test_a_region_split_in_two_and_joined(rows: list[tuple[float, float, float]]) -> None:
    """Guards sums and means of parts: two halves add up to the whole, and their weighted mean is that of the whole."""
    figures, membership = synthetic(rows)
    halves = membership.assign(region_id=["one", *["two"] * (len(rows) - 1)])
    for one in (indicator("sum"), indicator("mean", weight="size")):
        whole, parts = (aggregate(figures, part, one) for part in (membership, halves))
        assert parts["numerator"].sum() == pytest.approx(whole["numerator"].item())
        if one.kind == "mean":
            mean = (parts["value"] * parts["denominator"]).sum() / parts["denominator"].sum()
            assert mean == pytest.approx(whole["value"].item())


@given(amounts)
def test_the_order_of_municipalities_does_not_matter(rows: list[tuple[float, float, float]]) -> None:
    """Guards against figures that end up with the wrong municipality: two of them swapped, the same result."""
    figures, membership = synthetic(rows)
    swapped = aggregate(figures.iloc[::-1], membership.iloc[::-1], indicator("mean", weight="size"))
    assert swapped["value"].item() == pytest.approx(
        aggregate(figures, membership, indicator("mean", weight="size"))["value"].item()
    )
