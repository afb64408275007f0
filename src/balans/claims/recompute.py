"""The figures that claims may be recomputed from, and the functions that an expression may call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from balans.claims.expressions import Function, Reading, Result, constant, evaluate, short
from balans.claims.model import ClaimBook, Recomputation
from balans.errors import DefinitionError
from balans.words.areas import KRIMPREGIOS, NEDERLAND, POLICY_TYPES

YEARS = range(2040, 1989, -1)
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Fact:
    """A number that an analysis made: value, the year it is about, and the source tables behind it."""

    value: float
    year: int
    source: str


@dataclass(frozen=True)
class Desk:
    """Everything that a recomputation may look at.

    Attributes:
        figures: (region_id, indicator, year) → (value, unit, source).
        persons: (region_id, indicator, year) → the persons behind a share, where every municipality is counted.
        known: indicators that exist or are awaited; any other name in an expression is a mistake.
        book: the claims, for arithmetic within the report and the sourced single values.
        facts: numbers made by the analyses, by name.
        regions: the table ``regions``.
        growth: year → number of municipalities that shrank, that grew.
        titles: names of indicators and regions, as a reader knows them.
    """

    figures: dict[Key, tuple[float, str, str]]
    known: frozenset[str]
    book: ClaimBook
    facts: dict[str, Fact] = field(default_factory=dict)
    regions: pd.DataFrame = field(default_factory=pd.DataFrame)
    growth: dict[int, tuple[int, int]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    persons: dict[Key, float] = field(default_factory=dict)

    def compute(self, what: Recomputation) -> tuple[Result, int | None]:
        """Return the result and its year; ``latest`` is the last year for which every figure is at hand."""
        if what.year != "latest":
            return self.at(what.expression, int(what.year)), int(what.year)
        for year in YEARS:
            result = self.at(what.expression, year)
            if result.complete:
                years = [reading.year for reading in result.readings]
                return result, max(years, default=None)
        return self.at(what.expression, YEARS[-1]), None

    def at(self, expression: str, year: int) -> Result:
        """Return an expression with the name ``year`` standing for a year."""
        return evaluate(expression, {"year": year}, self.functions)

    @property
    def functions(self) -> dict[str, Function]:
        """The registered functions, bound to this desk."""
        return {name: _bound(function, self) for name, function in REGISTRY.items()}


def open_desk(
    indicators: pd.DataFrame, regions: pd.DataFrame, book: ClaimBook, facts: dict[str, Fact], titles: dict[str, str]
) -> Desk:
    """Return a desk over the table ``indicators``, with the numbers that the analyses made.

    ``titles`` are the names of indicators and regions, for what a reader is told.
    """
    keys, found = (["region_id", "indicator", "year"], ["value", "unit", "source"])
    figures = dict(zip(_tuples(indicators, keys), _tuples(indicators, found), strict=True))
    known = frozenset(indicators["indicator"].unique()) | frozenset(book.awaited)
    growth = indicators[(indicators["indicator"] == "bevolkingsgroei") & indicators["region_id"].str.startswith("GM")]
    by_year = growth.groupby("year")["value"]
    counts = {int(str(year)): (int((values < 0).sum()), int((values > 0).sum())) for year, values in by_year}
    return Desk(figures, known, book, facts, regions, counts, titles, _persons(indicators))


def _persons(indicators: pd.DataFrame) -> dict[Key, float]:
    """The persons behind every share (%) of which no municipality is missing: share times whom it is a share of."""
    whole = indicators[(indicators["unit"] == "%") & (indicators["coverage"] == 1) & (indicators["denominator"] > 1)]
    people = (whole["value"] / 100 * whole["denominator"]).tolist()
    return dict(zip(_tuples(whole, ["region_id", "indicator", "year"]), people, strict=True))


def _tuples(table: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of some columns as plain tuples; several times faster than itertuples over Arrow strings."""
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _bound(function: Callable[..., Result], desk: Desk) -> Function:
    return lambda *arguments: function(desk, *arguments)


def figure(desk: Desk, region_id: str, indicator: str, year: float) -> Result:
    """The value of an indicator of a region in a year."""
    if indicator not in desk.known:
        raise DefinitionError(f"definitions/claims.yml: the indicator {indicator} does not exist and is not awaited.")
    found = desk.figures.get((region_id, indicator, int(year)))
    if found is None:
        return Result(math.nan, short(math.nan), missing=(_described(desk, region_id, indicator, int(year)),))
    value, unit, source = found
    return Result(value, short(value), (Reading(region_id, indicator, int(year), value, unit, source),))


