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

QUARTERS = 4
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
    tables = [read_table(project.raw / table.id, table, codes) for table in catalogue.tables]
    stacked = pd.concat([table for table in tables if not table.empty], ignore_index=True)
    chosen = stacked.drop_duplicates(KEY, keep="first")
    wide = chosen.pivot(index=["region", "year"], columns="topic", values="value").sort_index()
    wide.columns.name = None
    absent = {topic.id for table in catalogue.tables if table.optional for topic in table.topics} - set(wide.columns)
    wide = wide.assign(**{topic: float("nan") for topic in sorted(absent)})
    for derived in catalogue.derived:
        wide = add_derived(wide, derived)
    return Figures(wide, _origin(chosen), _differences(stacked, chosen, catalogue), catalogue.derived)


def read_table(folder: Path, table: Table, codes: AreaCodes | None = None) -> pd.DataFrame:
    """Return topic, region, year, value, status, source of one stored table, in the units of ``sources.yml``.

    Areas are municipalities (GM), COROP areas (CR), provinces (PV) and the Netherlands (NL01); other rows are left out.
    A table with NUTS codes needs ``codes``, and keeps the areas across the border under their NUTS 3 code.
    """
    paths = sorted(path for path in folder.glob("*.csv.gz"))
    if not paths and table.optional:
        return pd.DataFrame(columns=[*KEY, "value", "status", "source"])
    if not paths:
        raise RawDataError(f"data/raw/{table.id} has no figures. Restore it: git checkout -- data/raw/{table.id}")
    stored = _per_year(pd.concat([_read_file(path) for path in paths], ignore_index=True), table)
    by_measure = {measure: topic for topic in table.topics for measure in topic.carried}
    stored = stored[stored["measure"].isin(by_measure)]
    frame = pd.DataFrame(
        {
            "topic": stored["measure"].map({measure: topic.id for measure, topic in by_measure.items()}),
            "region": (codes or AreaCodes({})).translate(stored["region"], table.areas),
            "year": stored["year"].astype(int),
            "value": stored["value"] * stored["measure"].map({m: topic.scale for m, topic in by_measure.items()}),
            "status": _status(stored, by_measure),
            "source": table.id,
        }
    )
    return frame[frame["region"].notna() & frame["value"].notna()]


def _per_year(stored: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A year of quarters is their mean; a year that misses a quarter is left out, never filled."""
    if table.periods == "year":
        return stored
    by_year = stored.assign(year=stored["year"].str[:4]).groupby(["measure", "region", "year"])["value"]
    means = by_year.agg(["mean", "count"]).reset_index()
    return means[means["count"] == QUARTERS].rename(columns={"mean": "value"})


def _read_file(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype={"region": str, "measure": str, "year": str, "value": float})
    except (OSError, ValueError, EOFError) as error:
        raise RawDataError(f"{path} cannot be read: {error}. Restore it: git checkout -- data/raw") from error


def _status(stored: pd.DataFrame, by_measure: dict[str, Topic]) -> pd.Series:
    provisional = {f"{measure}|{year}" for measure, topic in by_measure.items() for year in topic.provisional}
    is_provisional = (stored["measure"] + "|" + stored["year"].astype(str)).isin(provisional)
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
        pd.Series([resolution[pair] for pair in zip(key, pairs["topic"], strict=True)], index=pairs.index, dtype=float)
        for key in keys
    ]
    beyond = (pairs["used"] - pairs["other"]).abs() > (steps[0] + steps[1]) / 2 + 1e-9
    return pairs[beyond].sort_values(KEY).reset_index(drop=True)
