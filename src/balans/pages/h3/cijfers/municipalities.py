"""The package beside what the municipalities of the regions spend themselves."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import (
    ACCOUNTS_SOURCE,
    MILLION,
    account,
    accounts,
    domain_bars,
    domain_listing,
    domain_titles,
)
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import name, policy_regions, records, series, value
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND
from balans.words.lists import listed
from balans.words.numbers import number, with_unit

COLOURS = {KRIMPREGIOS: style.REGION, ANTICIPEERREGIOS: style.ANTICIPEER, NEDERLAND: style.NETHERLANDS}
EQUITY, FUND = "solvabiliteit_gemeenten", "gemeentefonds_aandeel"


def last_account(data: PageData) -> int:
    """Return the latest year with accounts."""
    return int(accounts(data, NEDERLAND).index.get_level_values("year").max())


def spending_sentence(data: PageData) -> Prose:
    """Return what the municipalities budget and spend, beside the amount of the report."""
    budget, spent = accounts(data, KRIMPREGIOS, "budget"), accounts(data, KRIMPREGIOS)
    first = int(budget.index.get_level_values("year").min())
    last = last_account(data)
    package = data.table("investment")
    yearly = float(package.loc[package["item"] == "pakket-totaal", "amount_eur"].iloc[0]) / MILLION
    known = ((budget, first), (spent, first), (spent, last))
    amounts = [account(table, year, "lasten", "amount_eur") / MILLION for table, year in known]
    share = with_unit(100 * yearly / amounts[2], "%", 1)
    return Prose(
        f"De gemeenten van de krimpregio's begrootten voor {first}, het eerste jaar van deze reeks, "
        f"**{number(amounts[0])} miljoen euro** aan lasten en gaven er volgens hun jaarrekening {number(amounts[1])} "
        f"miljoen uit; in {last} was dat {number(amounts[2])} miljoen. Het rapport noemt een bedrag daartussenin, "
        f"zonder jaar. Het pakket, {number(yearly)} miljoen per jaar, is {share} van wat de gemeenten in {last} "
        "uitgaven."
    )


def spending_chart(data: PageData) -> Chart:
    """Return expenditure per inhabitant through the years: krimp regions, anticipeer regions, the Netherlands."""
    wide = pd.DataFrame(
        {area: accounts(data, area).xs("lasten", level="item")["per_inhabitant_eur"] for area in COLOURS}
    )
    figure, (axes,) = style.new_figure(3.8)
    labels = []
    for area, colour in COLOURS.items():
        axes.plot(wide.index, wide[area], "o-", color=colour, markersize=5)
        labels.append((float(wide.index[-1]), float(wide[area].iloc[-1]), name(data, area), colour))
    style.label_line_ends(axes, labels, float(wide.max().max() - wide.min().min()) * 0.07)
    style.set_unit(axes, "Euro per inwoner, bedragen van elk jaar; de as begint niet bij nul")
    style.dutch_axis(axes)
    style.year_axis(axes)
    first, last = int(wide.index[0]), int(wide.index[-1])
    own, country = wide[KRIMPREGIOS], wide[NEDERLAND]
    finding = (
        f"Gemeenten in de krimpregio's gaven in {last} per inwoner € {number(own[last])} uit, in Nederland "
        f"€ {number(country[last])}; in {first} € {number(own[first])} en € {number(country[first])}"
    )
    style.set_finding(figure, finding)
    numbers = wide.rename_axis("year").reset_index()
    return Chart(figure, "gemeenten-uitgaven", f"Lijngrafiek. {finding}.", ACCOUNTS_SOURCE, numbers)


def domain_chart(data: PageData) -> Chart:
    """Return the krimp regions' expenditure per inhabitant by domain, beside the Netherlands."""
    year = last_account(data)
    figure, (axes,) = style.new_figure(4.6)
    rows = domain_bars(axes, data, KRIMPREGIOS, year)
    rows["difference"] = rows["per_inhabitant_eur"] - rows["netherlands_per_inhabitant_eur"]
    ordered = records(rows.sort_values("difference"))
    least, most = ordered[0], ordered[-1]
    finding = (
        f"Per inwoner gaan gemeenten in de krimpregio's in {year} het meest boven Nederland uit bij "
        f"{str(most['title']).lower()} ({number(most['difference'], signed=True)} euro) en het verst eronder bij "
        f"{str(least['title']).lower()} ({number(least['difference'], signed=True)} euro)"
    )
    style.set_finding(figure, finding)
    alt = f"Staafdiagram, euro per inwoner. {finding}. {domain_listing(rows)}."
    return Chart(figure, "gemeenten-uitgaven-domein", alt, ACCOUNTS_SOURCE, rows)


def region_table(data: PageData) -> Table:
    """Return per region what its municipalities spend per inhabitant, by domain, with fund and solvency."""
    year = last_account(data)
    shown = ("sociaal", "onderwijs", "wonen", "verkeer")
    regions = policy_regions(data).sort_values(["type", "name"], ascending=[False, True])
    areas = [NEDERLAND, KRIMPREGIOS, ANTICIPEERREGIOS, *regions["region_id"]]
    cells, kept = [], []
    for area in areas:
        own = accounts(data, area)
        total = number(account(own, year, "lasten", "amount_eur") / MILLION)
        each = [number(account(own, year, item)) for item in ("lasten", *shown)]
        index = 100 * account(own, year, "lasten") / account(own, year, "lasten", "netherlands_per_inhabitant_eur")
        rates = [with_unit(value(data, area, key, year), "%", 1) for key in (FUND, EQUITY)]
        cells.append([name(data, area), total, *each, number(index), *rates])
        kept.append(own.loc[[year]].reset_index())
    titles = domain_titles(data)
    columns = ["Gebied", "Miljoen euro", "Per inwoner", *(titles[item] for item in shown), "Nederland = 100",
               "Uit het gemeentefonds", "Solvabiliteit"]  # fmt: skip
    caption = f"Uitgaven van de gemeenten, jaarrekening {year}; kolommen 3 tot en met 7 in euro per inwoner"
    return text_table(cells, columns, caption, "gemeenten-uitgaven-regios", ACCOUNTS_SOURCE, pd.concat(kept))


def reserves_sentence(data: PageData) -> Prose:
    """Return how far the municipalities lean on the fund and what they own themselves."""
    year = last_account(data)
    fund, own = ({area: series(data, area, key) for area in (KRIMPREGIOS, NEDERLAND)} for key in (FUND, EQUITY))
    krimp = policy_regions(data, "krimp")["region_id"]
    lowest = sorted(krimp, key=lambda area: float(series(data, area, EQUITY)[year]))[:2]
    names = [f"{name(data, area)} ({with_unit(series(data, area, EQUITY)[year], '%')})" for area in lowest]
    return Prose(
        f"Uit het gemeentefonds kwam in {year} {with_unit(fund[KRIMPREGIOS][year], '%', 1)} van de baten van de "
        f"krimpgemeenten, tegen {with_unit(fund[NEDERLAND][year], '%', 1)} in heel Nederland: zij hangen sterker van "
        f"dat "
        f"fonds af. Hun eigen vermogen is {with_unit(own[KRIMPREGIOS][year], '%', 1)} van het balanstotaal, dat van "
        f"alle "
        f"gemeenten {with_unit(own[NEDERLAND][year], '%', 1)}; het laagst is het in {listed(names)}. Een verschil "
        "in uitgaven zegt niet wat nodig is: gemeenten met meer mensen in de bijstand of jeugdzorg geven meer uit, en "
        "wie meer heeft, kan meer uitgeven."
    )
