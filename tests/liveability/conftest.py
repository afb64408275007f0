"""The real index, built once, and synthetic panels for what must be known in advance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from balans.geography.membership import build_membership
from balans.liveability.build import tables_of
from balans.liveability.framework import Framework, IndexIndicator, load_framework
from balans.liveability.index import Index, build_index
from balans.liveability.normalise import Panel, make_panel
from balans.liveability.official import Official
from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import Figures, load_figures

PROVINCES = 8
PER_PROVINCE = 40


@pytest.fixture(scope="session")
def figures(project: Project) -> Figures:
    return load_figures(project, load_catalogue(project))


@pytest.fixture(scope="session")
def index(project: Project, figures: Figures) -> Index:
    """The index from the real figures."""
    return build_index(project, figures, build_membership(project))


@pytest.fixture(scope="session")
def tables(index: Index) -> dict[str, pd.DataFrame]:
    """Every table of the index by name."""
    return {table.name: table.rows for table in tables_of(index)}


def synthetic_indicator(name: str, direction: int, *, transformation: str = "none", projected_by: str | None = None):
    """One indicator of the first dimension with figures of 2015 and 2024."""
    signs = {"woningvoorraad": direction}
    return IndexIndicator(name, name, name, "inwoners", transformation, (2015, 2024), signs, projected_by)


@pytest.fixture(scope="session")
def synthetic_framework(project: Project) -> Framework:
    """The real framework with one dimension of five synthetic indicators; ``d`` has no direction in advance."""
    real = load_framework(project)
    names = {"a": 1, "b": -1, "c": 1, "d": 0}
    indicators = [synthetic_indicator(name, sign, projected_by=f"p_{name}") for name, sign in names.items()]
    money = synthetic_indicator("e", 1, transformation="relative_log", projected_by="p_e")
    return replace(real, dimensions=real.dimensions[:1], indicators=(*indicators, money), years=(2015, 2024), draws=60)


@pytest.fixture(scope="session")
def synthetic_panel(synthetic_framework: Framework) -> Panel:
    """Independent figures of 320 synthetic municipalities; 2024 is as 2015."""
    generator = np.random.default_rng(1)
    codes = [f"GM{number:04d}" for number in range(PROVINCES * PER_PROVINCE)]
    parts = []
    for indicator in synthetic_framework.indicators:
        drawn = generator.normal(50, 10, len(codes)).clip(1)
        for year in indicator.series:
            frame = pd.DataFrame({"gm_code": codes, "indicator": indicator.id, "year": year, "value": drawn})
            parts.append(frame)
    population = pd.Series(1000.0, index=pd.Index(codes, name="gm_code"))
    return make_panel(pd.concat(parts), population, synthetic_framework)


@pytest.fixture(scope="session")
def synthetic_provinces() -> np.ndarray:
    return np.repeat(np.arange(float(PROVINCES)), PER_PROVINCE)


@pytest.fixture(scope="session")
def synthetic_official(synthetic_panel: Panel, synthetic_provinces: np.ndarray) -> Callable[[np.ndarray], Official]:
    """Makes official scores of the synthetic municipalities from a known rule."""

    def make(target: np.ndarray) -> Official:
        scores = pd.DataFrame({"woningvoorraad": target, "totaal": target}, index=synthetic_panel.codes)
        return Official(scores, synthetic_provinces, tuple(f"province {number}" for number in range(PROVINCES)))

    return make
