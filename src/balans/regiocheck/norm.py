"""Second mode: hold a norm or threshold against every municipality, and see whom it touches."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import RequestError
from balans.regiocheck.money import TYPE_NAMES
from balans.regiocheck.municipalities import Country, meets
from balans.regiocheck.request import Check
from balans.words.areas import NEDERLAND


@dataclass(frozen=True)
class NormResult:
    """Whom a norm touches.

    Attributes:
        check: what was asked.
        municipalities: per piece: gm_code, region_id, region_type, inhabitants, value, touched (fails the norm).
        types: per type of region and for the Netherlands: name, municipalities, touched, share_municipalities (%),
            inhabitants, inhabitants_touched, share_inhabitants (%).
        regions: the same per policy region.
        unknown: municipalities without a figure; they count as not touched.
    """

    check: Check
    municipalities: pd.DataFrame
    types: pd.DataFrame
    regions: pd.DataFrame
    unknown: tuple[str, ...]


def hold_against(check: Check, country: Country, names: dict[str, str]) -> NormResult:
    """Return which municipalities do not meet the norm of a check, and how many people live there.

    Raises:
        RequestError: the check has no norm, or there are no figures for it.
    """
    if check.norm is None:
        raise RequestError("Deze regiocheck heeft geen norm. Gebruik de verdeling van een budget.")
    met = meets(country, check.norm)
    pieces = country.pieces.assign(
        inhabitants=country.pieces["gm_code"].map(country.values("inwoners")) * country.pieces["weight"],
        value=country.pieces["gm_code"].map(country.values(check.norm.indicator)),
        touched=~country.pieces["gm_code"].map(met.fillna(True)).astype(bool),
    )
    pieces = pieces[pieces["region_type"].isin(check.only)]
    types = pd.concat([_count(pieces, "region_type"), _count(pieces.assign(region_type=NEDERLAND), "region_type")])
    order = ["krimp", "anticipeer", "overig", NEDERLAND]
    types = types.sort_values("region_type", key=lambda kind: kind.map(order.index), ignore_index=True)
    types.insert(1, "name", types["region_type"].map({**TYPE_NAMES, NEDERLAND: "Nederland"}))
    regions = _count(pieces[pieces["region_type"] != "overig"], "region_id")
    regions.insert(1, "name", regions["region_id"].map(names))
    return NormResult(check, pieces, types, regions, tuple(country.codes[met.isna()]))


def _count(pieces: pd.DataFrame, group: str) -> pd.DataFrame:
    """A municipality that lies in two groups counts in each; its inhabitants count where they live."""
    touched = pieces[pieces["touched"]]
    table = pd.DataFrame(
        {
            "municipalities": pieces.groupby(group)["gm_code"].nunique(),
            "touched": touched.groupby(group)["gm_code"].nunique(),
            "inhabitants": pieces.groupby(group)["inhabitants"].sum(),
            "inhabitants_touched": touched.groupby(group)["inhabitants"].sum(),
        }
    ).fillna(0)
    table["share_municipalities"] = 100 * table["touched"] / table["municipalities"]
    table["share_inhabitants"] = 100 * table["inhabitants_touched"] / table["inhabitants"]
    return table.reset_index()
