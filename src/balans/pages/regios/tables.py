"""The tables and first lines of one region's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts.output import Prose, Table
from balans.pages.parts.select import (
    cautions,
    compared_with,
    latest_common_year,
    name,
    ratio_text,
    records,
    region,
    series,
    shown,
    source_line,
    value,
)
from balans.pages.parts.tables import html_table
from balans.words.areas import NEDERLAND
from balans.words.numbers import NO_VALUE, number, with_unit

KEY_FIGURES = (
    "inwoners",
    "bevolkingsdichtheid",
    "aandeel_65_plus",
    "huishoudens",
    "woz_waarde",
    "besteedbaar_inkomen",
    "netto_participatie_monitor",
    "hoogopgeleid_monitor",
    "gezondheid_niet_goed",
    "banen_per_1000_inwoners",
)

NOT_COMPARABLE = {"personen", "huishoudens", "woningen", "banen", "km²"}

TYPE_NAMES = {
    "krimp": "krimpregio",
    "anticipeer": "anticipeerregio",
    "province": "provincie",
    "corop": "COROP-gebied",
    "municipality": "gemeente",
    "custom": "zelf samengestelde regio",
}


def lead(data: PageData, region_id: str) -> Prose:
    """Return the first lines of the page: what this is, what stands out, compared with what."""
    this = region(data, region_id)
    line = series(data, region_id, "inwoners")
    year = int(line.index[-1])
    kind = TYPE_NAMES.get(str(this["type"]), "gebied")
    where = f" in {this['province']}" if isinstance(this["province"], str) and this["province"] else ""
    first = (
        f"**{name(data, region_id)}** is een {kind}{where} met {number(line.iloc[-1])} inwoners op 1 januari {year}."
    )
    return Prose(" ".join([first, *_standing_out(data, region_id)]))


def _standing_out(data: PageData, region_id: str) -> list[str]:
    sentences = []
    line, country = series(data, region_id, "inwoners"), series(data, NEDERLAND, "inwoners")
    if 2015 in line.index:
        change, national = (100 * (s.iloc[-1] / s.loc[2015] - 1) for s in (line, country))
        sentences.append(
            f"Sinds 2015 veranderde het aantal inwoners met {with_unit(change, '%', 1, signed=True)}; "
            f"in Nederland was dat {with_unit(national, '%', 1, signed=True)}."
        )
    for indicator, words in (("aandeel_65_plus", "is 65 jaar of ouder"),):
        year = latest_common_year(data, [region_id, NEDERLAND], indicator)
        if year:
            own, other = (value(data, area, indicator, year) for area in (region_id, NEDERLAND))
            sentences.append(
                f"Van de inwoners {words}: {number(own, 1)}%, tegen {number(other, 1)}% in Nederland ({year})."
            )
    year = latest_common_year(data, [region_id, NEDERLAND], "woz_waarde")
    if year:
        share = ratio_text(value(data, region_id, "woz_waarde", year), value(data, NEDERLAND, "woz_waarde", year))
        sentences.append(f"De gemiddelde WOZ-waarde is er {share} van die in Nederland ({year}).")
    return sentences


def warnings(data: PageData, region_id: str) -> Prose | None:
    """Return what a reader must know before using the figures: unchecked members, notes on registration; or None."""
    boxes = []
    if region(data, region_id).get("members_checked") is False:
        boxes.append(
            "```{warning}\nDe lijst van gemeenten in deze anticipeerregio is nog niet vergeleken met de officiële "
            "lijst van 25 juli 2019. De brief van 2018 noemt alleen de naam van de regio.\n```"
        )
    boxes += _estimated(data, region_id)
    boxes += [f"```{{note}}\n{note.text} Bron: {note.source}.\n```" for note in data.notes.itertuples()]
    return Prose("\n\n".join(boxes)) if boxes else None


def _estimated(data: PageData, region_id: str) -> list[str]:
    """Say so if the latest figures rest on municipalities that lie only partly in the region."""
    rows = data.indicators[(data.indicators["region_id"] == region_id) & (data.indicators["status"] == "estimated")]
    if rows.empty:
        return []
    members = data.membership[
        (data.membership["region_id"] == region_id) & data.membership["weight"].between(0.01, 0.99)
    ]
    latest = members[members["year"] == members["year"].max()]
    parts = [f"{number(100 * row['weight'])}% van {name(data, row['gm_code'])}" for row in records(latest)]
    parent = str(region(data, region_id)["parent"])
    return [
        f"```{{note}}\nDe cijfers vanaf {int(rows['year'].min())} zijn geschat. De regio houdt haar grens van 2015, "
        f"maar gemeenten zijn daar overheen samengevoegd: zij bestaat nu grotendeels uit {' en '.join(parts)}. Een "
        f"gemiddelde, zoals de WOZ-waarde, is dan dat van de hele gemeente. Beter te volgen is het grotere geheel: "
        f"{name(data, parent)}.\n```"
    ]


def key_figures(data: PageData, region_id: str, indicators: dict[str, Indicator]) -> Table:
    """Return the latest key figures beside the type of region and the Netherlands."""
    areas = [region_id, *compared_with(data, region_id)]
    rows, numbers = [], []
    for indicator in (indicators[key] for key in KEY_FIGURES):
        year = latest_common_year(data, areas, indicator.id)
        if year is None:
            continue
        values = [value(data, area, indicator.id, year) for area in areas]
        rows.append([indicator.title, str(year), *(shown(figure, indicator) for figure in values)])
        numbers += [(area, indicator.id, year, figure) for area, figure in zip(areas, values, strict=True)]
    columns = ["Kerncijfer", "Jaar", *(name(data, area) for area in areas)]
    frame = pd.DataFrame(rows, columns=columns)
    caption = f"Kerncijfers van {name(data, region_id)}, laatste jaar dat voor alle drie bekend is"
    return _table(data, frame, caption, f"{region_id}-kerncijfers", numbers)


def indicator_table(data: PageData, region_id: str, indicators: dict[str, Indicator]) -> Table:
    """Return every indicator in 2015 and in the latest year, with the level against the Netherlands in both."""
    rows, numbers = [], []
    for indicator in indicators.values():
        if indicator.theme == "bevolkingsgroei":
            continue
        own, country = series(data, region_id, indicator.id), series(data, NEDERLAND, indicator.id)
        common = own.index.intersection(country.index)
        if common.empty:
            continue
        first, last = min(common, key=lambda year: abs(year - 2015)), int(common[-1])
        rows.append(
            [
                indicator.title,
                *_level(own, country, indicator, first),
                *(_level(own, country, indicator, last) if last != first else (NO_VALUE, NO_VALUE)),
            ]
        )
        numbers += [
            (area, indicator.id, year, line[year])
            for area, line in ((region_id, own), (NEDERLAND, country))
            for year in {first, last}
        ]
    columns = [
        "Indicator",
        "2015 of het jaar dat er het dichtst bij ligt",
        "Nederland = 100%",
        "Laatste jaar",
        "Nederland = 100% ",
    ]
    caption = f"Indicatoren van {name(data, region_id)} toen en nu"
    table = _table(data, pd.DataFrame(rows, columns=columns), caption, f"{region_id}-indicatoren", numbers)
    return replace(table, html=table.html + cautions(data, indicators.values()))


def _level(own: pd.Series, country: pd.Series, indicator: Indicator, year: int) -> tuple[str, str]:
    relative = (
        NO_VALUE
        if indicator.unit in NOT_COMPARABLE and indicator.kind == "sum"
        else ratio_text(own[year], country[year])
    )
    return f"{shown(own[year], indicator)} ({year})", relative


def municipality_table(data: PageData, region_id: str, indicators: dict[str, Indicator]) -> Table | None:
    """Return the municipalities of the latest division with a few figures; None for a single municipality."""
    members = data.membership[data.membership["region_id"] == region_id]
    members = members[(members["year"] == members["year"].max()) & (members["weight"] > 0)]
    if len(members) < 2 and (members["weight"] == 1).all():
        return None
    chosen = [indicators[key] for key in ("inwoners", "aandeel_65_plus", "woz_waarde", "besteedbaar_inkomen")]
    years = {item.id: latest_common_year(data, members["gm_code"], item.id) for item in chosen}
    rows, numbers = [], []
    for member in members.sort_values("gm_code").itertuples():
        figures = [(item, years[item.id]) for item in chosen]
        values = [value(data, member.gm_code, item.id, year) if year else float("nan") for item, year in figures]
        share = "geheel" if member.weight == 1 else f"{number(100 * member.weight)}%"
        rows.append(
            [name(data, member.gm_code), share, *(shown(v, item) for v, item in zip(values, chosen, strict=True))]
        )
        numbers += [(member.gm_code, item.id, year, v) for (item, year), v in zip(figures, values, strict=True) if year]
    rows.sort(key=lambda row: row[0])
    columns = ["Gemeente", "Deel van de inwoners in de regio", *(f"{item.title} ({years[item.id]})" for item in chosen)]
    caption = f"Gemeenten van {name(data, region_id)} (indeling {members['year'].max()})"
    return _table(data, pd.DataFrame(rows, columns=columns), caption, f"{region_id}-gemeenten", numbers)


def _table(
    data: PageData, frame: pd.DataFrame, caption: str, output_name: str, numbers: Iterable[tuple[str, str, int, float]]
) -> Table:
    figures = pd.DataFrame(numbers, columns=["region_id", "indicator", "year", "value"])
    source = source_line(data, figures["indicator"], figures["region_id"], figures["year"])
    return Table(html_table(frame, caption), output_name, caption, source, figures)
