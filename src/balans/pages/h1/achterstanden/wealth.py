"""Wealth and debt of households."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name, series, source_line
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import number

WEALTH, DEBT = "mediaan_vermogen", "schuld_per_huishouden"
COLOURS = {KRIMPREGIOS: style.REGION, NEDERLAND: style.NETHERLANDS}


def wealth(data: PageData) -> Chart:
    """Return the median wealth of households in the krimp regions and the Netherlands."""
    table = pd.DataFrame({area: series(data, area, WEALTH) for area in COLOURS})
    figure, (axes,) = style.new_figure(3.7)
    labels = []
    for area, colour in COLOURS.items():
        axes.plot(table.index, table[area] / 1000, "o-", color=colour, markersize=4)
        labels.append((float(table.index[-1]), float(table[area].iloc[-1]) / 1000, name(data, area), colour))
    axes.set_ylim(bottom=0)
    style.label_line_ends(axes, labels, 5)
    style.set_unit(axes, "Gemiddelde van de medianen van gemeenten, × 1.000 euro")
    style.dutch_axis(axes)
    style.year_axis(axes)
    first, last = int(table.index[0]), int(table.index[-1])
    ratio = 100 * table[KRIMPREGIOS] / table[NEDERLAND]
    finding = (
        f"Vermogen van huishoudens in de krimpregio's: in {first} nog {number(ratio[first])}% van het Nederlandse, "
        f"in {last} {number(ratio[last])}%"
    )
    style.set_finding(figure, finding)
    source = source_line(data, [WEALTH], [*COLOURS], table.index)
    return Chart(figure, "vermogen", f"Lijngrafiek. {finding}.", source, table.rename_axis("year").reset_index())


def debt(data: PageData) -> Prose:
    """Return the mean debt of households beside that of the country."""
    own, country = (series(data, area, DEBT) for area in (KRIMPREGIOS, NEDERLAND))
    last = int(own.index[-1])
    return Prose(
        f"De schuld per huishouden is er lager: gemiddeld € {number(own[last])} in {last}, tegen € "
        f"{number(country[last])} "
        "in Nederland. Beide passen bij goedkopere woningen: wie minder hoeft te lenen, bouwt ook minder overwaarde op "
        "als "
        "de prijzen elders sneller stijgen. Een gemiddelde van medianen is geen mediaan van de regio; de vergelijking "
        "met "
        "Nederland is op dezelfde manier gemaakt."
    )
