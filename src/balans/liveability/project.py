"""The index in the future: projected indicators moved through the published weights, with both uncertainties.

A score moves by ``Σ weight × (normalised projected figure - normalised figure now)``; indicators without a projection
stay where they are, and the result says which part of the weight moved. The uncertainty is that of the projections
(drawn, indicators independent of one another) and that of the index now, added as variances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from balans.errors import UnknownKeyError
from balans.liveability.framework import Framework, IndexIndicator
from balans.liveability.model import DimensionModel
from balans.liveability.normalise import Floats, Panel, normalise, transform

INPUT = ["region_id", "indicator", "year", "value", "lower_80", "upper_80"]
OUTPUT = [
    "region_id",
    "year",
    "dimension",
    "kind",
    "score",
    "lower",
    "upper",
    "change",
    "moved",
    "status",
]
QUANTILE_80 = float(norm.ppf(0.9))
DRAWS = 1000


@dataclass(frozen=True)
class Present:
    """Where the projection starts.

    Attributes:
        scores: rows of the table ``liveability`` of the present year, kind index: ``region_id, dimension, score, lower,
            upper``, lower and upper an 80% interval.
        values: the figure of each index indicator now (index ``region_id, indicator``), as ``regional.area_values``.
    """

    scores: pd.DataFrame
    values: pd.Series


def project_index(
    panel: Panel,
    models: Mapping[str, DimensionModel],
    present: Present,
    projected: pd.DataFrame,
) -> pd.DataFrame:
    """Return the projected index.

    Args:
        panel: scales of the indicators.
        models: published weights per dimension.
        present: scores and figures now.
        projected: ``region_id, indicator, year, value, lower_80, upper_80``; ``indicator`` is an id of
            ``definitions/indicators.yml`` that an index indicator names in ``projected_by``; others are not used.
            Money is set against the projected mean of ``nederland``, which must be there for it: what every place has
            in common (house prices) does not move a score.

    Returns:
        ``region_id, year, dimension, kind, score, lower, upper, change, moved, status``: per region and year that has a
        projection, every dimension and the total. ``moved`` is the part of the weight (0–1) with a projection; a
        dimension without any has status ``held``, otherwise ``projected``. ``change`` is against the present score.

    Raises:
        UnknownKeyError: a column is missing, or a region that the index does not have.
    """
    _check(projected, present)
    by_source = {one.projected_by: one for one in panel.framework.indicators if one.projected_by}
    used = projected[projected["indicator"].isin(by_source)]
    moves = [_moves(panel, by_source[str(source)], rows, present) for source, rows in used.groupby("indicator")]
    table = pd.concat(moves, ignore_index=True) if moves else pd.DataFrame(columns=["region_id", "year", "indicator"])
    places = used[["region_id", "year"]].drop_duplicates().sort_values(["region_id", "year"])
    places = places[places["region_id"].isin(present.scores["region_id"])]
    rows = [_place(panel.framework, models, present, table, str(r), int(y)) for r, y in places.itertuples(index=False)]
    result = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=OUTPUT)
    return result[OUTPUT].sort_values(["region_id", "year", "dimension"], ignore_index=True)


def _check(projected: pd.DataFrame, present: Present) -> None:
    missing = [column for column in INPUT if column not in projected]
    if missing:
        raise UnknownKeyError(f"The projections lack {', '.join(missing)}; needed are {', '.join(INPUT)}.")
    unknown = sorted(set(projected["region_id"]) - set(present.scores["region_id"]))
    if unknown:
        raise UnknownKeyError(
            f"The index has no {', '.join(unknown[:5])}. Project only areas of the table liveability."
        )


def _moves(panel: Panel, indicator: IndexIndicator, rows: pd.DataFrame, present: Present) -> pd.DataFrame:
    """Per region and year the mean move of the normalised figure and its standard deviation: ``move, deviation``."""
    rows = rows.assign(national=_projected_national(indicator, rows)).dropna(subset=["national"])
    if rows.empty:
        return pd.DataFrame(columns=["region_id", "year", "indicator", "move", "deviation"])
    base = indicator.year_for(panel.framework.present_year)
    national = rows["national"].to_numpy(dtype=float)
    now = present.values.reindex([(region, indicator.id) for region in rows["region_id"]]).to_numpy(dtype=float)
    start = _on_scale(panel, indicator, now, panel.national(indicator.id, base))
    spread = (rows["upper_80"] - rows["lower_80"]).to_numpy(dtype=float) / (2 * QUANTILE_80)
    generator = np.random.default_rng([panel.framework.seed, *indicator.id.encode()])
    noise = generator.standard_normal((DRAWS, 1))
    drawn = rows["value"].to_numpy(dtype=float) + noise * spread
    least = np.nanmin(panel.raw[indicator.id, base]) / 10
    ends = _on_scale(panel, indicator, np.maximum(drawn, least), national) - start
    middle = _on_scale(panel, indicator, rows["value"].to_numpy(dtype=float), national) - start
    made = rows[["region_id", "year"]].assign(indicator=indicator.id, move=middle, deviation=ends.std(axis=0))
    return made[made["move"].notna()]


def _projected_national(indicator: IndexIndicator, rows: pd.DataFrame) -> Floats:
    """The projected national mean per row, which money is set against; 1 where nothing is."""
    if indicator.transformation != "relative_log":
        return np.ones(len(rows))
    national = rows[rows["region_id"] == "nederland"].set_index("year")["value"]
    return rows["year"].map(national).to_numpy(dtype=float)


def _on_scale(panel: Panel, indicator: IndexIndicator, values: Floats, national: Floats | float) -> Floats:
    scale = panel.scales[panel.framework.winsorise][indicator.id]
    relative = values / national if indicator.transformation == "relative_log" else values
    return normalise(transform(relative, indicator.transformation), scale, "standardised")


def _place(
    framework: Framework,
    models: Mapping[str, DimensionModel],
    present: Present,
    moves: pd.DataFrame,
    region: str,
    year: int,
) -> pd.DataFrame:
    """Every dimension and the total of one region and year."""
    here = moves[(moves["region_id"] == region) & (moves["year"] == year)].set_index("indicator")
    now = present.scores[present.scores["region_id"] == region].set_index("dimension")
    changes = {name: model.per_indicator() for name, model in models.items()}
    everything: dict[str, float] = {}
    for weights in changes.values():
        for indicator, weight in weights.items():
            everything[indicator] = everything.get(indicator, 0.0) + weight
    changes[framework.total.id] = everything
    rows = [_row(weights, here, now.T[name]) | {"dimension": name} for name, weights in changes.items()]
    return pd.DataFrame(rows).assign(region_id=region, year=year, kind="index")


def _row(weights: Mapping[str, float], here: pd.DataFrame, now: pd.Series) -> dict[str, object]:
    weight = pd.Series(weights)
    moving = weight.reindex(here.index).dropna()
    change = float(moving @ here.loc[moving.index, "move"]) if len(moving) else 0.0
    variance = float(((moving * here.loc[moving.index, "deviation"]) ** 2).sum()) if len(moving) else 0.0
    index_deviation = (now["upper"] - now["lower"]) / (2 * QUANTILE_80)
    half = QUANTILE_80 * float(np.sqrt(variance + index_deviation**2))
    whole = weight.abs().sum()
    moved = float(moving.abs().sum() / whole) if whole > 0 else 0.0
    score = float(now["score"]) + change
    return {
        "score": score,
        "lower": score - half,
        "upper": score + half,
        "change": change,
        "moved": moved,
        "status": "projected" if moved > 0 else "held",
    }
