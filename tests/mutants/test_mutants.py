"""The tests notice: small faults are put into the code, one at a time, and the tests that should fail do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools.fixed_mutants import Mutant, load_mutants

from balans.paths import Project

TESTS = Path(__file__).parents[1]
MUTANTS = load_mutants()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_fault_can_still_be_put_in(mutant: Mutant) -> None:
    """Guards the list against code that moved on: the original stands once where the list says, and the tests exist."""
    changed = mutant.source()
    assert changed != mutant.path.read_text(encoding="utf-8")
    compile(changed, mutant.path, "exec")
    for test in mutant.tests:
        file, _, name = test.partition("::")
        text = (TESTS / file).read_text(encoding="utf-8")
        assert not name or re.search(rf"^def {name}\(", text, re.M), test


def test_the_list_is_long_and_has_what_once_went_unnoticed() -> None:
    """Guards the list itself: at least 60 faults, the 17 that no quick test noticed among them, no name twice."""
    assert len(MUTANTS) >= 60
    assert sum(mutant.issue for mutant in MUTANTS) == 17
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    rooms = {mutant.module.split(".")[1] for mutant in MUTANTS}
    assert {"indicators", "geography", "claims", "projections", "liveability", "investment", "pages"} <= rooms


@pytest.mark.slow
def test_every_fault_is_noticed(project: Project) -> None:
    """Guards the tests: each fault of the list makes one of the tests that it names fail, on what it asserts."""
    command = [sys.executable, "-m", "tools.fixed_mutants"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.root)
    assert shown.returncode == 0, shown.stdout[-6000:] + shown.stderr[-2000:]
    assert f"{len(MUTANTS)} of {len(MUTANTS)} faults noticed" in shown.stdout
