"""People and product within reach of a region, on both sides of the border."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from balans.geography.boundaries import boundaries
from balans.paths import Project

DISTANCES_KM = (30, 60, 90)
EARTH_RADIUS_KM = 6371.0088
COUNTRIES = {"NL": "Nederland", "BE": "België", "DE": "Duitsland"}
CENTRE_YEAR = 2015


def region_centres(project: Project, membership: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Return region_id, lon, lat: the centre of gravity of each region's area in the division of 2015 (WGS 84)."""
    shapes = boundaries(project, CENTRE_YEAR).set_index("gm_code")["geometry"]
    members = membership[(membership["year"] == CENTRE_YEAR) & membership["region_id"].isin(regions)]
    members = members[members["weight"] >= 0.5]
    outlines = {
        region: shapely.union_all(shapes.reindex(rows["gm_code"]).dropna().to_numpy()).centroid
        for region, rows in members.groupby("region_id")
    }
    points = gpd.GeoSeries(outlines, crs="EPSG:28992").to_crs("EPSG:4326")
    return pd.DataFrame({"region_id": points.index, "lon": points.x.to_numpy(), "lat": points.y.to_numpy()})


def great_circle_km(lon: np.ndarray, lat: np.ndarray, other_lon: np.ndarray, other_lat: np.ndarray) -> np.ndarray:
    """Return the distance over the globe in kilometres (haversine); arguments in degrees, broadcast together."""
    a, b, c, d = (np.radians(values) for values in (lon, lat, other_lon, other_lat))
    half = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    distance: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return distance


def area_points(project: Project) -> pd.DataFrame:
    """Return area (CR code, or NUTS 3 code abroad), country, lon, lat of every area of the point file."""
    points = pd.read_csv(project.raw / "nuts3-punten" / "points_2021.csv")
    codes = pd.read_csv(project.definitions / "geography" / "corop_nuts3.csv", dtype=str)
    own = dict(zip(codes["nuts3_2021"], codes["corop"], strict=True))
    country = points["nuts3_2021"].str[:2]
    return points.assign(area=points["nuts3_2021"].replace(own), country=country)[["area", "country", "lon", "lat"]]


def reach(
    centres: pd.DataFrame, points: pd.DataFrame, indicators: pd.DataFrame, years: tuple[int, int]
) -> pd.DataFrame:
    """Return what lies within 30, 60 and 90 km of each region's centre, per country.

    An area counts wholly if its point lies within the distance, and not at all otherwise: a coarse measure, the same on
    both sides of the border.

    Args:
        centres: region_id, lon, lat.
        points: area, country, lon, lat.
        indicators: the table ``indicators``, with inwoners_eurostat, inwoners_15_75 and bbp per area.
        years: first and last year of the population; GDP is of the latest year, at or before the last, in which every
            area that has figures at all has one.

    Returns:
        region_id, distance_km, country, areas, year, inhabitants, inhabitants_15_75, first_year, inhabitants_first,
        gdp_year, gdp (million euro).
    """
    first, last = years
    figures = _figures(indicators, points["area"], first, last)
    pairs = centres.merge(points, how="cross", suffixes=("", "_area"))
    pairs["distance"] = great_circle_km(*(pairs[name].to_numpy() for name in ("lon", "lat", "lon_area", "lat_area")))
    pairs = pairs.merge(figures, on="area")
    columns = ["inhabitants", "inhabitants_15_75", "inhabitants_first", "gdp"]
    tables = [
        pairs[pairs["distance"] <= limit]
        .groupby(["region_id", "country"])
        .agg(areas=("area", "size"), **{name: (name, lambda values: values.sum(skipna=False)) for name in columns})
        .reset_index()
        .assign(distance_km=limit)
        for limit in DISTANCES_KM
    ]
    table = pd.concat(tables, ignore_index=True).assign(year=last, first_year=first, gdp_year=figures.attrs["gdp_year"])
    order = ["region_id", "distance_km", "country", "areas", "year", "inhabitants", "inhabitants_15_75"]
    order += ["first_year", "inhabitants_first", "gdp_year", "gdp"]
    return table[order].sort_values(["region_id", "distance_km", "country"], ignore_index=True)


def _figures(indicators: pd.DataFrame, areas: pd.Series, first: int, last: int) -> pd.DataFrame:
    rows = indicators[indicators["region_id"].isin(areas)]
    people, workers, gdp = (
        rows[rows["indicator"] == name].pivot(index="region_id", columns="year", values="value")
        for name in ("inwoners_eurostat", "inwoners_15_75", "bbp")
    )
    complete = max(year for year in gdp.columns if int(year) <= last and gdp[year].notna().all())
    table = pd.DataFrame(
        {
            "inhabitants": people[last],
            "inhabitants_15_75": workers[last],
            "inhabitants_first": people[first],
            "gdp": gdp[complete],
        }
    )
    table = table.rename_axis("area").reset_index()
    table.attrs["gdp_year"] = complete
    return table
