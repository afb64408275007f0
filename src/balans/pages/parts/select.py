"""Pick figures out of the rows that a page may read, and say where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.words.areas import NEDERLAND, POLICY_TYPES, TYPE_TOTALS
from balans.words.lists import listed
from balans.words.numbers import NO_VALUE, with_unit


def series(data: PageData, region_id: str, indicator: str) -> pd.Series:
    """Return the values of an indicator in an area by year, oldest first; empty if there are none."""
    rows = data.indicators
    chosen = rows[(rows["region_id"] == region_id) & (rows["indicator"] == indicator)]
    return chosen.set_index("year")["value"].sort_index()


def value(data: PageData, region_id: str, indicator: str, year: int) -> float:
    """Return one figure, NaN if there is none."""
    return float(series(data, region_id, indicator).get(year, float("nan")))


def latest_common_year(data: PageData, region_ids: Iterable[str], indicator: str) -> int | None:
    """Return the latest year in which every area has the indicator."""
    years = [set(series(data, region_id, indicator).index) for region_id in region_ids]
    common = set.intersection(*years) if years else set()
    return max(common) if common else None


def compared_with(data: PageData, region_id: str) -> list[str]:
    """Return the areas that a region is held against: the total of its type, if it has one, and the Netherlands."""
    kind = region(data, region_id)["type"]
    total = TYPE_TOTALS.get(str(kind))
    return [area for area in (total, NEDERLAND) if area and area != region_id]


def region(data: PageData, region_id: str) -> pd.Series:
    """Return the row of the table ``regions`` for one area."""
    rows = data.regions[data.regions["region_id"] == region_id]
    return rows.iloc[0]


def name(data: PageData, region_id: str) -> str:
    """Return the name of an area."""
    return str(region(data, region_id)["name"])


def shown(figure: float, indicator: Indicator) -> str:
    """Return a figure with its unit and decimals as the page shows it."""
    return with_unit(figure, indicator.unit, indicator.decimals)


def caution(data: PageData, indicator: Indicator) -> str:
    """Return what every trend of the indicator must say of a jump in the whole country; empty if there is none."""
    stated = indicator.caution
    if stated is None:
        return ""
    ends = {"from": stated.first, "to": stated.last}
    figures = {word: shown(value(data, NEDERLAND, indicator.id, year), indicator) for word, year in ends.items()}
    return stated.text.format(**figures)


def cautions(data: PageData, indicators: Iterable[Indicator]) -> str:
    """Return the cautions of some indicators as HTML below a table of their changes; empty if there are none."""
    said = [f"{indicator.title}: {caution(data, indicator)}" for indicator in indicators if indicator.caution]
    return "".join(f'<p class="let-op">{escape(text)}</p>' for text in said)


def ratio_text(part: float, whole: float) -> str:
    """Return ``part`` as a whole percentage of ``whole``."""
    return NO_VALUE if pd.isna(part) or pd.isna(whole) else with_unit(100 * part / whole, "%")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as column → value."""
    return [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]


def source_line(data: PageData, indicators: Iterable[str], region_ids: Iterable[str], years: Iterable[int]) -> str:
    """Return the line under a figure: who published it, in which tables, for which years, and what is provisional."""
    wanted, areas, span = set(indicators), set(region_ids), sorted(set(years))
    rows = data.indicators
    used = rows[rows["indicator"].isin(wanted) & rows["region_id"].isin(areas) & rows["year"].isin(span)]
    tables = sorted({table for joined in used["source"].dropna() for table in joined.split(" + ")})
    known = data.sources.set_index("table")
    by_publisher: dict[str, list[str]] = {}
    for table in tables:
        by_publisher.setdefault(str(known.loc[table, "publisher"]), []).append(str(known.loc[table, "shown_as"]))
    publishers = "; ".join(f"{publisher} ({', '.join(ids)})" for publisher, ids in by_publisher.items())
    period = f"{span[0]}–{span[-1]}" if len(span) > 1 else f"{span[0]}"
    provisional = sorted(set(used.loc[used["status"] == "provisional", "year"]))
    note = f"; {listed(provisional)} voorlopig" if provisional else ""
    return f"Bron: {publishers}, bewerking Nederland in balans. Peiljaar {period}{note}."


def policy_regions(data: PageData, kind: str | None = None) -> pd.DataFrame:
    """Return the krimp and anticipeer regions, or one of the two, sorted by name."""
    kinds = [kind] if kind else POLICY_TYPES
    return data.regions[data.regions["type"].isin(kinds)].sort_values("name")
