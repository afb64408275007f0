"""Both sides of every threshold that decides whether there is a figure, and what it is called.

The figures are synthetic and lie on the threshold or the least step beyond it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from balans.claims.analyses.associations import LEAST, build_associations
from balans.claims.expressions import evaluate
from balans.claims.verdicts import Bounds
from balans.economy.reach import reach
from balans.economy.tasks import TASKS, build_tasks
from balans.errors import SourceError
from balans.geography import membership
from balans.geography.areas import Areas
from balans.indicators.aggregate import aggregate
from balans.indicators.area_sets import AreaSet, area_set_indicators
from balans.indicators.catalogue import Indicator
from balans.investment import perspective
from balans.investment.breakeven import Scenario, effect_path
from balans.liveability import composite, project
from balans.liveability.official import classes_of
from balans.liveability.published import year_used
from balans.projections.methods import Task
from balans.projections.publication import latest_origins
from balans.sources.fetch.changes import FEWEST, compare, refuse_if_incomplete
from balans.sources.figures import _differences
from balans.words.areas import NEDERLAND

TEN = [f"GM{number:04d}" for number in range(10)]


def figures_of(values: list[float], weights: list[float] | None = None) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([TEN[: len(values)], [2020]], names=["region", "year"])
    return pd.DataFrame({"value": values, "size": weights or [1.0] * len(values)}, index=index)


def members_of(count: int) -> pd.DataFrame:
    return pd.DataFrame({"region_id": "r", "year": 2020, "gm_code": TEN[:count], "weight": 1.0})


def kind(name: str, **more: Any) -> Indicator:
    return Indicator("x", "X", "x", "n", 0, "none", "wonen", name, "value", **more)


@pytest.mark.parametrize("name", ["mean", "ratio"])
@pytest.mark.parametrize(("known", "rows"), [(8, 1), (7, 0)])
def test_a_mean_or_ratio_needs_four_fifths(name: str, known: int, rows: int) -> None:
    """Guards the least coverage: 80% gives a figure that says so, 70% gives none."""
    more = {"weight": "size"} if name == "mean" else {"denominator": "size"}
    found = aggregate(figures_of([5.0] * known + [float("nan")] * (10 - known)), members_of(10), kind(name, **more))
    assert found["coverage"].tolist() == [0.8] * rows


@pytest.mark.parametrize(("known", "values"), [(10, [50.0]), (9, [])])
def test_a_sum_needs_all(known: int, values: list[float]) -> None:
    """Guards against a total that leaves one of ten out, which is more than enough for a mean."""
    found = aggregate(figures_of([5.0] * known + [float("nan")] * (10 - known)), members_of(10), kind("sum"))
    assert found["value"].tolist() == values


@pytest.mark.parametrize(("share", "estimated"), [(0.2, []), (0.2001, ["r"])])
def test_estimated_is_more_than_a_fifth(share: float, estimated: list[str]) -> None:
    """Guards what is marked as estimated: more than 20% of the inhabitants, over all split municipalities together."""
    parts = pd.DataFrame(
        {"region_id": "r", "year": 2020, "gm_code": TEN[:2], "estimated_share": [share / 2, share / 2]}
    )
    assert Areas(pd.DataFrame(), parts, pd.DataFrame()).estimated["region_id"].tolist() == estimated


@pytest.mark.parametrize(
    ("share", "weight"), [(0.001, None), (0.0011, 0.0011), (0.5, 0.5), (0.998, 0.998), (0.9989, 0.9989), (0.999, 1.0)]
)
def test_slivers_are_nothing_or_all(monkeypatch: pytest.MonkeyPatch, share: float, weight: float | None) -> None:
    """Guards the list of members: a thousandth or less is no member, and all but a thousandth is the whole."""
    assert membership_with(monkeypatch, share)["weight"].get("GM0001") == weight


@pytest.mark.parametrize(("share", "is_split"), [(0.0099, False), (0.01, True), (0.99, True), (0.9901, False)])
def test_split_is_between_one_and_ninety_nine_per_cent(
    monkeypatch: pytest.MonkeyPatch, share: float, is_split: bool
) -> None:
    """Guards the part of a region that rests on split municipalities."""
    found = membership_with(monkeypatch, share)["estimated_share"]
    assert found["GM0000"] == 0
    assert (found["GM0001"] > 0) == is_split


def membership_with(monkeypatch: pytest.MonkeyPatch, share: float) -> pd.DataFrame:
    """A region of one whole municipality and a part of a second, of equal size."""
    weights = pd.Series([1.0, share], index=pd.MultiIndex.from_tuples([("r", "GM0000"), ("r", "GM0001")]))
    monkeypatch.setattr(membership, "_weights", lambda *_: weights)
    none: Any = None
    people = pd.Series({"GM0000": 1000.0, "GM0001": 1000.0})
    return membership._of_one_year(none, [], none, 2020, people).set_index("gm_code")


def set_of(members: list[str], summed: set[str]) -> pd.DataFrame:
    columns = ["region_id", "indicator", "year", "value", "unit", "numerator", "denominator", "coverage", "status"]
    rows = [
        ("CR01", "inwoners", 2020, 1.0, "personen", 1.0, np.nan, 1.0, "definitive"),
        ("CR02", "inwoners", 2020, 2.0, "personen", 2.0, np.nan, 1.0, "provisional"),
        ("CR01", "inwoners", 2021, 4.0, "personen", 4.0, np.nan, 1.0, "definitive"),
        ("CR01", "woz_waarde", 2020, 8.0, "euro", 8.0, 1.0, 1.0, "definitive"),
        ("CR02", "woz_waarde", 2020, 8.0, "euro", 8.0, 1.0, 1.0, "definitive"),
    ]
    indicators = pd.DataFrame(rows, columns=columns).assign(source="synthetic")
    return area_set_indicators(indicators, [AreaSet("set", "Set", tuple(members), "synthetic")], summed)


def test_a_set_needs_every_member() -> None:
    """Guards a set of areas: no figure for a year that one of them misses, none for what cannot be added."""
    found = set_of(["CR01", "CR02"], {"inwoners"})
    assert found[["region_id", "indicator", "year", "value", "status"]].to_numpy().tolist() == [
        ["set", "inwoners", 2020, 3.0, "provisional"]
    ]
    assert set_of(["CR01", "CR02", "CR03"], {"inwoners"}).empty
    assert set_of(["CR01"], {"inwoners"})["year"].tolist() == [2020, 2021]


@pytest.mark.parametrize(("own", "carried"), [(-1.0, True), (0.0, False), (1.0, False)])
def test_more_deaths_than_births_is_held_against_nothing(own: float, carried: bool) -> None:
    """Guards the yardstick of natural increase: zero, whatever the country has (which is more here, and less)."""
    for country in (-5.0, 5.0):
        found = tasks_of("natuurlijke_aanwas", own, country)
        assert (bool(found["carried"]), found["netherlands"]) == (carried, 0.0)


@pytest.mark.parametrize("task", [task for task in TASKS if task.indicator != "natuurlijke_aanwas"], ids=lambda t: t.id)
def test_a_task_is_held_against_the_country(task: Any) -> None:
    """Guards the yardstick of every other task: the country's figure, in the direction of the task, not beyond it."""
    more, same, less = (bool(tasks_of(task.indicator, own, 10.0)["carried"]) for own in (10.1, 10.0, 9.9))
    assert (more, same, less) == (task.higher, False, not task.higher)
    assert tasks_of(task.indicator, 9.0, 10.0)["netherlands"] == 10.0


