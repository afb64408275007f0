"""Boundaries of municipalities and regions, on the divisions 2014–2026, for maps.

Source: CBS/Kadaster, generalised, RD New (EPSG:28992, metres), of the divisions of 2014 and 2022. Laid over each other,
the two maps cut the country into pieces of which we know the municipality in 2014 and in 2022. CBS's transfers of land
tell in which municipality such a piece lay in another year. Where they leave a doubt of more than 1% of a
municipality's area (a split whose line is on neither map), that municipality has no boundary in that year.
"""

from __future__ import annotations

import gzip
import io
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from balans.errors import RawDataError
from balans.files import write_atomically
from balans.geography.catalogue import Region
from balans.geography.divisions import LAST_YEAR, check_year, division
from balans.geography.membership import SLIVER
from balans.geography.transfers import transition_matrix
from balans.paths import Project
from balans.sources.manifest import stored_file

FIRST_MAP, SECOND_MAP = 2014, 2022
FIRST_BOUNDARY = 2014
CRS = "EPSG:28992"
DOUBT = 0.01
SIMPLIFY_METRES = 100
ATTRIBUTION = "Grenzen: CBS/Kadaster (CC BY 4.0), gegeneraliseerd"


def boundaries(project: Project, year: int, simplify: float = SIMPLIFY_METRES) -> gpd.GeoDataFrame:
    """Return ``gm_code, name, geometry`` (EPSG:28992) of every municipality of a division that has a boundary.

    Args:
        project: where the maps are.
        year: the division; before 2014 there is none, and the result is empty.
        simplify: tolerance of the simplification in metres, 0 for none; neighbours keep their common border.

    Raises:
        UnknownKeyError: there is no division of this year.
        RawDataError: a map is missing or not readable.
    """
    check_year(year)
    names = division(project, year)[["gm_code", "name"]]
    if year < FIRST_BOUNDARY:
        return gpd.GeoDataFrame(names.iloc[:0], geometry=gpd.GeoSeries([], crs=CRS))
    shapes = _shapes(project, year)
    if simplify:
        shapes = gpd.GeoSeries(shapely.coverage_simplify(shapes.to_numpy(), simplify), index=shapes.index, crs=CRS)
    known = names[names["gm_code"].isin(shapes.index)].reset_index(drop=True)
    return gpd.GeoDataFrame(known, geometry=gpd.GeoSeries(shapes.loc[known["gm_code"]].to_numpy()), crs=CRS)


def missing_boundaries(project: Project, year: int) -> dict[str, str]:
    """Return gm_code → reason for every municipality of a division that has no boundary."""
    return _missing(project, year, boundaries(project, year, simplify=0))


def _missing(project: Project, year: int, drawn: gpd.GeoDataFrame) -> dict[str, str]:
    reason = (
        f"the maps begin in {FIRST_BOUNDARY}"
        if year < FIRST_BOUNDARY
        else f"neither the map of {FIRST_MAP} nor that of {SECOND_MAP} shows the line along which it was split"
    )
    known = set(drawn["gm_code"])
    return {code: reason for code in division(project, year)["gm_code"] if code not in known}


def region_boundary(
    project: Project, region: Region, simplify: float = SIMPLIFY_METRES
) -> tuple[gpd.GeoDataFrame | None, str]:
    """Return the outline of a region as one row (``region_id, name, geometry``), or None, with the reason.

    A region has the area of its members in the division in which it is defined; the reason is empty when there is one.
    """
    drawn = boundaries(project, region.division, simplify)
    missing = _missing(project, region.division, drawn)
    absent = [code for code in region.members if code in missing]
    if absent:
        listed = ", ".join(f"{region.members[code]} ({code})" for code in absent)
        return (
            None,
            f"No boundary of {region.name} in the division of {region.division}: {missing[absent[0]]}: {listed}.",
        )
    outline = shapely.union_all(drawn.loc[drawn["gm_code"].isin(list(region.members)), "geometry"].to_numpy())
    row = {"region_id": [region.id], "name": [region.name]}
    return gpd.GeoDataFrame(row, geometry=[outline], crs=CRS), ""


def write_boundaries(project: Project, folder: Path) -> list[Path]:
    """Write ``boundaries.parquet`` (GeoParquet: ``year, gm_code, name, geometry``) and ``boundaries_missing.csv``.

    The same maps and definitions give the same bytes. Returns the files written.
    """
    years = range(FIRST_BOUNDARY, LAST_YEAR + 1)
    drawn = {year: boundaries(project, year).assign(year=year) for year in years}
    maps = pd.concat(drawn.values(), ignore_index=True)
    maps = gpd.GeoDataFrame(maps[["year", "gm_code", "name", "geometry"]], crs=CRS)
    maps["geometry"] = maps.geometry.normalize()
    missing = pd.DataFrame(
        [(year, *pair) for year in years for pair in _missing(project, year, drawn[year]).items()],
        columns=["year", "gm_code", "reason"],
    )
    buffer = io.BytesIO()
    maps.to_parquet(buffer, index=False, compression="zstd")
    files = [folder / "boundaries.parquet", folder / "boundaries_missing.csv"]
    write_atomically(files[0], buffer.getvalue())
    write_atomically(files[1], missing.to_csv(index=False))
    return files


