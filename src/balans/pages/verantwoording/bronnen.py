"""The tables of the page on sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.errors import UnknownKeyError
from balans.pages.data import PageData
from balans.pages.parts.output import Prose, Table
from balans.pages.parts.select import records
from balans.pages.parts.tables import html_table
from balans.paths import find_project
from balans.sources.last_refresh import LastRefresh, read_last_refresh, refresh_and_keep
from balans.words.numbers import NO_VALUE, number

OUTCOMES = {
    "updated": "vernieuwd",
    "unchanged": "ongewijzigd",
    "failed": "niet gelukt; de vorige cijfers zijn gebleven",
    "not available": "nog niet voorhanden",
}


def refresh_sources(vernieuwen: bool, tabellen: list[str] | None) -> LastRefresh | None:
    """Fetch the tables if asked to, and return the report of the last refresh; None if there has been none.

    Raises:
        UnknownKeyError: ``definitions/sources.yml`` has no such table.
    """
    project = find_project()
    return refresh_and_keep(project, tabellen) if vernieuwen else read_last_refresh(project)


def refresh_table(last: LastRefresh | None) -> Table | Prose:
    """Return what the last refresh changed, per table."""
    if last is None:
        return Prose(
            "De cijfers zijn overgenomen uit openbare kopieën van de gepubliceerde tabellen en nog niet bij de bron "
            "ververst. Met `make data` gebeurt dat; een vergelijking zegt dan waar ze verschillen."
        )
    rows = [_refresh_row(row) for row in last.tables]
    columns = ["Tabel", "Uitkomst", "Nieuwe jaren", "Herziene cijfers", "Gemeenten erbij en eraf"]
    caption = f"Laatste verversing bij de bron, op {last.on}"
    frame = pd.DataFrame(rows, columns=columns)
    source = "Bron: het verslag van make data."
    return Table(html_table(frame, caption), "laatste-verversing", caption, source, pd.DataFrame(last.tables))


def _refresh_row(row: dict[str, Any]) -> list[str]:
    municipalities = [f"+{code}" for code in row["came"]] + [f"−{code}" for code in row["went"]]
    return [
        row["table"],
        OUTCOMES[row["outcome"]],
        ", ".join(str(year) for year in row["new_years"]) or NO_VALUE,
        number(row["revised"]) if row["revised"] else NO_VALUE,
        ", ".join(municipalities) or NO_VALUE,
    ]


def sources_table(data: PageData, peiljaar: int | None = None) -> Table:
    """Return the stored source tables: what each is, which years are used, how it came here, under which licence.

    Args:
        data: the rows that the page may read.
        peiljaar: only the tables with figures of this year; None for all.

    Raises:
        UnknownKeyError: no table has figures of that year; the message names the first and last year.
    """
    rows = [row for row in records(data.sources) if peiljaar is None or _has(row, peiljaar)]
    if not rows:
        first, last = data.sources["first_year"].min(), data.sources["last_year"].max()
        raise UnknownKeyError(f"No table has figures of {peiljaar}; there are figures from {first} to {last}.")
    cells = [
        [
            f"{row['publisher']}: {row['title']}",
            str(row["shown_as"]),
            _years(row["first_year"], row["last_year"]),
            row["provisional"] or NO_VALUE,
            f"{row['obtained']}, {'bij de bron' if row['fetched'] else 'overgenomen'}",
            str(row["modified"]) if isinstance(row["modified"], str) else "onbekend",
            str(row["licence"]),
        ]
        for row in rows
    ]
    columns = ["Bron en titel", "Tabel", "Gebruikte jaren", "Voorlopig", "Opgehaald", "Stand bij de bron", "Licentie"]
    about = f" met cijfers over {peiljaar}" if peiljaar else ""
    caption = f"De {number(len(cells))} brontabellen in data/raw{about}"
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    return Table(html, "bronnen", caption, "Bron: het manifest van data/raw.", pd.DataFrame(rows))


def _has(row: dict[str, Any], year: int) -> bool:
    return bool(pd.notna(row["first_year"]) and row["first_year"] <= year <= row["last_year"])


def _years(first: object, last: object) -> str:
    if pd.isna(first):  # type: ignore[call-overload]
        return NO_VALUE
    return f"{first}–{last}" if first != last else f"{first}"
