"""One notebook in a process of its own, for :mod:`batch`; run as ``python -m`` this module."""

from __future__ import annotations

import logging
import os
import warnings
from multiprocessing.connection import Connection
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from . import sharing
from .batch import DESCRIPTOR, Executed, Failure, Task
from .forkserver import ForkServer


def main() -> None:
    """Receive a task, tell each cell that starts, and send what came of it."""
    connection = Connection(DESCRIPTOR)
    task, server = connection.recv()
    connection.send(execute(task, server, connection))


def execute(task: Task, server: ForkServer | None, connection: Connection) -> Executed | Failure:
    """Run a notebook; return it, or why it could not be made."""
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what matters of its words comes back as a failure
    if server is not None:
        sharing.adopt(server)
    at: list[int | None] = [None]

    def cell_starts(cell_index: int, **_: Any) -> None:
        at[0] = cell_index
        connection.send(cell_index)

    # As JupyterLab tells a kernel which notebook it runs.
    os.environ["JPY_SESSION_NAME"] = str(task.notebook)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill's own deprecations; cells warn in their kernel
            notebook = papermill.execute_notebook(
                str(task.notebook),
                None,  # written once, by whoever asked: papermill's save at every cell costs a sixth of the time
                parameters=dict(task.parameters),
                engine_name=task.engine_name,
                kernel_name=task.kernel_name,
                progress_bar=False,
                on_cell_start=cell_starts,
            )
            return Executed(nbformat.writes(notebook))
    except PapermillExecutionError as error:
        return Failure(error.cell_index, error.ename, error.evalue)
    except Exception as error:  # a dead kernel, too little time, no such kernel: it belongs to a notebook and a cell
        return Failure(at[0], type(error).__name__, str(error))


if __name__ == "__main__":
    main()
