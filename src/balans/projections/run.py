"""Run every method on every panel: from series to projections from every origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.projections import methods
from balans.projections.methods import Array, Task, from_last
from balans.projections.population import AgeGroups, cohort_growth, components_growth, share_out
from balans.projections.rules import Rule, Rules
from balans.projections.scales import to_scale
from balans.projections.series import Panel

Panels = Mapping[tuple[str, str], Panel]

AVERAGED = ("no_change", "trend", "damped_trend", "pooled", "pooled_damped")

OUTWARD = {
    "municipality": "corop",
    "corop": "country",
    "province": "country",
    "region": "country",
    "total": "country",
}

POOLED_DAMPING = {"pooled": 1.0, "pooled_damped": methods.PARENT_DAMPING}

SMALL_SHARE = 0.001

LATEST_ORIGINS = 2  # an area may miss the last year or two


@dataclass(frozen=True)
class Surroundings:
    """How areas lie in each other at the latest division.

    Attributes:
        parts: per level a table areas × municipalities with the part of the municipality that lies in the area.
        inhabitants: per municipality, latest year.
        ages: age groups per COROP area, for the cohort method.
    """

    parts: Mapping[str, pd.DataFrame]
    inhabitants: pd.Series
    ages: AgeGroups | None = None

    def shares(self, level: str, areas: tuple[str, ...], outward: str, around: tuple[str, ...]) -> Array:
        """Return (areas × around): the part of each area's inhabitants that lies in each larger area."""
        inner = self.parts[level].reindex(areas).to_numpy() * self.inhabitants.to_numpy()
        shares = inner @ self.parts[outward].reindex(around).to_numpy().T
        shares = shares / shares.sum(axis=1, keepdims=True)
        shares = np.where(shares < SMALL_SHARE, 0, shares)
        whole: Array = shares / shares.sum(axis=1, keepdims=True)
        return whole


@dataclass(frozen=True)
class Projected:
    """What every method makes of one panel.

    Attributes:
        panel: the series.
        rule: how it is projected.
        scaled: (regions × years) on the working scale.
        enough: (regions × origins) whether a series had enough figures; if not every method is no change.
        by_method: method → (regions × origins × horizons) on the working scale; every year is an origin.
        growth: for the areas inside, pooled growth and slope per pooled method.
    """

    panel: Panel
    rule: Rule
    scaled: Array
    enough: npt.NDArray[np.bool_]
    by_method: dict[str, Array]
    growth: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    @property
    def outcomes(self) -> Array:
        """(regions × origins × horizons): what happened, on the working scale; NaN where it is not known (yet)."""
        regions, size = self.scaled.shape
        horizon = next(iter(self.by_method.values())).shape[2]
        padded = np.concatenate([self.scaled, np.full((regions, horizon), np.nan)], axis=1)
        return np.stack([padded[:, ahead : ahead + size] for ahead in range(1, horizon + 1)], axis=2)


def run_methods(panels: Panels, rules: Rules, around: Surroundings) -> dict[tuple[str, str], Projected]:
    """Return every method's projections from every origin, per (indicator, level).

    Args:
        panels: series per (indicator, level), the inputs of the population methods among them.
        rules: what to project, with which methods, until which year.
        around: how areas lie in each other.
    """
    results: dict[tuple[str, str], Projected] = {}
    outside_in = sorted(
        rules.levels,
        key=lambda level: ("country", "corop").index(level) if level in ("country", "corop") else 2,
    )
    for rule in rules.indicators.values():
        present = [level for level in outside_in if (rule.id, level) in panels]
        ends = [int(panels[rule.id, level].years[-1]) for level in present]
        for level in present:
            horizon = rules.until - min(ends) + LATEST_ORIGINS
            results[rule.id, level] = _run_panel(panels, rule, level, horizon, rules.least_points, around, results)
    return results


def _run_panel(
    panels: Panels,
    rule: Rule,
    level: str,
    horizon: int,
    least_points: int,
    around: Surroundings,
    results: Mapping[tuple[str, str], Projected],
) -> Projected:
    panel = panels[rule.id, level]
    scaled = to_scale(panel.values, rule.scale)
    task = Task(scaled, horizon, least_points)
    growth = {}
    for name, damping in POOLED_DAMPING.items():
        outer = results.get((rule.id, OUTWARD.get(level, "")))
        inner = task if outer is None else _with_parent(task, panel, outer, name, around)
        growth[name] = methods.pooled_growth(inner, damping)
    made = {name: from_last(task, grown) for name, (grown, _) in growth.items()}
    made |= {name: getattr(methods, name)(task) for name in ("no_change", "trend", "damped_trend")}
    made["combined"] = methods.combine([made[name] for name in AVERAGED])
    if "components" in rule.methods:
        made["components"] = from_last(task, _components(panels, panel, task.horizon))
    if "cohort" in rule.methods and around.ages is not None:
        made["cohort"] = from_last(task, _cohort(panel, task.horizon, around, around.ages))
    kept = {name: made[name] for name in rule.methods if name in made}
    return Projected(panel, rule, scaled, task.enough, kept, growth)


def _with_parent(task: Task, panel: Panel, outer: Projected, name: str, around: Surroundings) -> Task:
    """Give each area the growth of the larger area in which most of its inhabitants live."""
    growth, slope = (align_years(part, outer.panel.years, panel.years) for part in outer.growth[name])
    if len(outer.panel.regions) == 1:
        parent = np.zeros(len(panel.regions), dtype=int)
    else:
        parent = around.shares(panel.level, panel.regions, outer.panel.level, outer.panel.regions).argmax(axis=1)
    return Task(task.scaled, task.horizon, task.least_points, growth[parent], slope[parent])


def align_years(values: Array, years: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> Array:
    """Return ``values`` (areas × years × …) on the years ``wanted``; NaN for a year that is not there."""
    result = np.full((values.shape[0], len(wanted), *values.shape[2:]), np.nan)
    place = wanted - years[0]
    inside = (place >= 0) & (place < len(years))
    result[:, inside] = values[:, place[inside]]
    return result


def _components(panels: Panels, panel: Panel, horizon: int) -> Array:
    natural, migration = _flows(panels, panel.level, panel.years)
    _, country_migration = _flows(panels, "country", panel.years)
    country = panels["inwoners", "country"]
    around = country_migration / align_years(country.values, country.years, panel.years)
    return components_growth(panel.values, natural, migration, around, horizon)


def _flows(panels: Panels, level: str, years: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Natural increase and net migration (areas × years)."""
    names = (
        "natuurlijke_aanwas",
        "binnenlands_migratiesaldo",
        "buitenlands_migratiesaldo",
    )
    natural, domestic, foreign = (
        align_years(panels[name, level].values, panels[name, level].years, years) for name in names
    )
    return natural, domestic + foreign


def _cohort(panel: Panel, horizon: int, around: Surroundings, ages: AgeGroups) -> Array:
    growth = cohort_growth(ages, panel.years, horizon)
    return share_out(growth, around.shares(panel.level, panel.regions, "corop", ages.areas))
