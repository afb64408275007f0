"""Regions on request: a user's own YAML file, or a municipality followed back through its mergers.

Their tables are made beside those of everybody, without making all tables again. A file is kept in ``.cache/regions``,
a municipality's code in ``.cache/municipalities.json``, so that a later ``make book`` follows fresh figures; the tables
stand in ``data/processed/eigen/<region_id>``.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd

from balans.files import write_atomically
from balans.geography.areas import REGION_COLUMNS, Areas
from balans.geography.catalogue import Region, standard_area
from balans.geography.custom import load_region_file
from balans.geography.membership import membership_of
from balans.indicators.build import build_indicators
from balans.indicators.catalogue import load_indicators
from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import load_figures
from balans.tables import read_package

NAMES = ("regions", "membership", "indicators")


def keep_own_region(project: Project, path: Path) -> Region:
    """Check a region file, keep a copy of it, make its tables, and return the region.

    Raises:
        UnknownKeyError, DefinitionError: the file is not right; nothing is written.
    """
    region = load_region_file(path, project)
    kept = _files(project) / f"{region.id}.yml"
    if path.resolve() != kept.resolve():
        write_atomically(kept, path.read_bytes())
    _write(project, region)
    return region


def keep_municipality(project: Project, region: Region) -> None:
    """Make the tables of a municipality as it is now, followed back over the years, and keep making them."""
    codes = sorted({*_municipalities(project), region.id})
    write_atomically(_codes_file(project), json.dumps(codes) + "\n")
    _write(project, region)


def kept_regions(project: Project) -> dict[str, Region]:
    """Return the regions that are kept, by id."""
    own = [load_region_file(path, project) for path in sorted(_files(project).glob("*.yml"))]
    municipalities = [standard_area(project, code) for code in _municipalities(project)]
    return {region.id: region for region in [*own, *municipalities]}


def refresh_own_regions(project: Project) -> None:
    """Make the tables of every kept region that were made from other inputs than the tables of everybody."""
    inputs = (read_package(project.processed) or {}).get("inputs_sha256")
    for region in kept_regions(project).values():
        stamp = _folder(project, region.id) / "inputs.txt"
        if not stamp.is_file() or stamp.read_text() != inputs:
            _write(project, region)


def read_with_own(project: Project, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of ``data/processed`` in which the kept regions have their own rows."""
    own = [pd.read_parquet(path) for path in sorted((project.processed / "eigen").glob(f"*/{name}.parquet"))]
    if not own:
        return table
    rows = pd.concat(own)
    return pd.concat([table[~table["region_id"].isin(rows["region_id"].unique())], rows], ignore_index=True)


def build_own(project: Project, region: Region) -> dict[str, pd.DataFrame]:
    """Return the tables ``regions``, ``membership`` and ``indicators`` of one region."""
    figures = load_figures(project, load_catalogue(project))
    membership = membership_of(project, [region])
    row = [region.id, region.name, region.type, region.province, region.division, region.parent, None, region.notes]
    regions = pd.DataFrame([row], columns=REGION_COLUMNS)
    areas = Areas(regions, membership, membership.iloc[:0][["region_id", "year", "gm_code", "weight"]])
    indicators = build_indicators(project, figures, areas, load_indicators(project))
    return {"regions": regions, "membership": membership, "indicators": indicators}


def _write(project: Project, region: Region) -> None:
    tables = build_own(project, region)
    folder = _folder(project, region.id)
    for name in NAMES:
        buffer = io.BytesIO()
        tables[name].to_parquet(buffer, index=False)
        write_atomically(folder / f"{name}.parquet", buffer.getvalue())
    inputs = (read_package(project.processed) or {}).get("inputs_sha256", "")
    write_atomically(folder / "inputs.txt", inputs)


def _files(project: Project) -> Path:
    return project.cache / "regions"


def _codes_file(project: Project) -> Path:
    return project.cache / "municipalities.json"


def _municipalities(project: Project) -> list[str]:
    path = _codes_file(project)
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def _folder(project: Project, region_id: str) -> Path:
    return project.processed / "eigen" / region_id