def persons(desk: Desk, region_id: str, indicator: str, year: float) -> Result:
    """The number of persons behind a share: the share times whom it is a share of."""
    share = figure(desk, region_id, indicator, year)
    value = desk.persons.get((region_id, indicator, int(year)), math.nan)
    missing = share.missing or (() if not math.isnan(value) else (_described(desk, region_id, indicator, int(year)),))
    readings = tuple(replace(reading, value=value, unit="personen") for reading in share.readings)
    return Result(value, short(value), readings, missing)


def _described(desk: Desk, region_id: str, indicator: str, year: int) -> str:
    """What is missing, in words, with the table that has it if it is awaited."""
    table = f" ({desk.book.awaited[indicator]})" if indicator in desk.book.awaited else ""
    return f"{desk.titles.get(indicator, indicator)}, {desk.titles.get(region_id, region_id)}, {year}{table}"


def total(desk: Desk, region_id: str, indicator: str, first: float, last: float) -> Result:
    """The sum of a yearly figure over the years from first to last."""
    parts = [figure(desk, region_id, indicator, year) for year in range(int(first), int(last) + 1)]
    value = math.fsum(part.value for part in parts)
    readings = tuple(reading for part in parts for reading in part.readings)
    return Result(value, short(value), readings, tuple(text for part in parts for text in part.missing))


def claimed(desk: Desk, claim_id: str) -> Result:
    """What another claim asserts: arithmetic within the report."""
    if claim_id not in desk.book.claims:
        raise DefinitionError(f"definitions/claims.yml: claim {claim_id} does not exist.")
    return constant(desk.book.claims[claim_id].claimed)


def single(desk: Desk, value_id: str) -> Result:
    """A single value with its source, from ``single_values`` of claims.yml."""
    if value_id not in desk.book.single_values:
        raise DefinitionError(f"definitions/claims.yml: the single value {value_id} does not exist.")
    entry = desk.book.single_values[value_id]
    reading = Reading(entry["region_id"], value_id, entry["year"], entry["value"], entry["unit"], entry["source"])
    return Result(entry["value"], short(entry["value"]), (reading,))


def fact(desk: Desk, name: str) -> Result:
    """A number that an analysis made."""
    if name not in desk.facts:
        raise DefinitionError(f"definitions/claims.yml: no analysis makes {name}; there are {', '.join(desk.facts)}.")
    made = desk.facts[name]
    return Result(made.value, short(made.value), (Reading(KRIMPREGIOS, name, made.year, made.value, "", made.source),))


def municipalities_shrinking(desk: Desk, year: float) -> Result:
    """The number of municipalities with fewer inhabitants at the end of the year than at its start."""
    return _municipalities(desk, int(year), 0)


def municipalities_growing(desk: Desk, year: float) -> Result:
    """The number of municipalities with more inhabitants at the end of the year than at its start."""
    return _municipalities(desk, int(year), 1)


def _municipalities(desk: Desk, year: int, which: int) -> Result:
    if year not in desk.growth:
        return Result(math.nan, short(math.nan), missing=(f"bevolkingsgroei per gemeente in {year}",))
    count = float(desk.growth[year][which])
    reading = Reading(NEDERLAND, "bevolkingsgroei", year, count, "gemeenten", "37259eng")
    return Result(count, short(count), (reading,))


def regions_of(desk: Desk, kind: str) -> Result:
    """The number of regions of a type (``krimp`` or ``anticipeer``)."""
    return constant(float((desk.regions["type"] == kind).sum()))


def provinces_with_regions(desk: Desk) -> Result:
    """The number of provinces that have a krimp or anticipeer region."""
    ours = desk.regions[desk.regions["type"].isin(POLICY_TYPES)]
    provinces = {name.strip() for names in ours["province"].dropna() for name in str(names).split(",")}
    return constant(float(len(provinces)))


REGISTRY: dict[str, Callable[..., Result]] = {
    "figure": figure,
    "persons": persons,
    "total": total,
    "claim": claimed,
    "single": single,
    "fact": fact,
    "municipalities_shrinking": municipalities_shrinking,
    "municipalities_growing": municipalities_growing,
    "regions_of": regions_of,
    "provinces_with_regions": provinces_with_regions,
}
