"""Divisions (indelingen): which municipalities there are on 1 January of each year, in which COROP and province.

Source: ``definitions/geography/divisions.csv``, one row per municipality with its first and last year. An empty
``last_year`` means "still there", so a year without reorganisations needs no edit: only ``LAST_YEAR`` moves.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from balans.errors import DefinitionError, UnknownKeyError
from balans.paths import Project

FIRST_YEAR = 2003
LAST_YEAR = 2026


def load_divisions(project: Project) -> pd.DataFrame:
    """Return one row per year and municipality: ``year, gm_code, name, province, corop``, sorted.

    Municipalities are on the division of 1 January of that year, 2003–2026 (489 in 2003, 342 in 2026).

    Raises:
        DefinitionError: a code that is not a GM code, a period that ends before it starts, or two overlapping periods.
    """
    return _divisions(_file(project), _file(project).stat().st_mtime_ns).copy()


def division(project: Project, year: int) -> pd.DataFrame:
    """Return the municipalities of one year: ``gm_code, name, province, corop``.

    Raises:
        UnknownKeyError: a year outside the divisions we have.
    """
    check_year(year)
    table = load_divisions(project)
    return table[table["year"] == year].drop(columns="year").reset_index(drop=True)


def check_year(year: int) -> None:
    """Raise an UnknownKeyError when there is no division of this year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownKeyError(f"There is no division of {year}: choose a year from {FIRST_YEAR} to {LAST_YEAR}.")


def area_names(project: Project) -> dict[str, str]:
    """Return CBS's names of the country, landsdelen, provinces and COROP areas, per regiocode."""
    table = pd.read_csv(project.definitions / "geography" / "areas.csv")
    return dict(zip(table["code"], table["name"], strict=True))


def _file(project: Project) -> Path:
    return project.definitions / "geography" / "divisions.csv"


@lru_cache(maxsize=8)
def _divisions(path: Path, modified: int) -> pd.DataFrame:
    del modified  # only there so that a changed file is read again
    periods = pd.read_csv(path, dtype={"last_year": "Int64"})
    periods["last_year"] = periods["last_year"].fillna(LAST_YEAR).astype(int)
    _check_periods(periods, path)
    first, last = periods["first_year"], periods["last_year"]
    years = pd.Series([range(start, end + 1) for start, end in zip(first, last, strict=True)], index=periods.index)
    table = periods.assign(year=years).explode("year").astype({"year": int})
    columns = ["year", "gm_code", "name", "province", "corop"]
    return table[columns].sort_values(["year", "gm_code"]).reset_index(drop=True)


def _check_periods(periods: pd.DataFrame, path: Path) -> None:
    wrong = {
        "not a GM code": ~periods["gm_code"].str.fullmatch(r"GM\d{4}"),
        "ends before it starts": periods["last_year"] < periods["first_year"],
        "listed twice": periods["gm_code"].duplicated(),
        "no province or COROP": periods[["province", "corop"]].isna().any(axis=1),
    }
    for what, rows in wrong.items():
        if rows.any():
            raise DefinitionError(f"{path}: {what}: {', '.join(periods.loc[rows, 'gm_code'].astype(str))}.")
