"""Choosing a penalty by left-out provinces: sums that are taken away from each other, against refitting on the rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls

from balans.liveability.weights import PENALTIES, best_penalty_of

GENERATOR = np.random.default_rng(0)
GROUPS = np.repeat(np.arange(12.0), 28)
COLUMNS = GENERATOR.normal(size=(len(GROUPS), 50))
TARGET = COLUMNS @ GENERATOR.uniform(0, 0.02, 50) + GENERATOR.normal(0, 0.02, len(GROUPS))


def on_rows(columns: np.ndarray, target: np.ndarray, groups: np.ndarray) -> float:
    """The same choice with a fit on all rows for every penalty and group."""
    columns = columns / columns.std(axis=0)
    errors = dict.fromkeys(PENALTIES, 0.0)
    for penalty in PENALTIES:
        for group in np.unique(groups):
            train = groups != group
            means, mean = columns[train].mean(axis=0), target[train].mean()
            rows = np.vstack([columns[train] - means, np.sqrt(penalty) * np.eye(columns.shape[1])])
            weights = nnls(rows, np.append(target[train] - mean, np.zeros(columns.shape[1])))[0]
            errors[penalty] += np.sum((mean + (columns[~train] - means) @ weights - target[~train]) ** 2)
    return min(errors, key=errors.__getitem__)


@pytest.mark.benchmark(group="penalty by left-out provinces")
def test_with_sums(benchmark) -> None:
    assert benchmark(best_penalty_of, COLUMNS, TARGET, GROUPS, PENALTIES) == on_rows(COLUMNS, TARGET, GROUPS)


@pytest.mark.benchmark(group="penalty by left-out provinces")
def test_on_rows(benchmark) -> None:
    benchmark(on_rows, COLUMNS, TARGET, GROUPS)
