"""An invented reorganisation, small enough to work out on paper: a merger, a split, and a new code within a year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from balans.geography.catalogue import Region
from balans.geography.divisions import LAST_YEAR
from balans.geography.harmonise import Method, harmonise
from balans.geography.membership import membership_of
from balans.geography.transfers import load_transfers, transition
from balans.paths import Project

DIVISIONS = """gm_code,name,first_year,last_year,province,corop
GM0001,Alfa,2003,2009,PV20,CR01
GM0002,Bravo,2003,2009,PV20,CR01
GM0003,Charlie,2003,2015,PV20,CR01
GM0004,Delta,2010,,PV20,CR01
GM0005,Echo,2016,,PV20,CR01
"""
# Alfa and three quarters of Bravo become Delta; the rest of Bravo goes to Charlie, in two moves of one year; Charlie is
# called Echo from a day in March. What stayed in Charlie is stated twice.
TRANSFERS = """date,from_code,from_name,to_code,to_name,inhabitants,dwellings,hectares,source
2009-07-01,GM0002,Bravo,GM0003,Charlie,40,20,6,synthetic
2009-07-01,GM0003,Charlie,GM0003,Charlie,520,210,20,synthetic
2010-01-01,GM0001,Alfa,GM0004,Delta,1000,400,10,synthetic
2010-01-01,GM0002,Bravo,GM0004,Delta,300,150,5,synthetic
2010-01-01,GM0002,Bravo,GM0003,Charlie,60,30,9,synthetic
2010-01-01,GM0003,Charlie,GM0003,Charlie,500,200,20,synthetic
2015-03-24,GM0003,Charlie,GM0005,Echo,600,250,35,synthetic
"""
SIZES = "gm_code,inhabitants\nGM0003,600\nGM0004,1300\n"


@pytest.fixture
def country(tmp_path: Path) -> Project:
    """Five synthetic municipalities."""
    folder = tmp_path / "definitions" / "geography"
    folder.mkdir(parents=True)
    for name, text in (("divisions", DIVISIONS), ("transfers", TRANSFERS), ("sizes_2015", SIZES)):
        (folder / f"{name}.csv").write_text(text)
    return Project(tmp_path)


def shares(project: Project, first: int, last: int, weight: str = "inhabitants") -> dict[tuple[str, str], float]:
    table = transition(project, first, last, weight).set_index(["from_code", "to_code"])["share"]  # type: ignore[arg-type]
    return {(str(a)[-1], str(b)[-1]): float(share) for (a, b), share in table.items()}  # type: ignore[misc]


def test_forwards_and_backwards_by_hand(country: Project) -> None:
    """Guards both directions: where the people of Bravo went, and where those of Delta and Charlie came from."""
    forwards = {("1", "4"): 1.0, ("2", "3"): 0.25, ("2", "4"): 0.75, ("3", "3"): 1.0}
    assert shares(country, 2009, 2010) == pytest.approx(forwards)
    backwards = {("3", "2"): 100 / 600, ("3", "3"): 500 / 600, ("4", "1"): 1000 / 1300, ("4", "2"): 300 / 1300}
    assert shares(country, 2010, 2009) == pytest.approx(backwards)


def test_each_weight_has_its_own_shares(country: Project) -> None:
    """Guards dwellings and land against being shared out by people."""
    assert shares(country, 2009, 2010, "dwellings")["2", "4"] == pytest.approx(150 / 200)
    assert shares(country, 2009, 2010, "hectares")["2", "4"] == pytest.approx(5 / 20)


def test_a_change_counts_in_the_first_division_that_shows_it(country: Project) -> None:
    """Guards the year: 1 January is that year, any other day the next."""
    table = load_transfers(country).set_index(["from_code", "to_code"])
    assert table.loc[("GM0001", "GM0004"), "year"] == 2010
    assert table.loc[("GM0003", "GM0005"), "year"] == 2016
    assert table.loc[("GM0002", "GM0003"), ["year", "inhabitants"]].tolist() == [2010, 100]
    assert table.loc[("GM0003", "GM0003"), "inhabitants"] == 500


def figures(year: int, **values: dict[str, float]) -> pd.DataFrame:
    rows = [(code, year, name, value) for name, line in values.items() for code, value in line.items()]
    return pd.DataFrame(rows, columns=["gm_code", "year", "indicator", "value"])


def carried(project: Project, table: pd.DataFrame, target: int) -> dict[tuple[str, str], float]:
    methods = {
        "people": Method("sum"),
        "dwellings": Method("sum", "dwellings"),
        "woz": Method("mean", "dwellings", "dwellings"),
    }
    found = harmonise(project, table, target, methods).set_index(["indicator", "gm_code"])["value"]
    return {(str(name), str(code)[-1]): float(value) for (name, code), value in found.items()}  # type: ignore[misc]


PEOPLE = {"GM0001": 1000.0, "GM0002": 400.0, "GM0003": 500.0}
DWELLINGS = {"GM0001": 400.0, "GM0002": 200.0, "GM0003": 200.0}
WOZ = {"GM0001": 100.0, "GM0002": 200.0, "GM0003": 300.0}


def test_sums_and_means_by_hand(country: Project) -> None:
    """Guards what is carried along: people split three to one, a mean weighed by the dwellings that moved."""
    found = carried(country, figures(2009, people=PEOPLE, dwellings=DWELLINGS, woz=WOZ), 2026)
    assert found["people", "4"] == pytest.approx(1300)
    assert found["people", "5"] == pytest.approx(600)
    assert found["woz", "4"] == pytest.approx((400 * 100 + 150 * 200) / 550)
    assert found["woz", "5"] == pytest.approx((50 * 200 + 200 * 300) / 250)


def test_a_missing_figure_makes_missing_what_needs_it_and_nothing_else(country: Project) -> None:
    """Guards against a merged municipality that lacks one of its parts and shows a figure all the same."""
    without = {code: value for code, value in PEOPLE.items() if code != "GM0001"}
    found = carried(country, figures(2009, people=without, dwellings=DWELLINGS, woz=WOZ), 2010)
    assert np.isnan(found["people", "4"])
    assert found["people", "3"] == pytest.approx(600)


@pytest.mark.parametrize("target", [2003, 2010, 2016, LAST_YEAR])
def test_nothing_is_lost(country: Project, target: int) -> None:
    """Guards every sum through merger, split and new code, forwards and back."""
    found = carried(country, figures(2009, people=PEOPLE, dwellings=DWELLINGS, woz=WOZ), target)
    assert sum(value for (name, _), value in found.items() if name == "people") == pytest.approx(1900)


def weights(project: Project, *members: str) -> dict[tuple[int, str], float]:
    named = {code: code for code in members}
    table = membership_of(project, [Region("r", "R", "custom", 2009, named)])
    keys = zip(table["year"], table["gm_code"], strict=True)
    return dict(zip(keys, table["weight"], strict=True))


def test_a_region_follows_its_municipalities(country: Project) -> None:
    """Guards membership: Bravo on its own is a part of Delta and of Charlie afterwards, and of Echo in the end."""
    found = weights(country, "GM0002")
    assert found[2009, "GM0002"] == 1
    assert found[2010, "GM0004"] == pytest.approx(300 / 1300)
    assert found[2015, "GM0003"] == found[2016, "GM0005"] == pytest.approx(100 / 600)


def test_a_region_split_in_two_and_joined_again(country: Project) -> None:
    """Guards weights against overlap and loss: two halves of a region have together what the whole has."""
    whole, one, other = (weights(country, *codes) for codes in (("GM0001", "GM0002"), ("GM0001",), ("GM0002",)))
    assert set(whole) == set(one) | set(other)
    for key, weight in whole.items():
        assert one.get(key, 0) + other.get(key, 0) == pytest.approx(weight)


def test_two_municipalities_swapped(country: Project) -> None:
    """Guards against a figure that hangs on the order or number of a code: other codes, the same shares."""
    before = shares(country, 2009, 2026)
    folder = country.definitions / "geography"
    for name in ("divisions", "transfers", "sizes_2015"):
        text = (folder / f"{name}.csv").read_text()
        text = text.replace("GM0001", "GM000X").replace("GM0003", "GM0001").replace("GM000X", "GM0003")
        (folder / f"{name}.csv").write_text(text)
    swap = {"1": "3", "3": "1"}
    after = {(swap.get(a, a), swap.get(b, b)): share for (a, b), share in shares(country, 2009, 2026).items()}
    assert after == pytest.approx(before)
