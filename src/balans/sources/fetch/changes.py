"""What differs between two versions of a table's figures, and how a refresh tells it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError

KEY = ["topic", "region", "year"]
FEWEST = 10
MOST_LOST = 0.1
SHOWN = 5


@dataclass(frozen=True)
class Changes:
    """Differences between the figures in force and new ones.

    Attributes:
        new_years: topic, year: figures for a year that the topic did not have.
        revised: topic, region, year, old, new.
        vanished: topic, region, year, old: figures of a year that is still there, gone for an area.
        kept: topic, year: years that the new figures lack; what was carried over stays in force for them.
        came: municipalities with figures in the newest year that had none in the newest year before.
        went: the other way round.
    """

    new_years: pd.DataFrame
    revised: pd.DataFrame
    vanished: pd.DataFrame
    kept: pd.DataFrame
    came: tuple[str, ...]
    went: tuple[str, ...]


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Changes:
    """Return what changed from ``old`` to ``new``, each topic, region, year, value in the same units."""
    values = (side.set_index(KEY)["value"].rename(name) for side, name in ((old, "old"), (new, "new")))
    pairs = next(values).to_frame().join(next(values), how="outer").sort_index().reset_index()
    had, has = (pd.MultiIndex.from_frame(side[["topic", "year"]].drop_duplicates()) for side in (old, new))
    differs = (pairs["old"] - pairs["new"]).abs() > 1e-9 * pairs["old"].abs().clip(lower=1)
    gone = pairs["new"].isna() & pd.MultiIndex.from_frame(pairs[["topic", "year"]]).isin(has)
    before, after = _newest_municipalities(old), _newest_municipalities(new)
    return Changes(
        new_years=has.difference(had).to_frame(index=False),
        revised=pairs[differs].reset_index(drop=True),
        vanished=pairs.loc[gone, [*KEY, "old"]].reset_index(drop=True),
        kept=had.difference(has).to_frame(index=False),
        came=tuple(sorted(after - before)),
        went=tuple(sorted(before - after)),
    )


def refuse_if_incomplete(table: str, old: pd.DataFrame, changes: Changes) -> None:
    """Raise a SourceError if many areas lost their figure in a year that is still there: a page went missing.

    Raises:
        SourceError: more than a tenth of the areas of a topic and year.
    """
    before = old.groupby(["topic", "year"]).size()
    lost = changes.vanished.groupby(["topic", "year"]).size().reindex(before.index, fill_value=0)
    broken = before[(before >= FEWEST) & (lost > MOST_LOST * before)]
    if not broken.empty:
        topic, year = broken.index[0]
        raise SourceError(
            f"Table {table}: the answer is not complete: {lost[(topic, year)]} of {broken.iloc[0]} areas have no "
            f"{topic} of {year} any more. The stored figures stay in force. Try again later: make data TABLES={table}"
        )


def _newest_municipalities(figures: pd.DataFrame) -> set[str]:
    municipal = figures[figures["region"].str.startswith("GM")]
    return set(municipal.loc[municipal["year"] == municipal["year"].max(), "region"])


@dataclass(frozen=True)
class TableReport:
    """One table: ``outcome`` is ``updated``, ``unchanged``, ``failed``, or ``not available`` (a planned table)."""

    table: str
    title: str
    outcome: str
    changes: Changes | None = None
    notes: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    problem: str = ""

    def lines(self) -> list[str]:
        """Return the report for a terminal; the first line is a heading."""
        if self.problem:
            return [f"{self.table}: {self.outcome}", *(f"  {line}" for line in self.problem.splitlines())]
        told = [*(_told(self.changes) if self.changes else []), *(f"renamed: {line}" for line in self.renamed)]
        return [f"{self.table}: {self.outcome} ({self.title})", *(f"  {line}" for line in [*told, *self.notes])]


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
        columns = ["table", *KEY, "old", "new"]
        revised = [t.changes.revised.assign(table=t.table) for t in self.tables if t.changes is not None]
        return pd.concat([pd.DataFrame(columns=columns), *revised], ignore_index=True)[columns]

    def raise_if_failed(self) -> None:
        """Raise one SourceError that names every table that could not be fetched."""
        if self.failed:
            raise SourceError("\n".join(table.problem for table in self.failed))


def _told(changes: Changes) -> list[str]:
    """The changes in words; figures only for the first few revisions."""
    lines = [f"new: {topic}" for topic in _spans(changes.new_years)]
    if not changes.revised.empty:
        lines.append(f"revised: {len(changes.revised)} figures")
    for row in changes.revised.head(SHOWN).itertuples():
        lines.append(f"  {row.topic} {row.region} {row.year}: {row.old:.10g} -> {row.new:.10g}")
    if not changes.vanished.empty:
        lines.append(f"gone: {len(changes.vanished)} figures of areas that have none any more")
    stay = "not at the source any more, carried-over figures stay in use"
    lines += [f"{stay}: {topic}" for topic in _spans(changes.kept)]
    moved = {"came": changes.came, "went": changes.went}
    lines += [f"municipalities that {verb}: {', '.join(codes)}" for verb, codes in moved.items() if codes]
    return lines or ["no figure changed"]


def _spans(years: pd.DataFrame) -> list[str]:
    """Per topic its years, ``[2012, 2013, 2014, 2016]`` as ``topic 2012-2014, 2016``."""
    told = []
    for topic, found in years.groupby("topic")["year"]:
        ordered = found.sort_values()
        runs = [run for _, run in ordered.groupby((ordered.diff() != 1).cumsum())]
        told.append(f"{topic} " + ", ".join("-".join(dict.fromkeys([f"{r.min()}", f"{r.max()}"])) for r in runs))
    return told
