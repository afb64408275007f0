"""Figures of chapter 2, part one: the labour force, commuting, and the cities against the periphery."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import draw_bars, text_table
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import name, records, series, source_line
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES
from balans.words.numbers import number, with_unit

FIRST, LAST = 2015, 2022

# Areas of the report's COROP set; Oost- and Overig Groningen together, because CBS moved a municipality between them.
LABOUR_AREAS = {
    "Oost- en Overig Groningen": ("CR01", "CR03"),
    "Delfzijl en omgeving": ("CR02",),
    "Noord-Friesland": ("CR04",),
    "Achterhoek": ("CR14",),
    "Zeeuwsch-Vlaanderen": ("CR31",),
    "Zuid-Limburg": ("CR39",),
}

BIG_FOUR = {"GM0363": "Amsterdam", "GM0599": "Rotterdam", "GM0518": "'s-Gravenhage", "GM0344": "Utrecht"}

GROWTH_YEARS = (2012, 2023)


def labour_force(data: PageData) -> Chart:
    """Return the change of the number aged 15 to 75 between 2015 and 2022, per COROP area of the report."""
    areas = {**LABOUR_AREAS, "Nederland": (NEDERLAND,)}
    rows = pd.DataFrame({"name": list(areas)})
    for year in (FIRST, LAST):
        rows[str(year)] = [
            sum(series(data, code, "inwoners_15_75")[year] for code in codes) for codes in areas.values()
        ]
    rows["change"] = 100 * (rows[str(LAST)] / rows[str(FIRST)] - 1)
    rows["kind"] = ["country" if label == "Nederland" else "krimp" for label in rows["name"]]
    rows = rows.sort_values("change", ignore_index=True)
    figure, (axes,) = style.new_figure(3.6)
    texts = [with_unit(change, "%", 1, signed=True) for change in rows["change"]]
    draw_bars(axes, rows["name"], rows["change"], rows["kind"], texts)
    style.dutch_axis(axes, "x", suffix="%")
    country = rows.loc[rows["kind"] == "country", "change"].iloc[0]
    falling = rows[rows["change"] < 0]
    finding = (
        f"15- tot 75-jarigen {FIRST}–{LAST}: Nederland {with_unit(country, '%', 1, signed=True)}, maar een daling in "
        f"{len(falling)} van de {len(LABOUR_AREAS)} gebieden, het meest in {rows.iloc[0]['name']}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {with_unit(row['change'], '%', 1, signed=True)}" for row in records(rows))
    codes = [code for group in areas.values() for code in group]
    source = source_line(data, ["inwoners_15_75"], codes, [FIRST, LAST])
    return Chart(figure, "beroepsbevolking-15-75", f"Staafdiagram. {finding}. {listed}.", source, rows)


def labour_force_years(data: PageData) -> Prose:
    """Return when the Netherlands had most people aged 15 to 75 so far, against the report's turning point."""
    line = series(data, NEDERLAND, "inwoners_15_75")
    peak = int(str(line.idxmax()))
    after = line.loc[2021:]
    way = "gestegen" if after.iloc[-1] > after.iloc[0] else "gedaald"
    return Prose(
        f"Volgens het rapport zou het aantal 15- tot 75-jarigen vanaf 2021 afnemen. In 2021 waren het er "
        f"{number(line[2021])}, in {line.index[-1]} {number(line.iloc[-1])}: het aantal is {way}. Het hoogste "
        "aantal in de "
        f"reeks {line.index[0]}–{line.index[-1]} is dat van {peak}. Of de daling later alsnog komt, is hier niet "
        "te zien."
    )


def commuting(data: PageData) -> Chart:
    """Return employee jobs by residence minus by work, per 100 jobs of residents, for the krimp regions."""
    rows = _commuting_rows(data)
    own = (rows["kind"] == "krimp") | (rows["region_id"] == KRIMPREGIOS)
    shown = rows[own].assign(kind="krimp").sort_values("per_100", ascending=False)
    figure, (axes,) = style.new_figure(4.2)
    draw_bars(
        axes, shown["name"], shown["per_100"], shown["kind"], [number(v, 1, signed=True) for v in shown["per_100"]]
    )
    axes.invert_yaxis()
    style.dutch_axis(axes, "x")
    axes.set_xlabel("Werknemers die per saldo elders werken, per 100 banen van inwoners")
    total = rows[rows["region_id"] == KRIMPREGIOS].iloc[0]
    arriving = rows[(rows["kind"] == "krimp") & (rows["net"] < 0)]["name"]
    finding = (
        f"Per saldo werken {number(total['net'])} werknemers uit de krimpregio's elders; meer werk dan werknemers "
        f"is er alleen in {' en '.join(arriving)}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {number(row['per_100'], 1, signed=True)}" for row in records(shown))
    source = source_line(data, ["netto_uitgaande_pendel"], shown["region_id"], [2014])
    return Chart(figure, "pendel-krimpregios", f"Staafdiagram. {finding}. Per 100 banen: {listed}.", source, shown)


