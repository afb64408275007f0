"""The regiocheck on real figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.errors import RequestError
from balans.indicators.catalogue import load_indicators
from balans.paths import Project
from balans.publish.regiocheck_report import write_report
from balans.regiocheck import words
from balans.regiocheck.money import MoneyResult, share_out
from balans.regiocheck.municipalities import Country, Key, key_values, load_keys, open_country
from balans.regiocheck.norm import NormResult, hold_against
from balans.regiocheck.request import load_policies, parse_check
from balans.tables import read_table


@pytest.fixture(scope="module")
def tables(project: Project) -> dict[str, pd.DataFrame]:
    """The three tables that a check reads."""
    return {name: read_table(project.processed, name) for name in ("indicators", "membership", "regions")}


@pytest.fixture(scope="module")
def country(tables: dict[str, pd.DataFrame]) -> Country:
    """The municipalities of 2015."""
    return open_country(**tables, year=2015)


@pytest.fixture(scope="module")
def keys(project: Project) -> dict[str, Key]:
    """Every allocation key."""
    return load_keys(project)


@pytest.fixture(scope="module")
def names(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """region_id → name."""
    return dict(tables["regions"].set_index("region_id")["name"])


def ask(country: Country, keys: dict[str, Key], names: dict[str, str], **asked: Any) -> MoneyResult:
    """Share out a budget."""
    return share_out(parse_check(asked), country, keys, names)


def test_country_of_2015(country: Country) -> None:
    """393 municipalities, 47 of them krimp, 1,352,426 people there."""
    people = country.pieces["gm_code"].map(country.values("inwoners")) * country.pieces["weight"]
    krimp = country.pieces["region_type"] == "krimp"
    assert len(country.codes) == 393
    assert krimp.sum() == 47
    assert people[krimp].sum() == 1_352_426
    assert people.sum() == 16_900_726


def test_weights_of_every_municipality_add_up(tables: dict[str, pd.DataFrame]) -> None:
    """In a year with municipalities across a region's border nobody is counted twice or lost."""
    pieces = open_country(**tables, year=2024).pieces
    assert pieces.groupby("gm_code")["weight"].sum().sub(1).abs().max() < 1e-9
    assert (pieces["weight"] < 1).any()


def test_threshold_gives_krimp_regions_less(country: Country, keys: dict[str, Key], names: dict[str, str]) -> None:
    """100 million for municipalities of 50,000 or more: krimp regions get 3.33 per inhabitant against 5.92."""
    threshold = [{"kenmerk": "inwoners", "minstens": 50_000}]
    result = ask(country, keys, names, budget=100_000_000, sleutel="inwoners", drempels=threshold)
    rows = result.types.set_index("type")
    assert rows.loc["krimp", "per_inhabitant_eur"] < rows.loc["overig", "per_inhabitant_eur"]
    assert rows.loc["krimp", "per_inhabitant_eur"] == pytest.approx(3.33, abs=0.005)
    assert rows.loc["nederland", "per_inhabitant_eur"] == pytest.approx(100e6 / 16_900_726)
    # Zeeuws-Vlaanderen: Terneuzen (54,577) is over the threshold, Hulst and Sluis are not.
    members = result.municipalities[result.municipalities["region_id"] == "zeeuws-vlaanderen"]
    assert members.loc[members["takes_part"], "gm_code"].tolist() == ["GM0715"]


def test_per_inhabitant_by_hand(country: Country, keys: dict[str, Key], names: dict[str, str]) -> None:
    """By inhabitants every region gets its own share, within a cent per municipality."""
    result = ask(country, keys, names, budget=16_900_726, sleutel="inwoners")
    assert (result.regions["amount_eur"] - result.regions["inhabitants"]).abs().max() < 1
    assert result.regions["index"].round(6).eq(100).all()


@settings(max_examples=25, deadline=None)
@given(
    budget=st.decimals(0, 10**10, places=2).map(float),
    first=st.sampled_from(["inwoners", "woningen", "banen", "land", "studenten", "stedelijk", "inkomen", "gemeenten"]),
    second=st.sampled_from(["huishoudens", "leerlingen", "landelijk", "inkomensachterstand", "ouderen"]),
    weight=st.floats(0, 1),
    least=st.integers(0, 100_000),
)
def test_any_allocation_sums_to_the_cent(
    country: Country,
    keys: dict[str, Key],
    names: dict[str, str],
    budget: float,
    first: str,
    second: str,
    weight: float,
    least: int,
) -> None:
    """Any mix of keys, any threshold: the regions add up to the budget, and who is shut out gets nothing."""
    key = {first: weight, second: 1 - weight}
    drempels = [{"kenmerk": "inwoners", "minstens": least}]
    result = ask(country, keys, names, budget=budget, sleutel=key, drempels=drempels)
    assert result.municipalities["cents"].sum() == round(budget * 100)
    assert round(result.regions["amount_eur"].sum() * 100) == round(budget * 100)
    assert (result.municipalities.loc[~result.municipalities["takes_part"], "cents"] == 0).all()
    assert result.regions["difference_eur"].sum() == pytest.approx(0, abs=0.01)


def test_keys_against_the_published_totals(country: Country, keys: dict[str, Key]) -> None:
    """The municipalities of a key add up to the figure of the Netherlands, as far as CBS rounds."""
    published = {"inwoners": 16_900_726, "huishoudens": 7_665_198, "woningen": 7_587_964, "land": 33_687.62}
    for name, total in published.items():
        assert key_values(country, keys[name]).sum() == pytest.approx(total, rel=1e-4), name
    assert key_values(country, keys["leerlingen"]).sum() == pytest.approx(1_443_126 + 995_336, rel=1e-3)
    assert key_values(country, keys["gemeenten"]).sum() == 393


