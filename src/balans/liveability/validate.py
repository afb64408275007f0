"""How well the index agrees with the official scores of municipalities that it has not seen.

Every score is predicted for a whole province by weights from the other eleven, so that neighbours do not leak; the
penalty is chosen within those eleven in the same way (nested). Nothing is tuned on what it is scored on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from balans.liveability.composite import Columns, aggregate, fit_link, oriented_columns
from balans.liveability.model import choose_weights
from balans.liveability.normalise import Floats, Panel
from balans.liveability.official import Official, classes_of
from balans.liveability.regional import Areas

INTERVAL = 0.8
MODELS = {
    "calibrated": "Gekalibreerde gewichten, rekenkundig: de gepubliceerde index",
    "calibrated_geometric": "Gekalibreerde gewichten, meetkundig",
    "equal": "Gelijke gewichten, rekenkundig",
    "equal_geometric": "Gelijke gewichten, meetkundig",
    "all_indicators": "Alle indicatoren voor elke dimensie, zonder vaste richting (ridge): wat de open cijfers kunnen",
}


def out_of_sample(
    columns: Columns,
    target: Floats,
    groups: Floats,
    weights: str,
    aggregations: Sequence[str],
) -> list[Floats]:
    """Return per aggregation a prediction per municipality, each from the other groups only."""
    predicted = [np.empty(len(target)) for _ in aggregations]
    for group in np.unique(groups):
        train = groups != group
        chosen = choose_weights(columns.rows(train), target[train], groups[train], weights)
        for found, aggregation in zip(predicted, aggregations, strict=True):
            composite = aggregate(columns.values, chosen, aggregation, "standardised")
            found[~train] = fit_link(composite[train], target[train])(composite[~train])
    return predicted


def out_of_sample_ridge(values: Floats, targets: Floats, groups: Floats) -> Floats:
    """Return the same (n × targets) from a plain ridge regression on all ``values`` (n × p), free of signs."""
    predicted = np.empty(targets.shape)
    for group in np.unique(groups):
        train = groups != group
        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 4, 9), alpha_per_target=True))
        made = model.fit(values[train], targets[train]).predict(values[~train])
        predicted[~train] = made.reshape(-1, targets.shape[1])
    return predicted


def predictions(panel: Panel, official: Official) -> dict[str, pd.DataFrame]:
    """Return per model of ``MODELS`` the out-of-sample scores: municipalities × dimensions and total (their sum)."""
    framework = panel.framework
    columns = {one.id: oriented_columns(panel, one.id, framework.present_year) for one in framework.dimensions}
    names, groups = list(columns), official.provinces
    targets = official.scores[names].to_numpy()
    both = ("arithmetic", "geometric")
    parts: dict[str, Floats] = {
        "all_indicators": out_of_sample_ridge(_all_values(list(columns.values())), targets, groups),
    }
    for kind in ("calibrated", "equal"):
        made = [out_of_sample(columns[name], targets[:, i], groups, kind, both) for i, name in enumerate(names)]
        parts[kind], parts[f"{kind}_geometric"] = (np.column_stack(found) for found in zip(*made, strict=True))
    tables = {model: pd.DataFrame(parts[model], official.scores.index, names) for model in MODELS}
    return {model: table.assign(**{framework.total.id: table.sum(axis=1)}) for model, table in tables.items()}


def _all_values(columns: list[Columns]) -> Floats:
    """Every indicator once (n × p), pointing the way it is published."""
    found: dict[str, Floats] = {}
    for part in columns:
        for position, (name, sign) in enumerate(zip(part.indicators, part.signs, strict=True)):
            found.setdefault(name, sign * part.values[:, position])
    return np.column_stack([found[name] for name in sorted(found)])


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
    predicted: Mapping[str, pd.DataFrame], official: Official, areas: Areas, bounds: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return ``level, dimension, model, description`` and the columns of ``agreement``.

    One row per kind of area (``municipality``, ``region``: the twenty, ``corop``, ``province``), dimension and model.
    An area's prediction is the mean of its municipalities', each predicted without its own province.
    """
    rows = []
    for model, table in predicted.items():
        for name in official.scores.columns:
            pair = [areas.mean(scores[name].to_numpy(dtype=float)) for scores in (official.scores, table)]
            for level, chosen in areas.rank_groups().items():
                row = {"level": level, "dimension": name, "model": model, "description": MODELS[model]}
                rows.append(row | agreement(pair[0][chosen], pair[1][chosen], bounds[name]))
    return pd.DataFrame(rows).sort_values(["level", "dimension", "model"], ignore_index=True)


def residual_table(
    predicted: pd.DataFrame, official: Official, areas: Areas, bounds: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return per area and dimension the official and the out-of-sample score, and what that means.

    Columns: ``region_id, dimension, official, predicted, residual`` (predicted - official: positive where the index is
    too kind), ``official_class, predicted_class, official_rank, predicted_rank`` (within the same kind of area),
    ``misleads`` (another class, and further off than 80% of municipalities).
    """
    tables = [
        _residuals(predicted[name], official.scores[name], areas, bounds[name]) for name in official.scores.columns
    ]
    return pd.concat(tables, ignore_index=True).sort_values(["region_id", "dimension"], ignore_index=True)


def _residuals(predicted: pd.Series, official: pd.Series, areas: Areas, bounds: Floats) -> pd.DataFrame:
    actual, made = (areas.mean(scores.to_numpy(dtype=float)) for scores in (official, predicted))
    far = np.abs(made - actual) > np.quantile(np.abs((predicted - official).to_numpy()), INTERVAL)
    classes = classes_of(actual, bounds), classes_of(made, bounds)
    return pd.DataFrame(
        {
            "region_id": areas.types.index,
            "dimension": str(official.name),
            "official": actual,
            "predicted": made,
            "residual": made - actual,
            "official_class": classes[0].astype(int),
            "predicted_class": classes[1].astype(int),
            "official_rank": areas.ranks(actual),
            "predicted_rank": areas.ranks(made),
            "misleads": far & (classes[0] != classes[1]),
        }
    )
