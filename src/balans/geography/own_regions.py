"""Regions of one's own: which somebody asked a page for. They live in ``data/own-regions`` and survive every clean-up.

A region file (``mijn-regio.yml``) is kept as a copy. A standard area (``GM0363``, ``CR14``, ``zuid-limburg``) is a line
of ``asked-for.txt``. A region of type ``custom`` in ``definitions/regions.yml`` is one too, without being asked for.
"""

from __future__ import annotations

from pathlib import Path

from balans.files import write_atomically
from balans.geography.catalogue import Region, custom_regions
from balans.geography.custom import load_region_file
from balans.geography.regions import resolve_region
from balans.paths import Project

ASKED_FOR = "asked-for.txt"


def keep_region_file(project: Project, path: Path) -> Region:
    """Check a region file, keep a copy of it, and return the region.

    Raises:
        UnknownKeyError, DefinitionError: the file is not right; nothing is written.
    """
    region = load_region_file(path, project)
    kept = project.own_regions / f"{region.id}.yml"
    if path.resolve() != kept.resolve():
        write_atomically(kept, path.read_bytes())
    return region


def keep_area(project: Project, region_id: str) -> None:
    """Keep that a page was asked for of a standard area, or of a parent or total of ours."""
    known = areas_asked_for(project)
    if region_id not in known:
        lines = "\n".join([*known, region_id])
        write_atomically(project.own_regions / ASKED_FOR, f"{lines}\n")


def areas_asked_for(project: Project) -> list[str]:
    """Return the ids and regiocodes of the areas that somebody asked a page for, in that order."""
    path = project.own_regions / ASKED_FOR
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def own_regions(project: Project) -> dict[str, Region]:
    """Return the regions whose tables are made apart, by id: from files, from the definition, and municipalities.

    Raises:
        UnknownKeyError, DefinitionError: a file that is kept is no longer right.
    """
    files = [load_region_file(path, project) for path in sorted(project.own_regions.glob("*.yml"))]
    # A municipality is followed back through its mergers, which the tables of everybody do not do.
    municipalities = [resolve_region(project, code) for code in areas_asked_for(project) if code.startswith("GM")]
    found = [*custom_regions(project).values(), *files, *municipalities]
    return {region.id: region for region in found}
