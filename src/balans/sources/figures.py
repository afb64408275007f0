"""Read ``data/raw`` into one table of figures per topic, area and year."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from balans.errors import RawDataError
from balans.paths import Project
from balans.sources.catalogue import Catalogue, DerivedTopic, Table, Topic
from balans.sources.manifest import RawFile
from balans.sources.stored import files_in_force, read_file

QUARTERS = 4
KEY = ["topic", "region", "year"]
CBS_CODE = r"(?:GM\d{4}|CR\d{2}|PV\d{2}|NL01)$"
FOREIGN_NUTS3 = r"(?:BE|DE)[0-9A-Z]{3}$"
EUROSTATS_PROVISIONAL = "p"


@dataclass(frozen=True)
class Figures:
    """All figures at hand.

    Attributes:
        wide: one row per (region, year), one column per topic, in the unit of the topic; NaN where there is none.
        origin: per (topic, year): ``source`` (tables, joined by ' + ') and ``status`` (definitive or provisional).
        differences: where two tables disagree by more than rounding:
            topic, region, year, used, used_source, other, other_source.
    """

    wide: pd.DataFrame
    origin: pd.DataFrame
    differences: pd.DataFrame
    derived: tuple[DerivedTopic, ...] = ()

    def base_topics(self, topic: str | None) -> set[str]:
        """Return the published topics that ``topic`` rests on: itself, or the parts of its expressions."""
        if topic is None:
            return set()
        expressions = [derived.expression for derived in self.derived if derived.id == topic]
        parts = {name for expression in expressions for name in _names(expression) if name != topic}
        return {topic}.union(*(self.base_topics(part) for part in parts))


def load_figures(project: Project, catalogue: Catalogue) -> Figures:
    """Return every figure that ``sources.yml`` asks for; the first table that has it decides.

    Raises:
        RawDataError: a stored file cannot be read.
    """
    codes = load_area_codes(project)
    stored = [table for table in catalogue.tables if _is_stored(project.raw, table)]
    stacked = pd.concat([read_table(project.raw, table, codes) for table in stored], ignore_index=True)
    chosen = stacked.drop_duplicates(KEY, keep="first")
    wide = chosen.pivot(index=["region", "year"], columns="topic", values="value").sort_index()
    wide.columns.name = None
    absent = {topic.id for table in catalogue.tables if table.planned for topic in table.topics} - set(wide.columns)
    wide = wide.assign(**{topic: float("nan") for topic in sorted(absent)})
    for derived in catalogue.derived:
        wide = add_derived(wide, derived)
    return Figures(wide, _origin(chosen), _differences(stacked, chosen, catalogue), catalogue.derived)


def load_area_codes(project: Project) -> dict[str, str]:
    """Return NUTS code → CBS code of the 40 COROP areas (NUTS 2021), with ``NL`` → ``NL01``."""
    stored = pd.read_csv(project.definitions / "geography" / "corop_nuts3.csv", dtype=str)
    return {**dict(zip(stored["nuts3_2021"], stored["corop"], strict=True)), "NL": "NL01"}


def read_table(raw: Path, table: Table, codes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return topic, region, year, value, status, source of one stored table, in the units of ``sources.yml``.

    Areas are municipalities (GM), COROP areas (CR), provinces (PV) and the Netherlands (NL01); other rows are left out.
    A table with NUTS codes needs ``codes``, and keeps the areas across the border under their NUTS 3 code. Files that
    were carried over and files that were fetched are read alike; a year of a topic that was fetched is taken whole.

    Raises:
        RawDataError: the table has no figures, or a file cannot be read.
    """
    files = _in_use(files_in_force(raw, table.id), table)
    if not files:
        raise RawDataError(f"data/raw/{table.id} has no figures. Restore it: git checkout -- data/raw/{table.id}")
    frames = {
        file: in_our_units(read_measures(raw, file, table), table, codes, carried=_carried_names(file, table))
        for file in files
    }
    fetched = [frame for file, frame in frames.items() if file.is_fetched]
    have = _topic_years(pd.concat(fetched)).drop_duplicates() if fetched else None
    rest = [frame for file, frame in frames.items() if not file.is_fetched]
    if have is not None:
        rest = [frame[~_topic_years(frame).isin(have)] for frame in rest]
    return pd.concat([*fetched, *rest], ignore_index=True)


def read_measures(raw: Path, file: RawFile, table: Table) -> pd.DataFrame:
    """Return measure, region, year, value (and status, flag) of one stored file, one row per year.

    The measure is made of the columns of ``measure_columns``; flags of ``left_out`` say that a figure is not the
    source's. A year of quarters is their mean; a year that misses a quarter is left out, never filled.
    """
    stored = read_file(raw / file.path)
    if table.left_out and "flag" in stored:
        stored = stored[~stored["flag"].isin(table.left_out)]
    columns = list(table.measure_columns)
    if columns and set(columns) <= set(stored.columns):
        stored = stored.assign(measure=stored[columns[0]].str.cat(stored[columns[1:]], sep="/"))
    if table.periods == "year":
        return stored
    by_year = stored.assign(year=stored["year"].str[:4]).groupby(["measure", "region", "year"])["value"]
    means = by_year.agg(["mean", "count"]).reset_index()
    return means[means["count"] == QUARTERS].rename(columns={"mean": "value"})


