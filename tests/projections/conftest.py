"""Real projections, built once for the tests of this folder."""

from __future__ import annotations

import pytest

from balans.geography.areas import load_areas
from balans.indicators.build import build_indicators
from balans.indicators.catalogue import load_indicators
from balans.paths import Project, find_project
from balans.projections.build import Projections, build_projections
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import load_figures


@pytest.fixture(scope="session")
def checkout() -> Project:
    """This checkout."""
    return find_project()


@pytest.fixture(scope="session")
def built(checkout: Project) -> Projections:
    """The projections from the real figures in ``data/raw``."""
    figures = load_figures(checkout, load_catalogue(checkout))
    areas = load_areas(checkout, figures.wide.index)
    return build_projections(checkout, build_indicators(figures, areas, load_indicators(checkout)))
