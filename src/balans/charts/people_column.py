"""The report's column in people: what was multiplied by what, beside the group that a share is a share of."""

from __future__ import annotations

import pandas as pd

from balans.charts.numbers import number, with_unit
from balans.charts.output import Table
from balans.charts.select import records, source_line, value
from balans.charts.tables import html_rows
from balans.publish.scope import PageData

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
    claims = data.tables["claims"].set_index("claim_id")
    claimed, rebuilt = claims["claimed"], claims["rebuilt"]
    inhabitants = value(data, "krimpregios", "inwoners", YEAR)
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


def people_column(data: PageData) -> Table:
    """Return the table of :func:`people_figures` as a page shows it."""
    figures = people_figures(data)
    rows = [
        [
            one["title"],
            f"{number(one['change'], 1, signed=True)} procentpunt",
            number(one["product"], signed=True),
            number(one["printed"], signed=True),
            f"{number(one['group_size'])} {one['group']}",
            number(one["on_group"], signed=True),
        ]
        for one in records(figures)
    ]
    columns = [
        "Indicator",
        "Verandering 2015–2025 in het rapport",
        f"Maal alle {number(figures['inhabitants'].iloc[0])} inwoners",
        "Gedrukt in het rapport",
        "Groep waar het aandeel over gaat",
        "Maal die groep",
    ]
    gaps = "; ".join(f"{one['title']} {number(one['on_group'], signed=True)}" for one in records(figures))
    caption = "De aantallen mensen voor 2025: maal alle inwoners, en maal de groep zelf"
    source = source_line(data, ["inwoners"], ["krimpregios"], [YEAR])
    html = html_rows(columns, rows, caption)
    share = with_unit(100 * figures["group_size"].iloc[0] / figures["inhabitants"].iloc[0], "%", 0)
    alt = f"{caption}. Op de groep zelf: {gaps}. De eerste groep is {share} van alle inwoners."
    return Table(html, "kolom-in-mensen", alt, source, figures)