def in_our_units(
    stored: pd.DataFrame, table: Table, codes: Mapping[str, str] | None = None, *, carried: bool = False
) -> pd.DataFrame:
    """Return topic, region, year, value, status, source of stored figures that are not empty.

    Args:
        stored: measure, region, year, value, and status if fetched.
        table: whose topics say the unit, and whose ``areas`` the codes of its regions.
        codes: the translation of NUTS codes, for a table that has them.
        carried: the measures have the names of the carried-over files instead of ours.
    """
    names = {name: topic for topic in table.topics for name in (topic.carried if carried else (topic.name,))}
    stored = stored[stored["measure"].isin(names) & stored["value"].notna()]
    stored = stored.astype({"measure": str, "region": str})
    frame = pd.DataFrame(
        {
            "topic": stored["measure"].map({name: topic.id for name, topic in names.items()}),
            "region": _our_codes(stored["region"].str.strip(), table.areas, codes or {}),
            "year": stored["year"].astype(int),
            "value": stored["value"] * stored["measure"].map({name: topic.scale for name, topic in names.items()}),
            "status": _status(stored, names, carried=carried),
            "source": table.id,
        }
    )
    return frame[frame["region"].notna()]


def _our_codes(codes: pd.Series, kind: str, from_nuts: Mapping[str, str]) -> pd.Series:
    """Our code per stored code, missing where the area is of no use here."""
    if kind == "cbs":
        return codes.where(codes.str.match(CBS_CODE))
    return codes.map(dict(from_nuts)).fillna(codes.where(codes.str.match(FOREIGN_NUTS3)))


def _in_use(files: list[RawFile], table: Table) -> list[RawFile]:
    """Of the carried-over files those that ``files`` names, in that order; every fetched one."""
    carried = {file.name: file for file in files if not file.is_fetched}
    named = [carried[name] for name in table.files or carried if name in carried]
    return [*(file for file in files if file.is_fetched), *named]


def _carried_names(file: RawFile, table: Table) -> bool:
    """Only StatLine's fetched files have our names for topics; the other sources keep their own."""
    return not (file.is_fetched and table.is_statline)


def _topic_years(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["topic", "year"]])


def _is_stored(raw: Path, table: Table) -> bool:
    """A planned table, or one that has no topics here, may be absent."""
    return bool(table.topics) and (not table.planned or bool(files_in_force(raw, table.id)))


def _status(stored: pd.DataFrame, names: dict[str, Topic], *, carried: bool) -> pd.Series:
    """Provisional if ``sources.yml`` says so, or if CBS gives the period any status but ``Definitief``."""
    provisional = {
        f"{name}|{year}"
        for name, topic in names.items()
        for year in (topic.provisional if carried else topic.provisional_by_topic)
    }
    is_provisional = (stored["measure"] + "|" + stored["year"].astype(str)).isin(provisional)
    if "status" in stored:
        is_provisional |= stored["status"].ne("Definitief")
    if "flag" in stored:
        is_provisional |= stored["flag"].eq(EUROSTATS_PROVISIONAL)
    return is_provisional.map({True: "provisional", False: "definitive"})


def add_derived(wide: pd.DataFrame, derived: DerivedTopic) -> pd.DataFrame:
    """Return ``wide`` with one derived topic; ``prefer`` says which wins where the source has the topic too."""
    made = cast(pd.Series, wide.eval(derived.expression))
    if derived.id not in wide:
        return wide.assign(**{derived.id: made})
    first, second = (wide[derived.id], made) if derived.prefer == "source" else (made, wide[derived.id])
    return wide.assign(**{derived.id: first.fillna(second)})


def _names(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}


def _origin(chosen: pd.DataFrame) -> pd.DataFrame:
    """Per (topic, year) the source tables and the weakest status."""
    grouped = chosen.groupby(["topic", "year"])
    sources = grouped["source"].agg(lambda tables: " + ".join(sorted(set(tables))))
    # 'provisional' sorts after 'definitive'
    return pd.DataFrame({"source": sources, "status": grouped["status"].max()})


def _differences(stacked: pd.DataFrame, chosen: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    steps = {(table.id, topic.id): topic.resolution for table in catalogue.tables for topic in table.topics}
    used = chosen[[*KEY, "value", "source"]].rename(columns={"value": "used", "source": "used_source"})
    others = stacked.loc[stacked.index.difference(chosen.index), [*KEY, "value", "source"]]
    pairs = used.merge(others.rename(columns={"value": "other", "source": "other_source"}), on=KEY)
    rounding = sum(
        pd.Series([steps[pair] for pair in zip(pairs[source], pairs["topic"], strict=True)], pairs.index, dtype=float)
        for source in ("used_source", "other_source")
    )
    beyond = (pairs["used"] - pairs["other"]).abs() > rounding / 2 + 1e-9
    return pairs[beyond].sort_values(KEY).reset_index(drop=True)
