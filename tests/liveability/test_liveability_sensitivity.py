"""Monte Carlo over the choices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from balans.liveability.composite import oriented_columns
from balans.liveability.index import Index
from balans.liveability.normalise import Panel
from balans.liveability.official import Official
from balans.liveability.sensitivity import CHOICES, draw_choices, first_order, ranks, simulate


def test_first_order_finds_the_choice_that_matters() -> None:
    """Guards the decomposition: a choice that is all there is explains everything, chance explains next to nothing."""
    generator = np.random.default_rng(1)
    levels = pd.Series(generator.choice(["x", "y", "z"], 300))
    effect = levels.map({"x": 0.0, "y": 1.0, "z": 5.0}).to_numpy()[:, None] * np.array([[1.0, -2.0, 0.5]])
    assert first_order(effect, levels) == pytest.approx(1.0, abs=1e-6)
    noise = generator.normal(size=(300, 40))
    assert first_order(noise, levels) < 0.01
    assert first_order(noise, pd.Series(np.arange(300) // 3)) < 0.03  # many levels, still nothing
    assert first_order(np.ones((300, 2)), levels) == 0.0


def test_ranks_count_from_the_highest() -> None:
    """Guards the direction of a rank."""
    np.testing.assert_array_equal(ranks(np.array([[1.0, 9.0, 5.0], [3.0, 2.0, 1.0]])), [[3, 1, 2], [1, 2, 3]])


def test_draws_are_repeatable_and_use_every_option(index: Index) -> None:
    """Guards the seed, and that no option is forgotten."""
    names = index.official.province_names
    first, second = draw_choices(index.framework, names), draw_choices(index.framework, names)
    pd.testing.assert_frame_equal(first, second)
    assert list(first.columns) == list(CHOICES)
    for name, options in index.framework.choices.items():
        assert set(first[name]) == set(options)


def test_simulation_is_repeatable_and_follows_the_choices(
    synthetic_panel: Panel, synthetic_official: Callable[[np.ndarray], Official]
) -> None:
    """Guards the draws on a known rule: with calibrated weights every draw finds it, with equal ones it does not."""
    values = oriented_columns(synthetic_panel, "woningvoorraad", 2024).values
    official = synthetic_official(values @ np.array([0.05, 0.0, 0.0, 0.0, 0.0, 0.0]))
    first, second = simulate(synthetic_panel, official), simulate(synthetic_panel, official)
    table = first.scores["woningvoorraad", 2024]
    np.testing.assert_array_equal(table, second.scores["woningvoorraad", 2024])
    np.testing.assert_array_equal(table, first.scores["totaal", 2024])
    target = official.scores["totaal"].to_numpy()
    fit = pd.Series([np.corrcoef(row, target)[0, 1] for row in table])
    kept = (first.choices["left_out_indicator"] != "a").to_numpy()
    by_weights = fit[kept].groupby(first.choices.loc[kept, "weights"].to_numpy()).mean()
    assert by_weights["calibrated"] > 0.95 > by_weights["equal"]


def test_weights_matter_most(tables: dict[str, pd.DataFrame]) -> None:
    """Guards the published finding: in every dimension the weights explain most of the variance."""
    shares = tables["liveability_sensitivity"].query("option == 'all'")
    wide = shares.pivot(index="dimension", columns="choice", values="first_order")
    assert (wide.idxmax(axis=1) == "weights").all()
    assert wide.loc["totaal", "weights"] > 0.5
    assert wide.sum(axis=1).max() < 1
