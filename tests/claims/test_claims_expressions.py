"""The expression language: right, written out, and unable to reach anything else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.claims.expressions import Reading, Result, evaluate
from balans.errors import DefinitionError

SYNTHETIC = {"a": 1352426.0, "b": 16900726.0}


def read(name: str) -> Result:
    value = SYNTHETIC[name]
    return Result(value, f"<{name}>", (Reading(name, "synthetic", 2015, value, "", "synthetic"),))


def test_value_and_written_sum():
    """The sum that shows it has brackets where the arithmetic needs them, and only there."""
    result = evaluate('100 * (read("a") - 2) / read("b") - (3 - 1)', {}, {"read": read})
    assert result.value == pytest.approx(100 * (1352426 - 2) / 16900726 - 2)
    assert result.text == "100 × (<a> − 2) / <b> − (3 − 1)"
    assert [reading.region_id for reading in result.readings] == ["a", "b"]


@settings(deadline=None)
@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 1000))
def test_arithmetic_is_that_of_python(a, b, c):
    """Values follow the usual order of operations."""
    text = f"({a}) - ({b}) * ({c}) / ({c} + 1) + ({a}) * 2"
    expected = a - b * c / (c + 1) + a * 2
    assert evaluate(text, {}, {}).value == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "[1]", "lambda: 1", "open('x')", "1 if 1 else 2", "'x'", "2 ** 9", "unknown", "1 +"],
)
def test_anything_else_is_refused(text):
    """No attribute, import, call or name that was not registered."""
    with pytest.raises(DefinitionError):
        evaluate(text, {"year": 2015}, {})


def test_division_by_nothing_is_missing_not_an_error():
    """A ratio over zero has no value and says so."""
    result = evaluate("1 / 0", {}, {})
    assert math.isnan(result.value)
    assert not result.complete
