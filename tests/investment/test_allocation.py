"""Sharing out: to the cent, in proportion, and the same every time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.errors import RequestError
from balans.investment.allocation import cents, largest_remainder

SIZES = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1, max_size=60).filter(lambda sizes: sum(sizes) > 0)


def test_textbook_case() -> None:
    """Hamilton's method on the usual example: 10 seats over 43, 33 and 24 (quotas 4.3, 3.3, 2.4)."""
    assert largest_remainder(10, [43, 33, 24]) == [4, 3, 3]


def test_equal_fractions_go_in_order() -> None:
    """One cent over three equal parts goes to the first, always."""
    assert largest_remainder(1, [1, 1, 1]) == [1, 0, 0]


@given(total=st.integers(0, 10**13), sizes=SIZES)
def test_parts_add_up_to_the_cent(total: int, sizes: list[float]) -> None:
    """No cent is lost or made, for any budget and any key."""
    assert sum(largest_remainder(total, sizes)) == total


@given(total=st.integers(0, 10**10), sizes=SIZES)
def test_every_part_is_its_quota_rounded(total: int, sizes: list[float]) -> None:
    """Nobody is a whole cent or more away from an exact share, and who has nothing of the key gets nothing."""
    for part, size in zip(largest_remainder(total, sizes), sizes, strict=True):
        assert abs(part - total * size / math.fsum(sizes)) < 1 + 1e-3
        assert size > 0 or part == 0


@given(total=st.integers(0, 10**9), sizes=SIZES)
def test_more_of_the_key_is_never_less_money(total: int, sizes: list[float]) -> None:
    """The order of the key is the order of the money."""
    parts = largest_remainder(total, sizes)
    ordered = sorted(zip(sizes, parts, strict=True), key=lambda pair: (pair[0], pair[1]))
    assert [part for _, part in ordered] == sorted(parts)


def test_wrong_amounts_are_explained() -> None:
    """A negative budget, a negative or unknown size and an empty key are refused in Dutch."""
    with pytest.raises(RequestError, match="negatief"):
        largest_remainder(-1, [1])
    with pytest.raises(RequestError, match="sleutel"):
        largest_remainder(1, [-1, 2])
    with pytest.raises(RequestError, match="sleutel"):
        largest_remainder(1, [float("nan")])
    with pytest.raises(RequestError, match="niemand"):
        largest_remainder(1, [0, 0])
    assert largest_remainder(0, [0, 0]) == [0, 0]


def test_cents_of_decimal_euros() -> None:
    """0.29 euro is 29 cents, although 0.29 * 100 is not 29 in floating point."""
    assert cents(0.29) == 29
    assert cents(11_200_000) == 1_120_000_000
    assert cents(0.005) == 1
