"""Harmonise: figures of municipalities, each on the division of its own year, onto one division.

How a figure is carried along depends on what it is:

- a **sum** (inhabitants, dwellings, hectares, births) is split by the weight that fits it;
- a **mean** (WOZ value, income per household) is averaged with the figure that it is a mean over;
- a **ratio** is rebuilt from its numerator and denominator, both sums;
- what **cannot** be split honestly (a median, a rank) is kept only where the municipality did not change.

Everything is done with one sparse matrix per year and weight. A missing figure makes every result that needs it
missing; nothing is filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from balans.errors import DefinitionError
from balans.geography.divisions import check_year
from balans.geography.transfers import Weight, transition_matrix
from balans.paths import Project

SPLIT = 0.001
How = Literal["sum", "mean", "ratio", "none"]
STATUSES = ("as published", "combined", "estimated", "cannot be split", "missing")


@dataclass(frozen=True)
class Method:
    """How one indicator is carried to another division.

    Attributes:
        how: ``sum``, ``mean``, ``ratio`` or ``none`` (cannot be split or combined).
        weight: what a split municipality is divided by: inhabitants, dwellings or hectares.
        over: for a mean, the indicator that it is weighted with (dwellings for WOZ), a sum in the same frame.
        numerator: for a ratio, the indicator above the line, a sum in the same frame.
        denominator: for a ratio, the indicator below the line.
        factor: for a ratio, 100 for a percentage.
    """

    how: How = "sum"
    weight: Weight = "inhabitants"
    over: str = ""
    numerator: str = ""
    denominator: str = ""
    factor: float = 1.0


def harmonise(
    project: Project,
    figures: pd.DataFrame,
    target: int,
    methods: Mapping[str, Method],
    zero_ratio: float = np.nan,
) -> pd.DataFrame:
    """Return figures on the division of ``target``.

    Args:
        project: where the divisions and transfers are.
        figures: long, ``gm_code, year, indicator, value``, each year on its own division; a missing row is a missing
            figure. One row per municipality, year and indicator.
        target: year of the division to carry them to, earlier or later.
        methods: one per indicator that is wanted; a sum that only serves a mean or ratio needs one, too.
        zero_ratio: value of a ratio whose denominator is 0.

    Returns:
        ``gm_code, year, indicator, value, estimated_share, status``: all municipalities of the target division times
        the years and indicators. ``estimated_share``: the part of the municipality that comes from split ones.
        ``status``: ``as published`` (the municipality did not change), ``combined`` (whole municipalities),
        ``estimated`` (rests on a split one), ``cannot be split`` and ``missing`` (both with an empty value).

    Raises:
        DefinitionError: a method that names a figure that is not there, a figure twice, or a municipality that does not
            exist in the division of its year.
    """
    check_year(target)
    _check(figures, methods)
    wide = figures.pivot(index=["year", "gm_code"], columns="indicator", values="value")
    tables = [
        _one_year(
            project,
            int(str(year)),
            table.droplevel("year"),
            target,
            methods,
            zero_ratio,
        )
        for year, table in wide.groupby(level="year")
    ]
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True)
class _Change:
    """What happened between two divisions, for one weight: shares (from × to) and what that says of each target."""

    shares: sparse.csr_array
    contributors: np.ndarray
    estimated: np.ndarray


def _one_year(
    project: Project,
    year: int,
    table: pd.DataFrame,
    target: int,
    methods: Mapping[str, Method],
    zero_ratio: float,
) -> pd.DataFrame:
    """Return one year's figures on the target division, long."""
    rows = transition_matrix(project, year, target)[1]
    columns = transition_matrix(project, year, target)[2]
    strangers = table.index.difference(rows)
    if len(strangers):
        raise DefinitionError(f"{', '.join(strangers[:5])}: figures of {year}, but not in the division of {year}.")
    table = table.reindex(index=rows)
    changes = {weight: _change(project, year, target, weight) for weight in {m.weight for m in methods.values()}}
    results = {name: np.full(len(columns), np.nan) for name in methods}
    _carry_sums(table, methods, changes, results)
    _carry_means(table, methods, changes, results)
    for name, method in methods.items():
        if method.how == "ratio":
            results[name] = _ratio(results, method, zero_ratio)
        elif method.how == "none":
            results[name] = _unchanged_only(table[name].to_numpy(dtype=float), changes[method.weight])
    parts = [
        _long(
            name,
            methods[name],
            columns,
            year,
            changes[methods[name].weight],
            results[name],
        )
        for name in methods
    ]
    return pd.concat(parts)


