"""What a batch of notebooks does to the machine: its processes, its memory, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from engine_probes import Write

from balans.publish.engine import Executed, Failure, Task, run_batch

# A cell that tells who runs it and then takes longer than any test.
ENDLESS = "import os, pathlib, time\npathlib.Path(f'{os.getpid()}.pid').touch()\ntime.sleep(600)"

# A program that runs notebooks as `make book` does; started by the tests so that it can be ended.
PROGRAM = """
import sys
from pathlib import Path
from balans.publish.engine import Task, run_batch
tasks = [Task(Path(name), engine_name=None if sys.argv[1] == "kernel" else "warm") for name in sys.argv[2:]]
for position, result in run_batch(tasks, at_once=2, folder=Path(".")):
    print(position, type(result).__name__, flush=True)
"""


def results(notebooks: list[Path], folder: Path, **options: Any) -> list[Executed | Failure]:
    done = dict(run_batch([Task(path) for path in notebooks], at_once=2, folder=folder, **options))
    return [done[position] for position in range(len(notebooks))]


def printed(result: Executed | Failure) -> list[str]:
    assert isinstance(result, Executed), result
    cells = nbformat.reads(result.text, as_version=4).cells
    return ["".join(output.get("text", "") for output in cell.outputs).strip() for cell in cells]


def started(folder: Path, count: int) -> list[psutil.Process]:
    """Wait until this many endless cells run, and return their processes."""
    for _ in range(2400):
        if len(found := sorted(folder.glob("*.pid"))) >= count:
            break
        threading.Event().wait(0.05)
    assert len(found) == count, "the cells did not start in two minutes"
    return [psutil.Process(int(path.stem)) for path in found]


def program(engine: str, notebooks: list[Path], folder: Path, temporary: str) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, as a terminal does."""
    command = [sys.executable, "-c", PROGRAM, engine, *map(str, notebooks)]
    environment = {**os.environ, "TMPDIR": temporary}
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, stderr=subprocess.PIPE)


def servers(word: str) -> list[psutil.Process]:
    """The processes that this one forks from, of which the preloaded modules contain ``word``."""
    children = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in children if "forkserver_main" in str(child.cmdline()) and word in str(child.cmdline())]


def test_a_process_that_dies_names_its_cell_and_leaves_the_others(write: Write, tmp_path: Path) -> None:
    """Guards against a broken pool: a page without memory fails by name and the others are made."""
    died, made = results([write("dies", "1", "import os\nos._exit(9)"), write("lives", "1")], tmp_path)
    assert isinstance(died, Failure)
    assert (died.cell, died.name) == (1, "DeadKernelError")
    assert isinstance(made, Executed)


def test_a_worker_that_dies_names_its_cell(write: Write, tmp_path: Path) -> None:
    """Guards the other half of a page: papermill's own process may be the one that the system ends."""

    def end_worker() -> None:
        started(tmp_path, 1)
        [server] = servers("papermill")
        [worker] = server.children()
        worker.kill()

    thread = threading.Thread(target=end_worker)
    thread.start()
    [failure] = results([write("endless", "1", ENDLESS)], tmp_path)
    thread.join()
    assert failure == Failure(1, "ProcessDied", "the process that ran it ended with status -9")
    assert not psutil.pid_exists(int(next(tmp_path.glob("*.pid")).stem))


@pytest.fixture
def temporary() -> Iterator[str]:
    """A temporary folder with a short name, as users have: sockets cannot be in the long ones of pytest."""
    with tempfile.TemporaryDirectory(prefix="t") as name:
        yield name


@pytest.mark.parametrize("engine", ["warm", pytest.param("kernel", marks=pytest.mark.slow)])
def test_an_interrupt_ends_everything(engine: str, write: Write, tmp_path: Path, temporary: str) -> None:
    """Guards Ctrl-C: it ends the program and every page at once, and no page counts as failed."""
    notebooks = [write(str(number), ENDLESS) for number in range(3)]
    running = program(engine, notebooks, tmp_path, temporary)
    kernels = started(tmp_path, 2)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert errors.decode().strip().splitlines()[-1] == "KeyboardInterrupt"
    assert psutil.wait_procs(kernels, timeout=10)[1] == []
    assert len(list(tmp_path.glob("*.pid"))) == 2
    if engine == "warm":  # a kernel that was started leaves its connection file when it is killed
        assert list(Path(temporary).iterdir()) == []


def test_what_is_killed_leaves_nothing_behind(write: Write, tmp_path: Path, temporary: str) -> None:
    """Guards against orphans: a program that cannot clean up any more takes its pages with it."""
    running = program("warm", [write("endless", ENDLESS)], tmp_path, temporary)
    [kernel] = started(tmp_path, 1)
    family = [kernel, *psutil.Process(running.pid).children(recursive=True)]
    assert len(family) >= 3
    running.kill()
    running.communicate()
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_nothing_is_left_after_a_batch(
    write: Write, tmp_path: Path, temporary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards against processes and folders that outlive their pages."""
    monkeypatch.setattr(tempfile, "tempdir", temporary)
    results([write("one", "1"), write("two", "2")], tmp_path, environment={**os.environ, "TMPDIR": temporary})
    assert servers("") == []
    assert list(Path(temporary).iterdir()) == []


def test_the_terminal_of_a_page_is_reached_when_asked(
    write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards the progress bars of ``make data``: what a kernel was started with can be written to."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel captures nothing but what Python prints
    past_the_page = "import os, sys\nos.write(sys.stderr.fileno(), b'for the terminal')"
    assert printed(results([write("quiet", past_the_page)], tmp_path)[0]) == [""]
    assert "for the terminal" not in capfd.readouterr().err
    results([write("loud", past_the_page)], tmp_path, quiet=False)
    assert "for the terminal" in capfd.readouterr().err


@pytest.mark.slow
def test_pages_that_grow_do_not_make_the_next_one_grow(write: Write, tmp_path: Path) -> None:
    """Guards the memory of a large book: after 50 pages of 150 MB, a page and what it is forked from are as small."""
    tell = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    path = write("grows", tell, "kept = bytearray(150 * 1024 * 1024)", tell)
    sizes: list[tuple[int, int]] = []
    forked_from: list[int] = []
    for _, result in run_batch([Task(path)] * 50, at_once=2, folder=tmp_path, modules=["pandas"]):
        before, _, after = map(int, [text or 0 for text in printed(result)])
        sizes.append((before, after))
        forked_from.append(sum(server.memory_info().rss for server in servers("")) // 2**20)
    assert all(after - before >= 149 for before, after in sizes)
    assert max(before for before, _ in sizes) - min(before for before, _ in sizes) < 20
    assert forked_from[-1] - forked_from[0] < 20
