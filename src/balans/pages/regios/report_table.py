"""The report's indicator table for one region."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import CLAIMS, SOURCE, cell, reported
from balans.pages.parts.select import region
from balans.pages.parts.tables import html_rows
from balans.words.areas import KRIMPREGIOS, NEDERLAND


def region_table(data: PageData, region_id: str) -> Table | None:
    """Return the report's table for one region, beside its krimp regions and the Netherlands; None without figures.

    Args:
        data: of the page of a region, with ``report_table``.
        region_id: one of the 20 regions; another area is not in the table.
    """
    table = data.table("report_table")
    own = table[(table["region_id"] == region_id) & (table["variant"] == "primary") & table["value"].notna()]
    if own.empty:
        return None
    rows = []
    for row_id in [key for key in CLAIMS if key in set(own["row_id"])]:
        title = own.loc[own["row_id"] == row_id, "title"].iloc[0]
        cells = [cell(table, row_id, area, moment) for area in (region_id, NEDERLAND) for moment in ("base", "latest")]
        given = [reported(table, row_id, KRIMPREGIOS, moment) for moment in ("base", "report_later")]
        rows.append([title, cells[0], cells[1], *given, cells[2], cells[3]])
    area = str(region(data, region_id)["name"])
    columns = [
        *("Indicator", f"{area}, rond 2015", f"{area}, laatste cijfer"),
        *("Krimpregio's 2015 in het rapport", "Krimpregio's 2025 in het rapport"),
        *("Nederland, rond 2015", "Nederland, laatste cijfer"),
    ]
    caption = f"De tabel van het rapport voor {area}"
    alt = caption + ": " + "; ".join(f"{row[0]} {row[1]} en {row[2]}" for row in rows) + "."
    html = html_rows(columns, rows, caption)
    return Table(html, f"{region_id}-rapporttabel", alt, SOURCE, own)
