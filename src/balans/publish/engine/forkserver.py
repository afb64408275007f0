"""Starting processes from one that has already imported what they need."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .forkserver_main import HEADER

MAIN = Path(__file__).with_name("forkserver_main.py")

# How long a server may take for its last processes to go; after that they are taken with it.
SECONDS_TO_END = 1.0

# Set by Jupyter for each kernel anew, so a difference in these is no difference in what an import saw.
VARIABLES_OF_ONE_KERNEL = ("JPY_PARENT_PID", "JPY_SESSION_NAME")


# The name of a socket may have 104 bytes (macOS; Linux 108); what we put under the temporary folder takes 40.
LONGEST_TEMPORARY_FOLDER = 64


def private_folder() -> str:
    """Make a folder for sockets that only its user may enter, with a name that is short enough for them."""
    temporary = tempfile.gettempdir()
    return tempfile.mkdtemp(prefix="warm-", dir=temporary if len(temporary) <= LONGEST_TEMPORARY_FOLDER else "/tmp")


@dataclass(frozen=True)
class Setting:
    """What an import may depend on: processes share imports only if all of it is equal.

    Attributes:
        interpreter: the Python that runs them, and its flags.
        environment: their environment variables.
        folder: their working directory.
        modules: what is imported beforehand.
    """

    interpreter: tuple[str, ...]
    environment: frozenset[tuple[str, str]]
    folder: str
    modules: tuple[str, ...]


def setting_of(
    interpreter: Sequence[str], environment: Mapping[str, str], folder: str, modules: Sequence[str]
) -> Setting:
    """Return the setting of a process with this interpreter, environment and folder."""
    lasting = {name: value for name, value in environment.items() if name not in VARIABLES_OF_ONE_KERNEL}
    return Setting(tuple(interpreter), frozenset(lasting.items()), folder, tuple(modules))


class ForkedProcess:
    """A process of a fork server, with the part of :class:`subprocess.Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        """Follow the process at the other end of ``connection``; it is killed when that is closed."""
        self._connection = connection
        self._received = b""
        self.returncode: int | None = None
        self.pid = int(self._next_message().get("pid", 0))
        if not self.pid:
            raise OSError("the process that kernels are forked from ended; its last words are above")

    def poll(self) -> int | None:
        """Return the exit status, or None while the process runs."""
        return self._status(socket.MSG_DONTWAIT)

    def wait(self) -> int:
        """Wait until the process ends and return its exit status."""
        status = self._status(0)
        assert status is not None
        return status

    def send_signal(self, signum: int) -> None:
        """Send a signal to the process if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process and what it started, at once."""
        self._connection.close()
        self.returncode = -signal.SIGKILL

    def _status(self, flags: int) -> int | None:
        if self.returncode is None:
            with suppress(BlockingIOError):
                self.returncode = int(self._next_message(flags)["returncode"])
                self._connection.close()
        return self.returncode

    def _next_message(self, flags: int = 0) -> dict[str, Any]:
        while b"\n" not in self._received:
            part = self._connection.recv(4096, flags)
            if not part:  # the server is gone; its processes notice and go too
                return {"returncode": -signal.SIGKILL}
            self._received += part
        line, _, self._received = self._received.partition(b"\n")
        return dict(json.loads(line))


class ForkServer:
    """A running process that forks others of one setting."""

    def __init__(self, setting: Setting, address: str, pid: int) -> None:
        """Use the server that listens at ``address``, which may have been started by another process."""
        self.setting = setting
        self.address = address
        self.pid = pid
        self.folder = Path(address).parent

    def fork(self, command: Sequence[str], environment: Mapping[str, str], descriptors: Sequence[int]) -> ForkedProcess:
        """Fork a process that does what ``python -m COMMAND`` would.

        Args:
            command: a module and its arguments.
            environment: its environment variables.
            descriptors: what will be its descriptors 0 (standard input), 1 (output), 2 (error), 3 and so on.

        Raises:
            OSError: the server is gone.
        """
        body = json.dumps({"command": list(command), "environment": dict(environment)}).encode()
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.address)
        socket.send_fds(connection, [f"{len(body):{HEADER}d}".encode()], list(descriptors))
        connection.sendall(body)
        return ForkedProcess(connection)


class OwnedForkServer(ForkServer):
    """A server that this process started, and that ends with it."""

    def __init__(self, setting: Setting) -> None:
        """Start it. It imports in the background; the first fork waits for that."""
        address = str(Path(private_folder()) / "server")
        with ExitStack() as stack:
            listening = stack.enter_context(socket.socket(socket.AF_UNIX))
            listening.bind(address)
            listening.listen(64)
            self._owner, theirs = socket.socketpair()
            stack.enter_context(theirs)
            descriptors = (listening.fileno(), theirs.fileno())
            self._process = subprocess.Popen(
                [*setting.interpreter, str(MAIN), *map(str, descriptors), ",".join(setting.modules), ""],
                env=dict(setting.environment),
                cwd=setting.folder,
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C goes to whoever asked for the kernels, who then ends them in order
            )
        super().__init__(setting, address, self._process.pid)

    def shared(self) -> ForkServer:
        """Return the server as other processes may have it: to use, not to end."""
        return ForkServer(self.setting, self.address, self.pid)

    def close(self) -> None:
        """Let the server end as soon as its last process does."""
        self._owner.close()

    def end(self) -> None:
        """Close the server and wait until it is gone; processes that are still there get little time."""
        self.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.end_now()

    def end_now(self) -> None:
        """End the server and all its processes, whatever they are doing."""
        self._owner.close()
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
