"""The exams of four years, on invented schools."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.indicators.exams import exam_indicator

YEARS = (2015, 2016, 2017, 2018, 2019)


def passes(**hidden: int) -> pd.DataFrame:
    """One municipality: each year 10 havo, 20 vwo and 70 vmbo; a hundred times as many in the first year."""
    rows = [
        ("GM0001", 2020, year, kind, number * (100 if year == 2015 else 1), hidden.get(kind, 0))
        for year in YEARS
        for kind, number in (("HAVO", 10), ("VWO", 20), ("VMBO", 70))
    ]
    return pd.DataFrame(rows, columns=["gm_code", "division", "year", "type", "passed", "hidden"])


def members(weight: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame({"region_id": ["r"], "year": [2020], "gm_code": ["GM0001"], "weight": [weight]})


def test_havo_and_vwo_of_four_years() -> None:
    """Guards the share and its window: four years, not three and not five; no figure for fewer."""
    found = exam_indicator(passes(), members()).set_index("year")
    assert found.index.tolist() == [2018, 2019]
    assert found["value"].tolist() == pytest.approx([30.0, 30.0])
    assert found["denominator"].tolist() == [100 * 100 + 300, 400]


def test_hidden_results_lower_the_coverage() -> None:
    """Guards what is said of results that are hidden: 25 a year on a hundred known is four fifths."""
    assert exam_indicator(passes(VMBO=25), members()).set_index("year").loc[2019, "coverage"] == 0.8


@pytest.mark.parametrize(("weight", "whole", "counted"), [(0.5, True, 400), (0.49, True, None), (0.5, False, 200)])
def test_a_part_of_a_municipality(weight: float, whole: bool, counted: float | None) -> None:
    """Guards both approximations: by weight, or wholly where half of it lies."""
    found = exam_indicator(passes(), members(weight), whole=whole).set_index("year")["denominator"]
    assert found.get(2019) == counted
