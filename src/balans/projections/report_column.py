"""The report's 2025 column: which of three explanations fits it, and how it compares with what happened.

The explanations: the change of 2005–2015 goes on (linear), the rate of 2005–2015 goes on (geometric), or all krimp
regions become what the three that have shrunk longest were in 2015 (convergence). Levels here differ from the report's
(other definitions), so every explanation and the outcome are carried on from the report's own 2015 value.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.definitions import load_definition
from balans.paths import Project
from balans.words.areas import KRIMPREGIOS

BEFORE, BASE, TARGET = 2005, 2015, 2025
EXPLANATIONS = ("linear", "geometric", "convergence")
REGION = KRIMPREGIOS
FITS = 0.5  # an explanation fits if it misses the column by at most half of the change that the column foresees
NEAR = 3  # years that a first figure may lie from 2015: health was measured in 2012 and 2016


@dataclass(frozen=True)
class Claimed:
    """One row of the report's table; see ``definitions/report_column.yml``."""

    id: str
    title: str
    unit: str
    krimp_2015: float
    netherlands_2015: float
    krimp_2025: float
    compare: str
    measured: str | None
    note: str

    def carried_on(self, start: float, end: float) -> float:
        """Return the report's 2015 value, moved as ours moved from ``start`` to ``end``."""
        return self.krimp_2015 * end / start if self.compare == "ratio" else self.krimp_2015 + end - start


def load_column(project: Project) -> tuple[list[Claimed], list[str]]:
    """Return the report's rows and the ids of the regions that have shrunk longest, as ``analyses.yml`` says.

    Raises:
        DefinitionError: a file is not as its schema asks.
    """
    content = load_definition(project.definitions / "report_column.yml")
    analyses = load_definition(project.definitions / "analyses.yml")
    return [Claimed(**row) for row in content["column"]], analyses["gaps"]["oldest"]


def judge_column(claimed: list[Claimed], oldest: list[str], figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per indicator of the report: explanations, which fits best, and the score against the outcome.

    Args:
        claimed: the report's rows.
        oldest: ids of the three regions.
        figures: region_id, indicator, year, value, weight; ``weight`` is what a mean is weighted by.

    Columns: ``claimed_2025``; ``linear``, ``geometric``, ``convergence``: what each explanation would give for 2025,
    empty where figures are lacking; ``implied_2005_linear`` and ``_geometric``: what 2005 must have been for them to
    hold; ``best`` of those that could be computed, ``best_distance``, whether it ``fits``; ``outcome``: the report's
    2015 value carried on to ``outcome_year``; ``error_report``, ``error_no_change``; ``closer``: which came closer.
    """
    return pd.DataFrame([_judge(row, oldest, figures) for row in claimed])


def _judge(row: Claimed, oldest: list[str], figures: pd.DataFrame) -> dict[str, object]:
    own = figures[figures["indicator"] == row.measured]
    krimp = own[own["region_id"] == REGION].set_index("year")["value"].sort_index()
    base = _nearest_year(krimp)
    found = _explanations(row, krimp, base, _together(own, oldest, base))
    distances = {name: abs(value - row.krimp_2025) for name, value in found.items() if value is not None}
    best = min(distances, key=lambda name: distances[name]) if distances else None
    return {
        "indicator": row.id,
        "unit": row.unit,
        "krimp_2015": row.krimp_2015,
        "netherlands_2015": row.netherlands_2015,
        "claimed_2025": row.krimp_2025,
        "measured": row.measured,
        "base_year": base,
        **found,
        "implied_2005_linear": 2 * row.krimp_2015 - row.krimp_2025,
        "implied_2005_geometric": row.krimp_2015**2 / row.krimp_2025,
        "best": best,
        "best_distance": distances[best] if best else None,
        "fits": distances[best] <= FITS * abs(row.krimp_2025 - row.krimp_2015) if best else None,
        **_score(row, krimp, base),
        "note": row.note,
    }


def _nearest_year(values: pd.Series) -> int | None:
    """2015, or the nearest year with a figure (the earlier one first), at most three years away."""
    near = [int(year) for year in values.index if abs(year - BASE) <= NEAR]
    return min(near, key=lambda year: (abs(year - BASE), year), default=None)


def _together(own: pd.DataFrame, regions: list[str], year: int | None) -> float | None:
    rows = own[own["region_id"].isin(regions) & (own["year"] == year)]
    if len(rows) < len(regions):
        return None
    return float((rows["value"] * rows["weight"]).sum() / rows["weight"].sum())


def _explanations(row: Claimed, krimp: pd.Series, base: int | None, oldest: float | None) -> dict[str, float | None]:
    """What each explanation gives for 2025, starting from the report's value of 2015."""
    result: dict[str, float | None] = dict.fromkeys(EXPLANATIONS)
    if base is None:
        return result
    now, before = float(krimp[base]), krimp.get(BEFORE)
    if before is not None:
        result["linear"] = row.carried_on(now, 2 * now - before)
        result["geometric"] = row.carried_on(now, now**2 / before)
    if oldest is not None:
        result["convergence"] = row.carried_on(now, oldest)
    return result


def _score(row: Claimed, krimp: pd.Series, base: int | None) -> dict[str, object]:
    later = krimp[krimp.index <= TARGET]
    if base is None or later.empty or later.index[-1] == base:
        return dict.fromkeys(("outcome_year", "outcome", "error_report", "error_no_change", "closer"))
    outcome = row.carried_on(float(krimp[base]), float(later.iloc[-1]))
    errors = {
        "report": abs(row.krimp_2025 - outcome),
        "no_change": abs(row.krimp_2015 - outcome),
    }
    return {
        "outcome_year": int(later.index[-1]),
        "outcome": outcome,
        "error_report": errors["report"],
        "error_no_change": errors["no_change"],
        "closer": min(errors, key=lambda name: errors[name]),
    }
