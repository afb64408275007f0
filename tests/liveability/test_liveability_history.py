"""The official history: sums, weights, and how our index is held against it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from balans.liveability.framework import load_framework
from balans.liveability.history.agreement import agreement_table
from balans.liveability.history.districts import load_dwellings, split_districts
from balans.paths import Project
from balans.tables import read_table
from balans.words.areas import KRIMPREGIOS, NEDERLAND


@pytest.fixture(scope="module")
def history(project: Project) -> pd.DataFrame:
    return read_table(project.processed, "liveability_history")


def test_dimensions_add_up(project: Project, history: pd.DataFrame) -> None:
    """Guards the sum: the five dimensions are the total, in every area and year that has them."""
    framework = load_framework(project)
    wide = history.pivot(index=["region_id", "year"], columns="dimension", values="score").dropna()
    parts = wide[[one.id for one in framework.dimensions]].sum(axis=1)
    assert len(wide) > 1500
    assert (parts - wide[framework.total.id]).abs().max() < 1e-4


@pytest.mark.parametrize("kind", ["PV", "CR"])
def test_areas_make_the_country(history: pd.DataFrame, kind: str) -> None:
    """Guards weights: provinces, and COROP areas, weighted by their dwellings are the Netherlands, but for slivers."""
    rows = history[history["region_id"].str.match(rf"{kind}\d\d$") & (history["dimension"] == "totaal")]
    sums = rows.assign(top=rows["score"] * rows["dwellings"]).groupby("year")[["top", "dwellings"]].sum()
    country = history[(history["region_id"] == NEDERLAND) & (history["dimension"] == "totaal")].set_index("year")
    assert (sums["top"] / sums["dwellings"] - country["score"]).abs().max() < 5e-5
    assert sums["dwellings"].to_numpy() == pytest.approx(country["dwellings"].to_numpy(), rel=1e-3)


def test_first_look(history: pd.DataFrame) -> None:
    """Guards the published finding: krimp -.040 to +.001 while the gap stayed (Leefbaarometer, 2014 and 2022)."""
    total = history[history["dimension"] == "totaal"].set_index(["region_id", "year"])
    assert total["score"][KRIMPREGIOS, 2014] == pytest.approx(-0.040, abs=0.001)
    assert total["score"][KRIMPREGIOS, 2022] == pytest.approx(0.001, abs=0.001)
    assert total["score"][NEDERLAND, 2014] == pytest.approx(-0.024, abs=0.001)
    assert total["score"][NEDERLAND, 2022] == pytest.approx(0.019, abs=0.001)
    assert abs(total["gap"][KRIMPREGIOS, 2022] - total["gap"][KRIMPREGIOS, 2014]) < 0.005


def test_filled_dwellings(project: Project) -> None:
    """Guards what is filled: 132 districts, none negative, and Amsterdam within 5% of CBS's count of its dwellings."""
    table = load_dwellings(project)
    assert int(table["filled"].sum()) == 132
    assert (table["dwellings"] >= 0).all()
    amsterdam = table[table["gm_code"].isin(["GM0363", "GM0457"])]["dwellings"].sum()
    indicators = read_table(project.processed, "indicators")
    known = indicators[(indicators["region_id"] == "GM0363") & (indicators["indicator"] == "woningen")]
    assert amsterdam == pytest.approx(known.set_index("year")["value"][2024], rel=0.15)


def test_districts_are_the_former_municipalities(project: Project) -> None:
    """Guards split_districts.csv: the dwellings of the districts are about those of the municipality at the merger."""
    dwellings = load_dwellings(project).set_index("district")["dwellings"]
    table = split_districts(project)
    now = (
        table.assign(dwellings=table["district"].map(dwellings)).groupby(["gm_code", "former_code"])["dwellings"].sum()
    )
    moves = pd.read_csv(project.definitions / "geography" / "transfers.csv")
    then = moves.set_index(["to_code", "from_code"])["dwellings"]
    for (code, former), found in now.items():
        assert found == pytest.approx(float(then[code, former]), rel=0.25), former


def test_no_score_of_its_own(history: pd.DataFrame) -> None:
    """Guards De Marne: 2024 is there per municipality only, so a region that is a part of one has no score."""
    assert 2024 not in set(history.loc[history["region_id"] == "de-marne", "year"])
    assert 2022 in set(history.loc[history["region_id"] == "de-marne", "year"])


def test_agreement_of_an_index_that_moves_along() -> None:
    """Guards the comparison, on synthetic scores: the same movement correlates fully, and its opposite."""
    areas = [f"GM{number:04d}" for number in range(20)] + [NEDERLAND]
    types = pd.DataFrame({"region_id": areas, "type": ["municipality"] * 20 + ["country"]})
    moves = np.linspace(-1, 1, 21)

    def scores(first: int, last: int, sign: float) -> pd.DataFrame:
        early = pd.DataFrame({"region_id": areas, "year": first, "dimension": "totaal", "score": 0.0})
        return pd.concat([early, early.assign(year=last, score=sign * moves)]).assign(kind="index")

    for sign in (1.0, -1.0):
        table = agreement_table(scores(2015, 2024, sign), scores(2014, 2022, 1.0), types).set_index("level")
        assert table["correlation"]["municipality"] == pytest.approx(sign)


def test_our_index_did_not_move_along(project: Project) -> None:
    """Guards what the page says: the index describes a state, its movement is not the official one."""
    table = read_table(project.processed, "liveability_movement")
    total = table[table["dimension"] == "totaal"].set_index("level")
    assert (total["correlation"] < 0.3).all()
    assert total["n"]["municipality"] == 342
