"""Work, education and health in a region: each a line beside its kind and the Netherlands, and a sentence about people."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
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
        "De reeks is door CBS herzien en ligt hoger dan die waarmee het rapport rekende; verschillen en veranderingen zijn "
        "te vergelijken. In het landelijke cijfer ontbreken Amsterdam en Voorne aan Zee.",
    ),
    "hoogopgeleid_monitor": (
        "inwoners van 15 tot 75 jaar",
        ("hadden", "een diploma van hbo of universiteit"),
        "Dat is opleiding, niet het beroepsniveau waarover het rapport spreekt; daarvan is per regio geen open cijfer. Het is een "
        "steekproef: in kleine gemeenten springt het aandeel van jaar tot jaar.",
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
    style.set_unit(axes, f"{indicator.title} (%; de as begint niet bij nul)")
    style.dutch_axis(axes)
    finding = _finding(data, region_id, indicator, own, country)
    style.set_finding(figure, finding)
    warned = caution(data, indicator)
    alt = " ".join(["Lijngrafiek.", f"{finding}.", _compare_sentence(data, lines, indicator.unit), warned]).strip()
    source = source_line(data, [indicator.id], areas, own.index)
    return Chart(
        figure, f"{region_id}-{indicator.id.replace('_', '-')}", alt, source, _long(data, lines, indicator.id)
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
    if own.loc[[first, last], "coverage"].eq(1).all() and own.loc[last, "denominator"] > 1:
        people, before = (own.loc[year, "value"] / 100 * own.loc[year, "denominator"] for year in (last, first))
        change = people - before
        words = "meer" if change >= 0 else "minder"
        told = (
            f"In {last} {verb} ongeveer {number(round(people, -2))} {group} {what}, "
            f"{number(abs(round(change, -2)))} {words} dan in {first}."
        )
        parts.insert(0, told)
    return Prose(" ".join(part for part in parts if part))
