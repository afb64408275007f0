"""What each page was made from the last time: so that ``balans why`` can say what has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from balans.files import write_atomically
from balans.paths import Project

Inputs = Mapping[str, str]


def remember_made(project: Project, made: Mapping[str, Inputs]) -> None:
    """Keep the inputs of the pages that were put in place, by target; pages not named keep theirs."""
    known = made_from(project)
    if any(known.get(target) != dict(inputs) for target, inputs in made.items()):
        write_atomically(_path(project), json.dumps({**known, **made}, indent=1, sort_keys=True) + "\n")


def made_from(project: Project) -> dict[str, dict[str, str]]:
    """Return the inputs that each page was made from, by target; empty if nothing was made or the file is damaged."""
    try:
        return dict(json.loads(_path(project).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _path(project: Project) -> Path:
    return project.cache / "pages" / "made.json"
