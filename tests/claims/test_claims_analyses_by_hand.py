"""Gaps and coefficients on invented figures."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.claims.analyses.associations import build_associations
from balans.claims.analyses.gaps import gap_changes, nearest_year


def test_no_coefficient_on_exactly_twenty() -> None:
    """Guards the least number: on 20 areas there is none, on 21 there is one, and it is that of the ranks."""
    rows = [(f"GM{n:04d}", name, 2020, float(n * step)) for name, step in (("x", 1), ("y", -2)) for n in range(21)]
    table = pd.DataFrame(rows, columns=["region_id", "indicator", "year", "value"])
    table.loc[table["indicator"] == "y", "value"] += [0.0, 5.0, *[0.0] * 19]
    pair = {"x": "x", "x_year": 2020, "y": "y", "y_year": 2020, "subject": "synthetic"}
    assert build_associations(table[table["region_id"] != "GM0020"], [pair]).empty
    (found,) = build_associations(table, [pair]).to_dict("records")
    assert found["n"] == 21
    # The second of y goes from rank 20 to rank 21 and the first the other way: Σd² grows by two squares of one step.
    differences = [n + 1 - (21 - n) for n in range(21)]
    squares = (
        sum(d * d for d in differences) - differences[0] ** 2 - differences[1] ** 2 + (1 - 20) ** 2 + (2 - 21) ** 2
    )
    assert found["coefficient"] == pytest.approx(1 - 6 * squares / (21 * (21**2 - 1)))


def gaps(**by_year: float) -> pd.DataFrame:
    rows = [("r", "x", int(year[1:]), 100 + value, value) for year, value in by_year.items()]
    return pd.DataFrame(rows, columns=["region_id", "indicator", "year", "value", "disadvantage"])


def test_a_change_is_the_last_minus_the_first() -> None:
    """Guards the sign: a disadvantage that grew has a change above zero; years outside the span do not count."""
    (found,) = gap_changes(gaps(y2014=50.0, y2015=1.0, y2016=9.0, y2017=3.0, y2018=70.0), 2015, 2017).to_dict("records")
    assert (found["change"], found["first_year"], found["last_year"]) == (2.0, 2015, 2017)
    assert found["own_change"] == pytest.approx(100 * (103 / 101 - 1))
    assert gap_changes(gaps(y2015=1.0), 2015, 2017).empty


def test_the_earlier_of_two_years_equally_near() -> None:
    """Guards which figures stand for 2015 when there are none: 2014 before 2016, 2016 before 2012."""
    assert nearest_year(gaps(y2014=1.0, y2016=2.0), 2015)["year"].tolist() == [2014]
    assert nearest_year(gaps(y2012=1.0, y2016=2.0), 2015)["year"].tolist() == [2016]
