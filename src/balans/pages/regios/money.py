"""The money of the municipalities of one region."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.money import ACCOUNTS_SOURCE, MILLION, account, accounts, domain_bars, domain_listing
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name, series
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit

COLUMNS = ("per_inhabitant_eur", "netherlands_per_inhabitant_eur")


def by_domain(data: PageData, region_id: str) -> Chart | None:
    """Return what the municipalities spend per inhabitant by domain, beside the Netherlands; None without accounts."""
    table = accounts(data, region_id)
    if table.empty:
        return None
    year = int(table.index.get_level_values("year").max())
    figure, (axes,) = style.new_figure(4.6)
    rows = domain_bars(axes, data, region_id, year)
    own, country = (account(table, year, "lasten", column) for column in COLUMNS)
    place = f"Gemeenten in {name(data, region_id)} gaven in {year}"
    finding = f"{place} € {number(own)} per inwoner uit, heel Nederland € {number(country)}"
    style.set_finding(figure, finding)
    alt = f"Staafdiagram, euro per inwoner. {finding}. {domain_listing(rows)}."
    return Chart(figure, f"{region_id}-gemeentegeld", alt, ACCOUNTS_SOURCE, rows)


def sentence(data: PageData, region_id: str) -> Prose | None:
    """Return the total, the part of the gemeentefonds and the solvency; None without accounts."""
    table = accounts(data, region_id)
    if table.empty:
        return None
    year = int(table.index.get_level_values("year").max())
    amount = account(table, year, "lasten", "amount_eur")
    parts = [f"Samen gaven de gemeenten in {year} {number(amount / MILLION)} miljoen euro uit."] if amount > 0 else []
    for key, text in (
        ("gemeentefonds_aandeel", "Van de baten kwam {own} uit het gemeentefonds (Nederland {country})."),
        ("solvabiliteit_gemeenten", "Het eigen vermogen was {own} van het balanstotaal (Nederland {country})."),
    ):
        own, country = (series(data, area, key).get(year) for area in (region_id, NEDERLAND))
        if own is not None and country is not None:
            parts.append(text.format(own=with_unit(own, "%", 1), country=with_unit(country, "%", 1)))
    return Prose(" ".join(parts)) if parts else None
