"""The projections from the real figures: what is there, how good it was, that it adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from balans.paths import Project
from balans.projections.build import PROJECTION_KEY, Projections
from balans.projections.division import level_membership
from balans.projections.population import load_age_groups
from balans.projections.rules import load_prices, load_rules

ASKED = (
    "inwoners",
    "huishoudens",
    "woz_waarde",
    "besteedbaar_inkomen",
    "bevolkingsdichtheid",
    "groene_druk",
    "grijze_druk",
)


@pytest.mark.parametrize("indicator", ASKED)
def test_every_level_has_projections(built: Projections, indicator: str) -> None:
    """At least 340 municipalities, all 40 COROP areas and all 20 regions, for each indicator that is asked for."""
    rows = built.projections[built.projections["indicator"] == indicator]
    count = rows.groupby("level")["region_id"].nunique()
    assert count["municipality"] >= 340
    assert count["corop"] == 40
    assert count["region"] == 20
    tested = built.backtest[built.backtest["indicator"] == indicator].groupby("level")["n"].max()
    assert tested["municipality"] >= 340
    assert tested["corop"] == 40
    assert tested["region"] == 20


def test_the_key_is_unique_and_one_row_is_published_per_area_and_year(built: Projections) -> None:
    """A page that asks for the published value of an area and year gets exactly one."""
    rows = built.projections
    assert not rows.duplicated(PROJECTION_KEY).any()
    published = rows[rows["published"]]
    assert not published.duplicated(["region_id", "indicator", "year"]).any()


def test_series_keep_inhabitants_to_the_person(built: Projections) -> None:
    """On one division the municipalities still add up to the Netherlands and to what is known of the krimp regions."""
    people = built.series[built.series["indicator"] == "inwoners"]
    by_level = people.groupby(["level", "year"])["value"].sum().unstack("level")
    np.testing.assert_allclose(by_level["municipality"], by_level["country"], rtol=0, atol=0.5)
    np.testing.assert_allclose(by_level["corop"], by_level["country"], rtol=1e-6)
    krimp = people[people["region_id"] == "krimpregios"].set_index("year")["value"]
    for year, expected in {2012: 1_364_937, 2015: 1_352_426, 2018: 1_345_783, 2024: 1_354_942}.items():
        assert krimp[year] == pytest.approx(expected, abs=3)


def test_missing_years_stay_missing(built: Projections) -> None:
    """Households are known for nine years; the years in between have no row, so no zero and no invention."""
    households = built.series[(built.series["indicator"] == "huishoudens") & (built.series["region_id"] == "nederland")]
    assert sorted(households["year"]) == [2010, 2015, 2018, 2020, 2021, 2022, 2023, 2024, 2025]
    tested = built.leaderboard.query("indicator == 'huishoudens' and tested")["horizon"].max()
    assert tested == 3, "four figures are there in 2020 for the first time, so only three years ahead can be tested"


def test_population_of_the_regions_beats_no_change(built: Projections) -> None:
    """Nine years from 2015: at or below no change (2.4%); five years: below 1.0% (20 regions)."""
    published = built.leaderboard[built.leaderboard["published"]]
    scores = built.backtest.merge(published[["indicator", "level", "horizon", "model"]])
    row = scores.query("indicator == 'inwoners' and level == 'region' and origin_year == 2015").set_index("horizon")
    print(row.loc[[1, 5, 9], ["model", "mape", "mape_no_change"]].round(2).to_string())
    assert row.loc[9, "mape_no_change"] == pytest.approx(2.43, abs=0.05)
    assert row.loc[9, "mape"] < 1.6
    assert row.loc[5, "mape"] < 1.0
    five = published.query("indicator == 'inwoners' and horizon == 5").set_index("level")["mape"]
    print(five.round(2).to_string())
    assert five["region"] < 1.0


def test_nothing_is_published_that_does_not_beat_no_change(built: Projections) -> None:
    """Every published method is no change itself or was better than no change on the same series and origins."""
    published = built.leaderboard[built.leaderboard["published"]]
    other = published[published["model"] != "no_change"]
    assert (other["relative"] < 1).all()
    assert (other["origins"] >= 3).all()
    best = built.leaderboard[built.leaderboard["tested"]].groupby(["indicator", "level", "horizon"])["relative"].min()
    found = published.set_index(["indicator", "level", "horizon"])["relative"]
    np.testing.assert_allclose(found.sort_index(), best.sort_index(), atol=1e-5)


def test_eighty_percent_means_eighty_percent(built: Projections) -> None:
    """Out of sample 76–84% of outcomes lay inside the 80% intervals of what is published, per level with many areas."""
    published = built.leaderboard.loc[built.leaderboard["published"], ["indicator", "level", "horizon", "model"]]
    claimed = built.backtest.merge(published).dropna(subset="coverage_80")
    print(claimed.groupby("indicator")[["coverage_80", "coverage_95"]].mean().round(2).to_string())
    assert 0.76 <= claimed["coverage_80"].mean() <= 0.84
    by_level = claimed.groupby("level")["coverage_80"].mean()
    assert by_level[["municipality", "corop", "province", "region"]].between(0.76, 0.84).all()


def test_untested_rows_claim_no_coverage(built: Projections) -> None:
    """Beyond the longest horizon with three origins a row says untested and carries no error or coverage."""
    rows = built.projections[built.projections["status"] == "untested"]
    assert len(rows)
    assert rows[["mape", "coverage_80"]].isna().all().all()
    horizon = rows["year"] - rows["origin_year"]
    population = rows[(rows["indicator"] == "inwoners") & rows["published"]]
    assert horizon[population.index].min() == 11


def test_money_of_municipalities_stops_at_ten_years(built: Projections) -> None:
    """Municipal WOZ and income are not projected beyond ten years; larger areas and people are, to 2040."""
    rows = built.projections.assign(horizon=lambda frame: frame["year"] - frame["origin_year"])
    municipal = rows[rows["level"] == "municipality"].groupby("indicator")["horizon"].max()
    assert (
        municipal[["woz_waarde", "woz_waarde_reeel", "besteedbaar_inkomen", "besteedbaar_inkomen_reeel"]] == 10
    ).all()
    assert rows.loc[rows["indicator"] == "inwoners", "year"].max() == 2040


def test_no_value_or_bound_leaves_its_range(built: Projections, project: Project) -> None:
    """Counts and money stay above zero, shares between 0 and 100, bounds in order."""
    rows = built.projections
    columns = ["value", "lower_80", "upper_80", "lower_95", "upper_95"]
    assert (rows[columns] > 0).all().all()
    shares = [rule.id for rule in load_rules(project).indicators.values() if rule.scale == "logit"]
    assert (rows.loc[rows["indicator"].isin(shares), columns] < 100).all().all()
    assert (rows["lower_95"] <= rows["lower_80"] + 1e-9).all()
    assert (rows["lower_80"] <= rows["value"]).all()
    assert (rows["value"] <= rows["upper_80"]).all()
    assert (rows["upper_80"] <= rows["upper_95"] + 1e-9).all()


def test_published_values_add_up(built: Projections, project: Project) -> None:
    """Municipalities add up to every larger area and to the Netherlands, by the membership of today."""
    rows = built.projections.query("indicator in ('inwoners', 'huishoudens')")
    rows = rows[rows["published"] | (rows["status"] == "split")].sort_values("published")
    membership = level_membership(project)
    members = membership[(membership["year"] == 2026) & (membership["level"] != "municipality")].drop(columns="year")
    municipal = rows[rows["level"] == "municipality"]
    parts = members.merge(
        municipal[["region_id", "indicator", "year", "value"]].rename(columns={"region_id": "gm_code"})
    )
    total = (parts["value"] * parts["weight"]).groupby([parts["region_id"], parts["indicator"], parts["year"]]).sum()
    found = rows[rows["published"] & (rows["level"] != "municipality")].set_index(["region_id", "indicator", "year"])[
        "value"
    ]
    joined = pd.concat([found, total.rename("sum")], axis=1, join="inner")
    assert len(joined) > 1500
    np.testing.assert_allclose(joined["value"], joined["sum"], rtol=1e-6)


def test_the_interval_of_a_total_knows_that_regions_move_together(built: Projections) -> None:
    """A total is surer than its regions all off in the same direction."""
    rows = built.projections.query("indicator == 'inwoners' and year == 2035 and published")
    width = (rows["upper_80"] - rows["lower_80"]) / rows["value"]
    assert width[rows["region_id"] == "krimpregios"].iloc[0] < width[rows["level"] == "municipality"].mean()
    assert width[rows["region_id"] == "krimpregios"].iloc[0] > 0.005


def test_split_regions_get_no_projection_of_their_own(built: Projections) -> None:
    """De Marne is a fifth of Het Hogeland: its rows say split and are not published."""
    rows = built.projections[built.projections["region_id"] == "de-marne"]
    assert (rows["status"] == "split").all()
    assert not rows["published"].any()
    assert built.projections.query("region_id == 'noord-groningen' and published")["value"].gt(0).all()


def test_areas_that_eurostat_drew_anew_are_left_out(built: Projections, project: Project) -> None:
    """NL111 (CR01) and NL33A (CR30) lost 8 and 9 percent to a new boundary in 2021: no migration, no figure."""
    people = built.series.query("indicator == 'inwoners' and level == 'corop'")
    groups = load_age_groups(project, people.pivot(index="region_id", columns="year", values="value"))
    known = np.isfinite(groups.counts).all(axis=2)
    for area in ("CR01", "CR30"):
        row = dict(zip(groups.years, known[groups.areas.index(area)], strict=True))
        assert row[2020]
        assert not row[2021]
        assert not row[2022]
    assert known.sum() > 330


def test_prices_follow_cbs(project: Project) -> None:
    """The chain of yearly changes gives the known rise of consumer prices from 2015 to 2024 (CBS: 100 to 130.3)."""
    prices = load_prices(project)
    assert prices.loc[2024] == 1
    assert prices.loc[2024] / prices.loc[2015] == pytest.approx(1.303, abs=0.004)


def test_the_rule_is_scored_on_what_was_known_then(built: Projections) -> None:
    """The record never uses a winner before three outcomes were known, and is better than no change on population."""
    record = built.record.query("indicator == 'inwoners' and level == 'region' and horizon == 3").set_index(
        "origin_year"
    )
    assert (record.loc[:2018, "model"] == "no_change").all()
    assert (record.loc[2020:, "mape"] < record.loc[2020:, "mape_no_change"]).all()
