"""People and product within reach, across the border too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from balans.pages.data import PageData
from balans.pages.h2.cijfers.industry import _regions
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import name, series
from balans.words.numbers import NO_VALUE, number, with_unit

COUNTRY_COLOURS = {"NL": style.NETHERLANDS, "BE": "#E69F00", "DE": "#56B4E9"}

COUNTRY_NAMES = {"NL": "Nederland", "BE": "België", "DE": "Duitsland"}

REACH_SOURCE = (
    "Bron: Eurostat (demo_r_pjangrp3, nama_10r_3gdp); punten in NUTS 3-gebieden: eigen berekening uit grenzen van "
    "EuroGeographics; bewerking Nederland in balans. Peiljaar {} (bevolking) en {} (bbp)."
)

PAIR = {
    "zuid-limburg-aken-luik": "Zuid-Limburg, Aken en Luik",
    "metropoolregio-amsterdam-corop": "Metropoolregio Amsterdam",
}


def reach_chart(data: PageData, distance_km: int = 60) -> Chart:
    """Return the inhabitants within reach of each krimp region, by country."""
    rows = data.table("reach")
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
    rows = data.table("reach")
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
