"""Every number of the report's two investment tables, and of the text around them."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.definitions import load_definition
from balans.investment.package import price_factor
from balans.investment.returns import gdp_shares, rebuild_returns
from balans.paths import Project
from balans.tables import read_table


@pytest.fixture(scope="module")
def investment(project: Project) -> pd.DataFrame:
    """The table ``investment`` by item."""
    return read_table(project.processed, "investment").set_index("item")


@pytest.fixture(scope="module")
def per_inhabitant(project: Project) -> pd.DataFrame:
    """The table ``investment_per_inhabitant``."""
    return read_table(project.processed, "investment_per_inhabitant").set_index(["item", "denominator"])


def test_first_table_adds_up(investment: pd.DataFrame) -> None:
    """50 + 85 + 85 + 140 = 360 million a year, within the stated range, and 5.25 to 8 billion in all."""
    themes = [
        investment["amount_eur"][f"pakket-{name}"] / 1e6
        for name in ("arbeidsmarkt", "bereikbaarheid", "woningvoorraad", "maatschappelijk-vastgoed")
    ]
    assert themes == [50, 85, 85, 140]
    total = investment.loc["pakket-totaal"]
    assert sum(themes) == total["amount_eur"] / 1e6 == 360
    assert total["low_eur"] == 350e6
    assert total["high_eur"] == 400e6
    assert total["inhabitants"] == 1_352_426
    assert total["per_inhabitant_eur"] == pytest.approx(266.19, abs=0.005)
    assert (total["low_eur"] * 15 / 1e9, total["high_eur"] * 20 / 1e9) == (5.25, 8.0)


def test_second_table_has_a_verdict_on_every_line(project: Project) -> None:
    """Fund, grant and neighbourhoods are reproduced; the two budgets need Iv3 and say so."""
    rows = read_table(project.processed, "investment_perspective").set_index("title")
    assert (rows["stated_eur"] / 1e6).tolist() == [360, 11, 325, 4316, 4315]
    assert rows["verdict"].tolist() == ["reproduced"] * 3 + ["not checkable"] * 2
    assert rows["rebuilt_eur"].iloc[1] == 11_200_000
    assert rows["explanation"].iloc[3:].str.contains("Iv3").all()
    assert rows["per_inhabitant_eur"].iloc[4] == pytest.approx(3190.6, abs=0.05)


@pytest.mark.parametrize(
    ("item", "denominator", "inhabitants", "euro"),
    [
        ("krachtwijken", "bewoners van de 40 wijken", 800_000, 406.25),
        ("krachtwijken-laag", "bewoners van de 40 wijken", 800_000, 375.0),
        ("krachtwijken-hoog", "bewoners van de 40 wijken", 800_000, 437.5),
        ("krimpmaatstaf-2011", "negen krimpregio's van 2015", 1_352_426, 9.39),
        ("krimpmaatstaf-2014", "negen krimpregio's van 2015", 1_352_426, 6.51),
        ("krimpmaatstaf-2011", "zeven krimpregio's van voor 2015", 930_175, 13.65),
        ("krimpmaatstaf-2014", "zeven krimpregio's van voor 2015", 930_175, 9.46),
    ],
)
def test_euros_per_inhabitant_with_their_denominators(
    per_inhabitant: pd.DataFrame, item: str, denominator: str, inhabitants: int, euro: float
) -> None:
    """406 against 9.4 and 6.5, or 13.7 and 9.5 on the seven regions of that time."""
    row = per_inhabitant.loc[(item, denominator)]
    assert row["inhabitants"].item() == inhabitants
    assert row["per_inhabitant_eur"].item() == pytest.approx(euro, abs=0.005)


def test_known_payments_add_up(investment: pd.DataFrame) -> None:
    """What is known per region and the rest make the 11.2 million of all regions."""
    grant = investment["amount_eur"].filter(like="decentralisatie-uitkering-")
    parts = grant["decentralisatie-uitkering-zeeuws-vlaanderen"] + grant["decentralisatie-uitkering-achterhoek"]
    assert parts + grant["decentralisatie-uitkering-overige"] == 11_200_000
    assert investment["source"].notna().all()


def test_prices_chain_to_the_index_of_cbs(project: Project) -> None:
    """The changes chained from 2006 (1.6% in 2007) give CBS's own index of 2015: 116.58 (71311ned, 2006 = 100)."""
    definition = load_definition(project.definitions / "investment.yml")
    assert 100 * 1.016 * price_factor(definition, 2007, 2007) == pytest.approx(116.58, abs=0.1)
    assert price_factor(definition, 2015, 2015) == 1
    assert price_factor(definition, 2014, 2014) == pytest.approx(1.006)
    assert price_factor(definition, 2016, 2016) == pytest.approx(1 / 1.003)
    with pytest.raises(KeyError):
        price_factor(definition, 1950, 1950)


def test_claimed_return_rebuilt(project: Project) -> None:
    """15% of 10.9% of GDP is 11.0 billion in 2014; 100 million covers 28% of 360 and is 4,545 euro a person."""
    definition = load_definition(project.definitions / "investment.yml")
    found = rebuild_returns(definition, read_table(project.processed, "indicators"), 1_352_426)
    assert found.avoided == pytest.approx(0.15 * 0.109 * 671_560e6)
    assert found.share == pytest.approx(0.1052, abs=0.00005)
    assert found.fiscal_cover == pytest.approx(0.278, abs=0.0005)
    assert found.fiscal_per_participant == pytest.approx(4545.45, abs=0.01)
    assert found.fiscal_of_product == 0.01


def test_gdp_share_falls_in_groningen_only(project: Project) -> None:
    """2013-2020: 10.87 to 9.44%, but without Overig Groningen 7.31 to 7.20%."""
    definition = load_definition(project.definitions / "investment.yml")
    shares = gdp_shares(definition, read_table(project.processed, "indicators")).set_index("year")
    assert shares.index.min() == 2000
    assert shares.loc[2013].round(2).tolist() == [10.87, 7.31]
    assert shares.loc[2020].round(2).tolist() == [9.44, 7.20]
