"""The outcome of a regiocheck as a table per region."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.bars import text_table
from balans.pages.parts.output import Table
from balans.pages.parts.select import records, source_line
from balans.paths import find_project
from balans.regiocheck import words
from balans.regiocheck.fund import is_of_fund
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.norm import NormResult
from balans.regiocheck.request import Check
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import NO_VALUE, number, with_unit

FUND_SOURCE = "Eenheden van de maatstaf: ministerie van BZK, septembercirculaire 2024."

Result = MoneyResult | NormResult

NORM_WORDS = {True: "haalt de norm niet", False: "haalt de norm"}


def table(data: PageData, result: Result) -> Table:
    """Return what each region gets, or which part of it a norm touches."""
    return _money_table(data, result) if isinstance(result, MoneyResult) else _norm_table(data, result)


def _money_table(data: PageData, result: MoneyResult) -> Table:
    everything = pd.concat([result.regions, result.types[result.types["type"] != "overig"]], ignore_index=True)
    cells = [
        [
            row["name"],
            words.euros(row["amount_eur"]),
            f"€ {number(row['per_inhabitant_eur'], 2)}",
            with_unit(row["share_money"], "%", 1),
            with_unit(row["share_inhabitants"], "%", 1),
            words.euros(row["difference_eur"], signed=True),
            number(row["index"]),
            f"{number(row['taking_part'])} van {number(row['municipalities'])}",
            f"€ {number(row['own_eur_per_inhabitant'], 2)}" if result.check.cofinancing else NO_VALUE,
        ]
        for row in records(everything)
    ]
    columns = [
        "Regio",
        "Bedrag",
        "Per inwoner",
        "Deel van het geld",
        "Deel van de inwoners",
        "Tegenover aandeel",
        "Nederland = 100",
        "Gemeenten die meedoen",
        "Eigen bijdrage per inwoner",
    ]
    return text_table(
        cells, columns, "Wat elke regio krijgt", "regiocheck-tabel", _source(data, result.check), everything
    )


def _norm_table(data: PageData, result: NormResult) -> Table:
    rows = pd.concat(
        [result.types, result.regions.sort_values("share_inhabitants", ascending=False)], ignore_index=True
    )
    cells = [
        [
            row["name"],
            f"{number(row['touched'])} van {number(row['municipalities'])}",
            number(row["inhabitants_touched"]),
            with_unit(row["share_inhabitants"], "%", 1),
        ]
        for row in records(rows)
    ]
    columns = ["Gebied", "Gemeenten onder de norm", "Inwoners daarvan", "Deel van de inwoners"]
    return text_table(cells, columns, "Wie de norm raakt", "regiocheck-tabel", _source(data, result.check), rows)


def _source(data: PageData, check: Check) -> str:
    keys = load_keys(find_project())
    used = {indicator for key in check.key for indicator in keys[key].indicators} | {"inwoners"}
    used |= {condition.indicator for condition in (*check.thresholds, *((check.norm,) if check.norm else ()))}
    line = source_line(data, used, [NEDERLAND, KRIMPREGIOS], [check.year])
    return f"{line} {FUND_SOURCE}" if is_of_fund(check) else line
