"""Value of dwellings, product, commuting, and how indicators go together."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import name, records, series, source_line
from balans.pages.parts.tables import html_rows
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import NO_VALUE, number, with_unit

WITHOUT = "krimpregios-zonder-oost-groningen"

CHOICES = {
    "corop-rapport": "De zeven COROP-gebieden van het rapport",
    "corop-rapport-zonder-overig-groningen": "Zes gebieden, zonder Overig Groningen",
    "naar-inwoners-verdeeld": "Zeven gebieden, naar het deel van de inwoners in een krimpregio",
}


def woz_level_and_gap(data: PageData) -> Chart:
    """Return the WOZ value in the krimp regions in euro, with the report's 2025, and its share of the Dutch mean."""
    claims = data.table("claims").set_index("claim_id")
    claimed, year = float(claims["claimed"]["T06c"]), int(claims["claimed_year"]["T06c"])
    own, country = series(data, KRIMPREGIOS, "woz_waarde"), series(data, NEDERLAND, "woz_waarde")
    own = own[own.index >= 2012]
    ratio = (100 * own / country).dropna()
    base, last = float(ratio.loc[2015]), int(ratio.index[-1])
    finding = (
        f"WOZ-waarde krimpregio's in {last}: {with_unit(own.loc[last], 'euro')}, waar het rapport voor {year} "
        f"{with_unit(claimed, 'euro')} had; en van {number(base, 1)}% naar {number(ratio.loc[last], 1)}% van het "
        "Nederlands gemiddelde"
    )
    figure, axes = style.new_figure(4.1, 2)
    axes[0].plot(own.index, own / 1000, color=style.REGION, marker="o", markersize=4)
    axes[0].scatter([year], [claimed / 1000], s=70, facecolors="white", edgecolors=style.NETHERLANDS, zorder=3)
    axes[0].annotate("rapport", (year, claimed / 1000), xytext=(-8, -3), textcoords="offset points", ha="right")
    axes[0].set_ylim(bottom=0)
    style.set_unit(axes[0], "Gemiddelde per woning, × 1.000 euro")
    axes[1].plot(ratio.index, ratio, color=style.REGION, marker="o", markersize=4)
    style.set_unit(axes[1], "Als deel van het Nederlands gemiddelde")
    for one in axes:
        style.year_axis(one, 5)
        one.margins(x=0.08)
    style.dutch_axis(axes[0])
    style.dutch_axis(axes[1], suffix="%")
    style.set_finding(figure, finding)
    alt = f"Twee lijngrafieken: het bedrag, met een open punt voor het rapport, en het deel van Nederland. {finding}."
    rows = pd.DataFrame({"value": own, "netherlands": country, "ratio": ratio}).dropna().rename_axis("year")
    source = source_line(data, ["woz_waarde"], [KRIMPREGIOS, NEDERLAND], own.index)
    return Chart(figure, "woz-bedrag-en-achterstand", alt, source, rows.reset_index())


def gdp_table(data: PageData) -> Table:
    """Return the share in GDP beside people and jobs, for each choice of areas and the years that decide."""
    choices = data.table("gdp_choices").dropna(subset=["gdp_share"])
    years = [2013, 2014, 2015, int(choices["year"].max())]
    chosen = choices[choices["year"].isin(years)]
    areas = sorted(code for code in chosen["choice"].unique() if code not in CHOICES)
    labels = CHOICES | {code: name(data, code) for code in areas}
    rows = [
        [
            labels[choice],
            str(one["year"]),
            *(with_unit(one[f"{key}_share"], "%", 1) for key in ("gdp", "inhabitants", "employee_jobs")),
        ]
        for choice in labels
        for one in records(chosen[chosen["choice"] == choice].sort_values("year"))
        if choice in CHOICES or one["year"] == 2015
    ]
    columns = ["Gebied", "Jaar", "Deel van het bbp", "Deel van de inwoners", "Deel van de banen van werknemers"]
    caption = "Het deel van Nederland hangt af van de gekozen gebieden en het jaar"
    whole = chosen[chosen["choice"] == "corop-rapport"].set_index("year")["gdp_share"]
    alt = f"{caption}. De zeven gebieden samen: " + "; ".join(
        f"{year} {number(share, 1)}%" for year, share in whole.items()
    )
    html = html_rows(columns, rows, caption)
    source = (
        "Bron: Eurostat (nama_10r_3gdp, demo_r_pjangrp3) en CBS (70072ned), bewerking Nederland in balans. "
        f"Peiljaar {min(years)}–{max(years)}."
    )
    return Table(html, "bbp-keuzes", alt + ".", source, chosen)


def associations_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the associations between municipalities with n, level, period and interval, and the warning above them."""
    table = data.table("associations")
    rows = [
        [
            one["subject"][:1].upper() + one["subject"][1:],
            f"{indicators[one['x']].title} ({one['x_year']}) en {indicators[one['y']].title} ({one['y_year']})",
            f"{number(one['n'])} gemeenten",
            number(one["coefficient"], 2, signed=True),
            f"{number(one['lower'], 2, signed=True)} tot {number(one['upper'], 2, signed=True)}",
        ]
        for one in records(table)
    ]
    columns = ["Onderwerp", "Wat naast wat", "Aantal", "Rangcorrelatie", "Interval van 95%"]
    warning = str(table["warning"].iloc[0]) if len(table) else NO_VALUE
    caption = f"Samenhang tussen gemeenten (Spearman). {warning}"
    html = html_rows(columns, rows, caption)
    source = (
        "Bron: CBS (70072ned, Kerncijfers wijken en buurten, Regionale Monitor Brede Welvaart) en RIVM, GGD en CBS "
        "(50150NED), bewerking Nederland in "
        "balans. Peiljaar bij elke regel."
    )
    return Table(html, "samenhang", f"{caption} {len(table)} paren van indicatoren.", source, table)


def commuting(data: PageData) -> Table:
    """Return the jobs account: employee jobs by where people live and where they work, and what that leaves."""
    names = {
        "werknemersbanen_woongemeente": "Banen van werknemers die er wonen",
        "werknemersbanen_werkgemeente": "Banen van werknemers in de regio's",
        "netto_uitgaande_pendel": "Per saldo naar buiten",
    }
    lines = {key: series(data, KRIMPREGIOS, key) for key in names}
    year = int(max(set.intersection(*(set(line.index) for line in lines.values()))))
    rows = [[label, number(lines[key].loc[year])] for key, label in names.items()]
    caption = f"Waar werknemers wonen en waar zij werken, krimpregio's, december {year}"
    html = html_rows(["", "Banen"], rows, caption)
    alt = caption + ": " + "; ".join(f"{label} {figure}" for label, figure in rows) + "."
    source = source_line(data, names, [KRIMPREGIOS], [year])
    frame = pd.DataFrame([{"indicator": key, "year": year, "value": lines[key].loc[year]} for key in names])
    return Table(html, "pendel", alt, source, frame)
