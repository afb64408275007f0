"""The return that the report claims, number by number, and the share in GDP that it rests on."""

from __future__ import annotations

import pandas as pd

from balans.investment.returns import Returns, gdp_shares, rebuild_returns
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import MILLION, definition
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import series
from balans.words.areas import KRIMPREGIOS
from balans.words.numbers import NO_VALUE, number, with_unit

FIRST_YEAR = 2013

NOT_CHECKABLE = "niet te toetsen"

Row = tuple[str, str, str, str]


def returns(data: PageData) -> Returns:
    """Return the claimed return, rebuilt."""
    return rebuild_returns(definition(), data.indicators, series(data, KRIMPREGIOS, "inwoners")[2015])


def returns_table(data: PageData) -> Table:
    """Return every number around the claimed return: stated, rebuilt, and what it means."""
    rows = [*_product_rows(data), *_fiscal_rows(data)]
    columns = ["Getal", "In het rapport", "Nagerekend", "Wat het is"]
    caption = "Het geclaimde rendement, nagerekend"
    source = (
        "Bron: rapport Nederland in balans (2016); Eurostat (nama_10r_3gdp), CBS (70072ned); "
        "bewerking Nederland in balans."
    )
    numbers = pd.DataFrame([{"figure": row[0], "stated": row[1], "rebuilt": row[2]} for row in rows])
    return text_table([list(row) for row in rows], columns, caption, "rendement-nagerekend", source, numbers)


def _product_rows(data: PageData) -> list[Row]:
    stated, found = definition()["returns"], returns(data)
    before = gdp_shares(definition(), data.indicators).set_index("year")["with_groningen"][FIRST_YEAR]
    share, lost = with_unit(100 * stated["stated_gdp_share"], "%", 1), with_unit(100 * stated["share_of_gdp_lost"], "%")
    return [
        (
            "Aandeel van de COROP-gebieden in het bbp",
            share,
            with_unit(100 * found.share, "%", 2),
            f"In {found.year}; in {FIRST_YEAR} was het {number(before, 2)}%. Zeven gebieden, met de stad Groningen.",
        ),
        (
            "Verlies zonder investering, per jaar",
            _billion(stated["stated_return_eur"], 0),
            _billion(found.avoided),
            f"{lost} van {share} van het bbp van {found.year} ({_billion(found.gdp)}).",
        ),
        (
            "Hetzelfde met het berekende aandeel",
            NO_VALUE,
            _billion(found.avoided_computed),
            "Hetzelfde product, met het aandeel van dat jaar zelf.",
        ),
        (
            "Hetzelfde zonder Overig Groningen",
            NO_VALUE,
            _billion(found.avoided_without_groningen),
            "Zonder de stad Groningen en een groot deel van het gas.",
        ),
        (
            "Per inwoner van de krimpregio's",
            NO_VALUE,
            f"€ {number(found.per_inhabitant)}",
            "Product dat blijft, geen inkomen en geen belasting.",
        ),
    ]


def _fiscal_rows(data: PageData) -> list[Row]:
    stated, found = definition()["returns"], returns(data)
    gain, package = stated["stated_fiscal_gain_eur"], definition()["package"]["total"]["amount_eur"]
    million, product = number(gain / MILLION), _billion(stated["stated_return_eur"], 0)
    return [
        (
            "Inverdieneffect voor het Rijk, per jaar",
            f"€ {million} miljoen",
            NOT_CHECKABLE,
            "Het rapport noemt geen berekening.",
        ),
        (
            "Inverdieneffect als deel van het pakket",
            NO_VALUE,
            with_unit(100 * found.fiscal_cover, "%", 1),
            f"{million} van {number(package / MILLION)} miljoen; de rest krijgt het Rijk niet terug.",
        ),
        (
            "Inverdieneffect per persoon die aan het werk blijft",
            NO_VALUE,
            f"€ {number(found.fiscal_per_participant)}",
            f"{million} miljoen gedeeld door {number(stated['stated_participants'])} mensen.",
        ),
        (
            "Inverdieneffect als deel van het rendement",
            NO_VALUE,
            with_unit(100 * found.fiscal_of_product, "%", 1),
            f"{million} miljoen van {product}: zoveel van elke euro product komt bij het Rijk.",
        ),
    ]


def _billion(amount: float, decimals: int = 1) -> str:
    return f"€ {number(amount / 1e9, decimals)} miljard"


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
