"""A notebook means the same to the warm engine as to a kernel: one notebook per behaviour, run by both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from engine_probes import ENGINES, Probe, all_probes, shown
from probing import DOCUMENT, Engine, both, compared

PROBES = all_probes()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """A process for each of the two engines."""
    home = tmp_path_factory.mktemp("engines")
    started = {name: Engine(name, home) for name in ENGINES}
    yield started
    for engine in started.values():
        engine.end()


@pytest.mark.parametrize(
    "probe",
    [pytest.param(probe, id=name, marks=() if probe.quick else pytest.mark.slow) for name, probe in PROBES.items()],
)
def test_a_notebook_means_the_same(probe: Probe, engines: dict[str, Engine]) -> None:
    """Guards every promise of papermill and Jupyter that the probes name: equal outputs, errors, files and terminal."""
    results = both(engines, probe)
    assert compared(probe, results["warm"]) == compared(probe, results["kernel"])
    assert probe.shows in shown(results["warm"])


def test_the_history_of_the_user_is_not_touched(engines: dict[str, Engine]) -> None:
    """Guards the user's IPython history: no page writes to it."""
    both(engines, PROBES["history"])
    for engine in engines.values():
        assert not list(engine.ipython.rglob("history.sqlite*"))


def test_the_table_lists_every_probe() -> None:
    """Guards docs/engine.md against probes that were added without running ``python tests/engine/probing.py``."""
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    listed = {row.split("|")[1].strip(): row for row in rows}
    assert set(PROBES) <= set(listed)
    assert not [name for name in PROBES if not listed[name].endswith("| yes |")]
