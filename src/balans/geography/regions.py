"""Find the region that somebody means: one of ours, a standard area of CBS, or a file of their own."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

from balans.errors import UnknownKeyError
from balans.geography.catalogue import Region, defined_regions, load_regions, same_name, slug, standard_area
from balans.geography.custom import load_region_file
from balans.geography.divisions import LAST_YEAR, area_names, division, load_divisions
from balans.paths import Project

__all__ = ["Region", "load_regions", "resolve_region", "slug", "standard_area"]


def resolve_region(project: Project, text: str) -> Region:
    """Return the region that ``text`` means: an id, a regiocode, a name, or the path of a region file (YAML).

    An id of one of our regions goes before a CBS area of the same name, and a name of today before a former one. A
    former municipality is a region too: :func:`balans.geography.former.what_became_of` says where it went.

    Raises:
        UnknownKeyError: nothing is called that (the message suggests what is close), or several areas are.
        DefinitionError: the region file is not right.
    """
    text = text.strip()
    if text.lower().endswith((".yml", ".yaml")):
        return load_region_file(Path(text), project)
    regions = defined_regions(project)
    if text in regions or slug(text) in regions:
        return regions.get(text) or regions[slug(text)]
    if re.fullmatch(r"(GM\d{4}|CR\d\d|PV\d\d|NL01)", text.upper()):
        return standard_area(project, text.upper())
    return _by_name(project, text, regions)


def _by_name(project: Project, text: str, regions: Mapping[str, Region]) -> Region:
    candidates = _names(project, regions)
    found = sorted(code for code, name in candidates.items() if same_name(name, text))
    if len(found) == 1:
        return regions.get(found[0]) or standard_area(project, found[0])
    if not found and (former := _former_name(project, text)):
        return standard_area(project, former)
    if found:
        choices = ", ".join(f"{code} ({candidates[code]})" for code in found)
        raise UnknownKeyError(f"“{text}” can mean {choices}: use the code.")
    close = difflib.get_close_matches(slug(text), {slug(name): None for name in candidates.values()}, n=3)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    raise UnknownKeyError(
        f"No region, municipality, COROP area or province is called “{text}”.{hint} See: balans region list."
    )


def _former_name(project: Project, text: str) -> str | None:
    """Return the code of the municipality that was called so in the most recent year that has one, or None."""
    named = load_divisions(project).sort_values("year")
    codes = named.loc[[same_name(name, text) for name in named["name"]], "gm_code"]
    return None if codes.empty else str(codes.iloc[-1])


def _names(project: Project, regions: Mapping[str, Region]) -> dict[str, str]:
    """Return code or id → name of everything that can be asked for; of municipalities those of today."""
    areas = {code: name for code, name in area_names(project).items() if code[:2] in ("PV", "CR")}
    today = division(project, LAST_YEAR)
    municipalities = dict(zip(today["gm_code"], today["name"], strict=True))
    return {region_id: region.name for region_id, region in regions.items()} | areas | municipalities
