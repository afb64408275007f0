"""A papermill engine that runs a notebook in the process it is called in, without a kernel.

A page runs in a fresh process that already has the scientific stack loaded (see :mod:`balans.publish.runner`), so it
starts from a clean namespace and still does not pay for a cold kernel.
"""

from __future__ import annotations

import traceback
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

ENGINE_NAME = "inprocess"


class PublishingDisplayHook(DisplayHook):
    """Show the value of a cell's last line as rich output, as a kernel does, instead of printing it."""

    def write_output_prompt(self) -> None:
        """Write no ``Out[1]``."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Publish the value in every format that it has."""
        assert self.shell is not None
        self.shell.display_pub.publish(data=format_dict, metadata=md_dict or {})

    def finish_displayhook(self) -> None:
        """Write no line end."""


class PageShell(InteractiveShell):
    """An IPython shell whose values go into the page."""

    displayhook_class = PublishingDisplayHook


class InProcessEngine(Engine):
    """Run the cells one after another in an IPython shell of this process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:  # noqa: ARG003
        """Execute the code cells until one fails; papermill then raises its own error from the output of that cell."""
        PageShell.clear_instance()
        shell = PageShell.instance(colors="nocolor")
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                is_code = cell.cell_type == "code" and cell.source.strip()
                if is_code and not _run_cell(nb_man, shell, index, cell):
                    break
        finally:
            PageShell.clear_instance()


def _run_cell(nb_man: NotebookExecutionManager, shell: InteractiveShell, index: int, cell: NotebookNode) -> bool:
    """Run one cell and store what it shows; return whether it succeeded."""
    nb_man.cell_start(cell, index)
    with capture_output() as captured:
        result = shell.run_cell(cell.source, store_history=True)
    cell.outputs = _outputs(captured, with_stdout=result.success)
    cell.execution_count = result.execution_count
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        nb_man.cell_complete(cell, index)
        return True
    lines = traceback.format_exception(error)
    cell.outputs.append(new_output("error", ename=type(error).__name__, evalue=str(error), traceback=lines))
    nb_man.cell_exception(cell, index, exception=error)
    return False


def _outputs(captured: CapturedIO, *, with_stdout: bool) -> list[NotebookNode]:
    streams = [("stderr", captured.stderr)] + ([("stdout", captured.stdout)] if with_stdout else [])
    texts = [new_output("stream", name=name, text=text) for name, text in streams if text]
    shown = [new_output("display_data", data=rich.data, metadata=rich.metadata) for rich in captured.outputs]
    return texts + shown


def register() -> None:
    """Make the engine known to papermill as ``inprocess``."""
    papermill_engines.register(ENGINE_NAME, InProcessEngine)
