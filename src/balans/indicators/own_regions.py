"""Regions of a user's own: a YAML file becomes tables beside those of everybody, without making all tables again.

The file is kept in ``.cache/regions`` so that a later ``make book`` follows fresh figures; the tables stand in
``data/processed/eigen/<region_id>``.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pandas as pd

from balans.files import write_atomically
from balans.geography.areas import REGION_COLUMNS, Areas
from balans.geography.catalogue import Region
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
    kept = _kept(project) / f"{region.id}.yml"
    if path.resolve() != kept.resolve():
        write_atomically(kept, path.read_bytes())
    _write(project, region)
    return region


def own_region_ids(project: Project) -> list[str]:
    """Return the ids of the regions that are kept."""
    return sorted(path.stem for path in _kept(project).glob("*.yml"))


def refresh_own_regions(project: Project) -> None:
    """Make the tables of every kept region that were made from other inputs than the tables of everybody."""
    files = [_kept(project) / f"{region_id}.yml" for region_id in own_region_ids(project)]
    inputs = (read_package(project.processed) or {}).get("inputs_sha256")
    for path in files:
        stamp = _folder(project, path.stem) / "inputs.txt"
        if not stamp.is_file() or stamp.read_text() != inputs:
            _write(project, load_region_file(path, project))


def read_with_own(project: Project, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of ``data/processed`` with the rows of the kept regions below it."""
    own = [pd.read_parquet(path) for path in sorted((project.processed / "eigen").glob(f"*/{name}.parquet"))]
    return pd.concat([table, *own], ignore_index=True) if own else table


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


def forget_own_regions(project: Project) -> None:
    """Remove the kept files and their tables."""
    shutil.rmtree(_kept(project), ignore_errors=True)
    shutil.rmtree(project.processed / "eigen", ignore_errors=True)


def _kept(project: Project) -> Path:
    return project.cache / "regions"


def _folder(project: Project, region_id: str) -> Path:
    return project.processed / "eigen" / region_id
