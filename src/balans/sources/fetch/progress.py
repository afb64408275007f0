"""Tell how far a refresh is, to whoever wants to know."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
def bars() -> Iterator[Progress]:
    """Show one bar per table in the terminal, also from a notebook whose own output is being captured."""
    columns = (TextColumn("{task.fields[message]}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, transient=True, console=Console(file=sys.__stderr__)) as shown:
        tasks = {}

        def show(step: Step) -> None:
            if step.table not in tasks:
                tasks[step.table] = shown.add_task(step.table, message=step.message)
            shown.update(tasks[step.table], message=step.message, completed=step.done, total=step.total)

        yield show
