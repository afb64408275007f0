"""The figures carried over in November 2026, held against sums, national values and second copies.

Read straight from ``data/raw``, by another way than the reader of the project. The values to meet are those that were
published, or that another copy of the same table gives.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from balans.geography.areas import load_areas
from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import Figures, load_area_codes, load_figures, read_table
from balans.sources.stored import read_stored

RESERVES_AND_RESULT = ["expenditure_0.10", "expenditure_0.11"]
REPORTS_COROP_AREAS = ["CR01", "CR02", "CR03", "CR04", "CR14", "CR31", "CR39"]
NATIONAL_MEAN_OF_THE_LEEFBAAROMETER = 4.102265


@pytest.fixture(scope="module")
def figures(project: Project) -> Figures:
    return load_figures(project, load_catalogue(project))


@pytest.fixture(scope="module")
def membership(project: Project) -> pd.DataFrame:
    return load_areas(project).membership


def _wide(project: Project, table: str, rows: str = "region") -> pd.DataFrame:
    return read_stored(project.raw, table).astype({"year": int}).pivot(index=rows, columns="measure", values="value")


def _years(project: Project, table: str, measure: str) -> pd.DataFrame:
    """One row per area, one column per year."""
    stored = read_stored(project.raw, table).astype({"year": int})
    return stored[stored["measure"] == measure].pivot(index="region", columns="year", values="value")


def _members(membership: pd.DataFrame, year: int, region: str = "krimpregios") -> pd.Series:
    chosen = membership[(membership["region_id"] == region) & (membership["year"] == year)]
    return chosen.set_index("gm_code")["weight"]


def _mean(values: pd.Series, weights: pd.Series) -> float:
    known = values.notna() & weights.reindex(values.index).notna()
    weights = weights.reindex(values.index)[known]
    return float((values[known] * weights).sum() / weights.sum())


def _krimp(values: pd.Series, weights: pd.Series, members: pd.Series) -> float:
    return _mean(values, (weights * members).dropna())


@pytest.fixture(scope="module")
def adults(project: Project) -> pd.DataFrame:
    """Inhabitants of 15 to 65, and of 15 and older, by municipality of 2024 (shares in whole percents)."""
    topics = _wide(project, "kwb-2024")
    children, old = topics["percentage_personen_0_tot_15_jaar"], topics["percentage_personen_65_jaar_en_ouder"]
    people = topics["aantal_inwoners"] / 100
    return pd.DataFrame({"working_age": people * (100 - children - old), "grown_up": people * (100 - children)})


def test_participation_of_the_monitor_meets_the_published_values(
    figures: Figures, adults: pd.DataFrame, membership: pd.DataFrame
) -> None:
    """Guards net participation: CBS's 66.2% of 2014, and the gap of the shrinking regions, -3.1 and -3.8 points."""
    net = figures.wide["netto_participatie_monitor"].unstack("year").filter(like="GM", axis=0)
    members, weights = _members(membership, 2024), adults["working_age"]
    assert _mean(net[2014], weights) == pytest.approx(66.2, abs=0.1)
    for year, gap in {2015: -3.1, 2022: -3.8}.items():
        found = _krimp(net[year], weights, members) - _mean(net[year], weights)
        assert found == pytest.approx(gap, abs=0.1)


def test_values_filled_in_by_hand_are_left_out(figures: Figures, project: Project) -> None:
    """Guards that what CBS did not publish never counts: Amsterdam and Voorne aan Zee, sixty cells, and no others."""
    stored = read_stored(project.raw, "brede-welvaart")
    flagged = stored[stored["flag"].notna()]
    assert len(flagged) == 60
    assert set(flagged["region"]) == {"GM0363", "GM1992"}
    for topic in ("netto_participatie_monitor", "bruto_participatie_monitor", "werkloosheid_monitor"):
        found = set(figures.wide[topic].dropna().index.get_level_values("region"))
        assert len(found) == 340
        assert not found & {"GM0363", "GM1992"}
    assert figures.wide.loc[("GM0363", 2022), "hoogopgeleid_monitor"] == 48.1, "only the flagged topics are left out"


def test_participation_of_the_monitor_and_of_kwb_are_two_definitions(figures: Figures) -> None:
    """Guards that the two are never taken for one series: alike (0.93), not equal."""
    year = figures.wide.xs(2021, level="year")
    both = year[["netto_participatie_monitor", "netto_participatie_kwb"]].dropna()
    assert both.corr().iloc[0, 1] == pytest.approx(0.93, abs=0.005)
    assert (both.diff(axis=1).iloc[:, 1].abs() > 2).sum() > 10


