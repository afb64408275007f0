"""Tell how far a refresh is, to whoever wants to know."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import UnsupportedOperation
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars


@dataclass(frozen=True)
class Step:
    """One sign of progress: the table, what is happening, rows so far, and the most that can come if that is known."""

    table: str
    message: str
    done: int = 0
    total: int | None = None


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Tell nobody."""
    del step


@contextmanager
def _terminal() -> Iterator[TextIO]:
    """Yield what this process was started with as standard error; a kernel captures ``sys.__stderr__`` too."""
    try:
        descriptor = os.dup(sys.stderr.fileno())
    except UnsupportedOperation:  # a stream that somebody put in its place
        yield sys.__stderr__ or sys.stderr
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as terminal:
        yield terminal


@contextmanager
def bars() -> Iterator[Progress]:
    """Show one bar per table in the terminal, also from a notebook whose own output is being captured."""
    columns = (TextColumn("{task.fields[message]}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with _terminal() as terminal, Bars(*columns, transient=True, console=Console(file=terminal)) as shown:
        tasks = {}

        def show(step: Step) -> None:
            if step.table not in tasks:
                tasks[step.table] = shown.add_task(step.table, message=step.message)
            shown.update(tasks[step.table], message=step.message, completed=step.done, total=step.total)

        yield show
