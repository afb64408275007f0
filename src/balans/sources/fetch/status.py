"""How old every table is, whether its source has a newer one, and which years are provisional."""

from __future__ import annotations

from datetime import date

import pandas as pd

from balans.errors import SourceError, SourceSilentError
from balans.paths import Project
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.fetch.client import Client, Manners
from balans.sources.fetch.dialects import DIALECTS
from balans.sources.fetch.statline import other_editions
from balans.sources.figures import load_figures
from balans.sources.manifest import RawTable, read_manifest
from balans.sources.overview import provisional_years

QUICK = Manners(timeout=(5.0, 20.0), attempts=2)


def status(project: Project, *, manners: Manners = QUICK, today: date | None = None) -> pd.DataFrame:
    """Return one row per table of ``sources.yml``: how old it is and whether there is a newer one.

    Columns: table, title, publisher, obtained, age_days, fetched, modified, modified_at_source, newer, provisional,
    remark. Without a network ``newer`` is None and ``remark`` says why; that is no error.

    Raises:
        RawDataError: the manifest or a stored file cannot be read.
    """
    catalogue, client = load_catalogue(project), Client(manners)
    stored = {entry.table: entry for entry in read_manifest(project.raw)}
    provisional = provisional_years(load_figures(project, catalogue))
    rows = []
    for table in catalogue.tables:
        newest, remark = _at_source(client, table)
        row = _row(table, stored.get(table.id), newest, remark, today or date.today())
        rows.append(row | {"provisional": provisional.get(table.id, "")})
    return pd.DataFrame(rows)


def _row(table: Table, entry: RawTable | None, newest: str | None, remark: str, today: date) -> dict[str, object]:
    """An edition whose date is unknown here, or earlier, is older than the one at the source."""
    known = (entry.modified or "") if entry else ""
    return {
        "table": table.id,
        "title": table.title,
        "publisher": table.publisher,
        "obtained": entry.obtained if entry else "",
        "age_days": (today - date.fromisoformat(entry.obtained)).days if entry else None,
        "fetched": bool(entry and entry.is_fetched),
        "modified": known,
        "modified_at_source": newest,
        "newer": None if newest is None else newest > known[:10],
        "remark": remark or ("" if entry else "not stored yet"),
    }


def _at_source(client: Client, table: Table) -> tuple[str | None, str]:
    """The date of the newest edition at the source, or why it is not known."""
    live = table.live
    if live is None or not table.is_statline:
        return None, "the source gives no date beforehand" if live else "cannot be fetched"
    remarks = []
    for protocol in live.protocols:
        try:
            with client.service(f"{live.catalogue} {protocol}", table.id):
                dates = DIALECTS[protocol].modified(client, live)
        except SourceError as error:
            silent = isinstance(error, SourceSilentError)
            remarks.append("no connection with the source" if silent else str(error).split(". ")[0])
            continue
        gone = ", ".join(part.id for part in live.parts if part.id not in dates)
        told = [f"not in the catalogue: {gone}"] if gone else []
        return max(dates.values(), default=None), "; ".join([*told, *other_editions(client, live)])
    return None, remarks[0]
