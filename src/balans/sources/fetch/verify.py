"""``balans verify``: hold every carried-over figure against the live table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError
from balans.paths import Project
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.fetch.changes import KEY
from balans.sources.fetch.client import Client, Manners
from balans.sources.fetch.pages import forget_pages
from balans.sources.fetch.progress import Progress, silent
from balans.sources.fetch.statline import fetch_statline
from balans.sources.fetch.store import only_one
from balans.sources.figures import in_our_units, read_measures
from balans.sources.manifest import RawTable, read_manifest
from balans.sources.stored import read_file


@dataclass(frozen=True)
class VerifyReport:
    """How far the carried-over figures agree with their sources.

    Attributes:
        tables: table, carried, compared, equal, different, not_at_source, agreement (equal / compared), remark.
        differences: table, topic, region, year, carried, live: every figure that differs by more than rounding.
    """

    tables: pd.DataFrame
    differences: pd.DataFrame

    def describe(self) -> str:
        """Return the report as text, one line per table."""
        lines = []
        for row in self.tables.to_dict("records"):
            told = "nothing compared"
            if row["compared"]:
                told = f"{row['agreement']:.4%} of {row['compared']} compared; {row['different']} differ; "
                told += f"{row['not_at_source']} not at the source"
            lines.append(f"{row['table']}: {told}" + (f"; {row['remark']}" if row["remark"] else ""))
        return "\n".join(lines)


def verify_live(
    project: Project,
    tables: Sequence[str] | None = None,
    progress: Progress = silent,
    *,
    manners: Manners | None = None,
) -> VerifyReport:
    """Compare every carried-over figure of the StatLine tables with the live table; nothing is stored.

    Also after a refresh: the carried-over version stays on disk for it. A difference is either an error here or a
    revision by CBS since the edition that was carried over; the report cannot tell which, so it lists them all.

    Raises:
        UnknownKeyError: ``sources.yml`` has no such table.
        BalansError: a refresh is running.
    """
    catalogue, client = load_catalogue(project), Client(manners)
    wanted = [catalogue.table(name) for name in tables] if tables else list(catalogue.tables)
    stored = {entry.table: entry.carried_over for entry in read_manifest(project.raw)}
    rows, found = [], [pd.DataFrame(columns=["table", *KEY, "carried", "live"])]
    with only_one(project):
        for table in (table for table in wanted if table.is_statline):
            entry = stored.get(table.id)
            if entry is not None:
                pairs, remark = _pairs(project, table, entry, client, progress)
                rows.append(_row(table, pairs, remark))
                found.append(pairs[pairs["differs"]].assign(table=table.id)[found[0].columns])
    return VerifyReport(
        pd.DataFrame(rows), pd.concat([each for each in found if len(each)] or found[:1], ignore_index=True)
    )


def _pairs(
    project: Project, table: Table, entry: RawTable, client: Client, progress: Progress
) -> tuple[pd.DataFrame, str]:
    """Every carried-over figure beside the live one (missing if there is none), and a remark."""
    carried = carried_figures(project, table, entry)
    try:
        fetched = fetch_statline(project, table, client, progress)
        assert fetched.figures is not None
        live, remark = in_our_units(read_file(fetched.figures), table)[[*KEY, "value"]], "; ".join(fetched.notes)
    except SourceError as error:
        live, remark = carried[[*KEY, "value"]].head(0), str(error).split("\n")[0]
    forget_pages(project, table)
    pairs = carried.rename(columns={"value": "carried"}).merge(live.rename(columns={"value": "live"}), "left", KEY)
    return pairs.assign(differs=(pairs["carried"] - pairs["live"]).abs() > _tolerance(table, pairs)), remark


def _row(table: Table, pairs: pd.DataFrame, remark: str) -> dict[str, object]:
    compared, different = int(pairs["live"].notna().sum()), int(pairs["differs"].sum())
    return {
        "table": table.id,
        "carried": len(pairs),
        "compared": compared,
        "equal": compared - different,
        "different": different,
        "not_at_source": len(pairs) - compared,
        "agreement": (compared - different) / compared if compared else float("nan"),
        "remark": remark,
    }


def carried_figures(project: Project, table: Table, entry: RawTable) -> pd.DataFrame:
    """Return topic, region, year, value, resolution of the version that was carried over, in our units."""
    files = [file for file in entry.files if file.path.endswith(".csv.gz")]
    stored = pd.concat([read_measures(project.raw, file, table) for file in files])
    frames = [
        in_our_units(stored[stored["measure"] == name], table, carried=True)[[*KEY, "value"]].assign(
            resolution=topic.resolution
        )
        for topic in table.topics
        for name in topic.carried
    ]
    return pd.concat(frames, ignore_index=True)


def _tolerance(table: Table, pairs: pd.DataFrame) -> pd.Series:
    """Figures that both were published in the same steps must be equal; otherwise half the coarser step is rounding."""
    live = pairs["topic"].map({topic.id: topic.resolution for topic in table.live_topics})
    coarser = live.combine(pairs["resolution"], max) / 2
    return coarser.where(live != pairs["resolution"], 0) + 1e-9 * pairs["carried"].abs().clip(lower=1)
