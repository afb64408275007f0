"""Tables are made in steps: each says truly what it reads, and a change runs what hangs on it and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from balans.errors import DefinitionError, UnknownKeyError
from balans.paths import Project
from balans.process import STEPS, process
from balans.publish.why import differences, why
from balans.steps import ALL, FIGURES, Step, Workbench, run_steps
from balans.tables import ProcessedTable, read_package, read_table

ROWS = pd.DataFrame({"key": ["a", "b"], "value": [1.0, 2.0]})


def table(name: str, rows: pd.DataFrame) -> ProcessedTable:
    return ProcessedTable(name, f"Synthetic table {name}", ("key",), rows)


def factor(bench: Workbench, file: str) -> float:
    return float((bench.project.definitions / file).read_text())


def first(bench: Workbench) -> list[ProcessedTable]:
    return [table("first", ROWS.assign(value=ROWS["value"] * factor(bench, "first.csv")))]


def second(bench: Workbench) -> list[ProcessedTable]:
    if factor(bench, "second.csv") < 0:
        raise DefinitionError("second.csv: a factor below zero makes no sense.")
    rows = bench.table("first")
    return [table("second", rows.assign(value=rows["value"] * factor(bench, "second.csv")))]


def third(bench: Workbench) -> list[ProcessedTable]:
    return [table("third", bench.table("second").assign(value=0.0))]


CODE = ("balans.words.lists",)
SYNTHETIC = (
    Step("one", first, code=CODE, definitions=("first.csv",), writes=("first",)),
    Step("two", second, code=CODE, definitions=("second.csv",), tables=("first",), writes=("second",)),
    Step("three", third, code=CODE, tables=("second",), writes=("third",)),
)


@pytest.fixture
def synthetic(tmp_path: Path) -> Project:
    """A project with three synthetic steps and no figures."""
    project = Project(tmp_path)
    project.definitions.mkdir()
    project.raw.mkdir(parents=True)
    (project.raw / "manifest.json").write_text('{"tables": []}')
    for name in ("first.csv", "second.csv"):
        (project.definitions / name).write_text("2")
    return project


def run(project: Project) -> list[str]:
    return run_steps(project, SYNTHETIC, lambda _: [])


def test_only_what_hangs_on_a_change_runs_again(synthetic: Project) -> None:
    """Guards an edit of one definition: its step and those below it; one that comes out the same stops there."""
    assert run(synthetic) == ["one", "two", "three"]
    assert run(synthetic) == []
    (synthetic.definitions / "second.csv").write_text("3")
    assert run(synthetic) == ["two", "three"]
    assert read_table(synthetic.processed, "second")["value"].tolist() == [6.0, 12.0]
    (synthetic.definitions / "first.csv").write_text("2.0")
    assert run(synthetic) == ["one"]  # another text, the same table: nothing below it has changed


def test_a_table_that_is_gone_or_damaged_is_made_again(synthetic: Project) -> None:
    """Guards against half a table: a file that is not as the package says is made anew."""
    run(synthetic)
    whole = (synthetic.processed / "second.parquet").read_bytes()
    (synthetic.processed / "second.parquet").write_bytes(whole[: len(whole) // 2])
    (synthetic.processed / "third.csv").unlink()
    assert run(synthetic) == ["two", "three"]
    assert (synthetic.processed / "second.parquet").read_bytes() == whole


def test_a_step_that_fails_changes_no_table(synthetic: Project) -> None:
    """Guards the last good tables: the step before has other rows by then, and still nothing is replaced."""
    run(synthetic)
    before = {path.name: path.read_bytes() for path in synthetic.processed.iterdir()}
    (synthetic.definitions / "first.csv").write_text("5")
    (synthetic.definitions / "second.csv").write_text("-1")
    with pytest.raises(DefinitionError, match="below zero"):
        run(synthetic)
    assert {path.name: path.read_bytes() for path in synthetic.processed.iterdir()} == before


def test_a_step_writes_what_it_says(synthetic: Project) -> None:
    """Guards the list of steps: a table that is not declared would never be looked after."""
    wrong = Step("one", first, code=CODE, definitions=("first.csv",), writes=("other",))
    with pytest.raises(ValueError, match=r"says it writes \['other.csv', 'other.parquet'\] and wrote \['first.csv'"):
        run_steps(synthetic, [wrong], lambda _: [])


def test_every_table_is_made_by_one_step_from_tables_made_before() -> None:
    """Guards the order: no table twice, and none is read before it is made."""
    made: list[str] = []
    for step in STEPS:
        assert [name for name in step.tables if name not in made] == [], step.name
        made += step.writes
    assert len(made) == len(set(made))


def test_the_tables_say_what_they_were_made_from(project: Project) -> None:
    """Guards ``balans why``: the package holds the inputs of every step, and nothing has changed since."""
    package = read_package(project.processed)
    assert package is not None
    assert list(package["made_from"]) == [step.name for step in STEPS]
    assert process(project) == []
    assert why(project, "indicators", "warm") == []
    with pytest.raises(UnknownKeyError, match=r"There is no page or table nothing\. Pages: .*h1/indicatoren.*Tables"):
        why(project, "nothing", "warm")


def test_a_reason_is_named() -> None:
    """Guards the words of ``balans why``: came, went, changed; the same is no reason."""
    before = {"definition a.yml": "1", "code balans.x": "1", "table same": "1"}
    now = {"definition a.yml": "2", "raw kwb": "1", "table same": "1"}
    lines = ["code balans.x is no longer used", "definition a.yml changed", "raw kwb is new"]
    assert differences(before, now) == lines


READS = """
import json, os, sys, tempfile
from pathlib import Path
from balans.paths import find_project
from balans.process import STEPS
from balans.sources.manifest import verify_raw
from balans.steps import Workbench
project = find_project()
step = next(step for step in STEPS if step.name == sys.argv[1])
bench = Workbench(project, verify_raw(project.raw), Path(tempfile.mkdtemp()))
opened = set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))
sys.addaudithook(hook)
asked = set()
table = bench.table
bench.table = lambda name: (asked.add(name), table(name))[1]
step.run(bench)
print(json.dumps([sorted(opened), sorted(asked)]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_a_step_reads_what_it_declares(project: Project, step: Step) -> None:
    """Guards against stale tables: every file that a step opens is declared, and no declared file is left unopened."""
    command = [sys.executable, "-c", READS, step.name]
    environment = {**os.environ, "BALANS_ROOT": str(project.root)}
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=project.root)
    opened, asked = json.loads(shown.stdout.splitlines()[-1])
    assert asked == sorted(step.tables)
    definitions = _below(opened, project.definitions)
    definitions = {name for name in definitions if not name.startswith("schemas/")}
    folders = tuple(name for name in step.definitions if name.endswith("/"))
    assert {name for name in definitions if not name.startswith(folders)} == {
        name for name in step.definitions if name not in folders
    }
    assert [folder for folder in folders if not any(name.startswith(folder) for name in definitions)] == []
    tables = {name.split("/")[0] for name in _below(opened, project.raw) if "/" in name}
    if ALL not in step.raw and FIGURES not in step.raw:
        assert tables == set(step.raw)
    else:
        assert set(step.raw) - {ALL, FIGURES} <= tables


def _below(paths: list[str], folder: Path) -> set[str]:
    return {Path(path).relative_to(folder).as_posix() for path in paths if Path(path).is_relative_to(folder)}
