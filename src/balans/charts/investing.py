"""Figures of chapter 2 (equal investment) and chapter 3: the package, its return, and when it pays for itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.charts import style
from balans.charts.bars import text_table
from balans.charts.numbers import NO_VALUE, number, with_unit
from balans.charts.output import Chart, Prose, Table
from balans.charts.select import name, records, series, source_line
from balans.definitions import load_definition
from balans.errors import RequestError
from balans.investment.breakeven import Scenario, break_even_curve, break_even_effect, net_present_value, present_cost
from balans.investment.returns import Returns, gdp_shares, rebuild_returns
from balans.paths import find_project
from balans.publish.scope import PageData
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.request import parse_check
from balans.regiocheck.run import run_check
from balans.regiocheck.words import euros

MILLION = 1e6
VERDICTS = {"reproduced": "✓ gereproduceerd", "deviates": "≠ wijkt af", "not checkable": "○ niet te toetsen"}
KRIMP = "krimpregios"
MONEY_SOURCE = "Bron: rapport Nederland in balans (2016) en de bronnen in de tabel; inwoners: CBS (70072ned), 2015."
LINE_COLOURS = (style.NETHERLANDS, style.ANTICIPEER, "#E69F00", style.REGION)
PACKAGE_KEYS = {
    "inwoners": "inwoners",
    "woningen": "woningen",
    "land": "land",
    "sterfteoverschot": "meer sterfte dan geboorte",
}
PACKAGE_YEAR = 2015


def definition() -> dict[str, Any]:
    """Return ``definitions/investment.yml``."""
    return load_definition(find_project().definitions / "investment.yml")


def per_inhabitant_chart(data: PageData) -> Chart:
    """Return neighbourhoods policy and shrinkage grants per inhabitant, for every denominator, in constant prices."""
    rows = data.tables["investment_per_inhabitant"]
    rows = rows[
        rows["item"].isin(
            [
                "krachtwijken",
                "krachtwijken-corporaties",
                "krimpmaatstaf-2011",
                "krimpmaatstaf-2014",
                "decentralisatie-uitkering",
            ]
        )
    ]
    rows = rows.assign(label=rows["title"] + ", " + rows["year"] + "\n" + rows["denominator"])
    rows = rows.sort_values("per_inhabitant_constant_eur", ignore_index=True)
    figure, (axes,) = style.new_figure(5.4)
    colours = [style.OTHER if "wijken" in who else style.REGION for who in rows["denominator"]]
    axes.barh(rows["label"], rows["per_inhabitant_constant_eur"], color=colours, height=0.7)
    for position, amount in enumerate(rows["per_inhabitant_constant_eur"]):
        axes.annotate(
            f"€ {number(amount, 1)}",
            (amount, position),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.margins(x=0.14)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", labelsize=8.5)
    base = definition()["prices"]["base_year"]
    style.dutch_axis(axes, "x")
    axes.set_xlabel(f"Euro per inwoner per jaar, prijzen van {base}")
    high = rows[rows["item"] == "krachtwijken"]["per_inhabitant_constant_eur"].iloc[0]
    low = rows[rows["item"].str.startswith("krimpmaatstaf")]["per_inhabitant_constant_eur"]
    finding = (
        f"Per inwoner kregen de krachtwijken {number(high / low.max())} tot {number(high / low.min())} keer "
        "zoveel als de "
        "krimpregio's uit de krimpmaatstaf"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(
        f"{row['title']} {row['year']} per hoofd van {row['denominator']} € "
        f"{number(row['per_inhabitant_constant_eur'], 1)}"
        for row in records(rows)
    )
    source = f"{MONEY_SOURCE} Prijzen: CBS (71311ned, 83131NED)."
    return Chart(
        figure, "per-inwoner-wijken-en-krimp", f"Staafdiagram. {finding}. {listed}.", source, rows.drop(columns="label")
    )


def per_inhabitant_table(data: PageData) -> Table:
    """Return every amount per inhabitant with its denominator, in current and in constant prices, and its source."""
    rows = data.tables["investment_per_inhabitant"]
    cells = [
        [
            f"{row['title']} ({row['year']})",
            number(row["amount_eur"] / MILLION, 1),
            f"{row['denominator']}: {number(row['inhabitants'])}",
            number(row["per_inhabitant_eur"], 1),
            number(row["per_inhabitant_constant_eur"], 1),
            row["source"],
        ]
        for row in records(rows)
    ]
    base = definition()["prices"]["base_year"]
    columns = [
        "Geld",
        "Miljoen euro per jaar",
        "Gedeeld door",
        "Euro per inwoner",
        f"In prijzen van {base}",
        "Bron van het bedrag",
    ]
    caption = "Wijkenbeleid en krimpgeld per inwoner per jaar, voor elke noemer"
    return text_table(cells, columns, caption, "per-inwoner-tabel", MONEY_SOURCE, rows)


def package_table(data: PageData) -> Table:
    """Return the package by theme, with the sum recomputed, per inhabitant and over its whole duration."""
    package = definition()["package"]
    rows = data.tables["investment"].set_index("item")
    themes = [theme["id"] for theme in package["themes"]]
    total, computed = rows.loc[package["total"]["id"], "amount_eur"], rows.loc[themes, "amount_eur"].sum()
    cells = [
        [
            rows.loc[item, "title"],
            number(rows.loc[item, "amount_eur"] / MILLION),
            with_unit(100 * rows.loc[item, "amount_eur"] / computed, "%", 1),
            number(rows.loc[item, "per_inhabitant_eur"]),
        ]
        for item in themes
    ]
    cells.append(
        [
            "Som van de thema's, nagerekend",
            number(computed / MILLION),
            "100,0%",
            number(computed / rows.loc[themes[0], "inhabitants"]),
        ]
    )
    verdict = VERDICTS["reproduced" if computed == total else "deviates"]
    cells.append(
        [
            f"Totaal in het rapport ({verdict})",
            number(total / MILLION),
            "",
            number(rows.loc[package["total"]["id"], "per_inhabitant_eur"]),
        ]
    )
    columns = ["Thema", "Miljoen euro per jaar", "Deel", "Euro per inwoner"]
    caption = "Het gevraagde pakket per thema; per inwoner van de krimpregio's van 2015"
    numbers = rows.loc[[*themes, package["total"]["id"]]].reset_index()
    return text_table(cells, columns, caption, "pakket-per-thema", MONEY_SOURCE, numbers)


def package_sentence(data: PageData) -> Prose:
    """Return the range of the package, per year and in all."""
    package = definition()["package"]
    people = data.tables["investment"].set_index("item").loc[package["total"]["id"], "inhabitants"]
    low, high = package["low_eur"], package["high_eur"]
    least, most = package["least_years"], package["most_years"]
    return Prose(
        f"De bandbreedte is {euros(low)} tot {euros(high)} per jaar, {number(low / people)} tot "
        f"{number(high / people)} euro "
        f"per inwoner, gedurende {least} tot {most} jaar. Samen is dat {number(low * least / 1e9, 2)} tot "
        f"{number(high * most / 1e9, 1)} miljard euro."
    )


def share_package(data: PageData, key: Any) -> MoneyResult:
    """Return the package shared out over the krimp regions by a key (a name, or names with weights).

    Raises:
        RequestError: an unknown key or weights that do not add up to 1.
    """
    total = definition()["package"]["total"]["amount_eur"]
    check = parse_check(
        {"naam": "Pakket", "peiljaar": PACKAGE_YEAR, "budget": total, "sleutel": key, "alleen": ["krimp"]}
    )
    result = run_check(find_project(), check, data.indicators, data.membership, data.regions)
    if not isinstance(result, MoneyResult):
        raise RequestError("Het pakket is een bedrag, geen norm.")
    return result


def package_per_region(data: PageData, own_key: Any = None) -> Table:
    """Return what each krimp region would get by four keys, and by the reader's own key if there is one."""
    keys: dict[str, Any] = {title: key for key, title in PACKAGE_KEYS.items()}
    if own_key is not None:
        keys["eigen sleutel"] = own_key
    amounts = {title: share_package(data, key).regions.set_index("region_id") for title, key in keys.items()}
    first = next(iter(amounts.values()))
    areas = [area for area in first.sort_values("name").index if first.loc[area, "type"] == "krimp"]
    cells = [
        [
            name(data, area),
            *(
                f"{number(table.loc[area, 'amount_eur'] / MILLION, 1)} "
                f"({number(table.loc[area, 'per_inhabitant_eur'])})"
                for table in amounts.values()
            ),
        ]
        for area in areas
    ]
    sums = [sum(table.loc[areas, "amount_eur"]) for table in amounts.values()]
    people = first.loc[areas, "inhabitants"].sum()
    cells.append(["Samen", *(f"{number(total / MILLION, 1)} ({number(total / people)})" for total in sums)])
    columns = ["Regio", *(f"Naar {title}" for title in keys)]
    caption = (
        "Het pakket van 360 miljoen euro per jaar over de krimpregio's, in miljoen euro (tussen haakjes: "
        "euro per inwoner)"
    )
    data_rows = pd.concat([table.loc[areas].assign(key=title) for title, table in amounts.items()]).reset_index()
    known = load_keys(find_project())
    used = sorted({indicator for key in PACKAGE_KEYS for indicator in known[key].indicators})
    source = source_line(data, used, areas, [PACKAGE_YEAR]) + " Bedrag: rapport Nederland in balans (2016)."
    return text_table(cells, columns, caption, "pakket-per-regio", source, data_rows)


