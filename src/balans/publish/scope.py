"""What a page may read: exactly these rows of ``data/processed``, which also decide whether it must run again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import UnknownKeyError
from balans.files import sha256
from balans.indicators.own_regions import NAMES, read_with_own
from balans.paths import Project, find_project
from balans.tables import read_table

TOTALS = ("krimpregios", "anticipeerregios", "nederland")


@dataclass(frozen=True)
class PageData:
    """The rows of ``data/processed`` that one page may read.

    Attributes:
        regions: every area, see the table ``regions``.
        membership: the municipalities of the areas at hand.
        indicators: the indicators of the areas at hand.
        sources: the source tables, for the line under a figure.
        notes: what a reader must know about the figures of the areas at hand.
        files: digests of whole files that the page may read too (boundaries).
    """

    regions: pd.DataFrame
    membership: pd.DataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    notes: pd.DataFrame
    files: Mapping[str, str] = field(default_factory=dict)


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


SCOPES: dict[str, Callable[..., PageData]] = {
    "regio": region_scope,
    "01_bronnen": overview_scope,
    "02_indicatoren": overview_scope,
}


def scope_digest(project: Project, template: str, parameters: Mapping[str, Any]) -> str:
    """Return one SHA-256 over the rows that a page may read."""
    arguments = {"regio": parameters["regio"]} if template == "regio" else {}
    data = SCOPES[template](project, **arguments)
    digest = hashlib.sha256()
    for frame in (data.regions, data.membership, data.indicators, data.sources, data.notes):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    digest.update(repr(sorted(data.files.items())).encode())
    return digest.hexdigest()


def page_data(regio: str | None = None) -> PageData:
    """Return the figures for a notebook: those of one region's page, or without ``regio`` all of them."""
    project = find_project()
    return region_scope(project, regio) if regio else overview_scope(project)


def _policy_regions(regions: pd.DataFrame) -> list[str]:
    return sorted(regions.loc[regions["type"].isin(["krimp", "anticipeer"]), "region_id"])


def _everything(project: Project) -> PageData:
    stamps = [path.stat().st_mtime_ns for path in sorted(project.processed.glob("**/*.parquet"))]
    return _read_everything(project.root, tuple(stamps))


@lru_cache(maxsize=1)
def _read_everything(root: Path, stamps: tuple[int, ...]) -> PageData:
    del stamps  # only there so that new tables are read again
    project = Project(root)
    boundaries = project.processed / "boundaries.parquet"
    tables = {name: read_with_own(project, name, read_table(project.processed, name)) for name in NAMES}
    return PageData(
        regions=tables["regions"],
        membership=tables["membership"],
        indicators=tables["indicators"],
        sources=read_table(project.processed, "sources"),
        notes=read_table(project.processed, "notes"),
        files={boundaries.name: sha256(boundaries)} if boundaries.is_file() else {},
    )
