"""The tables of the liveability index in ``data/processed``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from balans.liveability.framework import Framework, load_framework
from balans.liveability.harmonise import indicator_values, size_of_municipalities
from balans.liveability.model import DimensionModel, contributions, fit_index, index_scores, measured_share
from balans.liveability.normalise import Floats, Panel, check_indicators, make_panel
from balans.liveability.official import Official, classes_of, load_cutoffs, load_official
from balans.liveability.regional import Areas, load_index_areas
from balans.liveability.sensitivity import Draws, sensitivity_table, simulate
from balans.liveability.validate import predictions, residual_table, validation_table
from balans.paths import Project
from balans.sources.figures import Figures
from balans.tables import ProcessedTable

KEY = ["region_id", "year", "dimension", "kind"]
INTERVAL = 0.8


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


def build_index(project: Project, figures: Figures) -> Index:
    """Return the fitted index with its validation and its Monte Carlo draws.

    Raises:
        DefinitionError: ``definitions/liveability.yml`` asks for a figure that is not there.
        RawDataError: the official scores do not add up.
    """
    framework = load_framework(project)
    sizes = [size_of_municipalities(figures.wide, framework, project, topic) for topic in ("inwoners", "woningen")]
    panel = make_panel(indicator_values(figures.wide, framework, project), sizes[0], framework)
    official = load_official(project, framework)
    return Index(
        framework,
        panel,
        official,
        fit_index(panel, official),
        load_index_areas(project, framework, pd.concat(sizes, axis=1)),
        load_cutoffs(project, framework),
        predictions(panel, official),
        simulate(panel, official),
    )


def liveability_tables(project: Project, figures: Figures) -> list[ProcessedTable]:
    """Return the five tables of the index; see their descriptions."""
    index = build_index(project, figures)
    present = index_scores(index.panel, index.models, index.framework.present_year)
    validation = validation_table(index.predicted, index.official, index.bounds)
    residuals = residual_table(index.predicted["calibrated"], index.official, index.bounds)
    sensitivity = sensitivity_table(index.draws, present, index.framework)
    return [
        ProcessedTable("liveability", _DESCRIPTION, tuple(KEY), scores_table(index)),
        ProcessedTable(
            "liveability_validation",
            "Agreement of the index with the official scores 2024, out of sample by province",
            ("dimension", "model"),
            validation,
        ),
        ProcessedTable(
            "liveability_residuals",
            "Official and out-of-sample score per municipality; positive residual: the index is too kind",
            ("region_id", "dimension"),
            residuals,
        ),
        ProcessedTable(
            "liveability_contributions",
            "What each indicator adds to a score now, against the national mean",
            ("region_id", "dimension", "indicator"),
            contribution_table(index),
        ),
        ProcessedTable(
            "liveability_indicators",
            "Indicators of the index, with the checks on coverage and skewness",
            ("indicator",),
            check_indicators(index.panel),
        ),
        ProcessedTable(
            "liveability_sensitivity",
            "Which choice matters: share of variance, and places moved",
            ("dimension", "choice", "option"),
            sensitivity,
        ),
    ]


_DESCRIPTION = (
    "Liveability per area and dimension: kind official (Leefbaarometer 3.0) or index (ours, on the same scale); lower and "
    "upper: 80% interval for the official score; choices_lower and choices_upper: 80% of all choices; measured: part of the "
    "weight with figures of the year; status: measured, partly, held (at held_at), latest (the present)"
)


def scores_table(index: Index) -> pd.DataFrame:
    """Return the table ``liveability``: official scores, and the index for every published year."""
    tables = [_official_rows(index)]
    for year in index.framework.years:
        tables += [_index_rows(index, name, year) for name in index.official.scores.columns]
    return pd.concat(tables, ignore_index=True).sort_values(KEY, ignore_index=True)


def _official_rows(index: Index) -> pd.DataFrame:
    tables = [_frame(index, str(name), index.official.scores[name].to_numpy()) for name in index.official.scores]
    return pd.concat(tables).assign(year=index.framework.present_year, kind="official", measured=1.0, status="official")


def _frame(index: Index, name: str, scores: Floats) -> pd.DataFrame:
    """Scores of municipalities, as rows per area: score, score_by_dwellings, rank, ranked, class."""
    areas = index.areas
    by_area = areas.mean(scores)
    size = pd.Series({i: len(group) for group in areas.rank_groups().values() for i in group})
    return pd.DataFrame(
        {
            "region_id": areas.types.index,
            "dimension": name,
            "score": by_area,
            "score_by_dwellings": areas.by_dwellings @ scores,
            "rank": areas.ranks(by_area),
            "ranked": size.reindex(range(len(by_area))).to_numpy(),
            "class": classes_of(by_area, index.bounds[name]).astype(int),
        }
    )


def _index_rows(index: Index, name: str, year: int) -> pd.DataFrame:
    held_at, measured = year_of_scores(index, name, year)
    scores = dimension_scores(index, name, year)
    choices = _draws_of(index, name, year)
    by_area = index.areas.mean(choices)
    kept = (index.draws.choices["weights"] == "calibrated").to_numpy()
    spread = np.hypot(by_area[kept].std(axis=0), _error_of_areas(index, name)) * norm.ppf((1 + INTERVAL) / 2)
    limits = np.quantile(by_area, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], axis=0)
    places = np.quantile(index.areas.ranks(by_area), [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], axis=0)
    frame = _frame(index, name, scores)
    return frame.assign(
        year=year,
        kind="index",
        lower=frame["score"] - spread,
        upper=frame["score"] + spread,
        choices_lower=limits[0],
        choices_upper=limits[1],
        rank_lower=np.floor(places[0]),
        rank_upper=np.ceil(places[1]),
        measured=round(measured, 4),
        status=_status(index.framework, year, held_at, measured),
        held_at=float(held_at),
    )


def year_of_scores(index: Index, name: str, year: int) -> tuple[int, float]:
    """Return the year whose scores stand for ``year``, and which part of the weight (0–1) has figures of ``year``.

    The present is scored with the latest figures whatever their year; another year with too few is held at the nearest
    year that has enough. The total is never held as a whole: its parts are.
    """
    framework = index.framework
    if name == framework.total.id:
        sizes = {key: model.weights.sum() for key, model in index.models.items()}
        shares = {key: measured_share(framework, model, year) for key, model in index.models.items()}
        return year, float(sum(sizes[key] * shares[key] for key in sizes) / sum(sizes.values()))
    model = index.models[name]
    own = measured_share(framework, model, year)
    if own >= framework.least_measured or year == framework.present_year:
        return year, own
    enough = [known for known in framework.years if measured_share(framework, model, known) >= framework.least_measured]
    return min(enough, key=lambda known: (abs(known - year), known), default=framework.present_year), own


def dimension_scores(index: Index, name: str, year: int) -> Floats:
    """Return the published score per municipality of one dimension, or the total, for one published year."""
    if name == index.framework.total.id:
        return np.sum([dimension_scores(index, one.id, year) for one in index.framework.dimensions], axis=0)
    return index_scores(index.panel, index.models, year_of_scores(index, name, year)[0])[name].to_numpy()


def _draws_of(index: Index, name: str, year: int) -> Floats:
    if name == index.framework.total.id:
        return np.sum([_draws_of(index, one.id, year) for one in index.framework.dimensions], axis=0)
    return index.draws.scores[name, year_of_scores(index, name, year)[0]]


def _status(framework: Framework, year: int, held_at: int, measured: float) -> str:
    if held_at != year:
        return "held"
    if year == framework.present_year:
        return "latest"
    return "measured" if measured >= framework.mostly_measured else "partly"


def _error_of_areas(index: Index, name: str) -> Floats:
    """Root mean square out-of-sample error of areas of the same kind (of totals and the country: as of regions)."""
    error = index.areas.mean((index.predicted["calibrated"][name] - index.official.scores[name]).to_numpy())
    groups = index.areas.rank_groups()
    sizes = np.full(len(error), np.sqrt(np.mean(error[groups["region"]] ** 2)))
    for positions in groups.values():
        sizes[positions] = np.sqrt(np.mean(error[positions] ** 2))
    return sizes


def contribution_table(index: Index) -> pd.DataFrame:
    """Return ``region_id, dimension, indicator, title, contribution, weight, value, national, figure_year``.

    Contributions of one area and dimension add up to its score minus that of the Netherlands. ``value`` and ``national``
    are means over municipalities weighted by inhabitants.
    """
    year = index.framework.present_year
    parts = contributions(index.panel, index.models, year)
    wide = parts.pivot(index="gm_code", columns=["dimension", "indicator"], values="contribution")
    by_area = index.areas.mean(wide.to_numpy().T)
    table = pd.DataFrame(by_area.T, index=index.areas.types.index, columns=wide.columns)
    long = table.rename_axis("region_id").stack(["dimension", "indicator"]).rename("contribution").reset_index()
    weights = parts.drop_duplicates(["dimension", "indicator"])[["dimension", "indicator", "weight"]]
    long = long.merge(weights, on=["dimension", "indicator"], how="left").merge(_values(index, year), how="left")
    return long.sort_values(["region_id", "dimension", "indicator"], ignore_index=True)


def _values(index: Index, year: int) -> pd.DataFrame:
    """Per area and indicator the figure behind the score now: value, national, title, figure_year."""
    tables = []
    for indicator in index.framework.indicators:
        figure_year = indicator.year_for(year)
        raw = index.panel.raw[indicator.id, figure_year]
        known = (~np.isnan(raw)).astype(float)
        below = index.areas.mean(known)
        value = index.areas.mean(np.nan_to_num(raw)) / np.where(below > 0, below, np.nan)
        national = index.panel.national(indicator.id, figure_year)
        frame = pd.DataFrame({"region_id": index.areas.types.index, "value": value})
        tables.append(
            frame.assign(indicator=indicator.id, title=indicator.title, national=national, figure_year=figure_year)
        )
    return pd.concat(tables, ignore_index=True)