def _change(project: Project, year: int, target: int, weight: Weight) -> _Change:
    shares = transition_matrix(project, year, target, weight)[0]
    origin = transition_matrix(project, target, year, weight)[0]
    # A straightened border moves a few people; only what moves more than SPLIT of a municipality makes it a split one.
    largest = np.asarray(shares.max(axis=1).todense()).ravel() if year != target else np.ones(shares.shape[0])
    is_split = (largest < 1 - SPLIT).astype(float)
    large_parts = origin.copy()
    large_parts.data = (large_parts.data > SPLIT).astype(float)
    return _Change(shares, np.asarray(large_parts.sum(axis=1)).ravel(), origin @ is_split)


def _carry_sums(
    table: pd.DataFrame,
    methods: Mapping[str, Method],
    changes: Mapping[Weight, _Change],
    results: dict[str, np.ndarray],
) -> None:
    for weight, change in changes.items():
        names = [name for name, method in methods.items() if method.how == "sum" and method.weight == weight]
        if names:
            carried = _apply(change.shares, table[names].to_numpy(dtype=float))
            results.update(zip(names, carried.T, strict=True))


def _carry_means(
    table: pd.DataFrame,
    methods: Mapping[str, Method],
    changes: Mapping[Weight, _Change],
    results: dict[str, np.ndarray],
) -> None:
    """Average over what the mean is a mean of; the weights are split as that figure itself is split."""
    for name, method in methods.items():
        if method.how == "mean":
            shares = changes[method.weight].shares
            over = table[method.over].to_numpy(dtype=float)
            pair = _apply(
                shares,
                np.column_stack([table[name].to_numpy(dtype=float) * over, over]),
            )
            results[name] = _divide(pair[:, 0], pair[:, 1], np.nan)


def _apply(shares: sparse.csr_array, values: np.ndarray) -> np.ndarray:
    """Return shares.T @ values in which a missing value makes the results that it belongs to missing, and no others."""
    missing = np.isnan(values)
    carried = shares.T @ np.where(missing, 0.0, values)
    if missing.any():
        carried[(shares.T @ missing.astype(float)) > 0] = np.nan
    return np.asarray(carried)


def _ratio(results: Mapping[str, np.ndarray], method: Method, zero_ratio: float) -> np.ndarray:
    return method.factor * _divide(results[method.numerator], results[method.denominator], zero_ratio)


def _divide(above: np.ndarray, below: np.ndarray, when_zero: float) -> np.ndarray:
    nonzero = below != 0
    return np.where(nonzero, above / np.where(nonzero, below, 1.0), when_zero)


def _unchanged_only(values: np.ndarray, change: _Change) -> np.ndarray:
    """Return the value of municipalities that are one whole municipality, before and after; of the others nothing."""
    carried = _apply(change.shares, np.column_stack([values, np.ones_like(values)]))
    whole = (change.contributors <= 1) & (change.estimated == 0)
    largest = np.asarray(change.shares.argmax(axis=0)).ravel()
    return np.where(whole & ~np.isnan(carried[:, 0]), values[largest], np.nan)


def _long(
    name: str,
    method: Method,
    columns: pd.Index,
    year: int,
    change: _Change,
    values: np.ndarray,
) -> pd.DataFrame:
    changed = (change.contributors > 1) | (change.estimated > 0)
    status = np.select(
        [
            changed & (method.how == "none"),
            np.isnan(values),
            change.estimated > 0,
            change.contributors > 1,
        ],
        ["cannot be split", "missing", "estimated", "combined"],
        default="as published",
    )
    return pd.DataFrame(
        {
            "gm_code": columns,
            "year": year,
            "indicator": name,
            "value": values,
            "estimated_share": change.estimated,
            "status": status,
        }
    )


def _check(figures: pd.DataFrame, methods: Mapping[str, Method]) -> None:
    twice = figures.duplicated(["year", "gm_code", "indicator"])
    if twice.any():
        first = figures[twice].iloc[0]
        raise DefinitionError(f"{first['indicator']} of {first['gm_code']} in {first['year']} is there twice.")
    present = set(figures["indicator"])
    for name, method in methods.items():
        needed = {
            "mean": [name, method.over],
            "ratio": [method.numerator, method.denominator],
        }.get(method.how, [name])
        for other in needed:
            if method.how == "ratio" and methods.get(other, Method("none")).how != "sum":
                raise DefinitionError(
                    f"{name}: a ratio is rebuilt from two sums, but {other or '(nothing)'} is not one."
                )
            if other not in present:
                raise DefinitionError(f"{name}: the figures have no {other or 'indicator to weight the mean with'}.")
