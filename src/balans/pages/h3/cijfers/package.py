"""The package: its parts, its sum, and what each region gets under four keys."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.errors import RequestError
from balans.pages.data import PageData
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import MILLION, MONEY_SOURCE, definition
from balans.pages.parts.output import Prose, Table
from balans.pages.parts.select import name, source_line
from balans.paths import find_project
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.request import parse_check
from balans.regiocheck.run import run_check
from balans.regiocheck.words import euros
from balans.words.numbers import number, with_unit
from balans.words.verdicts import in_words

PACKAGE_KEYS = {
    "inwoners": "inwoners",
    "woningen": "woningen",
    "land": "land",
    "sterfteoverschot": "meer sterfte dan geboorte",
}

PACKAGE_YEAR = 2015


def package_table(data: PageData) -> Table:
    """Return the package by theme, with the sum recomputed, per inhabitant and over its whole duration."""
    package = definition()["package"]
    rows = data.table("investment").set_index("item")
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
    verdict = in_words("reproduced" if computed == total else "deviates")
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
    people = data.table("investment").set_index("item").loc[package["total"]["id"], "inhabitants"]
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
