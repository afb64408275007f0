"""The figures and tables over all regions, for the chapters and the front page."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from balans.errors import UnknownKeyError
from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import (
    cautions,
    latest_common_year,
    name,
    policy_regions,
    records,
    series,
    shown,
    source_line,
    value,
)
from balans.pages.parts.tables import html_table
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, TOTALS
from balans.words.numbers import NO_VALUE, number, with_unit

BASE_YEAR = 2015


COLOURS = {KRIMPREGIOS: style.REGION, ANTICIPEERREGIOS: style.ANTICIPEER, NEDERLAND: style.NETHERLANDS}

TABLE_INDICATORS = (
    "woz_waarde",
    "besteedbaar_inkomen",
    "besteedbaar_inkomen_per_inwoner",
    "netto_participatie_monitor",
    "hoogopgeleid_monitor",
    "gezondheid_niet_goed",
    "aandeel_65_plus",
)


def index_lines(data: PageData, indicator: Indicator, first_year: int = 2012) -> Chart:
    """Return an indicator of the totals as an index (2015 = 100)."""
    lines = {area: series(data, area, indicator.id) for area in TOTALS}
    lines = {area: line[line.index >= first_year] for area, line in lines.items()}
    indexed = {area: 100 * line / line.loc[BASE_YEAR] for area, line in lines.items()}
    figure, (axes,) = style.new_figure(4.2)
    labels = []
    for area, line in indexed.items():
        axes.plot(line.index, line, color=COLOURS[area], marker="o", markersize=3.5)
        labels.append((float(line.index[-1]), float(line.iloc[-1]), name(data, area), COLOURS[area]))
    axes.axhline(100, color="#999999", linewidth=0.8)
    style.set_unit(axes, f"{indicator.title} ({BASE_YEAR} = 100)")
    style.dutch_axis(axes)
    style.year_axis(axes)
    style.label_line_ends(axes, labels, 0.6)
    own, country = indexed[KRIMPREGIOS], indexed[NEDERLAND]
    finding = (
        f"{indicator.title}: krimpregio's {with_unit(own.iloc[-1] - 100, '%', 1, signed=True)} sinds {BASE_YEAR}, "
        f"Nederland {with_unit(country.iloc[-1] - 100, '%', 1, signed=True)}"
    )
    style.set_finding(figure, finding)
    table = pd.DataFrame(
        [{"region_id": area, "year": year, "value": v} for area, line in lines.items() for year, v in line.items()]
    )
    ends = "; ".join(
        f"{name(data, area)} {number(line.iloc[-1], 1)} in {line.index[-1]}" for area, line in indexed.items()
    )
    alt = f"Lijngrafiek met {BASE_YEAR} = 100. {finding}. {ends}."
    return Chart(
        figure,
        f"{indicator.id.replace('_', '-')}-index",
        alt,
        source_line(data, [indicator.id], TOTALS, own.index),
        table,
    )


def change_per_region(data: PageData, indicator: Indicator) -> Chart:
    """Return the change of an indicator since 2015 for each of the 20 regions and the Netherlands, in per cent."""
    regions = policy_regions(data)
    ids = [*regions["region_id"], NEDERLAND]
    last = latest_common_year(data, ids, indicator.id)
    if last is None:
        raise UnknownKeyError(f"The regions have no year in common for {indicator.id}.")
    rows = pd.DataFrame({"region_id": ids, "name": [name(data, area) for area in ids]})
    rows["change"] = [_change(data, area, indicator.id, last) for area in ids]
    rows["type"] = [*regions["type"], "country"]
    rows = rows.sort_values("change").reset_index(drop=True)
    finding = _change_finding(rows, indicator, last)
    figure, (axes,) = style.new_figure(6.6)
    _draw_changes(axes, rows)
    axes.set_xlabel(f"Verandering {BASE_YEAR}–{last}")
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {with_unit(row['change'], '%', 1, signed=True)}" for row in records(rows))
    return Chart(
        figure,
        f"{indicator.id.replace('_', '-')}-per-regio",
        f"Staafdiagram per regio. {finding}. {listed}.",
        source_line(data, [indicator.id], ids, [BASE_YEAR, last]),
        rows.assign(indicator=indicator.id, first_year=BASE_YEAR, last_year=last),
    )


def _change(data: PageData, area: str, indicator: str, last: int) -> float:
    """Return the change since the base year in per cent."""
    return 100 * (value(data, area, indicator, last) / value(data, area, indicator, BASE_YEAR) - 1)


def _draw_changes(axes: Axes, rows: pd.DataFrame) -> None:
    colours = {"krimp": style.REGION, "anticipeer": style.ANTICIPEER, "country": style.NETHERLANDS}
    axes.barh(rows["name"], rows["change"], color=rows["type"].map(colours), height=0.7)
    for position, change in enumerate(rows["change"]):
        side = 1 if change >= 0 else -1
        axes.annotate(
            with_unit(change, "%", 1, signed=True),
            (change, position),
            xytext=(5 * side, 0),
            textcoords="offset points",
            va="center",
            ha="left" if change >= 0 else "right",
            fontsize=9,
        )
    axes.axvline(0, color="#555555", linewidth=1)
    axes.margins(x=0.14)
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", suffix="%")
    labels = {"krimp": "Krimpregio", "anticipeer": "Anticipeerregio", "country": "Nederland"}
    for kind, label in labels.items():
        axes.scatter([], [], marker="s", s=80, color=colours[kind], label=label)
    axes.legend(loc="lower right", frameon=False, fontsize=9.5)


def _change_finding(rows: pd.DataFrame, indicator: Indicator, last: int) -> str:
    krimp = rows[rows["type"] == "krimp"]
    falling = int((krimp["change"] < 0).sum())
    return (
        f"{indicator.title} {BASE_YEAR}–{last}: in {falling} van de {len(krimp)} krimpregio's een daling; "
        f"de grootste in {rows.iloc[0]['name']}"
    )


def relative_level(data: PageData, indicator: Indicator) -> Chart:
    """Return the level of the two types against the Netherlands (= 100) over the years."""
    lines = {area: _against_country(data, area, indicator) for area in (KRIMPREGIOS, ANTICIPEERREGIOS)}
    figure, (axes,) = style.new_figure(3.9)
    labels = []
    for area, line in lines.items():
        axes.plot(line.index, line, color=COLOURS[area], marker="o", markersize=4)
        labels.append((float(line.index[-1]), float(line.iloc[-1]), name(data, area), COLOURS[area]))
    axes.axhline(100, color=style.NETHERLANDS, linewidth=1.6)
    labels.append((float(max(line.index[-1] for line in lines.values())), 100.0, "Nederland", style.NETHERLANDS))
    style.set_unit(axes, f"{indicator.title} (Nederland = 100)")
    style.dutch_axis(axes)
    style.year_axis(axes)
    style.label_line_ends(axes, labels, 1.2)
    own = lines[KRIMPREGIOS]
    first = BASE_YEAR if BASE_YEAR in own.index else own.index[0]
    words = "verder achter" if own.iloc[-1] < own[first] else "iets ingelopen"
    finding = (
        f"{indicator.title}: krimpregio's {words}, van {number(own[first], 1)}% van het Nederlands gemiddelde in "
        f"{first} naar {number(own.iloc[-1], 1)}% in {own.index[-1]}"
    )
    style.set_finding(figure, finding)
    table = pd.DataFrame(
        [
            {"region_id": area, "year": year, "netherlands_100": v}
            for area, line in lines.items()
            for year, v in line.items()
        ]
    )
    return Chart(
        figure,
        f"{indicator.id.replace('_', '-')}-tegenover-nederland",
        f"Lijngrafiek. {finding}.",
        source_line(data, [indicator.id], TOTALS, own.index),
        table,
    )


def _against_country(data: PageData, area: str, indicator: Indicator) -> pd.Series:
    """Return an indicator of an area as a percentage of the Dutch one, in the years that both have."""
    own, country = series(data, area, indicator.id), series(data, NEDERLAND, indicator.id)
    years = own.index.intersection(country.index)
    return 100 * own[years] / country[years]


def indicator_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the indicators that exist so far for the totals: first near 2015 and then the latest year."""
    rows, numbers = [], []
    for indicator in (indicators[key] for key in TABLE_INDICATORS):
        lines = {area: series(data, area, indicator.id) for area in TOTALS}
        common = sorted(set.intersection(*(set(line.index) for line in lines.values())))
        first = min(common, key=lambda year: abs(year - BASE_YEAR))
        cells = []
        for year in (first, common[-1]):
            cells += [shown(lines[area][year], indicator) if year else NO_VALUE for area in TOTALS]
            numbers += [(area, indicator.id, year, lines[area][year]) for area in TOTALS]
        rows.append([f"{indicator.title} ({first} en {common[-1]})", *cells])
    names = [name(data, area) for area in TOTALS]
    columns = ["Indicator", *(f"{area}, toen" for area in names), *(f"{area}, nu" for area in names)]
    figures = pd.DataFrame(numbers, columns=["region_id", "indicator", "year", "value"]).drop_duplicates()
    caption = "Krimpregio's, anticipeerregio's en Nederland: rond 2015 en in het laatste jaar"
    source = source_line(data, figures["indicator"], figures["region_id"], figures["year"])
    html = html_table(pd.DataFrame(rows, columns=columns), caption)
    html += cautions(data, (indicators[key] for key in TABLE_INDICATORS))
    return Table(html, "indicatorentabel", caption, source, figures)


