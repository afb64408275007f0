"""``balans book``: tables, pages and site, each only as far as something changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from balans.errors import UnknownKeyError
from balans.files import write_atomically
from balans.geography.former import what_became_of
from balans.geography.regions import resolve_region
from balans.indicators.own_regions import (
    keep_municipality,
    keep_own_region,
    kept_regions,
    read_with_own,
    refresh_own_regions,
)
from balans.paths import Project
from balans.process import process
from balans.publish.pages import Page, region_page, standard_pages
from balans.publish.runner import RunReport, run_pages
from balans.publish.site import build_site
from balans.tables import read_table

POLICY_TYPES = ("krimp", "anticipeer")


@dataclass(frozen=True)
class BookReport:
    """What ``make book`` did."""

    processed: bool
    pages: RunReport
    site_built: bool


def book_pages(project: Project, regions: list[str] | None = None) -> list[Page]:
    """Return the pages of the book: the standard ones, and one per region.

    Args:
        project: where everything is; its tables must have been made.
        regions: the region_ids to make a page for; default the 20 regions and those asked for before.

    Raises:
        UnknownKeyError: a region that does not exist; the message names those that do, or says where a former
            municipality went.
    """
    table = read_with_own(project, "regions", read_table(project.processed, "regions")).set_index("region_id")
    policy = sorted(table.index[table["type"].isin(POLICY_TYPES)])
    asked_for = [*extra_regions(project), *kept_regions(project)]
    _refuse_former(project, regions or [])
    wanted = regions or [*policy, *(region for region in asked_for if region in table.index)]
    unknown = [region for region in wanted if region not in table.index]
    if unknown:
        raise UnknownKeyError(
            f"There is no region {', '.join(unknown)}. There are: {', '.join(policy)}; and every province, COROP area "
            "and municipality by its CBS code, such as PV20, CR14 or GM0363."
        )
    return [
        *standard_pages(),
        *(region_page(region, str(table.loc[region, "name"])) for region in dict.fromkeys(wanted)),
    ]


def _refuse_former(project: Project, asked: list[str]) -> None:
    """Refuse former municipalities without tables of their own: the tables of everybody end where they ended."""
    kept = kept_regions(project)
    gone = [text for code in asked if code not in kept and (text := what_became_of(project, code))]
    if gone:
        raise UnknownKeyError(
            f"{' '.join(gone)} Ask for that one, or make a page of the former area by itself: make region REGION=…"
        )


def make_book(
    project: Project,
    *,
    regions: list[str] | None,
    engine: str,
    scheduler: str,
    start: Callable[[int], None],
    progress: Callable[[Page], None],
) -> BookReport:
    """Make the book from what is stored; see :func:`balans.publish.runner.run_pages` for engine and scheduler.

    Raises:
        BalansError: something is wrong with figures, definitions, a page or the site; the last good site stays.
    """
    processed = process(project)
    refresh_own_regions(project)
    pages = book_pages(project, regions)
    start(len(pages))
    report = run_pages(project, pages, engine_name=engine, scheduler=scheduler, progress=progress)
    return BookReport(processed, report, build_site(project, pages))


def extra_regions(project: Project) -> list[str]:
    """Return the regions that somebody asked a page for, besides the 20."""
    path = project.cache / "extra-regions.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def remember_region(project: Project, text: str) -> str:
    """Keep a page for a region in the book from now on (until ``make clean``); return its region_id.

    Args:
        project: where everything is.
        text: a region_id, a CBS code, a name, or the path of a region file.

    Raises:
        UnknownKeyError, DefinitionError: there is no such region, or its file is not right; nothing is kept.
    """
    region = resolve_region(project, text)
    process(project)
    if text.strip().lower().endswith((".yml", ".yaml")):
        return keep_own_region(project, Path(text.strip())).id
    if region.type == "municipality":
        keep_municipality(project, region)
        return region.id
    known = extra_regions(project)
    if region.id not in known:
        write_atomically(project.cache / "extra-regions.json", json.dumps([*known, region.id]) + "\n")
    return region.id
