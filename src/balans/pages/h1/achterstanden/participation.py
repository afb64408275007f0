"""Net participation of every region: share, people, gap and change, out of the report's table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import SOURCE, change_text, figure, gap_text, people_text, shown
from balans.pages.parts.select import name
from balans.pages.parts.tables import html_rows
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES, TOTALS
from balans.words.numbers import NO_VALUE

ROW = "participatie"


def participation_table(data: PageData) -> Table:
    """Return net participation of every region in the report's year and the latest, with the gap to the Netherlands."""
    table = data.table("report_table")
    policy = data.regions[data.regions["type"].isin(POLICY_TYPES)].sort_values(
        ["type", "name"], ascending=[False, True]
    )
    pairs = {area: _pair(table, area) for area in [KRIMPREGIOS, ANTICIPEERREGIOS, *policy["region_id"], NEDERLAND]}
    first, last = (row["year"] for row in pairs[KRIMPREGIOS])
    columns = ["Gebied", *(f"{what} {year}" for what in ("Aandeel", "Mensen", "Verschil") for year in (first, last))]
    caption = f"Netto arbeidsparticipatie per regio in {first} en {last}: aandeel, mensen en verschil met Nederland"
    html = html_rows(
        [*columns, "Verandering"],
        [_line(data, area, pair) for area, pair in pairs.items()],
        caption,
        emphasised=[place for place, area in enumerate(pairs) if area in TOTALS],
    )
    grown = sum(pairs[area][1]["gap"] < pairs[area][0]["gap"] for area in policy["region_id"])
    alt = f"{caption}. Bij {grown} van de {len(policy)} regio's ging het verschil omlaag."
    chosen = table[(table["row_id"] == ROW) & table["region_id"].isin(pairs)]
    return Table(html, "rapporttabel-participatie", alt, SOURCE, chosen)


def _pair(table: pd.DataFrame, area: str) -> list[Any]:
    """The rows of an area for the report's year and the latest."""
    return [figure(table, ROW, area, moment) for moment in ("base", "latest")]


def _line(data: PageData, area: str, pair: list[Any]) -> list[str]:
    people = [people_text(row).split(" (")[0] for row in pair]
    gaps = [NO_VALUE if area == NEDERLAND else gap_text(row) for row in pair]
    return [name(data, area), *(shown("%", row["value"]) for row in pair), *people, *gaps, change_text(*pair)]
