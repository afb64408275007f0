"""The report's second table: the package beside other money, each amount with a verdict."""

from __future__ import annotations

import pandas as pd

from balans.investment.package import Material
from balans.words.areas import KRIMPREGIOS
from balans.words.verdicts import NOT_CHECKABLE

REPRODUCED, DEVIATES = "reproduced", "deviates"


def build_perspective(material: Material, investment: pd.DataFrame) -> pd.DataFrame:
    """Return item, title, stated_eur, rebuilt_eur, times_package, per_inhabitant_eur, verdict, explanation, source.

    An amount is reproduced if the source's amount, rounded as the report rounds, is the stated one.
    """
    amounts = investment.set_index("item")
    themes = sum(theme["amount_eur"] for theme in material.definition["package"]["themes"])
    total = material.definition["package"]["total"]
    rows = []
    for entry in material.definition["perspective"]:
        stated, checked = entry["stated_eur"], entry.get("checked_with")
        rebuilt = None if checked is None else themes if checked == total["id"] else _amount(amounts.loc[checked])
        rows.append(
            {
                "item": entry["id"],
                "title": entry["title"],
                "stated_eur": float(stated),
                "rebuilt_eur": rebuilt,
                "times_package": stated / total["amount_eur"],
                "per_inhabitant_eur": stated / material.inhabitants(KRIMPREGIOS)
                if _is_of_regions(entry["id"])
                else None,
                "verdict": _verdict(stated, rebuilt, entry.get("rounded_to")),
                "explanation": entry.get("why", ""),
                "source": "geen bron" if checked is None else amounts.loc[checked, "source"],
            }
        )
    return pd.DataFrame(rows)


def _amount(item: pd.Series) -> float:
    """The amount of an item; of a range its middle."""
    return float(item["amount_eur"] if pd.isna(item["low_eur"]) else (item["low_eur"] + item["high_eur"]) / 2)


def _is_of_regions(item: str) -> bool:
    """The neighbourhoods and the provinces have other inhabitants than the krimp regions."""
    return item not in ("perspectief-krachtwijken", "perspectief-provincies")


def _verdict(stated: float, rebuilt: float | None, rounded_to: float | None) -> str:
    if rebuilt is None or rounded_to is None:
        return NOT_CHECKABLE
    return REPRODUCED if abs(rebuilt - stated) <= rounded_to / 2 else DEVIATES
