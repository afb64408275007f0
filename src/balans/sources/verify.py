"""``balans verify``: hold every carried-over figure against the live table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError
from balans.paths import Project
from balans.sources.assemble import read_figures
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.client import Client, Manners
from balans.sources.download import forget_pages
from balans.sources.fetch import fetch_statline
from balans.sources.figures import in_our_units
from balans.sources.manifest import RawTable, read_manifest
from balans.sources.progress import Progress, silent
from balans.sources.store import only_one

KEY = ["topic", "region", "year"]


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
            agreement = (
                f"{row['agreement']:.4%} of {row['compared']} compared" if row["compared"] else "nothing compared"
            )
            rest = f"; {row['different']} differ; {row['not_at_source']} not at the source" if row["compared"] else ""
            remark = f"; {row['remark']}" if row["remark"] else ""
            lines.append(f"{row['table']}: {agreement}{rest}{remark}")
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
    catalogue = load_catalogue(project)
    wanted = [catalogue.table(name) for name in tables] if tables else list(catalogue.tables)
    stored = {entry.table: entry.carried_over for entry in read_manifest(project.raw)}
    client = Client(manners)
    with only_one(project):
        checks = [
            _check(project, table, entry, client, progress)
            for table in wanted
            if table.live and table.live.kind == "statline" and (entry := stored.get(table.id))
        ]
    differences = [found for _, found in checks]
    columns = ["table", *KEY, "carried", "live"]
    return VerifyReport(
        pd.DataFrame([row for row, _ in checks]),
        pd.concat(differences, ignore_index=True)[columns] if differences else pd.DataFrame(columns=columns),
    )


def _check(
    project: Project, table: Table, entry: RawTable, client: Client, progress: Progress
) -> tuple[dict[str, object], pd.DataFrame]:
    carried = carried_figures(project, table, entry)
    row: dict[str, object] = {
        "table": table.id,
        "carried": len(carried),
        "compared": 0,
        "equal": 0,
        "different": 0,
    }
    try:
        fetched = fetch_statline(project, table, client, progress)
    except SourceError as error:
        forget_pages(project, table)
        none = pd.DataFrame(columns=["table", *KEY, "carried", "live"])
        return row | {
            "not_at_source": 0,
            "agreement": float("nan"),
            "remark": str(error).split("\n")[0],
        }, none
    assert fetched.figures is not None
    pairs = carried.merge(
        in_our_units(read_figures(fetched.figures), table),
        on=KEY,
        how="left",
        suffixes=("_carried", "_live"),
    )
    forget_pages(project, table)
    compared = pairs["value_live"].notna()
    differs = compared & ((pairs["value_carried"] - pairs["value_live"]).abs() > _tolerance(table, pairs))
    differences = (
        pairs[differs].rename(columns={"value_carried": "carried", "value_live": "live"}).assign(table=table.id)
    )
    row |= {
        "compared": int(compared.sum()),
        "equal": int((compared & ~differs).sum()),
        "different": int(differs.sum()),
    }
    row |= {"not_at_source": int((~compared).sum()), "remark": "; ".join(fetched.notes)}
    return row | {"agreement": float((compared & ~differs).sum() / max(1, compared.sum()))}, differences


def carried_figures(project: Project, table: Table, entry: RawTable) -> pd.DataFrame:
    """Return topic, region, year, value, name of the version that was carried over, in our units."""
    names = {name: topic for topic in table.topics for name in topic.carried}
    files = [file for file in entry.files if file.path.endswith(".csv.gz")]
    stored = pd.concat([pd.read_csv(project.raw / file.path, dtype={"year": str, "measure": str}) for file in files])
    frames = [
        in_our_units(stored[stored["measure"] == name], table, carried=True)[[*KEY, "value"]].assign(
            resolution=topic.resolution
        )
        for name, topic in names.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _tolerance(table: Table, pairs: pd.DataFrame) -> pd.Series:
    """Figures that both were published in the same steps must be equal; otherwise half the coarser step is rounding."""
    live = pairs["topic"].map({topic.id: topic.resolution for topic in table.live_topics})
    same = live == pairs["resolution"]
    coarser = pd.concat([live, pairs["resolution"]], axis=1).max(axis=1) / 2
    return coarser.where(~same, 0) + 1e-9 * pairs["value_carried"].abs().clip(lower=1)
