"""``balans process``: from ``data/raw`` and ``definitions/`` to the tables of ``data/processed``, step by step.

The list below is the whole of it: what each step reads, its function, and what it writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from balans.claims.build import claim_tables
from balans.definitions import check_definitions
from balans.economy.build import policy_tables
from balans.geography.boundaries import write_boundaries
from balans.indicators.area_sets import area_set_indicators, load_area_sets
from balans.indicators.build import build_indicators
from balans.indicators.catalogue import load_indicators
from balans.indicators.exams import exam_indicator
from balans.indicators.notes import build_notes
from balans.indicators.own_tables import refresh_own_tables
from balans.indicators.published import published_indicators
from balans.liveability.build import liveability_tables
from balans.liveability.future import Future
from balans.liveability.history.table import history_indicator
from balans.paths import Project
from balans.projections.build import build_projections
from balans.sources.catalogue import load_catalogue
from balans.sources.exams import load_passes
from balans.sources.manifest import RawTable
from balans.sources.overview import build_sources
from balans.steps import ALL, FIGURES, Step, Workbench, run_steps
from balans.steps_stored import HISTORY, STORED
from balans.tables import PACKAGE, ProcessedTable, read_package

GEOGRAPHY = ("regions.yml", "geography/")
AREA_TABLES = ("membership", "regions")


def process(project: Project, *, force: bool = False) -> list[str]:
    """Bring the tables of ``data/processed`` up to date; return the names of the steps that ran.

    Args:
        project: where everything is.
        force: run every step, changed or not.

    Raises:
        RawDataError: ``data/raw`` is not as its manifest says.
        DefinitionError: a definition is not as its schema asks; nothing was computed.
    """
    check_definitions(project.definitions)
    if force:
        (project.processed / PACKAGE).unlink(missing_ok=True)
    ran = run_steps(project, STEPS, package_sources)
    made_from = (read_package(project.processed) or {}).get("made_from", {})
    refresh_own_tables(project, made_from.get("indicators", {}))
    return ran


def _sources(bench: Workbench) -> list[ProcessedTable]:
    rows = build_sources(bench.manifest, load_catalogue(bench.project), bench.figures)
    differences = bench.figures.differences
    return [
        ProcessedTable("sources", "The source tables, their licence and their state", ("table",), rows),
        ProcessedTable(
            "source_differences",
            "Figures on which two source tables differ by more than rounding",
            ("topic", "region", "year", "other_source"),
            differences,
        ),
    ]


def _areas(bench: Workbench) -> list[ProcessedTable]:
    key = ("region_id", "year", "gm_code")
    return [
        ProcessedTable("regions", "Every area that has figures", ("region_id",), bench.areas.regions),
        ProcessedTable(
            "membership", "Which part of which municipality lies in an area, per year", key, bench.areas.membership
        ),
    ]


def _notes(bench: Workbench) -> list[ProcessedTable]:
    rows = build_notes(bench.project, bench.areas)
    return [ProcessedTable("notes", "What misleads in the figures of an area", ("region_id", "note"), rows)]


def _indicators(bench: Workbench) -> list[ProcessedTable]:
    """The table ``indicators``: summed, as published, from the exam results, and for sets of standard areas."""
    project, figures, areas = bench.project, bench.figures, bench.areas
    catalogue = load_indicators(project)
    summed = build_indicators(project, figures, areas, catalogue)
    indicators = pd.concat([summed, published_indicators(figures, catalogue)], ignore_index=True)
    exams = exam_indicator(load_passes(project), areas.membership)
    additive = {indicator.id for indicator in catalogue.values() if indicator.may_be_added}
    sets = area_set_indicators(indicators, load_area_sets(project), additive)
    official = history_indicator(bench.table("liveability_history"))
    table = pd.concat([indicators, exams, sets, official], ignore_index=True)
    key = ["region_id", "indicator", "year"]
    rows = table.sort_values(key, ignore_index=True)
    return [ProcessedTable("indicators", "Indicators per area and year", tuple(key), rows)]


def _claims(bench: Workbench) -> list[ProcessedTable]:
    return claim_tables(bench.project, *(bench.table(name) for name in ("indicators", "series", *AREA_TABLES)))


def _projections(bench: Workbench) -> list[ProcessedTable]:
    return build_projections(bench.project, bench.table("indicators")).tables


def _liveability(bench: Workbench) -> list[ProcessedTable]:
    future = Future(bench.table("series"), bench.table("projections"))
    return liveability_tables(bench.project, bench.figures, bench.table("membership"), future)


def _policy(bench: Workbench) -> list[ProcessedTable]:
    return policy_tables(bench.project, *(bench.table(name) for name in ("indicators", *AREA_TABLES)))


def _boundaries(bench: Workbench) -> list[Path]:
    return write_boundaries(bench.project, bench.folder)


STEPS = (
    Step(
        "areas",
        _areas,
        code=("balans.geography.areas",),
        definitions=GEOGRAPHY,
        writes=("regions", "membership"),
    ),
    Step(
        "notes",
        _notes,
        code=("balans.indicators.notes",),
        definitions=("notes.yml", *GEOGRAPHY),
        writes=("notes",),
    ),
    HISTORY,
    Step(
        "indicators",
        _indicators,
        code=(
            "balans.liveability.history.table",
            "balans.indicators.build",
            "balans.indicators.exams",
            "balans.indicators.published",
            "balans.indicators.area_sets",
            "balans.sources.exams",
        ),
        definitions=("sources.yml", "indicators.yml", "area_sets.yml", *GEOGRAPHY),
        raw=(FIGURES, "duo-examens"),
        tables=("liveability_history",),
        writes=("indicators",),
    ),
    Step(
        "sources",
        _sources,
        code=("balans.sources.overview",),
        definitions=("sources.yml", "geography/"),
        raw=(ALL,),
        writes=("sources", "source_differences"),
    ),
    Step(
        "projections",
        _projections,
        code=("balans.projections.build",),
        definitions=("projections.yml", "consumer_prices.csv", *GEOGRAPHY),
        raw=("demo_r_pjangrp3",),
        tables=("indicators",),
        writes=(
            "projections",
            "backtest",
            "projection_scores",
            "publication_record",
            "series",
        ),
    ),
    Step(
        "claims",
        _claims,
        code=("balans.claims.build",),
        definitions=("claims.yml", "analyses.yml", "report_table.yml", "indicators.yml", "area_sets.yml", "geography/"),
        raw=("duo-examens",),
        tables=("indicators", "series", *AREA_TABLES),
        writes=(
            "claims",
            "claim_alternatives",
            "claim_contradictions",
            "report_table",
            "report_column",
            "gaps",
            "gap_changes",
            "widest_gap_test",
            "disadvantage_index",
            "population_account",
            "gdp_choices",
            "associations",
            "engine_nodes",
            "engine_arrows",
        ),
    ),
    Step(
        "liveability",
        _liveability,
        code=("balans.liveability.build",),
        definitions=("liveability.yml", "liveability/", "sources.yml", *GEOGRAPHY),
        raw=(FIGURES, "leefbaarometer"),
        tables=("membership", "series", "projections"),
        writes=(
            "liveability",
            "liveability_themes",
            "liveability_validation",
            "liveability_residuals",
            "liveability_contributions",
            "liveability_indicators",
            "liveability_weights",
            "liveability_sensitivity",
        ),
    ),
    Step(
        "policy",
        _policy,
        code=("balans.economy.build",),
        definitions=("investment.yml", "investment/", "geography/"),
        raw=("nuts3-punten", "grenzen"),
        tables=("indicators", *AREA_TABLES),
        writes=(
            "investment",
            "investment_per_inhabitant",
            "investment_perspective",
            "location_quotients",
            "shift_share",
            "reach",
            "tasks",
        ),
    ),
    *STORED,
    Step(
        "boundaries",
        _boundaries,
        code=("balans.geography.boundaries",),
        definitions=("geography/",),
        raw=("grenzen",),
        writes=("boundaries.parquet", "boundaries_missing.csv"),
    ),
)


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
