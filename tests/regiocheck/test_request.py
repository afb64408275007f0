"""What a regiocheck may ask, and how a wrong question is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balans.errors import RequestError
from balans.paths import Project
from balans.regiocheck.request import TYPES, load_policies, parse_check, read_check

GOOD: dict[str, Any] = {"budget": 1000, "sleutel": "inwoners"}


def test_defaults() -> None:
    """A budget and a key are enough."""
    check = parse_check(GOOD)
    assert check.key == {"inwoners": 1.0}
    assert check.only == TYPES
    assert (check.year, check.cofinancing, check.sources) == (2015, 0.0, ())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"budget": -5}, "negatief"),
        ({"budget": "100 mln"}, "getal"),
        ({"budget": None}, "budget met een sleutel, of een norm"),
        ({"sleutel": {"inwoners": 0.5, "land": 0.4}}, "optellen tot 1, maar 0.5 .* = 0.9"),
        ({"sleutel": {"inwoners": 1.5, "land": -0.5}}, "niet negatief"),
        ({"sleutel": None}, "Geef een sleutel"),
        ({"cofinanciering": 1}, "van 0 tot 1"),
        ({"alleen": ["stad"]}, "krimp, anticipeer, overig"),
        ({"budjet": 3}, "geen veld 'budjet'.*budget"),
        ({"drempels": [{"kenmerk": "inwoners"}]}, "geen minstens en geen hoogstens"),
        ({"drempels": [{"minstens": 3}]}, "noemt een kenmerk"),
        ({"drempels": {"kenmerk": "inwoners"}}, "lijst"),
        ({"peiljaar": "vorig jaar"}, "jaartal"),
        ({"norm": {"kenmerk": "inwoners", "minstens": 1}}, "precies een"),
    ],
)
def test_wrong_questions_are_explained(wrong: dict[str, Any], words: str) -> None:
    """The message says what is wrong and what is possible."""
    with pytest.raises(RequestError, match=words):
        parse_check({**GOOD, **wrong})


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=5))
def test_only_weights_that_add_up_pass(weights: list[float]) -> None:
    """Weights are never scaled silently."""
    asked = {f"sleutel{place}": weight for place, weight in enumerate(weights)}
    if abs(sum(weights) - 1) > 1e-6:
        with pytest.raises(RequestError, match="optellen"):
            parse_check({**GOOD, "sleutel": asked})
    whole = {name: weight / sum(weights) for name, weight in asked.items()}
    assert parse_check({**GOOD, "sleutel": whole}).key == pytest.approx(whole)


def test_files(tmp_path: Path) -> None:
    """A file is read; one that is missing or no YAML is explained."""
    path = tmp_path / "check.yml"
    path.write_text("naam: Proef\nbudget: 10\nsleutel: land\n", encoding="utf-8")
    assert read_check(path).name == "Proef"
    with pytest.raises(RequestError, match="niet te lezen"):
        read_check(tmp_path / "absent.yml")
    path.write_text("naam: [", encoding="utf-8")
    with pytest.raises(RequestError, match="niet te lezen"):
        read_check(path)
    path.write_text("alleen tekst", encoding="utf-8")
    with pytest.raises(RequestError, match="bestaat uit regels"):
        read_check(path)


def test_examples_say_where_they_come_from(project: Project) -> None:
    """At least three examples have an address or a parliamentary paper as their source."""
    checks = load_policies(project)
    sourced = [check for check in checks.values() if any("http" in s or "Kamerstuk" in s for s in check.sources)]
    assert len(sourced) >= 3
    assert all(check.note for check in checks.values())
