"""Published participation, education and health, recomputed from raw by another way that imports nothing of balans."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from tests.oracles.work_education_health import ROOT, figure, people, persons, stored

NET, GROSS, EDUCATED = "netto_participatie_monitor", "bruto_participatie_monitor", "hoogopgeleid_monitor"
UNHEALTHY, WITHOUT_WORK = "gezondheid_niet_goed", "werkloosheid_monitor"
FIGURES = [
    *((NET, region, year) for region in ("krimpregios", "nederland") for year in (2013, 2015, 2019, 2022)),
    *((NET, region, year) for region in ("parkstad-limburg", "eemsdelta", "oost-groningen") for year in (2015, 2022)),
    *((EDUCATED, region, year) for region in ("krimpregios", "nederland") for year in (2015, 2022)),
    *((EDUCATED, region, 2022) for region in ("de-marne", "anticipeerregios")),
    *((GROSS, region, 2022) for region in ("krimpregios", "nederland")),
    *((WITHOUT_WORK, region, 2015) for region in ("krimpregios", "nederland", "achterhoek")),
    *((UNHEALTHY, region, year) for region in ("krimpregios", "nederland") for year in (2012, 2016, 2020, 2022, 2024)),
    *((UNHEALTHY, region, 2024) for region in ("parkstad-limburg", "zeeuws-vlaanderen", "PV31", "CR39")),
]


@pytest.fixture(scope="session")
def published(project: object) -> pd.Series:
    """The values of ``data/processed/indicators.csv``."""
    table = pd.read_csv(ROOT / "data" / "processed" / "indicators.csv", low_memory=False)
    return table.set_index(["indicator", "region_id", "year"])["value"].sort_index()


@pytest.fixture(scope="session")
def ledger(project: object) -> pd.DataFrame:
    """The table ``claims.csv`` by claim_id."""
    return pd.read_csv(ROOT / "data" / "processed" / "claims.csv").set_index("claim_id")


@pytest.mark.parametrize(("indicator", "region", "year"), FIGURES)
def test_published_figure_from_raw(published: pd.Series, indicator: str, region: str, year: int) -> None:
    """Guards the weights, the division and what is left out: a loop over municipalities gives the same figure."""
    assert published.loc[(indicator, region, year)] == pytest.approx(figure(indicator, region, year), abs=0.01)


CLAIMED: dict[tuple[str, str], Callable[[], float]] = {
    ("T01a", "rebuilt"): lambda: figure(NET, "krimpregios", 2015),
    ("T01a", "latest"): lambda: figure(NET, "krimpregios", 2022),
    ("T01b", "rebuilt"): lambda: figure(NET, "nederland", 2015),
    ("T01p", "rebuilt"): lambda: persons(NET, "krimpregios", 2015),
    ("R15", "latest"): lambda: persons(NET, "krimpregios", 2022),
    ("R24", "latest"): lambda: persons(NET, "krimpregios", 2022) - persons(NET, "krimpregios", 2015),
    ("R02", "latest"): lambda: figure(NET, "krimpregios", 2022) - figure(NET, "krimpregios", 2015),
    ("T05c", "latest"): lambda: figure(UNHEALTHY, "krimpregios", 2024),
    ("T05d", "latest"): lambda: persons(UNHEALTHY, "krimpregios", 2024) - persons(UNHEALTHY, "krimpregios", 2012),
    ("R04", "latest"): lambda: (
        100 * persons(UNHEALTHY, "krimpregios", 2024) / persons(UNHEALTHY, "krimpregios", 2012) - 100
    ),
    ("R79", "latest"): lambda: figure(UNHEALTHY, "krimpregios", 2024) - figure(UNHEALTHY, "nederland", 2024),
}


@pytest.mark.parametrize(("claim", "column"), CLAIMED)
def test_claim_from_raw(ledger: pd.DataFrame, claim: str, column: str) -> None:
    """Guards the verdicts on work and health: the number that decides follows from the raw files."""
    assert ledger.loc[claim, column] == pytest.approx(CLAIMED[claim, column](), rel=1e-3, abs=0.02)


def test_the_gaps_that_the_first_look_gave() -> None:
    """Guards the first look: gaps of -3.1 points in 2015 and -3.8 in 2022; health 30% against 27% in 2024."""
    gaps = [figure(NET, "krimpregios", year) - figure(NET, "nederland", year) for year in (2015, 2022)]
    assert gaps == pytest.approx([-3.1, -3.8], abs=0.3)
    health = [figure(UNHEALTHY, region, 2024) for region in ("krimpregios", "nederland")]
    assert health == pytest.approx([30.3, 27.2], abs=0.3)


def test_national_values_that_cbs_gave_elsewhere() -> None:
    """Guards against a wrong column: CBS's revised 66.2 for 2014, its 31.7% hbo or wo for 2021, 21.6% to about 31%."""
    assert figure(NET, "nederland", 2014) == pytest.approx(66.2, abs=0.15)
    own = stored("85525NED/education_2021.csv.gz").loc[("high", "NL01", 2021)]
    assert figure(EDUCATED, "nederland", 2021) == pytest.approx(own, abs=0.05)
    jump = [figure(UNHEALTHY, "nederland", year) for year in (2020, 2022)]
    assert jump == pytest.approx([21.6, 30.9], abs=0.15)


def test_people_of_15_to_75_agree_with_two_other_counts() -> None:
    """Guards the estimated group: CBS's 13,300,700 of 2021 and Eurostat's 12,796,150 of 2015, within 0.2%."""
    assert sum(people("15_75", 2021).values()) == pytest.approx(13_300_700, rel=0.002)
    ages = stored("demo_r_pjangrp3/population_age_2014_2022.csv.gz").xs("NL", level="region").xs(2015, level="year")
    assert sum(people("15_75", 2015).values()) == pytest.approx(
        sum(ages[f"Y{age}-{age + 4}"] for age in range(15, 75, 5)), rel=0.002
    )


def test_what_was_filled_by_hand_is_left_out(published: pd.Series) -> None:
    """Guards Amsterdam and Voorne aan Zee: no participation or unemployment of their own, but education."""
    for code in ("GM0363", "GM1992"):
        assert not any(
            (measure, code, year) in published.index for measure in (NET, GROSS) for year in range(2013, 2023)
        )
        assert (EDUCATED, code, 2022) in published.index


def test_no_series_is_chained_to_another(project: object) -> None:
    """Guards differing definitions: each of the seven indicators rests on one source of its subject."""
    table = pd.read_csv(ROOT / "data" / "processed" / "indicators.csv", low_memory=False)
    subjects = {
        NET: "brede-welvaart",
        EDUCATED: "brede-welvaart",
        "netto_participatie_kwb": "kwb-2021",
        "hbo_wo_enquete": "85525NED",
        UNHEALTHY: "50150NED",
        "hoogopgeleid": "opleidingsniveau",
    }
    found = {name: set(table.loc[table["indicator"] == name, "source"]) for name in subjects}
    assert found == {name: {source} for name, source in subjects.items()}


def test_the_oracle_imports_nothing_of_the_package() -> None:
    """Guards its independence: not one line of the recomputation comes from balans."""
    text = (ROOT / "tests" / "oracles" / "work_education_health.py").read_text(encoding="utf-8")
    assert "import balans" not in text
    assert "from balans" not in text
    assert len(FIGURES) + len(CLAIMED) >= 40
