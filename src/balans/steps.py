"""Steps that make the tables: each says what it reads and writes, and runs again only when something it reads changed.

A step writes into a folder aside; only when every step has succeeded do the files go to ``data/processed``, the
description of the data package last. So a definition with a mistake leaves the tables of yesterday as they are.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from balans.code import code_digests
from balans.files import sha256
from balans.geography.areas import Areas, load_areas
from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.figures import Figures, load_figures
from balans.sources.manifest import RawTable, verify_raw
from balans.tables import PACKAGE, ProcessedTable, read_package, read_table, table_resources, write_package

LOG = logging.getLogger("balans")
# Stands for every stored table that ``definitions/sources.yml`` takes topics from.
FIGURES = "figures"
ALL = "*"


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: what it is called in messages.
        run: the function that makes its tables, or returns the files that it wrote itself.
        code: the modules that do the work; what they import counts too.
        definitions: what it reads below ``definitions/``: files, or folders with a ``/`` at the end.
        raw: the tables of ``data/raw`` that it reads; ``figures`` for all that topics are taken from, ``*`` for all.
        tables: the tables of earlier steps that it reads.
        writes: the tables, or files with a suffix, that it makes.
    """

    name: str
    run: Callable[[Workbench], Sequence[ProcessedTable | Path]]
    code: tuple[str, ...]
    writes: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def files(self) -> list[str]:
        """Return the names of the files that the step writes."""
        return [name for table in self.writes for name in ([table] if "." in table else _pair(table))]


def _pair(table: str) -> list[str]:
    return [f"{table}.csv", f"{table}.parquet"]


@dataclass
class Workbench:
    """What steps work with: the project, what was made before them, and what costs much to read, read once.

    Attributes:
        project: where definitions and figures are.
        manifest: the stored tables, checked against their checksums.
        folder: where this run writes.
        fresh: names of the tables that this run made anew.
    """

    project: Project
    manifest: list[RawTable]
    folder: Path
    fresh: set[str] = field(default_factory=set)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of an earlier step, of this run if it was made anew."""
        return read_table(self.folder if name in self.fresh else self.project.processed, name)

    @cached_property
    def figures(self) -> Figures:
        """Every figure that ``definitions/sources.yml`` asks for."""
        return load_figures(self.project, load_catalogue(self.project))

    @cached_property
    def areas(self) -> Areas:
        """Every area that gets figures."""
        return load_areas(self.project)

    def path_of(self, file: str) -> Path:
        """Return where a file is: in the folder of this run, or where the last run left it."""
        own = self.folder / file
        return own if own.is_file() else self.project.processed / file


def run_steps(
    project: Project, steps: Sequence[Step], sources: Callable[[list[RawTable]], list[dict[str, Any]]]
) -> list[str]:
    """Run every step of which something changed, in order; return their names.

    Raises:
        RawDataError: ``data/raw`` is not as its manifest says.
        BalansError: a step found something wrong; ``data/processed`` is as it was.
    """
    manifest = verify_raw(project.raw)
    before = read_package(project.processed) or {}
    project.processed.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project.processed, prefix=".making-") as folder:
        bench = Workbench(project, manifest, Path(folder))
        made: dict[str, dict[str, str]] = {}
        resources: list[dict[str, Any]] = []
        ran = []
        for step in steps:
            inputs = step_inputs(bench, step)
            kept = None if before.get("made_from", {}).get(step.name) != inputs else _kept(project, step, before)
            if kept is None:
                LOG.info("step %s", step.name)
                ran.append(step.name)
            resources += kept if kept is not None else _run(bench, step)
            made[step.name] = inputs
        if ran or set(before.get("made_from", {})) != set(made):
            write_package(bench.folder, resources, made, sources(manifest))
            _put_in_place(bench.folder, project.processed)
    return ran


def step_inputs(bench: Workbench, step: Step) -> dict[str, str]:
    """Return the digest of each thing that goes into a step: definitions, stored tables, tables of others, code."""
    return {
        **{f"definition {name}": digest for name, digest in _definitions(bench.project, step.definitions)},
        **{f"raw {table}": digest for table, digest in _raw(bench, step.raw)},
        **{f"table {name}": sha256(bench.path_of(f"{name}.parquet")) for name in step.tables},
        **code_digests(step.code),
        # How the step is put together, without all the other steps that the same file imports.
        "code balans.process": sha256(Path(inspect.getfile(step.run))),
    }


def _definitions(project: Project, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        path = project.definitions / name
        files = sorted(path.rglob("*.csv")) if name.endswith("/") else [path]
        schema = project.definitions / "schemas" / f"{path.stem}.schema.json"
        for file in [*files, *([schema] if schema.is_file() else [])]:
            yield file.relative_to(project.definitions).as_posix(), sha256(file)


def _raw(bench: Workbench, names: Sequence[str]) -> Iterable[tuple[str, str]]:
    if not names:
        return
    wanted = set(names)
    if FIGURES in wanted:
        wanted |= {table.id for table in load_catalogue(bench.project).tables if table.topics}
    for entry in bench.manifest:
        if entry.table in wanted or ALL in wanted:
            # Who obtained it and when is shown on the page of sources, which is made from all of them.
            content = vars(entry) if ALL in wanted else [(file.path, file.sha256) for file in entry.files]
            yield entry.table, hashlib.sha256(repr(content).encode()).hexdigest()


def _kept(project: Project, step: Step, package: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return how the package describes what the step wrote, if all of it is still there as it was written."""
    known = {resource["path"]: resource for resource in package.get("resources", [])}
    files = step.files()
    for name in files:
        path = project.processed / name
        if name not in known or not path.is_file() or known[name]["hash"] != f"sha256:{sha256(path)}":
            return None
    return [known[name] for name in files]


def _run(bench: Workbench, step: Step) -> list[dict[str, Any]]:
    made = step.run(bench)
    resources = []
    for output in made:
        if isinstance(output, Path):
            name = output.name
            resources.append({"name": name.replace(".", "-"), "path": name, "hash": f"sha256:{sha256(output)}"})
        else:
            resources += table_resources(bench.folder, output)
            bench.fresh.add(output.name)
    written = {resource["path"] for resource in resources}
    if written != set(step.files()):
        raise ValueError(f"Step {step.name} says it writes {sorted(step.files())} and wrote {sorted(written)}.")
    return resources


def _put_in_place(made: Path, processed: Path) -> None:
    """Move what was made to ``data/processed``, the description last: the next run makes good what is cut off here."""
    for path in sorted(made.iterdir(), key=lambda one: one.name == PACKAGE):
        shutil.move(path, processed / path.name)


def inputs_digest(package: Mapping[str, Any]) -> str:
    """Return one SHA-256 over everything that the tables were made from, as the package says."""
    return hashlib.sha256(json.dumps(package.get("made_from", {}), sort_keys=True).encode()).hexdigest()