def tasks_of(indicator: str, own: float, country: float) -> pd.Series:
    rows = [
        (area, task.indicator, year, value if task.indicator == indicator else 1.0)
        for task in TASKS
        for area, value in (("r", own), (NEDERLAND, country))
        for year in (2019, 2020)
    ]
    table = build_tasks(pd.DataFrame(rows, columns=["region_id", "indicator", "year", "value"]), ["r"])
    return table.set_index("indicator").loc[indicator]


def refreshed(areas: int, lost: int) -> None:
    codes = [f"GM{number:04d}" for number in range(areas)]
    old = pd.DataFrame({"topic": "t", "region": codes, "year": 2020, "value": 1.0})
    new = pd.concat(
        [old.iloc[lost:], pd.DataFrame({"topic": ["t"], "region": ["NL01"], "year": [2020], "value": [1.0]})]
    )
    refuse_if_incomplete("table", old, compare(old, new))


def test_a_tenth_of_the_areas_may_go_missing() -> None:
    """Guards the stored figures against half an answer: up to a tenth of ten or more areas, not one more."""
    refreshed(20, 2)
    refreshed(FEWEST, 1)
    refreshed(FEWEST - 1, FEWEST - 1)
    with pytest.raises(SourceError, match="3 of 20 areas"):
        refreshed(20, 3)
    with pytest.raises(SourceError, match="2 of 10 areas"):
        refreshed(FEWEST, 2)


