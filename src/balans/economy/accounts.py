"""Budgets and accounts of the municipalities (CBS Iv3), summed to areas and to domains."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.definitions import load_definition
from balans.indicators.aggregate import aggregate
from balans.indicators.catalogue import Indicator
from balans.paths import Project
from balans.sources.stored import read_stored
from balans.words.areas import NEDERLAND

SOURCE = "iv3"
THOUSAND = 1000
INHABITANTS = "inhabitants"
STATEMENTS = ("budget", "account")
COLUMNS = ["region_id", "statement", "year", "item", "title", "kind", "amount_eur", "per_inhabitant_eur",
           "netherlands_per_inhabitant_eur", "coverage"]  # fmt: skip


@dataclass(frozen=True)
class Item:
    """What is read of a budget or an account.

    Attributes:
        id: name in the table.
        title: name on a page, in Dutch.
        kind: ``domain`` (a sum of taakvelden) or ``total``.
        measure: the measure of a total, or what the codes of a domain's taakvelden begin with.
    """

    id: str
    title: str
    kind: str
    measure: str


def load_items(project: Project) -> list[Item]:
    """Return the items of ``definitions/municipal_accounts.yml``, domains first.

    Raises:
        DefinitionError: the file is not as its schema asks.
    """
    content = load_definition(project.definitions / "municipal_accounts.yml")
    domains = [Item(one["id"], one["title"], "domain", one["begins_with"]) for one in content["domains"]]
    return domains + [Item(one["id"], one["title"], "total", one["measure"]) for one in content["totals"]]


def municipal_items(stored: pd.DataFrame, items: list[Item], statement: str) -> pd.DataFrame:
    """Return euros per item, and inhabitants: one row per (region, year), one column per item.

    A taakveld without a figure is a taakveld without money; a statement that was not delivered has no row.
    """
    own = stored[stored["statement"] == statement].astype({"year": "int64"})
    wide = own.pivot(index=["region", "year"], columns="measure", values="value")
    made = {item.id: _amount(wide, item) * THOUSAND for item in items if _is_there(wide, item)}
    return pd.DataFrame({**made, INHABITANTS: wide[INHABITANTS]})


def _is_there(wide: pd.DataFrame, item: Item) -> bool:
    # Equity and the balance are in accounts only.
    return item.kind == "domain" or item.measure in wide


def _amount(wide: pd.DataFrame, item: Item) -> pd.Series:
    if item.kind == "total":
        return wide[item.measure]
    codes = [name for name in wide.columns if name.startswith(f"expenditure_{item.measure}")]
    return wide[codes].sum(axis=1)


def account_table(project: Project, membership: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``municipal_accounts``.

    Args:
        project: where the definitions and stored figures are.
        membership: areas and their municipalities per year; a municipality that lies partly in an area counts for the
            part of its inhabitants that lives there.

    Returns:
        region_id, statement (budget or account), year, item, title, kind (domain or total), amount_eur (empty where a
        municipality of the area has no statement), per_inhabitant_eur (of the municipalities that have one, at least
        80% of them), netherlands_per_inhabitant_eur, coverage (part of the municipalities with a statement). Euros of
        each year; domains add up to ``lasten``.
    """
    stored, items = read_stored(project.raw, SOURCE), load_items(project)
    tables = []
    for statement in STATEMENTS:
        figures = municipal_items(stored, items, statement)
        tables += [_one(figures, membership, item, statement) for item in items if item.id in figures]
    table = pd.concat(tables, ignore_index=True)
    keys = ["statement", "year", "item"]
    country = table[table["region_id"] == NEDERLAND].set_index(keys)["per_inhabitant_eur"]
    table = table.join(country.rename("netherlands_per_inhabitant_eur"), on=keys)
    return table[COLUMNS].sort_values(COLUMNS[:4], ignore_index=True).round(6)


def _one(figures: pd.DataFrame, membership: pd.DataFrame, item: Item, statement: str) -> pd.DataFrame:
    formula = Indicator(item.id, item.title, "", "euro", 0, "none", "", "ratio", item.id, INHABITANTS)
    made = aggregate(figures, membership, formula)
    return made.assign(
        statement=statement,
        item=item.id,
        title=item.title,
        kind=item.kind,
        amount_eur=made["numerator"].where(made["coverage"] == 1.0),
        per_inhabitant_eur=made["value"],
    )
