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
from balans.words.areas import NEDERLAND

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
        projection, every dimension and the total. ``moved`` is the part of the weight (0–1) with a projection: none has
        status ``held``, less than ``mostly_measured`` of the framework ``partly``, else ``projected``. ``change`` is
        against the present score.

    Raises:
        UnknownKeyError: a column is missing, or a region that the index does not have.
    """
    _check(projected, present)
    by_source = {one.projected_by: one for one in panel.framework.indicators if one.projected_by}
    used = projected[projected["indicator"].isin(by_source)]
    places = used[["region_id", "year"]].drop_duplicates()
    if places.empty:
        return pd.DataFrame(columns=OUTPUT)
    moves = [_moves(panel, by_source[str(source)], rows, present) for source, rows in used.groupby("indicator")]
    table = pd.concat(moves, ignore_index=True)
    weights = _weights(panel.framework, models)
    result = pd.concat([_dimension(weights.loc[name], str(name), table, places, present) for name in weights.index])
    result["status"] = _status(result["moved"], panel.framework.mostly_measured)
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
    national = rows[rows["region_id"] == NEDERLAND].set_index("year")["value"]
    return rows["year"].map(national).to_numpy(dtype=float)


def _on_scale(panel: Panel, indicator: IndexIndicator, values: Floats, national: Floats | float) -> Floats:
    scale = panel.scales[panel.framework.winsorise][indicator.id]
    relative = values / national if indicator.transformation == "relative_log" else values
    return normalise(transform(relative, indicator.transformation), scale, "standardised")


def _weights(framework: Framework, models: Mapping[str, DimensionModel]) -> pd.DataFrame:
    """Signed weight per dimension and the total (rows) and indicator (columns); 0 where it does not count."""
    table = pd.DataFrame({name: pd.Series(model.per_indicator()) for name, model in models.items()}).T.fillna(0.0)
    total = table.sum().to_frame(framework.total.id).T
    return pd.concat([table, total])


def _status(moved: pd.Series, mostly: float) -> list[str]:
    return ["held" if part == 0 else "projected" if part >= mostly else "partly" for part in moved]


def _dimension(
    weights: pd.Series, dimension: str, moves: pd.DataFrame, places: pd.DataFrame, present: Present
) -> pd.DataFrame:
    """One dimension (or the total) of every region and year in ``places``."""
    weight = moves["indicator"].map(weights).to_numpy(dtype=float)
    parts = moves[["region_id", "year"]].assign(
        change=weight * moves["move"].to_numpy(dtype=float),
        variance=(weight * moves["deviation"].to_numpy(dtype=float)) ** 2,
        moved=np.abs(weight) / max(float(weights.abs().sum()), np.finfo(float).tiny),
    )
    sums = parts.groupby(["region_id", "year"])[["change", "variance", "moved"]].sum()
    table = places.join(sums, on=["region_id", "year"]).fillna(0.0)
    now = present.scores[present.scores["dimension"] == dimension].set_index("region_id")[["score", "lower", "upper"]]
    table = table.join(now, on="region_id")
    index_deviation = (table["upper"] - table["lower"]) / (2 * QUANTILE_80)
    half = QUANTILE_80 * np.sqrt(table["variance"] + index_deviation**2)
    score = table["score"] + table["change"]
    made = table.assign(score=score, lower=score - half, upper=score + half)
    return made.assign(dimension=dimension, kind="projection")
