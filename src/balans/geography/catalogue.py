"""The catalogue of regions: the 20 of the report and the letter, what they add up to, and CBS's standard areas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from balans.definitions import load_definition
from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.divisions import LAST_YEAR, area_names, division, load_divisions
from balans.paths import Project
from balans.words.areas import NEDERLAND

# A region that somebody put together, beside those of the report and the letter.
CUSTOM = "custom"


@dataclass(frozen=True)
class Region:
    """A named set of municipalities in a stated division.

    Attributes:
        id: slug in ASCII (``noordoost-fryslan``), or the regiocode of a standard area (``GM1680``, ``CR39``, ``PV31``).
        name: as a reader sees it.
        type: ``krimp``, ``anticipeer``, ``parent``, ``total``, ``country``, ``province``, ``corop``, ``municipality``;
            for a region from a file ``custom``, or what the file says.
        division: year of the division that ``members`` belong to.
        members: regiocode → name of the municipality.
        province: name of the province, or empty when it lies in several.
        parent: id of the region that it is part of, or empty.
        notes: anything a reader should know.
    """

    id: str
    name: str
    type: str
    division: int
    members: Mapping[str, str] = field(hash=False)
    province: str = ""
    parent: str = ""
    notes: str = ""


def slug(name: str) -> str:
    """Return an ASCII id: "Noordoost Fryslân" → ``noordoost-fryslan``."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.replace("'", "")).strip("-")


def load_regions(project: Project) -> dict[str, Region]:
    """Return the 20 regions, their parents, the totals and the Netherlands, by id, in the order of the definition.

    These are the regions of the book. Those of type ``custom`` are not among them (see :func:`custom_regions`), so that
    a region of one's own changes no figure of another.

    Raises:
        DefinitionError: see :func:`defined_regions`.
    """
    return {region_id: region for region_id, region in defined_regions(project).items() if region.type != CUSTOM}


def custom_regions(project: Project) -> dict[str, Region]:
    """Return the regions of type ``custom`` in ``definitions/regions.yml``, which get a page like one from a file."""
    return {region_id: region for region_id, region in defined_regions(project).items() if region.type == CUSTOM}


def defined_regions(project: Project) -> dict[str, Region]:
    """Return every region of ``definitions/regions.yml`` and the Netherlands, by id, in the order of the definition.

    Raises:
        DefinitionError: the file breaks its schema, an id occurs twice, a member is not in the division, or a parent or
            a part does not exist.
    """
    path = project.definitions / "regions.yml"
    content = load_definition(path)
    own = [_region(entry, entry["type"]) for entry in content["regions"]]
    regions = {region.id: region for region in own}
    for section in ("parents", "totals"):
        for entry in content[section]:
            region = _group(entry, section.removesuffix("s"), regions, path)
            regions[region.id] = region
    regions[NEDERLAND] = _country(project)
    entries = [entry["id"] for section in content.values() for entry in section]
    _check(regions, entries, project, path)
    return regions


def standard_area(project: Project, code: str) -> Region:
    """Return a municipality, COROP area, province or the country as a region, on the latest division that has it.

    Raises:
        UnknownKeyError: no such regiocode in any division.
    """
    if code == "NL01":
        return _country(project)
    if code.startswith("GM"):
        return _municipality(project, code)
    level, kind = ("corop", "corop") if code.startswith("CR") else ("province", "province")
    members = division(project, LAST_YEAR).query(f"{level} == @code")
    if members.empty:
        raise UnknownKeyError(
            f"There is no {kind} {code}: provinces run from PV20 to PV31, COROP areas from CR01 to CR40."
        )
    names = area_names(project)
    province = names[members["province"].iloc[0]] if members["province"].nunique() == 1 else ""
    parent = NEDERLAND if level == "province" else members["province"].mode()[0]
    pairs = dict(zip(members["gm_code"], members["name"], strict=True))
    return Region(code, names[code], kind, LAST_YEAR, pairs, province, parent)


def _municipality(project: Project, code: str) -> Region:
    rows = load_divisions(project).query("gm_code == @code")
    if rows.empty:
        raise UnknownKeyError(f"There is no municipality {code} in any division since 2003.")
    last = rows.iloc[-1]
    province = area_names(project)[last["province"]]
    year = int(last["year"])
    notes = "" if year == LAST_YEAR else f"Existed until {year}."
    return Region(
        code,
        last["name"],
        "municipality",
        year,
        {code: last["name"]},
        province,
        last["corop"],
        notes,
    )


def _country(project: Project) -> Region:
    table = division(project, LAST_YEAR)
    pairs = dict(zip(table["gm_code"], table["name"], strict=True))
    return Region(NEDERLAND, "Nederland", "country", LAST_YEAR, pairs)


def _region(entry: Mapping[str, Any], kind: str) -> Region:
    keys = ("id", "name", "division", "members", "province", "parent", "notes")
    return Region(type=kind, **{key: entry[key] for key in keys if key in entry})


def _group(entry: Mapping[str, Any], kind: str, known: Mapping[str, Region], path: Path) -> Region:
    """Return a parent or total; without members of its own it has those of its parts."""
    if "members" in entry:
        return _region(entry, kind)
    unknown = [part for part in entry["regions"] if part not in known]
    if unknown:
        raise DefinitionError(
            f"{path}: {entry['id']} consists of {', '.join(unknown)}, which is not a region above it."
        )
    parts = [known[part] for part in entry["regions"]]
    if len({part.division for part in parts}) > 1:
        raise DefinitionError(f"{path}: the parts of {entry['id']} are on different divisions.")
    members = {code: name for part in parts for code, name in part.members.items()}
    return _region({**entry, "division": parts[0].division, "members": members}, kind)


def _check(regions: Mapping[str, Region], entries: Iterable[str], project: Project, path: Path) -> None:
    seen: set[str] = set()
    for region_id in entries:
        if region_id in seen:
            raise DefinitionError(f"{path}: {region_id} occurs twice. Give one of them another id.")
        seen.add(region_id)
    years = {region.division for region in regions.values()}
    codes = {year: set(division(project, year)["gm_code"]) for year in years}
    for region in regions.values():
        absent = [code for code in region.members if code not in codes[region.division]]
        if absent:
            raise DefinitionError(
                f"{path}: {region.id}: {', '.join(absent)} did not exist on 1 January {region.division}."
            )
        if region.parent and region.parent not in regions:
            raise DefinitionError(f"{path}: {region.id}: its parent {region.parent} is not a region.")


def same_name(name: str, text: str) -> bool:
    """Tell whether ``text`` names it, with or without what CBS adds in brackets: "Bergen (NH.)"."""
    return slug(text) in (slug(name), slug(re.sub(r" \([^)]+\)$", "", name)))
