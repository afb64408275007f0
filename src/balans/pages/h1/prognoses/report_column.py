"""The report's 2025 column: which explanation fits it, and how it did beside no change."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from balans.claims.report_column import EXPLANATIONS, TARGET
from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.h1.prognoses.scores import NO_CHANGE
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import caution, records
from balans.pages.parts.tables import html_table
from balans.words.numbers import NO_VALUE, number, with_unit

WORDS = {
    "linear": "rechte lijn 2005–2015",
    "geometric": "zelfde groeivoet 2005–2015",
    "convergence": "naar de oudste krimpregio's toe",
}

# More beside each other leave no room for the labels at the ends of the lines.
PANELS_IN_A_ROW = 2

SHORT = {"linear": "rechte lijn", "geometric": "groeivoet", "convergence": "oudste drie"}

SOURCE = (
    "Bron: Nederland in balans (2016), hoofdstuk 1; CBS en RIVM, bewerking Nederland in balans. Peiljaar 2015 en 2025."
)


def column_table(data: PageData) -> Table:
    """Return the six rows of the report: its 2025, the explanation that fits best, the outcome, and both errors."""
    column = data.table("report_column")
    cells = [_row(row) for row in records(column)]
    heads = [
        "Cijfer (krimpregio's)",
        "2015",
        f"{TARGET} volgens het rapport",
        "Verklaring die het dichtst komt",
        "Uitkomst",
        "Fout rapport",
        "Fout geen verandering",
    ]
    caption = f"Wat het rapport van {TARGET} verwachtte, en wat er gebeurde"
    html = html_table(pd.DataFrame(cells, columns=heads), caption)
    return Table(html, "rapport-2025-beoordeeld", caption, SOURCE, column)


def _row(row: dict[str, Any]) -> list[str]:
    shown = {key: _text(row[key], row["unit"]) for key in ("krimp_2015", "claimed_2025", "outcome")}
    errors = [_text(row[f"error_{who}"], row["unit"]) for who in ("report", NO_CHANGE)]
    outcome = NO_VALUE if pd.isna(row["outcome"]) else f"{shown['outcome']} ({int(row['outcome_year'])})"
    return [row["title"], shown["krimp_2015"], shown["claimed_2025"], _best(row), outcome, *errors]


def _text(value: float, unit: str) -> str:
    return with_unit(float(value), unit, 1 if unit == "%" else 0)


def _best(row: dict[str, Any]) -> str:
    if not isinstance(row["best"], str):
        return "niet te toetsen"
    return f"{WORDS[row['best']]}: {_text(row[row['best']], row['unit'])} ({'past' if row['fits'] else 'past niet'})"


def column_chart(data: PageData) -> Chart:
    """Return per measured row the report's 2015 and open 2025, the explanations, and the outcome filled."""
    column = data.table("report_column")
    measured = column.dropna(subset="outcome")
    lines = math.ceil(len(measured) / PANELS_IN_A_ROW)
    figure, panels = style.new_figure(0.6 + 3.0 * lines, PANELS_IN_A_ROW, rows=lines)
    for axes, row in zip(panels, records(measured), strict=False):
        _draw(axes, row)
    for axes in panels[len(measured) :]:
        axes.set_visible(False)
    lost = int((measured["closer"] == NO_CHANGE).sum())
    share = f"alle {lost}" if lost == len(measured) else f"{lost} van de {len(measured)}"
    finding = (
        f"Bij {share} cijfers die te volgen zijn, kwam ‘geen verandering’ dichter bij de "
        f"uitkomst dan de verwachting van het rapport voor {TARGET}"
    )
    style.set_finding(figure, finding)
    words = "; ".join(
        f"{row['title']}: rapport {_text(row['claimed_2025'], row['unit'])}, "
        f"uitkomst {_text(row['outcome'], row['unit'])}"
        for row in records(measured)
    )
    return Chart(
        figure, "rapport-2025-en-uitkomst", f"{number(len(measured))} grafieken. {finding}. {words}.", SOURCE, measured
    )


