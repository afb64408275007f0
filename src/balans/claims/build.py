"""The tables of chapter 1: the ledger of claims and the analyses it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.claims.analyses.associations import build_associations
from balans.claims.analyses.gaps import build_gaps, disadvantage_index, gap_changes, nearest_year, widest_gap_test
from balans.claims.analyses.gdp import gdp_choices
from balans.claims.analyses.long_series import fixed_weight_means, fixed_weights
from balans.claims.analyses.population import population_account
from balans.claims.analyses.shrinkage_engine import SIGNS, engine_arrows, engine_nodes
from balans.claims.analyses.woz import woz_facts
from balans.claims.ledger import build_alternatives, build_claims, build_contradictions
from balans.claims.model import load_claims
from balans.claims.recompute import Fact, open_desk
from balans.claims.report_column import column_figures, judge_column
from balans.claims.report_table import build_report_table
from balans.definitions import load_definition
from balans.indicators.area_sets import load_area_sets
from balans.indicators.catalogue import load_indicators
from balans.indicators.exams import INDICATOR as EXAMS
from balans.indicators.exams import exam_indicator
from balans.indicators.report_rows import load_report_rows
from balans.paths import Project
from balans.sources.exams import load_passes
from balans.tables import ProcessedTable
from balans.words.areas import ANTICIPEERREGIOS, GROUPS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES

AREA_NAMES = {
    KRIMPREGIOS: "krimpregio's",
    ANTICIPEERREGIOS: "anticipeerregio's",
    NEDERLAND: "Nederland",
    "krimpregios-2020": "krimpregio's op de indeling van 2020",
    "hoger_beroepsniveau": "werkzaam op hoger beroepsniveau",
    "arbeidsjaren": "arbeidsjaren",
}
GDP_SETS = ["corop-rapport", "corop-rapport-zonder-overig-groningen"]
ACCOUNT = (2015, 2023)
LOOKED_BACK = (2005, 2015)
# The first four school years of which every exam is at hand end in 2018.
EXAM_YEAR = 2018
SOURCES_OF_GAPS = "50150NED + 70072ned + 83625NED + brede-welvaart + duo-examens + kwb"


@dataclass(frozen=True)
class Material:
    """What every analysis reads: the tables made before, and ``definitions/analyses.yml``."""

    project: Project
    indicators: pd.DataFrame
    series: pd.DataFrame
    membership: pd.DataFrame
    regions: pd.DataFrame
    settings: dict[str, Any]

    @property
    def krimp(self) -> list[str]:
        """The nine krimp regions."""
        return sorted(self.regions.loc[self.regions["type"] == "krimp", "region_id"])

    @property
    def areas(self) -> list[str]:
        """The totals and the twenty regions."""
        return [*GROUPS, *sorted(self.regions.loc[self.regions["type"].isin(POLICY_TYPES), "region_id"])]


def claim_tables(
    project: Project, indicators: pd.DataFrame, series: pd.DataFrame, membership: pd.DataFrame, regions: pd.DataFrame
) -> list[ProcessedTable]:
    """Return every table of this chapter.

    Args:
        project: for the definitions.
        indicators: the table of ``data/processed``.
        series: the table of ``data/processed``: the long series of the projections.
        membership: the table of ``data/processed``.
        regions: the table of ``data/processed``.
    """
    settings = load_definition(project.definitions / "analyses.yml")
    material = Material(project, indicators, series, membership, regions, settings)
    gaps = _gaps(material)
    long = _long_gaps(material)
    analyses = _analysis_tables(material, gaps, long)
    return _ledger_tables(material, _facts(material, gaps, long)) + analyses


def _ledger_tables(material: Material, facts: dict[str, Fact]) -> list[ProcessedTable]:
    book = load_claims(material.project)
    desk = open_desk(material.indicators, material.regions, book, facts, _titles(material))
    rows = load_report_rows(material.project)
    table = build_report_table(material.indicators, rows, [*material.areas, NEDERLAND]).astype({"year": "Int64"})
    oldest = material.settings["gaps"]["oldest"]
    column = judge_column(rows, oldest, column_figures(material.indicators, material.series))
    return [
        ProcessedTable("claims", "Every claim with its two verdicts", ("claim_id",), build_claims(book, desk)),
        ProcessedTable(
            "claim_alternatives",
            "Other plausible definitions and years per claim, and how near each comes",
            ("claim_id", "position"),
            build_alternatives(book, desk),
        ),
        ProcessedTable(
            "claim_contradictions",
            "Claims that cannot all be true",
            ("contradiction_id",),
            build_contradictions(book, desk),
        ),
        ProcessedTable(
            "report_table", "The report's indicator table, rebuilt", ("row_id", "variant", "region_id", "moment"), table
        ),
        ProcessedTable("report_column", "The report's 2025 column, explained and judged", ("indicator",), column),
    ]


def _titles(material: Material) -> dict[str, str]:
    """Names of indicators, regions, totals and sets of areas."""
    names = dict(zip(material.regions["region_id"], material.regions["name"], strict=True))
    indicators = {name: one.title.lower() for name, one in load_indicators(material.project).items()}
    return names | indicators | AREA_NAMES | {one.id: one.name for one in load_area_sets(material.project)}


def _gaps(material: Material) -> pd.DataFrame:
    wanted = material.settings["gaps"]["indicators"]
    return build_gaps(material.indicators, wanted, _worse(material), material.areas)


def _long_gaps(material: Material) -> pd.DataFrame:
    """Gaps of the long series, weighted by the dwellings of a fixed year, so comparable before and after 2010."""
    settings = material.settings["long_series"]
    transfers = pd.read_csv(material.project.definitions / "geography" / "transfers.csv")
    weights = fixed_weights(material.indicators, transfers)
    years = range(settings["from"], settings["until"] + 1)
    means = fixed_weight_means(material.indicators, material.membership, weights, settings["indicators"], years)
    return build_gaps(means, settings["indicators"], _worse(material), material.areas)


def _worse(material: Material) -> dict[str, int]:
    return {name: -SIGNS[indicator.direction] for name, indicator in load_indicators(material.project).items()}


def _analysis_tables(material: Material, gaps: pd.DataFrame, long: pd.DataFrame) -> list[ProcessedTable]:
    settings = material.settings["gaps"]
    both = pd.concat([gaps.assign(weights="own year"), long.assign(weights="dwellings around 2010")])
    index = disadvantage_index(gaps[~gaps["region_id"].isin(GROUPS)], settings["disadvantage"], settings["year"])
    chosen = gaps[gaps["indicator"].isin(settings["disadvantage"])]
    test = widest_gap_test(chosen, settings["oldest"], material.krimp, settings["year"])
    shares = pd.read_csv(material.project.definitions / "geography" / "report_corop_areas.csv")
    engine = material.settings["engine"]
    nodes = engine_nodes(material.indicators, load_indicators(material.project), engine["nodes"], material.areas)
    return [
        _table("gaps", "The gap to the Netherlands", ["region_id", "indicator", "year", "weights"], both),
        _table(
            "gap_changes",
            "How gaps changed",
            ["region_id", "indicator", "period"],
            _changes(gaps, long, settings["least_years"]),
        ),
        _table("widest_gap_test", "Whether gaps are widest where shrinkage is oldest", ["left_out"], test),
        _table("disadvantage_index", "Index of cumulated disadvantage", ["region_id"], index),
        _table(
            "population_account",
            "Why the number of inhabitants changed",
            ["region_id"],
            population_account(material.indicators, material.areas, *ACCOUNT),
        ),
        _table(
            "gdp_choices",
            "Share of GDP by choice of areas",
            ["choice", "year"],
            gdp_choices(material.indicators, shares, GDP_SETS),
        ),
        _table(
            "associations",
            "Associations between municipalities",
            ["x", "x_year", "y", "y_year"],
            build_associations(material.indicators, material.settings["associations"]),
        ),
        _table("engine_nodes", "The engine of shrinkage, measured", ["node_id", "region_id"], nodes),
        _table("engine_arrows", "The arrows of the engine", ["from_node", "to_node"], engine_arrows(engine["arrows"])),
    ]


def _table(name: str, description: str, key: list[str], rows: pd.DataFrame) -> ProcessedTable:
    return ProcessedTable(name, description, tuple(key), rows.sort_values(key, ignore_index=True))


def _changes(gaps: pd.DataFrame, long: pd.DataFrame, least_years: int) -> pd.DataFrame:
    """Changes until the report's year and since; the long series goes before the short one where both exist."""
    first, middle = LOOKED_BACK
    before = pd.concat([gap_changes(long, first, middle), gap_changes(gaps, first, middle)])
    before = before.drop_duplicates(["region_id", "indicator"], keep="first").assign(period="until the report")
    before = before[before["last_year"] - before["first_year"] >= least_years]
    since = gap_changes(gaps, middle, int(gaps["year"].max())).assign(period="since the report")
    return pd.concat([before, since], ignore_index=True)