def read_map(project: Project, year: int) -> gpd.GeoSeries:
    """Return one of the two maps as published: gm_code → geometry.

    Raises:
        RawDataError: missing, not readable, or municipalities other than those of the division of that year.
    """
    path = stored_file(project.raw, "grenzen", f"municipalities_{year}.geojson.gz")
    try:
        content = gpd.read_file(io.BytesIO(gzip.decompress(path.read_bytes())))
    except (OSError, EOFError, ValueError) as error:
        raise RawDataError(f"{path}: the map of {year} is missing or not readable: {error}. Run: make data") from error
    shapes = content.set_index("code").geometry.sort_index()
    if set(shapes.index) != set(division(project, year)["gm_code"]):
        raise RawDataError(f"{path}: its municipalities are not those of the division of {year}.")
    return gpd.GeoSeries(shapes.to_crs(CRS)).rename("geometry")


def _shapes(project: Project, year: int) -> gpd.GeoSeries:
    """Return the municipalities of a division that can be drawn, unsimplified."""
    if year in (FIRST_MAP, SECOND_MAP):
        return read_map(project, year)
    pieces = (
        _pieces(project) if year < SECOND_MAP else read_map(project, SECOND_MAP).rename_axis("second").reset_index()
    )
    owner, doubtful = _owners(project, pieces, year)
    area = pieces.geometry.area.groupby(owner).sum()
    unsure = pd.Series(pieces.geometry.area.to_numpy()[doubtful]).groupby(owner[doubtful].to_numpy()).sum()
    drawn = area.index.difference(unsure.index[unsure > DOUBT * area.reindex(unsure.index)])
    whole = pieces.geometry.groupby(owner).agg(lambda parts: shapely.coverage_union_all(parts.to_numpy()))
    return gpd.GeoSeries(whole.loc[drawn], crs=CRS)


@lru_cache(maxsize=2)
def _pieces_of(project: Project, *modified: int) -> gpd.GeoDataFrame:
    """Return the overlay of both maps: ``first, second`` (gm_codes) and geometry; together the second map."""
    del modified  # only there so that a changed map is read again
    first, second = read_map(project, FIRST_MAP), read_map(project, SECOND_MAP)
    lines = [*shapely.boundary(first.to_numpy()), *shapely.boundary(second.to_numpy())]
    # Whole metres, as in the maps: then pieces that touch share their corners, and neighbours keep a common border.
    network = shapely.union_all(lines, grid_size=1.0)
    faces = gpd.GeoSeries(shapely.get_parts(shapely.polygonize(shapely.get_parts(network))), crs=CRS)
    points = shapely.point_on_surface(faces.to_numpy())
    pieces = {"first": _code_at(points, first), "second": _code_at(points, second)}
    table = gpd.GeoDataFrame(pieces, geometry=faces, crs=CRS)
    table = table[table["second"] != ""].reset_index(drop=True)
    return _explained(project, table, first)


def _explained(project: Project, pieces: gpd.GeoDataFrame, first: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the pieces with, as ``first``, a municipality from which land went to ``second``.

    A piece outside the first map (new land, the coast) or one that no transfer explains (the same border, drawn
    slightly otherwise) is given to the nearest of those municipalities.
    """
    shares, first_codes, second_codes = transition_matrix(project, FIRST_MAP, SECOND_MAP, "hectares")
    linked = pd.DataFrame((shares > SLIVER).toarray(), index=first_codes, columns=second_codes)
    pairs = zip(pieces["first"], pieces["second"], strict=True)
    wrong = np.array([one not in linked.index or not linked.at[one, other] for one, other in pairs])
    for code, group in pieces[wrong].groupby("second"):
        candidates = first[linked.index[linked[code]]]
        nearest = shapely.STRtree(candidates.to_numpy()).nearest(group.geometry.to_numpy())
        pieces.loc[group.index, "first"] = candidates.index.to_numpy()[nearest]
    return pieces


def _code_at(points: np.ndarray, shapes: gpd.GeoSeries) -> np.ndarray:
    """Return the municipality in which each point lies, or an empty string."""
    codes = np.full(len(points), "", dtype=object)
    found, place = shapely.STRtree(shapes.to_numpy()).query(points, predicate="within")
    codes[found] = shapes.index.to_numpy()[place]
    return codes


def _pieces(project: Project) -> gpd.GeoDataFrame:
    manifest = project.raw / "manifest.json"
    return _pieces_of(project, manifest.stat().st_mtime_ns if manifest.exists() else 0)


def _owners(project: Project, pieces: gpd.GeoDataFrame, year: int) -> tuple[pd.Series, np.ndarray]:
    """Return the municipality of ``year`` in which each piece most probably lies, and whether that is in doubt.

    A piece went from its municipality of 2014 by way of that of ``year`` to that of 2022; the chances are the shares of
    land that CBS states.
    """
    back, second_codes, codes = transition_matrix(project, SECOND_MAP, year, "hectares")
    chance = back.toarray()[second_codes.get_indexer(pd.Index(pieces["second"]))]
    if year < SECOND_MAP:
        to_year, first_codes, _ = transition_matrix(project, FIRST_MAP, year, "hectares")
        onwards = transition_matrix(project, year, SECOND_MAP, "hectares")[0].toarray().T
        from_first = to_year.toarray()[first_codes.get_indexer(pd.Index(pieces["first"]))]
        chance = from_first * onwards[second_codes.get_indexer(pd.Index(pieces["second"]))]
    chance = chance / chance.sum(axis=1, keepdims=True)
    owner = pd.Series(np.asarray(codes)[chance.argmax(axis=1)], index=pieces.index)
    return owner, chance.max(axis=1) < 1 - DOUBT
