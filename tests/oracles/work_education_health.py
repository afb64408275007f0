"""Participation, education and health of a region straight from the files, with nothing of the package.

Another way than the code's: municipalities of the year are walked forward transfer by transfer instead of by matrices,
and each figure is a plain loop over members.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = next(path for path in Path(__file__).parents if (path / "definitions").is_dir())
RAW = ROOT / "data" / "raw"
DIVISION = 2024
PART_UNTIL_75 = 0.754  # of those of 65 to 80, on 1 January 2020 and 2021
SHARES = "70072ned/age_woz_1995_2021.csv.gz"
COUNTS_2015 = "70072ned/topics_2015.csv.gz"
COUNTS_2025 = "70072ned/population_age_households_2025.csv.gz"
PEOPLE = "37259eng/population_dynamics_2012_2023.csv.gz"
RECENT = "03759ned/population_2019_2026.csv.gz"
GROUPS = {
    "children": ["Jonger_dan_5_jaar", "5_tot_10_jaar", "10_tot_15_jaar"],
    "teens": ["15_tot_20_jaar"],
    "working": ["20_tot_25_jaar", "25_tot_45_jaar", "45_tot_65_jaar"],
    "young_old": ["65_tot_80_jaar"],
    "old": ["80_jaar_of_ouder"],
}
COUNTS_OF_2015 = {
    "teens": ["k_15Tot20Jaar_7"],
    "working": ["k_20Tot25Jaar_8", "k_25Tot45Jaar_9", "k_45Tot65Jaar_10"],
    "young_old": ["k_65Tot80Jaar_11"],
    "old": ["k_80JaarOfOuder_12"],
}


@cache
def stored(path: str) -> pd.Series:
    """A raw file by (measure, region, year), without what was filled by hand."""
    table = pd.read_csv(RAW / path)
    if "flag" in table:
        table = table[table["flag"].isna()]
    return (
        table.assign(region=table["region"].str.strip()).set_index(["measure", "region", "year"])["value"].sort_index()
    )


@cache
def by_municipality(path: str, measure: str, year: int) -> dict[str, float]:
    """A measure of a year per municipality."""
    line = stored(path).xs(measure, level="measure").xs(year, level="year").dropna()
    return {str(code): float(value) for code, value in line.items() if str(code).startswith("GM")}


@cache
def people_in_groups(year: int) -> dict[str, dict[str, float]]:
    """People per age group and municipality of that year: counts where there are, else shares of the inhabitants."""
    if year in (2015, 2025):
        names = COUNTS_OF_2015 if year == 2015 else {key: [f"age_{name}" for name in GROUPS[key]] for key in GROUPS}
        path = COUNTS_2015 if year == 2015 else COUNTS_2025
        return {key: added([by_municipality(path, name, year) for name in names[key]]) for key in COUNTS_OF_2015}
    inhabitants = by_municipality(PEOPLE, "PopulationOn1January_1", year)
    shares = {
        key: added([by_municipality(SHARES, f"share_age_{name}", year) for name in GROUPS[key]])
        for key in COUNTS_OF_2015
    }
    return {
        key: {code: part[code] / 100 * inhabitants[code] for code in part if code in inhabitants}
        for key, part in shares.items()
    }


def added(parts: list[dict[str, float]]) -> dict[str, float]:
    """The sum per municipality."""
    return {code: sum(part[code] for part in parts) for code in parts[0]}


@cache
def moves() -> dict[int, list[tuple[str, str, float]]]:
    """Per year of a division the transfers towards it: from, to, inhabitants."""
    table = pd.read_csv(ROOT / "definitions" / "geography" / "transfers.csv")
    found: dict[int, list[tuple[str, str, float]]] = defaultdict(list)
    for row in table.itertuples():
        year = int(row.date[:4]) + (0 if row.date.endswith("-01-01") else 1)
        found[year].append((row.from_code, row.to_code, float(row.inhabitants)))
    return found


def walked(amounts: dict[str, float], year: int, until: int = DIVISION) -> dict[str, float]:
    """Amounts per municipality of ``year`` on the municipalities of ``until``, shared out by inhabitants moved."""
    for later in range(year + 1, until + 1):
        givers: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for giver, taker, moved in moves()[later]:
            givers[giver].append((taker, moved))
        after: dict[str, float] = defaultdict(float)
        for code, amount in amounts.items():
            parts = givers.get(code, [(code, 1.0)])
            whole = sum(moved for _, moved in parts)
            for taker, moved in parts:
                after[taker] += amount * moved / whole
        amounts = dict(after)
    return amounts


@cache
def people(group: str, year: int) -> dict[str, float]:
    """People of 15 to 75, or of 18 and over, on the municipalities of 2024; of the nearest year with ages."""
    known = year if year <= 2021 else 2025 if year >= 2024 else 2021
    ages = people_in_groups(known)
    if group == "15_75":
        own = {c: ages["teens"][c] + ages["working"][c] + PART_UNTIL_75 * ages["young_old"][c] for c in ages["teens"]}
    else:
        own = {
            c: 0.4 * ages["teens"][c] + sum(ages[k][c] for k in ("working", "young_old", "old")) for c in ages["teens"]
        }
    return own if known > DIVISION else walked(own, known)


@cache
def members(region: str) -> dict[str, float]:
    """The municipalities of 2024 with the part of their inhabitants that lies in the region."""
    table = pd.read_csv(ROOT / "data" / "processed" / "membership.csv", dtype={"gm_code": str})
    own = table[(table["region_id"] == region) & (table["year"] == DIVISION)]
    return dict(zip(own["gm_code"], own["weight"], strict=True))


def weighted(figures: dict[str, float], weights: dict[str, float], region: str) -> tuple[float, float]:
    """The mean over a region's municipalities that have a figure, and the people behind it."""
    pairs = [(part * weights[code], figures[code]) for code, part in members(region).items() if code in figures]
    whole = sum(weight for weight, _ in pairs)
    return sum(weight * value for weight, value in pairs) / whole, whole


MONITOR = "brede-welvaart/monitor_2013_2022.csv.gz"
HEALTH = "50150NED/health_2012_2024.csv.gz"
CODES = {
    "netto_participatie_monitor": "09_E_V_12",
    "bruto_participatie_monitor": "R_HN_AV_01",
    "hoogopgeleid_monitor": "05_OPL_08",
}


def figure(indicator: str, region: str, year: int) -> float:
    """One published figure, recomputed."""
    if indicator == "gezondheid_niet_goed":
        good, _ = weighted(
            by_municipality(HEALTH, "good_perceived_health_18plus_percent", year), people("18", year), region
        )
        return 100 - good
    if indicator == "werkloosheid_monitor":
        return unemployment(region, year)
    return weighted(by_municipality(MONITOR, CODES[indicator], year), people("15_75", year), region)[0]


def unemployment(region: str, year: int) -> float:
    """Unemployed over the labour force, both counted in persons."""
    gross = by_municipality(MONITOR, "R_HN_AV_01", year)
    rate = by_municipality(MONITOR, "09_E_V_13", year)
    weights = people("15_75", year)
    force = {code: part * weights[code] * gross[code] for code, part in members(region).items() if code in rate}
    return sum(force[code] * rate[code] for code in force) / sum(force.values())


def persons(indicator: str, region: str, year: int) -> float:
    """The number of people behind a share of which no municipality is missing."""
    group = "18" if indicator == "gezondheid_niet_goed" else "15_75"
    whole = sum(part * people(group, year)[code] for code, part in members(region).items())
    return figure(indicator, region, year) / 100 * whole
