"""Which choice of the makers moves the index most."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.h1.leefbaarheid.findings import _regions, _validation
from balans.pages.h1.leefbaarheid.validation import CHOICES
from balans.pages.parts import style
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    figure,
    municipal,
    present_year,
    rows_of,
    scores,
    shown_score,
    slug,
    titles,
)
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name
from balans.words.numbers import number, with_unit


def choices(data: PageData, dimension: str) -> Chart:
    """Return the interval of the regions' scores over all choices, with the published and the official score."""
    rows = rows_of(data, "index", dimension).reindex(_regions(data)).sort_values("score")
    official = scores(data, "official", dimension).reindex(rows.index)
    labels = [name(data, str(area)) for area in rows.index]
    drawing, (axes,) = style.new_figure(6.4)
    axes.hlines(labels, rows["choices_lower"], rows["choices_upper"], color=style.OTHER, linewidth=6)
    axes.plot(rows["score"], labels, "o", color=style.REGION, markersize=7, label="Onze index")
    axes.plot(official, labels, "D", color=style.NETHERLANDS, markerfacecolor="white", markersize=6, label="Officieel")
    axes.plot([], [], color=style.OTHER, linewidth=6, label="80% van alle keuzes")
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", 2)
    axes.legend(loc="lower right", frameon=False, fontsize=9.5)
    finding = _choices_finding(data, dimension)
    style.set_finding(drawing, finding)
    ends = "; ".join(
        f"{label} {shown_score(low)} tot {shown_score(high)}"
        for label, low, high in zip(labels, rows["choices_lower"], rows["choices_upper"], strict=True)
    )
    columns = ["score", "choices_lower", "choices_upper", "rank", "rank_lower", "rank_upper"]
    return Chart(
        drawing,
        f"leefbaarheid-keuzes-{slug(dimension)}",
        f"Punten met een balk per regio. {finding}. {ends}.",
        f"Bron: {INDEX_SOURCE}; {OFFICIAL_SOURCE}, {present_year(data)}.",
        rows[columns].assign(official=official).reset_index(),
    )


def _choices_finding(data: PageData, dimension: str) -> str:
    table = data.table("liveability_sensitivity")
    chosen = table[(table["dimension"] == dimension) & (table["option"] == "all")]
    shares = chosen.set_index("choice")["first_order"]
    most = str(shares.idxmax())
    return (
        f"{titles(data)[dimension]}: {CHOICES[most][0]} het meest uit: alleen al "
        f"{with_unit(100 * float(shares.max()), '%')} van de spreiding tussen de trekkingen"
    )


def sensitivity_note(data: PageData, dimension: str) -> Prose:
    """Return what equal weights would do, against the calibrated ones."""
    table = data.table("liveability_sensitivity")
    table = table[(table["dimension"] == dimension) & (table["choice"] == "weights")].set_index("option")
    equal, ours = (
        figure(_validation(data, "municipality", model), dimension, "rank_correlation")
        for model in ("equal", "calibrated")
    )
    places = len(municipal(scores(data, "official", dimension)))
    return Prose(
        f"Met gelijke gewichten verschuift een gemeente gemiddeld {number(figure(table, 'equal', 'rank_shift'))} van "
        f"de {number(places)} plaatsen; met geijkte gewichten, en alle andere keuzes willekeurig, "
        f"{number(figure(table, 'calibrated', 'rank_shift'))}. Gelijke gewichten halen bij "
        f"{titles(data)[dimension].lower()} een rangcorrelatie van {number(equal, 2)} met de officiële score, geijkte "
        f"{number(ours, 2)}."
    )
