"""The fork server that the kernels of this process come from: started when first needed, or handed over by another."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable
from pathlib import Path

from .forkserver import ForkServer, OwnedForkServer, Setting

# Modules that kernels find already imported, separated by commas.
PRELOAD_VARIABLE = "WARM_ENGINE_PRELOAD"

# What every kernel imports before its first cell. Not ``ipykernel.kernelapp`` itself: its import reads from the
# environment who the parent of the kernel is, and that is known only at the fork.
KERNEL_MODULES = (
    "ipykernel.control",
    "ipykernel.debugger",
    "ipykernel.heartbeat",
    "ipykernel.ipkernel",
    "ipykernel.parentpoller",
    "ipykernel.shellchannel",
    "ipykernel.zmqshell",
    "psutil",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)

# At most one, in a list so that functions can replace it.
_current: list[ForkServer] = []


def modules_of_a_kernel(wished: Iterable[str]) -> tuple[str, ...]:
    """Return what is imported before kernels are forked: what every kernel needs, and what is wished for."""
    return tuple(dict.fromkeys([*KERNEL_MODULES, *(name.strip() for name in wished if name.strip())]))


def preloaded() -> tuple[str, ...]:
    """Return the modules that kernels of this process find already imported."""
    if _current:
        return _current[0].setting.modules
    return modules_of_a_kernel(os.environ.get(PRELOAD_VARIABLE, "").split(","))


def folder_of_the_server() -> Path | None:
    """Return the private folder of a server that was handed over: it stays until whoever started it is done.

    A server that was started here may be replaced, and go with its folder, by the very kernel that wants to know.
    """
    return next((server.folder for server in _current if not isinstance(server, OwnedForkServer)), None)


def server_for(setting: Setting) -> ForkServer:
    """Return a server of this setting: the last one again, as long as nothing differs."""
    if not (_current and _current[0].setting == setting):
        server = OwnedForkServer(setting)
        atexit.register(server.end)
        adopt(server)
    return _current[0]


def adopt(server: ForkServer) -> None:
    """Use this server from now on; one that was started here before ends with its last kernel."""
    for before in _current:
        if isinstance(before, OwnedForkServer):
            before.close()
    _current[:] = [server]
