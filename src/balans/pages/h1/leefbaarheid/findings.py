"""The findings of the page on liveability: where regions stand, how well the index agrees."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    TOTAL,
    figure,
    present_year,
    rows_of,
    scores,
    shown_score,
    slug,
    titles,
)
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name, series, source_line
from balans.words.areas import KRIMPREGIOS, NEDERLAND, POLICY_TYPES
from balans.words.lists import listed
from balans.words.numbers import number, with_unit

HOSPITAL = "afstand_ziekenhuis_poli"

STRONG, WEAK = 0.85, 0.8  # rank correlations: what the text calls good and weak


def lead(data: PageData, weging: str = "inwoners") -> Prose:
    """Return the first lines: what the scores say now, and how far the index can be trusted."""
    official = scores(data, "official", TOTAL, weging=weging)
    regions = official.reindex(_regions(data)).sort_values()
    rank = figure(_validation(data, "municipality"), TOTAL, "rank_correlation")
    lowest = [f"{name(data, str(area))} ({shown_score(score)})" for area, score in regions.head(2).items()]
    return Prose(
        f"De officiële Leefbaarometer van {present_year(data)} geeft de krimpregio's samen een score van "
        f"**{shown_score(official[KRIMPREGIOS])}**, tegen {shown_score(official[NEDERLAND])} voor heel Nederland "
        f"(gewogen naar {weging}). Het laagst staan {listed(lowest)}. {_deficit(data, weging)} De officiële reeks door "
        "de jaren staat hieronder. Daarnaast zetten wij een eigen index uit open cijfers, die laat zien waar een "
        "score mee "
        "samenhangt. Die index is niet de Leefbaarometer: buiten de steekproef is de rangcorrelatie met de officiële "
        "totaalscore van "
        f"gemeenten {number(rank, 2)}, en niet voor elke regio klopt het beeld."
    )


def _deficit(data: PageData, weging: str) -> str:
    dimensions = [dimension for dimension in titles(data) if dimension != TOTAL]
    by_dimension = {key: scores(data, "official", key, weging=weging)[KRIMPREGIOS] for key in dimensions}
    worst = min(by_dimension, key=lambda key: by_dimension[key])
    positive = [titles(data)[key].lower() for key in dimensions if by_dimension[key] > 0]
    return (
        f"De grootste achterstand van de krimpregio's zit in {titles(data)[worst].lower()} "
        f"({shown_score(by_dimension[worst])}); "
        + (f"boven nul scoren {listed(positive)}." if positive else "geen enkele dimensie scoort er boven nul.")
    )


def _regions(data: PageData) -> list[str]:
    rows = data.regions[data.regions["type"].isin(POLICY_TYPES)]
    return sorted(rows["region_id"])


def _validation(data: PageData, level: str, model: str = "calibrated") -> pd.DataFrame:
    table = data.table("liveability_validation")
    return table[(table["level"] == level) & (table["model"] == model)].set_index("dimension")


def weighting(data: PageData) -> Prose:
    """Return what the choice of weights does to the official score of the krimp regions."""
    people, dwellings = (scores(data, "official", TOTAL, weging=weging) for weging in ("inwoners", "woningen"))
    return Prose(
        "Een score van een regio is het gemiddelde van haar gemeenten, en het gewicht telt mee: gewogen naar inwoners "
        f"komen de krimpregio's op {number(float(people[KRIMPREGIOS]), 4)}, gewogen naar woningen op "
        f"{number(float(dwellings[KRIMPREGIOS]), 4)}. Voor Nederland is dat {number(float(people[NEDERLAND]), 4)} "
        f"en {number(float(dwellings[NEDERLAND]), 4)}."
    )


def agreement(data: PageData, dimension: str) -> Chart:
    """Return official against out-of-sample scores, every municipality a dot, the twenty regions in colour."""
    table = data.table("liveability_residuals")
    table = table[table["dimension"] == dimension].set_index("region_id")[["official", "predicted"]].sort_index()
    places = table[table.index.str.startswith("GM")]
    check = _validation(data, "municipality")
    finding = (
        f"{titles(data)[dimension]}: rangcorrelatie {number(figure(check, dimension, 'rank_correlation'), 2)} tussen "
        f"index en officiële score; {with_unit(100 * figure(check, dimension, 'class_agreement'), '%')} van de "
        "gemeenten in dezelfde klasse"
    )
    drawing, (axes,) = style.new_figure(5.4)
    ends = [float(places["official"].min()), float(places["official"].max())]
    axes.plot(ends, ends, color="#888888", linewidth=1)
    axes.scatter(places["official"], places["predicted"], s=14, color=style.OTHER, label="Gemeenten")
    kinds = dict(zip(data.regions["region_id"], data.regions["type"], strict=True))
    for kind, colour, label in (
        ("anticipeer", style.ANTICIPEER, "Anticipeerregio's"),
        ("krimp", style.REGION, "Krimpregio's"),
    ):
        part = table[[kinds.get(area) == kind for area in table.index]]
        axes.scatter(part["official"], part["predicted"], s=42, color=colour, edgecolor="white", label=label)
    axes.set_xlabel(f"Officiële score {present_year(data)}")
    style.set_unit(axes, "Index, voorspeld zonder de eigen provincie; op de lijn zijn beide gelijk")
    decimals = 2
    style.dutch_axis(axes, "x", decimals)
    style.dutch_axis(axes, "y", decimals)
    axes.legend(loc="upper left", frameon=False, fontsize=9.5)
    style.set_finding(drawing, finding)
    return Chart(
        drawing,
        f"leefbaarheid-overeenstemming-{slug(dimension)}",
        f"Puntenwolk van {number(len(places))} gemeenten en de twintig regio's. {finding}.",
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; {INDEX_SOURCE}.",
        table.reset_index(),
    )


def trust(data: PageData) -> Prose:
    """Return where the index can be used and where the official score must be."""
    places, regions = _validation(data, "municipality"), _validation(data, "region")
    strong = [
        _with_rank(data, places, key) for key in titles(data) if figure(places, key, "rank_correlation") >= STRONG
    ]
    weak = [_with_rank(data, places, key) for key in titles(data) if figure(places, key, "rank_correlation") < WEAK]
    ours, official = (scores(data, kind, TOTAL)[KRIMPREGIOS] for kind in ("index", "official"))
    kind = "te vriendelijk" if ours > official else "te streng"
    unseen = data.table("liveability_residuals")
    unseen = unseen[unseen["dimension"] == TOTAL].set_index("region_id")
    return Prose(
        f"Per gemeente ordent de index goed: {listed(strong)}. Zwak is "
        f"{listed(weak) if weak else 'geen enkele dimensie'}, waarvoor bos, geluid, monumenten en risico's in de open "
        "cijfers ontbreken. Voor de twintig regio's ligt de rangcorrelatie van het totaal maar op "
        f"{number(figure(regions, TOTAL, 'rank_correlation'), 2)}, en voor de krimpregio's samen is de index {kind}: "
        f"{shown_score(ours)} tegen officieel {shown_score(official)} (buiten de steekproef "
        f"{shown_score(figure(unseen, KRIMPREGIOS, 'predicted'))}). **Gebruik voor het totaal van een regio daarom "
        "de officiële score**, en voor verandering de officiële reeks. De index laat zien welke open cijfers bij een "
        "hoge "
        "of lage score horen."
    )


def _with_rank(data: PageData, table: pd.DataFrame, dimension: str) -> str:
    return f"{titles(data)[dimension].lower()} ({number(figure(table, dimension, 'rank_correlation'), 2)})"


def projection_note(data: PageData, year: int) -> Prose:
    """Return how little of the index is projected, and which regions have no projection of their own."""
    rows = rows_of(data, "projection", TOTAL, year)
    moved = with_unit(100 * float(rows["moved"].iloc[0]), "%")
    held = [key for key in titles(data) if rows_of(data, "projection", key, year)["status"].eq("held").all()]
    known = [area for area in _regions(data) if area not in rows.index]
    names = [name(data, area) for area in known]
    without = (
        f" {listed(names)} {'heeft' if len(names) == 1 else 'hebben'} geen eigen projectie: haar grens loopt "
        "dwars door een gemeente van nu, zodat er geen eigen cijfers meer bij komen."
        if names
        else ""
    )
    return Prose(
        "De index schuift mee met de [gepubliceerde projecties](../verantwoording/methode.md) van de indicatoren die "
        f"erin zitten. Dat is weinig: {moved} van het gewicht van het totaal heeft een projectie. "
        f"{_held_words(data, held)} Wat beweegt, is vooral het aandeel 65-plussers, dat in de Leefbaarometer "
        "samengaat met minder overlast; daarom stijgt de index waar de bevolking ouder wordt. Het interval telt de "
        "onzekerheid van de projectie en die van de index bij elkaar op, maar niet wat er met de stilstaande cijfers "
        f"kan gebeuren. Lees de kaart dus als: meer dan dit zeggen de open cijfers niet over {year}.{without}"
    )


def _held_words(data: PageData, held: list[str]) -> str:
    names = [titles(data)[key] for key in held]
    if not names:
        return "Geen dimensie staat helemaal stil."
    return f"{listed(names)} {'staat' if len(names) == 1 else 'staan'} helemaal stil."


def hospital(data: PageData, indicators: dict[str, Indicator]) -> Prose:
    """Return how the mean distance to a hospital moved in the krimp regions and the Netherlands."""
    own, country = (series(data, area, HOSPITAL) for area in (KRIMPREGIOS, NEDERLAND))
    first, last = int(own.index[0]), int(own.index[-1])
    title = indicators[HOSPITAL].title
    return Prose(
        f"{title}: gemiddeld {number(own[first], 2)} km in de krimpregio's in {first} en {number(own[last], 2)} km in "
        f"{last}; in Nederland {number(country[first], 2)} en {number(country[last], 2)} km. Dit is de afstand over "
        "de weg tot een ziekenhuis of buitenpolikliniek, gewogen naar inwoners. "
        + source_line(data, [HOSPITAL], [KRIMPREGIOS, NEDERLAND], [first, last])
    )
