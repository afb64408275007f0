"""How jupyter_client gets a warm kernel: the provisioner forks what the standard one would start."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .forkserver import private_folder, setting_of
from .sharing import folder_of_the_server, preloaded, server_for

LAUNCHER = ["-m", "ipykernel_launcher"]

# What jupyter_client may ask of a forked kernel; anything else (say, `preexec_fn`) is only possible for a started one.
KNOWN_OPTIONS = {"cwd", "env"}


class WarmProvisioner(LocalProvisioner):
    """Starts IPython kernels by forking, and every other kernel as jupyter_client does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel from a process of the same interpreter, environment and folder."""
        options = self._scrub_kwargs(kwargs)
        if not can_be_forked(cmd) or set(options) - KNOWN_OPTIONS:
            return await super().launch_kernel(cmd, **kwargs)
        interpreter = interpreter_of(cmd)
        environment = dict(options.get("env") or os.environ)
        folder = str(Path(options.get("cwd") or ".").absolute())
        server = server_for(setting_of(interpreter, environment, folder, preloaded()))
        environment["JPY_PARENT_PID"] = str(server.pid)  # as jupyter_client sets it: a kernel ends with its parent
        with Path(os.devnull).open("rb") as nothing:
            process: Any = server.fork(cmd[len(interpreter) + 1 :], environment, (nothing.fileno(), 1, 2))
        self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = folder
        return self.connection_info


def interpreter_of(command: Sequence[str]) -> list[str]:
    """Return interpreter and flags of an IPython kernel's command line, or nothing for any other kernel."""
    for position in range(1, len(command)):
        if list(command[position : position + 2]) == LAUNCHER:
            return list(command[:position])
    return []


def can_be_forked(command: Sequence[str]) -> bool:
    """Say whether a kernel with this command line can be forked: an IPython kernel, on a system that can fork."""
    return bool(interpreter_of(command)) and hasattr(os, "fork")


class WarmKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels come from the warm provisioner."""

    # Where the connection file and the sockets of the kernel are.
    _folder = ""

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        specification: Any = self.kernel_spec
        if self.provisioner is None and not specification.metadata.get("kernel_provisioner"):
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=specification, parent=self)
            if can_be_forked(specification.argv):
                self._use_sockets_in_a_folder()
        return await super()._async_pre_start_kernel(**kwargs)

    def _use_sockets_in_a_folder(self) -> None:
        """Talk to the kernel without ports: kernels that start together may pick the same one."""
        shared = folder_of_the_server()
        self._folder = tempfile.mkdtemp(prefix="k", dir=shared) if shared else private_folder()
        self.transport = "ipc"
        self.ip = str(Path(self._folder) / "kernel")
        self.connection_file = str(Path(self._folder) / "kernel.json")

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources
