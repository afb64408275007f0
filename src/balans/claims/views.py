"""What pages show of the ledger: small tables out of ``data/processed``, and the words for a verdict."""

from __future__ import annotations

import pandas as pd

from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.verdicts import BADGES, NO_FORECAST, NOT_CHECKABLE


def verdict_of(claim: pd.Series) -> str:
    """Return the verdict that a badge shows: the outcome of a prediction if there is one, else the base verdict.

    A prediction of which no outcome can be checked shows its base verdict; so does one that contradicts the report's
    own numbers, for as long as it is too early for its outcome.
    """
    waiting = claim["outcome_verdict"] == "too early" and claim["base_verdict"] == "internally inconsistent"
    without = waiting or claim["outcome_verdict"] in {NO_FORECAST, NOT_CHECKABLE}
    return str(claim["base_verdict"] if without else claim["outcome_verdict"])


def claims_of(claims: pd.DataFrame, chapter: str | None = None, decided_by: str | None = None) -> pd.DataFrame:
    """Return the claims of a chapter (``voorwoord``, ``h1``, ``h2``, ``h3``, ``brief``), with badge and shape."""
    chosen = claims[claims["chapter"] == chapter] if chapter else claims
    chosen = chosen[chosen["decided_by"] == decided_by] if decided_by else chosen
    badges = [BADGES[verdict_of(claim)] for _, claim in chosen.iterrows()]
    return chosen.assign(badge=[badge.word for badge in badges], shape=[badge.shape for badge in badges])


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims have which verdict, by what decided: decided_by, verdict, claims."""
    verdicts = claims.assign(verdict=[verdict_of(claim) for _, claim in claims.iterrows()])
    return verdicts.groupby(["decided_by", "verdict"]).size().rename("claims").reset_index()


def outcome_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims have which outcome, by kind of statement: statement, outcome, claims.

    ``no forecast`` stands apart, so that ``not checkable`` counts only predictions that could not be tested.
    """
    renamed = claims.rename(columns={"outcome_verdict": "outcome"})
    return renamed.groupby(["statement", "outcome"]).size().rename("claims").reset_index()


def definitions_of(alternatives: pd.DataFrame, claim_id: str) -> pd.DataFrame:
    """Return the primary definition of a claim and its alternatives, in order; empty if there is no alternative."""
    return alternatives[alternatives["claim_id"] == claim_id].sort_values("position", ignore_index=True)


def report_rows(report_table: pd.DataFrame, region_id: str) -> pd.DataFrame:
    """Return the report's table for one region beside the krimp regions and the Netherlands, rows in report order."""
    wanted = [region_id, KRIMPREGIOS, NEDERLAND]
    chosen = report_table[report_table["region_id"].isin(wanted)]
    return chosen.assign(order=chosen["region_id"].map({name: at for at, name in enumerate(dict.fromkeys(wanted))}))


def spread(report_table: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Return what lies behind an average: the lowest and highest of the given regions per row and moment.

    Returns:
        row_id, variant, moment, lowest, lowest_region, highest, highest_region, regions (with a figure), unit.
    """
    own = report_table[report_table["region_id"].isin(regions) & report_table["value"].notna()]
    own = own.sort_values(["row_id", "variant", "moment", "value", "region_id"])
    grouped = own.groupby(["row_id", "variant", "moment"])
    ends = grouped[["value", "region_id"]].agg(["first", "last"])
    ends.columns = ["lowest", "highest", "lowest_region", "highest_region"]
    return ends.assign(regions=grouped.size(), unit=grouped["unit"].first()).reset_index()
