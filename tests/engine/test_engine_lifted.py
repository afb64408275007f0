"""The engine is a package of its own: it knows nothing of this project and works from any folder."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from engine_probes import Write

from balans.publish import engine

PACKAGE = Path(engine.__file__).parent


def run_papermill(name: str, path: Path, environment: dict[str, str]) -> str:
    """Run a notebook by an engine from the folder that it is in; return what its first cell printed."""
    command = [sys.executable, "-m", "papermill", "--engine", name, "--no-progress-bar", path.name, "out.ipynb"]
    subprocess.run(command, cwd=path.parent, env={**os.environ, **environment}, check=True, capture_output=True)
    return str(nbformat.read(path.parent / "out.ipynb", as_version=4).cells[0].outputs[0].text)


def test_it_imports_nothing_of_this_project() -> None:
    """Guards that the folder can be moved to another project as it is."""
    for path in PACKAGE.glob("*.py"):
        for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in statement.names] if isinstance(statement, ast.Import) else []
            if isinstance(statement, ast.ImportFrom):
                names = [str(statement.module)]
                assert statement.level <= 1, f"{path.name} imports from above the package"
            assert not [name for name in names if name.split(".")[0] == "balans"], path.name


def test_papermill_knows_it_in_any_folder(write: Write) -> None:
    """Guards ``papermill --engine warm in.ipynb out.ipynb`` from an empty folder."""
    path = write("in", "import sys\nprint('pandas' in sys.modules)")
    assert run_papermill("warm", path, {}) == "False\n"
    assert run_papermill("warm", path, {"WARM_ENGINE_PRELOAD": "pandas"}) == "True\n"


def test_the_folder_works_under_another_name(write: Write, tmp_path: Path) -> None:
    """Guards the promise of the README: copy the folder, register the class, and it runs."""
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(PACKAGE, elsewhere / "lifted_engine")
    about = elsewhere / "lifted_engine-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: lifted-engine\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[papermill.engine]\nlifted = lifted_engine:WarmEngine\n")
    path = write("in", "import sys\nprint('colorsys' in sys.modules)")
    environment = {"PYTHONPATH": str(elsewhere), "WARM_ENGINE_PRELOAD": "colorsys"}
    assert run_papermill("lifted", path, environment) == "True\n"