def returns(data: PageData) -> Returns:
    """Return the claimed return, rebuilt."""
    return rebuild_returns(definition(), data.indicators, series(data, KRIMP, "inwoners")[2015])


def returns_table(data: PageData) -> Table:
    """Return every number around the claimed return: stated, rebuilt, and what it means."""
    stated, found = definition()["returns"], returns(data)
    package = definition()["package"]["total"]["amount_eur"]
    rows = [
        (
            "Aandeel van de COROP-gebieden in het bbp",
            with_unit(100 * stated["stated_gdp_share"], "%", 1),
            with_unit(100 * found.share, "%", 2),
            f"In {found.year}; in 2013 was het 10,87%. Het gaat om zeven gebieden, met de stad Groningen.",
        ),
        (
            "Verlies zonder investering, per jaar",
            "€ 10 miljard",
            f"€ {number(found.avoided / 1e9, 1)} miljard",
            f"15% van 10,9% van het bbp van {found.year} (€ {number(found.gdp / 1e9, 1)} miljard).",
        ),
        (
            "Hetzelfde met het berekende aandeel",
            NO_VALUE,
            f"€ {number(found.avoided_computed / 1e9, 1)} miljard",
            "Hetzelfde product, met het aandeel van dat jaar zelf.",
        ),
        (
            "Hetzelfde zonder Overig Groningen",
            NO_VALUE,
            f"€ {number(found.avoided_without_groningen / 1e9, 1)} miljard",
            "Zonder de stad Groningen en een groot deel van het gas.",
        ),
        (
            "Per inwoner van de krimpregio's",
            NO_VALUE,
            f"€ {number(found.per_inhabitant)}",
            "Product dat blijft, geen inkomen en geen belasting.",
        ),
        (
            "Inverdieneffect voor het Rijk, per jaar",
            "€ 100 miljoen",
            "niet te toetsen",
            "Het rapport noemt geen berekening.",
        ),
        (
            "Inverdieneffect als deel van het pakket",
            NO_VALUE,
            with_unit(100 * found.fiscal_cover, "%", 1),
            f"100 van {number(package / MILLION)} miljoen: de rest verdient het Rijk volgens het rapport zelf "
            "niet terug.",
        ),
        (
            "Inverdieneffect per persoon die aan het werk blijft",
            NO_VALUE,
            f"€ {number(found.fiscal_per_participant)}",
            "100 miljoen gedeeld door 22.000 mensen.",
        ),
        (
            "Inverdieneffect als deel van het rendement",
            NO_VALUE,
            with_unit(100 * found.fiscal_of_product, "%", 1),
            "100 miljoen van 10 miljard: van elke euro product komt een cent bij het Rijk.",
        ),
    ]
    cells = [list(row) for row in rows]
    columns = ["Getal", "In het rapport", "Nagerekend", "Wat het is"]
    caption = "Het geclaimde rendement, nagerekend"
    source = (
        "Bron: rapport Nederland in balans (2016); Eurostat (nama_10r_3gdp), CBS (70072ned); bewerking "
        "Nederland in balans."
    )
    numbers = pd.DataFrame([{"figure": row[0], "stated": row[1], "rebuilt": row[2]} for row in rows])
    return text_table(cells, columns, caption, "rendement-nagerekend", source, numbers)


