"""Running many notebooks, some at a time, each in processes of its own that are gone when it is done."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from socket import socketpair
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from jupyter_core.utils import run_sync

from .forkserver import ForkServer, OwnedForkServer, Setting, setting_of
from .papermill_engine import ENGINE_NAME
from .provisioner import WarmKernelManager, WarmProvisioner, can_be_forked, interpreter_of
from .sharing import modules_of_a_kernel

# Where a worker finds its connection: after standard input, output and error.
DESCRIPTOR = 3

# What a worker needs; importing it takes longer than executing a small notebook.
WORKER_MODULES = (
    "papermill",
    "papermill.exceptions",
    "nbclient",
    "jupyter_client.asynchronous",
    # What jupyter_client imports when it looks for the kernel.
    "ipykernel.kernelspec",
    "IPython.display",
)
WORKER = f"{__package__}.worker"


@dataclass(frozen=True)
class Task:
    """A notebook to run.

    Attributes:
        notebook: its file.
        parameters: what papermill gives it.
        engine_name: a papermill engine; None for papermill's own, which starts a kernel.
        kernel_name: a Jupyter kernel.
    """

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    engine_name: str | None = ENGINE_NAME
    kernel_name: str = "python3"


@dataclass(frozen=True)
class Executed:
    """A notebook that ran to its end.

    Attributes:
        text: what its file would hold.
    """

    text: str


@dataclass(frozen=True)
class Failure:
    """Why a notebook did not run to its end.

    Attributes:
        cell: the number of the cell, from 0; None if none had started.
        name: the class of the error.
        message: what it said.
    """

    cell: int | None
    name: str
    message: str


class _Worker:
    """A task that is being run."""

    def __init__(self, server: ForkServer, task: Task, kernels: ForkServer | None, *, quiet: bool) -> None:
        self.cell: int | None = None
        ours, theirs = socketpair()
        self.connection = Connection(ours.detach())
        with theirs, Path(os.devnull).open("r+b") as nowhere:
            error = nowhere.fileno() if quiet else 2
            descriptors = (nowhere.fileno(), nowhere.fileno(), error, theirs.fileno())
            self.process = server.fork([WORKER], dict(server.setting.environment), descriptors)
        self.connection.send((task, kernels))

    def result(self) -> Executed | Failure | None:
        """Return what came of the task, or None if a cell has started."""
        try:
            message: Executed | Failure | int = self.connection.recv()
        except EOFError:
            return Failure(self.cell, "ProcessDied", f"the process that ran it ended with status {self.process.wait()}")
        if isinstance(message, int):
            self.cell = message
            return None
        return message

    def end(self) -> None:
        """End the task, whether it is done or not, with its kernel."""
        self.connection.close()
        self.process.kill()


def run_batch(
    tasks: Sequence[Task],
    *,
    at_once: int,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    modules: Sequence[str] = (),
    quiet: bool = True,
) -> Generator[tuple[int, Executed | Failure], None, None]:
    """Run notebooks and yield the position of each in ``tasks`` with what came of it, as soon as it is done.

    Each notebook has a process for papermill and one for its kernel, and both end with it. Whoever stops asking for
    more (an error, a Ctrl-C) ends all of them at once.

    Args:
        tasks: the notebooks.
        at_once: how many run at the same time.
        folder: their working directory.
        environment: their environment variables; default those of this process.
        modules: what their warm kernels find already imported.
        quiet: drop what kernels write past the notebook; otherwise it goes to the terminal.

    Raises:
        OSError: no process can be started.
    """
    variables = dict(os.environ if environment is None else environment)
    with _servers(tasks, variables, folder, modules) as (workers, kernels):
        waiting = deque(enumerate(tasks))
        running: dict[Connection, tuple[int, _Worker]] = {}
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    position, task = waiting.popleft()
                    worker = _Worker(workers, task, kernels, quiet=quiet)
                    running[worker.connection] = (position, worker)
                yield from _finished(running)
        finally:
            for _, worker in running.values():
                worker.end()


def _finished(running: dict[Connection, tuple[int, _Worker]]) -> Iterator[tuple[int, Executed | Failure]]:
    """Wait until workers tell something; take out those that are done, and yield what came of them."""
    for connection in [one for one in wait(list(running)) if isinstance(one, Connection)]:
        position, worker = running[connection]
        result = worker.result()
        if result is not None:
            del running[connection]
            worker.end()
            yield position, result


@contextmanager
def _servers(
    tasks: Sequence[Task], environment: Mapping[str, str], folder: Path, modules: Sequence[str]
) -> Iterator[tuple[ForkServer, ForkServer | None]]:
    """Start what workers, and what kernels if a task wants warm ones, are forked from; end both afterwards."""
    warm = next((task for task in tasks if task.engine_name == ENGINE_NAME), None)
    kernels = kernel_setting(warm.kernel_name, environment, folder, modules) if warm else None
    workers = setting_of([sys.executable], environment, str(folder.absolute()), WORKER_MODULES)
    started = [OwnedForkServer(setting) for setting in (workers, kernels) if setting]
    try:
        yield started[0].shared(), started[1].shared() if kernels else None
    except BaseException:  # above all a Ctrl-C: nobody waits for what is being done
        for server in started:
            server.end_now()
        raise
    for server in started:
        server.end()


def kernel_setting(
    kernel_name: str, environment: Mapping[str, str], folder: Path, modules: Sequence[str]
) -> Setting | None:
    """Return the setting of the kernels of this name, or None if there is no such kernel or it cannot be forked."""
    manager = WarmKernelManager(kernel_name=kernel_name)
    try:
        specification = manager.kernel_spec
    except NoSuchKernel:
        return None  # each notebook that wants it will say so
    command = manager.format_kernel_cmd()
    if not can_be_forked(command):
        return None
    provisioner = WarmProvisioner(kernel_spec=specification, parent=manager)
    launch = run_sync(KernelProvisionerBase.pre_launch)(provisioner, env=dict(environment))
    return setting_of(interpreter_of(command), launch["env"], str(folder.absolute()), modules_of_a_kernel(modules))
