"""Pages on synthetic figures: small enough to know every sentence in advance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from balans.pages.data import PageData

# region_id → name, type and parent; all synthetic but for the totals that the code knows by name.
AREAS = {
    "alfa": ("Alfa", "krimp", "krimpregios"),
    "bravo": ("Bravo", "krimp", "krimpregios"),
    "charlie": ("Charlie", "anticipeer", "anticipeerregios"),
    "krimpregios": ("Krimpregio's", "total", "nederland"),
    "anticipeerregios": ("Anticipeerregio's", "total", "nederland"),
    "nederland": ("Nederland", "country", ""),
}
Series = Mapping[tuple[str, str], Mapping[int, float]]


def synthetic_page(figures: Series, **tables: pd.DataFrame) -> PageData:
    """Return what a page may read: ``{(region_id, indicator): {year: value}}``, and other tables by name."""
    rows = [
        (area, indicator, year, value, "%", "definitive", "synthetic")
        for (area, indicator), line in figures.items()
        for year, value in line.items()
    ]
    columns = ["region_id", "indicator", "year", "value", "unit", "status", "source"]
    known: dict[str, Any] = {
        "regions": pd.DataFrame(
            [(area, *about, None, None) for area, about in AREAS.items()],
            columns=["region_id", "name", "type", "parent", "province", "members_checked"],
        ),
        "indicators": pd.DataFrame(rows, columns=columns),
        "sources": pd.DataFrame([("synthetic", "Synthetic", "S1")], columns=["table", "publisher", "shown_as"]),
        **tables,
    }
    return PageData(known.__getitem__)


@pytest.fixture
def page() -> Callable[..., PageData]:
    """Makes synthetic page data."""
    return synthetic_page
