"""The figures that the report and CBS publish come out of the tables, held against independent sums."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest

from balans.paths import Project

KRIMP_2015 = 47


def raw(project: Project, name: str) -> pd.DataFrame:
    """One stored file, read without the package."""
    return pd.read_csv(io.BytesIO(gzip.decompress((project.raw / name).read_bytes())))


def krimp_members(project: Project) -> list[str]:
    """The krimp municipalities of 2015, straight from the text of the definition."""
    codes: list[str] = []
    kind = ""
    for line in (project.definitions / "regions.yml").read_text().split("\nparents:")[0].splitlines():
        kind = line.split(": ")[1] if line.startswith("    type: ") else kind
        if kind == "krimp" and line.strip().startswith("GM"):
            codes.append(line.strip()[:6])
    return codes


def test_krimp_regions_of_2015_are_those_of_the_report(indicators: pd.DataFrame, project: Project) -> None:
    """Guards the report's own key figures: 47 municipalities, people, land, jobs."""
    krimp = indicators["value"].loc["krimpregios"]
    country = indicators["value"].loc["nederland"]
    assert len(krimp_members(project)) == KRIMP_2015
    assert krimp["inwoners", 2015] == 1_352_426
    assert 100 * krimp["inwoners", 2015] / country["inwoners", 2015] == pytest.approx(8.00, abs=0.005)
    assert krimp["landoppervlakte", 2015] == pytest.approx(4_753.8, abs=0.05)
    assert 100 * krimp["landoppervlakte", 2015] / country["landoppervlakte", 2015] == pytest.approx(14.11, abs=0.005)
    assert krimp["banen", 2015] == pytest.approx(507_900)


def test_woz_value_is_weighted_by_dwellings(indicators: pd.DataFrame, project: Project) -> None:
    """Guards the weight: 164.2 thousand euro by dwellings, recomputed here from the file; 206 for the country."""
    stored = raw(project, "70072ned/topics_2015.csv.gz").pivot_table(index="region", columns="measure", values="value")
    members = stored.loc[krimp_members(project)]
    dwellings = members["VoorraadOp1Januari_90"]
    expected = (members["GemiddeldeWoningwaarde_99"] * dwellings).sum() / dwellings.sum()
    assert expected == pytest.approx(164.2, abs=0.05)
    assert indicators["value"]["krimpregios", "woz_waarde", 2015] == pytest.approx(1000 * expected)
    assert indicators["value"]["nederland", "woz_waarde", 2015] == 206_000


def test_health_comes_from_the_series_that_reaches_2024(indicators: pd.DataFrame, project: Project) -> None:
    """Guards the one series of health: 50150NED, near the earlier edition 50090NED in 2012 and never mixed with it.

    By inhabitants of 2020 the earlier edition gives 26.8% for the krimp municipalities of 2020.
    """
    health = raw(project, "50090NED/health_2012_2016_2020.csv.gz")
    wanted = (health["measure"] == "ErvarenGezondheidGoedZeerGoed_4") & (health["year"] == 2012)
    good = health[wanted].set_index("region")["value"]
    people = raw(project, "03759ned/population_2019_2026.csv.gz").query("measure == 'M000352' and year == 2020")
    people = people.set_index("region")["value"]
    text = (project.definitions / "regions.yml").read_text().split("- id: krimpregios-2020")[1]
    codes = [line.strip()[:6] for line in text.splitlines() if line.strip().startswith("GM")]
    assert len(codes) == 40
    by_inhabitants = 100 - (good[codes] * people[codes]).sum() / people[codes].sum()
    assert by_inhabitants == pytest.approx(26.8, abs=0.05)
    ours = indicators.loc["krimpregios-2020", "gezondheid_niet_goed"]
    assert ours.loc[2012, "value"] == pytest.approx(by_inhabitants, abs=0.3)
    assert set(ours["source"]) == {"50150NED"}
    assert list(ours.index) == [2012, 2016, 2020, 2022, 2024]


@pytest.mark.parametrize(
    ("year", "people"),
    [(2012, 1_364_937), (2018, 1_345_783), (2021, 1_341_951), (2024, 1_354_942), (2026, 1_357_999)],
)
def test_krimp_regions_keep_their_area_over_the_years(indicators: pd.DataFrame, year: int, people: int) -> None:
    """Guards the following of the 2015 regions through mergers: within 3 persons."""
    assert indicators["value"]["krimpregios", "inwoners", year] == pytest.approx(people, abs=3)


def test_municipalities_add_up_to_the_netherlands(indicators: pd.DataFrame) -> None:
    """Guards against a municipality that is missing or double, to the person, in every year with both."""
    people = indicators["value"].xs("inwoners", level="indicator")
    country = people.loc["nederland"]
    municipal = people[people.index.get_level_values("region_id").str.match(r"GM\d{4}")].groupby("year").sum()
    years = country.index.intersection(municipal.index)
    assert len(years) >= 15
    assert (municipal[years] == country[years]).all()


def test_growth_is_its_three_parts(indicators: pd.DataFrame) -> None:
    """Guards the split of growth: what is left of CBS's population growth are its small "other corrections"."""
    values = indicators["value"].unstack("indicator")
    parts = values[["natuurlijke_aanwas", "binnenlands_migratiesaldo", "buitenlands_migratiesaldo"]]
    both = values.dropna(subset=["inwoners", "bevolkingsgroei", *parts.columns])
    gap = (parts.loc[both.index].sum(axis=1) - both["bevolkingsgroei"]).abs()
    assert len(both) > 4_000
    assert (gap > 10 + 0.002 * both["inwoners"]).mean() < 0.003
    assert (gap <= 10 + 0.012 * both["inwoners"]).all()
    assert gap["nederland"].max() == 710


def test_domestic_moves_cancel_out_over_the_country(indicators: pd.DataFrame) -> None:
    """Guards the sign of moves: what leaves one municipality arrives in another."""
    balance = indicators["value"].loc["nederland", "binnenlands_migratiesaldo"]
    assert (balance == 0).all()


def test_later_years_of_woz_follow(indicators: pd.DataFrame) -> None:
    """Guards the level of the latest year: about 297,000 euro, 74.8% of the country."""
    krimp, country = (indicators["value"][area, "woz_waarde", 2025] for area in ("krimpregios", "nederland"))
    assert krimp == pytest.approx(297_000, abs=1_000)
    assert 100 * krimp / country == pytest.approx(74.8, abs=0.05)


def test_split_regions_are_marked_as_estimated(indicators: pd.DataFrame) -> None:
    """Guards De Marne, which since 2019 is a part of Het Hogeland."""
    status = indicators["status"]
    assert status["de-marne", "inwoners", 2018] == "definitive"
    assert status["de-marne", "inwoners", 2019] == "estimated"
    assert status["achterhoek", "inwoners", 2019] == "definitive"


def test_every_level_is_there(indicators: pd.DataFrame) -> None:
    """Guards the contract: municipalities, 20 regions, 40 COROP areas, 12 provinces, totals and the Netherlands."""
    ids = indicators.index.get_level_values("region_id").unique()
    assert ids.str.match(r"CR\d{2}").sum() == 40
    assert ids.str.match(r"PV\d{2}").sum() == 12
    assert {"krimpregios", "anticipeerregios", "nederland", "parkstad-limburg", "GM0363"} <= set(ids)
