"""From published projections to the projected index: the seam, and the real tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from balans.errors import UnknownKeyError
from balans.liveability.framework import Framework
from balans.liveability.future import Future, linked_projections
from balans.paths import Project
from balans.tables import read_table

KEY = ["region_id", "dimension", "year"]


def synthetic_future(published: bool = True, last_figure: int = 2024) -> Future:
    """One synthetic place: its own figure is 100 now, 120 ± 12 in 2035; the index has 50 for the same thing."""
    years = range(2015, last_figure + 1)
    series = pd.DataFrame({"region_id": "GM0001", "indicator": "p_a", "year": list(years), "value": 100.0})
    projected = pd.DataFrame(
        {
            "region_id": "GM0001",
            "indicator": "p_a",
            "year": [2035],
            "value": 120.0,
            "lower_80": 108.0,
            "upper_80": 132.0,
        }
    )
    return Future(series, projected.assign(published=published))


@pytest.fixture
def values() -> pd.Series:
    """The synthetic figure that the index has now."""
    index = pd.MultiIndex.from_tuples([("GM0001", "a")], names=["region_id", "indicator"])
    return pd.Series([50.0], index=index)


@pytest.fixture
def framework(synthetic_framework: Framework) -> Framework:
    return replace(synthetic_framework, projected_years=(2025, 2035))


def test_a_projection_is_carried_as_a_ratio(framework: Framework, values: pd.Series) -> None:
    """Guards the level: 100 → 120 moves an index figure of 50 to 60, and its interval with it."""
    row = linked_projections(framework, synthetic_future(), values).set_index("year").loc[2035]
    assert (row["value"], row["lower_80"], row["upper_80"]) == (60.0, 54.0, 66.0)


def test_a_year_that_is_known_is_not_projected(framework: Framework, values: pd.Series) -> None:
    """Guards the first year: a figure of 2025 counts as it is, without an interval."""
    made = linked_projections(framework, synthetic_future(last_figure=2025), values).set_index("year")
    assert (made.loc[2025, "value"], made.loc[2025, "lower_80"], made.loc[2025, "upper_80"]) == (50.0, 50.0, 50.0)


def test_what_is_not_published_moves_nothing(framework: Framework, values: pd.Series) -> None:
    """Guards against losing methods and split regions: without a published row there is no figure at all."""
    assert linked_projections(framework, synthetic_future(published=False), values).empty


def test_a_table_without_its_columns_says_so() -> None:
    """Guards the seam with the projections."""
    with pytest.raises(UnknownKeyError, match="projections lacks published"):
        Future(synthetic_future().series, synthetic_future().projections.drop(columns="published"))


@pytest.fixture(scope="module")
def scores(project: Project) -> pd.DataFrame:
    """The table ``liveability`` as ``process`` made it."""
    return read_table(project.processed, "liveability")


def ahead(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[scores["kind"] == "projection"].set_index(KEY).sort_index()


def test_the_projected_index_starts_from_the_index_now(scores: pd.DataFrame) -> None:
    """Guards the arithmetic in the real tables: score = now + change; a held dimension does not move at all."""
    made = ahead(scores)
    assert sorted(made.index.get_level_values("year").unique()) == [2025, 2035]
    now = scores[(scores["kind"] == "index") & (scores["year"] == 2024)].set_index(KEY[:2])["score"]
    start = now.reindex(made.index.droplevel("year")).to_numpy()
    np.testing.assert_allclose(made["score"], start + made["change"], atol=2e-8)
    held = made[made["status"] == "held"]
    assert set(held.index.get_level_values("dimension")) == {"voorzieningen"}
    assert (held["change"] == 0).all()
    assert (held["held_at"] == 2024).all()


def test_projected_dimensions_add_up_to_the_total(scores: pd.DataFrame) -> None:
    """Guards the total, ahead too: it is the sum of its dimensions."""
    wide = ahead(scores)["score"].unstack("dimension")
    np.testing.assert_allclose(wide.drop(columns="totaal").sum(axis=1), wide["totaal"], atol=2e-6)


def test_the_interval_carries_both_uncertainties(scores: pd.DataFrame) -> None:
    """Guards honesty: never narrower than the index now, and wider where a projection moves a dimension."""
    made = ahead(scores).reset_index()
    now = scores[(scores["kind"] == "index") & (scores["year"] == 2024)].assign(width=lambda t: t["upper"] - t["lower"])
    joined = made.merge(now[[*KEY[:2], "width"]], on=KEY[:2])
    wider = joined["upper"] - joined["lower"] - joined["width"]
    assert (wider > -4e-8).all()
    assert (wider[(joined["dimension"] == "overlast_onveiligheid") & (joined["year"] == 2035)] > 1e-7).all()


def test_regions_that_share_a_municipality_have_no_projection(scores: pd.DataFrame, project: Project) -> None:
    """Guards against a figure for De Marne: its projections are split, so its index is not projected."""
    table = read_table(project.processed, "projections")
    split = set(table.loc[table["status"] == "split", "region_id"])
    assert "de-marne" in split
    assert not split & set(ahead(scores).index.get_level_values("region_id"))


def test_provinces_move_as_their_municipalities_do(scores: pd.DataFrame, project: Project) -> None:
    """Guards the two roads to one number: a province's change is the mean of its municipalities' changes."""
    change = ahead(scores).xs((2035, "totaal"), level=("year", "dimension"))["change"]
    parents = read_table(project.processed, "regions").set_index("region_id")["parent"]
    figures = read_table(project.processed, "indicators").query("indicator == 'inwoners' and year == 2024")
    table = figures.set_index("region_id")[["value"]].join(change, how="inner").join(parents)
    table = table[table.index.str.startswith("GM")].assign(part=lambda t: t["value"] * t["change"])
    sums = table.groupby("parent")[["part", "value"]].sum()
    means = sums["part"] / sums["value"]
    assert len(means) == 12
    np.testing.assert_allclose(change[means.index], means, atol=5e-5)


def test_little_of_the_index_is_projected(scores: pd.DataFrame) -> None:
    """Guards what the page says: a small part of the weight moves, so no dimension counts as projected."""
    made = ahead(scores)
    assert made["moved"].max() < 0.25
    assert set(made["status"]) == {"held", "partly"}
