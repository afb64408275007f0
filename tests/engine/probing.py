"""Both engines side by side: a process for each that runs probes on request, and the table of docs/engine.md.

``python tests/engine/probing.py`` runs every probe by both engines and writes the table.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine_probes import ENGINES, MODULES, PRELOADED, Probe, all_probes, run, shown

DOCUMENT = Path(__file__).parents[2] / "docs" / "engine.md"
BEGIN = "<!-- begin of the table; made by tests/engine/probing.py -->"
END = "<!-- end of the table -->"


class Engine:
    """A process that runs probes by one engine."""

    def __init__(self, engine: str, home: Path) -> None:
        """Start it, with its own folder and its own home of IPython."""
        self.ipython = home / engine / "ipython"
        folder = home / engine / "work"
        (folder / "folder").mkdir(parents=True)
        for name, text in MODULES.items():
            (folder / name).write_text(text, encoding="utf-8")
        environment = {**os.environ, "IPYTHONDIR": str(self.ipython), "WARM_ENGINE_PRELOAD": PRELOADED}
        for name in ("PYTEST_CURRENT_TEST", "MPLBACKEND"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, __file__, engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
        )

    def ask(self, name: str) -> None:
        """Ask for the result of a probe."""
        assert self.process.stdin
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return the result that was asked for."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the process that runs the probes ended; its last words are above"
        return dict(json.loads(line))

    def end(self) -> None:
        """End the process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def serve(engine: str) -> None:
    """Run the probes that are named on standard input and write their results to standard output."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the engine prints must not come between the answers
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]
    probes = all_probes()
    for line in sys.stdin:
        print(json.dumps(run(probes[line.strip()], engine)), file=answers, flush=True)


def both(engines: dict[str, Engine], probe: Probe) -> dict[str, dict[str, Any]]:
    """Run a probe by both engines at the same time."""
    for engine in engines.values():
        engine.ask(probe.name)
    return {name: engine.answer() for name, engine in engines.items()}


def compared(probe: Probe, result: dict[str, Any]) -> Any:
    """Return what of a result must be equal."""
    return [result["error"], probe.shows in shown(result)] if probe.only_shows else result


def summary(probe: Probe, result: dict[str, Any]) -> str:
    """Return a result in a few words, with a digest of everything in it."""
    outputs = [output for cell in (result["notebook"] or {"cells": []})["cells"] for output in cell["outputs"]]
    kinds = [output.get("name") or output.get("ename") or output["output_type"] for output in outputs]
    error = [result["error"].partition(":")[0]] if result["error"] and "error" not in str(kinds).lower() else []
    digest = hashlib.sha256(json.dumps(compared(probe, result), sort_keys=True).encode()).hexdigest()[:8]
    return f"{', '.join([*dict.fromkeys(kinds), *error]) or 'nothing'} `{digest}`"


def table(engines: dict[str, Engine]) -> str:
    """Return the table of all probes with the results of both engines."""
    lines = ["| probe | guards that | fault | kernel | warm | equal |", "|---|---|---|---|---|---|"]
    for probe in all_probes().values():
        results = both(engines, probe)
        kernel, warm = (summary(probe, results[name]) for name in ENGINES)
        equal = "yes" if compared(probe, results["kernel"]) == compared(probe, results["warm"]) else "**no**"
        lines.append(f"| {probe.name} | {probe.guards} | {probe.item or ''} | {kernel} | {warm} | {equal} |")
        print(lines[-1])
    return "\n".join(lines)


def write_table() -> None:
    """Write the table into docs/engine.md."""
    with tempfile.TemporaryDirectory() as home:
        engines = {name: Engine(name, Path(home)) for name in ENGINES}
        made = table(engines)
        for engine in engines.values():
            engine.end()
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    serve(sys.argv[1]) if len(sys.argv) > 1 else write_table()
