"""The process that kernels are forked from: a script, run by the interpreter of the kernel with its flags.

It imports once what kernels will need, runs no notebook code itself, and forks one process per connection. The exit
status comes back over that connection; when the other end closes it, the process is killed, so that nothing outlives
whoever asked for it.

Usage: ``python forkserver_main.py LISTENING_FD OWNER_FD MODULES EXCLUDED`` (the last two separated by commas).

Only the standard library is imported at the top: a kernel may not find modules here that it would not find otherwise.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import io
import json
import os
import runpy
import selectors
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

# A request is its length in this many ASCII digits, and then JSON. File descriptors travel with the length.
HEADER = 12
MOST_DESCRIPTORS = 8

# A client that connects and then says nothing (it was stopped or killed) may not keep the others waiting.
REQUEST_SECONDS = 5.0


def main() -> list[str]:
    """Preload, then fork until the owner is gone; in a forked process, return its module and arguments."""
    listening, owner = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    modules, excluded = (text.split(",") if text else [] for text in sys.argv[3:5])
    if not sys.flags.safe_path:
        sys.path[0] = str(Path.cwd())  # as `python -m` has it; now it is the folder of this script
    # As every kernel does before its first cell; Matplotlib reads it when it is imported.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for module in modules:
        if module not in excluded and _is_noisy(module):
            _start_again([*excluded, module])
    # What is frozen is not traversed by the collector of a kernel, so its memory stays shared with this process.
    gc.collect()
    gc.freeze()
    return Server(listening, owner).serve()


def _is_noisy(module: str) -> bool:
    """Import a module; return whether that wrote anything: a warning belongs in the cell that does the import."""
    written = io.StringIO()
    with redirect_stdout(written), redirect_stderr(written), suppress(Exception), _path_of_a_kernel():
        importlib.import_module(module)  # what cannot be imported fails again in the cell that asks for it
    return bool(written.getvalue())


@contextmanager
def _path_of_a_kernel() -> Iterator[None]:
    """Import as a cell does: a file beside the notebook comes before an installed package of that name."""
    before = list(sys.path)
    if not sys.flags.safe_path:
        sys.path.pop(0)
        installed = [i for i, entry in enumerate(sys.path) if entry.endswith(("site-packages", "dist-packages"))]
        sys.path.insert(installed[0] if installed else 0, "")
    try:
        yield
    finally:
        sys.path[:] = before


def _start_again(excluded: list[str]) -> None:
    """Replace this process by one that leaves some modules to the notebooks: an import cannot be undone."""
    flags = sys.orig_argv[1 : sys.orig_argv.index(sys.argv[0])]
    os.execv(sys.executable, [sys.executable, *flags, *sys.argv[:4], ",".join(excluded)])


class Server:
    """Forks processes on request and looks after them."""

    def __init__(self, listening: socket.socket, owner: socket.socket) -> None:
        self.listening = listening
        self.folder = Path(listening.getsockname()).parent
        self.owner = owner
        self.children: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        # A signal handler of Python runs only between bytecodes; the descriptor wakes the selector at once.
        self.woken, wake = socket.socketpair()
        for end in (self.woken, wake):
            end.setblocking(False)
        self.wake = wake
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._end_now)

    def serve(self) -> list[str]:
        """Answer until the owner and the last child are gone; in a forked process, return its module and arguments."""
        for source in (self.listening, self.owner, self.woken):
            self.selector.register(source, selectors.EVENT_READ)
        while self.selector.get_map().get(self.owner) or self.children:
            for key, _ in self.selector.select():
                if key.fileobj is self.listening:
                    argv = self._accept()
                    if argv:
                        return argv
                elif key.fileobj is self.owner:
                    self._forget_owner()
                elif key.fileobj is self.woken:
                    self._reap()
                else:
                    self._hang_up(key.fileobj)
        shutil.rmtree(self.folder, ignore_errors=True)
        sys.exit()

    def _accept(self) -> list[str]:
        """Fork; return module and arguments in the new process and nothing in the server."""
        connection, _ = self.listening.accept()
        try:
            request, descriptors = _receive(connection)
        except (OSError, ValueError):
            connection.close()
            return []
        with warnings.catch_warnings():
            # From Python 3.12 on a fork beside threads warns. Ours are those of OpenBLAS, which knows about forks.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            return self._become(request, descriptors, connection)
        for descriptor in descriptors:
            os.close(descriptor)
        self.children[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ)
        return []

    def _become(self, request: dict[str, Any], descriptors: list[int], connection: socket.socket) -> list[str]:
        """Turn this forked process into what a fresh interpreter would be."""
        os.setsid()  # as jupyter_client does: an interrupt reaches a kernel and what it started, and nobody else
        signal.set_wakeup_fd(-1)
        for changed in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(changed, signal.SIG_DFL)
        connection.sendall(_line({"pid": os.getpid()}))
        self.selector.close()
        for one in (self.listening, self.owner, self.woken, self.wake, connection, *self.children.values()):
            one.close()
        _number_from_zero(descriptors)
        os.environ.clear()
        os.environ.update(request["environment"])
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed()  # Python gives its own generator a new seed after a fork, NumPy does not
        argv: list[str] = request["command"]
        return argv

    def _end_now(self, *_: object) -> None:
        for pid in self.children:
            _kill(pid)
        sys.exit()

    def _forget_owner(self) -> None:
        self.selector.unregister(self.owner)
        self.selector.unregister(self.listening)
        self.listening.close()

    def _reap(self) -> None:
        """Tell the exit status of each process that ended."""
        with suppress(BlockingIOError):
            self.woken.recv(4096)
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                connection = self.children.pop(pid)
                self.selector.unregister(connection)
                with suppress(OSError), connection:
                    connection.sendall(_line({"returncode": os.waitstatus_to_exitcode(status)}))

    def _hang_up(self, connection: Any) -> None:
        """Kill the process whose connection was closed; :meth:`_reap` does the rest."""
        with suppress(OSError):
            if connection.recv(1):
                return
        for pid, other in self.children.items():
            if other is connection:
                _kill(pid)


def _kill(pid: int) -> None:
    """Kill a process and what it started; without a group of its own it has only just been forked."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    connection.settimeout(REQUEST_SECONDS)
    header, descriptors, _, _ = socket.recv_fds(connection, HEADER, MOST_DESCRIPTORS)
    body = b""
    while len(body) < int(header):
        part = connection.recv(int(header) - len(body))
        if not part:
            raise ValueError("the request ended early")
        body += part
    connection.settimeout(None)
    return json.loads(body), list(descriptors)


def _number_from_zero(descriptors: list[int]) -> None:
    """Make these the descriptors 0, 1, 2 and so on; first out of the way, for one may have the number of another."""
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, len(descriptors)) for descriptor in descriptors]
    for descriptor in descriptors:
        os.close(descriptor)
    for target, descriptor in enumerate(moved):
        os.dup2(descriptor, target)
        os.close(descriptor)


def _line(message: dict[str, int]) -> bytes:
    return json.dumps(message).encode() + b"\n"


if __name__ == "__main__":
    sys.argv = main()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
