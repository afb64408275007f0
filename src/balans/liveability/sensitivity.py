"""What the choices do: Monte Carlo over them, an interval for every score, and which choice matters most.

Step 7 of OECD/JRC, Handbook on Constructing Composite Indicators (2008), after Saisana, Saltelli & Tarantola (2005),
J. R. Statist. Soc. A 168(2). Every draw picks each choice at random and independently; the seed makes it repeatable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.liveability.composite import Columns, aggregate, fit_link, oriented_columns
from balans.liveability.framework import Framework
from balans.liveability.model import choose_weights
from balans.liveability.normalise import Floats, Panel
from balans.liveability.official import Official
from balans.liveability.weights import PENALTIES, best_penalty_of

CHOICES = (
    "normalisation",
    "weights",
    "aggregation",
    "winsorise",
    "left_out_indicator",
    "left_out_province",
)
NOTHING = "none"


@dataclass(frozen=True)
class Draws:
    """Scores under random choices.

    Attributes:
        choices: one row per draw, one column per name of ``CHOICES``.
        scores: per (dimension or total, year): draws × municipalities.
    """

    choices: pd.DataFrame
    scores: Mapping[tuple[str, int], Floats]


def draw_choices(framework: Framework, provinces: tuple[str, ...]) -> pd.DataFrame:
    """Return ``framework.draws`` random combinations of choices; half leave out no indicator, half no province."""
    generator = np.random.default_rng(framework.seed)
    size = framework.draws
    drawn = {name: generator.choice(np.array(options), size) for name, options in framework.choices.items()}
    names = np.array([indicator.id for indicator in framework.indicators])
    for name, options in (
        ("left_out_indicator", names),
        ("left_out_province", np.array(provinces)),
    ):
        picked = generator.choice(options, size).astype(object)
        picked[generator.random(size) < 0.5] = NOTHING
        drawn[name] = picked
    return pd.DataFrame(drawn)[list(CHOICES)]


def simulate(panel: Panel, official: Official) -> Draws:
    """Return the scores of every draw, for every dimension, the total and every published year."""
    framework = panel.framework
    choices = draw_choices(framework, official.province_names)
    scores: dict[tuple[str, int], Floats] = {}
    for position, dimension in enumerate(framework.dimensions):
        target = official.scores[dimension.id].to_numpy()
        generator = np.random.default_rng([framework.seed, position])
        made = _simulate_dimension(panel, dimension.id, target, official, choices, generator)
        scores |= {(dimension.id, year): table for year, table in made.items()}
    for year in framework.years:
        scores[framework.total.id, year] = np.sum([scores[one.id, year] for one in framework.dimensions], axis=0)
    return Draws(choices, scores)


def _simulate_dimension(
    panel: Panel,
    dimension: str,
    target: Floats,
    official: Official,
    choices: pd.DataFrame,
    generator: np.random.Generator,
) -> dict[int, Floats]:
    """Scores per year (draws × municipalities); the penalty is chosen once, for the published choices."""
    present = panel.framework.present_year
    published = oriented_columns(panel, dimension, present)
    penalty = best_penalty_of(published.values, target, official.provinces, PENALTIES)
    years = sorted({*panel.framework.years, present})
    result = {year: np.empty((len(choices), len(target))) for year in years}
    same = choices[["normalisation", "winsorise"]].apply(tuple, axis=1)
    for method, winsorise in sorted(set(same)):
        part = choices[same == (method, winsorise)]
        columns = {year: oriented_columns(panel, dimension, year, method, winsorise) for year in years}
        records: list[dict[str, object]] = part.to_dict("records")  # type: ignore[assignment]
        for draw, choice in zip(part.index, records, strict=True):
            scores = _scores_of(choice, columns, present, target, official, penalty, generator)
            for year in years:
                result[year][draw] = scores[year]
    return result


def _scores_of(
    choice: Mapping[str, object],
    columns: Mapping[int, Columns],
    present: int,
    target: Floats,
    official: Official,
    penalty: float,
    generator: np.random.Generator,
) -> dict[int, Floats]:
    left_out = str(choice["left_out_indicator"])
    kept = {year: table.without(left_out) for year, table in columns.items()}
    used = _kept_rows(official, str(choice["left_out_province"]))
    subset = kept[present].rows(used)
    kind, aggregation, method = (str(choice[name]) for name in ("weights", "aggregation", "normalisation"))
    weights = choose_weights(subset, target[used], official.provinces[used], kind, generator, [penalty])
    composites = {year: aggregate(table.values, weights, aggregation, method) for year, table in kept.items()}
    link = fit_link(composites[present][used], target[used])
    return {year: link(composite) for year, composite in composites.items()}


def _kept_rows(official: Official, province: str) -> npt.NDArray[np.bool_]:
    if province == NOTHING:
        return np.ones(len(official.provinces), dtype=bool)
    return np.asarray(official.provinces != official.province_names.index(province))


def first_order(values: Floats, levels: pd.Series) -> float:
    """Return the part (0–1) of the variance over draws that one choice alone explains, over all municipalities.

    The variance between levels, less what chance gives (omega squared: without that, a choice with many levels would
    always seem to matter), over the whole variance.

    Args:
        values: draws × municipalities.
        levels: the level of the choice in each draw.
    """
    total = float(((values - values.mean(axis=0)) ** 2).sum())
    groups = [values[(levels == level).to_numpy()] for level in sorted(set(levels))]
    within = sum(float(((group - group.mean(axis=0)) ** 2).sum()) for group in groups)
    noise = within / max(len(values) - len(groups), 1)
    share = (total - within - (len(groups) - 1) * noise) / (total + noise) if total > 0 else 0.0
    return float(np.clip(share, 0.0, 1.0))


def sensitivity_table(draws: Draws, published: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return which choice matters: ``dimension, choice, option, n, first_order, rank_shift``, for the present year.

    ``option`` is ``all`` with ``first_order`` filled, or one level. ``rank_shift``: mean number of places (out of all
    municipalities) between the rank under that option and the published rank.

    Args:
        draws: from ``simulate``.
        published: published scores of the present year (municipalities × dimensions and total).
        framework: for its names and present year.
    """
    tables = []
    for name in published.columns:
        values = draws.scores[str(name), framework.present_year]
        shifts = np.abs(ranks(values) - ranks(published[name].to_numpy()[None, :])).mean(axis=1)
        for choice in CHOICES:
            tables.append(_one_choice(str(name), choice, draws.choices[choice], values, shifts))
    return pd.concat(tables, ignore_index=True)


