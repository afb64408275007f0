"""Real figures that several tests of the geography need."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.paths import Project


def _series(project: Project, name: str, measure: str) -> pd.Series:
    frame = pd.read_csv(project.raw / f"{name}.csv.gz").dropna(subset="value")
    return frame[frame["measure"] == measure].set_index(["year", "region"])["value"].sort_index()


@pytest.fixture(scope="session")
def first_of_january(project: Project) -> pd.Series:
    """Return population on 1 January per year and regiocode, 2012–2026 (37259eng, from 2024 03759ned)."""
    earlier = _series(project, "37259eng/population_dynamics_2012_2023", "PopulationOn1January_1")
    later = _series(project, "03759ned/population_2019_2026", "M000352")
    return pd.concat([earlier, later[later.index.get_level_values("year") >= 2024]]).sort_index()


@pytest.fixture(scope="session")
def last_of_december(project: Project) -> pd.Series:
    """Return population on 31 December per year and regiocode, 2012–2023 (37259eng)."""
    return _series(project, "37259eng/population_dynamics_2012_2023", "PopulationOn31December_20")
