"""The index in the future."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from balans.errors import UnknownKeyError
from balans.liveability.model import DimensionModel
from balans.liveability.normalise import Panel
from balans.liveability.official import Official
from balans.liveability.project import Present, project_index

PLACES = ["GM0001", "nederland"]


@pytest.fixture
def models() -> dict[str, DimensionModel]:
    """A model with known weights: 0.02 for a, 0.01 for less of b, 0.03 for money e."""
    weights = np.array([0.02, 0.01, 0.0, 0.0, 0.0, 0.03])
    signs = np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
    names = ("a", "b", "c", "d", "d", "e")
    return {"woningvoorraad": DimensionModel("woningvoorraad", names, signs, weights, 0.0)}


@pytest.fixture
def present() -> Present:
    """Two synthetic places: scores with an interval of ±0.02, every figure at 50."""
    keys = [(place, name) for place in PLACES for name in ("woningvoorraad", "totaal")]
    scores = pd.DataFrame(keys, columns=["region_id", "dimension"]).assign(score=0.1, lower=0.08, upper=0.12)
    index = pd.MultiIndex.from_product([PLACES, list("abcde")], names=["region_id", "indicator"])
    return Present(scores, pd.Series(50.0, index=index))


def projection(indicator: str, value: float, half: float = 0.0, places: list[str] | None = None) -> pd.DataFrame:
    """One projected figure of 2035 per place with its 80% interval."""
    frame = pd.DataFrame({"region_id": places or PLACES, "indicator": indicator, "year": 2035, "value": value})
    return frame.assign(lower_80=value - half, upper_80=value + half)


def row(table: pd.DataFrame, place: str = "GM0001", dimension: str = "woningvoorraad") -> pd.Series:
    return table.set_index(["region_id", "dimension"]).loc[(place, dimension)]


def test_a_projected_figure_moves_the_score_by_its_weight(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards the arithmetic: weight times the move in spreads, in the direction of the indicator; the total follows."""
    spread = synthetic_panel.scales[0.01]["b"].spread
    made = project_index(synthetic_panel, models, present, projection("p_b", 55.0))
    assert row(made)["change"] == pytest.approx(-0.01 * 5 / spread)
    assert row(made)["score"] == pytest.approx(0.1 - 0.01 * 5 / spread)
    assert row(made)["moved"] == pytest.approx(0.01 / 0.06)
    assert row(made, dimension="totaal")["change"] == row(made)["change"]


def test_without_spread_the_interval_is_that_of_the_index(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards the sum of variances: certain projections add nothing, uncertain ones widen."""
    certain = row(project_index(synthetic_panel, models, present, projection("p_a", 50.0)))
    assert certain["upper"] - certain["lower"] == pytest.approx(0.04)
    unsure = row(project_index(synthetic_panel, models, present, projection("p_a", 50.0, half=6.0)))
    spread = synthetic_panel.scales[0.01]["a"].spread
    expected = 2 * np.hypot(0.02, 0.02 * 6 / spread)
    assert unsure["upper"] - unsure["lower"] == pytest.approx(expected, rel=0.1)
    assert unsure["score"] == certain["score"]


def test_a_dimension_without_projection_is_held(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards against invention: only an indicator without weight is projected, so the score stays and says so."""
    made = project_index(synthetic_panel, models, present, projection("p_c", 70.0))
    assert row(made)["status"] == "held"
    assert row(made)["score"] == 0.1


def test_money_that_rises_everywhere_moves_nothing(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards relative money: three times the price in every place is inflation."""
    national = synthetic_panel.national("e", 2024)
    values = present.values.copy()
    values[:] = national
    everywhere = project_index(
        synthetic_panel, models, Present(present.scores, values), projection("p_e", 3 * national)
    )
    assert row(everywhere)["change"] == pytest.approx(0, abs=1e-12)


def test_money_without_the_netherlands_is_not_projected(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards that nothing is set against a national mean that is not there."""
    made = project_index(synthetic_panel, models, present, projection("p_e", 80.0, places=["GM0001"]))
    assert row(made)["status"] == "held"


def test_wrong_input_says_what_is_wrong(
    synthetic_panel: Panel, models: dict[str, DimensionModel], present: Present
) -> None:
    """Guards the contract of the seam with the projections."""
    with pytest.raises(UnknownKeyError, match="lack upper_80"):
        project_index(synthetic_panel, models, present, projection("p_a", 1.0).drop(columns="upper_80"))
    with pytest.raises(UnknownKeyError, match="no GM9999"):
        project_index(synthetic_panel, models, present, projection("p_a", 50.0, places=["GM9999"]))


def test_unknown_indicators_are_not_used(
    synthetic_panel: Panel,
    models: dict[str, DimensionModel],
    present: Present,
    synthetic_official: Callable[[np.ndarray], Official],
) -> None:
    """Guards that all projections can be handed over: those that the index does not use give no rows."""
    assert len(synthetic_official(np.zeros(320)).scores) == 320
    assert project_index(synthetic_panel, models, present, projection("geboorte", 5.0)).empty
