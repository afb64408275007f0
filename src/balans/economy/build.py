"""The processed tables of chapters 2, 3 and 4."""

from __future__ import annotations

import pandas as pd

from balans.economy.quotients import location_quotients, shift_share
from balans.economy.reach import area_points, reach, region_centres
from balans.economy.tasks import build_tasks
from balans.investment.package import build_investment, build_per_inhabitant, load_material
from balans.investment.perspective import build_perspective
from balans.paths import Project
from balans.tables import ProcessedTable
from balans.words.areas import GROUPS, POLICY_TYPES

SHIFT_SHARE_YEARS = (2015, 2018)
REACH_YEARS = (2014, 2022)


def policy_tables(
    project: Project, indicators: pd.DataFrame, membership: pd.DataFrame, regions: pd.DataFrame
) -> list[ProcessedTable]:
    """Return the tables of chapters 2, 3 and 4, from the tables ``indicators``, ``membership`` and ``regions``."""
    own = sorted(regions.loc[regions["type"].isin(POLICY_TYPES), "region_id"])
    material = load_material(project, indicators, regions)
    investment = build_investment(material)
    quotients = location_quotients(indicators, membership, [*own, *GROUPS])
    changes = shift_share(indicators, [*own, *GROUPS], *SHIFT_SHARE_YEARS)
    centres = region_centres(project, membership, own)
    near = reach(centres, area_points(project), indicators, REACH_YEARS)
    return [
        ProcessedTable("investment", "The package and other money, per year", ("item", "year"), investment),
        ProcessedTable(
            "investment_per_inhabitant",
            "Money per inhabitant, for every denominator and in constant prices",
            ("item", "year", "denominator"),
            build_per_inhabitant(material),
        ),
        ProcessedTable(
            "investment_perspective",
            "The report's comparison, checked",
            ("item",),
            build_perspective(material, investment),
        ),
        ProcessedTable(
            "location_quotients",
            "Jobs and establishments by sector against the Netherlands",
            ("region_id", "measure", "sector", "year"),
            quotients,
        ),
        ProcessedTable("shift_share", "Change of establishments, taken apart", ("region_id", "last_year"), changes),
        ProcessedTable(
            "reach", "People and product within reach, per country", ("region_id", "distance_km", "country"), near
        ),
        ProcessedTable("tasks", "Which region carries which task", ("region_id", "task"), build_tasks(indicators, own)),
    ]
