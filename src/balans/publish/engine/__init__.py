"""Run notebooks with papermill in kernels that are forked from a process with its imports behind it; see README.md."""

# First, because importing papermill loads every registered engine, ours too: it would otherwise find this package half
# imported when this package is what is imported first.
import papermill.engines  # noqa: F401

from .batch import Executed, Failure, Task, run_batch
from .papermill_engine import ENGINE_NAME, WarmEngine

__all__ = ["ENGINE_NAME", "Executed", "Failure", "Task", "WarmEngine", "run_batch"]
