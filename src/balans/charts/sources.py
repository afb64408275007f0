"""The tables of the page on sources."""

from __future__ import annotations

import pandas as pd

from balans.charts.numbers import NO_VALUE, number
from balans.charts.output import Table
from balans.charts.tables import html_table
from balans.publish.scope import PageData


def sources_table(data: PageData) -> Table:
    """Return every stored source table: what it is, which years are used, how it came here, under which licence."""
    rows = [
        [
            f"{row.publisher}: {row.title}",
            str(row.shown_as),
            _years(row.first_year, row.last_year),
            str(row.obtained),
            str(row.modified) if isinstance(row.modified, str) else "onbekend",
            str(row.licence),
        ]
        for row in data.sources.itertuples()
    ]
    columns = ["Bron en titel", "Tabel", "Gebruikte jaren", "Opgehaald", "Stand bij de bron", "Licentie"]
    caption = f"De {number(len(rows))} brontabellen in data/raw"
    return Table(
        html_table(pd.DataFrame(rows, columns=columns), caption),
        "bronnen",
        caption,
        "Bron: het manifest van data/raw.",
        data.sources,
    )


def _years(first: object, last: object) -> str:
    if pd.isna(first):  # type: ignore[call-overload]
        return NO_VALUE
    return f"{first}–{last}" if first != last else f"{first}"
