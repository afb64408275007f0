"""A refresh that is killed at any moment leaves one whole version."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from balans.paths import find_project

from .scene import mini_project
from .server import LocalCBS, running
from .tables import mini_table

TIMES = 50


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX systems")
def test_a_killed_refresh_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    """Guards the switch between versions: fifty kills at random moments, never half a table, and a refresh after it."""
    project = mini_project(tmp_path)
    other = mini_table(range(2012, 2016))
    other.rows["verkoopprijs"] += 7.0
    with (
        running(LocalCBS({"83625NED": mini_table()}, page={"3": 8, "4": 8})) as first,
        running(LocalCBS({"83625NED": other}, page={"3": 8, "4": 8})) as second,
    ):
        here = find_project().root
        done = subprocess.run(
            [sys.executable, "-m", "tests.wire.killer", str(project.root), str(TIMES), first.url, second.url],
            cwd=here,
            env=os.environ | {"PYTHONPATH": f"{here / 'src'}:{here}"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    states = Counter(each["state"] for each in found["rounds"])
    assert set(states) <= set(found["whole"][1:]), f"neither version: {set(states) - set(found['whole'])}"
    assert len(found["rounds"]) == TIMES
    assert sum(each["killed"] for each in found["rounds"]) > TIMES / 2, "most processes ended before they were killed"
    assert found["after"] == found["whole"][1]
    assert found["garbage"] == []
