"""The report's column of people, recomputed."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import YEAR, people_figures
from balans.pages.parts.select import records, source_line
from balans.pages.parts.tables import html_rows
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import number, with_unit


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
    source = source_line(data, ["inwoners"], [KRIMPREGIOS], [YEAR])
    html = html_rows(columns, rows, caption)
    share = with_unit(100 * figures["group_size"].iloc[0] / figures["inhabitants"].iloc[0], "%", 0)
    alt = f"{caption}. Op de groep zelf: {gaps}. De eerste groep is {share} van alle inwoners."
    return Table(html, "kolom-in-mensen", alt, source, figures)
