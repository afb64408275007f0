"""Real projections, made once (nothing is made if ``data/processed`` is up to date)."""

from __future__ import annotations

import pytest

from balans.paths import Project
from balans.projections.build import Projections
from balans.tables import read_table


@pytest.fixture(scope="session")
def built(project: Project) -> Projections:
    """The projections from the real figures in ``data/raw``."""
    names = ("series", "projections", "backtest", "projection_scores", "publication_record")
    return Projections(*(read_table(project.processed, name) for name in names))
