"""The tables of the index, on the real figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from balans.geography.membership import area_membership, build_membership
from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import load_indicators
from balans.liveability.build import scores_table, tables_of
from balans.liveability.index import Index
from balans.liveability.published import year_used
from balans.paths import Project
from balans.sources.figures import Figures


def chosen(tables: dict[str, pd.DataFrame], kind: str, year: int = 2024) -> pd.DataFrame:
    """Scores of one kind and year by (region_id, dimension)."""
    table = tables["liveability"].query("kind == @kind and year == @year")
    return table.set_index(["region_id", "dimension"]).sort_index()


def test_official_scores_of_the_regions(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the published figures: krimp -0.0005 weighted by inhabitants, -0.0028 by dwellings; Netherlands 0.0189."""
    official = chosen(tables, "official")
    assert official.loc[("krimpregios", "totaal"), "score"] == pytest.approx(-0.0005, abs=5e-5)
    assert official.loc[("krimpregios", "totaal"), "score_by_dwellings"] == pytest.approx(-0.0028, abs=5e-5)
    assert official.loc[("nederland", "totaal"), "score"] == pytest.approx(0.0189, abs=5e-5)


def test_lowest_regions_and_largest_deficit(tables: dict[str, pd.DataFrame]) -> None:
    """Guards: Parkstad (-0.045) and Eemsdelta (-0.039) are lowest; facilities are the largest deficit (-0.086)."""
    official = chosen(tables, "official")
    totals = official.xs("totaal", level="dimension")
    regions = totals[totals["ranked"] == 20]["score"].nsmallest(2)
    assert list(regions.index) == ["parkstad-limburg", "eemsdelta"]
    np.testing.assert_allclose(regions, [-0.045, -0.039], atol=5e-4)
    krimp = official.loc["krimpregios"].drop("totaal")["score"]
    assert krimp.idxmin() == "voorzieningen"
    assert krimp.min() == pytest.approx(-0.086, abs=5e-4)


def test_hospital_distance(project: Project, figures: Figures) -> None:
    """Guards: krimp 6.19 → 6.93 km in 2015–2018, Netherlands 4.65 → 4.68 (AF_ZIEK_I, weighted by inhabitants)."""
    membership = pd.concat([build_membership(project), area_membership(project, "country")])
    indicator = load_indicators(project)["afstand_ziekenhuis_poli"]
    made = aggregate(figures.wide, membership, indicator).set_index(["region_id", "year"])["value"]
    expected = {("krimpregios", 2015): 6.19, ("krimpregios", 2018): 6.93, ("nederland", 2015): 4.65}
    for key, value in (expected | {("nederland", 2018): 4.68}).items():
        assert made[key] == pytest.approx(value, abs=0.005)


def test_dimensions_add_up_to_the_total(tables: dict[str, pd.DataFrame]) -> None:
    """Guards that the total is the sum of its dimensions, for every area, year and kind."""
    wide = tables["liveability"].pivot(index=["region_id", "year", "kind"], columns="dimension", values="score")
    np.testing.assert_allclose(wide.drop(columns="totaal").sum(axis=1), wide["totaal"], atol=2e-6)


def test_every_area_has_a_score(tables: dict[str, pd.DataFrame], index: Index) -> None:
    """Guards coverage: 342 municipalities, 40 COROP areas, 12 provinces, the 20 regions, totals and the country."""
    now = chosen(tables, "index").xs("totaal", level="dimension")
    assert now["score"].notna().all()
    assert now["coverage"].between(0.97, 1).all()
    assert now["ranked"].value_counts().to_dict() == {342: 342, 40: 40, 12: 12, 20: 20}
    assert {"krimpregios", "anticipeerregios", "nederland", "CR39", "PV31", "GM0917"} <= set(now.index)
    assert sorted(tables["liveability"].query("kind == 'index'")["year"].unique()) == list(index.framework.years)


def test_the_interval_holds_the_official_score(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the promise of lower and upper: the official score lies between them for at least 80% of the areas."""
    now, official = chosen(tables, "index"), chosen(tables, "official")
    inside = (official["score"] >= now["lower"]) & (official["score"] <= now["upper"])
    assert inside.groupby([now["ranked"], inside.index.get_level_values("dimension")]).mean().min() >= 0.8
    assert ((now["lower"] < now["score"]) & (now["score"] < now["upper"])).all()
    assert (now["choices_lower"] <= now["choices_upper"]).all()
    assert (now["rank_lower"].dropna() <= now["rank_upper"].dropna()).all()


def test_a_dimension_without_figures_is_held_and_says_so(tables: dict[str, pd.DataFrame], index: Index) -> None:
    """Guards against invented series: where less than a quarter is measured, the score is that of the stated year."""
    table = tables["liveability"].query("kind == 'index' and dimension != 'totaal'")
    held = table[table["status"] == "held"]
    assert set(held["dimension"]) == {"fysieke_omgeving", "overlast_onveiligheid"}
    assert set(held["year"]) == {2010}
    keys = ["region_id", "dimension", "year"]
    other = table.set_index(keys)["score"]
    same = other.loc[pd.MultiIndex.from_frame(held.assign(year=held["held_at"].astype(int))[keys])]
    np.testing.assert_array_equal(held["score"], same)
    assert (held["measured"] < index.framework.least_measured).all()
    assert year_used(index.framework, index.models["voorzieningen"], 2024) == 2024


def test_facilities_now_rest_on_older_figures(tables: dict[str, pd.DataFrame]) -> None:
    """Guards honesty about the present: nothing of the facilities is of 2024, so their score is that of 2018."""
    table = (
        tables["liveability"].query("kind == 'index' and dimension == 'voorzieningen'").set_index(["region_id", "year"])
    )
    krimp = table.loc["krimpregios"]
    assert krimp.loc[2024, "measured"] == 0
    assert krimp.loc[2024, "status"] == "latest"
    assert krimp.loc[2024, "score"] == krimp.loc[2018, "score"]
    assert krimp.loc[2018, "score"] < krimp.loc[2015, "score"]


def test_contributions_add_up_to_the_score(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the explanation of a score: contributions are the whole difference with the Netherlands."""
    parts = tables["liveability_contributions"].groupby(["region_id", "dimension"])["contribution"].sum()
    scores = chosen(tables, "index")["score"].drop("totaal", level="dimension")
    national = scores.loc["nederland"].reindex(scores.index.get_level_values("dimension")).to_numpy()
    np.testing.assert_allclose(parts.reindex(scores.index), scores - national, atol=1e-6)


def test_contributions_show_the_figure(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the figure beside a contribution: hospital distance in the krimp regions of 2018."""
    table = tables["liveability_contributions"].set_index(["region_id", "dimension", "indicator"])
    row = table.loc[("krimpregios", "voorzieningen", "afstand_ziekenhuis_poli")]
    assert row["value"] == pytest.approx(6.93, abs=0.1)
    assert row["contribution"] < 0


def test_the_same_index_gives_the_same_tables(index: Index, tables: dict[str, pd.DataFrame]) -> None:
    """Guards determinism, keys and order of every table."""
    for table in tables_of(index):
        pd.testing.assert_frame_equal(table.rows, tables[table.name])
        assert not table.rows.duplicated(list(table.key)).any()
    assert scores_table(index)["region_id"].is_monotonic_increasing
