from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.errors import DefinitionError
from balans.geography.divisions import division
from balans.geography.harmonise import Method, harmonise
from balans.geography.transfers import transition
from balans.paths import Project, find_project


def long(indicator: str, year: int, values: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"gm_code": values.index, "year": year, "indicator": indicator, "value": values.to_numpy()})


def on(
    project: Project, figures: pd.DataFrame, target: int, methods: dict[str, Method], indicator: str
) -> pd.DataFrame:
    table = harmonise(project, figures, target, methods)
    return table[table["indicator"] == indicator].set_index("gm_code")


@pytest.fixture(scope="module")
def kwb(project: Project) -> pd.DataFrame:
    """Return dwellings, mean WOZ (euro) and households of 2020 (real, 355 municipalities)."""
    frame = pd.read_csv(project.raw / "kwb" / "housing_2020_2025.csv.gz").query("year == 2020")
    frame = frame[frame["region"].str.startswith("GM")].rename(columns={"region": "gm_code", "measure": "indicator"})
    return frame[["gm_code", "year", "indicator", "value"]]


def test_population_of_2012_on_the_division_of_2026(project: Project, first_of_january: pd.Series) -> None:
    """Guards a sum: nobody is lost, and Beekdaelen has what Nuth, Onderbanken and Schinnen had."""
    people = first_of_january.loc[2012].filter(like="GM")
    result = on(project, long("people", 2012, people), 2026, {"people": Method()}, "people")
    assert result["value"].sum() == pytest.approx(first_of_january[(2012, "NL01")])
    assert result.at["GM1954", "value"] == pytest.approx(people[["GM0951", "GM0881", "GM0962"]].sum())
    assert result.at["GM1954", "status"] == "combined"
    assert result.at["GM1714", "status"] == "as published"


@pytest.mark.parametrize(("origin", "target"), [(2012, 2026), (2026, 2012), (2015, 2018), (2018, 2003)])
def test_there_and_back_returns_unsplit_municipalities(
    project: Project, first_of_january: pd.Series, origin: int, target: int
) -> None:
    """Guards both directions: what did not merge or split comes back exactly, and nobody is lost."""
    people = first_of_january.loc[origin].filter(like="GM")
    there = harmonise(project, long("people", origin, people), target, {"people": Method()})
    moved = there.set_index("gm_code")["value"]
    back = harmonise(project, long("people", target, moved), origin, {"people": Method()})
    returned = back.set_index("gm_code")["value"]
    forwards, backwards = transition(project, origin, target), transition(project, target, origin)
    alone = [
        code
        for code in people.index.intersection(moved.index)
        if (forwards["from_code"] == code).sum() == 1 == (backwards["from_code"] == code).sum()
        and (forwards["to_code"] == code).sum() == 1 == (backwards["to_code"] == code).sum()
    ]
    assert len(alone) > 100
    assert (returned[alone] == people[alone]).all()
    assert returned.sum() == pytest.approx(people.sum())


def test_a_merged_municipality_there_and_back(project: Project, first_of_january: pd.Series) -> None:
    """Guards backward splitting: a municipality that was only merged is divided and put together again exactly."""
    people = first_of_january.loc[2026].filter(like="GM")
    there = harmonise(project, long("people", 2026, people), 2015, {"people": Method()})
    parts = long("people", 2015, there.set_index("gm_code")["value"])
    returned = on(project, parts, 2026, {"people": Method()}, "people")["value"]
    assert returned[["GM1979", "GM1963"]].to_numpy() == pytest.approx(people[["GM1979", "GM1963"]].to_numpy())


def test_a_mean_is_weighted(project: Project, kwb: pd.DataFrame) -> None:
    """Guards WOZ: that of Eemsdelta is the mean over the dwellings of its three parts."""
    methods = {"a_woning": Method(weight="dwellings"), "g_wozbag": Method("mean", "dwellings", over="a_woning")}
    result = on(project, kwb, 2026, methods, "g_wozbag")
    parts = kwb[kwb["gm_code"].isin(["GM0003", "GM0010", "GM0024"])].pivot(
        index="gm_code", columns="indicator", values="value"
    )
    expected = (parts["g_wozbag"] * parts["a_woning"]).sum() / parts["a_woning"].sum()
    assert result.at["GM1979", "value"] == pytest.approx(expected)
    assert result["value"].notna().sum() == 342


