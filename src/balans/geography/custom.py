"""A region of your own: a YAML file with a name, a division and a list of municipalities (names or codes).

    name: Mijn regio
    division: 2024
    members:
      - Amsterdam
      - GM0384

Schema: ``definitions/schemas/region-file.schema.json``. How to: ``docs/add-a-region.md``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from balans.definitions import check_against_schema
from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.catalogue import CUSTOM, Region, defined_regions, same_name, slug
from balans.geography.divisions import (
    FIRST_YEAR,
    LAST_YEAR,
    area_names,
    division,
    load_divisions,
)
from balans.paths import Project


def load_region_file(path: Path, project: Project) -> Region:
    """Return the region that a YAML file describes, with its members as codes.

    Raises:
        UnknownKeyError: no such file or division; a code or name that no municipality has; a municipality of another
            division; a name that several municipalities share.
        DefinitionError: not YAML, a missing or unknown key, no members, a member twice, or an id that is already taken.
    """
    content = _read(path, project)
    year = content["division"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownKeyError(
            f"{path}: there is no division of {year}: choose a year from {FIRST_YEAR} to {LAST_YEAR}."
        )
    if not content["members"]:
        raise DefinitionError(f"{path}: the list of members is empty: name at least one municipality.")
    today = division(project, year).set_index("gm_code")
    members: dict[str, str] = {}
    for text in content["members"]:
        code = _code(text.strip(), today, project, path, year)
        if code in members:
            raise DefinitionError(f"{path}: {members[code]} ({code}) is listed twice: remove one.")
        members[code] = str(today.at[code, "name"])
    return _region(content, members, today, project, path)


def _read(path: Path, project: Project) -> dict[str, Any]:
    if not path.is_file():
        raise UnknownKeyError(f"There is no region file {path}.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: this is not valid YAML. {error}") from error
    schema = project.definitions / "schemas" / "region-file.schema.json"
    check_against_schema(content, schema, path)
    return dict(content)


def _code(text: str, today: pd.DataFrame, project: Project, path: Path, year: int) -> str:
    """Return the code that a member means, in the division of the file."""
    if re.fullmatch(r"GM\d+", text, re.IGNORECASE):
        return _known_code(text.upper(), today, project, path, year)
    names = {str(code): str(name) for code, name in today["name"].items()}
    found = [code for code, name in names.items() if same_name(name, text)]
    if len(found) > 1:
        choices = " or ".join(f"{code} ({names[code]})" for code in found)
        raise UnknownKeyError(f"{path}: there is more than one “{text}” in {year}: write {choices}.")
    if found:
        return found[0]
    _raise_when_other_division(text, project, path, year)
    slugs = {slug(name): name for name in names.values()}
    close = difflib.get_close_matches(slug(text), slugs, n=1)
    hint = f" Did you mean {slugs[close[0]]}?" if close else ""
    raise UnknownKeyError(f"{path}: no municipality is called “{text}” in the division of {year}.{hint}")


def _known_code(code: str, today: pd.DataFrame, project: Project, path: Path, year: int) -> str:
    if code in today.index:
        return code
    rows = load_divisions(project).query("gm_code == @code")
    if rows.empty:
        raise UnknownKeyError(f"{path}: no municipality has the code {code}: a code looks like GM0363 (Amsterdam).")
    raise _other_division(f"{rows['name'].iloc[0]} ({code})", rows["year"], path, year)


def _raise_when_other_division(text: str, project: Project, path: Path, year: int) -> None:
    rows = load_divisions(project)
    rows = rows[[same_name(name, text) for name in rows["name"]]]
    if not rows.empty:
        raise _other_division(text, rows["year"], path, year)


def _other_division(what: str, years: pd.Series, path: Path, year: int) -> UnknownKeyError:
    return UnknownKeyError(
        f"{path}: {what} did not exist on 1 January {year}, but did from {years.min()} to {years.max()}: "
        f"change division to one of those years, or name the municipality that took its place."
    )


def _region(
    content: Mapping[str, Any],
    members: Mapping[str, str],
    today: pd.DataFrame,
    project: Project,
    path: Path,
) -> Region:
    region_id, known = slug(content["name"]), defined_regions(project)
    if not region_id or region_id in known:
        raise DefinitionError(
            f"{path}: the name “{content['name']}” is taken by the project's own region: choose another."
        )
    parent = content.get("parent", "")
    if parent and parent not in known:
        raise UnknownKeyError(f"{path}: the parent “{parent}” is not a region: choose from {', '.join(known)}.")
    provinces = today.loc[list(members), "province"].unique()
    return Region(
        id=region_id,
        name=content["name"],
        type=content.get("type", CUSTOM),
        division=content["division"],
        members=dict(sorted(members.items())),
        province=area_names(project)[provinces[0]] if len(provinces) == 1 else "",
        parent=parent,
        notes=content.get("notes", ""),
    )
