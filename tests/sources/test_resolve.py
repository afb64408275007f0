"""Topics by titles and unit, categories by title or key, and addresses that are not too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.errors import TopicError
from balans.paths import find_project
from balans.sources.catalogue import Live, Part, Table, Topic, load_catalogue
from balans.sources.fetch.described import Code, Description, Dimension, Query, SourceTopic
from balans.sources.fetch.pages import split
from balans.sources.fetch.resolve import resolve_topics, select

AREA = Dimension(
    "RegioS", "Regio's", "Geo", (Code("NL01  ", "Nederland"), Code("LD01  ", "Noord"), Code("GM0003", "Appingedam"))
)
YEARS = Dimension(
    "Perioden", "Perioden", "Time", (Code("2015KW01", "1e kwartaal"), Code("2015JJ00", "2015", "Voorlopig"))
)
LAND = SourceTopic("TotaleOppervlakte_243", "Bodemgebruik/Oppervlakte/Totale oppervlakte", "km²", 2)
FARM = SourceTopic("TotaleOppervlakte_183", "Landbouw/Oppervlakte/Totale oppervlakte", "are", 0)
TABLE = Description("70072ned", "Regionale kerncijfers", "2026-01-01", (FARM, LAND), (AREA, YEARS))


def _topic(path: str, *units: str, optional: bool = False) -> Topic:
    return Topic("oppervlakte", (), "km²", 2, path=path, name="oppervlakte", published_unit=units, optional=optional)


def test_the_same_title_twice_is_told_apart_by_its_path() -> None:
    """Guards the trap of 70072ned: TotaleOppervlakte is both farmland and the municipality."""
    found, absent = resolve_topics([_topic("bodemgebruik/oppervlakte/Totale  oppervlakte", "km2")], TABLE)
    assert found == {"oppervlakte": LAND}
    assert absent == ()


def test_a_missing_topic_lists_the_nearest() -> None:
    """Guards the message that a renamed topic gives: candidates with unit and key, and where to change what."""
    with pytest.raises(
        TopicError, match=r"(?s)no topic 'Oppervlak/Totaal'.*Totale oppervlakte \(.*make data TABLES=70072ned"
    ):
        resolve_topics([_topic("Oppervlak/Totaal")], TABLE)


def test_an_ambiguous_topic_is_an_error_unless_the_unit_decides() -> None:
    """Guards that two topics of one path are never guessed between."""
    twice = replace(TABLE, topics=(LAND, replace(LAND, key="Other_9", unit="ha")))
    with pytest.raises(TopicError, match="2 topics are called"):
        resolve_topics([_topic(LAND.path)], twice)
    assert resolve_topics([_topic(LAND.path, "ha")], twice)[0]["oppervlakte"].key == "Other_9"


def test_an_optional_topic_may_be_absent_but_not_have_another_unit() -> None:
    """Guards the age groups that the newest edition lacks: the figures at hand stay, a wrong unit does not pass."""
    assert resolve_topics([_topic("Weg", optional=True)], TABLE) == ({}, ("oppervlakte",))
    with pytest.raises(TopicError, match="the unit of"):
        resolve_topics([_topic(LAND.path, "ha", optional=True)], TABLE)


def test_only_yearly_periods_and_wanted_areas_are_asked() -> None:
    """Guards that quarters and landsdelen stay out, by filters that CBS understands."""
    table = Table("t", "CBS", "t", "x", "x", (_topic(LAND.path),), live=Live("statline"))
    chosen = select(table, Live("statline"), Part("70072ned"), TABLE)
    assert chosen.query.filter == "(startswith(RegioS,'GM') or startswith(RegioS,'NL')) and Perioden eq '2015JJ00'"
    assert chosen.statuses == {2015: "Voorlopig"}
    assert chosen.most_rows == 2


def test_a_dimension_without_a_choice_is_never_asked_whole() -> None:
    """Guards 03759ned: a hundred million cells must not be asked for by mistake."""
    age = Dimension("Leeftijd", "Leeftijd", "Other", (Code("10000 ", "Totaal"), Code("70100 ", "0 tot 5 jaar")))
    described = replace(TABLE, dimensions=(age, AREA, YEARS))
    table = Table("t", "CBS", "t", "x", "x", (_topic(LAND.path),))
    with pytest.raises(TopicError, match=r"Leeftijd.*needs a choice.*0 tot 5 jaar"):
        select(table, Live("statline"), Part("03759ned"), described)
    for choice in ("10000", "totaal"):
        live = Live("statline", dimensions=(("Leeftijd", choice),))
        assert "Leeftijd eq '10000 '" in select(table, live, Part("03759ned"), described).query.filter


@settings(deadline=None)
@given(
    topics=st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=30, unique=True),
    clauses=st.lists(
        st.lists(st.text("xyz", min_size=1, max_size=9), min_size=1, max_size=40, unique=True), max_size=3
    ),
    longest=st.integers(60, 400),
)
def test_splitting_loses_and_doubles_nothing(topics: list[str], clauses: list[list[str]], longest: int) -> None:
    """Guards that the parts of a long query ask every combination exactly once, and are short if possible."""
    query = Query(tuple(topics), tuple(tuple(clause) for clause in clauses))
    parts = list(split(query, lambda q: len(q.filter) + len(",".join(q.topics)) > longest))
    asked = [(topic, *combination) for part in parts for topic in part.topics for combination in _product(part)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {(topic, *combination) for topic in query.topics for combination in _product(query)}
    for part in parts:
        divisible = len(part.topics) > 1 or any(len(clause) > 1 for clause in part.clauses)
        assert not divisible or len(part.filter) + len(",".join(part.topics)) <= longest


def _product(query: Query) -> list[tuple[str, ...]]:
    combinations: list[tuple[str, ...]] = [()]
    for clause in query.clauses:
        combinations = [(*combination, alternative) for combination in combinations for alternative in clause]
    return combinations


def test_every_live_topic_says_what_it_is_called() -> None:
    """Guards sources.yml: each topic that is asked for has a path, and a unit where the path is not certain."""
    for table in load_catalogue(find_project()).tables:
        for topic in table.live_topics if table.live else ():
            assert topic.paths, f"{table.id}: {topic.name} has no path"
