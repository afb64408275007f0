"""Steps that read stored files of a shape of their own: districts, municipal accounts, keys of the fund, flows."""

from __future__ import annotations

from balans.economy.accounts import account_table
from balans.economy.flows import commuting_table, jobs_table
from balans.geography.areas import with_municipalities
from balans.liveability.history.agreement import agreement_table
from balans.liveability.history.table import history_table
from balans.regiocheck.fund import fund_keys, fund_units
from balans.steps import Step, Workbench
from balans.tables import ProcessedTable


def _liveability_history(bench: Workbench) -> list[ProcessedTable]:
    rows = history_table(bench.project, bench.table("membership"))
    key = ("region_id", "year", "dimension")
    return [ProcessedTable("liveability_history", "Official liveability per area, 2002 to now", key, rows)]


def _liveability_movement(bench: Workbench) -> list[ProcessedTable]:
    """Whether our index moved as the official scores did."""
    rows = agreement_table(*(bench.table(name) for name in ("liveability", "liveability_history", "regions")))
    text = "How the index moved beside the official scores"
    return [ProcessedTable("liveability_movement", text, ("level", "dimension"), rows)]


def _accounts(bench: Workbench) -> list[ProcessedTable]:
    rows = account_table(bench.project, with_municipalities(bench.project, bench.table("membership")))
    text = "Budgets and accounts of municipalities by domain, per area, in euros of each year"
    return [ProcessedTable("municipal_accounts", text, ("region_id", "statement", "year", "item"), rows)]


def _fund(bench: Workbench) -> list[ProcessedTable]:
    keys = fund_keys(bench.project, bench.table("membership"), bench.table("regions"))
    text = "What each region has of each key of the gemeentefonds, and what a change would do"
    return [
        ProcessedTable(
            "gemeentefonds_units",
            "Units of the keys of the gemeentefonds per municipality",
            ("region_id", "indicator", "year"),
            fund_units(bench.project),
        ),
        ProcessedTable("gemeentefonds_keys", text, ("key", "region_id"), keys),
    ]


def _flows(bench: Workbench) -> list[ProcessedTable]:
    """Who works where."""
    flows, jobs = commuting_table(bench.project), jobs_table(bench.project)
    text = "Employee jobs by sector, of the report's COROP areas and of the country"
    return [
        ProcessedTable("commuting", "Employee jobs by COROP area of home and of work", ("from_id", "to_id"), flows),
        ProcessedTable("jobs_by_sector", text, ("area", "sector", "year"), jobs),
    ]


# Before the indicators, which take its total.
HISTORY = Step(
    "liveability_history",
    _liveability_history,
    code=("balans.liveability.history.table",),
    definitions=("liveability.yml", "liveability/", "geography/"),
    raw=("leefbaarometer", "leefbaarometer-wijken", "leefbaarometer-gewichten", "kwb"),
    tables=("membership",),
    writes=("liveability_history",),
)

STORED = (
    Step(
        "liveability_movement",
        _liveability_movement,
        code=("balans.liveability.history.agreement",),
        tables=("liveability", "liveability_history", "regions"),
        writes=("liveability_movement",),
    ),
    Step(
        "accounts",
        _accounts,
        code=("balans.economy.accounts", "balans.geography.areas"),
        definitions=("municipal_accounts.yml", "geography/"),
        raw=("iv3",),
        tables=("membership",),
        writes=("municipal_accounts",),
    ),
    Step(
        "fund",
        _fund,
        code=("balans.regiocheck.fund",),
        definitions=("allocation_keys.yml",),
        raw=("gemeentefonds-2024",),
        tables=("membership", "regions"),
        writes=("gemeentefonds_units", "gemeentefonds_keys"),
    ),
    Step(
        "flows",
        _flows,
        code=("balans.economy.flows",),
        definitions=("area_sets.yml", "geography/"),
        raw=("pendel-corop", "83582NED"),
        writes=("commuting", "jobs_by_sector"),
    ),
)
