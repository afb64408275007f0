"""Read ``data/raw`` into one table of figures per topic, area and year."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from balans.errors import RawDataError
from balans.paths import Project
from balans.sources.areas import AreaCodes, load_area_codes
from balans.sources.catalogue import Catalogue, DerivedTopic, Table, Topic
from balans.sources.manifest import FETCHED, read_manifest

QUARTERS = 4
EUROSTATS_PROVISIONAL = "p"
KEY = ["topic", "region", "year"]


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
    stacked = pd.concat([read_table(project.raw / table.id, table, codes) for table in stored], ignore_index=True)
    chosen = stacked.drop_duplicates(KEY, keep="first")
    wide = chosen.pivot(index=["region", "year"], columns="topic", values="value").sort_index()
    wide.columns.name = None
    absent = {topic.id for table in catalogue.tables if table.planned for topic in table.topics} - set(wide.columns)
    wide = wide.assign(**{topic: float("nan") for topic in sorted(absent)})
    for derived in catalogue.derived:
        wide = add_derived(wide, derived)
    return Figures(
        wide,
        _origin(chosen),
        _differences(stacked, chosen, catalogue),
        catalogue.derived,
    )


def read_table(folder: Path, table: Table, codes: AreaCodes | None = None) -> pd.DataFrame:
    """Return topic, region, year, value, status, source of one stored table, in the units of ``sources.yml``.

    Areas are municipalities (GM), COROP areas (CR), provinces (PV) and the Netherlands (NL01); other rows are left out.
    A table with NUTS codes needs ``codes``, and keeps the areas across the border under their NUTS 3 code. Files that
    were carried over and files that were fetched are read alike, also side by side.
    """
    paths = figure_files(folder)
    if not paths:
        raise RawDataError(f"data/raw/{table.id} has no figures. Restore it: git checkout -- data/raw/{table.id}")
    known = codes or AreaCodes({})
    carried: list[pd.DataFrame] = []
    fetched: list[pd.DataFrame] = []
    for path in _in_use(paths, table):
        # Only StatLine's fetched files have our names for topics; the other sources keep their own.
        own_names = bool(FETCHED.search(path.name)) and table.live is not None and table.live.kind == "statline"
        stored = _per_year(_as_measures(_read_file(path), table), table)
        frame = in_our_units(stored, table, known, carried=not own_names)
        (fetched if FETCHED.search(path.name) else carried).append(frame)
    frame = _fetched_first(pd.concat(fetched), carried) if fetched else pd.concat(carried)
    return frame.reset_index(drop=True)


def figure_files(folder: Path) -> list[Path]:
    """Return the files with figures that are in force in one folder of ``data/raw``, as the manifest says."""
    if not (folder.parent / "manifest.json").is_file():
        return sorted(folder.glob("*.csv.gz"))
    files = [file for entry in read_manifest(folder.parent) if entry.table == folder.name for file in entry.files]
    return sorted(folder.parent / file.path for file in files if file.path.endswith(".csv.gz"))


def _in_use(paths: list[Path], table: Table) -> list[Path]:
    """Of the carried-over files those that ``files`` names, in that order; every fetched one."""
    fetched = [path for path in paths if FETCHED.search(path.name)]
    carried = {path.name: path for path in paths if path not in fetched}
    return [*fetched, *(carried[name] for name in table.files or carried if name in carried)]


def _as_measures(stored: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Measures from the columns that make them up, without figures whose flag says that they are not the source's."""
    if table.left_out:
        stored = stored[~stored["flag"].isin(table.left_out)]
    if not table.measure_columns or not set(table.measure_columns) <= set(stored.columns):
        return stored
    columns = list(table.measure_columns)
    return stored.assign(measure=stored[columns[0]].str.cat(stored[columns[1:]], sep="/"))


def _is_stored(raw: Path, table: Table) -> bool:
    """A planned table, or one that has no topics here, may be absent."""
    return bool(table.topics) and (not table.planned or bool(figure_files(raw / table.id)))


def _fetched_first(fetched: pd.DataFrame, carried: list[pd.DataFrame]) -> pd.DataFrame:
    """A year of a topic comes from the source itself if it is there, whole; else from what was carried over."""
    have = pd.MultiIndex.from_frame(fetched[["topic", "year"]].drop_duplicates())
    rest = [frame[~pd.MultiIndex.from_frame(frame[["topic", "year"]]).isin(have)] for frame in carried]
    return pd.concat([fetched, *rest], ignore_index=True)


def in_our_units(
    stored: pd.DataFrame, table: Table, codes: AreaCodes | None = None, *, carried: bool = False
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
            "region": (codes or AreaCodes({})).translate(stored["region"], table.areas),
            "year": stored["year"].astype(int),
            "value": stored["value"] * stored["measure"].map({name: topic.scale for name, topic in names.items()}),
            "status": _status(stored, names, carried=carried),
            "source": table.id,
        }
    )
    return frame[frame["region"].notna()]


def _per_year(stored: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A year of quarters is their mean; a year that misses a quarter is left out, never filled."""
    if table.periods == "year":
        return stored
    by_year = stored.assign(year=stored["year"].str[:4]).groupby(["measure", "region", "year"])["value"]
    means = by_year.agg(["mean", "count"]).reset_index()
    return means[means["count"] == QUARTERS].rename(columns={"mean": "value"})


def _read_file(path: Path) -> pd.DataFrame:
    texts = dict.fromkeys(["table", "region", "measure", "year", "status", "symbol", "flag", "statement"], str)
    try:
        return pd.read_csv(path, dtype={**texts, "value": float})
    except (OSError, ValueError, EOFError) as error:
        raise RawDataError(f"{path} cannot be read: {error}. Restore it: git checkout -- data/raw") from error


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
    return pd.DataFrame(
        {
            "source": grouped["source"].agg(lambda tables: " + ".join(sorted(set(tables)))),
            "status": grouped["status"].max(),  # 'provisional' sorts after 'definitive'
        }
    )


def _differences(stacked: pd.DataFrame, chosen: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    resolution = {(table.id, topic.id): topic.resolution for table in catalogue.tables for topic in table.topics}
    columns = {"value": "used", "source": "used_source"}
    used = chosen[[*KEY, "value", "source"]].rename(columns=columns)
    others = stacked.loc[stacked.index.difference(chosen.index), [*KEY, "value", "source"]]
    pairs = used.merge(others.rename(columns={"value": "other", "source": "other_source"}), on=KEY)
    keys = [pairs["used_source"], pairs["other_source"]]
    steps = [
        pd.Series(
            [resolution[pair] for pair in zip(key, pairs["topic"], strict=True)],
            index=pairs.index,
            dtype=float,
        )
        for key in keys
    ]
    beyond = (pairs["used"] - pairs["other"]).abs() > (steps[0] + steps[1]) / 2 + 1e-9
    return pairs[beyond].sort_values(KEY).reset_index(drop=True)
