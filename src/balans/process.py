"""``balans process``: from ``data/raw`` and ``definitions/`` to the tables of ``data/processed``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from balans.claims.build import claim_tables
from balans.economy.build import policy_tables
from balans.files import sha256
from balans.geography.areas import Areas, load_areas
from balans.geography.boundaries import write_boundaries
from balans.indicators.area_sets import area_set_indicators, load_area_sets
from balans.indicators.build import build_indicators
from balans.indicators.catalogue import load_indicators
from balans.indicators.exams import exam_indicator
from balans.indicators.notes import build_notes
from balans.indicators.published import published_indicators
from balans.liveability.build import liveability_tables
from balans.liveability.future import Future
from balans.paths import Project
from balans.projections.build import build_projections
from balans.sources.catalogue import load_catalogue
from balans.sources.exams import load_passes
from balans.sources.figures import Figures, load_figures
from balans.sources.manifest import RawTable, verify_raw
from balans.sources.overview import build_sources
from balans.tables import ProcessedTable, is_complete, write_tables

NOT_INPUT = {"charts", "publish", "regiocheck", "cli.py"}


def process(project: Project, *, force: bool = False) -> bool:
    """Make the tables of ``data/processed``; return whether anything was written.

    Nothing is written if the tables that are there were made from the same inputs.

    Raises:
        RawDataError: ``data/raw`` is not as its manifest says.
        DefinitionError: a definition is not as its schema asks.
    """
    manifest = verify_raw(project.raw)
    inputs = inputs_digest(project)
    if not force and is_complete(project.processed, inputs):
        return False
    tables = build_tables(project, manifest)
    files = write_boundaries(project, project.processed)
    write_tables(project.processed, tables, files, inputs, package_sources(manifest))
    return True


def build_tables(project: Project, manifest: list[RawTable]) -> list[ProcessedTable]:
    """Return every table of the contract, computed from what is stored."""
    catalogue = load_catalogue(project)
    figures = load_figures(project, catalogue)
    areas = load_areas(project)
    sources = build_sources(manifest, catalogue, figures)
    notes = build_notes(project, areas)
    indicators = build_all_indicators(project, figures, areas)
    projections = build_projections(project, indicators)
    future = Future(projections.series, projections.projections)
    return [
        ProcessedTable("regions", "Every area that has figures", ("region_id",), areas.regions),
        ProcessedTable(
            "membership",
            "Which part of which municipality lies in an area, per year",
            ("region_id", "year", "gm_code"),
            areas.membership,
        ),
        ProcessedTable("indicators", "Indicators per area and year", ("region_id", "indicator", "year"), indicators),
        ProcessedTable("sources", "The source tables, their licence and their state", ("table",), sources),
        ProcessedTable("notes", "What misleads in the figures of an area", ("region_id", "note"), notes),
        ProcessedTable(
            "source_differences",
            "Figures on which two source tables differ by more than rounding",
            ("topic", "region", "year", "other_source"),
            figures.differences,
        ),
        *claim_tables(project, indicators, areas.membership, areas.regions),
        *projections.tables,
        *liveability_tables(project, figures, areas.membership, future),
        *policy_tables(project, indicators, areas.membership, areas.regions),
    ]


def build_all_indicators(project: Project, figures: Figures, areas: Areas) -> pd.DataFrame:
    """Return the table ``indicators``: summed, as published, from the exam results, and for sets of standard areas."""
    catalogue = load_indicators(project)
    summed = build_indicators(project, figures, areas, catalogue)
    indicators = pd.concat([summed, published_indicators(figures, catalogue)], ignore_index=True)
    exams = exam_indicator(load_passes(project), areas.membership)
    additive = {indicator.id for indicator in catalogue.values() if indicator.may_be_added}
    sets = area_set_indicators(indicators, load_area_sets(project), additive)
    table = pd.concat([indicators, exams, sets], ignore_index=True)
    return table.sort_values(["region_id", "indicator", "year"], ignore_index=True)


def inputs_digest(project: Project) -> str:
    """Return one SHA-256 over the manifest, the definitions and the code that makes the tables."""
    digest = hashlib.sha256()
    for path in _inputs(project):
        digest.update(f"{path.name} {sha256(path)}\n".encode())
    return digest.hexdigest()


def _inputs(project: Project) -> Iterator[Path]:
    yield project.raw / "manifest.json"
    yield from sorted(path for path in project.definitions.rglob("*") if path.is_file())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in NOT_INPUT or path.name == "numbers.py":
            yield path


def package_sources(manifest: list[RawTable]) -> list[dict[str, Any]]:
    """Return the sources as the data package names them, with their licence and attribution."""
    return [
        {
            "title": f"{table.source}, {table.table}: {table.title}",
            "licence": table.licence,
            "attribution": table.attribution,
        }
        for table in manifest
    ]
