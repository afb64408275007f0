"""The report's indicator table for one region."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import SOURCE, cell, figure, gap_text, people_text, reported, rows
from balans.pages.parts.select import cautions, region
from balans.pages.parts.tables import html_rows
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import NO_VALUE


def region_table(data: PageData, region_id: str, indicators: dict[str, Indicator]) -> Table | None:
    """Return the report's table for one region, with its gap to the Netherlands; None without figures.

    Args:
        data: of the page of a region, with ``report_table``.
        region_id: one of the 20 regions; another area is not in the table.
        indicators: the catalogue, for what a change must say of itself.
    """
    table = data.table("report_table")
    own = table[(table["region_id"] == region_id) & table["value"].notna()]
    if own.empty:
        return None
    known = {(row, variant) for row, variant in zip(own["row_id"], own["variant"], strict=True)}
    lines = []
    for row_id, title in rows(table).items():
        beside = own[(own["row_id"] == row_id) & (own["variant"] == "neighbour")]
        # A row that nothing measures stays, without a figure, above the one that stands beside it.
        if (row_id, "primary") in known or len(beside):
            lines.append(_line(table, region_id, row_id, title))
        if len(beside):
            lines.append(_line(table, region_id, row_id, str(beside["title"].iloc[0]), "neighbour"))
    area = str(region(data, region_id)["name"])
    columns = [
        *("Indicator", f"{area}, rond 2015", f"{area}, laatste cijfer", "Mensen, laatste cijfer"),
        "Verschil met Nederland: toen / nu",
        *("Krimpregio's 2015 in het rapport", "Krimpregio's 2025 in het rapport"),
    ]
    caption = f"De tabel van het rapport voor {area}"
    alt = caption + ": " + "; ".join(f"{row[0]} {row[1]} en {row[2]}" for row in lines) + "."
    explained = "Een verschil in procentpunt (pp) is de regio min Nederland; bij euro's staat het deel van Nederland."
    html = html_rows(columns, lines, f"{caption}. {explained}")
    html += cautions(data, (indicators[key] for key in own["indicator"].unique()))
    return Table(html, f"{region_id}-rapporttabel", alt, SOURCE, own)


def _line(table: pd.DataFrame, region_id: str, row_id: str, title: str, variant: str = "primary") -> list[str]:
    """One line: own figures, people, gaps, and what the report says of the krimp regions; a neighbour has no claim."""
    base, latest = (figure(table, row_id, region_id, moment, variant) for moment in ("base", "latest"))
    of_report = variant == "primary"
    given = [
        reported(table, row_id, KRIMPREGIOS, moment) if of_report else NO_VALUE for moment in ("base", "report_later")
    ]
    own = [cell(table, row_id, region_id, moment, variant) for moment in ("base", "latest")]
    return [title, *own, people_text(latest), f"{gap_text(base)} / {gap_text(latest)}", *given]
