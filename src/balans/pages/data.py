"""What a page may read: exactly these rows of ``data/processed``, which also decide whether it must run again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import UnknownKeyError
from balans.files import sha256
from balans.indicators.own_regions import NAMES, read_with_own
from balans.paths import Project, find_project
from balans.sources.last_refresh import NAME as LAST_REFRESH
from balans.tables import read_table

# Definitions from which pages take titles, units and notes: a changed title must reach the page.
WORDED_BY = ("consumer_prices.csv", "indicators.yml", "projections.yml", "report_column.yml")

TOTALS = ("krimpregios", "anticipeerregios", "nederland")

# Which further tables of data/processed a template may read. A page of one region gets only the rows of its own areas.
TABLES: dict[str, tuple[str, ...]] = {
    "regio": (
        "engine_arrows",
        "engine_nodes",
        "liveability",
        "liveability_contributions",
        "liveability_indicators",
        "liveability_residuals",
        "liveability_themes",
        "projections",
        "report_table",
        "series",
    ),
    "01_bronnen": (),
    "02_indicatoren": (),
    "03_prognoses": (
        "backtest",
        "projection_scores",
        "projections",
        "publication_record",
        "report_column",
        "series",
    ),
    "04_leefbaarheid": (
        "liveability",
        "liveability_contributions",
        "liveability_indicators",
        "liveability_residuals",
        "liveability_sensitivity",
        "liveability_themes",
        "liveability_validation",
        "liveability_weights",
    ),
    "05_beweringen": (
        "claim_alternatives",
        "claim_contradictions",
        "claims",
    ),
    "09_achterstanden": (
        "associations",
        "claims",
        "disadvantage_index",
        "engine_arrows",
        "engine_nodes",
        "gap_changes",
        "gaps",
        "gdp_choices",
        "population_account",
        "report_table",
        "widest_gap_test",
    ),
    "06_vitale_regios": ("investment", "investment_per_inhabitant", "location_quotients", "reach", "shift_share"),
    "07_investeren": ("investment", "investment_perspective"),
    "08_kracht": ("tasks",),
    "regiocheck": (),
}

# Definitions that a template reads itself; their content is part of what the page was made from.
DEFINITIONS: dict[str, tuple[str, ...]] = {
    "06_vitale_regios": ("investment.yml",),
    "07_investeren": ("allocation_keys.yml", "investment.yml"),
    "08_kracht": ("policy_timeline.yml",),
    "regiocheck": ("allocation_keys.yml", "indicators.yml", "policies.yml"),
}


@dataclass(frozen=True)
class PageData:
    """The rows of ``data/processed`` that one page may read.

    Attributes:
        regions: every area, see the table ``regions``.
        membership: the municipalities of the areas at hand.
        indicators: the indicators of the areas at hand.
        sources: the source tables, for the line under a figure.
        notes: what a reader must know about the figures of the areas at hand.
        tables: further tables by name, see ``TABLES``.
        files: digests of whole files that the page may read too: boundaries, definitions, the last refresh.
    """

    regions: pd.DataFrame
    membership: pd.DataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    notes: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
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
    ids = {
        regio,
        *_ancestors(named["parent"], regio),
        *TOTALS,
        *membership["gm_code"],
        *_policy_regions(everything.regions),
    }
    return PageData(
        regions=everything.regions[everything.regions["region_id"].isin(ids)],
        membership=everything.membership[
            everything.membership["region_id"].isin({regio, *_policy_regions(everything.regions)})
        ],
        indicators=everything.indicators[everything.indicators["region_id"].isin(ids)],
        sources=everything.sources,
        notes=everything.notes[everything.notes["region_id"] == regio],
        tables={name: _rows_of(_read(project, name), ids) for name in TABLES["regio"]},
        files=everything.files,
    )


def _ancestors(parents: pd.Series, regio: str) -> list[str]:
    """Return the areas that a region is part of, the smallest first."""
    found: list[str] = []
    parent = str(parents.get(regio, ""))
    while parent in parents.index and parent not in found:
        found.append(parent)
        parent = str(parents[parent])
    return found


def overview_scope(project: Project, template: str) -> PageData:
    """Return what a page over all regions may read: every area, and the tables and definitions of its template."""
    everything = _everything(project)
    read = {name: sha256(project.definitions / name) for name in DEFINITIONS.get(template, ())}
    tables = {name: _read(project, name) for name in TABLES[template]}
    return replace(everything, tables=tables, files={**everything.files, **read})


def _rows_of(table: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    return table[table["region_id"].isin(ids)] if "region_id" in table else table


def _scope(project: Project, template: str, parameters: Mapping[str, Any]) -> PageData:
    if template == "regio":
        return region_scope(project, str(parameters["regio"]))
    return overview_scope(project, template)


def scope_digest(project: Project, template: str, parameters: Mapping[str, Any]) -> str:
    """Return one SHA-256 over the rows that a page may read."""
    data = _scope(project, template, parameters)
    digest = hashlib.sha256()
    further = [data.tables[name] for name in sorted(data.tables)]
    for frame in (data.regions, data.membership, data.indicators, data.sources, data.notes, *further):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    digest.update(repr(sorted(data.files.items())).encode())
    return digest.hexdigest()


def page_data(template: str, regio: str | None = None) -> PageData:
    """Return the figures for the notebook ``template``; for the page of a region name it too.

    Raises:
        UnknownKeyError: there is no such template or region.
    """
    if template not in TABLES:
        raise UnknownKeyError(f"No notebook is called {template}. There are: {', '.join(TABLES)}.")
    return _scope(find_project(), template, {"regio": regio})


def _policy_regions(regions: pd.DataFrame) -> list[str]:
    return sorted(regions.loc[regions["type"].isin(["krimp", "anticipeer"]), "region_id"])


def _everything(project: Project) -> PageData:
    worded = [path for name in WORDED_BY if (path := project.definitions / name).is_file()]
    stamps = [path.stat().st_mtime_ns for path in [*sorted(project.processed.glob("**/*.parquet")), *worded]]
    return _read_everything(project.root, tuple(stamps))


def _read(project: Project, name: str) -> pd.DataFrame:
    """Return one table, read once per process for as long as it does not change."""
    path = project.processed / f"{name}.parquet"
    return _read_once(project.root, name, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=64)
def _read_once(root: Path, name: str, stamp: int) -> pd.DataFrame:
    del stamp  # only there so that a new table is read again
    return read_table(Project(root).processed, name)


@lru_cache(maxsize=1)
def _read_everything(root: Path, stamps: tuple[int, ...]) -> PageData:
    del stamps  # only there so that new tables are read again
    project = Project(root)
    boundaries = project.processed / "boundaries.parquet"
    worded = [project.definitions / name for name in WORDED_BY]
    tables = {name: read_with_own(project, name, read_table(project.processed, name)) for name in NAMES}
    return PageData(
        regions=tables["regions"],
        membership=tables["membership"],
        indicators=tables["indicators"],
        sources=read_table(project.processed, "sources"),
        notes=read_table(project.processed, "notes"),
        files={path.name: sha256(path) for path in [boundaries, project.raw / LAST_REFRESH, *worded] if path.is_file()},
    )
