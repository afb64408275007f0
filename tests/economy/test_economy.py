"""Location quotients, shift-share, reach and tasks on real figures and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from balans.economy.quotients import SECTORS, garwood
from balans.economy.reach import area_points, great_circle_km, reach
from balans.economy.tasks import TASKS
from balans.paths import Project
from balans.tables import read_table


def test_garwood_against_published_values() -> None:
    """Exact 95% Poisson limits as in any table: 0 (0-3.69), 5 (1.62-11.67), 100 (81.36-121.63)."""
    lower, upper = garwood(pd.Series([0, 5, 100]))
    assert lower.round(2).tolist() == [0, 1.62, 81.36]
    assert upper.round(2).tolist() == [3.69, 11.67, 121.63]


def test_quotient_by_hand(project: Project, indicators: pd.DataFrame) -> None:
    """Achterhoek, farming, industry and energy: 29,500 of its jobs against 1,199,000 of 7,846,000."""
    rows = read_table(project.processed, "location_quotients").set_index(["region_id", "measure", "sector", "year"])
    row = rows.loc[("achterhoek", "banen", "landbouw_nijverheid", 2015)]
    total = indicators.loc[("achterhoek", "banen", 2015), "value"]
    assert row["count"].item() == pytest.approx(29_500)
    assert row["value"].item() == pytest.approx(29_500 / total / (1_199_000 / 7_846_000))
    assert row["lower"].item() < row["value"].item() < row["upper"].item()


def test_shares_of_sectors_add_up(project: Project) -> None:
    """The seven sectors of establishments are all of them, in every region and year."""
    rows = read_table(project.processed, "location_quotients")
    sums = rows[rows["measure"] == "vestigingen"].groupby(["region_id", "year"])["share"].sum()
    assert sums.between(98.5, 101.5).all()


def test_small_regions_are_less_certain(project: Project) -> None:
    """The interval of De Marne is wider than that of all krimp regions together."""
    rows = read_table(project.processed, "location_quotients")
    rows = rows[(rows["measure"] == "vestigingen") & (rows["sector"] == "cultuur_overig") & (rows["year"] == 2018)]
    width = (rows.set_index("region_id")["upper"] - rows.set_index("region_id")["lower"]) / rows.set_index("region_id")[
        "value"
    ]
    assert width["de-marne"] > 5 * width["krimpregios"]


def test_shift_share_is_an_identity(project: Project, indicators: pd.DataFrame) -> None:
    """Country, mix and region add up to the change; all regions' mix and region are against the same country."""
    rows = read_table(project.processed, "shift_share")
    parts = rows[["national", "mix", "regional"]].sum(axis=1)
    assert np.allclose(parts, rows["change"])
    country = [
        sum(indicators.loc[("nederland", f"vestigingen_{sector}", year), "value"] for sector in SECTORS["vestigingen"])
        for year in (2015, 2018)
    ]
    assert np.allclose(rows["national"] / rows["count"], country[1] / country[0] - 1)


def test_distance_by_hand() -> None:
    """One degree of latitude is 111.2 km; Maastricht to Aachen about 30 km."""
    one = great_circle_km(*(np.array([value]) for value in (5.0, 51.0, 5.0, 52.0)))
    assert one[0] == pytest.approx(111.195, abs=0.001)
    aachen = great_circle_km(*(np.array([value]) for value in (5.69, 50.85, 6.08, 50.776)))
    assert 27 < aachen[0] < 30


def test_points_cover_every_corop_area(project: Project) -> None:
    """40 Dutch areas under their COROP code, and areas in both neighbours."""
    points = area_points(project)
    assert points["area"].str.match(r"CR\d{2}$").sum() == 40
    assert set(points["country"]) == {"NL", "BE", "DE"}


def test_reach_grows_with_distance_and_counts_each_area_once(project: Project) -> None:
    """Within 90 km lie at least as many people as within 60, of every country."""
    rows = read_table(project.processed, "reach")
    wide = rows.pivot(index=["region_id", "country"], columns="distance_km", values="inhabitants").fillna(0)
    assert (wide[90] >= wide[60]).all()
    assert (wide[60] >= wide[30]).all()
    assert rows["inhabitants"].notna().all()


def test_reach_by_hand() -> None:
    """Synthetic: one region, one area 55.6 km away and one 166.8 km away; a missing GDP stays missing."""
    centres = pd.DataFrame({"region_id": ["here"], "lon": [5.0], "lat": [51.0]})
    points = pd.DataFrame({"area": ["CR01", "BE100"], "country": ["NL", "BE"], "lon": [5.0, 5.0], "lat": [51.5, 52.5]})
    rows = [
        (area, indicator, year, value)
        for area, value in (("CR01", 10.0), ("BE100", 20.0))
        for indicator in ("inwoners_eurostat", "inwoners_15_75", "bbp")
        for year in (2014, 2022)
    ]
    indicators = pd.DataFrame(rows, columns=["region_id", "indicator", "year", "value"])
    found = reach(centres, points, indicators, (2014, 2022))
    assert found[["distance_km", "country", "inhabitants"]].to_numpy().tolist() == [[60, "NL", 10.0], [90, "NL", 10.0]]


def test_claims_on_reach(indicators: pd.DataFrame) -> None:
    """15-75 fell 2.8% in Zuid-Limburg and grew in the country; with Aachen and Liège 2.25 million people."""
    value = indicators["value"]
    assert value["CR39", "inwoners_15_75", 2022] / value["CR39", "inwoners_15_75", 2015] - 1 == pytest.approx(
        -0.028, abs=0.0005
    )
    assert value["nederland", "inwoners_15_75", 2022] > value["nederland", "inwoners_15_75", 2021]
    assert value["zuid-limburg-aken-luik", "inwoners_eurostat", 2015] == pytest.approx(2.25e6, rel=0.005)
    assert value["krimpregios", "netto_uitgaande_pendel", 2014] == 563_018 - 491_523


def test_tasks_are_on_the_wrong_side(project: Project, indicators: pd.DataFrame) -> None:
    """Every region has an answer to every task, and carries it exactly if it is worse than the country (or than 0)."""
    rows = read_table(project.processed, "tasks")
    yardstick = {
        key: 0.0 if key[0] == "natuurlijke_aanwas" else indicators.loc[("nederland", *key), "value"]
        for key in set(zip(rows["indicator"], rows["year"], strict=True))
    }
    assert len(rows) == 20 * len(TASKS)
    higher = {task.id: task.higher for task in TASKS}
    worse = [
        row.value > yardstick[row.indicator, row.year]
        if higher[str(row.task)]
        else row.value < yardstick[row.indicator, row.year]
        for row in rows.itertuples()
    ]
    assert rows["carried"].tolist() == worse
