"""Every fault of the service, through a socket: what the user sees, and that the data on disk is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from balans.paths import find_project

from .faultpage import PAGE, render
from .faults import CASES, Case, run
from .scene import Outcome

SEEN: dict[str, Outcome] = {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_fault_leaves_whole_data_and_a_clear_message(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards that no fault of the service harms data/raw, and that its message names cause and remedy."""
    outcome = SEEN[case.name] = run(case, tmp_path, monkeypatch)
    assert outcome.outcome == case.outcome, outcome.text
    assert outcome.left.startswith(f"the {case.left} version")
    for words in case.sees:
        assert words in outcome.text


def test_the_fault_page_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that docs/faults.md says what these tests see; renew it with: python -m tests.wire.faultpage."""
    for number, case in enumerate(CASES):
        if case.name not in SEEN:
            SEEN[case.name] = run(case, tmp_path / str(number), monkeypatch)
    page = find_project().root / PAGE
    assert page.read_text(encoding="utf-8").endswith("\n" + render(SEEN))
