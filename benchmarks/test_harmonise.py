"""Harmonising 100 indicators of all municipalities, 2003–2026: sparse matrices against a plain pandas loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from balans.geography.divisions import load_divisions
from balans.geography.harmonise import Method, harmonise
from balans.geography.transfers import transition
from balans.paths import find_project

PROJECT = find_project(Path(__file__))
NAMES = [f"synthetic_{number:03d}" for number in range(100)]


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """Return synthetic figures: 9,625 municipality-years times 100 indicators."""
    table = load_divisions(PROJECT)[["gm_code", "year"]].merge(pd.DataFrame({"indicator": NAMES}), how="cross")
    return table.assign(value=np.random.default_rng(0).random(len(table)))


def in_a_loop(figures: pd.DataFrame, target: int) -> pd.DataFrame:
    """Do the same sums with one merge and groupby per year and indicator."""
    results = []
    for (year, name), part in figures.groupby(["year", "indicator"]):
        shares = transition(PROJECT, int(str(year)), target)
        joined = shares.merge(part, left_on="from_code", right_on="gm_code")
        value = (joined["share"] * joined["value"]).groupby(joined["to_code"]).sum()
        results.append(value.rename("value").reset_index().assign(year=year, indicator=name))
    return pd.concat(results, ignore_index=True)


@pytest.mark.benchmark(group="harmonise to 2026")
def test_vectorised(benchmark, figures: pd.DataFrame) -> None:
    result = benchmark.pedantic(harmonise, (PROJECT, figures, 2026, {n: Method() for n in NAMES}), rounds=3)
    assert len(result) == 342 * 24 * 100


@pytest.mark.benchmark(group="harmonise to 2026")
def test_plain_loop(benchmark, figures: pd.DataFrame) -> None:
    result = benchmark.pedantic(in_a_loop, (figures, 2026), rounds=1)
    assert result["value"].sum() == pytest.approx(figures["value"].sum())
