"""The keys of the gemeentefonds as ready checks, and what a change of a key's weight does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.pages.data import page_data
from balans.pages.h4.regiocheck.check import find_check, run
from balans.paths import Project
from balans.regiocheck.fund import MOVED, OWN_TAX, fund_checks, fund_units, fund_weights
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.tables import read_table
from balans.words.areas import NEDERLAND

POSITIVE = st.floats(min_value=1, max_value=1e6)


def test_every_key_has_units_a_weight_and_a_check(project: Project) -> None:
    """Guards the 49 keys: units, euro per unit, a title and a check, no more and no less."""
    units = set(fund_units(project)["indicator"])
    assert len(units) == 49
    assert units == set(fund_weights(project).index)
    assert units == {key.id for key in load_keys(project).values() if key.id.startswith("gf_")}
    assert len(fund_checks(project)) == 49


def test_shares_of_the_country(project: Project) -> None:
    """Guards the table: the country has all of every key, gains nothing, and the keys make the whole basis."""
    table = read_table(project.processed, "gemeentefonds_keys")
    country = table[table["region_id"] == NEDERLAND]
    assert country["share"].to_numpy() == pytest.approx(100)
    assert country["shift_eur"].dropna().abs().max() < 1e-3
    assert country["share_of_basis"].sum() == pytest.approx(100, abs=1e-6)
    assert set(country.loc[country["share_of_basis"].isna(), "key"]) == set(OWN_TAX)


def test_a_ready_check_agrees_with_the_table(project: Project) -> None:
    """Guards both ways to a share: the regiocheck of a key gives each region what the table says, to the cent."""
    result = run(page_data(template="h4/regiocheck"), find_check("gemeentefonds-kernen"))
    assert isinstance(result, MoneyResult)
    table = read_table(project.processed, "gemeentefonds_keys")
    shares = table[table["key"] == "gf_kernen"].set_index("region_id")["share"]
    amounts = result.regions.set_index("region_id")["amount_eur"].drop("overig-nederland")
    assert amounts.to_numpy() == pytest.approx(shares[amounts.index].to_numpy() * MOVED / 100, abs=0.5)
    assert result.regions["amount_eur"].sum() == pytest.approx(MOVED)


@given(
    st.lists(st.tuples(POSITIVE, POSITIVE, POSITIVE), min_size=2, max_size=6),
    st.floats(min_value=1.0, max_value=2.0),
    st.floats(min_value=0.01, max_value=0.5),
)
def test_what_moves_is_share_of_key_minus_share_of_basis(
    money: list[tuple[float, float, float]], factor: float, more: float
) -> None:
    """Guards the formula: with any payment factor, a heavier key under the same total moves money by the two shares."""
    table = pd.DataFrame(money)
    heavier = table.assign(**{"0": table[0] * (1 + more)})[["0", 1, 2]]
    total = factor * table.to_numpy().sum()
    new_factor = total / heavier.to_numpy().sum()
    gain = new_factor * heavier.sum(axis=1) - factor * table.sum(axis=1)
    moved = new_factor * more * table[0].sum()
    expected = moved * (table[0] / table[0].sum() - table.sum(axis=1) / table.to_numpy().sum())
    assert gain.sum() == pytest.approx(0, abs=1e-6 * total)
    assert np.allclose(gain, expected, rtol=1e-6, atol=1e-6 * total)