def _one_choice(dimension: str, choice: str, levels: pd.Series, values: Floats, shifts: Floats) -> pd.DataFrame:
    by_level = pd.Series(shifts).groupby(levels.astype(str).to_numpy()).agg(["size", "mean"])
    share = first_order(values, levels.astype(str))
    rows = [
        {
            "option": "all",
            "n": len(shifts),
            "first_order": share,
            "rank_shift": float(shifts.mean()),
        }
    ]
    rows += [
        {
            "option": str(level),
            "n": int(size),
            "first_order": np.nan,
            "rank_shift": float(mean),
        }
        for level, size, mean in by_level.itertuples()
    ]
    return pd.DataFrame(rows).assign(dimension=dimension, choice=choice)[
        ["dimension", "choice", "option", "n", "first_order", "rank_shift"]
    ]


def ranks(values: Floats) -> Floats:
    """Return the rank (1 is the highest score) along the last axis; of equals the first is ahead.

    Scores count as equal to ten decimals, so that the last bit of a sum on another machine moves nobody.
    """
    order = np.argsort(-np.round(values, 10), axis=-1, kind="stable")
    result = np.empty(values.shape)
    np.put_along_axis(
        result,
        order,
        np.arange(1.0, values.shape[-1] + 1) + np.zeros(values.shape),
        axis=-1,
    )
    return result