def test_education_meets_the_published_values(
    figures: Figures, adults: pd.DataFrame, membership: pd.DataFrame, project: Project
) -> None:
    """Guards the highly educated: 28.0% and 32.1% for the country, 21.6% and 24.8% where it shrinks; 31.7% in 2021."""
    high = figures.wide["hoogopgeleid_monitor"].unstack("year")
    for year, netherlands, shrinking in ((2015, 28.0, 21.6), (2022, 32.1, 24.8)):
        assert _mean(high[year], adults["working_age"]) == pytest.approx(netherlands, abs=0.2)
        assert _krimp(high[year], adults["working_age"], _members(membership, 2024)) == pytest.approx(
            shrinking, abs=0.1
        )
    levels = _wide(project, "85525NED", ["region", "year"]).xs(2021, level="year")
    assert levels.loc["NL01", ["low", "middle", "high"]].tolist() == [26.5, 41.8, 31.7]
    assert levels.drop("NL01")["population"].sum() == pytest.approx(levels.loc["NL01", "population"], abs=500)
    survey = figures.wide["onderwijs_hbo_wo"]
    assert survey["GM0277", 2023] - survey["GM0277", 2024] == pytest.approx(58.5 - 46.8), "Rozendaal jumps"


def test_health_is_the_series_that_was_there_and_goes_on(
    project: Project, adults: pd.DataFrame, membership: pd.DataFrame
) -> None:
    """Guards health to 2024: nearly the older table where both have it, and the published jump of 2022."""
    good = _years(project, "50150NED", "good_perceived_health_18plus_percent")
    older = _years(project, "50090NED", "ErvarenGezondheidGoedZeerGoed_4")
    for year in (2012, 2016, 2020):
        assert 0.988 <= good[year].corr(older[year]) < 0.9921
    members, weights = _members(membership, 2024), adults["grown_up"]
    expected = {2012: (23.7, 26.9), 2016: (24.5, 27.8), 2020: (21.6, 25.0), 2022: (30.9, 33.8), 2024: (27.2, 30.3)}
    for year, (netherlands, shrinking) in expected.items():
        assert 100 - _mean(good[year], weights) == pytest.approx(netherlands, abs=0.1)
        assert 100 - _krimp(good[year], weights, members) == pytest.approx(shrinking, abs=0.1)


def test_the_monitors_health_is_another_estimate(project: Project) -> None:
    """Guards that the two estimates of perceived health stay apart."""
    good = _years(project, "50150NED", "good_perceived_health_18plus_percent")
    monitor = _years(project, "brede-welvaart", "01_KL_PK_01")
    for year in (2016, 2020, 2022):
        assert 0.83 < good[year].corr(monitor[year]) < 0.93


def test_accounts_add_up_to_the_euro(project: Project) -> None:
    """Guards the money of municipalities: taakvelden sum to the expenditure, those of domain 6 to the social domain."""
    stored = read_stored(project.raw, "iv3")
    key = ["statement", "region", "year"]
    taakvelden = stored[stored["measure"].str.match(r"expenditure_\d") & ~stored["measure"].isin(RESERVES_AND_RESULT)]
    totals = stored[stored["measure"] == "expenditure"].set_index(key)["value"]
    pd.testing.assert_series_equal(taakvelden.groupby(key)["value"].sum().sort_index(), totals.sort_index())
    social = stored[stored["measure"] == "expenditure_social_domain"].set_index(key)["value"]
    of_domain_6 = taakvelden[taakvelden["measure"].str.startswith("expenditure_6")].groupby(key)["value"].sum()
    pd.testing.assert_series_equal(of_domain_6.sort_index(), social.sort_index())


def test_budgets_and_accounts_meet_the_figures_to_meet(figures: Figures, membership: pd.DataFrame) -> None:
    """Guards unit and statement: 4,117 million budgeted for 2017 where it shrinks, 6,123 million spent in 2024."""
    for topic, year, million in (("begroting_lasten", 2017, 4_117), ("rekening_lasten", 2024, 6_123)):
        spent = figures.wide[topic].xs(year, level="year").dropna()
        assert (spent * _members(membership, year)).sum() / 1e6 == pytest.approx(million, abs=0.5)
    budgets = figures.wide["begroting_lasten"].unstack("year")
    missing = budgets.index[budgets[2024].notna() & budgets[2026].notna() & budgets[2025].isna()]
    assert list(missing) == ["GM0310", "GM0415", "GM1731", "GM1961"]


