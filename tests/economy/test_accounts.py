"""Money of municipalities, and who works where: sums that must come out."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.economy.accounts import Item, municipal_items
from balans.paths import Project
from balans.tables import read_table
from balans.words.areas import NEDERLAND


@pytest.fixture(scope="module")
def accounts(project: Project) -> pd.DataFrame:
    return read_table(project.processed, "municipal_accounts")


def test_domains_add_up_to_all_expenditure(accounts: pd.DataFrame) -> None:
    """Guards the domains: whatever taakvelden a year has, the first digits together are all expenditure."""
    keys = ["region_id", "statement", "year"]
    domains = accounts[accounts["kind"] == "domain"].groupby(keys)["per_inhabitant_eur"].sum()
    whole = accounts[accounts["item"] == "lasten"].set_index(keys)["per_inhabitant_eur"]
    assert len(whole) > 5000
    assert (domains - whole).abs().max() < 0.01


@pytest.mark.parametrize("kind", ["PV", "CR"])
def test_areas_make_the_country(accounts: pd.DataFrame, kind: str) -> None:
    """Guards the sums: provinces, and COROP areas, together are the Netherlands, in every statement and item."""
    keys = ["statement", "year", "item"]
    rows = accounts[accounts["region_id"].str.match(rf"{kind}\d\d$") & (accounts["year"] != 2025)]
    country = accounts[accounts["region_id"] == NEDERLAND].set_index(keys)["amount_eur"].dropna()
    sums = rows.groupby(keys)["amount_eur"].sum().reindex(country.index)
    assert sums.to_numpy() == pytest.approx(country.to_numpy(), rel=1e-6)


def test_a_missing_budget_is_no_amount(accounts: pd.DataFrame) -> None:
    """Guards 2025: four municipalities have no budget, so the country has no amount, and still one per inhabitant."""
    row = accounts[
        (accounts["region_id"] == NEDERLAND)
        & (accounts["statement"] == "budget")
        & (accounts["year"] == 2025)
        & (accounts["item"] == "lasten")
    ].iloc[0]
    assert pd.isna(row["amount_eur"])
    assert row["coverage"] < 1
    assert row["per_inhabitant_eur"] > 4000


def test_taakvelden_of_any_year_are_in_their_domain() -> None:
    """Guards the codes that change (6.2, later 6.21 to 6.23), on synthetic rows: both are in domain 6."""
    stored = pd.DataFrame(
        [
            ("budget", "inhabitants", "GM0001", "2024", 10.0),
            ("budget", "expenditure_6.2", "GM0001", "2024", 5.0),
            ("budget", "inhabitants", "GM0001", "2025", 10.0),
            ("budget", "expenditure_6.21", "GM0001", "2025", 2.0),
            ("budget", "expenditure_6.23", "GM0001", "2025", 3.0),
        ],
        columns=["statement", "measure", "region", "year", "value"],
    )
    made = municipal_items(stored, [Item("sociaal", "Sociaal", "domain", "6.")], "budget")
    assert made["sociaal"].tolist() == [5000.0, 5000.0]


def test_jobs_of_residents_are_shared_out(project: Project) -> None:
    """Guards commuting: of each area the shares make 100%, and all jobs are the 7.775 million of CBS."""
    table = read_table(project.processed, "commuting")
    assert table.groupby("from_id")["share"].sum().to_numpy() == pytest.approx(100, abs=1e-3)
    assert table["jobs"].sum() == pytest.approx(7_775_000, abs=500)
    assert table["from_id"].nunique() == 40


def test_sectors_are_all_jobs(project: Project) -> None:
    """Guards the sectors: where nothing is secret they add up to the total, but for CBS's rounding."""
    table = read_table(project.processed, "jobs_by_sector")
    parts = (
        table[table["sector"] != "total"]
        .groupby(["area", "year"])
        .agg(jobs=("jobs", "sum"), secret=("suppressed", "sum"))
    )
    whole = table[table["sector"] == "total"].set_index(["area", "year"])["jobs"]
    open_years = parts[parts["secret"] == 0]
    assert len(open_years) > 5
    assert (open_years["jobs"] - whole.reindex(open_years.index)).abs().max() <= 5000
