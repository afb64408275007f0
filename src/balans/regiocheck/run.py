"""Run a regiocheck on the tables of ``data/processed``."""

from __future__ import annotations

import pandas as pd

from balans.paths import Project
from balans.regiocheck.money import MoneyResult, share_out
from balans.regiocheck.municipalities import load_keys, open_country
from balans.regiocheck.norm import NormResult, hold_against
from balans.regiocheck.request import Check


def run_check(
    project: Project, check: Check, indicators: pd.DataFrame, membership: pd.DataFrame, regions: pd.DataFrame
) -> MoneyResult | NormResult:
    """Return what a budget or a norm does, from the tables ``indicators``, ``membership`` and ``regions``.

    Raises:
        RequestError: the check has no answer with the figures at hand; the message, in Dutch, says what would have.
    """
    country = open_country(indicators, membership, regions, check.year)
    names = {str(area): str(name) for area, name in zip(regions["region_id"], regions["name"], strict=True)}
    if check.norm is not None:
        return hold_against(check, country, names)
    return share_out(check, country, load_keys(project), names)