def _commuting_rows(data: PageData) -> pd.DataFrame:
    kinds = data.regions.set_index("region_id")["type"]
    chosen = kinds[kinds.isin(POLICY_TYPES) | kinds.index.isin([KRIMPREGIOS, ANTICIPEERREGIOS])]
    names = {"home": "werknemersbanen_woongemeente", "work": "werknemersbanen_werkgemeente"}
    rows = pd.DataFrame({"region_id": chosen.index, "kind": chosen.to_numpy()})
    rows["name"] = [name(data, area) for area in rows["region_id"]]
    for column, indicator in names.items():
        rows[column] = [series(data, area, indicator)[2014] for area in rows["region_id"]]
    rows["net"] = rows["home"] - rows["work"]
    rows["per_100"] = 100 * rows["net"] / rows["home"]
    return rows


def commuting_table(data: PageData) -> Table:
    """Return jobs by residence and by work, and the balance, of the 20 regions and both totals."""
    rows = _commuting_rows(data).sort_values(["kind", "name"])
    cells = [
        [
            row["name"],
            number(row["home"]),
            number(row["work"]),
            number(row["net"], signed=True),
            number(row["per_100"], 1),
        ]
        for row in records(rows)
    ]
    columns = ["Regio", "Banen van inwoners", "Banen in de regio", "Per saldo elders", "Per 100 banen van inwoners"]
    caption = "Banen van werknemers naar woonplaats en naar werkplaats, december 2014"
    source = source_line(data, ["netto_uitgaande_pendel"], rows["region_id"], [2014])
    return text_table(cells, columns, caption, "pendel-tabel", source, rows)


def commuting_municipalities(data: PageData) -> Table:
    """Return the municipalities of the krimp regions with the largest balances, in and out."""
    kinds = data.regions.set_index("region_id")["type"]
    members = data.membership[
        (data.membership["year"] == 2015) & data.membership["region_id"].isin(kinds[kinds == "krimp"].index)
    ]
    rows = members[["gm_code", "region_id"]].copy()
    rows["name"] = [name(data, code) for code in rows["gm_code"]]
    rows["region"] = [name(data, area) for area in rows["region_id"]]
    rows["net"] = [series(data, code, "netto_uitgaande_pendel").get(2014) for code in rows["gm_code"]]
    rows["home"] = [series(data, code, "werknemersbanen_woongemeente").get(2014) for code in rows["gm_code"]]
    rows = rows.dropna().sort_values("net")
    ends = pd.concat([rows.head(6), rows.tail(6)])
    cells = [
        [
            row["name"],
            row["region"],
            number(row["net"], signed=True),
            number(100 * row["net"] / row["home"], 0, signed=True),
        ]
        for row in records(ends)
    ]
    columns = ["Gemeente", "Regio", "Per saldo elders", "Per 100 banen van inwoners"]
    caption = "De gemeenten in de krimpregio's met het grootste saldo, naar binnen (min) en naar buiten, december 2014"
    source = source_line(data, ["netto_uitgaande_pendel"], rows["gm_code"], [2014])
    return text_table(cells, columns, caption, "pendel-gemeenten", source, rows)


def cities_and_periphery(data: PageData) -> Chart:
    """Return population growth 2012 to 2023, borders unchanged, of the four cities, both types and the country."""
    first, last = GROWTH_YEARS
    groups = {
        "Vier grote steden": list(BIG_FOUR),
        "Krimpregio's": [KRIMPREGIOS],
        "Anticipeerregio's": [ANTICIPEERREGIOS],
        "Nederland": [NEDERLAND],
    }
    rows = []
    for label, codes in groups.items():
        start = sum(series(data, code, "inwoners")[first] for code in codes)
        growth = sum(series(data, code, "bevolkingsgroei").loc[first:last].sum() for code in codes)
        rows.append((label, start, growth, 100 * growth / start))
    table = pd.DataFrame(rows, columns=["name", "inhabitants_first", "growth", "change"])
    table["kind"] = ["overig", "krimp", "anticipeer", "country"]
    table = table.sort_values("change", ignore_index=True)
    figure, (axes,) = style.new_figure(2.9)
    texts = [
        f"{with_unit(c, '%', 1, signed=True)} ({number(g, signed=True)})"
        for c, g in zip(table["change"], table["growth"], strict=True)
    ]
    draw_bars(axes, table["name"], table["change"], table["kind"], texts)
    axes.margins(x=0.3)
    style.dutch_axis(axes, "x", suffix="%")
    by_kind = table.set_index("kind")["change"]
    finding = (
        f"Bevolkingsgroei {first}–{last}: vier grote steden {with_unit(by_kind['overig'], '%', 1, signed=True)}, "
        f"krimpregio's {with_unit(by_kind['krimp'], '%', 1, signed=True)}"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{row['name']} {with_unit(row['change'], '%', 1, signed=True)}" for row in records(table))
    areas = [code for codes in groups.values() for code in codes]
    source = source_line(data, ["bevolkingsgroei"], areas, range(first, last + 1))
    return Chart(figure, "steden-en-periferie", f"Staafdiagram. {finding}. {listed}.", source, table)