def _facts(material: Material, gaps: pd.DataFrame, long: pd.DataFrame) -> dict[str, Fact]:
    """The numbers from the analyses that claims ask for."""
    made = _gap_facts(material, gaps, long) | _widest_facts(material, gaps) | _exam_facts(material)
    return made | woz_facts(material.indicators, material.membership, long, material.krimp, LOOKED_BACK[1])


def _gap_facts(material: Material, gaps: pd.DataFrame, long: pd.DataFrame) -> dict[str, Fact]:
    """How many indicators of the krimp regions improved, fell behind, or lay behind."""
    least = material.settings["gaps"]["least_years"]
    changes, every = (_changes(gaps, long, years).query(f"region_id == '{KRIMPREGIOS}'") for years in (least, 0))
    before, since = (changes[changes["period"] == period] for period in ("until the report", "since the report"))
    short = every[every["period"] == "until the report"]
    better, better_short = (
        rows["indicator"].map(_worse(material)) * rows["own_change"] < 0 for rows in (before, short)
    )
    level = nearest_year(gaps[gaps["region_id"] == KRIMPREGIOS], LOOKED_BACK[1])
    last, latest = LOOKED_BACK[1], int(since["last_year"].max())
    return {
        "indicators_with_series": _fact(len(before), last),
        "share_improved": _fact(100 * better.mean(), last),
        "share_improved_with_short_series": _fact(100 * better_short.mean(), last),
        "share_widened_with_short_series": _fact(100 * (short["change"] > 0).mean(), last),
        "share_widened": _fact(100 * (before["change"] > 0).mean(), last),
        "indicators_since": _fact(len(since), latest),
        "share_widened_since": _fact(100 * (since["change"] > 0).mean(), latest),
        "indicators_compared": _fact(len(level), last),
        "share_behind": _fact(100 * (level["disadvantage"] > 0).mean(), last),
    }


