"""Load what is said as data in ``definitions/``, checked against its JSON Schema."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from balans.errors import DefinitionError


def load_definition(path: Path) -> dict[str, Any]:
    """Return the content of a YAML definition, valid against ``schemas/NAME.schema.json`` beside it.

    Raises:
        DefinitionError: not readable as YAML, or not as the schema asks; the message names file, place and rule.
    """
    content = _parse(path, path.stat().st_mtime_ns)
    schema_path = path.parent / "schemas" / f"{path.stem}.schema.json"
    check_against_schema(content, schema_path, path)
    return content


@lru_cache(maxsize=64)
def _parse(path: Path, modified: int) -> dict[str, Any]:
    del modified  # only there so that a changed file is read again
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        raise DefinitionError(f"{path}: this is not valid YAML. {error}") from error
    if not isinstance(content, dict):
        raise DefinitionError(f"{path}: expected keys with values, found {type(content).__name__}.")
    return content


def check_definitions(folder: Path) -> None:
    """Hold every definition against its schema, before anything is computed from one of them.

    Args:
        folder: ``definitions/``.

    Raises:
        DefinitionError: one message with everything that is wrong, each naming file, entry and rule.
    """
    problems = []
    for path in sorted(folder.glob("*.yml")):
        try:
            load_definition(path)
        except DefinitionError as error:
            problems.append(str(error))
    if problems:
        raise DefinitionError("\n".join(problems))


def check_against_schema(content: Any, schema_path: Path, shown_as: Path | str) -> None:
    """Raise a DefinitionError that names where ``content`` breaks the schema first, with the id of the entry."""
    schema = json.loads(schema_path.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    problem = jsonschema.exceptions.best_match(validator.iter_errors(content))
    if problem is not None:
        place = list(problem.absolute_path)
        raise DefinitionError(f"{shown_as}: at {_shown(place) or 'the top'}{_entry(content, place)}: {problem.message}")


def _shown(place: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _entry(content: Any, place: list[str | int]) -> str:
    """Return the id of the entry around a place, such as “ (R17)”: people look for that, not for the 43rd of a list."""
    name = ""
    for step in place:
        content = content[step]
        if isinstance(content, dict) and isinstance(content.get("id"), str):
            name = f" ({content['id']})"
    return name
