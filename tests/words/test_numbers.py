"""Numbers are written as Dutch readers expect them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.words.numbers import number, with_unit


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1352426, 0, "1.352.426"),
        (8.0, 1, "8,0"),
        (-2900, 0, "−2.900"),
        (0.5, 0, "1"),
        (-0.04, 1, "0,0"),
        (2.675, 2, "2,68"),
    ],
)
def test_dutch_notation(value: float, decimals: int, text: str) -> None:
    """Guards points, commas, a real minus sign, halves away from zero, and no minus for nothing."""
    assert number(value, decimals) == text


def test_signs_units_and_gaps() -> None:
    """Guards what stands before and behind a number."""
    assert number(5573, signed=True) == "+5.573"
    assert with_unit(163200, "euro") == "€\N{NO-BREAK SPACE}163.200"
    assert with_unit(8, "%", 1) == "8,0%"
    assert number(None) == number(float("nan")) == "–"


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_can_be_read_back(value: int) -> None:
    """Guards that no digit gets lost."""
    assert int(number(value).replace(".", "").replace("−", "-")) == value


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_is_shown_to_its_decimals(value: float, decimals: int) -> None:
    """Guards the rounding: never more than half a unit away."""
    shown = float(number(value, decimals).replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(shown - value) <= 0.5 * 10**-decimals + 1e-6 * max(1, abs(value))
