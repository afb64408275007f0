"""The report's indicator table: which claim stands in which cell, and how a cell is written."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.select import value
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import NO_VALUE, with_unit

# Per row of the report's table: the claims with its value for the krimp regions and for the Netherlands.
CLAIMS = {
    "participatie": ("T01a", "T01b", "T01c"),
    "beroepsniveau": ("T02a", "T02b", "T02c"),
    "havo_vwo": ("T03a", "T03b", "T03c"),
    "inkomen": ("T04a", "T04b", "T04c"),
    "gezondheid": ("T05a", "T05b", "T05c"),
    "woz": ("T06a", "T06b", "T06c"),
}

EURO_ROWS = {"inkomen", "woz"}

SOURCE = (
    "Bron: CBS (70072ned, Kerncijfers wijken en buurten, Arbeidsdeelname), RIVM, GGD en CBS (50090NED), DUO en het "
    "rapport van 2016; bewerking Nederland in balans. Peiljaar in de kolom."
)


def shown(row_id: str, value: float) -> str:
    """Return a value of a row as the table shows it: whole euros, or one decimal per cent."""
    return with_unit(value, "euro") if row_id in EURO_ROWS else with_unit(value, "%", 1)


def figure(table: pd.DataFrame, row_id: str, region_id: str, moment: str) -> pd.Series | None:
    """Return one row of ``report_table`` (primary variant), None if there is none."""
    chosen = table[
        (table["row_id"] == row_id)
        & (table["variant"] == "primary")
        & (table["region_id"] == region_id)
        & (table["moment"] == moment)
    ]
    return None if chosen.empty else chosen.iloc[0]


def cell(table: pd.DataFrame, row_id: str, region_id: str, moment: str) -> str:
    """Return our own value with its year where it needs one, an en dash if there is none."""
    row = figure(table, row_id, region_id, moment)
    if row is None or pd.isna(row["value"]):
        return NO_VALUE
    return f"{shown(row_id, row['value'])} ({row['year']})"


def reported(table: pd.DataFrame, row_id: str, region_id: str, moment: str) -> str:
    """Return the report's own value, an en dash if it gives none."""
    row = figure(table, row_id, region_id, moment)
    return NO_VALUE if row is None else shown(row_id, row["report_value"])


YEAR = 2015

ROWS = {
    "T01": ("Netto arbeidsparticipatie", "mensen van 15–75 jaar"),
    "T02": ("Werkzaam op hoger beroepsniveau", "werkenden"),
    "T05": ("Ervaren gezondheid niet goed", "volwassenen"),
}


def people_figures(data: PageData) -> pd.DataFrame:
    """Return for each share of which the report also gives people: how its number arises, and on its own group.

    Returns:
        row, title, change (percentage points), inhabitants, product (change times all inhabitants), printed, group,
        group_size (that the report's own share and people imply), on_group (change times that group).
    """
    claims = data.table("claims").set_index("claim_id")
    claimed, rebuilt = claims["claimed"], claims["rebuilt"]
    inhabitants = value(data, KRIMPREGIOS, "inwoners", YEAR)
    rows = []
    for row, (title, group) in ROWS.items():
        change = claimed[f"{row}c"] - claimed[f"{row}a"]
        on_group = float(rebuilt[f"{row}d"])
        rows.append(
            {
                "row": row,
                "title": title,
                "change": change,
                "inhabitants": inhabitants,
                "product": change / 100 * inhabitants,
                "printed": claimed[f"{row}d"],
                "group": group,
                "group_size": 100 * on_group / change,
                "on_group": on_group,
            }
        )
    return pd.DataFrame(rows)
