"""The sections on liveability and facilities of one region's page."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.facilities import FACILITIES, facilities_table
from balans.pages.parts.liveability import (
    CLASSES,
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    TOTAL,
    base_year,
    figure,
    present_year,
    rows_of,
    scores,
    shown_score,
    titles,
)
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import compared_with, name, series
from balans.pages.parts.tables import html_table
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.lists import listed
from balans.words.numbers import NO_VALUE, number

SHOWN_INDICATORS = 12

LESS, MORE = CLASSES[1], CLASSES[5]


def _has_scores(data: PageData, region_id: str) -> bool:
    return region_id in set(data.table("liveability")["region_id"])


def by_dimension(data: PageData, region_id: str) -> Chart | None:
    """Return the official score by dimension beside the type of region and the Netherlands; None without scores."""
    if not _has_scores(data, region_id):
        return None
    areas = [region_id, *compared_with(data, region_id)]
    dimensions = [key for key in titles(data) if key != TOTAL] + [TOTAL]
    table = pd.DataFrame({area: [scores(data, "official", key)[area] for key in dimensions] for area in areas})
    labels = [titles(data)[key] for key in dimensions]
    drawing, (axes,) = style.new_figure(3.9)
    for position, row in table.iterrows():
        axes.hlines(labels[int(str(position))], row.min(), row.max(), color=style.OTHER, linewidth=2)
    for area in reversed(areas):
        axes.plot(table[area], labels, "o", color=_colour(area, region_id), label=name(data, area),
                  markersize=10 if area == region_id else 7, linestyle="none")  # fmt: skip
    axes.axvline(0, color="#999999", linewidth=0.8)
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("Officiële score; hoger is beter")
    style.dutch_axis(axes, "x", 2)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3, frameon=False, fontsize=9.5)
    finding = _dimension_finding(data, region_id)
    style.set_finding(drawing, finding)
    listing = "; ".join(
        f"{label}: {', '.join(f'{name(data, area)} {shown_score(table[area][i])}' for area in areas)}"
        for i, label in enumerate(labels)
    )
    numbers = table.assign(dimension=dimensions).melt("dimension", var_name="region_id", value_name="score")
    return Chart(
        drawing,
        f"{region_id}-leefbaarheid",
        f"Punten per dimensie. {finding}. {listing}.",
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; middeling over gemeenten: Nederland in balans.",
        numbers,
    )


def _colour(area: str, region_id: str) -> str:
    if area == region_id:
        return style.REGION
    if area == NEDERLAND:
        return style.NETHERLANDS
    return style.KRIMP if area == KRIMPREGIOS else style.ANTICIPEER


def _dimension_finding(data: PageData, region_id: str) -> str:
    gaps = {
        key: float(scores(data, "official", key)[region_id] - scores(data, "official", key)[NEDERLAND])
        for key in titles(data)
        if key != TOTAL
    }
    worst = min(gaps, key=lambda key: gaps[key])
    best = max(gaps, key=lambda key: gaps[key])
    total = scores(data, "official", TOTAL)
    first = (
        f"Leefbaarheid in {name(data, region_id)}, officieel: {shown_score(total[region_id])}, "
        f"Nederland {shown_score(total[NEDERLAND])}"
    )
    if gaps[worst] < 0:
        return f"{first}; de grootste achterstand zit in {titles(data)[worst].lower()} ({shown_score(gaps[worst])})"
    return (
        f"{first}; de grootste voorsprong zit in {titles(data)[best].lower()} ({shown_score(gaps[best], signed=True)})"
    )


def index_table(data: PageData, region_id: str) -> Table | None:
    """Return the official score beside our index over the years and ahead, per dimension; None without scores."""
    if not _has_scores(data, region_id):
        return None
    first, now = base_year(data), present_year(data)
    ahead = data.table("liveability")
    ahead = ahead[(ahead["region_id"] == region_id) & (ahead["kind"] == "projection")]
    years = sorted(int(year) for year in ahead["year"].unique())
    rows = []
    for key, title in titles(data).items():
        current = rows_of(data, "index", key)
        cells = [
            shown_score(scores(data, "official", key)[region_id]),
            shown_score(scores(data, "index", key, first)[region_id]),
            f"{shown_score(figure(current, region_id, 'score'))} ({_bounds(current, region_id)})",
            *(_ahead(data, key, year, region_id) for year in years),
            "ja" if _misleads(data, region_id, key) else "nee",
        ]
        rows.append([title, *cells])
    heads = [
        "Dimensie",
        f"Officieel {now}",
        f"Onze index {first}",
        "Onze index nu (80%-interval)",
        *(f"Onze index {year}" for year in years),
        "Zit de index er ver naast?",
    ]
    caption = f"Leefbaarheid in {name(data, region_id)}: officieel en volgens onze index"
    numbers = data.table("liveability")
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        f"{region_id}-leefbaarheid-index",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {now}; {INDEX_SOURCE}, index van Nederland in balans.",
        numbers[numbers["region_id"] == region_id],
    )


def _bounds(table: pd.DataFrame, area: str) -> str:
    return f"{shown_score(figure(table, area, 'lower'))} tot {shown_score(figure(table, area, 'upper'))}"


def _ahead(data: PageData, dimension: str, year: int, area: str) -> str:
    table = rows_of(data, "projection", dimension, year)
    if area not in table.index:
        return NO_VALUE
    score = shown_score(figure(table, area, "score"))
    return f"{score} (stil)" if table.loc[area, "status"] == "held" else score


def _misleads(data: PageData, region_id: str, dimension: str) -> bool:
    table = data.table("liveability_residuals")
    rows = table[(table["region_id"] == region_id) & (table["dimension"] == dimension)]
    return bool(rows["misleads"].any())


def reading(data: PageData, region_id: str) -> Prose | None:
    """Return how to read our index for this area: where it misleads, and what of it is projected; None without."""
    if not _has_scores(data, region_id):
        return None
    wrong = [title.lower() for key, title in titles(data).items() if _misleads(data, region_id, key)]
    parts = [
        "Onze index staat op dezelfde schaal als de officiële score maar is niet de Leefbaarometer; voor het totaal en "
        "voor verandering gelden de officiële scores."
    ]
    if wrong:
        parts.append(f"Voor {name(data, region_id)} zit de index er ver naast bij {listed(wrong)}.")
    table = rows_of(data, "projection", TOTAL)
    if region_id in table.index:
        moved = 100 * float(table.loc[[region_id], "moved"].iloc[0])
        parts.append(
            f"In de projectie beweegt maar {number(moved)}% van het gewicht van het totaal, vooral door het aandeel "
            "65-plussers; “stil” is een dimensie zonder enige projectie."
        )
    else:
        parts.append(
            "Een eigen projectie is er niet: de grens van deze regio loopt dwars door een gemeente van nu, zodat er "
            "geen eigen cijfers meer bij komen."
        )
    return Prose(" ".join(parts))


def contributions(data: PageData, region_id: str) -> Chart | None:
    """Return the indicators that make most of the difference with the Netherlands in our index; None without them."""
    table = data.table("liveability_contributions")
    own = table[table["region_id"] == region_id]
    if own.empty:
        return None
    names = dict(
        zip(
            data.table("liveability_indicators")["indicator"],
            data.table("liveability_indicators")["title"],
            strict=True,
        )
    )
    sums = own.groupby("indicator")["contribution"].sum()
    chosen = sums[sums.abs().sort_values(ascending=False, kind="stable").index[:SHOWN_INDICATORS]].sort_values()
    labels = [names[str(key)] for key in chosen.index]
    drawing, (axes,) = style.new_figure(5.0)
    axes.barh(labels, chosen, color=[MORE if value > 0 else LESS for value in chosen], height=0.7)
    axes.axvline(0, color="#555555", linewidth=1)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("Bijdrage aan het verschil met Nederland in onze totale index")
    style.dutch_axis(axes, "x", 3)
    finding = _contribution_finding(data, region_id, chosen, names)
    style.set_finding(drawing, finding)
    listing = "; ".join(f"{names[str(key)]} {shown_score(value, signed=True)}" for key, value in chosen.items())
    return Chart(
        drawing,
        f"{region_id}-leefbaarheid-bijdragen",
        f"Staafdiagram van {len(chosen)} indicatoren. {finding}. {listing}.",
        f"Bron: {INDEX_SOURCE}, index van Nederland in balans.",
        own[own["indicator"].isin(chosen.index)],
    )


def _contribution_finding(data: PageData, region_id: str, chosen: pd.Series, names: Mapping[str, str]) -> str:
    low, high = (
        f"{_lowered(names[str(chosen.index[i])])} ({shown_score(chosen.iloc[i], signed=True)})" for i in (0, -1)
    )
    parts = [f"de grootste min is {low}"] if chosen.iloc[0] < 0 else []
    parts += [f"de grootste plus {high}"] if chosen.iloc[-1] > 0 else []
    return f"Onze index van {name(data, region_id)} tegenover Nederland: {', '.join(parts)}"


def _lowered(title: str) -> str:
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def facilities(data: PageData, region_id: str, indicators: Mapping[str, Indicator]) -> Table | None:
    """Return mean distances to facilities in 2010, 2015 and 2018 beside the Netherlands; None without figures."""
    return facilities_table(data, indicators, (region_id, NEDERLAND), f"{region_id}-voorzieningen")


def facilities_finding(data: PageData, region_id: str, indicators: Mapping[str, Indicator]) -> Prose | None:
    """Return which facility became further away most, and which is relatively furthest; None without figures."""
    moved, far = {}, {}
    for key in FACILITIES:
        own, country = series(data, region_id, key), series(data, NEDERLAND, key)
        both = own.index.intersection(country.index)
        both = both[both >= base_year(data)]
        if both.empty:
            continue
        far[key] = (float(own[both[-1]] / country[both[-1]]), int(both[-1]))
        if len(both) > 1:
            moved[key] = (float(own[both[-1]] - own[both[0]]), int(both[0]), int(both[-1]))
    if not far:
        return None
    furthest = max(far, key=lambda key: far[key][0])
    ratio, year = far[furthest]
    text = (
        f"{indicators[furthest].title}: {number(ratio, 1)} keer het Nederlands gemiddelde ({year}), het meest van alle "
        f"voorzieningen in de tabel."
    )
    return Prose(f"{text} {_moved_sentence(moved, indicators)}".strip())


def _moved_sentence(moved: Mapping[str, tuple[float, int, int]], indicators: Mapping[str, Indicator]) -> str:
    if not moved:
        return ""
    most = max(moved, key=lambda key: abs(moved[key][0]))
    change, first, last = moved[most]
    words = "groeide" if change > 0 else "kromp"
    title = _lowered(indicators[most].title)
    return f"Het meest veranderde {title}: die {words} {number(abs(change), 2)} km in {first}–{last}."
