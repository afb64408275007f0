"""The tables of regions of one's own, made beside those of everybody, in ``data/processed/eigen/<region_id>``."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping

import pandas as pd

from balans.files import write_atomically
from balans.geography.areas import REGION_COLUMNS, Areas
from balans.geography.catalogue import Region
from balans.geography.membership import membership_of
from balans.geography.own_regions import own_regions
from balans.indicators.build import build_indicators
from balans.indicators.catalogue import load_indicators
from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import load_figures
from balans.tables import OWN_FOLDER

STAMP = "made-from.json"


def refresh_own_tables(project: Project, made_from: Mapping[str, str]) -> list[str]:
    """Make the tables of every region of one's own that were made from other inputs, and drop those of regions gone.

    Args:
        project: where the regions and the figures are.
        made_from: the inputs of the indicators of everybody.

    Returns:
        The ids of the regions whose tables were made anew.
    """
    regions = own_regions(project)
    folder = project.processed / OWN_FOLDER
    for gone in {path.name for path in folder.glob("*") if path.is_dir()} - set(regions):
        shutil.rmtree(folder / gone)
    made = []
    for region in regions.values():
        stamp = json.dumps({**made_from, "region": _described(region)}, sort_keys=True)
        path = folder / region.id / STAMP
        if not path.is_file() or path.read_text(encoding="utf-8") != stamp:
            _write(project, region, stamp)
            made.append(region.id)
    return made


def build_own_tables(project: Project, region: Region) -> dict[str, pd.DataFrame]:
    """Return the tables ``regions``, ``membership`` and ``indicators`` of one region."""
    figures = load_figures(project, load_catalogue(project))
    membership = membership_of(project, [region])
    row = [region.id, region.name, region.type, region.province, region.division, region.parent, None, region.notes]
    regions = pd.DataFrame([row], columns=REGION_COLUMNS)
    areas = Areas(regions, membership, membership.iloc[:0][["region_id", "year", "gm_code", "weight"]])
    indicators = build_indicators(project, figures, areas, load_indicators(project))
    return {"regions": regions, "membership": membership, "indicators": indicators}


def _described(region: Region) -> str:
    return json.dumps({**vars(region), "members": dict(region.members)}, sort_keys=True)


def _write(project: Project, region: Region, stamp: str) -> None:
    folder = project.processed / OWN_FOLDER / region.id
    for name, table in build_own_tables(project, region).items():
        buffer = io.BytesIO()
        table.to_parquet(buffer, index=False)
        write_atomically(folder / f"{name}.parquet", buffer.getvalue())
    write_atomically(folder / STAMP, stamp)
