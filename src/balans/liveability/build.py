"""The tables of the liveability index in ``data/processed``."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from balans.liveability.framework import DIRECTIONS, Framework
from balans.liveability.future import Future, linked_projections
from balans.liveability.index import Index, build_index
from balans.liveability.model import contributions
from balans.liveability.normalise import Floats, check_indicators
from balans.liveability.official import classes_of
from balans.liveability.project import Present, project_index
from balans.liveability.published import Published
from balans.liveability.regional import area_values
from balans.liveability.sensitivity import sensitivity_table
from balans.liveability.validate import residual_table, validation_table
from balans.paths import Project
from balans.sources.figures import Figures
from balans.tables import ProcessedTable

KEY = ["region_id", "year", "dimension", "kind"]

INTERVAL = 0.8

TAILS = ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2)


def liveability_tables(
    project: Project, figures: Figures, membership: pd.DataFrame, future: Future | None = None
) -> list[ProcessedTable]:
    """Return the tables of the index; see ``build_index`` for the arguments and errors.

    With ``future`` the table ``liveability`` also has rows of kind ``projection``.
    """
    return tables_of(build_index(project, figures, membership), future)


def tables_of(index: Index, future: Future | None = None) -> list[ProcessedTable]:
    """Return the tables of a built index, each with what it holds and its key."""
    scores = scores_table(index)
    if future is not None:
        scores = pd.concat([scores, projected_rows(index, scores, future)]).sort_values(KEY, ignore_index=True)
    made = [
        ("liveability", _DESCRIPTION, KEY, scores),
        (
            "liveability_themes",
            "What the Leefbaarometer measures per dimension, and whether an open figure stands for it",
            ["dimension", "theme"],
            theme_table(index.framework),
        ),
        (
            "liveability_validation",
            "Agreement of the index with the official scores, out of sample by province",
            ["level", "dimension", "model"],
            validation_table(index.predicted, index.official, index.areas, index.bounds),
        ),
        (
            "liveability_residuals",
            "Official and out-of-sample score per area; positive residual: the index is too kind",
            ["region_id", "dimension"],
            residual_table(index.predicted["calibrated"], index.official, index.areas, index.bounds),
        ),
        *_explanations(index),
    ]
    # Eight decimals: below what a score means, above what machines differ in.
    return [ProcessedTable(name, text, tuple(key), rows.round(8)) for name, text, key, rows in made]


def _explanations(index: Index) -> list[tuple[str, str, list[str], pd.DataFrame]]:
    """Name, description, key and rows of the tables that explain a score."""
    return [
        (
            "liveability_contributions",
            "What each indicator adds to a score now, against the national mean",
            ["region_id", "dimension", "indicator"],
            contribution_table(index),
        ),
        (
            "liveability_indicators",
            "Indicators of the index, with the checks on coverage and skewness",
            ["indicator"],
            check_indicators(index.panel),
        ),
        (
            "liveability_weights",
            "Calibrated weight of each indicator in each dimension",
            ["dimension", "indicator"],
            weight_table(index),
        ),
        (
            "liveability_sensitivity",
            "Which choice matters: share of variance, and places moved",
            ["dimension", "choice", "option"],
            sensitivity_table(index.draws, present_scores(index), index.framework),
        ),
    ]


def present_scores(index: Index) -> pd.DataFrame:
    """Return the published scores now: municipalities × dimensions and total."""
    year = index.framework.present_year
    scores = {name: index.published[name, year].scores for name in map(str, index.official.scores.columns)}
    return pd.DataFrame(scores, index=index.panel.codes)


_DESCRIPTION = (
    "Liveability per area and dimension: kind official (Leefbaarometer 3.0), index (ours, same scale) or projection "
    "(the index moved by published projections; areas without them have no row); lower, upper: "
    "where the official score lies in at least 80% of areas, of a projection with the projections' own 80%; "
    "choices_lower, choices_upper: 80% of all choices; "
    "measured: part of the weight with figures of the year; coverage: part with any figure; moved: part of the weight "
    "with a projection; change: what that adds to the index now; "
    "status: measured, partly (measured or moved), held (at held_at), latest, official, projected"
)


def scores_table(index: Index) -> pd.DataFrame:
    """Return the table ``liveability``: official scores, and the index for every published year."""
    tables = [_official_rows(index)]
    for year in index.framework.years:
        tables += [_index_rows(index, name, year) for name in index.official.scores.columns]
    return pd.concat(tables, ignore_index=True).sort_values(KEY, ignore_index=True)


def _official_rows(index: Index) -> pd.DataFrame:
    tables = [_frame(index, str(name), index.official.scores[name].to_numpy()) for name in index.official.scores]
    return pd.concat(tables).assign(
        year=index.framework.present_year,
        kind="official",
        measured=1.0,
        coverage=1.0,
        status="official",
    )


def projected_rows(index: Index, scores: pd.DataFrame, future: Future) -> pd.DataFrame:
    """Return the rows of kind ``projection``: the present index moved by the published projections.

    Args:
        index: the built index.
        scores: ``scores_table``.
        future: the past and the projections of the indicators.
    """
    present_year = index.framework.present_year
    now = scores[(scores["year"] == present_year) & (scores["kind"] == "index")]
    values = area_values(index.panel, index.areas, present_year)
    figures = linked_projections(index.framework, future, values)
    made = _as_means(index, project_index(index.panel, index.models, Present(now, values), figures))
    by_dwellings = now[["region_id", "dimension", "score_by_dwellings", "coverage"]]
    made = made.merge(by_dwellings, on=["region_id", "dimension"])
    classes = [classes_of(np.array([row.score]), index.bounds[str(row.dimension)])[0] for row in made.itertuples()]
    return made.assign(
        **{"class": np.array(classes, dtype=int)},
        score_by_dwellings=made["score_by_dwellings"] + made["change"],
        held_at=np.where(made["status"] == "held", float(present_year), np.nan),
    )


def _as_means(index: Index, made: pd.DataFrame) -> pd.DataFrame:
    """Let an area move by the mean of its municipalities, as its score is their mean; its interval keeps its width.

    Beyond the winsorising bounds a municipality stands still, which a projection of the area's own figure would miss.
    """
    wide = made.pivot(index="region_id", columns=["year", "dimension"], values="change")
    means = index.areas.mean(wide.reindex(index.panel.codes).to_numpy().T).T
    by_area = pd.DataFrame(means, index=index.areas.types.index, columns=wide.columns).stack(["year", "dimension"])
    keys = pd.MultiIndex.from_frame(made[["region_id", "year", "dimension"]])
    change = pd.Series(by_area.reindex(keys).to_numpy(), index=made.index).fillna(made["change"])
    shift = change - made["change"]
    return made.assign(change=change, **{name: made[name] + shift for name in ("score", "lower", "upper")})


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
    published = index.published[name, year]
    by_area = index.areas.mean(published.draws)
    kept = (index.draws.choices["weights"] == "calibrated").to_numpy()
    spread = np.hypot(by_area[kept].std(axis=0), _error_of_areas(index, name)) * norm.ppf((1 + INTERVAL) / 2)
    limits = np.quantile(by_area, TAILS, axis=0)
    places = np.quantile(index.areas.ranks(by_area), TAILS, axis=0)
    frame = _frame(index, name, published.scores)
    return frame.assign(
        year=year,
        kind="index",
        lower=frame["score"] - spread,
        upper=frame["score"] + spread,
        choices_lower=limits[0],
        choices_upper=limits[1],
        rank_lower=np.floor(places[0]),
        rank_upper=np.ceil(places[1]),
        measured=published.measured,
        coverage=index.areas.mean(published.coverage),
        status=_status(index.framework, year, published),
        held_at=float(published.held_at),
    )


def _status(framework: Framework, year: int, published: Published) -> str:
    if published.held_at != year:
        return "held"
    if year == framework.present_year:
        return "latest"
    return "measured" if published.measured >= framework.mostly_measured else "partly"


def _error_of_areas(index: Index, name: str) -> Floats:
    """Root mean square out-of-sample error of areas of the same kind (of totals and the country: as of regions)."""
    error = index.areas.mean((index.predicted["calibrated"][name] - index.official.scores[name]).to_numpy())
    groups = index.areas.rank_groups()
    sizes = np.full(len(error), np.sqrt(np.mean(error[groups["region"]] ** 2)))
    for positions in groups.values():
        sizes[positions] = np.sqrt(np.mean(error[positions] ** 2))
    return sizes


def contribution_table(index: Index) -> pd.DataFrame:
    """Return ``region_id, dimension, indicator, contribution, value``: what each indicator adds to a score now.

    Contributions of one area and dimension add up to its score minus that of the Netherlands. ``value`` is the figure
    behind it: the mean over the area's municipalities on the division of the index, weighted by inhabitants now. Where
    part of a municipality counts, it is the figure of the whole: ``value`` may differ from the table ``indicators``.
    """
    year = index.framework.present_year
    parts = contributions(index.panel, index.models, year)
    wide = parts.pivot(index="gm_code", columns=["dimension", "indicator"], values="contribution")
    by_area = index.areas.mean(wide.to_numpy().T).T.round(8)
    table = pd.DataFrame(by_area, index=index.areas.types.index, columns=wide.columns)
    stacked = pd.Series(table.rename_axis("region_id").stack(["dimension", "indicator"]), name="contribution")
    long = stacked.reset_index()
    values = area_values(index.panel, index.areas, year)
    long["value"] = values.reindex(pd.MultiIndex.from_frame(long[["region_id", "indicator"]])).to_numpy()
    return long.sort_values(["region_id", "dimension", "indicator"], ignore_index=True)


def weight_table(index: Index) -> pd.DataFrame:
    """Return ``dimension, indicator, direction, weight``: score per standard deviation towards more of it."""
    rows = [
        {
            "dimension": name,
            "indicator": one.id,
            "direction": DIRECTIONS[one.signs[name]],
            "weight": weights[one.id],
        }
        for name, model in index.models.items()
        for weights in [model.per_indicator()]
        for one in index.framework.of(name)
    ]
    return pd.DataFrame(rows).sort_values(["dimension", "indicator"], ignore_index=True)


def theme_table(framework: Framework) -> pd.DataFrame:
    """Return ``dimension, title, theme, counterpart, reason`` in the order of the file (full: no reason)."""
    rows = [
        {"dimension": one.id, "title": one.title, "reason": "", **theme}
        for one in framework.dimensions
        for theme in one.themes
    ]
    return pd.DataFrame(rows)[["dimension", "title", "theme", "counterpart", "reason"]]
