"""Figures in prose come from the tables, in Dutch, and an unknown key is an error that helps."""

from __future__ import annotations

import pandas as pd
import pytest

from balans.errors import UnknownKeyError
from balans.indicators.catalogue import load_indicators
from balans.paths import Project
from balans.publish.prose.figures import FigureTable


@pytest.fixture(scope="module")
def table(indicators: pd.DataFrame, project: Project) -> FigureTable:
    return FigureTable(indicators["value"], load_indicators(project))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("krimpregios inwoners 2015", "1.352.426"),
        ("krimpregios/nederland inwoners 2015", "8,0%"),
        ("krimpregios/nederland inwoners 2015 decimalen=2", "8,00%"),
        ("krimpregios inwoners 2012..2015", "−12.511"),
        ("krimpregios inwoners 2012..2015 procent", "−0,9%"),
        ("nederland woz_waarde 2015", "€\N{NO-BREAK SPACE}206.000"),
        ("nederland gezondheid_niet_goed 2012", "23,7%"),
    ],
)
def test_questions_are_answered_in_dutch(table: FigureTable, question: str, answer: str) -> None:
    """Guards every form of question."""
    assert table.text(question) == answer


def test_latest_is_the_latest_year(table: FigureTable) -> None:
    """Guards ``laatste``: the same year as ``{peiljaar}`` says."""
    year = table.year_text("krimpregios inwoners")
    assert table.text("krimpregios inwoners laatste") == table.text(f"krimpregios inwoners {year}")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("krimpregio inwoners 2015", "no inwoners for the region krimpregio"),
        ("krimpregios bewoners 2015", "There are: inwoners"),
        ("krimpregios inwoners 1900", "It has: 2010"),
        ("krimpregios inwoners twintig", "is not a year"),
        ("krimpregios inwoners", "Write: region indicator year"),
        ("krimpregios inwoners 2015 percent", "is not a question"),
    ],
)
def test_unknown_keys_are_errors_that_name_what_there_is(table: FigureTable, question: str, message: str) -> None:
    """Guards against a page with an empty place or a wrong figure."""
    with pytest.raises(UnknownKeyError, match=message):
        table.text(question)
