"""Run notebooks of one behaviour by papermill's own engine and by ours, and compare what comes out.

``python tests/engine/engine_probes.py`` writes the table of docs/engine.md.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode, v4

# Writes a notebook of a name and some cells; the fixture `write`.
Write = Callable[..., Path]

PROBES = Path(__file__).with_name("probes")
ENGINES = {"kernel": None, "warm": "warm"}

# Modules beside the notebooks of the probes: what they do when imported is the point of a probe.
MODULES = {
    "loud_preloaded.py": "import warnings\nwarnings.warn('loud when imported')\n",
    "tabulate.py": '"""This one lies beside the notebook."""\n',
}
PRELOADED = "numpy.random,pandas,matplotlib.pyplot,loud_preloaded,tabulate"

# What differs from run to run of the same engine.
VARYING = (
    (r"0x[0-9a-f]{6,}", "<address>"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
    (r"ipykernel_\d+/\d+\.py", "<cell>"),
    (r"/tmp/(tmp|warm-)[\w/]*\.json", "<connection file>"),
    (r"(Thread-)\d+", r"\1<n>"),
    (r"[^\r\n]*(Executing|IPKernelApp)[^\r\n]*[\r\n]*", ""),
    (r"[^\r\n]*it/s[^\r\n]*", ""),
)


@dataclass(frozen=True)
class Probe:
    """One entry of the files in ``probes/``; see the README there."""

    name: str
    guards: str
    cells: list[Any]
    item: int | None = None
    quick: bool = False
    before: list[Any] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    only_shows: bool = False
    shows: str = ""


def all_probes() -> dict[str, Probe]:
    """Return the probes by name."""
    entries = [entry for path in sorted(PROBES.glob("*.yml")) for entry in yaml.safe_load(path.read_text("utf-8"))]
    probes = {entry["name"]: Probe(**entry) for entry in entries}
    assert len(probes) == len(entries), "two probes have the same name"
    return probes


def notebook(cells: list[Any]) -> NotebookNode:
    """Return a notebook of these cells."""
    made = v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, entry in enumerate(cells):
        told = entry if isinstance(entry, dict) else {"source": entry}
        make = getattr(v4, f"new_{told.get('type', 'code')}_cell")
        cell = make(told["source"].rstrip("\n"), id=f"cell-{number}", metadata={"tags": told.get("tags", [])})
        if "outputs" in told:
            cell.outputs = [v4.new_output("stream", text=told["outputs"])]
        made.cells.append(cell)
    return made


def run(probe: Probe, engine: str) -> dict[str, Any]:
    """Run a probe in the working directory and return everything that came out."""
    if probe.before:
        execute(notebook(probe.before), engine, {})
    Path("out.ipynb").unlink(missing_ok=True)
    with captured() as terminal:
        error = execute(notebook(probe.cells), engine, probe.options)
    result = {
        "error": error,
        "terminal": "".join(terminal),
        "files": {name: Path(name).read_text("utf-8") if Path(name).exists() else None for name in probe.files},
        "notebook": comparable(nbformat.read("out.ipynb", 4)) if Path("out.ipynb").exists() else None,
    }
    for name in probe.files:
        Path(name).unlink(missing_ok=True)
    text = json.dumps(result).replace(str(Path.cwd()), "<folder>")
    return dict(without_varying(json.loads(text)))


def without_varying(value: Any) -> Any:
    """Return ``value`` with what differs from run to run replaced in every text."""
    if isinstance(value, dict):
        return {key: without_varying(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_varying(each) for each in value]
    if isinstance(value, str):
        for pattern, replacement in VARYING:
            value = re.sub(pattern, replacement, value)
    return value


def execute(source: NotebookNode, engine: str, options: dict[str, Any]) -> str | None:
    """Run a notebook and return the error that papermill raised, if any."""
    import papermill  # noqa: PLC0415 - the test that starts this as a process has no need of it

    logging.getLogger("papermill").setLevel(logging.INFO)
    with ExitStack() as stack:
        chosen = {"progress_bar": False, "engine_name": ENGINES[engine], **options}
        for name in {"stdout_file", "stderr_file"} & set(chosen):
            chosen[name] = stack.enter_context(Path(chosen[name]).open("w", encoding="utf-8"))
        try:
            papermill.execute_notebook(source, "out.ipynb", **chosen)
        except Exception as error:  # which error it is, is what we compare
            return f"{type(error).__name__}: {error}"
    return None


def comparable(executed: NotebookNode) -> dict[str, Any]:
    """Return an executed notebook without timings, and with pieces of one stream put together."""
    about = executed.metadata.get("papermill", {})
    cells = [{**cell, "metadata": comparable_metadata(cell.metadata), "id": ""} for cell in executed.cells]
    for cell in cells:
        cell["outputs"] = joined(cell.get("outputs", []))
    return {
        "cells": cells,
        "metadata": sorted(executed.metadata),
        "papermill": {key: value for key, value in about.items() if "time" not in key and key != "duration"},
    }


def comparable_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a cell without timings."""
    about = metadata.get("papermill", {})
    kept = {key: value for key, value in metadata.items() if key not in ("papermill", "execution")}
    return {**kept, "status": about.get("status"), "exception": about.get("exception")}


def joined(outputs: list[Any]) -> list[Any]:
    """Put pieces of one stream that follow each other together: how it is cut depends on the clock."""
    result: list[Any] = []
    for output in outputs:
        if result and output.output_type == result[-1]["output_type"] == "stream" and output.name == result[-1]["name"]:
            result[-1]["text"] += output.text
        else:
            result.append(dict(output))
    return result


@contextmanager
def captured() -> Iterator[list[str]]:
    """Keep what this process and its children write to the terminal; it is in the list at the end."""
    before = [os.dup(descriptor) for descriptor in (1, 2)]
    text: list[str] = []
    with tempfile.TemporaryFile() as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
        try:
            yield text
        finally:
            sys.stderr.flush()
            for descriptor, old in zip((1, 2), before, strict=True):
                os.dup2(old, descriptor)
                os.close(old)
            file.seek(0)
            text.append(file.read().decode())


def shown(result: dict[str, Any]) -> str:
    """Return all text of a result but the source of code cells."""
    cells = (result["notebook"] or {"cells": []})["cells"]
    parts = [{**cell, "source": ""} if cell["cell_type"] == "code" else cell for cell in cells]
    return json.dumps([result["error"], result["terminal"], result["files"], parts], ensure_ascii=False)
