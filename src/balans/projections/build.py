"""Build the tables of the projections from the table ``indicators``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from balans.paths import Project
from balans.projections.backtest import BACKTEST_KEY, backtest, leaderboard, rule_record
from balans.projections.coherence import make_coherent
from balans.projections.division import level_membership, split_regions
from balans.projections.population import load_age_groups
from balans.projections.publication import Published, publish
from balans.projections.rules import Rules, load_prices, load_rules
from balans.projections.run import Projected, Surroundings, run_methods
from balans.projections.scales import from_scale
from balans.projections.series import load_series, panels
from balans.tables import ProcessedTable

PROJECTION_KEY = ["region_id", "indicator", "origin_year", "year", "model"]
SCORE_KEY = ["indicator", "level", "horizon", "model"]
RECORD_KEY = ["indicator", "level", "origin_year", "horizon"]
SERIES_KEY = ["region_id", "indicator", "year"]
BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
PROJECTION_COLUMNS = [
    *PROJECTION_KEY,
    "value",
    *BOUNDS,
    "level",
    "published",
    "status",
    "mape",
    "coverage_80",
]
ALL_METHODS = (
    "region",
    "total",
    "country",
)  # levels for which the methods that lost are kept, too
SPLIT = "split"


@dataclass(frozen=True)
class Projections:
    """What the projections add to ``data/processed``.

    Attributes:
        series: level, region_id, indicator, year, value, weight: the past on one division.
        projections: see ``PROJECTION_COLUMNS``; ``published`` marks the one to show.
        backtest: see ``balans.projections.backtest``.
        leaderboard: the same over all origins, with rank and what is published.
        record: how the rule of publication itself would have done at every origin.
    """

    series: pd.DataFrame
    projections: pd.DataFrame
    backtest: pd.DataFrame
    leaderboard: pd.DataFrame
    record: pd.DataFrame

    @property
    def tables(self) -> list[ProcessedTable]:
        """The tables of the contract."""
        described = {
            "projections": ("Projections with intervals, per area and year", PROJECTION_KEY, self.projections),
            "backtest": ("Projections from past origins against what happened", BACKTEST_KEY, self.backtest),
            "projection_scores": ("Methods ranked per horizon; which is published", SCORE_KEY, self.leaderboard),
            "publication_record": ("The rule of publication applied to what was known then", RECORD_KEY, self.record),
            "series": ("Indicators on one division: the past of every projection", SERIES_KEY, self.series),
        }
        return [ProcessedTable(name, text, tuple(key), rows) for name, (text, key, rows) in described.items()]


def build_projections(project: Project, indicators: pd.DataFrame) -> Projections:
    """Return the past on one division, projections to the year in ``definitions/projections.yml``, and their record.

    Args:
        project: for definitions and age groups.
        indicators: the table ``indicators``.
    """
    rules = load_rules(project)
    membership = level_membership(project)
    series = load_series(indicators, membership, rules, load_prices(project))
    around = surroundings(project, series, membership)
    results = run_methods(panels(series), rules, around)
    scores = backtest(results.values(), rules.least_origins)
    board = leaderboard(scores, rules.least_origins)
    rows = _projection_rows(results, board, rules, around, split_regions(project, rules.most_split))
    own = series[series["indicator"].isin(rules.indicators)].sort_values(
        ["region_id", "indicator", "year"], ignore_index=True
    )
    return Projections(own, rows, scores, board, rule_record(scores, rules.least_origins))


def surroundings(project: Project, series: pd.DataFrame, membership: pd.DataFrame) -> Surroundings:
    """Return how areas lie in municipalities in the latest year, with the age groups per COROP area."""
    people = series[series["indicator"] == "inwoners"]
    municipal = people[people["level"] == "municipality"]
    latest = municipal[municipal["year"] == municipal["year"].max()].set_index("region_id")["value"]
    today = membership[membership["year"] == membership["year"].max()]
    parts = {
        str(level): rows.pivot(index="region_id", columns="gm_code", values="weight")
        .reindex(columns=latest.index)
        .fillna(0.0)
        for level, rows in today.groupby("level")
    }
    corop = people[people["level"] == "corop"].pivot(index="region_id", columns="year", values="value")
    return Surroundings(parts, latest, load_age_groups(project, corop))


def _projection_rows(
    results: dict[tuple[str, str], Projected],
    board: pd.DataFrame,
    rules: Rules,
    around: Surroundings,
    split: set[str],
) -> pd.DataFrame:
    tables = []
    for rule in rules.indicators.values():
        levels = [level for level in rules.levels if (rule.id, level) in results]
        first = {level: publish(results[rule.id, level], board, rules.least_origins, rules.until) for level in levels}
        for level, part in make_coherent(first, around).items():
            tables.append(_published_rows(part).assign(published=True))
            if level in ALL_METHODS:
                tables += [_losing_rows(part, board, model, rules) for model in part.projected.by_method]
    rows = pd.concat(tables, ignore_index=True)
    rows = rows.sort_values([*PROJECTION_KEY, "published"], ascending=[True] * 5 + [False])
    rows = _say_what_is_known(rows.drop_duplicates(PROJECTION_KEY), board)
    divided = rows["region_id"].isin(split)
    rows = rows.assign(published=rows["published"] & ~divided, status=rows["status"].mask(divided, SPLIT))
    return rows[PROJECTION_COLUMNS].reset_index(drop=True)


def _published_rows(part: Published) -> pd.DataFrame:
    """One row per area and year; a municipality's money stops at the last horizon of the rule."""
    panel, rule = part.projected.panel, part.projected.rule
    region, year = np.nonzero(np.isfinite(part.scaled))
    bounds = _bounds(part.scaled, part.widths, rule.scale)
    rows = pd.DataFrame(
        {
            "region_id": np.array(panel.regions, dtype=object)[region],
            "indicator": rule.id,
            "origin_year": part.origins[region],
            "year": part.years[year],
            "model": part.models[region, year],
            "value": from_scale(part.scaled, rule.scale)[region, year],
            **{name: bound[region, year] for name, bound in zip(BOUNDS, bounds, strict=True)},
            "level": panel.level,
            "status": part.status[region, year],
        }
    )
    if rule.last_horizon and panel.level == "municipality":
        rows = rows[rows["year"] - rows["origin_year"] <= rule.last_horizon]
    return rows


