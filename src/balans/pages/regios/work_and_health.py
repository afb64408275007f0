"""Work, education and health in a region: a line beside its kind and the Netherlands, and a sentence of people."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from balans.indicators.catalogue import Caution, Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import caution, compared_with, name, series, source_line
from balans.pages.regios.compared import BASE_YEAR, _compare_sentence, _draw_lines, _long
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit

# Per indicator: of whom, what they have or say, and what a reader must know besides.
WORDS = {
    "netto_participatie_monitor": (
        "inwoners van 15 tot 75 jaar",
        ("hadden", "betaald werk"),
        "De reeks is door CBS herzien en ligt hoger dan die waarmee het rapport rekende; verschillen en veranderingen "
        "zijn te vergelijken. In het landelijke cijfer ontbreken Amsterdam en Voorne aan Zee.",
    ),
    "hoogopgeleid_monitor": (
        "inwoners van 15 tot 75 jaar",
        ("hadden", "een diploma van hbo of universiteit"),
        "Dat is opleiding, niet het beroepsniveau waarover het rapport spreekt; daarvan is per regio geen open cijfer. "
        "Het is een steekproef: in kleine gemeenten springt het aandeel van jaar tot jaar.",
    ),
    "gezondheid_niet_goed": (
        "inwoners van 18 jaar of ouder",
        ("noemden", "de eigen gezondheid niet goed"),
        "Het zijn modelschattingen uit een vragenlijst.",
    ),
}


def trend(data: PageData, region_id: str, indicator: Indicator) -> Chart | None:
    """Return an indicator over the years with the gap to the Netherlands as its finding; None without two years."""
    areas = [region_id, *compared_with(data, region_id)]
    lines = {area: series(data, area, indicator.id) for area in areas}
    own, country = lines[region_id], lines[NEDERLAND]
    common = own.index.intersection(country.index)
    if len(common) < 2:
        return None
    figure, (axes,) = style.new_figure(3.8)
    _draw_lines(data, axes, lines, region_id)
    axes.margins(y=0.15)
    if indicator.caution:
        _mark_jump(axes, indicator.caution)
    style.set_unit(axes, f"{indicator.title} (%; de as begint niet bij nul)")
    style.dutch_axis(axes)
    finding = _finding(data, region_id, indicator, own, country)
    style.set_finding(figure, finding)
    warned = caution(data, indicator)
    alt = " ".join(["Lijngrafiek.", f"{finding}.", _compare_sentence(data, lines, indicator.unit), warned]).strip()
    source = source_line(data, [indicator.id], areas, own.index)
    return Chart(figure, f"{region_id}-{indicator.id.replace('_', '-')}", alt, source, _long(data, lines, indicator.id))


def _mark_jump(axes: Axes, jump: Caution) -> None:
    """Shade the years of a jump in the whole country, so that nobody reads it as the region's own."""
    axes.axvspan(jump.first, jump.last, color=style.OTHER, alpha=0.35, linewidth=0)
    axes.annotate(
        "sprong in heel Nederland",
        ((jump.first + jump.last) / 2, 0.02),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        fontsize=8.5,
        color="#555555",
    )


def _finding(data: PageData, region_id: str, indicator: Indicator, own: pd.Series, country: pd.Series) -> str:
    first, last = _ends(own, country)
    gaps = [number(own[year] - country[year], 1, signed=True) for year in (first, last)]
    went = f"ging van {gaps[0]} naar {gaps[1]} procentpunt" if gaps[0] != gaps[1] else f"bleef {gaps[0]} procentpunt"
    return (
        f"{indicator.title} in {name(data, region_id)}: {with_unit(own[first], '%', 1)} in {first}, "
        f"{with_unit(own[last], '%', 1)} in {last}; het verschil met Nederland {went}"
    )


def _ends(own: pd.Series, country: pd.Series) -> tuple[int, int]:
    """The report's year, or the nearest before it, else the first there is; and the last year of both."""
    common = own.index.intersection(country.index)
    until = [int(year) for year in common if year <= BASE_YEAR]
    return (max(until) if until else int(common[0])), int(common[-1])


def sentence(data: PageData, region_id: str, indicator: Indicator) -> Prose | None:
    """Return how many people a share is, then and now, and what must be known; None where no people can be counted."""
    rows = data.indicators
    own = rows[(rows["region_id"] == region_id) & (rows["indicator"] == indicator.id)].set_index("year").sort_index()
    if len(own) < 2:
        return None
    first, last = _ends(own["value"], series(data, NEDERLAND, indicator.id))
    group, (verb, what), known = WORDS[indicator.id]
    parts = [known, caution(data, indicator)]
    counted = {year: _people(own.loc[[year]]) for year in (first, last)}
    people, before = counted[last], counted[first]
    if people is not None and before is not None:
        words = "meer" if people >= before else "minder"
        told = (
            f"In {last} {verb} ongeveer {number(round(people, -2))} {group} {what}, "
            f"{number(round(abs(people - before), -2))} {words} dan in {first}."
        )
        parts.insert(0, told)
    return Prose(" ".join(part for part in parts if part))


def _people(row: pd.DataFrame) -> float | None:
    """The people behind a share, None where not every municipality is counted or the source gives the share alone."""
    share, of, coverage = (float(row[column].iloc[0]) for column in ("value", "denominator", "coverage"))
    return share / 100 * of if coverage == 1 and of > 1 else None
