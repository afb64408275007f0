"""Real projections, made once (nothing is made if ``data/processed`` is up to date)."""

from __future__ import annotations

import pytest

from balans.paths import Project, find_project
from balans.process import process
from balans.projections.build import Projections
from balans.tables import read_table


@pytest.fixture(scope="session")
def checkout() -> Project:
    """This checkout."""
    return find_project()


@pytest.fixture(scope="session")
def built(checkout: Project) -> Projections:
    """The projections from the real figures in ``data/raw``."""
    process(checkout)
    names = ("series", "projections", "backtest", "projection_scores", "publication_record")
    return Projections(*(read_table(checkout.processed, name) for name in names))
