"""People, households, schools and incomes carried over in November 2026, held against second copies."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.geography.areas import load_areas
from balans.paths import Project
from balans.sources.stored import read_stored

POSITIONS = [
    "ThuiswonendKind_3",
    "Alleenstaand_4",
    "TotaalSamenwonendePersonen_5",
    "OuderInEenouderhuishouden_10",
    "OverigLidHuishouden_11",
]
DWELLINGS_AND_INHABITANTS_OF_2020 = 7_997_800, 17_407_585


def _one(project: Project, table: str, measure: str) -> pd.Series:
    """Region and year to value."""
    stored = read_stored(project.raw, table).astype({"year": int})
    return stored[stored["measure"] == measure].set_index(["region", "year"])["value"]


@pytest.fixture(scope="module")
def inhabitants(project: Project) -> pd.Series:
    return _one(project, "03759ned", "M000352")


def test_inhabitants_agree_with_the_count_of_1_january(project: Project, inhabitants: pd.Series) -> None:
    """Guards both years of KWB against 03759ned: rounded to tens in 2021, exact in 2024."""
    for year, measure, rounding in ((2021, "AANT_INW", 10), (2024, "aantal_inwoners", 0)):
        people = _one(project, f"kwb-{year}", measure)
        assert len(people) == {2021: 352, 2024: 342}[year]
        assert (people - inhabitants.reindex(people.index)).abs().max() <= rounding


def test_kwb_agrees_with_the_copy_that_was_there(project: Project) -> None:
    """Guards the stock of dwellings of 2024 (equal) and WOZ of 2021 (another edition, thousands of euro)."""
    dwellings = _one(project, "kwb-2024", "woningvoorraad")
    pd.testing.assert_series_equal(
        dwellings, _one(project, "kwb", "a_woning").reindex(dwellings.index), check_names=False, check_dtype=False
    )
    woz = _one(project, "kwb-2021", "WOZ").dropna() * 1000
    assert ((woz - _one(project, "kwb", "g_wozbag").reindex(woz.index)).abs() <= 1000).mean() > 0.85


def test_households_by_size_and_position_are_the_same_people(project: Project) -> None:
    """Guards that sizes, types and positions sum to one total, that of KWB 2020."""
    types = _one(project, "71486ned", "Totaal particuliere huishoudens")
    sizes = sum(_one(project, "71486ned", f"{size} personen") for size in ("2", "3", "4", "5 of meer"))
    assert isinstance(sizes, pd.Series)
    alone = _one(project, "71486ned", "Eenpersoonshuishouden")
    assert (alone + sizes - types).abs().max() == 0
    assert types.sum() == DWELLINGS_AND_INHABITANTS_OF_2020[0]
    stored = read_stored(project.raw, "71488ned")
    positions = stored.pivot(index=["region", "age"], columns="measure", values="value").fillna(0)
    assert (positions[POSITIONS].sum(axis=1) - positions["TotaalInParticuliereHuishoudens_2"]).abs().max() == 0
    assert positions["Alleenstaand_4"].sum() == alone.sum()


def test_districts_and_neighbourhoods_sum_to_the_country(project: Project) -> None:
    """Guards the small areas: all of them, once, with the inhabitants of the country but for suppressed cells."""
    areas = read_stored(project.raw, "kwb-2020-buurten")
    kind = areas["SoortRegio_2"].str.strip()
    assert kind.value_counts().to_dict() == {"Buurt": 13_808, "Wijk": 3_177, "Gemeente": 355, "Land": 1}
    people = areas["AantalInwoners_5"].groupby(kind).sum()
    assert people["Land"] == people["Gemeente"] == DWELLINGS_AND_INHABITANTS_OF_2020[1]
    assert people["Wijk"] / people["Land"] > 0.999
    assert people["Buurt"] / people["Land"] > 0.999
    districts = read_stored(project.raw, "85984NED")
    level = districts["region"].str[:2]
    assert level.value_counts().to_dict() == {"WK": 3_393, "GM": 342}
    assert districts["AantalInwoners_5"].groupby(level).sum()["GM"] == 17_942_942


def test_people_by_age_and_sex_agree_but_for_split_postcodes(project: Project, inhabitants: pd.Series) -> None:
    """Guards the sum from postcodes: 0.01% off in the median, and beyond half a percent only where a border splits one.

    A postcode is counted in one municipality: Heusden misses 9%.
    """
    by_area = read_stored(project.raw, "83502NED").astype({"year": int}).groupby(["region", "year"])["value"].sum()
    off = (by_area / inhabitants.reindex(by_area.index) - 1).xs(2021, level="year").dropna()
    assert len(off) == 352
    assert off.abs().median() == pytest.approx(0.0001, abs=0.00005)
    assert set(off.index[off.abs() > 0.0125]) == {"GM0797", "GM0399", "GM1945", "GM0059", "GM0629", "GM1970"}
    assert abs(off["GM0797"]) == pytest.approx(0.090, abs=0.001)


def test_postcodes_name_every_municipality_once(project: Project) -> None:
    """Guards the search field to come: 4,053 postcodes in all 352 municipalities of 2021."""
    codes = pd.read_csv(project.raw / "postcodes" / "pc4_2021.csv", dtype=str)
    assert (len(codes), codes["postcode"].is_unique, codes["gm_code_2021"].nunique()) == (4_053, True, 352)


def test_the_official_forecast_and_the_scenario_are_whole(project: Project) -> None:
    """Guards a forecast inside its interval, for the country and 125 municipalities, and the sums of Eurostat."""
    stored = read_stored(project.raw, "85173NED")
    wide = stored.pivot(index=["region", "year"], columns="measure", values="value")
    assert (wide["lower_67"] <= wide["forecast"]).all()
    assert (wide["forecast"] <= wide["upper_67"]).all()
    assert wide.index.get_level_values("region").nunique() == 126
    assert wide.loc[("NL01", "2025"), "forecast"] == 17_980.5
    scenario = read_stored(project.raw, "proj_19rp3")
    assert scenario.groupby("year")["value"].agg(["sum", "size"]).to_numpy().tolist() == [
        [17_282_163, 40],
        [18_142_292, 40],
    ]


def test_the_revised_income_is_another_series(project: Project) -> None:
    """Guards that it is never joined to the older one: the median is 3.7% higher, Laren more than double."""
    revised = _one(project, "70072ned-2026", "gestandaardiseerd_inkomen_huishouden").xs(2023, level="year")
    older = _one(project, "70072ned", "gestandaardiseerd_inkomen_huishouden").xs(2023, level="year")
    assert (revised / older).median() == pytest.approx(1.037, abs=0.0005)
    assert (older["GM0417"], revised["GM0417"]) == (67.8, 148.2)


def test_schools_closed_or_moved_most_where_people_left(project: Project) -> None:
    """Guards the locations of primary schools: 714, 579, 562 in the shrinking regions, 8.8% fewer elsewhere."""
    stored = read_stored(project.raw, "duo-vestigingen")
    primary = stored[stored["measure"] == "primary_school_locations"]
    schools = primary.pivot(index="region", columns="year", values="value")
    membership = load_areas(project).membership
    rows = (membership["region_id"] == "krimpregios") & (membership["year"] == 2021) & (membership["weight"] > 0)
    inside = schools.index.isin(membership.loc[rows, "gm_code"])
    assert schools[inside].sum().tolist() == [714, 579, 562]
    outside = schools[~inside].sum()
    assert outside["2024"] / outside["2013"] - 1 == pytest.approx(-0.088, abs=0.0005)


def test_advice_adds_up(project: Project) -> None:
    """Guards the levels of advice: they sum to all pupils, in the three years before small cells were filled in."""
    advice = read_stored(project.raw, "duo-adviezen")
    assert sorted(set(advice["year"])) == ["2019-2020", "2020-2021", "2021-2022"]
    levels = advice.columns.drop(["municipality", "year", "tot"])
    assert (advice[levels].sum(axis=1) - advice["tot"]).abs().max() == 0


def test_single_payments_say_where_they_come_from(project: Project) -> None:
    """Guards the payments for population decline: 11.2 million a year in all, each row with its source."""
    payments = pd.read_csv(project.raw / "bevolkingsdaling" / "payments_2015_2021.csv")
    assert payments["source"].str.startswith("https://").all()
    assert payments.loc[payments["what"].str.startswith("total"), "euro"].tolist() == [11_200_000.0]
