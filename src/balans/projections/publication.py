"""The rule of publication: which method is published at which horizon, with which interval, and what is said about it.

At every horizon the method is published that won the backtest there, for that indicator at that level. No change takes
part, so nothing is published that does not beat it. Beyond the longest horizon with enough origins the last winner goes
on, and the row says ``untested``: its band is an indication and claims no coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.projections.backtest import scaled_errors
from balans.projections.intervals import current_half_widths
from balans.projections.methods import Array
from balans.projections.run import LATEST_ORIGINS, Projected

TESTED, UNTESTED, TOO_SHORT = "tested", "untested", "too_few_figures"


@dataclass(frozen=True)
class Published:
    """What is published of one panel, from each area's last figure, per calendar year.

    Attributes:
        projected: what the methods made.
        years: calendar years, from the first after any origin to the last that is projected.
        origins: (regions) year of the last figure.
        scaled: (regions × years) on the working scale; NaN up to the origin.
        widths: (2 × regions × years) half widths of the 80% and 95% interval.
        models: (regions × years) the method behind each value; no change where the winner cannot be had.
        status: (regions × years) ``tested``, ``untested`` or ``too_few_figures``.
        errors: (regions × origins × horizons) past errors of the published methods.
        tested: number of horizons with enough origins.
    """

    projected: Projected
    years: npt.NDArray[np.int64]
    origins: npt.NDArray[np.int64]
    scaled: Array
    widths: Array
    models: npt.NDArray[np.object_]
    status: npt.NDArray[np.object_]
    errors: Array
    tested: int


def winners(board: pd.DataFrame, indicator: str, level: str, horizon: int) -> tuple[tuple[str, ...], int]:
    """Return the method published at horizon 1, 2, … and the longest tested horizon.

    A horizon in between without a test (a year without figures) takes the method of the horizon before it. Without any
    test no change is published everywhere.
    """
    rows = board[(board["indicator"] == indicator) & (board["level"] == level) & board["published"]]
    by_horizon = {int(ahead): str(model) for ahead, model in zip(rows["horizon"], rows["model"], strict=True)}
    models, last = [], "no_change"
    for ahead in range(1, horizon + 1):
        last = by_horizon.get(ahead, last)
        models.append(last)
    return tuple(models), max(by_horizon, default=0)


def publish(projected: Projected, board: pd.DataFrame, least_origins: int, until: int) -> Published:
    """Apply the rule to one panel."""
    horizon = next(iter(projected.by_method.values())).shape[2]
    models, tested = winners(board, projected.rule.id, projected.panel.level, horizon)
    made = np.stack(
        [projected.by_method[model][:, :, ahead] for ahead, model in enumerate(models)],
        axis=2,
    )
    errors = scaled_errors(projected, made)
    widths = current_half_widths(errors, least_origins)
    places = latest_origins(projected.scaled)
    return _by_year(projected, made, errors, widths, places, models, tested, until)


def latest_origins(scaled: Array) -> npt.NDArray[np.int64]:
    """Return per series the place of its last figure, or −1 if that is more than two years before the last year."""
    size = scaled.shape[1]
    last = size - 1 - np.argmax(np.isfinite(scaled)[:, ::-1], axis=1)
    usable = np.isfinite(scaled).any(axis=1) & (last >= size - 1 - LATEST_ORIGINS)
    return np.where(usable, last, -1)


def _by_year(
    projected: Projected,
    made: Array,
    errors: Array,
    widths: Array,
    places: npt.NDArray[np.int64],
    models: tuple[str, ...],
    tested: int,
    until: int,
) -> Published:
    """Lay every area's projection from its own origin along calendar years."""
    origins = projected.panel.years[places]
    years = np.arange(origins[places >= 0].min() + 1, until + 1)
    ahead = years[None, :] - origins[:, None] - 1
    inside = (ahead >= 0) & (ahead < made.shape[2]) & (places >= 0)[:, None]
    place = np.clip(ahead, 0, made.shape[2] - 1)
    rows = np.arange(len(places))
    latest = np.take_along_axis(made[rows, places], place, axis=1)
    still = projected.scaled[rows, places][:, None]
    enough = projected.enough[rows, places][:, None]
    used = np.isfinite(latest) & enough
    return Published(
        projected,
        years,
        origins,
        scaled=np.where(inside, np.where(used, latest, still), np.nan),
        widths=np.where(inside, widths[:, place], np.nan),
        models=np.where(used, np.array(models, dtype=object)[place], "no_change"),
        status=np.where(enough, np.where(ahead < tested, TESTED, UNTESTED), TOO_SHORT).astype(object),
        errors=errors,
        tested=tested,
    )
