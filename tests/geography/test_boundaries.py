from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from balans.errors import RawDataError
from balans.geography.boundaries import boundaries, missing_boundaries, region_boundary, write_boundaries
from balans.geography.divisions import division
from balans.geography.regions import load_regions, resolve_region
from balans.paths import Project

# Where the drawn coast or estuary is not CBS's border between inland and other water: drawn area against CBS's, 2015.
COAST = {
    "de-marne": -0.076,
    "noordoost-fryslan": -0.011,
    "friese-waddeneilanden": 0.060,
    "hoeksche-waard": -0.129,
    "kop-van-noord-holland": -0.123,
    "schouwen-duiveland": -0.218,
    "walcheren": -0.043,
}


@pytest.fixture(scope="module")
def area_km2(project: Project) -> pd.Series:
    """Return land and inland water in km² per municipality, 2015 (CBS 70072ned)."""
    frame = pd.read_csv(project.raw / "70072ned" / "topics_2015.csv.gz")
    frame = frame[frame["measure"].isin(["Land_248", "Binnenwater_250"])]
    return frame.groupby("region")["value"].sum()


def test_areas_agree_with_land_and_inland_water(project: Project, area_km2: pd.Series) -> None:
    """Guards the maps within 1%; the seven regions on a coast or estuary that do not agree are listed."""
    drawn = boundaries(project, 2015).set_index("gm_code").area / 1e6
    off = {}
    for region in load_regions(project).values():
        if region.type in ("krimp", "anticipeer"):
            members = list(region.members)
            off[region.id] = drawn[members].sum() / area_km2[members].sum() - 1
    beyond = {region_id: share for region_id, share in off.items() if abs(share) > 0.01}
    assert beyond == pytest.approx(COAST, abs=0.001)
    assert len(off) == 20


@pytest.mark.parametrize("year", [2014, 2015, 2018, 2021, 2022, 2026])
def test_every_municipality_has_a_boundary(project: Project, year: int) -> None:
    """Guards the divisions of which neither map is the map: complete, valid, and without gaps or overlaps."""
    table = boundaries(project, year)
    assert set(table["gm_code"]) == set(division(project, year)["gm_code"])
    assert table.crs.to_epsg() == 28992
    assert table.is_valid.all()
    assert shapely.coverage_is_valid(table.geometry.to_numpy())
    assert missing_boundaries(project, year) == {}


def test_land_that_was_split_lies_where_cbs_says(project: Project) -> None:
    """Guards lines that only both maps together show: Slochteren and Nissewaard, by CBS's hectares."""
    areas = {year: boundaries(project, year, 0).set_index("gm_code").area / 1e4 for year in (2014, 2016, 2017, 2018)}
    # Slochteren gave 1,649 hectares to Groningen on 1 January 2017
    assert areas[2016]["GM0040"] - areas[2017]["GM0040"] == pytest.approx(1649, rel=0.15)
    # Nissewaard gave 963 hectares of land to Hellevoetsluis on 1 January 2018
    assert areas[2017]["GM1930"] - areas[2018]["GM1930"] == pytest.approx(963, rel=0.15)


def test_before_2014_there_is_no_boundary_and_it_says_so(project: Project) -> None:
    """Guards against a map of the wrong division."""
    assert boundaries(project, 2013).empty
    assert set(missing_boundaries(project, 2013).values()) == {"the maps begin in 2014"}


def test_a_region_has_an_outline_or_a_reason(project: Project, tmp_path: Path) -> None:
    """Guards both answers: Parkstad Limburg in 2015, and a region on the division of 2010."""
    outline, reason = region_boundary(project, load_regions(project)["parkstad-limburg"])
    assert outline is not None
    assert reason == ""
    assert outline.area.iloc[0] / 1e6 == pytest.approx(211, abs=3)
    path = tmp_path / "oud.yml"
    path.write_text("name: Oud\ndivision: 2010\nmembers: [Sluis]\n", encoding="utf-8")
    outline, reason = region_boundary(project, resolve_region(project, str(path)))
    assert outline is None
    assert "the maps begin in 2014" in reason


def test_simplifying_keeps_common_borders(project: Project) -> None:
    """Guards the web maps: fewer corners, the same neighbours, areas within 0.5% for all but the smallest."""
    full, web = boundaries(project, 2022, 0), boundaries(project, 2022)
    corners = [shapely.get_num_coordinates(table.geometry.to_numpy()).sum() for table in (full, web)]
    assert corners[1] < 0.8 * corners[0]
    assert (web.area / full.area - 1).abs().max() < 0.02


@pytest.mark.slow
def test_the_same_maps_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """Guards determinism of the GeoParquet, and that it reads back with all divisions from 2014."""
    first = [path.read_bytes() for path in write_boundaries(project, tmp_path / "a")]
    paths = write_boundaries(project, tmp_path / "b")
    assert [path.read_bytes() for path in paths] == first
    table = gpd.read_parquet(paths[0])
    assert set(table["year"]) == set(range(2014, 2027))
    assert len(pd.read_csv(paths[1])) == 0


def test_a_broken_map_is_reported(project: Project, tmp_path: Path) -> None:
    """Guards the message when a download was cut off."""
    (tmp_path / "definitions").symlink_to(project.definitions)
    folder = tmp_path / "data" / "raw" / "grenzen"
    folder.mkdir(parents=True)
    (folder.parent / "manifest.json").write_bytes((project.raw / "manifest.json").read_bytes())
    whole = (project.raw / "grenzen" / "municipalities_2014.geojson.gz").read_bytes()
    (folder / "municipalities_2014.geojson.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RawDataError, match="not readable"):
        boundaries(Project(tmp_path), 2014)
