"""The return that the report claims, rebuilt: which product is meant, and what it would bring the treasury."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.words.areas import NEDERLAND


@dataclass(frozen=True)
class Returns:
    """The claimed return beside what the figures give; amounts in euro.

    Attributes:
        gdp: gross domestic product of the Netherlands in the year of the claim.
        share: part of it in the COROP areas of the report, computed.
        avoided: loss avoided: the lost part times the stated share times GDP.
        avoided_computed: the same with the computed share.
        avoided_without_groningen: the same without Overig Groningen.
        per_inhabitant: avoided loss per inhabitant of the krimp regions.
        fiscal_per_participant: claimed fiscal gain per person who stays at work.
        fiscal_cover: claimed fiscal gain as a part of the package.
        fiscal_of_product: claimed fiscal gain as a part of the product kept.
    """

    year: int
    gdp: float
    share: float
    avoided: float
    avoided_computed: float
    avoided_without_groningen: float
    per_inhabitant: float
    fiscal_per_participant: float
    fiscal_cover: float
    fiscal_of_product: float


def rebuild_returns(definition: dict[str, Any], indicators: pd.DataFrame, inhabitants: float) -> Returns:
    """Return the claimed return, rebuilt from the regional accounts.

    Args:
        definition: ``investment.yml``.
        indicators: the table ``indicators``; ``bbp`` is in million euro.
        inhabitants: of the krimp regions.
    """
    rules = definition["returns"]
    rows = indicators[(indicators["indicator"] == "bbp") & (indicators["year"] == rules["gdp_year"])]
    product = rows.set_index("region_id")["value"] * 1e6
    country, own = product[NEDERLAND], product[rules["gdp_set"]]
    lost = rules["share_of_gdp_lost"]
    avoided = lost * rules["stated_gdp_share"] * country
    return Returns(
        year=rules["gdp_year"],
        gdp=country,
        share=own / country,
        avoided=avoided,
        avoided_computed=lost * own,
        avoided_without_groningen=lost * product[rules["gdp_set_without_groningen"]],
        per_inhabitant=avoided / inhabitants,
        fiscal_per_participant=rules["stated_fiscal_gain_eur"] / rules["stated_participants"],
        fiscal_cover=rules["stated_fiscal_gain_eur"] / definition["package"]["total"]["amount_eur"],
        fiscal_of_product=rules["stated_fiscal_gain_eur"] / rules["stated_return_eur"],
    )


def gdp_shares(definition: dict[str, Any], indicators: pd.DataFrame) -> pd.DataFrame:
    """Return year, with_groningen, without_groningen: the share (%) of both sets of COROP areas in Dutch GDP."""
    rules = definition["returns"]
    names = {"with_groningen": rules["gdp_set"], "without_groningen": rules["gdp_set_without_groningen"]}
    rows = indicators[(indicators["indicator"] == "bbp") & indicators["region_id"].isin([*names.values(), NEDERLAND])]
    wide = rows.pivot(index="year", columns="region_id", values="value").dropna()
    shares = pd.DataFrame({name: 100 * wide[area] / wide[NEDERLAND] for name, area in names.items()})
    return shares.reset_index()
