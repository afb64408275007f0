"""``balans book``: tables, pages and site, each only as far as something changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from balans.errors import UnknownKeyError
from balans.geography.former import what_became_of
from balans.geography.own_regions import areas_asked_for, keep_area, keep_region_file, own_regions
from balans.geography.regions import resolve_region
from balans.paths import Project
from balans.process import process
from balans.publish.pages import Page, region_page, region_templates, standard_pages
from balans.publish.runner import RunReport, run_pages
from balans.publish.site import build_site
from balans.tables import read_table, read_with_own
from balans.words.areas import POLICY_TYPES


@dataclass(frozen=True)
class BookReport:
    """What ``make book`` did: which steps ran, which pages were executed, whether the site was built."""

    steps: list[str]
    pages: RunReport
    site_built: bool


def book_pages(project: Project, regions: list[str] | None = None) -> list[Page]:
    """Return the pages of the book: the standard ones, and one per region.

    Args:
        project: where everything is; its tables must have been made.
        regions: the region_ids to make a page for; default the 20 regions and those of one's own.

    Raises:
        UnknownKeyError: a region that does not exist; the message names those that do, or says where a former
            municipality went.
        DefinitionError: a notebook or ``_toc.yml`` is not right.
    """
    stored = read_table(project.processed, "regions")
    table = read_with_own(project.processed, "regions", stored).set_index("region_id")
    policy = sorted(table.index[table["type"].isin(POLICY_TYPES)])
    _refuse_former(project, regions or [])
    asked_for = [*areas_asked_for(project), *own_regions(project)]
    wanted = list(dict.fromkeys(regions or [*policy, *(region for region in asked_for if region in table.index)]))
    unknown = [region for region in wanted if region not in table.index]
    if unknown:
        raise UnknownKeyError(
            f"There is no region {', '.join(unknown)}. There are: {', '.join(policy)}; and every province, COROP area "
            "and municipality by its CBS code, such as PV20, CR14 or GM0363."
        )
    templates = region_templates(project)
    of_regions = [region_page(one, region, str(table.loc[region, "name"])) for one in templates for region in wanted]
    return [*standard_pages(project), *of_regions]


def _refuse_former(project: Project, asked: list[str]) -> None:
    """Refuse former municipalities without tables of their own: the tables of everybody end where they ended."""
    kept = own_regions(project)
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
    steps = process(project)
    pages = book_pages(project, regions)
    start(len(pages))
    report = run_pages(project, pages, engine_name=engine, scheduler=scheduler, progress=progress)
    return BookReport(steps, report, build_site(project, pages))


def remember_region(project: Project, text: str) -> str:
    """Keep a page for a region in the book from now on; return its region_id.

    Args:
        project: where everything is.
        text: a region_id, a CBS code, a name, or the path of a region file.

    Raises:
        UnknownKeyError, DefinitionError: there is no such region, or its file is not right; nothing is kept.
    """
    if text.strip().lower().endswith((".yml", ".yaml")):
        region = keep_region_file(project, Path(text.strip()))
    else:
        region = resolve_region(project, text)
        keep_area(project, region.id)
    process(project)
    return region.id
