"""What a refresh tells: per table what changed since last time, or why nothing did."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError
from balans.sources.compare import Changes

SHOWN = 5


@dataclass(frozen=True)
class TableReport:
    """One table: ``outcome`` is ``updated``, ``unchanged``, ``failed``, or ``not available`` (a planned table)."""

    table: str
    title: str
    outcome: str
    changes: Changes | None
    notes: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    problem: str = ""

    def lines(self) -> list[str]:
        """Return the report for a terminal; the first line is a heading."""
        if self.problem:
            return [
                f"{self.table}: {self.outcome}",
                *(f"  {line}" for line in self.problem.splitlines()),
            ]
        details = [
            *(_changes(self.changes) if self.changes else []),
            *(f"renamed: {line}" for line in self.renamed),
            *self.notes,
        ]
        return [
            f"{self.table}: {self.outcome} ({self.title})",
            *(f"  {line}" for line in details),
        ]


@dataclass(frozen=True)
class RefreshReport:
    """All tables of one refresh."""

    tables: tuple[TableReport, ...]

    @property
    def failed(self) -> tuple[TableReport, ...]:
        """The tables that should have been fetched and could not be."""
        return tuple(table for table in self.tables if table.outcome == "failed")

    def describe(self) -> str:
        """Return everything that a person should know, as text."""
        return "\n".join(line for table in self.tables for line in table.lines())

    def revisions(self) -> pd.DataFrame:
        """Return table, topic, region, year, old, new of every revised figure."""
        revised = [t.changes.revised.assign(table=t.table) for t in self.tables if t.changes is not None]
        columns = ["table", "topic", "region", "year", "old", "new"]
        return pd.concat(revised, ignore_index=True)[columns] if revised else pd.DataFrame(columns=columns)

    def raise_if_failed(self) -> None:
        """Raise one SourceError that names every table that could not be fetched."""
        if self.failed:
            raise SourceError("\n".join(table.problem for table in self.failed))


def _changes(changes: Changes) -> list[str]:
    lines = []
    for topic, years in changes.new_years.groupby("topic")["year"]:
        lines.append(f"new: {topic} {_spans(sorted(years))}")
    if not changes.revised.empty:
        lines.append(f"revised: {len(changes.revised)} figures")
        lines += [
            f"  {row.topic} {row.region} {row.year}: {row.old:.10g} -> {row.new:.10g}"
            for row in changes.revised.head(SHOWN).itertuples()
        ]
    if not changes.vanished.empty:
        lines.append(f"gone: {len(changes.vanished)} figures of areas that have none any more")
    for topic, years in changes.kept.groupby("topic")["year"]:
        lines.append(f"not at the source any more, carried-over figures stay in use: {topic} {_spans(sorted(years))}")
    if changes.came:
        lines.append(f"municipalities that came: {', '.join(changes.came)}")
    if changes.went:
        lines.append(f"municipalities that went: {', '.join(changes.went)}")
    return lines or ["no figure changed"]


def _spans(years: list[int]) -> str:
    """``[2012, 2013, 2014, 2016]`` as ``2012-2014, 2016``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)
