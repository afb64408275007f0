"""What a page says of a projection: its rows, its years, the words and numbers under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.select import name, records, region, source_line
from balans.pages.parts.subjects import PUBLISHED, Subject
from balans.words.areas import KRIMPREGIOS, NEDERLAND, TOTALS
from balans.words.numbers import with_unit

TARGET = 2035

JOINED = "\N{WORD JOINER}–\N{WORD JOINER}"  # a range does not break over two lines

SHOWN_YEARS = (2030, 2035, 2040)

BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]

TOO_NARROW = 0.6  # a band of 80% that held less than this is not given as a finding

CLAIM_YEAR, CLAIM_AREA = 2025, KRIMPREGIOS

OFFICIAL = (
    "[de regionale prognose van PBL en CBS](https://www.cbs.nl/nl-nl/cijfers/detail/85173NED) "
    "(meer bij het [PBL](https://www.pbl.nl/))"
)

STATUS_WORDS = {"tested": "getoetst", "untested": "niet getoetst", "too_few_figures": "te weinig cijfers"}


def past(data: PageData, region_id: str, subject: Subject) -> pd.Series:
    """Return the measured figures of a series by year, on one division; empty if there are none."""
    rows = data.table("series")
    own = rows[(rows["region_id"] == region_id) & (rows["indicator"] == subject.id)]
    return own.set_index("year")["value"].sort_index()


def outlook(data: PageData, region_id: str, subject: Subject, method: str = PUBLISHED) -> pd.DataFrame:
    """Return the projection of a series by year: what is published, or what one method makes of it.

    Only for regions, totals and the Netherlands are the methods kept that are not published. Regions that lie for a
    large part in split municipalities have none: see :func:`shown_area`.
    """
    rows = data.table("projections")
    own = rows[(rows["region_id"] == region_id) & (rows["indicator"] == subject.id) & (rows["status"] != "split")]
    chosen = own[own["published"]] if method == PUBLISHED else own[own["model"] == method]
    return chosen.sort_values("year").reset_index(drop=True)


def is_split(data: PageData, region_id: str) -> bool:
    """Return whether an area rests so much on split municipalities that it gets no projection of its own."""
    rows = data.table("projections")
    return bool((rows.loc[rows["region_id"] == region_id, "status"] == "split").any())


def shown_area(data: PageData, region_id: str) -> str | None:
    """Return the area whose projection a page shows: itself, the larger area of a split region, or None."""
    if not is_split(data, region_id):
        known = data.table("projections")["region_id"].eq(region_id).any()
        return region_id if known else None
    parent = str(region(data, region_id)["parent"])
    return None if parent in TOTALS else parent


def measured_coverage(rows: pd.DataFrame) -> float:
    """Return the mean over the measured years ahead of the part of past outcomes inside the 80% band; NaN if none."""
    return float(rows["coverage_80"].mean())


def report_point(data: PageData, region_id: str, subject: Subject) -> float | None:
    """Return what the report expected of 2025, if it did so for this area and series."""
    if region_id != CLAIM_AREA:
        return None
    column = data.table("report_column")
    found = column.loc[column["measured"] == subject.id, "claimed_2025"]
    return None if found.empty else float(found.iloc[0])


def target_row(rows: pd.DataFrame) -> pd.Series | None:
    """Return the last tested year up to 2035: the one that a page speaks of. None if no year was tested."""
    tested = rows[(rows["status"] == "tested") & (rows["year"] <= TARGET)]
    return None if tested.empty else tested.iloc[-1]


def place(data: PageData, area: str) -> str:
    """Return the name of an area as it stands in a sentence: "de krimpregio's"."""
    called = name(data, area)
    return f"de {called[0].lower()}{called[1:]}" if area in TOTALS and area != NEDERLAND else called


def projection_source(
    data: PageData, subjects: Iterable[Subject], areas: list[str], years: Iterable[int], origins: Iterable[int]
) -> str:
    """Return the line under projections: the figures, the prices, and whose projection it is not."""
    shown, span = list(subjects), sorted({int(year) for year in origins})
    figures = source_line(data, [subject.indicator.id for subject in shown], areas, [int(year) for year in years])
    prices = " Prijzen: CBS, jaarmutaties uit twee nieuwsberichten, niet uit StatLine opgehaald."
    origin = f"{span[0]}" if len(span) == 1 else f"{span[0]}–{span[-1]}, per cijfer verschillend"
    own = f" Prognose met cijfers tot en met {origin}: eigen berekening, niet de prognose van PBL en CBS."
    return figures + (prices if any(subject.real for subject in shown) else "") + own


def fan_numbers(area: str, subject: Subject, line: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Return past and projection as one table to download."""
    before = pd.DataFrame({"year": line.index, "value": line.to_numpy(), "kind": "measured"})
    after = rows[["origin_year", "year", "value", *BOUNDS, "model", "status", "mape", "coverage_80"]].assign(
        kind="projected"
    )
    return pd.concat([before, after], ignore_index=True).assign(region_id=area, indicator=subject.id)


def projected_text(subject: Subject, row: dict[str, Any] | None) -> str:
    """Return a projected figure with its band, and a star where it was never tested; a dash if there is none."""
    if row is None:
        return with_unit(None, "")
    value, lower, upper = (subject.rounded(float(row[key])) for key in ("value", "lower_80", "upper_80"))
    star = "" if row["status"] == "tested" else "*"
    return f"{value}{star} ({lower}{JOINED}{upper})"


def projected_cells(subject: Subject, rows: pd.DataFrame) -> list[str]:
    """Return the cells of a table for the years that are shown."""
    by_year = {int(row["year"]): row for row in records(rows)}
    return [projected_text(subject, by_year.get(year)) for year in SHOWN_YEARS]