def test_a_ratio_is_rebuilt(project: Project, kwb: pd.DataFrame) -> None:
    """Guards that a ratio is not averaged: households per dwelling of Eemsdelta from both sums."""
    methods = {
        "a_hh": Method(),
        "a_woning": Method(weight="dwellings"),
        "per_dwelling": Method("ratio", numerator="a_hh", denominator="a_woning", factor=100),
    }
    result = harmonise(project, kwb, 2026, methods).pivot(index="gm_code", columns="indicator", values="value")
    assert result["per_dwelling"].to_numpy() == pytest.approx((100 * result["a_hh"] / result["a_woning"]).to_numpy())


def test_a_median_is_not_split_or_combined(project: Project, first_of_january: pd.Series) -> None:
    """Guards honesty: a median (synthetic values) is left empty where a municipality changed, and says so."""
    codes = division(project, 2015)["gm_code"]
    median = pd.Series(np.arange(len(codes), dtype=float), index=codes)
    result = on(project, long("median", 2015, median), 2026, {"median": Method("none")}, "median")
    assert result.at["GM1979", "status"] == "cannot be split"
    assert np.isnan(result.at["GM1979", "value"])
    assert result.at["GM0677", "value"] == median["GM0677"]
    assert result.loc[result["status"] == "as published", "value"].notna().all()


def test_de_marne_after_2019_is_an_estimate(project: Project, kwb: pd.DataFrame) -> None:
    """Guards that a split figure says so: the WOZ of De Marne in 2020 is that of Het Hogeland."""
    methods = {"a_woning": Method(weight="dwellings"), "g_wozbag": Method("mean", "dwellings", over="a_woning")}
    row = on(project, kwb, 2015, methods, "g_wozbag").loc["GM1663"]
    published = kwb.set_index(["gm_code", "indicator"])["value"]["GM1966", "g_wozbag"]
    assert row["value"] == pytest.approx(published)
    assert (row["status"], row["estimated_share"]) == ("estimated", 1.0)


def test_a_missing_figure_is_not_filled(project: Project, first_of_january: pd.Series) -> None:
    """Guards that one missing part makes the whole missing, and leaves the others alone."""
    people = first_of_january.loc[2018].filter(like="GM").drop("GM1663")
    result = on(project, long("people", 2018, people), 2026, {"people": Method()}, "people")
    assert result.at["GM1966", "status"] == "missing"
    assert np.isnan(result.at["GM1966", "value"])
    assert result.at["GM0677", "status"] == "as published"


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), origin=st.integers(2003, 2026), target=st.integers(2003, 2026))
def test_any_sum_is_conserved(seed: int, origin: int, target: int) -> None:
    """Guards sums of any size (synthetic) between any two divisions, for each weight."""
    project = find_project(Path(__file__))
    codes = division(project, origin)["gm_code"]
    values = pd.Series(np.random.default_rng(seed).integers(0, 10**6, len(codes)).astype(float), index=codes)
    for weight in ("inhabitants", "dwellings", "hectares"):
        result = harmonise(project, long("synthetic", origin, values), target, {"synthetic": Method("sum", weight)})
        assert result["value"].sum() == pytest.approx(values.sum())


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ({"absent": Method()}, "have no absent"),
        ({"people": Method("mean", over="absent")}, "have no absent"),
        ({"r": Method("ratio", numerator="people", denominator="absent"), "people": Method()}, "absent is not one"),
    ],
)
def test_a_wrong_method_is_refused(
    project: Project, first_of_january: pd.Series, methods: dict[str, Method], message: str
) -> None:
    """Guards the definitions of indicators: a figure that is not there is named."""
    figures = long("people", 2015, first_of_january.loc[2015].filter(like="GM"))
    with pytest.raises(DefinitionError, match=message):
        harmonise(project, figures, 2026, methods)


def test_a_stranger_or_a_double_is_refused(project: Project, first_of_january: pd.Series) -> None:
    """Guards against figures on another division than they say, and against figures that are there twice."""
    figures = long("people", 2015, first_of_january.loc[2014].filter(like="GM"))
    with pytest.raises(DefinitionError, match="not in the division of 2015"):
        harmonise(project, figures, 2026, {"people": Method()})
    with pytest.raises(DefinitionError, match="is there twice"):
        harmonise(project, pd.concat([figures, figures]), 2026, {"people": Method()})
