"""Why the number of inhabitants changed: births and deaths, moves, migration."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from balans.pages.data import PageData
from balans.pages.h1.achterstanden.economy import WITHOUT
from balans.pages.parts import style
from balans.pages.parts.output import Chart
from balans.pages.parts.select import source_line
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import number

PARTS = {
    "natural_increase": ("Geboorte min sterfte", style.NATURAL),
    "domestic_migration": ("Verhuizingen binnen Nederland", style.DOMESTIC),
    "foreign_migration": ("Buitenlandse migratie", style.FOREIGN),
}

COMPONENTS = ("natuurlijke_aanwas", "binnenlands_migratiesaldo", "buitenlands_migratiesaldo", "bevolkingsgroei")


def population_account(data: PageData) -> Chart:
    """Return what changed the number of inhabitants, with and without Oost-Groningen, as bars per component."""
    table = data.table("population_account").set_index("region_id").loc[[KRIMPREGIOS, WITHOUT]]
    first, last = int(table["first_year"].iloc[0]), int(table["last_year"].iloc[0])
    natural, abroad, growth = (
        number(table[part].iloc[0], signed=True) for part in ("natural_increase", "foreign_migration", "growth")
    )
    finding = (
        f"Krimpregio's {first}–{last}: geboorte min sterfte {natural}, buitenlandse migratie {abroad}; samen met de "
        f"verhuizingen {growth} inwoners"
    )
    figure, axes = style.new_figure(3.6, 2)
    titles = ("Alle krimpregio's", "Zonder Oost-Groningen")
    limit = 1.45 * float(table[list(PARTS)].abs().to_numpy().max())
    for one, area, title in zip(axes, (KRIMPREGIOS, WITHOUT), titles, strict=True):
        _draw_account(one, table.loc[[area]].iloc[0], title, limit)
    axes[1].set_yticklabels([])
    style.set_finding(figure, finding)
    alt = f"Twee staafdiagrammen. {finding}. Zonder Oost-Groningen: {_parts(table.loc[[WITHOUT]].iloc[0])}."
    source = source_line(data, COMPONENTS, [KRIMPREGIOS, "oost-groningen"], range(first, last + 1))
    note = " Buitenlandse migratie is met het saldo van administratieve correcties."
    return Chart(figure, "bevolking-verklaard", alt, source + note, table.reset_index())


def _draw_account(axes: Axes, row: pd.Series, title: str, limit: float) -> None:
    labels = [label.replace(" binnen", "\nbinnen").replace("e migratie", "e\nmigratie") for label, _ in PARTS.values()]
    values, colours = [float(row[key]) for key in PARTS], [colour for _, colour in PARTS.values()]
    bars = [*values, float(row["growth"])]
    axes.barh([*labels, "Samen"], bars, color=[*colours, style.REGION], height=0.65)
    for position, change in enumerate(bars):
        axes.annotate(
            number(change, signed=True),
            (change, position),
            xytext=(5 if change >= 0 else -5, 0),
            textcoords="offset points",
            va="center",
            ha="left" if change >= 0 else "right",
            fontsize=9,
        )
    axes.invert_yaxis()
    axes.set_xlim(-limit, limit)
    axes.axvline(0, color="#555555", linewidth=1)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(style.few_ticks())
    style.dutch_axis(axes, "x")
    style.set_unit(axes, f"{title}: mensen")


def _parts(row: pd.Series) -> str:
    parts = [f"{label.lower()} {number(float(row[key]), signed=True)}" for key, (label, _) in PARTS.items()]
    return f"{', '.join(parts)}, samen {number(float(row['growth']), signed=True)}"
