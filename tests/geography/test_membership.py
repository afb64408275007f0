import pandas as pd
import pytest

from balans.geography.catalogue import load_regions
from balans.geography.membership import Level, area_membership, build_membership, split_share
from balans.paths import Project


@pytest.fixture(scope="module")
def membership(project: Project) -> pd.DataFrame:
    return build_membership(project)


def people(membership: pd.DataFrame, population: pd.Series, region_id: str, year: int) -> float:
    rows = membership[(membership["region_id"] == region_id) & (membership["year"] == year)]
    return float((rows["weight"] * rows["gm_code"].map(population.loc[year])).sum())


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2012, 1_364_937), (2018, 1_345_783), (2021, 1_341_951), (2024, 1_354_942), (2026, 1_357_999)],
)
def test_inhabitants_of_the_krimp_regions(
    membership: pd.DataFrame, first_of_january: pd.Series, year: int, expected: int
) -> None:
    """Guards the nine krimp regions together through every merger and split, within three persons."""
    assert people(membership, first_of_january, "krimpregios", year) == pytest.approx(expected, abs=3)


def test_inhabitants_of_2015_are_those_of_the_report(membership: pd.DataFrame, first_of_january: pd.Series) -> None:
    """Guards the year in which the regions are defined: 1,352,426 exactly."""
    assert people(membership, first_of_january, "krimpregios", 2015) == 1_352_426


def test_de_marne_rests_on_het_hogeland(membership: pd.DataFrame) -> None:
    """Guards what has to be marked "geschat": De Marne wholly since 2019; a municipality on its own is 0."""
    shares = split_share(membership).set_index(["region_id", "year"])["split_share"]
    assert shares["de-marne", 2018] == 0
    assert all(shares["de-marne", year] == 1 for year in range(2019, 2027))
    assert shares["eemsdelta", 2026] == pytest.approx(0.247, abs=0.001)
    assert shares.loc["zeeuws-vlaanderen"].max() == 0
    above = shares[shares > 0.2].index.get_level_values("region_id").unique()
    assert sorted(above) == ["de-marne", "eemsdelta", "noord-groningen", "noordwest-fryslan"]


def test_krimp_regions_do_not_overlap(project: Project, membership: pd.DataFrame) -> None:
    """Guards against counting people twice: no municipality has more than its whole in the 20 regions together."""
    own = [region.id for region in load_regions(project).values() if region.type in ("krimp", "anticipeer")]
    rows = membership[membership["region_id"].isin(own)]
    total = rows.groupby(["year", "gm_code"])[["weight", "weight_dwellings", "weight_hectares"]].sum()
    assert len(own) == 20
    assert total.max().max() < 1.002  # slivers below 0.1% are left out, weights above 99.9% are 1


def test_the_official_list_of_2020_counts_het_hogeland_whole(membership: pd.DataFrame) -> None:
    """Guards the list of 40 municipalities against the regions by the division of 2015."""
    rows = membership[(membership["region_id"] == "krimpregios-2020") & (membership["year"] == 2020)]
    assert len(rows) == 40
    assert (rows["weight"] == 1).all()
    assert "GM1966" in set(rows["gm_code"])


@pytest.mark.parametrize(("level", "area", "year"), [("corop", "CR01", 2018), ("province", "PV26", 2019)])
def test_a_fixed_division_has_no_break(
    project: Project, first_of_january: pd.Series, level: Level, area: str, year: int
) -> None:
    """Guards Midden-Groningen (2018) and Vijfheerenlanden (2019): CBS's rows jump there, on one division they do not.

    Menterwolde's 12,013 people left Oost-Groningen on paper (134,770 instead of 146,783); Leerdam and Zederik brought
    Utrecht more than 30,000.
    """
    jumps = {}
    for fixed in (None, 2015):
        table = area_membership(project, level, fixed)
        before, after = (people(table, first_of_january, area, when) for when in (year - 1, year))
        jumps[fixed] = after - before
    cbs = first_of_january[(year, area)] - first_of_january[(year - 1, area)]
    assert jumps[None] == cbs
    assert abs(cbs) > 12_000
    assert abs(jumps[2015]) < abs(cbs) / 2
    assert abs(jumps[2015]) < 0.01 * first_of_january[(year, area)] + 5_000


def test_areas_on_a_fixed_division_add_up_to_the_country(project: Project, first_of_january: pd.Series) -> None:
    """Guards that the COROP areas of 2015 share out every municipality of every later year."""
    table = area_membership(project, "corop", 2015)
    for year in (2015, 2019, 2026):
        rows = table[table["year"] == year]
        total = (rows["weight"] * rows["gm_code"].map(first_of_january.loc[year])).sum()
        assert total == pytest.approx(first_of_january[(year, "NL01")], abs=200)
