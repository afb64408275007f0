"""The report's 2025 column: the three explanations on figures that are made for each (synthetic)."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.claims.report_column import REGION, judge_column
from balans.indicators.report_rows import ReportRow


def claimed(
    krimp: float, netherlands: float, later: float, *, compare: str, indicator: str, follows: bool = True
) -> ReportRow:
    """A synthetic row of the report."""
    values = {"krimp": krimp, "netherlands": netherlands, "later": later}
    return ReportRow("woz", "WOZ", "euro", compare, 2015, {}, values, indicator, follows, "")


CLAIMED = claimed(100.0, 120.0, 80.0, compare="ratio", indicator="woz_waarde")


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
    row_without = claimed(62.2, 65.4, 60.6, compare="difference", indicator="werk")
    row = judge_column([row_without], ["a"], figures({2015: 1.0}, {})).iloc[0]
    assert row["best"] is None
    assert row["outcome"] is None
    assert row["implied_2005_linear"] == pytest.approx(63.8)


def test_a_series_that_counts_others_is_not_carried_on() -> None:
    """Guards rows whose own figures must not move the report's value: exams by school are not those by residence."""
    other = claimed(43.4, 45.1, 40.4, compare="difference", indicator="woz_waarde", follows=False)
    row = judge_column([other], ["a"], figures({2015: 40.0, 2024: 50.0}, {"a": 30.0})).iloc[0]
    assert row["measured"] is None
    assert row["outcome"] is None
    assert row["best"] is None
