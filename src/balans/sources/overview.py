"""The state of every source table: what is stored, from when, under which licence."""

from __future__ import annotations

import pandas as pd

from balans.sources.catalogue import Catalogue
from balans.sources.figures import Figures
from balans.sources.manifest import RawTable

SHOWN_AS = {"37259eng": "37259ned", "kwb": "Kerncijfers wijken en buurten"}


def build_sources(manifest: list[RawTable], catalogue: Catalogue, figures: Figures) -> pd.DataFrame:
    """Return one row per stored table.

    Returns:
        table, shown_as, publisher, title, licence, attribution, obtained, how, fetched, provisional, modified, files,
        bytes, first_year, last_year, page. ``provisional`` lists the years of which provisional figures are in use;
        first and last year are those of the topics that are used, missing if none is used yet.
    """
    pages = {table.id: table.page for table in catalogue.tables}
    years = figures.origin.reset_index()
    provisional = _provisional(years)
    rows = []
    for stored in manifest:
        used = years.loc[
            years["source"].str.split(" + ", regex=False).map(lambda ids, t=stored.table: t in ids), "year"
        ]
        rows.append(
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
                "provisional": ", ".join(str(year) for year in provisional.get(stored.table, [])),
                "modified": stored.modified,
                "files": len(stored.files),
                "bytes": sum(file.bytes for file in stored.files),
                "first_year": used.min() if len(used) else None,
                "last_year": used.max() if len(used) else None,
                "page": pages.get(stored.table),
            }
        )
    return pd.DataFrame(rows).astype({"first_year": "Int64", "last_year": "Int64"})


def _provisional(origin: pd.DataFrame) -> dict[str, list[int]]:
    """Return per table the years with provisional figures, oldest first."""
    found = origin[origin["status"] == "provisional"]
    found = found.assign(table=found["source"].str.split(" + ", regex=False)).explode("table")
    return {str(table): sorted(set(years)) for table, years in found.groupby("table")["year"]}
