"""What a page reads is what it declares: anything besides would go stale, anything in vain would run it for nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from balans.pages.declaration import load_declarations
from balans.paths import Project

READS = """
import ast, json, os, sys
import geopandas
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from balans.pages.data import PageData
from balans.pages.declaration import load_declarations
from balans.paths import find_project
project = find_project()
opened, asked = set(), set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))
table, shapes = PageData.table, geopandas.read_parquet
def read_table(self, name):
    asked.add(name)
    return table(self, name)
def read_shapes(path, *more, **named):
    opened.add(str(path))  # GeoPandas reads by itself, where the hook does not see it
    return shapes(path, *more, **named)
PageData.table, geopandas.read_parquet = read_table, read_shapes
def run(path, parameters):
    # In this process, for the hook sees no other: what a cell shows last is drawn, as a kernel does.
    os.environ["JPY_SESSION_NAME"] = path
    names = {}
    for cell in parameterize_notebook(load_notebook_node(path), parameters).cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, path, "exec"), names)
            if shown is not None:
                value = eval(compile(ast.Expression(shown.value), path, "eval"), names)
                getattr(value, "_repr_mimebundle_", dict)()
for declared in load_declarations(project):
    child = os.fork()
    if child == 0:
        sys.addaudithook(hook)
        # A check with a key of the gemeentefonds, which reads one table more than the example that the page opens with.
        parameters = {"h4/regiocheck": {"beleid": "gemeentefonds-kernen"}}.get(declared.template, {})
        parameters |= {declared.parameter: "eemsdelta"} if declared.parameter else {}
        failed = None
        try:
            run(f"{project.notebooks}/{declared.template}.ipynb", parameters)
        except Exception as error:
            failed = repr(error)
        below = sorted(os.path.relpath(name, project.root) for name in opened if name.startswith(str(project.root)))
        with open(sys.argv[1] + "/" + declared.template.replace("/", "-") + ".json", "w") as told:
            json.dump([failed, sorted(asked), below], told)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_a_page_reads_what_it_declares(project: Project, tmp_path: Path) -> None:
    """Guards the key of every page: tables, definitions and files, traced while its template is run."""
    environment = {**os.environ, "BALANS_ROOT": str(project.root)}
    command = [sys.executable, "-W", "ignore", "-c", READS, str(tmp_path)]
    subprocess.run(command, check=True, env=environment, cwd=project.root, capture_output=True)
    wrong = {}
    for declared in load_declarations(project):
        told = tmp_path / f"{declared.template.replace('/', '-')}.json"
        failed, asked, opened = json.loads(told.read_text(encoding="utf-8"))
        assert failed is None, failed
        read = {name for name in opened if name.startswith(("definitions/", "data/")) and "/schemas/" not in name}
        read -= {name for name in read if name.startswith("data/processed/") and _is_table(project, name)}
        differences = {
            "tables in vain": sorted(set(declared.tables) - set(asked)),
            "files not declared": sorted(read - set(declared.files)),
            "files in vain": sorted(name for name in set(declared.files) - read if (project.root / name).is_file()),
        }
        if found := {what: names for what, names in differences.items() if names}:
            wrong[declared.template] = found
    assert wrong == {}


def _is_table(project: Project, name: str) -> bool:
    """Tables are asked for by name, and refused unless declared; their files are read on their behalf."""
    return name.endswith((".parquet", ".csv")) and "boundaries" not in name
