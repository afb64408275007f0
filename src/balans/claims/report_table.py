"""The report's indicator table, rebuilt: six indicators, every region, 2015, its 2025 and the latest figure."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from balans.claims.model import ClaimBook
from balans.words.areas import KRIMPREGIOS, NEDERLAND

MOMENTS = ("base", "report_later", "latest")
COLUMNS = [
    *["row_id", "variant", "title", "indicator", "region_id", "moment", "year", "value", "unit", "people"],
    *["people_of", "report_value", "report_people", "difference", "note"],
]


def build_report_table(
    indicators: pd.DataFrame, rows: list[dict[str, Any]], book: ClaimBook, areas: list[str]
) -> pd.DataFrame:
    """Return the table ``report_table``.

    Args:
        indicators: the table.
        rows: ``report_table`` of ``definitions/analyses.yml``.
        book: the claims, for the report's own values.
        areas: region_ids, among them ``krimpregios`` and ``nederland``.

    Returns:
        One row per indicator, variant (``primary`` or ``stand_in``), region and moment: ``base`` (the report's 2015:
        that year, else the last before it, else the first after it), ``report_later`` (the report's 2025: only its own
        value), ``latest``. A single value with a source stands in where the table has no figure. people is the share
        times the persons whom it is a share of; report_value and report_people are the report's, for krimpregios and
        nederland; difference is value minus report_value.
    """
    known = _with_single_values(indicators, book)
    tables = [_moments(known, row, variant, book, areas) for row in rows for variant in ("primary", "stand_in")]
    return pd.DataFrame([line for table in tables for line in table], columns=COLUMNS)


def _moments(
    indicators: pd.DataFrame, row: dict[str, Any], variant: str, book: ClaimBook, areas: list[str]
) -> list[dict[str, Any]]:
    if variant == "stand_in" and "stand_in" not in row:
        return []
    name = row["stand_in"]["indicator"] if variant == "stand_in" else row["indicator"]
    title = row["stand_in"]["name"] if variant == "stand_in" else row["title"]
    figures = indicators[indicators["indicator"] == name].set_index("region_id")
    if variant == "stand_in":
        areas = _areas_with_figures(figures, areas)
    lines = [
        {
            "row_id": row["id"],
            "variant": variant,
            "title": title,
            "indicator": name,
            "region_id": area,
            "moment": moment,
        }
        | _figure(figures, area, moment, row)
        | _reported(row, area, moment, book, variant)
        for area in areas
        for moment in MOMENTS
        if variant == "primary" or moment != "report_later"
    ]
    return [
        line | {"difference": line["value"] - line["report_value"], "note": _note(line, row["base_year"])}
        for line in lines
    ]


def _areas_with_figures(figures: pd.DataFrame, areas: list[str]) -> list[str]:
    """The areas, or the provinces and the Netherlands where the stand-in exists for no region."""
    if (set(areas) - {NEDERLAND}) & set(figures.index):
        return areas
    return [*sorted({area for area in figures.index if area.startswith("PV")}), NEDERLAND]


def _figure(figures: pd.DataFrame, area: str, moment: str, row: dict[str, Any]) -> dict[str, Any]:
    none = {"year": None, "value": math.nan, "unit": "", "people": math.nan, "people_of": ""}
    if moment == "report_later" or area not in figures.index:
        return none
    own = figures.loc[[area]].sort_values("year")
    line = own.iloc[-1] if moment == "latest" else _base(own, row["base_year"])
    has_people = "people" in row and row["indicator"] == line["indicator"] and line["denominator"] > 1
    people = row["people"]["factor"] * line["value"] * line["denominator"] if has_people else math.nan
    of = row["people"]["of"] if has_people else ""
    return {"year": int(line["year"]), "value": line["value"], "unit": line["unit"], "people": people, "people_of": of}


def _base(own: pd.DataFrame, year: int) -> pd.Series:
    """The figure of the year, else of the last year before it, else of the first after it."""
    until = own[own["year"] <= year]
    return until.iloc[-1] if not until.empty else own.iloc[0]


def _reported(row: dict[str, Any], area: str, moment: str, book: ClaimBook, variant: str) -> dict[str, float]:
    """The report's own share and people, where it gives them; a stand-in is not held against them."""
    which = {
        (KRIMPREGIOS, "base"): "krimp",
        (NEDERLAND, "base"): "nederland",
        (KRIMPREGIOS, "report_later"): "later",
    }
    key = which.get((area, moment)) if variant == "primary" else None
    people = {"krimp": "report", "later": "report_change"}.get(key or "")
    return {
        "report_value": book.claims[row["report"][key]].claimed if key else math.nan,
        "report_people": book.claims[row["people"][people]].claimed if people and "people" in row else math.nan,
    }


def _with_single_values(indicators: pd.DataFrame, book: ClaimBook) -> pd.DataFrame:
    """The table with the sourced single values of indicators and regions that it has no figure of."""
    columns = ["region_id", "indicator", "year", "value", "unit", "source"]
    single = pd.DataFrame(book.single_values.values())[columns].assign(denominator=math.nan)
    have = set(zip(indicators["region_id"], indicators["indicator"], strict=True))
    new = [pair not in have for pair in zip(single["region_id"], single["indicator"], strict=True)]
    return pd.concat([indicators[[*columns, "denominator"]], single[new]], ignore_index=True)


def _note(line: dict[str, Any], base_year: int) -> str:
    if line["moment"] == "report_later":
        return "Alleen in het rapport; het aantal mensen is de verandering sinds 2015."
    if line["year"] is None:
        return "Geen cijfer voor dit gebied bij de hand."
    if line["moment"] == "base" and line["year"] != base_year:
        return f"Van {base_year} is er geen cijfer; dit is dat van {line['year']}."
    return ""
