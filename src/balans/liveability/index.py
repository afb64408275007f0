"""The fitted index with everything that its tables are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from balans.liveability.framework import Framework, load_framework
from balans.liveability.harmonise import indicator_values, size_of_municipalities
from balans.liveability.model import DimensionModel, fit_index
from balans.liveability.normalise import Floats, Panel, make_panel
from balans.liveability.official import Official, load_cutoffs, load_official
from balans.liveability.published import Published, published_scores
from balans.liveability.regional import Areas, load_index_areas
from balans.liveability.sensitivity import Draws, simulate
from balans.liveability.validate import predictions
from balans.paths import Project
from balans.sources.figures import Figures


@dataclass(frozen=True)
class Index:
    """Everything that the tables are made from."""

    framework: Framework
    panel: Panel
    official: Official
    models: Mapping[str, DimensionModel]
    areas: Areas
    bounds: Mapping[str, Floats]
    predicted: Mapping[str, pd.DataFrame]
    draws: Draws
    published: Mapping[tuple[str, int], Published]


def build_index(project: Project, figures: Figures, membership: pd.DataFrame) -> Index:
    """Return the fitted index with its validation and its Monte Carlo draws.

    Args:
        project: where definitions and official scores are.
        figures: all figures at hand.
        membership: of the regions: ``region_id, year, gm_code, weight, weight_dwellings``.

    Raises:
        DefinitionError: ``definitions/liveability.yml`` asks for a figure that is not there.
        RawDataError: the official scores do not add up.
    """
    # On one thread: the matrices are small, threads only wait for each other, and sums keep their order.
    with threadpool_limits(limits=1):
        return _build(project, figures, membership)


def _build(project: Project, figures: Figures, membership: pd.DataFrame) -> Index:
    framework = load_framework(project)
    sizes = [size_of_municipalities(figures.wide, framework, project, topic) for topic in ("inwoners", "woningen")]
    panel = make_panel(indicator_values(figures.wide, framework, project), sizes[0], framework)
    official = load_official(project, framework)
    models = fit_index(panel, official)
    draws = simulate(panel, official)
    return Index(
        framework,
        panel,
        official,
        models,
        load_index_areas(project, framework, membership, pd.concat(sizes, axis=1)),
        load_cutoffs(project, framework),
        predictions(panel, official),
        draws,
        published_scores(panel, models, draws),
    )
