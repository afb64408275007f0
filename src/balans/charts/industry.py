"""Figures of chapter 2, part two: the region's own industry, and what lies within reach across the border."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd

from balans.charts import style
from balans.charts.bars import interval_text, text_table
from balans.charts.numbers import NO_VALUE, number, with_unit
from balans.charts.output import Chart, Prose, Table
from balans.charts.select import name, records, series
from balans.publish.scope import PageData

SECTOR_NAMES = {
    "landbouw": "landbouw",
    "nijverheid": "nijverheid en energie",
    "landbouw_nijverheid": "landbouw, nijverheid en energie",
    "commerciele_diensten": "commerciële diensten",
    "niet_commerciele_diensten": "niet-commerciële diensten",
    "handel_horeca": "handel en horeca",
    "vervoer_informatie": "vervoer en informatie",
    "financieel_vastgoed": "financieel en vastgoed",
    "zakelijke_diensten": "zakelijke diensten",
    "cultuur_overig": "cultuur en overig",
}
JOBS = ("landbouw_nijverheid", "commerciele_diensten", "niet_commerciele_diensten")
STANDS_OUT = 1.25
COUNTRY_COLOURS = {"NL": style.NETHERLANDS, "BE": "#E69F00", "DE": "#56B4E9"}
COUNTRY_NAMES = {"NL": "Nederland", "BE": "België", "DE": "Duitsland"}
JOBS_SOURCE = "Bron: CBS (70072ned), bewerking Nederland in balans. Peiljaar 2015."
FIRMS_SOURCE = "Bron: CBS (Kerncijfers wijken en buurten), bewerking Nederland in balans. Peiljaar {}."
REACH_SOURCE = (
    "Bron: Eurostat (demo_r_pjangrp3, nama_10r_3gdp); punten in NUTS 3-gebieden: eigen berekening uit grenzen van "
    "EuroGeographics; bewerking Nederland in balans. Peiljaar {} (bevolking) en {} (bbp)."
)
PAIR = {
    "zuid-limburg-aken-luik": "Zuid-Limburg, Aken en Luik",
    "metropoolregio-amsterdam-corop": "Metropoolregio Amsterdam",
}


def _regions(data: PageData, kind: str) -> list[str]:
    rows = data.regions[data.regions["type"] == kind].sort_values("name")
    return [*rows["region_id"]]


def job_quotients(data: PageData) -> Chart:
    """Return the share of jobs that are in farming, industry and energy, against the Netherlands, with its interval."""
    rows = data.tables["location_quotients"]
    rows = rows[(rows["measure"] == "banen") & (rows["sector"] == "landbouw_nijverheid")]
    kinds = data.regions.set_index("region_id")["type"]
    rows = rows[rows["region_id"].map(kinds).isin(["krimp", "anticipeer"])].assign(kind=rows["region_id"].map(kinds))
    rows = rows.assign(name=[name(data, area) for area in rows["region_id"]]).sort_values("value", ignore_index=True)
    figure, (axes,) = style.new_figure(6.0)
    for position, row in enumerate(records(rows)):
        colour = style.REGION if row["kind"] == "krimp" else style.ANTICIPEER
        axes.plot([row["lower"], row["upper"]], [position, position], color=colour, linewidth=3, alpha=0.45)
        axes.plot(row["value"], position, "o", color=colour, markersize=6)
    axes.set_yticks(range(len(rows)), rows["name"])
    axes.axvline(1, color=style.NETHERLANDS, linewidth=1.5)
    axes.annotate("Nederland", (1, len(rows) - 0.4), ha="center", fontsize=9, annotation_clip=False)
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", decimals=1)
    axes.set_xlabel("Aandeel in de banen, gedeeld door het landelijke (oranje: krimp, blauw: anticipeer)")
    above = rows[(rows["kind"] == "krimp") & (rows["lower"] > 1)]
    finding = (
        f"In {len(above)} van de {int((rows['kind'] == 'krimp').sum())} krimpregio's werken meer mensen dan "
        "gemiddeld in "
        f"landbouw, nijverheid en energie; het meest in {rows[rows['kind'] == 'krimp'].iloc[-1]['name']}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(
        f"{row['name']} {interval_text(row['value'], row['lower'], row['upper'])}" for row in records(rows)
    )
    return Chart(
        figure, "locatiequotient-banen", f"Puntdiagram met intervallen. {finding}. {listed}.", JOBS_SOURCE, rows
    )


def firm_quotients(data: PageData) -> Chart:
    """Return a grid of location quotients of establishments: nine krimp regions and the total, seven sectors."""
    rows = data.tables["location_quotients"]
    rows = rows[rows["measure"] == "vestigingen"]
    year = int(rows["year"].max())
    areas = [*_regions(data, "krimp"), "krimpregios"]
    rows = rows[(rows["year"] == year) & rows["region_id"].isin(areas)]
    grid = rows.pivot(index="region_id", columns="sector", values="value").loc[areas]
    grid = grid[[*grid.T["krimpregios"].sort_values(ascending=False).index]]
    certain = (rows.pivot(index="region_id", columns="sector", values="lower").reindex_like(grid) > 1) | (
        rows.pivot(index="region_id", columns="sector", values="upper").reindex_like(grid) < 1
    )
    figure, (axes,) = style.new_figure(5.0)
    axes.imshow(np.log2(grid.to_numpy()), cmap="RdBu_r", vmin=-1.6, vmax=1.6, aspect="auto")
    for (row, column), value in np.ndenumerate(grid.to_numpy()):
        weight = "bold" if certain.iloc[row, column] else "normal"
        dark = abs(np.log2(value)) > 1.1
        axes.text(
            column,
            row,
            number(value, 2),
            ha="center",
            va="center",
            fontsize=9,
            fontweight=weight,
            color="white" if dark else "black",
        )
    axes.set_xticks(
        range(len(grid.columns)),
        ["\n".join(textwrap.wrap(SECTOR_NAMES[sector], 11)) for sector in grid.columns],
        fontsize=8.5,
    )
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(areas)), [name(data, area) for area in areas])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    cells = rows[rows["region_id"] != "krimpregios"]
    top = records(cells[cells["value"] == cells["value"].max()])[0]
    finding = (
        f"Vestigingen van bedrijven: {SECTOR_NAMES[top['sector']]} is in {name(data, top['region_id'])} "
        f"{number(top['value'], 1)} keer zo sterk als landelijk"
    )
    style.set_finding(figure, finding)
    total = "; ".join(f"{SECTOR_NAMES[str(s)]} {number(v, 2)}" for s, v in grid.T["krimpregios"].items())
    alt = (
        f"Rooster van regio's en bedrijfstakken in {year}; 1 is het landelijke aandeel, vet: buiten het toeval. "
        f"{finding}. Krimpregio's samen: {total}."
    )
    return Chart(figure, "locatiequotient-vestigingen", alt, FIRMS_SOURCE.format(year), rows)


def stands_out(data: PageData) -> Table:
    """Return per region the sectors in which it has at least a quarter more than the country, beyond chance."""
    rows = data.tables["location_quotients"]
    latest = rows[rows["year"] == rows.groupby("measure")["year"].transform("max")]
    latest = latest[(latest["lower"] > 1) & (latest["value"] >= STANDS_OUT)]
    cells = []
    for area in [*_regions(data, "krimp"), *_regions(data, "anticipeer")]:
        own = latest[latest["region_id"] == area]
        texts = []
        for measure in ("banen", "vestigingen"):
            part = own[own["measure"] == measure].sort_values("value", ascending=False)
            names = [
                f"{SECTOR_NAMES[row['sector']]} {interval_text(row['value'], row['lower'], row['upper'], 1)}"
                for row in records(part)
            ]
            texts.append("; ".join(names) or NO_VALUE)
        cells.append([name(data, area), *texts])
    columns = ["Regio", "Banen (2015)", "Vestigingen (2018)"]
    caption = (
        "Waarin elke regio opvalt: minstens een kwart meer dan landelijk, en meer dan toeval en afronding verklaren"
    )
    return text_table(
        cells, columns, caption, "bedrijfstakken-die-opvallen", FIRMS_SOURCE.format("2015 en 2018"), latest
    )


def shift_share_table(data: PageData) -> Table:
    """Return the change of establishments per region, taken apart into country, mix and region."""
    rows = data.tables["shift_share"].set_index("region_id")
    areas = [*_regions(data, "krimp"), "krimpregios", *_regions(data, "anticipeer"), "anticipeerregios"]
    rows = rows.loc[areas].reset_index()
    parts = ["change", "national", "mix", "regional"]
    cells = [
        [
            name(data, row["region_id"]),
            number(row["count"]),
            *(with_unit(100 * row[part] / row["count"], "%", 1, signed=True) for part in parts),
        ]
        for row in records(rows)
    ]
    columns = ["Regio", "Vestigingen 2015", "Verandering", "Landelijk", "Bedrijfstakken", "Regio zelf"]
    caption = "Verandering van het aantal vestigingen 2015–2018, uiteengelegd"
    return text_table(cells, columns, caption, "shift-share", FIRMS_SOURCE.format("2015 en 2018"), rows)


def reach_chart(data: PageData, distance_km: int = 60) -> Chart:
    """Return the inhabitants within reach of each krimp region, by country."""
    rows = data.tables["reach"]
    rows = rows[(rows["distance_km"] == distance_km) & rows["region_id"].isin(_regions(data, "krimp"))]
    wide = (
        rows.pivot(index="region_id", columns="country", values="inhabitants")
        .reindex(columns=["NL", "BE", "DE"])
        .fillna(0)
        / 1e6
    )
    wide = wide.loc[wide.sum(axis=1).sort_values().index]
    figure, (axes,) = style.new_figure(4.4)
    left = np.zeros(len(wide))
    for country in wide.columns:
        axes.barh(
            [name(data, str(area)) for area in wide.index],
            wide[country],
            left=left,
            height=0.7,
            color=COUNTRY_COLOURS[country],
            label=COUNTRY_NAMES[country],
        )
        left += wide[country].to_numpy()
    axes.legend(loc="lower right", frameon=False)
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", decimals=0)
    axes.set_xlabel(f"Inwoners binnen {distance_km} km van het midden van de regio, miljoen")
    abroad = 100 * (wide["BE"] + wide["DE"]) / wide.sum(axis=1)
    most = str(abroad.idxmax())
    finding = (
        f"Wie bij de grens stopt met tellen, mist in {name(data, most)} {number(abroad[most])}% van de mensen binnen "
        f"{distance_km} km; in {int((abroad > 50).sum())} krimpregio's meer dan de helft"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(
        f"{name(data, str(area))} {number(total, 1)} miljoen, waarvan {number(abroad[str(area)])}% over de grens"
        for area, total in wide.sum(axis=1).items()
    )
    source = REACH_SOURCE.format(int(rows["year"].iloc[0]), int(rows["gdp_year"].iloc[0]))
    return Chart(figure, "bereik-over-de-grens", f"Gestapeld staafdiagram. {finding}. {listed}.", source, rows)


def reach_table(data: PageData) -> Table:
    """Return for every region what lies within 30, 60 and 90 km: people, part across the border, growth, product."""
    rows = data.tables["reach"]
    cells, numbers = [], []
    for area in [*_regions(data, "krimp"), *_regions(data, "anticipeer")]:
        for distance in sorted(rows["distance_km"].unique()):
            part = rows[(rows["region_id"] == area) & (rows["distance_km"] == distance)]
            if part.empty:
                cells.append([f"{name(data, area)}, {distance} km", *[NO_VALUE] * 5])
                continue
            sums = part[["inhabitants", "inhabitants_15_75", "inhabitants_first", "gdp"]].sum(skipna=False)
            abroad = part.loc[part["country"] != "NL", "inhabitants"].sum()
            growth = 100 * (sums["inhabitants"] / sums["inhabitants_first"] - 1)
            cells.append(
                [
                    f"{name(data, area)}, {distance} km",
                    number(sums["inhabitants"]),
                    with_unit(100 * abroad / sums["inhabitants"], "%"),
                    with_unit(100 * sums["inhabitants_15_75"] / sums["inhabitants"], "%", 1),
                    with_unit(growth, "%", 1, signed=True),
                    number(sums["gdp"] / 1e3) if pd.notna(sums["gdp"]) else NO_VALUE,
                ]
            )
            numbers.append({"region_id": area, "distance_km": distance, **sums, "abroad": abroad})
    first, last = int(rows["first_year"].iloc[0]), int(rows["year"].iloc[0])
    columns = [
        "Regio en afstand",
        f"Inwoners {last}",
        "Over de grens",
        "15–75 jaar",
        f"Groei {first}–{last}",
        "Bbp, miljard euro",
    ]
    caption = "Mensen en bbp binnen bereik, beide kanten van de grens"
    source = REACH_SOURCE.format(last, int(rows["gdp_year"].iloc[0]))
    return text_table(cells, columns, caption, "bereik-tabel", source, pd.DataFrame(numbers))


def euregio_table(data: PageData) -> Table:
    """Return Zuid-Limburg, Aachen and Liège beside the metropolitan area of Amsterdam, and its Dutch part alone."""
    areas = {**PAIR, "CR39": "Alleen Zuid-Limburg"}
    cells, numbers = [], []
    for area, label in areas.items():
        people, workers, product = (series(data, area, key) for key in ("inwoners_eurostat", "inwoners_15_75", "bbp"))
        product = product.loc[:2020]
        growth = 100 * (people.iloc[-1] / people.iloc[0] - 1)
        share = 100 * workers.iloc[-1] / people.iloc[-1]
        cells.append(
            [
                label,
                number(people.iloc[-1]),
                with_unit(share, "%", 1),
                with_unit(growth, "%", 1, signed=True),
                number(product.iloc[-1] / 1e3),
            ]
        )
        numbers.append(
            {
                "region_id": area,
                "name": label,
                "year": people.index[-1],
                "inhabitants": people.iloc[-1],
                "inhabitants_15_75": workers.iloc[-1],
                "gdp_million_eur": product.iloc[-1],
                "gdp_year": product.index[-1],
            }
        )
    years = series(data, "CR39", "inwoners_eurostat").index
    columns = [
        "Gebied",
        f"Inwoners {years[-1]}",
        "15–75 jaar",
        f"Groei {years[0]}–{years[-1]}",
        "Bbp 2020, miljard euro",
    ]
    caption = "Zuid-Limburg met Aken en Luik naast de Metropoolregio Amsterdam"
    return text_table(cells, columns, caption, "euregio", REACH_SOURCE.format(years[-1], 2020), pd.DataFrame(numbers))


def euregio_sentence(data: PageData) -> Prose:
    """Return whether the claim on Zuid-Limburg, Aachen and Liège holds."""
    people = {area: series(data, area, "inwoners_eurostat") for area in (*PAIR, "CR39")}
    product = {area: series(data, area, "bbp") for area in PAIR}
    own, other = (people[area].iloc[-1] for area in PAIR)
    ratio, money = (
        100 * own / other,
        100 * product["zuid-limburg-aken-luik"][2020] / product["metropoolregio-amsterdam-corop"][2020],
    )
    alike = "ongeveer vergelijkbaar" if 80 <= ratio <= 125 else "niet vergelijkbaar"
    earned = "ook ongeveer vergelijkbaar" if 80 <= money <= 125 else "niet vergelijkbaar"
    return Prose(
        f"Zuid-Limburg, de Städteregion Aken en de provincie Luik tellen samen {number(own / 1e6, 2)} miljoen "
        "inwoners, "
        f"{number(ratio)}% van de Metropoolregio Amsterdam (hier benaderd met zes COROP-gebieden). Naar mensen "
        "zijn de twee "
        f"{alike}; naar wat er wordt verdiend {earned}: het bbp is {number(money)}% van dat van de "
        "metropoolregio. Aan de "
        f"Nederlandse kant alleen woont {number(100 * people['CR39'].iloc[-1] / own)}% van die mensen."
    )
