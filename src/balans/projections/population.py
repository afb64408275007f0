"""Two methods for inhabitants only: components of growth, and cohorts per COROP area (Hamilton–Perry).

Both return growth since the origin on the log scale, for every year as an origin, from what was known then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.errors import RawDataError
from balans.paths import Project
from balans.projections.methods import (
    DEVIATION_DAMPING,
    accumulated,
    discounted,
    slopes,
)
from balans.sources.stored import read_stored

Array = npt.NDArray[np.float64]

MIGRATION_YEARS = 5
NATURAL_YEARS = 3
AGES = ["Y_LT5", *(f"Y{age}-{age + 4}" for age in range(5, 90, 5)), "Y_GE90"]
CHILDBEARING = slice(3, 9)  # 15 to 44 years
COHORT_STEP = 5
LARGEST_GAP = 0.005
OLDEST_BASE = 6


def components_growth(inhabitants: Array, natural: Array, migration: Array, around: Array, horizon: int) -> Array:
    """Return log growth (regions × origins × horizons) from births less deaths and from moves.

    Natural increase per inhabitant goes on from its mean of three years with a trend that dies out (a population
    ages). Net migration per inhabitant is its mean of five years: that of the Netherlands stays, what a region departs
    from it dies out.

    Args:
        inhabitants: (regions × years) on 1 January.
        natural: (regions × years) births less deaths during the year.
        migration: (regions × years) net domestic and foreign migration during the year, corrections included.
        around: (1 × years) net migration per inhabitant of the Netherlands.
        horizon: years ahead.

    What happened during the year of the origin is not used: on 1 January it is not known. Without figures in these
    windows the growth is NaN.
    """
    natural_rate = _before(natural / inhabitants)
    slope, _ = slopes(natural_rate, discounted(natural_rate.shape[1]))
    level, trend = _recent_mean(natural_rate, NATURAL_YEARS), np.nan_to_num(slope)
    country = _recent_mean(_before(around), MIGRATION_YEARS)
    deviation = _recent_mean(_before(migration / inhabitants), MIGRATION_YEARS) - country
    fading = DEVIATION_DAMPING ** np.arange(1, horizon + 1)
    yearly = (level + country)[:, :, None] + trend[:, :, None] * accumulated(DEVIATION_DAMPING, horizon)
    return np.cumsum(np.log1p(yearly + deviation[:, :, None] * fading), axis=2)


def _before(rates: Array) -> Array:
    """Shift by a year: at an origin the last known flow is that of the year before."""
    return np.concatenate([np.full((len(rates), 1), np.nan), rates[:, :-1]], axis=1)


def _recent_mean(rates: Array, years: int) -> Array:
    """Mean of the figures in the last ``years`` years at every origin; NaN if there are none."""
    known = np.isfinite(rates)
    lag = np.arange(rates.shape[1])[:, None] - np.arange(rates.shape[1])[None, :]
    window = ((lag >= 0) & (lag < years)).astype(float)
    count = known @ window.T
    total = np.where(known, rates, 0) @ window.T
    return np.where(count > 0, total / np.where(count > 0, count, 1), np.nan)


@dataclass(frozen=True)
class AgeGroups:
    """Five-year age groups per COROP area.

    Attributes:
        areas: COROP codes.
        years: 1 January of these years.
        counts: (areas × years × 19 ages), NaN where Eurostat's area is not the one of the series.
    """

    areas: tuple[str, ...]
    years: npt.NDArray[np.int64]
    counts: Array


def load_age_groups(project: Project, totals: pd.DataFrame) -> AgeGroups:
    """Return Eurostat's age groups (demo_r_pjangrp3), without the areas and years that lie on another division.

    Eurostat draws its areas anew (2021: NL111 −7.7%, NL33A −8.5%); that is not migration. Wherever its total departs
    more than 0.5% from our series on one division, the year of that area is left out.

    Args:
        project: for ``data/raw`` and the list of COROP areas.
        totals: inhabitants, index COROP code, one column per year.

    Raises:
        RawDataError: an age group is missing.
    """
    stored = read_stored(project.raw, "demo_r_pjangrp3").astype({"year": int})
    codes = pd.read_csv(project.definitions / "geography" / "corop_nuts3.csv").set_index("nuts3_2021")["corop"]
    stored = stored[stored["region"].isin(codes.index)]
    wide = stored.assign(area=stored["region"].map(codes)).pivot(
        index=["area", "year"], columns="measure", values="value"
    )
    missing = sorted(set(AGES) - set(wide.columns))
    if missing:
        raise RawDataError(f"data/raw/demo_r_pjangrp3 lacks the age groups {', '.join(missing)}.")
    areas, years = (np.unique(wide.index.get_level_values(name)) for name in ("area", "year"))
    cube = wide[AGES].reindex(pd.MultiIndex.from_product([areas, years])).to_numpy().reshape(len(areas), len(years), -1)
    own = totals.reindex(index=areas, columns=years).to_numpy()
    with np.errstate(invalid="ignore"):
        same = np.abs(cube.sum(axis=2) / own - 1) <= LARGEST_GAP
    return AgeGroups(tuple(areas), years, np.where(same[:, :, None], cube, np.nan))


def hamilton_perry(before: Array, after: Array, steps: int) -> Array:
    """Return projected totals (areas × steps), five years apart (Hamilton & Perry 1962).

    Args:
        before: (areas × 19) five years before the base.
        after: (areas × 19) the base.
        steps: number of five-year steps.

    Each group grows into the next by the ratio of the last five years; the youngest follow the number of people of
    15 to 44; the oldest two groups feed the open group.
    """
    ratios = after[:, 1:-1] / before[:, :-2]
    open_ratio = after[:, -1] / (before[:, -2] + before[:, -1])
    child_ratio = after[:, 0] / after[:, CHILDBEARING].sum(axis=1)
    totals, ages = [], after
    for _ in range(steps):
        older = ages[:, :-2] * ratios
        oldest = (ages[:, -2] + ages[:, -1]) * open_ratio
        youngest = older[:, 2:8].sum(axis=1) * child_ratio  # ages 15 to 44 of the projected year
        ages = np.column_stack([youngest, older, oldest])
        totals.append(ages.sum(axis=1))
    return np.column_stack(totals)


def cohort_growth(groups: AgeGroups, origins: npt.NDArray[np.int64], horizon: int) -> Array:
    """Return log growth of each COROP area (areas × origins × horizons) since each origin; NaN where it is unknown.

    The base is the last usable year of ages at or before the origin, at most six years old; between the five-year
    steps the growth is even.
    """
    steps = -(-(horizon + OLDEST_BASE) // COHORT_STEP)
    growth = np.full((len(groups.areas), len(origins), horizon), np.nan)
    for base in groups.years[groups.years - COHORT_STEP >= groups.years[0]]:
        path = _yearly_path(groups, int(base), steps)
        for place in np.flatnonzero((origins >= base) & (origins - base <= OLDEST_BASE)):
            gap = int(origins[place] - base)
            since = path[:, gap + 1 : gap + 1 + horizon] - path[:, gap : gap + 1]
            growth[:, place] = np.where(np.isfinite(since), since, growth[:, place])
    return growth


def _yearly_path(groups: AgeGroups, base: int, steps: int) -> Array:
    """Log growth since ``base`` in every year 0, 1, … 5 × steps."""
    place = int(np.flatnonzero(groups.years == base)[0])
    after, before = groups.counts[:, place], groups.counts[:, place - COHORT_STEP]
    levels = np.log(np.column_stack([after.sum(axis=1), hamilton_perry(before, after, steps)]))
    known, years = (
        np.arange(steps + 1) * COHORT_STEP,
        np.arange(steps * COHORT_STEP + 1),
    )
    return np.stack([np.interp(years, known, row) for row in levels - levels[:, :1]])


def share_out(growth: Array, shares: Array) -> Array:
    """Return log growth of areas (rows of ``shares``) that each grow with the COROP areas they lie in.

    Args:
        growth: (COROP areas × origins × horizons).
        shares: (areas × COROP areas) part of each area's inhabitants; rows add up to 1.

    An area of which a part has no projection has none.
    """
    used = shares > 0
    grown = np.einsum("rc,coh->roh", shares, np.exp(np.nan_to_num(growth)))
    incomplete = np.einsum("rc,coh->roh", used.astype(float), np.isnan(growth).astype(float)) > 0
    return np.where(incomplete, np.nan, np.log(np.where(incomplete, 1, grown)))
