"""How old every table is, whether its source has a newer one, and what the page on sources shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from balans.errors import SourceError, SourceSilentError
from balans.paths import Project
from balans.sources import odata3, odata4
from balans.sources.catalogue import Live, Table, load_catalogue
from balans.sources.client import Client, Manners
from balans.sources.figures import load_figures
from balans.sources.manifest import RawTable, read_manifest

MODIFIED: dict[str, Callable[[Client, Live], dict[str, str]]] = {
    "odata3": odata3.modified,
    "odata4": odata4.modified,
}
QUICK = Manners(timeout=(5.0, 20.0), attempts=2)


def status(project: Project, *, manners: Manners = QUICK, today: date | None = None) -> pd.DataFrame:
    """Return one row per table of ``sources.yml``: how old it is and whether there is a newer one.

    Columns: table, title, publisher, obtained, age_days, fetched, modified, modified_at_source, newer, provisional,
    remark. Without a network ``newer`` is None and ``remark`` says why; that is no error.

    Raises:
        RawDataError: the manifest or a stored file cannot be read.
    """
    catalogue, stored = (
        load_catalogue(project),
        {entry.table: entry for entry in read_manifest(project.raw)},
    )
    provisional, client = provisional_years(project), Client(manners)
    silent: dict[str, str] = {}
    rows = []
    for table in catalogue.tables:
        entry = stored.get(table.id)
        newest, remark = _at_source(client, table, silent)
        rows.append(
            _age(table, entry, today or date.today())
            | _newer(entry, newest)
            | {
                "provisional": provisional.get(table.id, ""),
                "remark": remark or _absent(entry),
            }
        )
    return pd.DataFrame(rows)


def provisional_years(project: Project) -> dict[str, str]:
    """Return per table the years of which provisional figures are in use, as ``2023, 2025``."""
    origin = load_figures(project, load_catalogue(project)).origin.reset_index()
    origin = origin[origin["status"] == "provisional"]
    years: dict[str, set[int]] = {}
    for row in origin.itertuples():
        for name in str(row.source).split(" + "):
            years.setdefault(name, set()).add(int(row.year))  # type: ignore[arg-type]
    return {name: ", ".join(str(year) for year in sorted(found)) for name, found in years.items()}


def _age(table: Table, entry: RawTable | None, today: date) -> dict[str, object]:
    return {
        "table": table.id,
        "title": table.title,
        "publisher": table.publisher,
        "obtained": entry.obtained if entry else "",
        "age_days": (today - date.fromisoformat(entry.obtained)).days if entry else None,
        "fetched": bool(entry and entry.is_fetched),
        "modified": (entry.modified or "") if entry else "",
    }


def _at_source(client: Client, table: Table, silent: dict[str, str]) -> tuple[str | None, str]:
    """The date of the newest edition at the source, or why it is not known."""
    live = table.live
    if live is None or live.kind != "statline":
        return (
            None,
            "the source gives no date beforehand" if live else "cannot be fetched",
        )
    service = f"{live.catalogue} {live.protocol}"
    if service in silent:
        return None, silent[service]
    try:
        dates = MODIFIED[live.protocol](client, live)
    except SourceSilentError:
        silent[service] = "no connection with the source"
        return None, silent[service]
    except SourceError as error:
        return None, str(error).split(". ")[0]
    gone = [part.id for part in live.parts if part.id not in dates]
    return max(dates.values(), default=None), f"not in the catalogue: {', '.join(gone)}" if gone else ""


def _newer(entry: RawTable | None, newest: str | None) -> dict[str, object]:
    """An edition whose date is unknown here, or earlier, is older than the one at the source."""
    known = (entry.modified or "")[:10] if entry else ""
    return {
        "modified_at_source": newest,
        "newer": None if newest is None else not known or newest > known,
    }


def _absent(entry: RawTable | None) -> str:
    return "" if entry else "not stored yet"