def _draw(axes: Axes, row: dict[str, Any]) -> None:
    start, claimed, outcome = (float(row[key]) for key in ("krimp_2015", "claimed_2025", "outcome"))
    year = float(row["outcome_year"])
    axes.plot([2015, TARGET], [start, start], color=style.NETHERLANDS, linestyle=(0, (1, 2)), linewidth=1.2)
    axes.plot([2015, TARGET], [start, claimed], color=style.OTHER, linewidth=1.4)
    axes.plot([2015, year], [start, outcome], color=style.REGION, linewidth=2)
    axes.plot(TARGET, claimed, "o", color="white", markeredgecolor=style.NETHERLANDS, markersize=8, zorder=4)
    axes.plot([2015, year], [start, outcome], "o", color=style.REGION, markersize=7, zorder=4)
    labels = [(float(TARGET), claimed, "rapport", style.NETHERLANDS), (year, outcome, "uitkomst", style.REGION)]
    labels += _explanations(axes, row)
    high = max(start, claimed, outcome)
    style.label_line_ends(axes, labels, high * 0.075)
    axes.set_ylim(0, high * 1.12)
    axes.set_xlim(2013, 2040)
    axes.set_xticks([2015, TARGET], ["2015", str(TARGET)])
    axes.grid(visible=False, axis="x")
    style.set_unit(axes, "\n".join(textwrap.wrap(f"{row['title']} ({row['unit']})", 44)))
    style.dutch_axis(axes)


def _explanations(axes: Axes, row: dict[str, Any]) -> list[tuple[float, float, str, str]]:
    found = {name: float(row[name]) for name in EXPLANATIONS if not pd.isna(row[name])}
    for height in found.values():
        axes.plot(TARGET, height, "_", color=style.ANTICIPEER, markersize=11, markeredgewidth=2, zorder=3)
    return [(float(TARGET), height, SHORT[name], style.ANTICIPEER) for name, height in found.items()]


def column_words(data: PageData, indicators: dict[str, Indicator]) -> Prose:
    """Return in sentences what fits the column, what does not, and what could not be tested."""
    column = data.table("report_column")
    tested = column.dropna(subset="best")
    fits = [row["title"] for row in records(tested) if row["fits"]]
    misses = [row["title"] for row in records(tested) if not row["fits"]]
    by_best = tested.loc[tested["fits"].astype(bool), "best"]
    best = f"‘{WORDS[by_best.mode().iloc[0]]}’" if len(by_best) else "geen van drie"
    both = [row["title"] for row in records(column.dropna(subset="linear"))]
    missing = _notes(column[column["best"].isna()])
    noted = _notes(tested)
    jumping = [indicators[key] for key in tested["measured"] if indicators[key].caution]
    warned = " ".join(f"{one.title}: {caution(data, one)}" for one in jumping)
    return Prose(
        f"Het rapport geeft voor {number(len(column))} cijfers een verwachting voor {TARGET} en zegt niet hoe die is "
        "gemaakt. Drie verklaringen zijn nagerekend, voor zover er cijfers zijn: de verandering van 2005 tot 2015 gaat "
        "in een rechte lijn door; zij gaat door met dezelfde groeivoet; of alle krimpregio's worden wat de drie die "
        "het langst krimpen in 2015 waren. De eerste twee vragen een cijfer over 2005 en zijn alleen na te rekenen "
        f"bij: {_joined(both)}. Een verklaring past als zij hoogstens de helft van de voorziene verandering naast de "
        f"verwachting zit.\n\nVan de {number(len(tested))} cijfers die zich laten toetsen past {best} bij: "
        f"{_joined(fits)}. Geen verklaring past bij: {_joined(misses)}. Niet te toetsen zijn:\n\n{missing}\n\n"
        "De uitkomst is het cijfer van het rapport voor 2015, met de verandering die sindsdien is gemeten; zo doet een "
        f"verschil in definitie er weinig toe. {warned} Per cijfer:\n\n{noted}"
    )


def _notes(rows: pd.DataFrame) -> str:
    return "\n".join(f"- {row['title']}: {row['note']}" for row in records(rows))


def _joined(names: list[str]) -> str:
    return "; ".join(names) if names else "geen"
