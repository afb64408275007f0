"""The report's 2025 column: the three explanations on figures that are made for each (synthetic)."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.projections.report_column import REGION, Claimed, judge_column

CLAIMED = Claimed("woz", "WOZ", "euro", 100.0, 120.0, 80.0, "ratio", "woz_waarde", "")


def figures(krimp: dict[int, float], oldest: dict[str, float]) -> pd.DataFrame:
    """Series of the krimp regions and 2015 values of the oldest."""
    rows = [(REGION, year, value, 1.0) for year, value in krimp.items()]
    rows += [(name, 2015, value, 1.0) for name, value in oldest.items()]
    return pd.DataFrame(rows, columns=["region_id", "year", "value", "weight"]).assign(indicator="woz_waarde")


@pytest.mark.parametrize(
    ("krimp", "oldest", "expected"),
    [
        ({2005: 240.0, 2015: 200.0}, {"a": 120.0, "b": 130.0}, "linear"),
        ({2005: 250.0, 2015: 200.0}, {"a": 120.0, "b": 130.0}, "geometric"),
        ({2005: 150.0, 2015: 200.0}, {"a": 150.0, "b": 170.0}, "convergence"),
    ],
)
def test_the_planted_explanation_is_found(krimp: dict[int, float], oldest: dict[str, float], expected: str) -> None:
    """Each explanation is found in figures that were made by it, and fits exactly."""
    row = judge_column([CLAIMED], ["a", "b"], figures(krimp, oldest)).iloc[0]
    assert row["best"] == expected
    assert row["best_distance"] == pytest.approx(0, abs=1e-9)
    assert row["fits"]


def test_a_missing_oldest_region_leaves_convergence_untested() -> None:
    """Two of three regions are not three: the explanation stays open instead of resting on fewer."""
    row = judge_column([CLAIMED], ["a", "b"], figures({2005: 240.0, 2015: 200.0}, {"a": 120.0})).iloc[0]
    assert row["convergence"] is None
    assert row["best"] == "linear"


def test_the_score_is_on_the_reports_own_scale() -> None:
    """Our series doubled since 2015, so on the report's scale 200 happened: it missed by 120, no change by 100."""
    row = judge_column([CLAIMED], ["a"], figures({2015: 300.0, 2024: 600.0}, {"a": 1.0})).iloc[0]
    assert (row["outcome_year"], row["outcome"]) == (2024, 200.0)
    assert (row["error_report"], row["error_no_change"], row["closer"]) == (120.0, 100.0, "no_change")


def test_without_a_measured_indicator_only_the_arithmetic_remains() -> None:
    """No figures: no explanation and no outcome, but what 2005 must have been for a straight line."""
    claimed = Claimed("work", "Werk", "%", 62.2, 65.4, 60.6, "difference", None, "")
    row = judge_column([claimed], ["a"], figures({2015: 1.0}, {})).iloc[0]
    assert row["best"] is None
    assert row["outcome"] is None
    assert row["implied_2005_linear"] == pytest.approx(63.8)
