"""What a regiocheck asks: a budget with an allocation key, or a norm; read from YAML or a notebook's parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from balans.definitions import load_definition
from balans.errors import RequestError
from balans.paths import Project

TYPES = ("krimp", "anticipeer", "overig")
FIELDS = (
    "naam",
    "toelichting",
    "bron",
    "peiljaar",
    "budget",
    "sleutel",
    "drempels",
    "alleen",
    "cofinanciering",
    "norm",
)
CONDITION_FIELDS = ("kenmerk", "minstens", "hoogstens")
WEIGHTS_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Condition:
    """A demand on one indicator of a municipality.

    Attributes:
        indicator: id in ``indicators.yml``.
        least: the smallest value that meets the demand, or None.
        most: the largest value that meets the demand, or None.
    """

    indicator: str
    least: float | None
    most: float | None


@dataclass(frozen=True)
class Check:
    """A policy to check.

    Attributes:
        name: title, in Dutch.
        year: year of the figures and of the municipal division.
        note: what the reader must know.
        sources: where budget and rule come from; empty means: no source.
        budget: euro; None for a check of a norm.
        key: allocation key → weight; the weights add up to 1.
        thresholds: a municipality gets money only if it meets all of them.
        only: types of region that take part.
        cofinancing: part of every project that the region pays itself, from 0 up to but not including 1.
        norm: what is asked of a municipality, for a check of a norm.
    """

    name: str
    year: int
    note: str = ""
    sources: tuple[str, ...] = ()
    budget: float | None = None
    key: Mapping[str, float] = field(default_factory=dict)
    thresholds: tuple[Condition, ...] = ()
    only: tuple[str, ...] = TYPES
    cofinancing: float = 0.0
    norm: Condition | None = None


def read_check(path: Path) -> Check:
    """Return the check that a YAML file asks.

    Raises:
        RequestError: the file cannot be read, or asks something that has no answer; the message says what would.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RequestError(f"{path} is niet te lezen als YAML: {error}") from error
    return parse_check(content)


def load_policies(project: Project) -> dict[str, Check]:
    """Return the example policies of ``definitions/policies.yml`` by id."""
    content = load_definition(project.definitions / "policies.yml")
    return {
        entry["id"]: parse_check({key: value for key, value in entry.items() if key != "id"})
        for entry in content["policies"]
    }


def parse_check(content: Any) -> Check:
    """Return a check from keys and values in Dutch, as the YAML file has them.

    Raises:
        RequestError: what is wrong, and what is possible.
    """
    if not isinstance(content, Mapping):
        raise RequestError("Een regiocheck bestaat uit regels zoals 'budget: 1000000'. Zie definitions/policies.yml.")
    _known(content, FIELDS, "Een regiocheck kent geen veld")
    budget, norm = content.get("budget"), content.get("norm")
    if (budget is None) == (norm is None):
        raise RequestError("Geef een budget met een sleutel, of een norm: precies een van de twee.")
    sources = content.get("bron") or []
    return Check(
        name=str(content.get("naam") or "Eigen regiocheck"),
        year=_year(content.get("peiljaar", 2015)),
        note=str(content.get("toelichting") or ""),
        sources=(sources,) if isinstance(sources, str) else tuple(str(source) for source in sources),
        budget=None if budget is None else _budget(budget),
        key={} if budget is None else _weights(content.get("sleutel")),
        thresholds=tuple(_condition(entry) for entry in _list(content.get("drempels"), "drempels")),
        only=_types(content.get("alleen")),
        cofinancing=_cofinancing(content.get("cofinanciering", 0)),
        norm=None if norm is None else _condition(norm),
    )


def _known(content: Mapping[str, Any], fields: Iterable[str], message: str) -> None:
    for name in content:
        if name not in fields:
            raise RequestError(f"{message} '{name}'. Mogelijk zijn: {', '.join(fields)}.")


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RequestError(f"{what} moet een getal zijn, zonder punten of euroteken, en is nu: {value!r}.")
    return value


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestError(f"Het peiljaar moet een jaartal zijn en is nu: {value!r}.")
    return value


def _budget(value: Any) -> float:
    budget = _number(value, "Het budget (in euro)")
    if budget < 0:
        raise RequestError(f"Het budget is negatief ({budget} euro). Geef een bedrag van nul of meer.")
    return budget


def _weights(value: Any) -> dict[str, float]:
    """Return the weights of the key; a bare name has the weight 1. Names are checked where the keys are known."""
    if isinstance(value, str):
        return {value: 1.0}
    if not isinstance(value, Mapping) or not value:
        raise RequestError(
            "Geef een sleutel: een naam ('sleutel: inwoners') of namen met gewichten die optellen tot 1."
        )
    weights = {str(name): float(_number(weight, f"Het gewicht van {name}")) for name, weight in value.items()}
    negative = [name for name, weight in weights.items() if weight < 0]
    if negative:
        raise RequestError(f"Een gewicht kan niet negatief zijn: {', '.join(negative)}.")
    total = math.fsum(weights.values())
    if abs(total - 1) > WEIGHTS_TOLERANCE:
        listed = " + ".join(f"{weight:g} ({name})" for name, weight in weights.items())
        raise RequestError(f"De gewichten van de sleutel moeten optellen tot 1, maar {listed} = {total:g}.")
    return weights


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise RequestError(f"'{what}' moet een lijst zijn (regels die met een streepje beginnen).")
    return list(value)


def _condition(value: Any) -> Condition:
    if not isinstance(value, Mapping) or "kenmerk" not in value:
        raise RequestError(
            "Een drempel of norm noemt een kenmerk en minstens of hoogstens, zoals "
            "{kenmerk: inwoners, minstens: 50000}."
        )
    _known(value, CONDITION_FIELDS, "Een drempel of norm kent geen veld")
    least, most = value.get("minstens"), value.get("hoogstens")
    if least is None and most is None:
        raise RequestError(f"De drempel of norm voor {value['kenmerk']} noemt geen minstens en geen hoogstens.")
    return Condition(
        str(value["kenmerk"]),
        None if least is None else float(_number(least, "'minstens'")),
        None if most is None else float(_number(most, "'hoogstens'")),
    )


def _types(value: Any) -> tuple[str, ...]:
    chosen = [value] if isinstance(value, str) else _list(value, "alleen")
    unknown = [str(name) for name in chosen if name not in TYPES]
    if unknown:
        raise RequestError(f"Er is geen soort regio '{', '.join(unknown)}'. Mogelijk zijn: {', '.join(TYPES)}.")
    return tuple(chosen) or TYPES


def _cofinancing(value: Any) -> float:
    share = _number(value, "De cofinanciering")
    if not 0 <= share < 1:
        raise RequestError(f"De cofinanciering is een deel van 0 tot 1 (0.5 is de helft) en is nu: {share}.")
    return float(share)
