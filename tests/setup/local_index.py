"""A package index on 127.0.0.1 with small synthetic wheels, and a small project that ``tools/setup.sh`` sets up."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
PYPROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "synthetic-project"
version = "1.0"
"""
# Builds the synthetic project with the standard library only: an editable wheel that holds a path.
BACKEND = """import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "synthetic_project-1.0-py3-none-any.whl"
    info = "synthetic_project-1.0.dist-info/"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: synthetic-project\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


def make_wheel(folder: Path, name: str, version: str, requires: tuple[str, ...] = ()) -> str:
    """Write a synthetic wheel with one module; return its SHA-256."""
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: toml"]
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": "\n".join([*lines, *(f"Requires-Dist: {each}" for each in requires)]) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: synthetic\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inside, text in files.items():
            wheel.writestr(inside, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class Index:
    """The index as it is served: ``hold`` names a file whose answer never comes, ``reached`` tells when it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hold = ""
        self.reached = threading.Event()
        self.release = threading.Event()
        self.url = ""

    def add(self, name: str, version: str, requires: tuple[str, ...] = ()) -> str:
        """Offer one more wheel; return its SHA-256."""
        page = self.folder / "simple" / name
        page.mkdir(parents=True, exist_ok=True)
        sha = make_wheel(page, name, version, requires)
        files = sorted(path.name for path in page.glob("*.whl"))
        (page / "index.html").write_text("".join(f'<a href="{file}">{file}</a>\n' for file in files))
        return sha


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, index: Index, **kwargs: object) -> None:
        self.index = index
        super().__init__(*args, directory=str(index.folder), **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.index.hold and self.path.startswith(self.index.hold):
            self.index.reached.set()
            self.index.release.wait(60)
            return
        super().do_GET()

    def end_headers(self) -> None:
        """Forbid keeping: the tests add wheels to pages that were asked for before."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Index]:
    """Serve an index from a folder while the block runs."""
    index = Index(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, index=index))
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_port}/simple/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield index
    finally:
        index.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Checkout:
    """A small project with the real set-up script, and a lock of synthetic packages."""

    def __init__(self, root: Path, script: Path) -> None:
        self.root = root
        (root / "tools").mkdir(parents=True)
        shutil.copy(script, root / "tools" / "setup.sh")
        (root / "pyproject.toml").write_text(PYPROJECT)
        (root / "backend.py").write_text(BACKEND)

    def lock(self, **hashes: str) -> None:
        """Write the lock: ``name_version="sha256"`` each."""
        lines = [f"{name.replace('_', '==', 1).replace('_', '.')} --hash=sha256:{sha}" for name, sha in hashes.items()]
        (self.root / "requirements.lock").write_text("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        """The call that ``make`` does before every verb."""
        return ["sh", str(self.root / "tools" / "setup.sh")]

    def environment(self, url: str, uv: Path | str = UV, python: str = sys.executable) -> dict[str, str]:
        """Variables for a set-up from this index and no other, with caches of its own; ``uv=""`` takes pip."""
        home = self.root.parent / "home"
        home.mkdir(exist_ok=True)
        index = {"PIP_INDEX_URL": url, "UV_DEFAULT_INDEX": url, "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
        quiet = {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(home / "uv")}
        base = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}
        return {**base, **index, **quiet, "PYTHON": python, "UV": str(uv)}

    def set_up(self, url: str, uv: Path | str = UV, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the set-up; return its exit code and what it said."""
        environment = self.environment(url, uv) | more
        return subprocess.run(self.command(), env=environment, capture_output=True, text=True, check=False, timeout=180)

    def imported(self, name: str) -> str:
        """The version of a synthetic package, as the Python of the ``.venv`` imports it."""
        command = [str(self.root / ".venv/bin/python"), "-c", f"import {name}; print({name}.version)"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