def gdp_share_chart(data: PageData) -> Chart:
    """Return the share of the COROP areas in Dutch GDP since 2000, with and without Overig Groningen."""
    rows = gdp_shares(definition(), data.indicators)
    figure, (axes,) = style.new_figure(4.2)
    lines = {
        "with_groningen": ("Zeven gebieden", style.REGION),
        "without_groningen": ("Zonder Overig\nGroningen", style.NETHERLANDS),
    }
    labels = []
    for column, (label, colour) in lines.items():
        axes.plot(rows["year"], rows[column], color=colour, marker="o", markersize=3.5)
        labels.append((float(rows["year"].iloc[-1]), float(rows[column].iloc[-1]), label, colour))
    axes.set_ylim(0, 12.5)
    style.set_unit(axes, "Aandeel in het bbp van Nederland")
    style.dutch_axis(axes, suffix="%")
    style.year_axis(axes)
    style.label_line_ends(axes, labels, 0.8)
    start = rows[rows["year"] == 2013].iloc[0]
    end = rows.iloc[-1]
    finding = (
        f"Aandeel in het bbp 2013–{int(end['year'])}: van {number(start['with_groningen'], 1)}% naar "
        f"{number(end['with_groningen'], 1)}%; "
        f"zonder Overig Groningen van {number(start['without_groningen'], 1)}% naar "
        f"{number(end['without_groningen'], 1)}%"
    )
    style.set_finding(figure, finding)
    source = "Bron: Eurostat (nama_10r_3gdp), bewerking Nederland in balans. Peiljaar 2000–2020."
    return Chart(
        figure,
        "bbp-aandeel-corop",
        f"Lijngrafiek. {finding}. In 2000 {number(rows.iloc[0]['with_groningen'], 1)}% en "
        f"{number(rows.iloc[0]['without_groningen'], 1)}%.",
        source,
        rows,
    )


