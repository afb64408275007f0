"""Score every method on what was known then against what happened."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.projections.intervals import half_widths, weighted_interval_score
from balans.projections.methods import Array
from balans.projections.run import Projected
from balans.projections.scales import from_scale

BACKTEST_KEY = ["indicator", "level", "model", "origin_year", "horizon"]
BACKTEST_COLUMNS = [
    *BACKTEST_KEY,
    "n",
    "mae",
    "mape",
    "bias",
    "coverage_80",
    "coverage_95",
    "wis",
]
CELL_COLUMNS = ["mape_no_change"]


def backtest(projected: Iterable[Projected], least_origins: int) -> pd.DataFrame:
    """Return one row per indicator, level, model, origin year and horizon.

    Columns: ``n`` series scored; ``mae``, ``bias`` (projection minus outcome) and ``wis`` in the unit of the
    indicator; ``mape`` in %; ``coverage_80`` and ``coverage_95`` as a part of ``n``, empty where fewer than
    ``least_origins`` earlier origins were known; ``mape_no_change`` is the error of no change on the same series.
    Series with too few figures at the origin are not scored: every method is no change there.
    """
    parts = [_score(part, model, least_origins) for part in projected for model in part.by_method]
    return pd.concat(parts, ignore_index=True).sort_values(BACKTEST_KEY, ignore_index=True)


def scaled_errors(projected: Projected, made: Array) -> Array:
    """Return outcome minus projection (regions × origins × horizons) on the working scale, scored series only."""
    return np.where(projected.enough[:, :, None], projected.outcomes - made, np.nan)


def _score(projected: Projected, model: str, least_origins: int) -> pd.DataFrame:
    made, scale = projected.by_method[model], projected.rule.scale
    errors = scaled_errors(projected, made)
    scored = np.isfinite(errors)
    outcome = np.where(scored, from_scale(projected.outcomes, scale), np.nan)
    point, last = (
        np.where(scored, from_scale(part, scale), np.nan) for part in (made, projected.by_method["no_change"])
    )
    widths = half_widths(errors, least_origins)
    bounds = [(from_scale(made - width, scale), from_scale(made + width, scale)) for width in widths]
    inside = [
        np.where(np.isfinite(upper) & scored, (outcome >= lower) & (outcome <= upper), np.nan)
        for lower, upper in bounds
    ]
    measures = {
        "mae": np.abs(point - outcome),
        "mape": np.abs(point / outcome - 1) * 100,
        "bias": point - outcome,
        "coverage_80": inside[0],
        "coverage_95": inside[1],
        "wis": weighted_interval_score(outcome, point, bounds),
        "mape_no_change": np.abs(last / outcome - 1) * 100,
    }
    return _mean_over_series(measures, scored, projected, model)


def _mean_over_series(
    measures: dict[str, Array],
    scored: npt.NDArray[np.bool_],
    projected: Projected,
    model: str,
) -> pd.DataFrame:
    count = scored.sum(axis=0)
    origin, ahead = np.nonzero(count)
    columns = {name: np.where(np.isfinite(values), values, 0).sum(axis=0) for name, values in measures.items()}
    known = {name: np.isfinite(values).any(axis=0) for name, values in measures.items()}
    frame = {
        "indicator": projected.rule.id,
        "level": projected.panel.level,
        "model": model,
        "origin_year": projected.panel.years[origin],
        "horizon": ahead + 1,
        "n": count[origin, ahead],
    }
    means = {
        name: np.where(known[name], columns[name] / np.maximum(count, 1), np.nan)[origin, ahead] for name in measures
    }
    return pd.DataFrame(frame | means)


def leaderboard(scores: pd.DataFrame, least_origins: int) -> pd.DataFrame:
    """Return one row per indicator, level, horizon and model: the mean over all origins and series, and the rank.

    ``relative`` is the mean absolute percentage error divided by that of no change on the same series and origins
    (below 1 is better than no change); ``tested`` says whether there were enough origins; ``rank`` orders the tested
    models on ``relative``; ``published`` marks the one that is published at that horizon.
    """
    keys = ["indicator", "level", "horizon", "model"]
    means = [
        "mae",
        "mape",
        "bias",
        "wis",
        "mape_no_change",
        "coverage_80",
        "coverage_95",
    ]
    weighed = scores[keys].copy()
    weighed[["n", "origins"]] = np.column_stack([scores["n"], np.ones(len(scores))])
    weighed[means] = scores[means].mul(scores["n"], axis=0)
    for name in ("wis", "coverage_80", "coverage_95"):
        weighed[f"n_{name}"] = scores["n"].where(scores[name].notna(), 0)
    board = weighed.groupby(keys, sort=True).sum(min_count=1).reset_index()
    for name in means:
        board[name] /= board.get(f"n_{name}", board["n"]).where(lambda count: count > 0)
    board["relative"] = (board["mape"] / board["mape_no_change"]).where(board["mape_no_change"] > 0, 1.0)
    board["tested"] = board["origins"] >= least_origins
    return _rank(board.drop(columns=["n_wis", "n_coverage_80", "n_coverage_95"]))


def _rank(board: pd.DataFrame) -> pd.DataFrame:
    """Rank the tested models on ``relative``; at a tie no change goes first, then the order of the alphabet."""
    board["_order"] = board["relative"].round(6).where(board["tested"])
    board["_tie"] = board["model"].ne("no_change")
    keys = ["indicator", "level", "horizon"]
    ordered = board.sort_values([*keys, "_order", "_tie", "model"])
    ordered["rank"] = ordered.groupby(keys).cumcount() + 1
    ordered["rank"] = ordered["rank"].where(ordered["tested"]).astype("Int64")
    ordered["published"] = (ordered["rank"] == 1).fillna(False).astype(bool)
    ordered[["n", "origins"]] = ordered[["n", "origins"]].astype(int)
    return ordered.drop(columns=["_order", "_tie"]).reset_index(drop=True)


def rule_record(scores: pd.DataFrame, least_origins: int) -> pd.DataFrame:
    """Return how the rule of publication itself would have done: the winner of what was known then, scored afterwards.

    Columns: indicator, level, origin_year, horizon, model, n, mape, mape_no_change. At every origin the model is the
    one with the least error, relative to no change, over the earlier origins whose outcome was known by then; no change
    where there were fewer than ``least_origins`` of those.
    """
    keys = ["indicator", "level", "horizon"]
    parts = [_record_of(rows, least_origins) for _, rows in scores.groupby(keys, sort=True)]
    return pd.concat(parts, ignore_index=True)


def _record_of(rows: pd.DataFrame, least_origins: int) -> pd.DataFrame:
    """The record of one indicator, level and horizon."""
    ahead = int(rows["horizon"].iloc[0])
    wide = {
        name: rows.pivot(index="origin_year", columns="model", values=name) for name in ("n", "mape", "mape_no_change")
    }
    weighed = (wide[name].mul(wide["n"]).fillna(0) for name in ("mape", "mape_no_change"))
    then = wide["n"].index.to_numpy()[:, None] - ahead >= wide["n"].index.to_numpy()[None, :]
    made, still = (then.astype(float) @ part.to_numpy() for part in weighed)
    count = then.astype(float) @ wide["n"].notna().to_numpy(dtype=float)
    usable = (count >= least_origins) & (still > 0) & wide["n"].notna().to_numpy()
    relative = np.where(usable, made / np.where(still > 0, still, 1), np.inf)
    models = wide["n"].columns
    relative[:, models == "no_change"] = 1 - 1e-9
    chosen = relative.argmin(axis=1)
    place = np.arange(len(chosen))
    found = {name: part.to_numpy()[place, chosen] for name, part in wide.items()}
    first = rows.iloc[0]
    record = {
        "indicator": first["indicator"],
        "level": first["level"],
        "origin_year": wide["n"].index,
        "horizon": ahead,
    }
    return pd.DataFrame(record | {"model": models[chosen]} | found).astype({"n": int})