def test_the_titles_of_taakvelden_cover_every_code(project: Project) -> None:
    """Guards the list of titles: each code of the accounts has one in its year."""
    titles = pd.read_csv(project.raw / "iv3" / "taakvelden.csv", dtype=str)
    stored = read_stored(project.raw, "iv3")
    codes = stored[stored["measure"].str.match(r"expenditure_\d")]
    known = set(titles["year"] + " " + titles["code"])
    used = set(codes["year"] + " " + codes["measure"].str.removeprefix("expenditure_"))
    assert used - known == set()


def test_allocation_keys_of_the_gemeentefonds_are_whole(project: Project) -> None:
    """Guards the keys: 49 for 342 municipalities, a weight for each with clusters that sum to it, all inhabitants."""
    stored = read_stored(project.raw, "gemeentefonds-2024")
    weights = pd.read_csv(project.raw / "gemeentefonds-2024" / "weights_2024.csv").dropna(subset=["Codering maatstaf"])
    clusters = weights.columns[2:-1]
    assert (weights[clusters].sum(axis=1) - weights["Totaal"]).abs().max() < 0.011
    # The fixed sum has another name in the two appendices.
    codes = set(weights["Codering maatstaf"]) - {"vast"} | {"vast nieuw"}
    units = stored[stored["measure"].isin(codes)]
    assert (len(codes), units["measure"].nunique(), units["region"].nunique()) == (49, 49, 342)
    assert units.loc[units["measure"] == "inwo", "value"].sum() == 17_942_942


def test_provinces_account_for_the_sum_that_the_report_may_mean(project: Project) -> None:
    """Guards the provincial budgets of 2013: 3.3 billion for five provinces, 3.7 with Drenthe."""
    stored = read_stored(project.raw, "45012NED")
    budget = stored[(stored["statement"] == "budget") & (stored["measure"] == "expenditure")]
    by_province = budget[budget["function"].str.fullmatch(r"\d\.\d")].groupby("region")["value"].sum() / 1e6
    five = by_province[["PV20", "PV21", "PV25", "PV29", "PV31"]].sum()
    assert five == pytest.approx(3.3, abs=0.05)
    assert five + by_province["PV22"] == pytest.approx(3.7, abs=0.05)


def test_liveability_of_districts_is_one_series(project: Project) -> None:
    """Guards the history: one fixed national mean in every year, and dimensions that add up to the total."""
    stored = read_stored(project.raw, "leefbaarometer-wijken").astype({"year": int})
    assert sorted(set(stored["year"])) == [2002, 2008, 2012, 2014, 2016, 2018, 2020, 2022]
    assert ((stored["lbm"] - stored["afw"]) - NATIONAL_MEAN_OF_THE_LEEFBAAROMETER).abs().max() < 1e-6
    dimensions = stored.dropna(subset=["won"])
    assert set(dimensions["year"]) == {2014, 2018, 2020, 2022}
    assert (dimensions[["won", "fys", "vrz", "soc", "onv"]].sum(axis=1) - dimensions["afw"]).abs().max() < 1e-6


def test_liveability_meets_the_official_scores(project: Project, membership: pd.DataFrame) -> None:
    """Guards the weights: the country, the shrinking regions and Eemsdelta as noted, and the official score of 2024."""
    stored = read_stored(project.raw, "leefbaarometer-wijken").astype({"year": int})
    weights = read_stored(project.raw, "leefbaarometer-gewichten").set_index("district")
    missing = (
        stored.drop_duplicates("district")
        .set_index("district")
        .reindex(weights.index[weights["dwellings_2024"].isna()])
    )
    assert (len(missing), (missing["region"] == "GM0363").sum()) == (132, 99)
    for year, netherlands, shrinking, eemsdelta in ((2014, -0.025, -0.040, -0.006), (2022, 0.017, 0.001, -0.031)):
        scores = stored[stored["year"] == year].set_index("district")
        dwellings = weights["dwellings_2024"].reindex(scores.index)
        assert _mean(scores["afw"], dwellings) == pytest.approx(netherlands, abs=0.0006)
        for region, expected in (("krimpregios", shrinking), ("eemsdelta", eemsdelta)):
            inside = scores["region"].map(_members(membership, 2022, region)).fillna(0) * dwellings
            assert _mean(scores["afw"], inside) == pytest.approx(expected, abs=0.0006)
    people = weights["weight"].reindex(scores.index)
    municipal = (scores["afw"] * people).groupby(scores["region"]).sum() / people.groupby(scores["region"]).sum()
    official = pd.read_csv(project.raw / "leefbaarometer" / "scores_2024.csv").set_index("code")["afw"]
    assert municipal.corr(official) == pytest.approx(0.969, abs=0.001)