def scenario(cost_per_year: float, **assumptions: Any) -> Scenario:
    """Return a scenario with the model's defaults of ``investment.yml``; ``cost_per_year`` in million euro."""
    model = definition()["model"]
    defaults = {
        "years_of_cost": model["years_of_cost"],
        "discount_rate": model["discount_rate"],
        "horizon": model["horizon"],
    }
    return Scenario(cost_per_year, **{**defaults, **assumptions})


def scenarios_table(cost_per_year: float, **assumptions: Any) -> Table:
    """Return the scenarios: what each assumes, the effect at which it pays for itself, the outcome at the claim."""
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    cells, numbers = [], []
    for entry in definition()["model"]["scenarios"]:
        chosen = scenario(
            cost_per_year, **{**assumptions, **{key: entry[key] for key in ("delay", "ramp", "displacement")}}
        )
        needed = break_even_effect(chosen)
        balance = net_present_value(chosen, stated)
        cells.append(
            [
                entry["title"],
                f"begint na {chosen.delay} jaar, compleet {chosen.ramp} jaar later"
                if chosen.ramp
                else "meteen volledig",
                with_unit(100 * chosen.displacement, "%"),
                f"€ {number(present_cost(chosen) / 1000, 1)} miljard",
                f"€ {number(needed)} miljoen",
                with_unit(100 * needed / stated, "%", 1),
                f"€ {number(balance / 1000)} miljard",
                entry["note"],
            ]
        )
        numbers.append(
            {
                "scenario": entry["id"],
                "break_even_million_eur": needed,
                "present_cost_million_eur": present_cost(chosen),
                "net_present_value_at_claim_million_eur": balance,
            }
        )
    columns = [
        "Scenario",
        "Effect",
        "Van elders",
        "Kosten nu",
        "Omslagpunt per jaar",
        "Deel van de claim",
        "Saldo als de claim klopt",
        "Aanname",
    ]
    caption = "Drie scenario's: hoeveel product per jaar er moet blijven om de kosten goed te maken"
    return text_table(cells, columns, caption, "omslagpunt-scenarios", model_source(), pd.DataFrame(numbers))


