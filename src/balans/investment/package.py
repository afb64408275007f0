"""The amounts: the package, what was paid before, and each per inhabitant, for every reasonable denominator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.definitions import load_definition
from balans.paths import Project
from balans.words.areas import KRIMPREGIOS

COLUMNS = [
    "item",
    "year",
    "title",
    "amount_eur",
    "low_eur",
    "high_eur",
    "per_inhabitant_eur",
    "inhabitants",
    "inhabitants_year",
    "denominator",
    "region_id",
    "unit",
    "source",
    "status",
]
PER_YEAR = "per jaar"


@dataclass(frozen=True)
class Material:
    """What the amounts rest on: ``investment.yml``, ``funding.csv``, and the table ``indicators``."""

    definition: dict[str, Any]
    funding: pd.DataFrame
    people: pd.Series
    regions: pd.DataFrame

    @property
    def year(self) -> int:
        """Year of the inhabitants that amounts are divided by."""
        return int(self.definition["per_inhabitant"]["inhabitants_year"])

    def inhabitants(self, region_id: str) -> float:
        """Return the inhabitants of an area in :attr:`year`."""
        return float(self.people[region_id])


def load_material(project: Project, indicators: pd.DataFrame, regions: pd.DataFrame) -> Material:
    """Return what the amounts rest on.

    Raises:
        DefinitionError: ``investment.yml`` is not as its schema asks.
    """
    definition = load_definition(project.definitions / "investment.yml")
    year = definition["per_inhabitant"]["inhabitants_year"]
    people = indicators[(indicators["indicator"] == "inwoners") & (indicators["year"] == year)]
    funding = pd.read_csv(project.definitions / "investment" / "funding.csv", dtype={"region_id": str, "year": str})
    return Material(definition, funding, people.set_index("region_id")["value"], regions)


def build_investment(material: Material) -> pd.DataFrame:
    """Return the table ``investment``: every amount of package and funding per year, with one denominator each."""
    rows = [*_package_rows(material), *_funding_rows(material)]
    table = pd.DataFrame(rows).reindex(columns=COLUMNS)
    return table.sort_values(["item", "year"], ignore_index=True)


def _package_rows(material: Material) -> list[dict[str, Any]]:
    package = material.definition["package"]
    people = material.inhabitants(KRIMPREGIOS)
    ranges = {package["total"]["id"]: {"low_eur": package["low_eur"], "high_eur": package["high_eur"]}}
    return [
        {
            "item": item["id"],
            "year": item["year"],
            "title": item["title"],
            "amount_eur": float(item["amount_eur"]),
            **ranges.get(item["id"], {}),
            "per_inhabitant_eur": item["amount_eur"] / people,
            "inhabitants": people,
            "inhabitants_year": material.year,
            "denominator": "krimpregio's",
            "region_id": KRIMPREGIOS,
            "unit": PER_YEAR,
            "source": material.definition["report"],
            "status": "alleen rapport",
        }
        for item in [*package["themes"], package["total"]]
    ]


def _funding_rows(material: Material) -> list[dict[str, Any]]:
    rows = []
    for row in material.funding.to_dict("records"):
        people, denominator = _first_denominator(material, row)
        rows.append(
            {
                **{str(name): value for name, value in row.items()},
                "item": row["id"],
                "title": f"{row['item']}, {row['region']}",
                "per_inhabitant_eur": row["amount_eur"] / people,
                "inhabitants": people,
                "inhabitants_year": material.year if denominator != "bewoners van de wijken" else None,
                "denominator": denominator,
            }
        )
    return rows


def _first_denominator(material: Material, row: dict[Any, Any]) -> tuple[float, str]:
    if row["population"] == "wijken":
        return float(material.definition["per_inhabitant"]["neighbourhood_residents"]), "bewoners van de wijken"
    if row["population"] == "overige":
        named = sum(material.inhabitants(region) for region in ("achterhoek", "zeeuws-vlaanderen"))
        return material.inhabitants(KRIMPREGIOS) - named, "overige zeven krimpregio's"
    if row["population"] == "region":
        names = material.regions.set_index("region_id")["name"]
        return material.inhabitants(row["region_id"]), str(names[row["region_id"]])
    return material.inhabitants(KRIMPREGIOS), "krimpregio's"


def build_per_inhabitant(material: Material) -> pd.DataFrame:
    """Return neighbourhoods policy and shrinkage grants per inhabitant, for every denominator, also in constant prices.

    Returns:
        item, year, denominator, title, amount_eur, inhabitants, per_inhabitant_eur, price_factor,
        per_inhabitant_constant_eur (prices of the base year of ``investment.yml``), source.
    """
    chosen = material.funding[material.funding["population"].isin(["krimp", "wijken"])]
    rows = []
    for row in chosen.to_dict("records"):
        factor = price_factor(material.definition, int(row["first_year"]), int(row["last_year"]))
        for denominator, people in _denominators(material, str(row["population"])).items():
            for label, amount in _amounts(row):
                rows.append(
                    {
                        "item": f"{row['id']}{label}",
                        "year": row["year"],
                        "denominator": denominator,
                        "title": row["item"] + {"": "", "-laag": ", lage raming", "-hoog": ", hoge raming"}[label],
                        "amount_eur": amount,
                        "inhabitants": people,
                        "per_inhabitant_eur": amount / people,
                        "price_factor": factor,
                        "per_inhabitant_constant_eur": amount / people * factor,
                        "source": row["source"],
                    }
                )
    return pd.DataFrame(rows).sort_values(["item", "year", "denominator"], ignore_index=True)


def _amounts(row: dict[Any, Any]) -> list[tuple[str, float]]:
    amounts = [("", float(row["amount_eur"]))]
    if pd.notna(row["low_eur"]):
        amounts += [("-laag", float(row["low_eur"])), ("-hoog", float(row["high_eur"]))]
    return amounts


def _denominators(material: Material, population: str) -> dict[str, float]:
    rules = material.definition["per_inhabitant"]
    if population == "wijken":
        return {"bewoners van de 40 wijken": float(rules["neighbourhood_residents"])}
    everyone = material.inhabitants(KRIMPREGIOS)
    seven = everyone - sum(material.inhabitants(region) for region in rules["regions_of_2011"]["without"])
    return {"negen krimpregio's van 2015": everyone, "zeven krimpregio's van voor 2015": seven}


def price_factor(definition: dict[str, Any], first_year: int, last_year: int) -> float:
    """Return by what an amount per year, spread evenly over a period, is multiplied to get prices of the base year.

    The mean over the years of the period of ``index(base) / index(year)``, with the consumer price index chained from
    its yearly changes; missing years raise a KeyError rather than being guessed.
    """
    changes, base = definition["prices"]["yearly_change"], definition["prices"]["base_year"]
    factors = []
    for year in range(first_year, last_year + 1):
        factor = 1.0
        for step in range(min(year, base) + 1, max(year, base) + 1):
            factor *= 1 + changes[step] / 100
        factors.append(factor if year <= base else 1 / factor)
    return sum(factors) / len(factors)