@pytest.mark.parametrize(("other", "reported"), [(105.5, []), (94.5, []), (105.6, [105.6]), (94.4, [94.4])])
def test_a_difference_is_more_than_both_roundings(other: float, reported: list[float]) -> None:
    """Guards what is told as a difference: more than half of both steps (10 and 1) together."""
    steps = {"coarse": 10.0, "fine": 1.0}
    catalogue: Any = SimpleNamespace(
        tables=[
            SimpleNamespace(id=name, topics=[SimpleNamespace(id="t", resolution=step)]) for name, step in steps.items()
        ]
    )
    key = {"topic": "t", "region": "GM1", "year": 2020}
    stacked = pd.DataFrame([{**key, "value": 100.0, "source": "coarse"}, {**key, "value": other, "source": "fine"}])
    assert _differences(stacked, stacked.iloc[:1], catalogue)["other"].tolist() == reported


@pytest.mark.parametrize(("value", "inside"), [(90.0, True), (89.9, False), (110.0, True), (110.1, False)])
def test_the_bounds_of_a_claim_belong_to_it(value: float, inside: bool) -> None:
    """Guards the tolerance of verdicts, on both sides."""
    assert Bounds(90.0, 110.0).contain(value) is inside


@pytest.mark.parametrize(("rebuilt", "word"), [(95.0, "reproduced"), (94.9, "deviates"), (105.1, "deviates")])
def test_an_amount_is_reproduced_within_its_rounding(rebuilt: float, word: str) -> None:
    """Guards the second table of the report: half of what the stated amount was rounded to."""
    assert perspective._verdict(100.0, rebuilt, 10.0) == word


@pytest.mark.parametrize(("areas", "pairs"), [(LEAST, 0), (LEAST + 1, 1)])
def test_twenty_areas_give_no_coefficient(areas: int, pairs: int) -> None:
    """Guards the least number of areas behind a coefficient: more than twenty."""
    rows = [
        (f"GM{area:04d}", name, 2020, float((area * step) % 23))
        for name, step in (("x", 1), ("y", 7))
        for area in range(areas)
    ]
    indicators = pd.DataFrame(rows, columns=["region_id", "indicator", "year", "value"])
    pair = {"x": "x", "x_year": 2020, "y": "y", "y_year": 2020, "subject": "synthetic"}
    assert len(build_associations(indicators, [pair])) == pairs


@pytest.mark.parametrize(("moved", "word"), [(0.0, "held"), (0.49, "partly"), (0.5, "projected")])
def test_a_projected_score_says_how_much_of_it_moved(moved: float, word: str) -> None:
    """Guards ``mostly_measured``: from that part on a score is projected, below it partly."""
    assert project._status(pd.Series([moved]), 0.5) == [word]


@pytest.mark.parametrize(("score", "number"), [(3.4999, 1), (3.5, 2), (4.4999, 2), (4.5, 3)])
def test_a_class_begins_at_its_cut_off(score: float, number: int) -> None:
    """Guards the classes of the official map: the lower bound belongs to the class."""
    assert classes_of(np.array([score]), np.array([3.5, 4.5])).tolist() == [number]


