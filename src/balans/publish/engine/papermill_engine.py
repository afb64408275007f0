"""The papermill engine ``warm``: papermill's own engine, with kernels that are forked instead of started."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

from .provisioner import WarmKernelManager

# The name under which the entry point in pyproject.toml makes the engine known to papermill.
ENGINE_NAME = "warm"


class WarmEngine(NBClientEngine):
    """Execute a notebook as papermill's own engine does, in a kernel that has its imports behind it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook; every option of papermill's own engine is an option of this one."""
        options.setdefault("kernel_manager_class", WarmKernelManager)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)
