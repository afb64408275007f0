"""The report's indicator table as pages write it: its rows, cells, gaps and people, all out of ``report_table``."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.select import records, value
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import NO_VALUE, number, with_unit

SOURCE = (
    "Bron: CBS (Regionale Monitor Brede Welvaart, 70072ned, Kerncijfers wijken en buurten), RIVM, GGD en CBS "
    "(50150NED), DUO en het rapport van 2016; bewerking Nederland in balans. Peiljaar in de cel."
)
YEAR = 2015


def rows(table: pd.DataFrame) -> dict[str, str]:
    """Return the ids of the rows with their titles, in the order of the report."""
    first = table[table["variant"] == "primary"].drop_duplicates("row_id")
    return dict(zip(first["row_id"], first["title"], strict=True))


def figure(table: pd.DataFrame, row_id: str, region_id: str, moment: str, variant: str = "primary") -> pd.Series | None:
    """Return one row of ``report_table``, None if there is none."""
    chosen = table[
        (table["row_id"] == row_id)
        & (table["variant"] == variant)
        & (table["region_id"] == region_id)
        & (table["moment"] == moment)
    ]
    return None if chosen.empty else chosen.iloc[0]


def shown(unit: str, value: float) -> str:
    """Return a value of a row as the table shows it: whole euros, or one decimal per cent."""
    return with_unit(value, unit, 1 if unit == "%" else 0)


def cell(table: pd.DataFrame, row_id: str, region_id: str, moment: str, variant: str = "primary") -> str:
    """Return our own value with its year, an en dash if there is none."""
    row = figure(table, row_id, region_id, moment, variant)
    if row is None or pd.isna(row["value"]):
        return NO_VALUE
    return f"{shown(row['unit'], row['value'])} ({row['year']})"


def reported(table: pd.DataFrame, row_id: str, region_id: str, moment: str) -> str:
    """Return the report's own value, an en dash if it gives none."""
    row = figure(table, row_id, region_id, moment)
    return NO_VALUE if row is None else shown(row["unit"], row["report_value"])


def gap_text(row: pd.Series | None, column: str = "gap") -> str:
    """Return a gap to the Netherlands: points with their sign, or per cent of the Dutch value for money."""
    if row is None or pd.isna(row[column]):
        return NO_VALUE
    return with_unit(row[column], "%", 1) if row["compare"] == "ratio" else f"{number(row[column], 1, signed=True)} pp"


def change_text(before: pd.Series | None, after: pd.Series | None, column: str = "value") -> str:
    """Return how a value changed between two rows: points for a share, per cent for money."""
    if before is None or after is None or pd.isna(before[column]) or pd.isna(after[column]):
        return NO_VALUE
    if before["compare"] == "ratio":
        return with_unit(100 * (after[column] / before[column] - 1), "%", 1, signed=True)
    return f"{number(after[column] - before[column], 1, signed=True)} pp"


def people_text(row: pd.Series | None) -> str:
    """Return the people of a share with their year; an en dash where not every municipality is counted."""
    return NO_VALUE if row is None or pd.isna(row["people"]) else f"{number(row['people'])} ({row['year']})"


def people_figures(data: PageData) -> pd.DataFrame:
    """Return for each share of which the report also gives people: how its number arises, and on its own group.

    Only shares of which the ledger has recomputed the change on the group itself.

    Returns:
        row, claim, title, change (percentage points), inhabitants, product (change times all inhabitants), printed,
        group, group_size (that the report's own share and people imply), on_group (change times that group).
    """
    table, claims = data.table("report_table"), data.table("claims").set_index("claim_id")
    inhabitants = value(data, KRIMPREGIOS, "inwoners", YEAR)
    own = table[
        (table["region_id"] == KRIMPREGIOS) & (table["variant"] == "primary") & (table["people_claim_id"] != "")
    ]
    made = []
    for later in records(own[own["moment"] == "report_later"]):
        base = own[(own["row_id"] == later["row_id"]) & (own["moment"] == "base")].iloc[0]
        change = later["report_value"] - base["report_value"]
        on_group = float(claims.loc[later["people_claim_id"], "rebuilt"])
        made.append(
            {
                "row": later["row_id"],
                "claim": later["people_claim_id"],
                "title": later["title"],
                "change": change,
                "inhabitants": inhabitants,
                "product": change / 100 * inhabitants,
                "printed": later["report_people"],
                "group": base["row_people_of"],
                "group_size": 100 * on_group / change,
                "on_group": on_group,
            }
        )
    return pd.DataFrame(made).dropna(subset="on_group").reset_index(drop=True)
