"""The report's 2025 column: which of three explanations fits it, and how it compares with what happened.

The explanations: the change of 2005–2015 goes on (linear), the rate of 2005–2015 goes on (geometric), or all krimp
regions become what the three that have shrunk longest were in 2015 (convergence). Levels here differ from the report's
(other definitions), so every explanation and the outcome are carried on from the report's own 2015 value.
"""

from __future__ import annotations

import pandas as pd

from balans.indicators.report_rows import ReportRow
from balans.words.areas import KRIMPREGIOS

BEFORE, BASE, TARGET = 2005, 2015, 2025
EXPLANATIONS = ("linear", "geometric", "convergence")
REGION = KRIMPREGIOS
FITS = 0.5  # an explanation fits if it misses the column by at most half of the change that the column foresees
NEAR = 3  # years that a first figure may lie from 2015: health was measured in 2012 and 2016


def judge_column(rows: list[ReportRow], oldest: list[str], figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per indicator of the report: explanations, which fits best, and the score against the outcome.

    Args:
        rows: the report's rows.
        oldest: ids of the three regions.
        figures: region_id, indicator, year, value, weight; ``weight`` is what a mean is weighted by.

    Columns: ``claimed_2025``; ``linear``, ``geometric``, ``convergence``: what each explanation would give for 2025,
    empty where figures are lacking; ``implied_2005_linear`` and ``_geometric``: what 2005 must have been for them to
    hold; ``best`` of those that could be computed, ``best_distance``, whether it ``fits``; ``outcome``: the report's
    2015 value carried on to ``outcome_year``; ``error_report``, ``error_no_change``; ``closer``: which came closer.
    """
    return pd.DataFrame([_judge(row, oldest, figures) for row in rows])


def column_figures(indicators: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return region_id, indicator, year, value, weight for the report's column: the long series first."""
    table = indicators.assign(weight=indicators["denominator"])
    columns = ["region_id", "indicator", "year", "value", "weight"]
    return pd.concat([series[columns], table[columns]]).drop_duplicates(columns[:3])


def _judge(row: ReportRow, oldest: list[str], figures: pd.DataFrame) -> dict[str, object]:
    measured = row.indicator if row.follows else None
    own = figures[figures["indicator"] == measured]
    claimed = {key: row.claimed[key] for key in ("krimp", "netherlands", "later")}
    krimp = own[own["region_id"] == REGION].set_index("year")["value"].sort_index()
    base = _nearest_year(krimp)
    found = _explanations(row, krimp, base, _together(own, oldest, base))
    distances = {name: abs(value - claimed["later"]) for name, value in found.items() if value is not None}
    best = min(distances, key=lambda name: distances[name]) if distances else None
    return {
        "indicator": row.id,
        "unit": row.unit,
        "title": row.title,
        "krimp_2015": claimed["krimp"],
        "netherlands_2015": claimed["netherlands"],
        "claimed_2025": claimed["later"],
        "measured": measured,
        "base_year": base,
        **found,
        "implied_2005_linear": 2 * claimed["krimp"] - claimed["later"],
        "implied_2005_geometric": claimed["krimp"] ** 2 / claimed["later"],
        "best": best,
        "best_distance": distances[best] if best else None,
        "fits": distances[best] <= FITS * abs(claimed["later"] - claimed["krimp"]) if best else None,
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


def _explanations(row: ReportRow, krimp: pd.Series, base: int | None, oldest: float | None) -> dict[str, float | None]:
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


def _score(row: ReportRow, krimp: pd.Series, base: int | None) -> dict[str, object]:
    later = krimp[krimp.index <= TARGET]
    if base is None or later.empty or later.index[-1] == base:
        return dict.fromkeys(("outcome_year", "outcome", "error_report", "error_no_change", "closer"))
    outcome = row.carried_on(float(krimp[base]), float(later.iloc[-1]))
    errors = {
        "report": abs(row.claimed["later"] - outcome),
        "no_change": abs(row.claimed["krimp"] - outcome),
    }
    return {
        "outcome_year": int(later.index[-1]),
        "outcome": outcome,
        "error_report": errors["report"],
        "error_no_change": errors["no_change"],
        "closer": min(errors, key=lambda name: errors[name]),
    }
