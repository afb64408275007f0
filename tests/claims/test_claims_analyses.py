"""The analyses of chapter 1 on real figures."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.claims.analyses.associations import LEAST, build_associations, spearman_interval
from balans.claims.analyses.gaps import widest_gap_test
from balans.tables import read_table

POPULATION = "37259eng/population_dynamics_2012_2023.csv.gz"


def test_why_the_population_did_not_fall(project):
    """2015-2023: natural increase −44,862, foreign +119,082, domestic −71,791; without Ter Apel +2,101."""
    table = read_table(project.processed, "population_account").set_index("region_id")
    krimp = table.loc["krimpregios"]
    assert krimp["natural_increase"] == pytest.approx(-44862, abs=1)
    assert krimp["foreign_migration"] == pytest.approx(119082, abs=1)
    assert krimp["domestic_migration"] == pytest.approx(-71791, abs=2)
    without = table.loc["krimpregios-zonder-oost-groningen"]
    assert without["domestic_migration"] == pytest.approx(2101, abs=2)
    parts = table[["natural_increase", "foreign_migration", "domestic_migration", "other"]].sum(axis="columns")
    assert np.allclose(parts, table["growth"])


def test_natural_increase_from_raw_births_and_deaths(project, raw):
    """The account is that of the raw counts, municipality by municipality."""
    years = range(2015, 2024)
    births = sum(raw.weighted_sum(POPULATION, "LiveBornChildren_3", "achterhoek", year) for year in years)
    deaths = sum(raw.weighted_sum(POPULATION, "Deaths_5", "achterhoek", year) for year in years)
    table = read_table(project.processed, "population_account").set_index("region_id")
    assert table.loc["achterhoek", "natural_increase"] == pytest.approx(births - deaths, abs=1e-6)


def test_gdp_choices(project):
    """Seven areas 10.87% in 2013 and 10.52% in 2014, 7.3% without Overig Groningen, about 6.3% shared out by people."""
    table = read_table(project.processed, "gdp_choices").set_index(["choice", "year"])
    assert table.loc[("corop-rapport", 2013), "gdp_share"] == pytest.approx(10.87, abs=0.005)
    assert table.loc[("corop-rapport", 2014), "gdp_share"] == pytest.approx(10.52, abs=0.005)
    assert table.loc[("corop-rapport-zonder-overig-groningen", 2013), "gdp_share"] == pytest.approx(7.31, abs=0.005)
    shared = table.loc[("naar-inwoners-verdeeld", 2015)]
    assert shared["gdp_share"] == pytest.approx(6.3, abs=0.05)
    assert shared["inhabitants_share"] == pytest.approx(8.0, abs=0.05)
    assert table.loc[("corop-rapport", 2014), "inhabitants_share"] == pytest.approx(12.0, abs=0.05)
    assert table.loc[("corop-rapport", 2015), "employee_jobs_share"] == pytest.approx(10.5, abs=0.05)


def test_net_commuting(project):
    """Employee jobs 2014: 563,018 by residence against 491,523 by work."""
    table = read_table(project.processed, "indicators").set_index(["region_id", "indicator", "year"])["value"]
    assert table[("krimpregios", "werknemersbanen_woongemeente", 2014)] == 563018
    assert table[("krimpregios", "werknemersbanen_werkgemeente", 2014)] == 491523
    assert table[("krimpregios", "netto_uitgaande_pendel", 2014)] == 563018 - 491523


def test_exams_over_four_years_nationally(project):
    """The Netherlands over 2014/15 to 2017/18 from the raw file: all havo and vwo passes over all passes."""
    stored = pd.read_csv(project.raw / "duo-examens" / "exams_2014_2024.csv.gz")
    four = stored[(stored["what"] == "passed") & (stored["school_year"] < "2018")]
    expected = 100 * four.loc[four["type"] != "VMBO", "value"].sum() / four["value"].sum()
    table = read_table(project.processed, "indicators").set_index(["region_id", "indicator", "year"])
    row = table.loc[("nederland", "havo_vwo_geslaagden", 2018)]
    assert row["value"] == pytest.approx(expected)
    assert row["coverage"] == 1
    assert table.loc[("nederland", "havo_vwo_geslaagden", 2024), "coverage"] < 1  # cells of 1 to 4 are hidden


def test_long_series_agrees_with_the_own_year_where_both_exist(project):
    """The value of 2010 by fixed weights is that by the dwellings of 2010."""
    gaps = read_table(project.processed, "gaps")
    chosen = gaps[(gaps["indicator"] == "woz_waarde") & (gaps["year"] == 2010) & (gaps["region_id"] == "krimpregios")]
    values = chosen.set_index("weights")["value"]
    assert values["dwellings around 2010"] == pytest.approx(values["own year"], rel=2e-3)
    assert gaps.loc[gaps["year"] == 2005, "region_id"].nunique() >= 20


def test_widest_gaps_where_shrinkage_is_oldest(project):
    """Of all 84 trios of regions, the three that the report names rank highest, whatever indicator is left out."""
    table = read_table(project.processed, "widest_gap_test").set_index("left_out")
    assert table.loc["none", "choices"] == math.comb(9, 3)
    assert table.loc["none", "p_value"] == pytest.approx(1 / 84, abs=1e-9)
    assert (table["p_value"] <= 0.05).all()


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(9)))
def test_permutation_test_is_exact(order):
    """With one synthetic indicator the p-value is the share of trios with at most that sum of ranks."""
    regions = [f"synthetic-{n}" for n in range(9)]
    gaps = pd.DataFrame({"region_id": regions, "indicator": "synthetic", "year": 2015, "disadvantage": order})
    other = gaps.assign(indicator="synthetic-2")
    table = widest_gap_test(pd.concat([gaps, other]), regions[:3], regions, 2015).set_index("left_out")
    ranks = [9 - value for value in order]
    sums = [ranks[i] + ranks[j] + ranks[k] for i in range(9) for j in range(i) for k in range(j)]
    expected = sum(total <= sum(ranks[:3]) for total in sums) / len(sums)
    assert table.loc["none", "p_value"] == pytest.approx(expected)


def test_index_of_disadvantage_shows_its_sensitivity(project):
    """Every region has a rank within the range that the variants span; Parkstad has the most disadvantage."""
    table = read_table(project.processed, "disadvantage_index").set_index("region_id")
    assert len(table) == 20
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert table["rank"].idxmin() == "parkstad-limburg"


def test_no_coefficient_on_twenty_areas_or_fewer(project):
    """Associations are between municipalities, with n, interval and warning; twenty areas give none."""
    table = read_table(project.processed, "associations")
    assert (table["n"] > 300).all()
    assert ((table["lower"] <= table["coefficient"]) & (table["coefficient"] <= table["upper"])).all()
    assert table["warning"].str.contains("personen").all()
    synthetic = pd.DataFrame(
        {
            "region_id": [f"GM{n:04d}" for n in range(LEAST)] * 2,
            "indicator": ["x"] * LEAST + ["y"] * LEAST,
            "year": 2015,
            "value": list(range(LEAST)) * 2,
        }
    )
    assert build_associations(synthetic, [{"x": "x", "x_year": 2015, "y": "y", "y_year": 2015, "subject": "s"}]).empty


@settings(deadline=None)
@given(st.floats(-0.95, 0.95), st.integers(25, 500))
def test_interval_holds_its_coefficient_and_narrows(coefficient, n):
    """The interval lies around the coefficient, within −1 and 1, and more pairs make it narrower."""
    lower, upper = spearman_interval(coefficient, n)
    assert -1 < lower < coefficient < upper < 1
    narrow = spearman_interval(coefficient, 4 * n)
    assert narrow[1] - narrow[0] < upper - lower


def test_engine_has_a_measured_node_for_every_region(project):
    """Each node has an indicator for each of the twenty regions; arrows join existing nodes as hypotheses."""
    nodes = read_table(project.processed, "engine_nodes")
    arrows = read_table(project.processed, "engine_arrows")
    assert nodes.groupby("node_id")["region_id"].nunique().ge(21).all()
    assert set(arrows["from_node"]) | set(arrows["to_node"]) == set(nodes["node_id"])
    assert set(arrows["status"]) == {"hypothesis"}


def test_quarters_make_a_year_only_when_complete(project):
    """Unemployment of 2024 is the mean of four quarters; 2025 has one quarter and no figure."""
    stored = pd.read_csv(project.raw / "werkloosheid" / "provinces_quarterly.csv.gz")
    year = stored[(stored["region"] == "PV31") & stored["year"].str.startswith("2024")]
    table = read_table(project.processed, "indicators")
    own = table[(table["region_id"] == "PV31") & (table["indicator"] == "werkloosheid")].set_index("year")["value"]
    assert own[2024] == pytest.approx(year["value"].mean())
    assert 2025 not in own.index