def _widest_facts(material: Material, gaps: pd.DataFrame) -> dict[str, Fact]:
    """Whether the disadvantage is largest where shrinkage is oldest."""
    settings = material.settings["gaps"]
    chosen = gaps[gaps["indicator"].isin(settings["disadvantage"])]
    test = (
        widest_gap_test(chosen, settings["oldest"], material.krimp, settings["year"]).set_index("left_out").loc["none"]
    )
    columns = {"oldest_mean_rank": "statistic", "oldest_expected_rank": "expected", "oldest_p_value": "p_value"}
    columns["oldest_indicators"] = "indicators"
    return {name: _fact(test[column], settings["year"]) for name, column in columns.items()}


def _exam_facts(material: Material) -> dict[str, Fact]:
    """The exams over four years with shared municipalities counted whole, and the number of passes."""
    whole = exam_indicator(load_passes(material.project), material.membership, whole=True)
    krimp = whole[(whole["region_id"] == KRIMPREGIOS) & (whole["year"] == EXAM_YEAR)]
    own = material.indicators.query(f"region_id == '{KRIMPREGIOS}' and indicator == '{EXAMS}' and year == {EXAM_YEAR}")
    return {
        "exams_whole": Fact(float(krimp["value"].iloc[0]), EXAM_YEAR, "duo-examens"),
        "exam_passes_2018": Fact(float(own["denominator"].iloc[0]), EXAM_YEAR, "duo-examens"),
    }


def _fact(value: Any, year: int) -> Fact:
    return Fact(float(value), year, SOURCES_OF_GAPS)
