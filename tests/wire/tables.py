"""Tables as the local CBS serves them, made from the project's own ``data/raw``: real figures, synthetic keys.

To be as awkward as the real service, every table also has what must not be taken by mistake: a topic with the same
title in another group, a second category in every other dimension, quarters, other levels of areas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from balans.paths import Project
from balans.sources.catalogue import Part, Table, Topic, load_catalogue
from balans.sources.manifest import read_manifest

WIDTH = {"RegioS": 6, "WijkenEnBuurten": 10}
DECOY = 7777777.0


@dataclass
class ServedTopic:
    """One topic as it is served; tests change path, unit and key."""

    name: str
    path: str
    unit: str
    key: str
    decimals: int


@dataclass
class ServedTable:
    """One table as it is served.

    ``rows`` has one column per dimension (bare codes), one per topic name (numbers), and ``symbol`` where a cell holds
    a CBS symbol instead of a number. ``periods`` gives the status of each.
    """

    id: str
    title: str
    modified: str
    area: str
    topics: list[ServedTopic]
    rows: pd.DataFrame
    periods: dict[str, str]
    others: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> list[str]:
        """Keys of the dimensions, in the order of the table."""
        return [*self.others, self.area, *(["Perioden"] if self.periods else [])]

    def topic(self, name: str) -> ServedTopic:
        """Return the served topic that stands for ``name`` in sources.yml."""
        return next(topic for topic in self.topics if topic.name == name)

    def padded(self, dimension: str, code: str) -> str:
        """Return a code with the spaces that version 3 sends; how many differs per dimension."""
        return code.ljust(WIDTH.get(dimension, len(code)))


def serve_project(project: Project, ids: list[str] | None = None) -> dict[str, ServedTable]:
    """Return the tables of ``sources.yml`` that have carried-over figures, by the id that StatLine asks for."""
    stored = {entry.table: entry.carried_over for entry in read_manifest(project.raw)}
    tables = [t for t in load_catalogue(project).tables if t.live and t.live.kind == "statline" and stored.get(t.id)]
    served = {}
    for table in tables:
        if ids is None or table.id in ids:
            figures = _figures(project, table, [file.path for file in stored[table.id].files])
            served |= {part.id: _table(table, part, figures) for part in table.live.parts}
    return served


def _figures(project: Project, table: Table, paths: list[str]) -> pd.DataFrame:
    """topic, region, year, value as published, of what was carried over; a topic's other names are the same topic."""
    files = [pd.read_csv(project.raw / path, dtype={"year": str}) for path in paths if path.endswith(".csv.gz")]
    stored = pd.concat(files, ignore_index=True)
    names, scales = {}, {}
    for topic in table.topics:
        live = next((other for other in table.topics if other.id == topic.id and other.live), None)
        if live is None:  # `live: false` in sources.yml: stored figures only, the source is not asked for it
            continue
        names |= dict.fromkeys(topic.carried, live.name)
        scales |= dict.fromkeys(topic.carried, topic.scale / live.scale)
    stored = stored[stored["measure"].isin(names)]
    frame = stored.assign(topic=stored["measure"].map(names), value=stored["value"] * stored["measure"].map(scales))
    frame["value"] = frame["value"].round(10)
    return frame.drop_duplicates(["topic", "region", "year"])[["topic", "region", "year", "value"]]


def _table(table: Table, part: Part, figures: pd.DataFrame) -> ServedTable:
    """One table at the source: those years that are its own, wide, with what must not be taken by mistake."""
    has_periods = part.year is None
    own = figures if has_periods else figures[figures["year"] == str(part.year)]
    index = ["region", "year"] if has_periods else ["region"]
    measured, topics = table.live.measure_from, table.live_topics
    if measured:  # one topic for all, told apart by the categories of a dimension
        own = own.assign(**{measured: own["topic"].map({topic.name: topic.category for topic in topics})})
        own, topics, index = own.assign(topic=topics[0].name), topics[:1], [*index, measured]
    wide = own.pivot(index=index, columns="topic", values="value").reset_index()
    wide.columns.name = None
    area = "RegioS" if has_periods else "WijkenEnBuurten"
    wide = wide.rename(columns={"region": area})
    periods: dict[str, str] = {}
    if has_periods:
        wide.insert(1, "Perioden", wide.pop("year") + "JJ00")
        provisional = {year for topic in table.topics for year in topic.provisional - topic.provisional_by_topic}
        periods = {
            p: "Voorlopig" if int(p[:4]) in provisional else "Definitief" for p in sorted(wide["Perioden"].unique())
        }
    listed = [_topic(topic, number) for number, topic in enumerate(topics, 1)]
    wide = wide.reindex(columns=[*wide.columns, *(topic.name for topic in listed if topic.name not in wide)])
    others = {key: [choice, "9999999"] for key, choice in table.live.dimensions}
    others |= {measured: [*wide[measured].unique(), "9999999"]} if measured else {}
    served = ServedTable(part.id, f"{table.title} ", "2026-07-02T02:00:00", area, listed, wide, periods, others)
    return with_decoys(served)


def _topic(topic: Topic, number: int) -> ServedTopic:
    path = topic.path or topic.name
    stem = re.sub(r"\W", "", path.split("/")[-1].title())[:40]
    unit = topic.published_unit[0] if topic.published_unit else topic.unit
    return ServedTopic(topic.name, path, unit, f"{stem}_{number}", topic.decimals)


def with_decoys(table: ServedTable) -> ServedTable:
    """Return the table with a quarter, areas of another level and a second category, all with a wrong figure."""
    first = table.topics[0]
    table.topics.append(
        ServedTopic("decoy", f"Overige cijfers/{first.path.split('/')[-1]}", first.unit, f"{first.key}9", 0)
    )
    rows = table.rows.assign(decoy=DECOY)
    wrong = rows.head(3).assign(**{topic.name: DECOY for topic in table.topics})
    extra = [
        wrong.assign(**{table.area: [f"WK{i:04d}00" if table.area != "RegioS" else f"LD0{i}" for i in range(1, 4)]})
    ]
    if table.periods:
        table.periods |= {"2015KW01": "Definitief"}
        extra.append(wrong.assign(Perioden="2015KW01"))
    table.rows = pd.concat([rows, *extra], ignore_index=True)
    chosen = {key: categories[0] for key, categories in table.others.items()}
    table.rows = table.rows.assign(**{key: choice for key, choice in chosen.items() if key not in table.rows})
    for key, categories in table.others.items():
        table.rows = pd.concat([table.rows, wrong.assign(**chosen | {key: categories[-1]})])
    table.rows = table.rows.sort_values([table.area, *(["Perioden"] if table.periods else [])], ignore_index=True)
    return table


def mini_table(years: range = range(2012, 2015), areas: int = 12) -> ServedTable:
    """Return a small synthetic table in the shape of 83625NED, for the fault tests."""
    codes = ["NL01", *(f"GM{number:04d}" for number in range(1, areas))]
    rows = pd.DataFrame([(code, f"{year}JJ00") for code in codes for year in years], columns=["RegioS", "Perioden"])
    rows["verkoopprijs"] = [100000.0 + 1000 * codes.index(code) + int(period[:4]) for code, period in rows.to_numpy()]
    topic = ServedTopic("verkoopprijs", "Gemiddelde verkoopprijs", "euro", "GemiddeldeVerkoopprijs_1", 0)
    periods = {f"{year}JJ00": "Definitief" for year in years}
    return ServedTable(
        "83625NED", "Bestaande koopwoningen (synthetic)", "2026-02-17T02:00:00", "RegioS", [topic], rows, periods
    )
