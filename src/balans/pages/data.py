"""What a page may read: exactly the tables that its notebook declares, and of those the rows that concern it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from balans.errors import UnknownKeyError
from balans.pages.declaration import Declaration, load_declaration
from balans.paths import Project, find_project
from balans.tables import OWN_TABLES, read_table, read_with_own
from balans.words.areas import POLICY_TYPES, TOTALS

# What JupyterLab, and our engine while the book is made, tell a kernel: the file of its notebook, which need not hold
# its own name.
NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"


class PageData:
    """The rows of ``data/processed`` that one page may read, each table read when it is first asked for."""

    def __init__(self, read: Callable[[str], pd.DataFrame]) -> None:
        self._read = read
        self._tables: dict[str, pd.DataFrame] = {}

    def table(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that the page may read.

        Raises:
            UnknownKeyError: the page does not declare the table.
            PublishError: the table is not there yet.
        """
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    @property
    def regions(self) -> pd.DataFrame:
        """Every area at hand, see the table ``regions``."""
        return self.table("regions")

    @property
    def membership(self) -> pd.DataFrame:
        """The municipalities of the areas at hand."""
        return self.table("membership")

    @property
    def indicators(self) -> pd.DataFrame:
        """The indicators of the areas at hand."""
        return self.table("indicators")

    @property
    def sources(self) -> pd.DataFrame:
        """The source tables, for the line under a figure."""
        return self.table("sources")

    @property
    def notes(self) -> pd.DataFrame:
        """What a reader must know about the figures of the areas at hand."""
        return self.table("notes")


def page_data(region_id: str | None = None, *, template: str | None = None) -> PageData:
    """Return the figures for the notebook that calls this; for the page of a region name it.

    Args:
        region_id: the region that the page is about, if it is about one.
        template: place of the notebook below ``notebooks/``; known by itself while the book is made and in JupyterLab.
            Where it is not known, every table may be read.

    Raises:
        UnknownKeyError: there is no such template or region.
    """
    project = find_project()
    called = template or _running_template(project)
    declared = load_declaration(project, called) if called else None
    return region_data(project, declared, region_id) if region_id else overview_data(project, declared)


def _running_template(project: Project) -> str | None:
    """Return the template that runs this: None outside a kernel, and for a notebook that is no template."""
    session = Path(os.environ.get(NOTEBOOK_VARIABLE, ""))
    if session.suffix == ".ipynb" and session.is_relative_to(project.notebooks):
        return session.relative_to(project.notebooks).with_suffix("").as_posix()
    return None


def overview_data(project: Project, declared: Declaration | None) -> PageData:
    """Return what a page over all regions may read: every area of the book, without the regions of one's own."""

    def read(name: str) -> pd.DataFrame:
        _must_declare(declared, name)
        return _stored(project, name)

    return PageData(read)


def region_data(project: Project, declared: Declaration | None, region_id: str) -> PageData:
    """Return what the page of a region may read: itself, its municipalities, what it is part of, the 20 and the totals.

    Raises:
        UnknownKeyError: there is no such region; the message names those that there are.
    """
    regions, membership = _with_own(project, "regions"), _with_own(project, "membership")
    ids = _rows_at_hand(regions, membership, region_id)
    narrower = {"notes": {region_id}, "membership": {region_id, *policy_regions(regions)}}

    def read(name: str) -> pd.DataFrame:
        _must_declare(declared, name)
        table = _with_own(project, name) if name in OWN_TABLES else _stored(project, name)
        return table[table["region_id"].isin(narrower.get(name, ids))] if "region_id" in table else table

    return PageData(read)


def _rows_at_hand(regions: pd.DataFrame, membership: pd.DataFrame, region_id: str) -> set[str]:
    parents = regions.set_index("region_id")["parent"]
    if region_id not in parents.index:
        raise UnknownKeyError(f"There is no region {region_id}. There are: {', '.join(policy_regions(regions))}.")
    members = membership.loc[membership["region_id"] == region_id, "gm_code"]
    return {region_id, *_ancestors(parents, region_id), *TOTALS, *members, *policy_regions(regions)}


def _must_declare(declared: Declaration | None, name: str) -> None:
    if declared is not None and name not in declared.tables:
        raise UnknownKeyError(
            f"notebooks/{declared.template}.ipynb reads the table {name} and does not declare it. "
            f'Add "{name}" to "tables" under "balans" in the metadata of the notebook.'
        )


def _ancestors(parents: pd.Series, region_id: str) -> list[str]:
    """Return the areas that a region is part of, the smallest first."""
    found: list[str] = []
    parent = str(parents.get(region_id, ""))
    while parent in parents.index and parent not in found:
        found.append(parent)
        parent = str(parents[parent])
    return found


def policy_regions(regions: pd.DataFrame) -> list[str]:
    """Return the nine krimp and eleven anticipeer regions by region_id, in order."""
    return sorted(regions.loc[regions["type"].isin(POLICY_TYPES), "region_id"])


def _with_own(project: Project, name: str) -> pd.DataFrame:
    return read_with_own(project.processed, name, _stored(project, name))


def _stored(project: Project, name: str) -> pd.DataFrame:
    """Return one table, read once per process for as long as it does not change."""
    path = project.processed / f"{name}.parquet"
    return _read_once(project.root, name, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=64)
def _read_once(root: Path, name: str, stamp: int) -> pd.DataFrame:
    del stamp  # only there so that a new table is read again
    return read_table(Project(root).processed, name)