def test_income_gap_is_nothing_above_the_mean(country: Country, keys: dict[str, Key]) -> None:
    """A municipality with more income per head than the Netherlands has nothing of this key."""
    values = key_values(country, keys["inkomensachterstand"])
    income = country.values("besteedbaar_inkomen_per_inwoner")
    mean = country.country_value("besteedbaar_inkomen_per_inwoner")
    assert (values[income > mean] == 0).all()
    assert (values[income < mean] > 0).all()


def test_cofinancing_by_hand(country: Country, keys: dict[str, Key], names: dict[str, str]) -> None:
    """At 30% own money, 70 euro of the state takes 30 euro of the region."""
    result = ask(country, keys, names, budget=70e6, sleutel="inwoners", cofinanciering=0.3)
    row = result.types.set_index("type").loc["krimp"]
    assert row["own_eur_per_inhabitant"] == pytest.approx(row["per_inhabitant_eur"] * 3 / 7)
    assert row["own_share_of_income"] > result.types.set_index("type").loc["nederland", "own_share_of_income"]


def test_unknown_key_names_those_there_are(country: Country, keys: dict[str, Key], names: dict[str, str]) -> None:
    """A key that does not exist is answered with the list."""
    with pytest.raises(RequestError, match=r"geen sleutel 'koeien'.*inwoners, huishoudens"):
        ask(country, keys, names, budget=1, sleutel="koeien")


def test_year_without_figures_names_those_with(tables: dict[str, pd.DataFrame], keys: dict[str, Key]) -> None:
    """Jobs are there for 2015 only, and the message says so; a division of 1950 does not exist."""
    with pytest.raises(RequestError, match="Kies als peiljaar: 2015"):
        key_values(open_country(**tables, year=2020), keys["banen"])
    with pytest.raises(RequestError, match="geen gemeentelijke indeling van 1950"):
        open_country(**tables, year=1950)
    with pytest.raises(RequestError, match="geen kenmerk 'geluk'"):
        open_country(**tables, year=2015).values("geluk")


def test_nobody_takes_part(country: Country, keys: dict[str, Key], names: dict[str, str]) -> None:
    """A threshold that shuts out everybody is explained, not divided by zero."""
    with pytest.raises(RequestError, match="Geen enkele gemeente"):
        ask(country, keys, names, budget=1, sleutel="land", drempels=[{"kenmerk": "inwoners", "minstens": 1e9}])


def test_norm_counts_by_hand(country: Country, names: dict[str, str]) -> None:
    """Municipalities under 25,000 inhabitants in 2015, counted from the figures themselves."""
    check = parse_check({"norm": {"kenmerk": "inwoners", "minstens": 25_000}})
    result = hold_against(check, country, names)
    rows = result.types.set_index("region_type")
    people = country.values("inwoners")
    assert rows.loc["nederland", "touched"] == (people < 25_000).sum()
    assert rows.loc["nederland", "inhabitants_touched"] == people[people < 25_000].sum()
    assert rows.loc["krimp", "share_inhabitants"] > rows.loc["overig", "share_inhabitants"]
    assert rows["touched"].iloc[:3].sum() == rows.loc["nederland", "touched"]


def test_norm_at_the_bound_is_met(country: Country, names: dict[str, str]) -> None:
    """A municipality exactly on the norm meets it, whatever the last bit of the figure."""
    values = country.values("afstand_basisschool").dropna()
    check = parse_check({"norm": {"kenmerk": "afstand_basisschool", "hoogstens": 0.8}})
    result = hold_against(check, country, names)
    touched = set(result.municipalities.loc[result.municipalities["touched"], "gm_code"])
    assert touched == set(values.index[values.round(6) > 0.8])


def test_every_example_has_an_outcome(project: Project, tables: dict[str, pd.DataFrame], keys: dict[str, Key]) -> None:
    """Each example of definitions/policies.yml is computed and said in Dutch."""
    catalogue = load_indicators(project)
    names = dict(tables["regions"].set_index("region_id")["name"])
    for check in load_policies(project).values():
        country = open_country(**tables, year=check.year)
        assert check.name
        assert words.rule(check, keys, catalogue).endswith(f"Peiljaar {check.year}.")
        if check.norm:
            found: MoneyResult | NormResult = hold_against(check, country, names)
            assert isinstance(found, NormResult)
            assert len(words.norm_sentences(found)) >= 4
        else:
            result = share_out(check, country, keys, names)
            assert "De krimpregio's krijgen" in words.money_sentences(result)[0]
            assert "nan" not in " ".join(words.money_sentences(result))


def test_report_page_and_table(project: Project, tmp_path: Path) -> None:
    """`balans regiocheck` writes a page with the map and a table that adds up; the same input gives the same bytes."""
    own = tmp_path / "Eigen vraag.yml"
    own.write_text("naam: Mijn <vraag>\nbudget: 1000.01\nsleutel: {inwoners: 0.5, land: 0.5}\n", encoding="utf-8")
    report = write_report(project, str(own), tmp_path / "uit")
    page = report.page.read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "Mijn &lt;vraag&gt;" in page
    rows = pd.read_csv(report.table)
    regions = rows[~rows["region_id"].isin(["krimpregios", "anticipeerregios", "nederland"])]
    assert round(regions["amount_eur"].sum(), 2) == 1000.01
    again = write_report(project, str(own), tmp_path / "nogmaals")
    assert again.page.read_bytes() == report.page.read_bytes()


def test_report_of_an_unknown_example(project: Project, tmp_path: Path) -> None:
    """A wrong name is answered with the examples, and nothing is written."""
    with pytest.raises(RequestError, match="drempel-50000"):
        write_report(project, "bestaat-niet", tmp_path / "uit")
    assert not (tmp_path / "uit").exists()