@pytest.mark.parametrize(("measured", "used"), [(0.5, 2018), (0.49, 2015)])
def test_a_year_with_too_few_figures_uses_another(monkeypatch: pytest.MonkeyPatch, measured: float, used: int) -> None:
    """Guards ``least_measured``: half of the weight is enough, less takes the nearest year (the earlier of two)."""
    parts = {2015: 1.0, 2018: measured, 2021: 1.0, 2024: 0.0}
    monkeypatch.setattr("balans.liveability.published.measured_share", lambda _, __, year: parts[year])
    framework: Any = SimpleNamespace(years=(2015, 2018, 2021, 2024), present_year=2024, least_measured=0.5)
    model: Any = None
    assert year_used(framework, model, 2018) == used
    assert year_used(framework, model, 2024) == 2024


def test_an_area_may_miss_two_years() -> None:
    """Guards the origin of a projection: a last figure two years back counts, three years back does not."""
    scaled = np.full((3, 6), np.nan)
    scaled[0, :6], scaled[1, :4], scaled[2, :3] = 1.0, 1.0, 1.0
    assert latest_origins(scaled).tolist() == [5, 3, -1]


def test_four_figures_are_enough_for_a_method() -> None:
    """Guards ``least_points``: the fourth figure makes a series long enough."""
    assert Task(np.array([[1.0, 2.0, np.nan, 3.0, 4.0]]), 1, 4).enough.tolist() == [[False] * 4 + [True]]


@pytest.mark.parametrize(("degrees", "found"), [(0.2697, [30, 60, 90]), (0.2699, [60, 90])])
def test_reach_counts_what_lies_on_the_circle(degrees: float, found: list[int]) -> None:
    """Guards the distances: 29.99 km lies within 30, 30.01 km does not."""
    centres = pd.DataFrame({"region_id": ["here"], "lon": [5.0], "lat": [51.0]})
    points = pd.DataFrame({"area": ["CR01"], "country": ["NL"], "lon": [5.0], "lat": [51.0 + degrees]})
    indicators = pd.DataFrame(
        [("CR01", name, year, 1.0) for name in ("inwoners_eurostat", "inwoners_15_75", "bbp") for year in (2014, 2022)],
        columns=["region_id", "indicator", "year", "value"],
    )
    assert reach(centres, points, indicators, (2014, 2022))["distance_km"].tolist() == found


def test_a_mean_is_weighted_by_hand() -> None:
    """Guards top and bottom of a mean: 10 by one and 20 by three is 17.5."""
    found = aggregate(figures_of([10.0, 20.0], [1.0, 3.0]), members_of(2), kind("mean", weight="size"))
    assert found["value"].tolist() == [17.5]


def test_brackets_stay() -> None:
    """Guards the written sum: what is taken off or divided by as a whole keeps its brackets, and no others do."""
    texts = {"8 - (4 - 2)": "8 − (4 − 2)", "8 / (4 / 2)": "8 / (4 / 2)", "8 - 4 - 2": "8 − 4 − 2"}
    assert {text: evaluate(text, {}, {}).text for text in texts} == texts


def test_an_effect_begins_after_its_delay() -> None:
    """Guards the first year with an effect: after a delay of two years the third, at once without a ramp."""
    assert effect_path(Scenario(1.0, 1, delay=2, horizon=4)).tolist() == [0, 0, 1, 1]


def test_the_geometric_mean_by_hand() -> None:
    """Guards both means: of 0 and 2 spreads (100 and 120) the arithmetic is 1, the geometric √12,000."""
    values, weights = np.array([[0.0, 2.0]]), np.array([1.0, 1.0])
    assert composite.aggregate(values, weights, "arithmetic", "standardised") == pytest.approx(1.0)
    assert composite.aggregate(values, weights, "geometric", "standardised") == pytest.approx(12_000**0.5)
