"""What a page may read: exactly these rows of ``data/processed``, which also decide whether it must run again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import UnknownKeyError
from balans.files import sha256
from balans.paths import Project, find_project
from balans.tables import read_table

TOTALS = ("krimpregios", "anticipeerregios", "nederland")
POLICY_TABLES = (
    "investment",
    "investment_per_inhabitant",
    "investment_perspective",
    "location_quotients",
    "shift_share",
    "reach",
    "tasks",
)
POLICY_DEFINITIONS = ("investment.yml", "policies.yml", "allocation_keys.yml", "policy_timeline.yml", "indicators.yml")


@dataclass(frozen=True)
class PageData:
    """The rows of ``data/processed`` that one page may read.

    Attributes:
        regions: every area, see the table ``regions``.
        membership: the municipalities of the areas at hand.
        indicators: the indicators of the areas at hand.
        sources: the source tables, for the line under a figure.
        notes: what a reader must know about the figures of the areas at hand.
        files: digests of whole files that the page may read too (boundaries, definitions).
        tables: further tables of ``data/processed`` by name, for the pages that need them.
    """

    regions: pd.DataFrame
    membership: pd.DataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    notes: pd.DataFrame
    files: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def region_scope(project: Project, regio: str) -> PageData:
    """Return what the page of region ``regio`` may read: itself, its municipalities, the 20 regions and the totals.

    Raises:
        UnknownKeyError: there is no such region; the message names those that there are.
    """
    everything = _everything(project)
    named = everything.regions.set_index("region_id")
    if regio not in named.index:
        raise UnknownKeyError(
            f"There is no region {regio}. There are: {', '.join(_policy_regions(everything.regions))}."
        )
    membership = everything.membership[everything.membership["region_id"] == regio]
    parent = str(named.loc[regio, "parent"])
    ids = {regio, parent, *TOTALS, *membership["gm_code"], *_policy_regions(everything.regions)}
    return PageData(
        regions=everything.regions[everything.regions["region_id"].isin(ids)],
        membership=everything.membership[
            everything.membership["region_id"].isin({regio, *_policy_regions(everything.regions)})
        ],
        indicators=everything.indicators[everything.indicators["region_id"].isin(ids)],
        sources=everything.sources,
        notes=everything.notes[everything.notes["region_id"] == regio],
        files=everything.files,
    )


def overview_scope(project: Project, **_: Any) -> PageData:
    """Return what a page over all regions may read: every area."""
    return _everything(project)


def policy_scope(project: Project, **_: Any) -> PageData:
    """Return what the pages of chapters 2 to 4 may read: every area, their own tables, and their definitions."""
    tables = {name: read_table(project.processed, name) for name in POLICY_TABLES}
    definitions = {name: sha256(project.definitions / name) for name in POLICY_DEFINITIONS}
    everything = _everything(project)
    return replace(everything, tables=tables, files={**everything.files, **definitions})


SCOPES: dict[str, Callable[..., PageData]] = {
    "regio": region_scope,
    "01_bronnen": overview_scope,
    "02_indicatoren": overview_scope,
    "03_vitale_regios": policy_scope,
    "04_investeren": policy_scope,
    "05_kracht": policy_scope,
    "regiocheck": policy_scope,
}


def scope_digest(project: Project, template: str, parameters: Mapping[str, Any]) -> str:
    """Return one SHA-256 over the rows that a page may read."""
    arguments = {"regio": parameters["regio"]} if template == "regio" else {}
    data = SCOPES[template](project, **arguments)
    digest = hashlib.sha256()
    for frame in (data.regions, data.membership, data.indicators, data.sources, data.notes, *data.tables.values()):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    digest.update(repr(sorted(data.files.items())).encode())
    return digest.hexdigest()


def page_data(regio: str | None = None) -> PageData:
    """Return the figures for a notebook: those of one region's page, or without ``regio`` all of them."""
    project = find_project()
    return region_scope(project, regio) if regio else overview_scope(project)


def policy_data() -> PageData:
    """Return the figures for a notebook of chapters 2 to 4."""
    return policy_scope(find_project())


def _policy_regions(regions: pd.DataFrame) -> list[str]:
    return sorted(regions.loc[regions["type"].isin(["krimp", "anticipeer"]), "region_id"])


def _everything(project: Project) -> PageData:
    stamp = (project.processed / "datapackage.json").stat().st_mtime_ns if project.processed.is_dir() else 0
    return _read_everything(project.root, stamp)


@lru_cache(maxsize=1)
def _read_everything(root: Path, stamp: int) -> PageData:
    del stamp  # only there so that new tables are read again
    project = Project(root)
    boundaries = project.processed / "boundaries.parquet"
    return PageData(
        regions=read_table(project.processed, "regions"),
        membership=read_table(project.processed, "membership"),
        indicators=read_table(project.processed, "indicators"),
        sources=read_table(project.processed, "sources"),
        notes=read_table(project.processed, "notes"),
        files={boundaries.name: sha256(boundaries)} if boundaries.is_file() else {},
    )