def test_jobs_of_sectors_add_up(project: Project) -> None:
    """Guards the jobs per COROP area: sectors equal totals but for suppressed cells, and the report's share falls."""
    jobs = _wide(project, "83582NED", ["region", "year"])
    sectors = jobs.drop(columns="jobs_total")
    whole = sectors.sum(axis=1, skipna=False)
    assert ((whole - jobs["jobs_total"]).abs() <= 0.3 + 1e-9).sum() == 587
    assert len(jobs) == 615
    totals = jobs["jobs_total"].unstack("year").drop("CR99")
    share = totals.loc[REPORTS_COROP_AREAS].sum() / totals.sum() * 100
    assert share[[2013, 2015, 2024]].round(1).tolist() == [10.5, 10.5, 10.0]
    assert totals.loc["CR24", 2023] / totals.loc["CR24", 2022] - 1 == pytest.approx(-0.074, abs=0.001)


def test_commuting_adds_up_to_all_jobs(project: Project) -> None:
    """Guards the matrix: 40 by 40 areas, each pair once, 7.775 million jobs."""
    pairs = read_stored(project.raw, "pendel-corop")
    assert pairs["from"].nunique() == pairs["to"].nunique() == 40
    assert not pairs.duplicated(["from", "to"]).any()
    assert pairs["jobs"].sum() == pytest.approx(7_775.0)


def test_the_later_edition_of_gdp_is_the_same_to_2020(project: Project, figures: Figures) -> None:
    """Guards that only 2021 was revised, that areas sum to the country, and that the earlier edition is still read."""
    folder = project.raw / "nama_10r_3gdp"
    later, earlier = (pd.read_csv(folder / name) for name in ("gdp_nl_2000_2022.csv.gz", "gdp_2000_2021.csv.gz"))
    both = later.merge(earlier, on=["measure", "region", "year"], suffixes=("", "_earlier"))
    change = (both["value"] / both["value_earlier"] - 1).abs()
    assert change[both["year"] <= 2020].max() == 0
    assert change[both["year"] == 2021].median() == pytest.approx(0.023, abs=0.0005)
    product = later[later["measure"] == "MIO_EUR"]
    areas = product[product["region"].str.len() == 5].groupby("year")["value"].sum()
    country = product[product["region"] == "NL"].set_index("year")["value"]
    assert (areas / country - 1).abs().max() < 1e-5
    assert set(later.loc[later["flag"] == "p", "year"]) == {2021, 2022}
    assert "NL423" not in set(earlier.loc[earlier["year"] == 2021, "region"])
    limburg = product[(product["region"] == "NL423") & (product["year"] == 2021)]["value"].item()
    assert figures.wide.loc[("CR39", 2021), "bbp"] == limburg


def test_the_later_edition_decides_as_soon_as_it_is_named(project: Project) -> None:
    """Guards the switch: with both files named, 2021 comes from the first, provisional; areas abroad from the other."""
    table = load_catalogue(project).table("nama_10r_3gdp")
    assert table.files == ("gdp_nl_2000_2022.csv.gz", "gdp_2000_2021.csv.gz")
    found = read_table(project.raw, table, load_area_codes(project)).drop_duplicates(["topic", "region", "year"])
    found = found.set_index(["region", "year"])
    assert found.loc[("CR39", 2021), "status"] == "provisional"
    assert found.loc[("CR39", 2020), "status"] == "definitive"
    older = replace(table, files=table.files[1:])
    earlier = read_table(project.raw, older, load_area_codes(project)).set_index(["region", "year"])["value"]
    assert found.loc[("CR39", 2020), "value"] == earlier[("CR39", 2020)]
    assert set(earlier.index.get_level_values("region")) <= set(found.index.get_level_values("region"))
