"""Find what ``sources.yml`` means in a table as it is today: topics by titles and unit, categories by title or key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from balans.errors import TopicError
from balans.sources.catalogue import Live, Part, Table, Topic
from balans.sources.fetch.described import Code, Description, Dimension, Query, SourceTopic


@dataclass(frozen=True)
class Selection:
    """What of a table is wanted.

    Attributes:
        topics: per topic of ``sources.yml`` the topic at the source.
        categories: per topic its category, in a table whose measures are the categories of a dimension.
        absent: optional topics that this edition lacks.
        years: per period key the year.
        statuses: per year CBS's status of it.
        query: what to ask.
        most_rows: rows that can come at most.
    """

    topics: dict[str, SourceTopic]
    categories: dict[str, Code]
    absent: tuple[str, ...]
    years: dict[str, int]
    statuses: dict[int, str]
    query: Query
    most_rows: int


def select(table: Table, live: Live, part: Part, described: Description) -> Selection:
    """Return what of one table is wanted.

    Raises:
        TopicError: a topic, unit, dimension or category is not as ``sources.yml`` says.
    """
    topics, absent = resolve_topics(table.live_topics, described)
    measured = described.of_kind("Category")
    choices = {topic.name: topic.category for topic in table.live_topics if topic.name in topics}
    categories = {name: _category(measured, choice, described) for name, choice in choices.items()} if measured else {}
    area, time = described.of_kind("Geo"), described.of_kind("Time")
    if time is None and part.year is None:
        raise TopicError(f"Table {part.id} has no periods; say in definitions/sources.yml which year it is of.")
    periods = [code for code in time.codes if code.year >= live.first_year] if time else []
    statuses = {code.year: code.status or "Definitief" for code in periods}
    areas = [code for code in area.codes if code.bare[:2] in live.levels] if area else []
    keys = tuple(sorted({topic.key for topic in topics.values()}))
    return Selection(
        topics,
        categories,
        absent,
        {code.bare: code.year for code in periods},
        statuses if time or part.year is None else {part.year: part.status},
        Query(keys, tuple(_clauses(live, described, categories, areas, periods))),
        max(1, len(areas)) * max(1, len(periods)),
    )


def resolve_topics(topics: Iterable[Topic], described: Description) -> tuple[dict[str, SourceTopic], tuple[str, ...]]:
    """Return per topic the one at the source, and the optional ones that are not there.

    Raises:
        TopicError: a topic is missing, ambiguous, or has another unit; every problem is named at once.
    """
    found: dict[str, SourceTopic] = {}
    absent, problems = [], []
    for topic in topics:
        candidates = _candidates(topic, described)
        fitting = [candidate for candidate in candidates if _unit_fits(topic, candidate)]
        if len(fitting) == 1:
            found[topic.name] = fitting[0]
        elif topic.optional and not candidates:
            absent.append(topic.name)
        else:
            problems.append(_problem(topic, candidates, fitting, described))
    if problems:
        listed = "\n  ".join(problems)
        raise TopicError(
            f"Table {described.id} is not as definitions/sources.yml says; its stored figures stay in force.\n  "
            f"{listed}\nCorrect path, also_called or published_unit there, then: make data TABLES={described.id}"
        )
    return found, tuple(absent)


def _candidates(topic: Topic, described: Description) -> list[SourceTopic]:
    """The topics under the first of the paths that the table has."""
    under = ([found for found in described.topics if _plain(found.path) == _plain(path)] for path in topic.paths)
    return next((found for found in under if found), [])


def _unit_fits(topic: Topic, candidate: SourceTopic) -> bool:
    return not topic.published_unit or _plain(candidate.unit) in {_plain(unit) for unit in topic.published_unit}


def _plain(text: str) -> str:
    """Text without differences that mean nothing: capitals, spaces, raised figures."""
    return re.sub(r"\s+", " ", text).strip().casefold().replace("²", "2").replace("³", "3")


def _problem(topic: Topic, candidates: list[SourceTopic], fitting: list[SourceTopic], described: Description) -> str:
    if len(fitting) > 1:
        keys = ", ".join(candidate.key for candidate in fitting)
        return f"{topic.name}: {len(fitting)} topics are called {topic.path!r} ({keys}); give the unit of the right one"
    if candidates:
        units = " or ".join(repr(candidate.unit) for candidate in candidates)
        expected = " or ".join(repr(unit) for unit in topic.published_unit)
        return f"{topic.name}: the unit of {candidates[0].path!r} is {units}, expected {expected}"
    nearest = "".join(f"\n      {line}" for line in _nearest(topic, described))
    return f"{topic.name}: no topic {topic.path!r}. The nearest are:{nearest}"


def _nearest(topic: Topic, described: Description) -> list[str]:
    """Up to four topics whose last title, or else whose path, looks most like the one that is missing."""
    path = _plain(topic.path or topic.name)

    def likeness(candidate: SourceTopic) -> float:
        whole = _plain(candidate.path)
        last = difflib.SequenceMatcher(None, whole.split("/")[-1], path.split("/")[-1]).ratio()
        return 2 * last + difflib.SequenceMatcher(None, whole, path).ratio()

    best = sorted(described.topics, key=likeness, reverse=True)[:4]
    return [f"{candidate.path} ({candidate.unit or 'no unit'}; {candidate.key})" for candidate in best]


def _clauses(
    live: Live, described: Description, categories: dict[str, Code], areas: list[Code], periods: list[Code]
) -> Iterable[tuple[str, ...]]:
    """What must hold: one category of every other dimension, and areas and periods where not all are wanted."""
    wanted = dict(live.dimensions)
    for dimension in described.dimensions:
        if dimension.kind == "Other":
            yield (_is(dimension, _category(dimension, wanted.get(dimension.key), described)),)
        elif dimension.kind == "Category":
            yield tuple(_is(dimension, code) for code in dict.fromkeys(categories.values()))
        elif dimension.kind == "Geo" and len(areas) < len(dimension.codes):
            levels = sorted({code.bare[:2] for code in areas})
            yield tuple(f"startswith({dimension.key},'{level}')" for level in levels)
        elif dimension.kind == "Time" and len(periods) < len(dimension.codes):
            yield tuple(_is(dimension, code) for code in periods)


def _category(dimension: Dimension, choice: str | None, described: Description) -> Code:
    """The one category that is asked for: a figure is of one category, and a table is never asked whole."""
    fitting = [c for c in dimension.codes if choice and _plain(choice) in {_plain(c.bare), _plain(c.title)}]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(f"{code.title} ({code.bare})" for code in dimension.codes[:8])
    asked = f"has {len(fitting) or 'no'} category {choice!r}" if choice else "needs a choice"
    raise TopicError(
        f"Table {described.id}: dimension {dimension.key} ({dimension.title}) {asked}; its {len(dimension.codes)} "
        f"categories begin with: {listed}. Say which one under live: dimensions: in definitions/sources.yml."
    )


def _is(dimension: Dimension, code: Code) -> str:
    return f"{dimension.key} eq '{code.key}'"