def break_even_chart(cost_per_year: float, delay: int = 5, **assumptions: Any) -> Chart:
    """Return the break-even effect against the years until the effect is complete, a line per displacement."""
    model = definition()["model"]
    base = scenario(cost_per_year, delay=delay, **assumptions)
    curve = break_even_curve(base, model["ramps"], model["displacements"])
    figure, (axes,) = style.new_figure(4.4)
    labels = []
    for colour, (share, line) in zip(LINE_COLOURS, curve.groupby("displacement"), strict=True):
        axes.plot(line["ramp"], line["break_even_effect"], color=colour, marker="o", markersize=3.5)
        labels.append(
            (
                float(line["ramp"].iloc[-1]),
                float(line["break_even_effect"].iloc[-1]),
                f"{number(100 * float(str(share)))}% van elders",
                colour,
            )
        )
    style.set_unit(axes, "Product dat per jaar moet blijven, miljoen euro")
    style.dutch_axis(axes)
    axes.set_ylim(0)
    axes.set_xlabel(f"Jaren waarin het effect tot zijn volle omvang groeit (het begint na {delay} jaar)")
    style.label_line_ends(axes, labels, 0.05 * float(curve["break_even_effect"].max()))
    least, most = curve["break_even_effect"].min(), curve["break_even_effect"].max()
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    finding = (
        f"Het pakket betaalt zich terug als er per jaar € {number(least)} tot {number(most)} miljoen product blijft: "
        f"{number(100 * least / stated)} tot {number(100 * most / stated)}% van wat het rapport claimt"
    )
    style.set_finding(figure, finding)
    return Chart(
        figure,
        "omslagpunt",
        f"Lijngrafiek, een lijn per aandeel dat van elders komt. {finding}.",
        model_source(),
        curve,
    )


def model_source() -> str:
    """Return the line under the model's outputs: what is sourced and what is assumed."""
    model = definition()["model"]
    return (
        "Eigen berekening. Kosten: rapport Nederland in balans (2016). Discontovoet: Werkgroep discontovoet 2020 "
        f"(standaard {number(100 * model['discount_rate'], 2)}%). Tijdpad en verplaatsing: aanname, geen bron."
    )


def perspective_table(data: PageData) -> Table:
    """Return the report's comparison of the package with other money, each amount with its verdict."""
    rows = data.tables["investment_perspective"]
    cells = [
        [
            row["title"],
            number(row["stated_eur"] / MILLION),
            number(row["rebuilt_eur"] / MILLION, 1) if pd.notna(row["rebuilt_eur"]) else NO_VALUE,
            number(row["times_package"], 2),
            number(row["per_inhabitant_eur"]) if pd.notna(row["per_inhabitant_eur"]) else NO_VALUE,
            VERDICTS[row["verdict"]],
            row["explanation"] or f"Bron: {row['source']}.",
        ]
        for row in records(rows)
    ]
    columns = [
        "Geld",
        "Rapport, miljoen euro",
        "Nagerekend",
        "Keer het pakket",
        "Euro per inwoner",
        "Oordeel",
        "Toelichting",
    ]
    return text_table(
        cells, columns, "Het pakket in perspectief, bedragen per jaar", "pakket-in-perspectief", MONEY_SOURCE, rows
    )


def paid_table(data: PageData) -> Table:
    """Return the money that was paid as far as a source gives it, per inhabitant of who got it."""
    rows = data.tables["investment"]
    rows = rows[~rows["item"].str.startswith("pakket")]
    cells = [
        [
            row["title"],
            row["year"],
            euros(row["amount_eur"]),
            row["unit"],
            f"€ {number(row['per_inhabitant_eur'], 2)}",
            row["denominator"],
            row["source"],
        ]
        for row in records(rows)
    ]
    columns = ["Geld", "Jaren", "Bedrag", "Eenheid", "Per inwoner", "Van", "Bron"]
    return text_table(cells, columns, "Uitgekeerd en toegezegd geld, met bron", "uitgekeerd-geld", MONEY_SOURCE, rows)
