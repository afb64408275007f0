"""``tools/setup.sh`` itself, against a package index on this machine: what it installs, and how it recovers."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_index import UV, Checkout, Index, serving

from balans.paths import Project

# A set-up with pip takes seconds, with uv a fraction of one.
SLOW_PIP = pytest.param("", marks=pytest.mark.slow, id="pip")
NOWHERE = "http://127.0.0.1:9/simple/"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An index with synthetic packages ``asker``, which wants ``wanted[toml]``, and ``wanted`` 1.0."""
    with serving(tmp_path / "index") as running:
        yield running


@pytest.fixture
def checkout(project: Project, tmp_path: Path, index: Index) -> Checkout:
    """A project whose lock holds what the index offers."""
    made = Checkout(tmp_path / "checkout", project.root / "tools" / "setup.sh")
    asker = index.add("asker", "1.0", ("wanted[toml]>=1.0",))
    made.lock(asker_1_0=asker, wanted_1_0=index.add("wanted", "1.0", ("tomlbytes>=1; extra == 'toml'",)))
    with (made.root / "requirements.lock").open("a") as lock:
        lock.write(f"tomlbytes==1.0 --hash=sha256:{index.add('tomlbytes', '1.0')}\n")
    return made


@pytest.mark.parametrize("uv", [UV, ""], ids=["uv", "pip"])
def test_the_locked_version_arrives_though_a_newer_one_is_offered(checkout: Checkout, index: Index, uv: Path) -> None:
    """Guards the fault of 24-11-2026: a newer version of what an extra asks for, published after the lock was made."""
    index.add("wanted", "1.1", ("tomlbytes>=1; extra == 'toml'",))
    said = checkout.set_up(index.url, uv)
    assert said.returncode == 0, said.stderr
    assert checkout.imported("wanted") == "1.0"
    assert checkout.set_up(NOWHERE, uv).stdout == "", "a .venv that is ready is left alone"


@pytest.mark.parametrize("uv", [pytest.param(UV, id="uv"), SLOW_PIP])
def test_a_lock_with_a_hole_is_not_taken_for_ready(checkout: Checkout, index: Index, uv: Path) -> None:
    """Guards the check afterwards: what a package misses is named, and no .venv stays."""
    lock = checkout.root / "requirements.lock"
    lock.write_text("".join(line for line in lock.read_text().splitlines(keepends=True) if "wanted" not in line))
    said = checkout.set_up(index.url, uv)
    assert said.returncode == 1
    assert "asker" in said.stderr
    assert "wanted" in said.stderr
    assert not (checkout.root / ".venv").exists()


@pytest.mark.parametrize("uv", [pytest.param(UV, id="uv"), SLOW_PIP])
def test_no_network_is_a_sentence_and_the_next_call_succeeds(checkout: Checkout, index: Index, uv: Path) -> None:
    """Guards a first call without a network."""
    said = checkout.set_up(NOWHERE, uv)
    assert said.returncode == 1
    assert said.stderr.startswith("The package index cannot be reached: check the network")
    assert len(said.stderr.splitlines()) == 1
    assert checkout.set_up(index.url, uv).returncode == 0


@pytest.mark.parametrize(
    ("how", "sentence"),
    [(signal.SIGKILL, ""), (signal.SIGINT, "Set-up was interrupted: give the same command again, it starts afresh.\n")],
    ids=["killed", "ctrl-c"],
)
def test_stopped_half_way_starts_afresh(checkout: Checkout, index: Index, how: signal.Signals, sentence: str) -> None:
    """Guards against a half-made .venv that is taken for ready: stopped while a package is on its way."""
    index.hold = "/simple/wanted/wanted-1.0"
    environment = checkout.environment(index.url)
    with subprocess.Popen(
        checkout.command(), env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert index.reached.wait(60)
        os.killpg(process.pid, how)
        assert process.communicate(timeout=60)[1].decode() == sentence
    assert (checkout.root / ".venv").exists()
    index.hold = ""
    said = checkout.set_up(index.url)
    assert said.returncode == 0, said.stderr
    assert "an earlier set-up did not finish" in said.stdout
    assert checkout.imported("wanted") == "1.0"


def test_a_changed_lock_leaves_nothing_of_the_old_one(checkout: Checkout, index: Index) -> None:
    """Guards that .venv holds the lock and nothing else, also after a change of either."""
    assert checkout.set_up(index.url).returncode == 0
    checkout.lock(wanted_1_1=index.add("wanted", "1.1"))
    said = checkout.set_up(index.url)
    assert said.returncode == 0, said.stderr
    assert "the lock has changed since" in said.stdout
    assert checkout.imported("wanted") == "1.1"
    assert not list((checkout.root / ".venv").rglob("asker.py"))


def test_a_moved_folder_gets_a_venv_of_its_own(checkout: Checkout, index: Index, tmp_path: Path) -> None:
    """Guards a checkout that was moved or copied: the commands of its .venv name the old folder."""
    assert checkout.set_up(index.url).returncode == 0
    checkout.root = checkout.root.rename(tmp_path / "moved")
    said = checkout.set_up(index.url)
    assert said.returncode == 0, said.stderr
    assert "it was made for another folder" in said.stdout


def test_a_python_that_went_away_is_noticed(checkout: Checkout, index: Index) -> None:
    """Guards an upgrade of the system's Python under a .venv."""
    assert checkout.set_up(index.url).returncode == 0
    python = checkout.root / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    said = checkout.set_up(index.url)
    assert said.returncode == 0, said.stderr
    assert "its Python is not there any more" in said.stdout
    assert checkout.imported("wanted") == "1.0"


def test_a_package_with_another_hash_is_refused(checkout: Checkout, index: Index) -> None:
    """Guards that nothing but the locked bytes is installed."""
    index.add("wanted", "1.0", ("something-else",))
    said = checkout.set_up(index.url)
    assert said.returncode == 1
    assert "A package that arrived is not the one that is locked" in said.stderr
    assert not (checkout.root / ".venv").exists()


def test_two_at_once_do_not_write_the_same_venv(checkout: Checkout, index: Index) -> None:
    """Guards two terminals: the second is told to wait."""
    if not shutil.which("flock"):
        pytest.skip("no flock on this machine: two set-ups at once are not noticed")
    (checkout.root / ".cache").mkdir()
    with (checkout.root / ".cache" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = checkout.set_up(index.url)
    assert said.returncode == 1
    assert "Another set-up of this folder is running" in said.stderr
    assert checkout.set_up(index.url).returncode == 0


def test_a_python_that_is_too_old_gets_a_sentence(checkout: Checkout, index: Index, tmp_path: Path) -> None:
    """Guards the first minute of somebody with an old or missing Python: a sentence, no traceback."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.2" && exit 0\n[ "$1" = -I ] && echo 3.8\n')
    old.chmod(0o755)
    said = checkout.set_up(index.url, PYTHON=str(old))
    assert said.returncode == 1
    assert said.stderr.startswith("This project needs Python 3.11 to 3.15 with venv; I found Python 3.8.2.")
    assert len(said.stderr.splitlines()) == 1
    said = checkout.set_up(index.url, PYTHON=str(tmp_path / "none"))
    assert "I found no " in said.stderr
    assert checkout.set_up(index.url).returncode == 0
