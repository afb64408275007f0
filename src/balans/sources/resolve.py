"""Find what ``sources.yml`` means in a table as it is today: topics by titles and unit, categories by title or key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from balans.errors import TopicError
from balans.sources.catalogue import Live, Part, Table, Topic
from balans.sources.statline import Code, Description, Dimension, Query, SourceTopic


@dataclass(frozen=True)
class Selection:
    """What of a table is wanted.

    Attributes:
        topics: per topic of ``sources.yml`` the topic at the source.
        absent: optional topics that this edition lacks.
        years: per period key the year.
        statuses: per year CBS's status of it.
        query: what to ask.
        most_rows: rows that can come at most.
    """

    topics: dict[str, SourceTopic]
    absent: tuple[str, ...]
    years: dict[str, int]
    statuses: dict[int, str]
    query: Query
    most_rows: int


def select(table: Table, live: Live, part: Part, description: Description) -> Selection:
    """Return what of one table is wanted.

    Raises:
        TopicError: a topic, unit, dimension or category is not as ``sources.yml`` says.
    """
    topics, absent = resolve_topics(table.live_topics, description)
    area, time = description.of_kind("Geo"), description.of_kind("Time")
    periods = [code for code in time.codes if _year(code) >= live.first_year] if time else []
    years = {code.bare: _year(code) for code in periods}
    statuses = {_year(code): code.status or "Definitief" for code in periods}
    if time is None:
        if part.year is None:
            raise TopicError(f"Table {part.id} has no periods; say in definitions/sources.yml which year it is of.")
        statuses = {part.year: part.status}
    areas = [code for code in area.codes if code.bare[:2] in live.levels] if area else []
    query = Query(
        tuple(sorted({topic.key for topic in topics.values()})),
        tuple(_clauses(live, description, areas, periods)),
    )
    return Selection(
        topics,
        absent,
        years,
        statuses,
        query,
        max(1, len(areas)) * max(1, len(periods)),
    )


def resolve_topics(topics: Iterable[Topic], description: Description) -> tuple[dict[str, SourceTopic], tuple[str, ...]]:
    """Return per topic the one at the source, and the optional ones that are not there.

    Raises:
        TopicError: a topic is missing, ambiguous, or has another unit; every problem is named at once.
    """
    found: dict[str, SourceTopic] = {}
    absent, problems = [], []
    for topic in topics:
        candidates = _candidates(topic, description)
        fitting = [candidate for candidate in candidates if _unit_fits(topic, candidate)]
        if len(fitting) == 1:
            found[topic.name] = fitting[0]
        elif topic.optional and not candidates:
            absent.append(topic.name)
        else:
            problems.append(_problem(topic, candidates, fitting, description))
    if problems:
        raise TopicError(
            f"Table {description.id} is not as definitions/sources.yml says; its stored figures stay in force.\n  "
            + "\n  ".join(problems)
            + "\nCorrect path, also_called or published_unit there, then: make data TABLES="
            + description.id
        )
    return found, tuple(absent)


def _candidates(topic: Topic, description: Description) -> list[SourceTopic]:
    """The topics under the first of the paths that the table has."""
    for path in topic.paths:
        under = [candidate for candidate in description.topics if _plain(candidate.path) == _plain(path)]
        if under:
            return under
    return []


def _unit_fits(topic: Topic, candidate: SourceTopic) -> bool:
    return not topic.published_unit or _plain(candidate.unit) in {_plain(unit) for unit in topic.published_unit}


def _plain(text: str) -> str:
    """Text without differences that mean nothing: capitals, spaces, raised figures."""
    return re.sub(r"\s+", " ", text).strip().casefold().replace("²", "2").replace("³", "3")


def _problem(
    topic: Topic,
    candidates: list[SourceTopic],
    fitting: list[SourceTopic],
    description: Description,
) -> str:
    if len(fitting) > 1:
        keys = ", ".join(candidate.key for candidate in fitting)
        return f"{topic.name}: {len(fitting)} topics are called {topic.path!r} ({keys}); give the unit of the right one"
    if candidates:
        units = " or ".join(repr(candidate.unit) for candidate in candidates)
        expected = " or ".join(repr(unit) for unit in topic.published_unit)
        return f"{topic.name}: the unit of {candidates[0].path!r} is {units}, expected {expected}"
    nearest = _nearest(topic, description)
    return f"{topic.name}: no topic {topic.path!r}. The nearest are:" + "".join(f"\n      {line}" for line in nearest)


def _nearest(topic: Topic, description: Description) -> list[str]:
    """Up to four topics whose last title, or else whose path, looks most like the one that is missing."""
    path = topic.path or topic.name

    def likeness(candidate: SourceTopic) -> float:
        last = difflib.SequenceMatcher(None, _plain(candidate.path.split("/")[-1]), _plain(path.split("/")[-1])).ratio()
        return 2 * last + difflib.SequenceMatcher(None, _plain(candidate.path), _plain(path)).ratio()

    best = sorted(description.topics, key=likeness, reverse=True)[:4]
    return [f"{candidate.path} ({candidate.unit or 'no unit'}; {candidate.key})" for candidate in best]


def _clauses(live: Live, description: Description, areas: list[Code], periods: list[Code]) -> Iterable[tuple[str, ...]]:
    wanted = dict(live.dimensions)
    for dimension in description.dimensions:
        if dimension.kind == "Other":
            yield (_is(dimension, _category(dimension, wanted, description)),)
        elif dimension.kind == "Geo" and len(areas) < len(dimension.codes):
            levels = sorted({code.bare[:2] for code in areas})
            yield tuple(f"startswith({dimension.key},'{level}')" for level in levels)
        elif dimension.kind == "Time" and len(periods) < len(dimension.codes):
            yield tuple(_is(dimension, code) for code in periods)


def _category(dimension: Dimension, wanted: dict[str, str], description: Description) -> Code:
    """The one category that is asked for: a figure is of one category, and a table is never asked whole."""
    choice = wanted.get(dimension.key)
    fitting = [
        code
        for code in dimension.codes
        if choice is not None and _plain(choice) in {_plain(code.bare), _plain(code.title)}
    ]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(f"{code.title} ({code.bare})" for code in dimension.codes[:8])
    asked = f"has {len(fitting) or 'no'} category {choice!r}" if choice else "needs a choice"
    raise TopicError(
        f"Table {description.id}: dimension {dimension.key} ({dimension.title}) {asked}; its {len(dimension.codes)} "
        f"categories begin with: {listed}. Say which one under live: dimensions: in definitions/sources.yml."
    )


def _is(dimension: Dimension, code: Code) -> str:
    return f"{dimension.key} eq '{code.key}'"


def _year(period: Code) -> int:
    """The year of a yearly period (``2015JJ00``); 0 for quarters, months and the like, which are not asked for."""
    match = re.fullmatch(r"(\d{4})JJ00", period.bare)
    return int(match.group(1)) if match else 0