def regions_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the 20 regions with people, land, change and a few levels, to compare them."""
    chosen = [indicators[key] for key in ("aandeel_65_plus", "woz_waarde", "besteedbaar_inkomen")]
    regions = policy_regions(data)
    rows, numbers = [], []
    years = {item.id: latest_common_year(data, regions["region_id"], item.id) for item in chosen}
    for region in records(regions):
        area = region["region_id"]
        people = series(data, area, "inwoners")
        change = _change(data, area, "inwoners", int(people.index[-1]))
        values = [value(data, area, item.id, years[item.id] or 0) for item in chosen]
        cells = [shown(figure, item) for figure, item in zip(values, chosen, strict=True)]
        label = [region["name"], region["type"], number(people.iloc[-1]), with_unit(change, "%", 1, signed=True)]
        rows.append([*label, *cells])
        numbers.append((area, "inwoners", int(people.index[-1]), people.iloc[-1]))
        numbers += [(area, item.id, years[item.id] or 0, v) for item, v in zip(chosen, values, strict=True)]
    last = numbers[0][2]
    heads = [f"{item.title} ({years[item.id]})" for item in chosen]
    columns = ["Regio", "Type", f"Inwoners {last}", f"Sinds {BASE_YEAR}", *heads]
    figures = pd.DataFrame(numbers, columns=["region_id", "indicator", "year", "value"])
    caption = "De twintig krimp- en anticipeerregio's naast elkaar"
    source = source_line(data, figures["indicator"], figures["region_id"], figures["year"])
    return Table(
        html_table(pd.DataFrame(rows, columns=columns), caption), "regios-vergeleken", caption, source, figures
    )
