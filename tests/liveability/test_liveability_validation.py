"""Agreement with the official scores, and that it is honest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from balans.liveability.composite import oriented_columns
from balans.liveability.index import Index
from balans.liveability.validate import agreement, out_of_sample, out_of_sample_ridge, predictions

BOUNDS = np.array([-0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2])
RANK_CORRELATIONS = {
    "totaal": 0.842,
    "woningvoorraad": 0.896,
    "fysieke_omgeving": 0.688,
    "voorzieningen": 0.956,
    "sociale_samenhang": 0.960,
    "overlast_onveiligheid": 0.915,
}


@pytest.mark.parametrize(("dimension", "expected"), RANK_CORRELATIONS.items())
def test_rank_correlation_out_of_sample(tables: dict[str, pd.DataFrame], dimension: str, expected: float) -> None:
    """Guards the published agreement, per dimension and for the total (target of the total: 0.80)."""
    table = tables["liveability_validation"].set_index(["level", "dimension", "model"])
    assert table.loc[("municipality", dimension, "calibrated"), "rank_correlation"] == pytest.approx(
        expected, abs=0.005
    )


def test_the_published_index_beats_equal_weights(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the choice of what is published: calibrated weights agree better in every dimension."""
    table = tables["liveability_validation"].query("level == 'municipality'")
    wide = table.pivot(index="dimension", columns="model", values="r2")
    assert (wide["calibrated"] > wide["equal"]).all()
    assert (wide["calibrated"] >= wide["calibrated_geometric"] - 0.001).all()


def test_the_total_of_the_regions_agrees_less(tables: dict[str, pd.DataFrame]) -> None:
    """Guards a warning that the pages must give: on the total, the index ranks the twenty regions moderately."""
    table = tables["liveability_validation"].set_index(["level", "dimension", "model"])["rank_correlation"]
    assert table["region", "totaal", "calibrated"] == pytest.approx(0.52, abs=0.05)
    for dimension in ("voorzieningen", "sociale_samenhang", "overlast_onveiligheid"):
        assert table["region", dimension, "calibrated"] > 0.9


def test_the_index_is_too_kind_to_shrinking_regions(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the same warning: out of sample the krimp regions come out 0.02 above their official total."""
    krimp = tables["liveability_residuals"].set_index(["region_id", "dimension"]).loc["krimpregios", "residual"]
    assert krimp["totaal"] == pytest.approx(0.0207, abs=0.003)
    assert krimp.drop("totaal").idxmax() == "voorzieningen"


def test_shuffled_scores_cannot_be_predicted(index: Index) -> None:
    """Guards against leakage: with official scores shuffled over municipalities, nothing is left of the agreement."""
    columns = oriented_columns(index.panel, "sociale_samenhang", 2024)
    target = np.random.default_rng(3).permutation(index.official.scores["sociale_samenhang"].to_numpy())
    made = out_of_sample(columns, target, index.official.provinces, "calibrated", ["arithmetic"])[0]
    result = agreement(target, made, BOUNDS)
    assert -0.1 < result["r2"] < 0.05
    assert abs(result["rank_correlation"]) < 0.2
    free = out_of_sample_ridge(columns.values, target[:, None], index.official.provinces)[:, 0]
    assert agreement(target, free, BOUNDS)["r2"] < 0.05


def test_a_province_does_not_see_its_own_scores(index: Index) -> None:
    """Guards against leakage: other official scores in Limburg change no prediction for Limburg, in any model."""
    number = index.official.province_names.index("Limburg")
    inside = index.official.provinces == number
    changed = index.official.scores.copy()
    changed.loc[inside] = changed.loc[inside] * -3 + 0.5
    made = predictions(index.panel, replace(index.official, scores=changed))
    for model, table in made.items():
        np.testing.assert_allclose(table[inside], index.predicted[model][inside], atol=1e-12)
    assert not np.allclose(made["calibrated"][~inside], index.predicted["calibrated"][~inside])


def test_agreement_of_a_perfect_and_a_shifted_prediction() -> None:
    """Guards the measures themselves."""
    official = np.linspace(-0.3, 0.3, 50)
    perfect = agreement(official, official, BOUNDS)
    assert (perfect["r2"], perfect["mae"], perfect["class_agreement"]) == (1, 0, 1)
    shifted = agreement(official, official + 0.1, BOUNDS)
    assert shifted["rank_correlation"] == pytest.approx(1)
    assert shifted["bias"] == pytest.approx(0.1)
    assert shifted["error_80"] == pytest.approx(0.1)
    assert shifted["class_within_one"] < 1


def test_residuals_say_where_the_index_misleads(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the residuals on known cases: Vlieland is underrated, Roosendaal overrated."""
    total = tables["liveability_residuals"].query("dimension == 'totaal'").set_index("region_id")
    municipalities = total[total.index.str.startswith("GM")]
    assert len(municipalities) == 342
    assert municipalities["residual"].idxmin() == "GM0096"
    assert total.loc["GM1674", "residual"] > 0.08
    assert total.loc["GM1674", "misleads"]
    np.testing.assert_allclose(total["residual"], total["predicted"] - total["official"], atol=2e-8)
    assert 0.05 < municipalities["misleads"].mean() <= 0.2
