"""How long all methods take over all series and origins, beside a plain loop over statsmodels on a sample."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from balans.paths import find_project
from balans.process import process
from balans.projections.backtest import backtest, leaderboard
from balans.projections.build import surroundings
from balans.projections.division import level_membership
from balans.projections.rules import Rules, load_prices, load_rules
from balans.projections.run import Surroundings, run_methods
from balans.projections.series import Panel, load_series, panels
from balans.tables import read_table

SAMPLE = 10
MOST_SECONDS = 60.0

Inputs = tuple[dict[tuple[str, str], Panel], Rules, Surroundings]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """The real series, rules and surroundings."""
    project = find_project()
    process(project)
    rules, membership = load_rules(project), level_membership(project)
    series = load_series(read_table(project.processed, "indicators"), membership, rules, load_prices(project))
    return panels(series), rules, surroundings(project, series, membership)


def project_and_score(made: dict[tuple[str, str], Panel], rules: Rules, around: Surroundings) -> pd.DataFrame:
    """Every method from every origin, scored and ranked."""
    results = run_methods(made, rules, around)
    return leaderboard(backtest(results.values(), rules.least_origins), rules.least_origins)


def test_all_methods_over_all_series(benchmark: Any, inputs: Inputs) -> None:
    """All methods, all series, all origins, with scores and intervals: under a minute."""
    benchmark.pedantic(project_and_score, args=inputs, rounds=1, iterations=1)
    seconds = benchmark.stats.stats.mean
    count = sum(len(panel.regions) for (name, _), panel in inputs[0].items() if name in inputs[1].indicators)
    plain, fits = loop_over_statsmodels(inputs[0])
    print(f"\nall methods, {count} series, every origin, scored: {seconds:.1f} s")
    print(f"plain loop over statsmodels, damped trend only, {SAMPLE} series, {fits} fits: {plain:.1f} s")
    print(f"that loop over all {count} series would take {plain / SAMPLE * count:.0f} s for one of the methods")
    assert seconds < MOST_SECONDS


def loop_over_statsmodels(made: dict[tuple[str, str], Panel]) -> tuple[float, int]:
    """Fit a damped trend with statsmodels from every origin of a sample of municipalities; seconds and fits."""
    panel = made["bevolkingsdichtheid", "municipality"]
    start, fits = time.perf_counter(), 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in np.log(panel.values[:SAMPLE]):
            for origin in range(6, len(row)):
                ExponentialSmoothing(row[: origin + 1], trend="add", damped_trend=True).fit().forecast(10)
                fits += 1
    return time.perf_counter() - start, fits
