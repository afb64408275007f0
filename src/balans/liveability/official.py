"""The official scores of Leefbaarometer 3.0, per municipality: to calibrate on and to be held against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from balans.errors import RawDataError
from balans.liveability.framework import Framework
from balans.liveability.normalise import Floats
from balans.paths import Project
from balans.sources.manifest import stored_file

LARGEST_GAP = 1e-5


@dataclass(frozen=True)
class Official:
    """Official scores on the order of ``codes``.

    Attributes:
        scores: one row per municipality (index ``gm_code``), one column per dimension, and the total; deviation
            from the national mean on Leefbaarometer's own scale (``afw`` and its parts).
        provinces: a number per municipality that is the same within a province.
        province_names: the name behind each number.
    """

    scores: pd.DataFrame
    provinces: Floats
    province_names: tuple[str, ...]


def load_official(project: Project, framework: Framework) -> Official:
    """Return the official scores (Bron: Leefbaarometer, ministerie van BZK), sorted by code.

    Raises:
        RawDataError: the dimensions do not add up to the total within 1e-5, or a municipality is there twice.
    """
    path = stored_file(project.raw, "leefbaarometer", "scores_2024.csv")
    table = pd.read_csv(path).set_index("code").sort_index().rename_axis("gm_code")
    scores = pd.DataFrame({one.id: table[one.official] for one in (*framework.dimensions, framework.total)})
    gap = adding_up_gap(scores, framework)
    if gap > LARGEST_GAP or scores.index.has_duplicates or scores.isna().any().any():
        raise RawDataError(f"{path}: dimensions and total differ by {gap:g}, or a municipality is double or empty.")
    numbers, names = pd.factorize(table["prov"], sort=True)
    return Official(scores, numbers.astype(float), tuple(map(str, names)))


def adding_up_gap(scores: pd.DataFrame, framework: Framework) -> float:
    """Return the largest difference between the sum of the dimensions and the total."""
    parts = scores[[dimension.id for dimension in framework.dimensions]].sum(axis=1)
    return float((parts - scores[framework.total.id]).abs().max())


def load_cutoffs(project: Project, framework: Framework) -> dict[str, Floats]:
    """Return per dimension the eight lower bounds of classes 2–9, from low to high.

    They are estimates: the middle between the classes' observed extremes over some 12,000 postcode areas.
    """
    table = pd.read_csv(project.definitions / "liveability" / "class_cutoffs.csv")
    bounds = {}
    for one in (*framework.dimensions, framework.total):
        rows = table[(table["variable"] == one.classes) & (table["class"] > 1)].sort_values("class")
        bounds[one.id] = _with_all_classes(rows.set_index("class")["lower_cutoff_estimate"])
    return bounds


def _with_all_classes(bounds: pd.Series) -> Floats:
    """Classes that no area is in (above the highest seen) get an endless bound."""
    return bounds.reindex(range(2, 10)).fillna(np.inf).to_numpy(dtype=float)


def classes_of(scores: Floats, bounds: Floats) -> Floats:
    """Return the class 1–9 of each score."""
    return np.asarray(1 + np.searchsorted(bounds, scores, side="right"), dtype=float)
