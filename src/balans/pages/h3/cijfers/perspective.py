"""The package beside other budgets, and what was paid."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import MILLION, MONEY_SOURCE
from balans.pages.parts.output import Table
from balans.pages.parts.select import records
from balans.regiocheck.words import euros
from balans.words.numbers import NO_VALUE, number
from balans.words.verdicts import in_words


def perspective_table(data: PageData) -> Table:
    """Return the report's comparison of the package with other money, each amount with its verdict."""
    rows = data.table("investment_perspective")
    cells = [
        [
            row["title"],
            number(row["stated_eur"] / MILLION),
            number(row["rebuilt_eur"] / MILLION, 1) if pd.notna(row["rebuilt_eur"]) else NO_VALUE,
            number(row["times_package"], 2),
            number(row["per_inhabitant_eur"]) if pd.notna(row["per_inhabitant_eur"]) else NO_VALUE,
            in_words(row["verdict"]),
            row["explanation"] or f"Bron: {row['source']}.",
        ]
        for row in records(rows)
    ]
    columns = [
        "Geld",
        "Rapport, miljoen euro",
        "Nagerekend",
        "Keer het pakket",
        "Euro per inwoner",
        "Oordeel",
        "Toelichting",
    ]
    return text_table(
        cells, columns, "Het pakket in perspectief, bedragen per jaar", "pakket-in-perspectief", MONEY_SOURCE, rows
    )


def paid_table(data: PageData) -> Table:
    """Return the money that was paid as far as a source gives it, per inhabitant of who got it."""
    rows = data.table("investment")
    rows = rows[~rows["item"].str.startswith("pakket")]
    cells = [
        [
            row["title"],
            row["year"],
            euros(row["amount_eur"]),
            row["unit"],
            f"€ {number(row['per_inhabitant_eur'], 2)}",
            row["denominator"],
            row["source"],
        ]
        for row in records(rows)
    ]
    columns = ["Geld", "Jaren", "Bedrag", "Eenheid", "Per inwoner", "Van", "Bron"]
    return text_table(cells, columns, "Uitgekeerd en toegezegd geld, met bron", "uitgekeerd-geld", MONEY_SOURCE, rows)
