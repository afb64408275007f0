"""Write the second part of ``docs/faults.md`` from what the fault tests see: ``python -m tests.wire.faultpage``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from balans.files import write_atomically
from balans.paths import find_project

from .faults import CASES, run
from .scene import Outcome

PAGE = "docs/faults.md"
HEAD = """## Faults that a refresh survives

Generated from the tests in `tests/wire/` by `python -m tests.wire.faultpage`; a test fails when it is out of date.
Each fault is made by a local server that speaks CBS's wire format, and met by the real client over a socket. The table
there is synthetic; the client tries three times instead of six.

After every one of them `data/raw` loads, verifies, and holds one whole version. A process that is killed (SIGKILL, 50
times at random moments, `tests/wire/test_wire_killed.py`) also leaves the old version or the new one, whole; what it
leaves besides is passed over by every reader and deleted by the next refresh.

| fault | what the user sees | what is left on disk |
|---|---|---|
"""


def render(seen: dict[str, Outcome]) -> str:
    """Return the part of the page that is generated, for the outcomes per fault."""
    return HEAD + "".join(f"| {case.name} | {_cell(seen[case.name])} | {seen[case.name].left} |\n" for case in CASES)


def _cell(outcome: Outcome) -> str:
    text = "<br>".join(line.strip() for line in outcome.text.splitlines()).replace("|", "\\|")
    return f"**{outcome.outcome}**: {text}"


def main() -> None:
    """Run every fault and write the page."""
    seen = {}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            seen[case.name] = run(case, Path(folder), patch)
    page = find_project().root / PAGE
    written = page.read_text(encoding="utf-8").split(HEAD.splitlines()[0])[0]
    write_atomically(page, written + render(seen))


if __name__ == "__main__":
    main()
