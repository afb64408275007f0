"""Jobs beside product in the report's COROP areas, and what happened to both since."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import records, series, source_line
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit

AREA, EVERY_AREA = "corop-rapport", "corop-alle"
REPORT_YEAR = 2013
FIRST = 2010
JOBS_SOURCE = "Bron: CBS (83582NED), bewerking Nederland in balans; banen van werknemers in december."
# SBI 2008, as CBS groups it in 83582NED.
SECTORS = {
    "A": "Landbouw",
    "BE": "Industrie en energie",
    "FZ": "Bouw",
    "GI": "Handel, vervoer en horeca",
    "JZ": "Informatie en communicatie",
    "KZ": "Financiële diensten",
    "LZ": "Onroerend goed",
    "MN": "Zakelijke diensten",
    "OPQ": "Overheid, onderwijs en zorg",
    "RSU": "Cultuur en overige diensten",
    "total": "Alle banen",
}


def _shares(data: PageData) -> pd.DataFrame:
    """Percentage of the Netherlands per year: jobs, product, inhabitants."""
    jobs = data.table("jobs_by_sector")
    own = jobs[(jobs["area"] == AREA) & (jobs["sector"] == "total")].set_index("year")["share"]
    parts = {key: 100 * series(data, AREA, key) / series(data, NEDERLAND, key) for key in ("bbp", "inwoners_eurostat")}
    table = pd.DataFrame({"jobs": own, "product": parts["bbp"], "people": parts["inwoners_eurostat"]})
    return table[table.index >= FIRST]


LINES = {"people": ("inwoners", style.OTHER), "jobs": ("banen", style.ANTICIPEER), "product": ("bbp", style.REGION)}


def jobs_and_product(data: PageData) -> Chart:
    """Return the areas' share of the country's jobs, product and people through the years."""
    table = _shares(data)
    figure, (axes,) = style.new_figure(3.9)
    labels = []
    for key, (text, colour) in LINES.items():
        line = table[key].dropna()
        ink = style.NETHERLANDS if colour == style.OTHER else colour
        axes.plot(line.index, line, "o-", color=colour, markersize=4)
        labels.append((float(line.index[-1]), float(line.iloc[-1]), f"{text} ({line.index[-1]})", ink))
    style.label_line_ends(axes, labels, 0.12)
    style.set_unit(axes, "Deel van Nederland; de as begint niet bij nul")
    style.dutch_axis(axes, decimals=1, suffix="%")
    style.year_axis(axes)
    product, jobs = table["product"].dropna(), table["jobs"].dropna()
    finding = (
        f"Het deel van de zeven COROP-gebieden in het bbp: {with_unit(product[REPORT_YEAR], '%', 1)} in {REPORT_YEAR}, "
        f"{with_unit(product.iloc[-1], '%', 1)} in {product.index[-1]}; in de banen: "
        f"{with_unit(jobs[REPORT_YEAR], '%', 1)} en in {jobs.index[-1]} {with_unit(jobs.iloc[-1], '%', 1)}"
    )
    style.set_finding(figure, finding)
    span = range(FIRST, int(product.index[-1]) + 1)
    source = source_line(data, ["bbp", "inwoners_eurostat", "werknemersbanen_corop"], [AREA, NEDERLAND], span)
    rows = table.rename_axis("year").reset_index()
    return Chart(figure, "banen-en-bbp", f"Lijngrafiek. {finding}.", source, rows)


def productivity(data: PageData) -> Prose:
    """Return product per job against the country, in the report's year and since."""
    table = _shares(data)
    ratio = (table["product"] / table["jobs"]).dropna()
    first, last = float(ratio[REPORT_YEAR]), float(ratio.iloc[-1])
    below = [int(year) for year in ratio.index if year > REPORT_YEAR and ratio[year] < 1]
    since = f"Vanaf {min(below)} ligt het eronder. " if below and all(ratio.loc[min(below) :] < 1) else ""
    return Prose(
        f"Bbp per baan, gedeeld door dat van Nederland: {number(first, 2)} in {REPORT_YEAR} en {number(last, 2)} in "
        f"{ratio.index[-1]}. {since}Een baan telt hier als baan, ook in deeltijd, en wie voor zichzelf werkt telt "
        f"niet mee; "
        "arbeidsjaren, de maat van het rapport, zijn per gebied niet voorhanden. In het bbp van het begin van de reeks "
        "zit het aardgas uit Groningen, dat in heel Nederland wordt verdiend en in één gebied wordt geboekt."
    )


def sectors(data: PageData) -> Chart:
    """Return the growth of jobs by sector since the report's year: the areas beside the country."""
    table = data.table("jobs_by_sector")
    last = int(table["year"].max())
    own = table[(table["area"] == AREA) & table["year"].isin([REPORT_YEAR, last])]
    # A sector with a secret cell in one of the two years would seem to grow or shrink by it.
    secret = set(own.loc[own["suppressed"] > 0, "sector"])
    wide = own[~own["sector"].isin(secret)].pivot(index="sector", columns="year", values=["jobs", "netherlands"])
    growth = pd.DataFrame(
        {key: 100 * (wide[key][last] / wide[key][REPORT_YEAR] - 1) for key in ("jobs", "netherlands")}
    )
    growth = growth.assign(title=[SECTORS[str(key)] for key in growth.index]).sort_values("jobs")
    figure, (axes,) = style.new_figure(4.8)
    places = range(len(growth))
    axes.hlines(places, growth["jobs"], growth["netherlands"], color=style.OTHER, linewidth=2)
    axes.plot(growth["netherlands"], places, "o", color=style.NETHERLANDS, markersize=7, label="Nederland")
    axes.plot(growth["jobs"], places, "o", color=style.REGION, markersize=9, label="De zeven COROP-gebieden")
    axes.axvline(0, color="#999999", linewidth=0.8)
    axes.set_yticks(list(places), list(growth["title"]))
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"Verandering van het aantal banen, {REPORT_YEAR}–{last}")
    style.dutch_axis(axes, "x", suffix="%")
    axes.legend(loc="lower right", frameon=False, fontsize=9.5)
    total = {key: float(growth[key]["total"]) for key in ("jobs", "netherlands")}
    ahead = growth[(growth["jobs"] > growth["netherlands"]) & (growth.index != "total")]
    finding = (
        f"Banen {REPORT_YEAR}–{last}: {with_unit(total['jobs'], '%', 1, signed=True)} in de zeven gebieden, "
        f"{with_unit(total['netherlands'], '%', 1, signed=True)} in Nederland; {len(ahead)} van de "
        f"{len(growth) - 1} bedrijfstakken {'groeide' if len(ahead) == 1 else 'groeiden'} er sneller"
    )
    style.set_finding(figure, finding)
    listing = "; ".join(
        f"{row['title']} {with_unit(row['jobs'], '%', 0, signed=True)} "
        f"(Nederland {with_unit(row['netherlands'], '%', 0, signed=True)})"
        for row in records(growth)
    )
    alt = f"Punten per bedrijfstak. {finding}. {listing}."
    return Chart(figure, "banen-bedrijfstakken", alt, JOBS_SOURCE, growth.reset_index())
