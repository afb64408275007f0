"""The municipalities of one year: which region each lies in, and what an allocation key or a norm sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from balans.definitions import load_definition
from balans.errors import RequestError
from balans.paths import Project
from balans.regiocheck.request import Condition
from balans.words.areas import NEDERLAND, POLICY_TYPES

REST = "overig-nederland"
REST_NAME = "Overig Nederland"
LEAST_KNOWN = 0.95
SLACK = 1e-9  # a published 0.8 must meet "at most 0.8" whatever the last bit of a floating-point number says


@dataclass(frozen=True)
class Key:
    """An allocation key of ``definitions/allocation_keys.yml``."""

    id: str
    title: str
    kind: str
    indicators: tuple[str, ...]


def load_keys(project: Project) -> dict[str, Key]:
    """Return the allocation keys by id."""
    content = load_definition(project.definitions / "allocation_keys.yml")
    return {
        entry["id"]: Key(entry["id"], entry["title"], entry["kind"], tuple(entry["indicators"]))
        for entry in content["keys"]
    }


@dataclass(frozen=True)
class Country:
    """All municipalities of one year, cut where a region's border runs through one.

    Attributes:
        year: year of the division and of the figures.
        pieces: gm_code, region_id (a policy region or ``overig-nederland``), region_type and ``weight``: the part of
            the municipality's inhabitants that lies there. The weights of a municipality add up to 1.
        indicators: rows of the table ``indicators``.
    """

    year: int
    pieces: pd.DataFrame
    indicators: pd.DataFrame

    def values(self, indicator: str) -> pd.Series:
        """Return an indicator per municipality (gm_code → value), NaN where there is none.

        Raises:
            RequestError: no municipality has it in this year; the message says which years or indicators there are.
        """
        rows = self.indicators[self.indicators["indicator"] == indicator]
        rows = rows[rows["region_id"].str.match(r"GM\d{4}$")]
        if rows.empty:
            known = self.indicators.loc[self.indicators["region_id"].str.match(r"GM\d{4}$"), "indicator"]
            raise RequestError(f"Er is per gemeente geen kenmerk '{indicator}'. Mogelijk zijn: {_choices(known)}.")
        found = rows[rows["year"] == self.year].set_index("region_id")["value"]
        if found.empty:
            raise RequestError(
                f"Van '{indicator}' zijn er per gemeente geen cijfers over {self.year}. "
                f"Kies als peiljaar: {_choices(rows['year'])}."
            )
        return found.reindex(self.codes)

    @property
    def codes(self) -> pd.Index:
        """The municipalities."""
        codes: pd.Index = pd.Index(sorted(self.pieces["gm_code"].unique()), name="gm_code")
        return codes

    def country_value(self, indicator: str) -> float:
        """Return the value of the Netherlands."""
        rows = self.indicators[(self.indicators["indicator"] == indicator) & (self.indicators["year"] == self.year)]
        found = rows.loc[rows["region_id"] == NEDERLAND, "value"]
        if found.empty:
            raise RequestError(f"Van '{indicator}' is er over {self.year} geen cijfer voor Nederland.")
        return float(found.iloc[0])

    def region_values(self, indicator: str) -> pd.Series:
        """Return an indicator of areas that are no municipality (region_id → value); empty if there is none."""
        rows = self.indicators[(self.indicators["indicator"] == indicator) & (self.indicators["year"] == self.year)]
        return rows.set_index("region_id")["value"]


def open_country(indicators: pd.DataFrame, membership: pd.DataFrame, regions: pd.DataFrame, year: int) -> Country:
    """Return the municipalities of ``year``, from the tables of ``data/processed``.

    Raises:
        RequestError: there is no municipal division of that year.
    """
    codes = membership[(membership["year"] == year) & (membership["region_id"] == NEDERLAND)]["gm_code"]
    if codes.empty:
        years = membership.loc[membership["region_id"] == NEDERLAND, "year"]
        raise RequestError(f"Er is geen gemeentelijke indeling van {year}. Kies als peiljaar: {_choices(years)}.")
    kinds = regions.set_index("region_id")["type"]
    parts = membership[membership["year"] == year].assign(region_type=lambda rows: rows["region_id"].map(kinds))
    parts = parts.loc[parts["region_type"].isin(POLICY_TYPES), ["gm_code", "region_id", "region_type", "weight"]]
    rest = 1 - parts.groupby("gm_code")["weight"].sum().reindex(sorted(codes), fill_value=0.0)
    outside = pd.DataFrame(
        {"gm_code": rest.index, "region_id": REST, "region_type": "overig", "weight": rest.to_numpy()}
    )
    pieces = pd.concat([parts, outside[outside["weight"] > 1e-6]], ignore_index=True)
    return Country(year, pieces.sort_values(["gm_code", "region_id"], ignore_index=True), indicators)


def key_values(country: Country, key: Key) -> pd.Series:
    """Return how much of a key each municipality has: gm_code → value of 0 or more, NaN where a figure is missing."""
    first = country.values(key.indicators[0])
    if key.kind == "equal":
        return first.notna().astype(float)
    if key.kind == "deficit":
        return (-first).clip(lower=0)
    if key.kind == "share":
        return first * country.values(key.indicators[1]) / 100
    if key.kind == "gap":
        return first * (1 - country.values(key.indicators[1]) / country.country_value(key.indicators[1])).clip(lower=0)
    return sum((country.values(name) for name in key.indicators[1:]), first)


def mixed_key(country: Country, keys: dict[str, Key], weights: dict[str, float]) -> pd.Series:
    """Return a mix of keys per municipality; each key counts as a part of the country, so the mix adds up to 1.

    Raises:
        RequestError: an unknown key (the message names those that there are), or too few figures.
    """
    unknown = sorted(set(weights) - set(keys))
    if unknown:
        raise RequestError(f"Er is geen sleutel '{', '.join(unknown)}'. Mogelijk zijn: {', '.join(keys)}.")
    mixed = pd.Series(0.0, index=country.codes)
    for name, weight in weights.items():
        values = key_values(country, keys[name])
        _enough(country, values, f"de sleutel {name}")
        if values.sum() > 0:
            mixed = mixed + weight * values / values.sum()
    return mixed


def meets(country: Country, condition: Condition) -> pd.Series:
    """Return per municipality whether it meets a demand: True, False, or missing where there is no figure."""
    values = country.values(condition.indicator)
    _enough(country, values, condition.indicator)
    met = pd.Series(True, index=values.index)
    if condition.least is not None:
        met &= values >= condition.least - SLACK * abs(condition.least)
    if condition.most is not None:
        met &= values <= condition.most + SLACK * abs(condition.most)
    return met.astype("boolean").mask(values.isna())


def _enough(country: Country, values: pd.Series, what: str) -> None:
    people = country.values("inwoners")
    known = people[values.notna()].sum() / people.sum()
    if known < LEAST_KNOWN:
        raise RequestError(
            f"Voor {what} zijn over {country.year} de cijfers bekend van gemeenten met {100 * known:.0f}% van de "
            f"inwoners; dat is te weinig ({100 * LEAST_KNOWN:.0f}% is nodig). Kies een ander peiljaar of kenmerk."
        )


def _choices(values: Any) -> str:
    return ", ".join(str(value) for value in sorted(set(values)))
