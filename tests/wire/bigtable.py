"""Start the big server and measure a client against it, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from balans.paths import find_project

HERE = find_project().root
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{HERE / 'src'}:{HERE}"}


@contextmanager
def big_server(rows: int) -> Iterator[str]:
    """Serve a synthetic table of ``rows`` rows until the block ends; yield the address."""
    command = [sys.executable, "-m", "tests.wire.big", str(rows)]
    with subprocess.Popen(command, cwd=HERE, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def measure(how: str, url: str, folder: Path) -> dict[str, Any]:
    """Return seconds, rows, digest, base_mb, peak_mb of one client (``ours``, ``plain`` or ``selected``)."""
    command = [sys.executable, "-m", "tests.wire.measure", how, str(folder)]
    environment = ENVIRONMENT | {"BALANS_CBS_URL": url}
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))
