"""What the book publishes of 2015, once more from the stored figures: the standard library, and nothing of ``balans``.

Both ends are files: ``data/raw/70072ned/topics_2015.csv.gz`` with the figures of every municipality, and
``data/processed/indicators.csv``, which every page reads. In 2015 every region is made of whole municipalities
(``definitions/regions.yml``), so a sum is a sum.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OLD = ("k_65Tot80Jaar_11", "k_80JaarOfOuder_12")
YOUNG = ("JongerDan5Jaar_4", "k_5Tot10Jaar_5", "k_10Tot15Jaar_6", "k_15Tot20Jaar_7")
PEOPLE, HOMES = "TotaleBevolking_1", "VoorraadOp1Januari_90"
Municipalities = tuple[str, ...]


@lru_cache(maxsize=1)
def raw() -> dict[tuple[str, str], Fraction]:
    """Every stored figure of 2015 by measure and code, as an exact fraction."""
    with gzip.open(ROOT / "data/raw/70072ned/topics_2015.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == "2015" and row["value"]]
    return {(row["measure"], row["region"].strip()): Fraction(row["value"]) for row in rows}


@lru_cache(maxsize=1)
def published() -> dict[tuple[str, str], float]:
    """Every published indicator of 2015 by area and indicator."""
    with (ROOT / "data/processed/indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == "2015"]
    return {(row["region_id"], row["indicator"]): float(row["value"]) for row in rows}


@lru_cache(maxsize=1)
def members() -> dict[str, Municipalities]:
    """The municipalities of the twenty regions and of both kinds together."""
    regions = yaml.safe_load((ROOT / "definitions/regions.yml").read_text(encoding="utf-8"))["regions"]
    single = {region["id"]: tuple(region["members"]) for region in regions}
    kinds = {
        f"{kind}regios": tuple(code for region in regions if region["type"] == kind for code in region["members"])
        for kind in ("krimp", "anticipeer")
    }
    return {**single, **kinds}


def total(codes: Municipalities, *measures: str) -> Fraction:
    return sum((raw()[measure, code] for measure in measures for code in codes), Fraction(0))


def mean(codes: Municipalities, value: str, weight: str) -> Fraction:
    top = sum((raw()[value, code] * raw()[weight, code] for code in codes), Fraction(0))
    return top / total(codes, weight)


ORACLES: dict[str, Callable[[Municipalities], Fraction]] = {
    "inwoners": lambda codes: total(codes, PEOPLE),
    "huishoudens": lambda codes: total(codes, "TotaalAantalParticuliereHuishoudens_82"),
    "woningen": lambda codes: total(codes, HOMES),
    "bevolkingsdichtheid": lambda codes: total(codes, PEOPLE) / total(codes, "Land_248"),
    "aandeel_65_plus": lambda codes: 100 * total(codes, *OLD) / total(codes, PEOPLE),
    "aandeel_0_20": lambda codes: 100 * total(codes, *YOUNG) / total(codes, PEOPLE),
    "woz_waarde": lambda codes: 1000 * mean(codes, "GemiddeldeWoningwaarde_99", HOMES),
}


@pytest.mark.parametrize("indicator", ORACLES)
@pytest.mark.parametrize("region", members())
def test_a_published_number_of_2015(project: object, region: str, indicator: str) -> None:
    """Guards 154 published numbers: seven indicators of twenty regions and of both kinds together."""
    expected = float(ORACLES[indicator](members()[region]))
    assert published()[region, indicator] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("indicator", ["inwoners", "huishoudens", "woningen"])
def test_the_country_is_the_sum_of_its_provinces(project: object, indicator: str) -> None:
    """Guards against a municipality lost or counted twice: twelve provinces, forty COROP areas, one country."""
    areas = {code: value for (code, name), value in published().items() if name == indicator}
    provinces = [value for code, value in areas.items() if code.startswith("PV")]
    corop = [value for code, value in areas.items() if code.startswith("CR")]
    assert (len(provinces), len(corop)) == (12, 40)
    assert sum(provinces) == pytest.approx(areas["nederland"], abs=20)
    assert sum(corop) == pytest.approx(areas["nederland"], abs=20)


JOBS = "TotaalAantalBanen_112"
# Farming, industry and energy are what is left of all jobs: CBS keeps the parts of some municipalities to itself.
SERVICES = ("GNCommercieleDienstverlening_115", "OUNietCommercieleDienstverlening_116")


@pytest.mark.parametrize("region", [region for region in members() if not region.endswith("regios")])
def test_a_location_quotient_of_jobs(project: object, region: str) -> None:
    """Guards the figure of chapter 2: a region's share of jobs in farming, industry and energy over the country's."""
    with (ROOT / "data/processed/location_quotients.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["region_id"] == region and row["measure"] == "banen"]
    (found,) = [float(row["value"]) for row in rows if row["sector"] == "landbouw_nijverheid" and row["year"] == "2015"]
    shares = [1 - total(codes, *SERVICES) / total(codes, JOBS) for codes in (members()[region], ("NL01",))]
    assert found == pytest.approx(float(shares[0] / shares[1]), rel=1e-9)
