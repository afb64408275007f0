"""How well the index agrees with the official scores of municipalities that it has not seen.

Every score is predicted for a whole province by weights from the other eleven, so that neighbours do not leak; the penalty
is chosen within those eleven in the same way (nested). Nothing is tuned on what it is scored on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata, spearmanr
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from balans.liveability.composite import Columns, aggregate, fit_link, oriented_columns
from balans.liveability.model import choose_weights
from balans.liveability.normalise import Floats, Panel
from balans.liveability.official import Official, classes_of

Predictor = Callable[[Floats, Floats, Floats, Floats], Floats]
INTERVAL = 0.8
MODELS = {
    "calibrated": "Gekalibreerde gewichten, rekenkundig: de gepubliceerde index",
    "calibrated_geometric": "Gekalibreerde gewichten, meetkundig",
    "equal": "Gelijke gewichten, rekenkundig",
    "equal_geometric": "Gelijke gewichten, meetkundig",
    "all_indicators": "Alle indicatoren voor elke dimensie, zonder vaste richting (ridge): wat de open cijfers kunnen",
    "national_mean": "Overal het gemiddelde: de ondergrens",
}


def out_of_sample(columns: Columns, target: Floats, groups: Floats, weights: str, aggregation: str) -> Floats:
    """Return a prediction per municipality, each from the other groups only."""
    predicted = np.empty(len(target))
    for group in np.unique(groups):
        train = groups != group
        subset = Columns(columns.values[train], columns.indicators, columns.signs, columns.directed, columns.known[train])
        chosen = choose_weights(subset, target[train], groups[train], weights)
        composite = aggregate(columns.values, chosen, aggregation, "standardised")
        predicted[~train] = fit_link(composite[train], target[train])(composite[~train])
    return predicted


def out_of_sample_ridge(values: Floats, target: Floats, groups: Floats) -> Floats:
    """Return the same from a plain ridge regression on all ``values`` (n × p), free of signs."""
    predicted = np.empty(len(target))
    for group in np.unique(groups):
        train = groups != group
        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 4, 9)))
        predicted[~train] = model.fit(values[train], target[train]).predict(values[~train])
    return predicted


def predictions(panel: Panel, official: Official) -> dict[str, pd.DataFrame]:
    """Return per model of ``MODELS`` the out-of-sample scores: municipalities × dimensions and total (their sum)."""
    framework = panel.framework
    columns = {one.id: oriented_columns(panel, one.id, framework.present_year) for one in framework.dimensions}
    everything = _all_values(list(columns.values()))
    groups = official.provinces
    makers: Mapping[str, Callable[[str, Floats], Floats]] = {
        "calibrated": lambda name, y: out_of_sample(columns[name], y, groups, "calibrated", "arithmetic"),
        "calibrated_geometric": lambda name, y: out_of_sample(columns[name], y, groups, "calibrated", "geometric"),
        "equal": lambda name, y: out_of_sample(columns[name], y, groups, "equal", "arithmetic"),
        "equal_geometric": lambda name, y: out_of_sample(columns[name], y, groups, "equal", "geometric"),
        "all_indicators": lambda name, y: out_of_sample_ridge(everything, y, groups),
        "national_mean": lambda name, y: _mean_of_others(y, groups),
    }
    tables = {}
    for model in MODELS:
        parts = {name: makers[model](name, official.scores[name].to_numpy()) for name in columns}
        table = pd.DataFrame(parts, index=official.scores.index)
        tables[model] = table.assign(**{framework.total.id: table.sum(axis=1)})
    return tables


def _all_values(columns: list[Columns]) -> Floats:
    """Every indicator once (n × p), pointing the way it is published."""
    found: dict[str, Floats] = {}
    for part in columns:
        for position, (name, sign) in enumerate(zip(part.indicators, part.signs, strict=True)):
            found.setdefault(name, sign * part.values[:, position])
    return np.column_stack([found[name] for name in sorted(found)])


def _mean_of_others(target: Floats, groups: Floats) -> Floats:
    return np.array([target[groups != group].mean() for group in groups])


def agreement(official: Floats, predicted: Floats, bounds: Floats) -> dict[str, float]:
    """Return ``n, r2, rank_correlation, mae, rmse, bias, error_80, class_agreement, class_within_one``.

    ``r2``: 1 - squared error / squared deviation from the mean. ``error_80``: 80% of municipalities are no further off
    than this. ``rank_correlation``: Spearman; 0 for a constant. Class shares are 0–1.
    """
    error = predicted - official
    constant = np.ptp(predicted) < 1e-12
    apart = np.abs(classes_of(predicted, bounds) - classes_of(official, bounds))
    return {
        "n": len(official),
        "r2": float(1 - (error @ error) / np.sum((official - official.mean()) ** 2)),
        "rank_correlation": 0.0 if constant else float(spearmanr(official, predicted).statistic),
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt(np.mean(error**2))),
        "bias": float(error.mean()),
        "error_80": float(np.quantile(np.abs(error), INTERVAL)),
        "class_agreement": float(np.mean(apart == 0)),
        "class_within_one": float(np.mean(apart <= 1)),
    }


def validation_table(
    predicted: Mapping[str, pd.DataFrame], official: Official, bounds: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return one row per dimension and model: ``dimension, model, description`` and the columns of ``agreement``."""
    rows = [
        {"dimension": name, "model": model, "description": MODELS[model]}
        | agreement(official.scores[name].to_numpy(), table[name].to_numpy(), bounds[name])
        for model, table in predicted.items()
        for name in official.scores.columns
    ]
    return pd.DataFrame(rows)


def residual_table(predicted: pd.DataFrame, official: Official, bounds: Mapping[str, Floats]) -> pd.DataFrame:
    """Return per municipality and dimension the official and the out-of-sample score, and what that means.

    Columns: ``region_id, dimension, official, predicted, residual`` (predicted - official: positive where the index is
    too kind), ``official_class, predicted_class, official_rank, predicted_rank, misleads`` (another class, and further off
    than 80% of municipalities).
    """
    tables = [
        _residuals(predicted[name].to_numpy(), official.scores[name], bounds[name]) for name in official.scores.columns
    ]
    return pd.concat(tables, ignore_index=True)


def _residuals(predicted: Floats, official: pd.Series, bounds: Floats) -> pd.DataFrame:
    actual = official.to_numpy(dtype=float)
    residual = predicted - actual
    classes = classes_of(actual, bounds), classes_of(predicted, bounds)
    far = np.abs(residual) > np.quantile(np.abs(residual), INTERVAL)
    return pd.DataFrame(
        {
            "region_id": official.index,
            "dimension": str(official.name),
            "official": actual,
            "predicted": predicted,
            "residual": residual,
            "official_class": classes[0].astype(int),
            "predicted_class": classes[1].astype(int),
            "official_rank": rankdata(-actual, method="min").astype(int),
            "predicted_rank": rankdata(-predicted, method="min").astype(int),
            "misleads": far & (classes[0] != classes[1]),
        }
    )
