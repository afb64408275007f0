"""The state of every source table: what is stored, from when, under which licence."""

from __future__ import annotations

import pandas as pd

from balans.sources.catalogue import Catalogue
from balans.sources.figures import Figures
from balans.sources.manifest import RawTable

SHOWN_AS = {
    "37259eng": "37259ned",
    "kwb": "Kerncijfers wijken en buurten",
    "kwb-2021": "Kerncijfers wijken en buurten 2021",
    "brede-welvaart": "Regionale Monitor Brede Welvaart",
}


def build_sources(manifest: list[RawTable], catalogue: Catalogue, figures: Figures) -> pd.DataFrame:
    """Return one row per stored table.

    Returns:
        table, shown_as, publisher, title, licence, attribution, obtained, how, fetched, provisional, modified, files,
        bytes, first_year, last_year, page. ``provisional`` lists the years of which provisional figures are in use;
        first and last year are those of the topics that are used, missing if none is used yet.
    """
    pages = {table.id: table.page for table in catalogue.tables}
    used = _years_per_table(figures.origin)
    provisional = provisional_years(figures)
    rows = [
        {
            "table": stored.table,
            "shown_as": SHOWN_AS.get(stored.table, stored.table),
            "publisher": stored.source,
            "title": stored.title,
            "licence": stored.licence,
            "attribution": stored.attribution,
            "obtained": stored.obtained,
            "how": stored.how,
            "fetched": stored.is_fetched,
            "provisional": provisional.get(stored.table, ""),
            "modified": stored.modified,
            "files": len(stored.files),
            "bytes": sum(file.bytes for file in stored.files),
            "first_year": min(used.get(stored.table, ()), default=None),
            "last_year": max(used.get(stored.table, ()), default=None),
            "page": pages.get(stored.table),
        }
        for stored in manifest
    ]
    return pd.DataFrame(rows).astype({"first_year": "Int64", "last_year": "Int64"})


def provisional_years(figures: Figures) -> dict[str, str]:
    """Return per table the years of which provisional figures are in use, as ``2023, 2025``."""
    found = _years_per_table(figures.origin[figures.origin["status"] == "provisional"])
    return {table: ", ".join(str(year) for year in years) for table, years in found.items()}


def _years_per_table(origin: pd.DataFrame) -> dict[str, list[int]]:
    """Per table its years in ``origin`` (topic, year: source, status), oldest first."""
    found = origin.reset_index()
    found = found.assign(table=found["source"].str.split(" + ", regex=False)).explode("table")
    return {str(table): sorted(set(years)) for table, years in found.groupby("table")["year"]}