def _bounds(scaled: np.ndarray, widths: np.ndarray, scale: str) -> list[np.ndarray]:
    return [from_scale(scaled + sign * width, scale) for width in widths for sign in (-1, 1)]


def _losing_rows(part: Published, board: pd.DataFrame, model: str, rules: Rules) -> pd.DataFrame:
    """The same areas by one method, with its own interval and not reconciled: to compare, not to show as ours."""
    rule, panel = part.projected.rule, part.projected.panel
    only = board[(board["indicator"] == rule.id) & (board["level"] == panel.level) & (board["model"] == model)]
    single = publish(
        part.projected,
        only.assign(published=only["tested"]),
        rules.least_origins,
        rules.until,
    )
    missing = single.models != model
    scaled = np.where(missing, np.nan, single.scaled)
    return _published_rows(Published(**{**single.__dict__, "scaled": scaled})).assign(published=False)


def _say_what_is_known(rows: pd.DataFrame, board: pd.DataFrame) -> pd.DataFrame:
    """Add the mean error and measured coverage of the method at that horizon, only where it was tested."""
    known = board.loc[
        board["tested"],
        ["indicator", "level", "horizon", "model", "mape", "coverage_80"],
    ]
    rows = rows.assign(horizon=rows["year"] - rows["origin_year"])
    return rows.merge(known, on=["indicator", "level", "horizon", "model"], how="left")
