"""The report's indicator table, rebuilt: six indicators, every region, 2015, its 2025 and the latest figure."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from balans.indicators.report_rows import ReportRow
from balans.words.areas import KRIMPREGIOS, NEDERLAND

BASE, LATER, LATEST = "base", "report_later", "latest"
MOMENTS = (BASE, LATER, LATEST)
PRIMARY, NEIGHBOUR = "primary", "neighbour"
COLUMNS = [
    *["row_id", "variant", "title", "indicator", "region_id", "moment", "year", "value", "unit", "netherlands", "gap"],
    *["compare", "people", "people_of", "claim_id", "people_claim_id", "report_value", "report_gap", "report_people"],
    *["difference", "note", "row_note", "row_people_of"],
]
# Which cell of the report's own table a cell of ours stands beside: region, moment → the claims of the row.
CELLS = {
    (KRIMPREGIOS, BASE): ("krimp", "people"),
    (NEDERLAND, BASE): ("netherlands", ""),
    (KRIMPREGIOS, LATER): ("later", "people_later"),
}


def build_report_table(indicators: pd.DataFrame, rows: list[ReportRow], areas: list[str]) -> pd.DataFrame:
    """Return the table ``report_table``.

    Args:
        indicators: the table.
        rows: ``definitions/report_table.yml``.
        areas: region_ids, among them ``krimpregios`` and ``nederland``.

    Returns:
        One row per indicator, variant (``primary`` or ``neighbour``), region and moment: ``base`` (the report's 2015:
        that year, else the last before it, else the first after it), ``report_later`` (the report's 2025: only its own
        value), ``latest``. netherlands is the Dutch value of the same year and gap the distance to it (points, or % of
        it for money); people the share times the persons whom it is a share of; report_* are the report's, for the
        cells that it has, with the claims that say them; difference is value minus report_value; note is about the
        cell, row_note and row_people_of (whom the share is a share of) about the row.
    """
    lines = [
        line
        for row in rows
        for variant in (PRIMARY, NEIGHBOUR)
        if variant == PRIMARY or row.neighbour
        for line in _lines(indicators, row, variant, areas)
    ]
    return pd.DataFrame(lines, columns=COLUMNS)


def _lines(indicators: pd.DataFrame, row: ReportRow, variant: str, areas: list[str]) -> list[dict[str, Any]]:
    beside = row.neighbour if variant == NEIGHBOUR else None
    indicator, title, of = (
        (beside.indicator, beside.title, beside.people_of) if beside else (row.indicator, row.title, row.people_of)
    )
    figures = indicators[indicators["indicator"] == indicator].set_index("region_id").sort_values("year")
    head = {"row_id": row.id, "variant": variant, "title": title, "indicator": indicator, "compare": row.compare}
    head |= {"row_note": row.note, "row_people_of": of}
    moments = MOMENTS if variant == PRIMARY else (BASE, LATEST)
    lines = [
        head | {"region_id": area, "moment": moment} | _figure(figures, area, moment, row, of)
        for area in areas
        for moment in moments
    ]
    return [line | _reported(row, line, variant) | {"note": _note(line, row.base_year)} for line in lines]


def _figure(figures: pd.DataFrame, area: str, moment: str, row: ReportRow, people_of: str) -> dict[str, Any]:
    missing = dict.fromkeys(("value", "netherlands", "gap", "people"), math.nan)
    if moment == LATER or area not in figures.index:
        return missing | {"year": None, "unit": row.unit, "people_of": ""}
    own = figures.loc[[area]]
    line = own.iloc[-1] if moment == LATEST else _base(own, row.base_year)
    country = figures[(figures.index == NEDERLAND) & (figures["year"] == line["year"])]["value"]
    netherlands = float(country.iloc[0]) if len(country) else math.nan
    # A total with a municipality left out has a share, but not all of its people.
    counted = bool(people_of) and line["denominator"] > 1 and line["coverage"] == 1
    return {
        "year": int(line["year"]),
        "unit": row.unit,
        "value": line["value"],
        "netherlands": netherlands,
        "gap": row.gap(line["value"], netherlands),
        "people": line["value"] / 100 * line["denominator"] if counted else math.nan,
        "people_of": people_of if counted else "",
    }


def _base(own: pd.DataFrame, year: int) -> pd.Series:
    """The figure of the year, else of the last year before it, else of the first after it."""
    until = own[own["year"] <= year]
    return until.iloc[-1] if not until.empty else own.iloc[0]


def _reported(row: ReportRow, line: dict[str, Any], variant: str) -> dict[str, Any]:
    """The report's own share, gap and people, where it gives them; a neighbour is not held against them."""
    cell = CELLS.get((line["region_id"], line["moment"])) if variant == PRIMARY else None
    if cell is None:
        return {"claim_id": "", "people_claim_id": ""} | dict.fromkeys(
            ("report_value", "report_gap", "report_people", "difference"), math.nan
        )
    share, people = cell
    claimed = row.claimed[share]
    is_gap = cell == CELLS[KRIMPREGIOS, BASE]
    return {
        "claim_id": row.claims[share],
        "people_claim_id": row.claims.get(people, ""),
        "report_value": claimed,
        "report_gap": row.gap(claimed, row.claimed["netherlands"]) if is_gap else math.nan,
        "report_people": row.claimed.get(people, math.nan),
        "difference": line["value"] - claimed,
    }


def _note(line: dict[str, Any], base_year: int) -> str:
    if line["moment"] == LATER:
        return "Alleen in het rapport; het aantal mensen is de verandering sinds 2015."
    if line["year"] is None:
        return "Geen cijfer voor dit gebied bij de hand."
    if line["moment"] == BASE and line["year"] != base_year:
        return f"Van {base_year} is er geen cijfer; dit is dat van {line['year']}."
    return ""
