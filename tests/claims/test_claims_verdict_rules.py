"""Hedges and bounds: how far a figure may lie from what was claimed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.claims.model import Claim, Hedge, load_claims
from balans.claims.verdicts import Bounds, bounds, ratio_bounds
from balans.errors import DefinitionError


@pytest.fixture(scope="module")
def book(project):
    """The claims as they are defined."""
    return load_claims(project)


def claim(claimed: float, hedge: str = "geen", printed_unit: float = 1.0) -> Claim:
    return Claim(
        id="R99", document="rapport", chapter="h1", statement="fact", claim="synthetic", unit="", kind="figures",
        explanation="", claimed=claimed, hedge=hedge, printed_unit=printed_unit,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hedge", "claimed", "inside", "outside"),
    [
        ("ruim", 630_000, 634_000, 629_000),
        ("ruim", 100_000, 110_000, 71_495),
        ("bijna", 11, 10.87, 11.0),
        ("kleine", -2, -1.7, -2.1),
        ("ca", -7, -6.5, -6.2),
        ("ca", -55_000, -50_000, 5_573),
        ("meer_dan", 14, 14.11, 14.0),
        ("iets_minder_dan", 10, 9.4, 6.5),
        ("onder", 0, -1, 0),
        ("boven", 1, 1.001, 0.999),
    ],
)
def test_hedges_mean_what_their_words_say(hedge, claimed, inside, outside, book):
    """Each written hedge lets in what its word allows and keeps out what it does not."""
    allowed = bounds(claim(claimed, hedge), book.hedges[hedge])
    assert allowed.contain(inside)
    assert not allowed.contain(outside)


def test_bare_number_stands_for_what_rounds_to_it(book):
    """62.2 stands for 62.15 to 62.25."""
    allowed = bounds(claim(62.2, printed_unit=0.1), book.hedges["geen"])
    assert (allowed.lower, allowed.upper) == pytest.approx((62.15, 62.25))


@settings(deadline=None)
@given(st.floats(1, 1e6), st.sampled_from([1, -1]))
def test_a_hedge_works_on_the_size(size, sign):
    """Under minus 55,000 lies nearer to zero, as under 55,000 does."""
    synthetic = Hedge("synthetic", "", 0.1, 0.2, 0, False, "")
    allowed = bounds(claim(sign * size), synthetic)
    assert all(allowed.contain(sign * size * part) for part in (0.95, 1.15))
    assert not any(allowed.contain(sign * size * part) for part in (0.85, 1.25))


def test_ratio_of_money_is_known_to_the_rounding_of_both(book):
    """14,200 of 15,100 euro, each rounded to hundreds, is 94.04% give or take 0.64."""
    allowed = ratio_bounds(book.claims["T04a"].ratio, book)
    assert allowed.contain(94.04)
    assert allowed.contain(94.6)
    assert not allowed.contain(95.0)


def test_strict_bounds_leave_out_the_claimed_value():
    """Nearly eleven is not eleven."""
    assert not Bounds(9.9, 11, True, 11).contain(11)


def test_double_or_dangling_claims_are_refused(project, tmp_path):
    """A claim that stands there twice, or refers to one that does not exist, is named."""
    source = project.definitions / "claims.yml"
    (tmp_path / "definitions" / "schemas").mkdir(parents=True)
    schema = project.definitions / "schemas" / "claims.schema.json"
    (tmp_path / "definitions" / "schemas" / schema.name).write_text(
        schema.read_text(encoding="utf-8"), encoding="utf-8"
    )
    broken = source.read_text(encoding="utf-8").replace("contradicts: [R07]", "contradicts: [R98]")
    (tmp_path / "definitions" / "claims.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(DefinitionError, match="R98"):
        load_claims(type(project)(tmp_path))
