"""Pages of areas that somebody asked for, made in a copy of the project, so that the checkout gets no page it lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.published.pages import MUNICIPALITY, OWN_REGION, page_text

from balans.paths import Project
from balans.publish.book import book_pages, remember_region
from balans.publish.runner import run_pages
from balans.tables import OWN_FOLDER


def copied_project(project: Project, folder: Path) -> Project:
    """Return a copy with the tables of the real one; stored figures, which nothing writes to, are the real ones."""
    for name in ("definitions", "notebooks"):
        shutil.copytree(project.root / name, folder / name)
    for name in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(project.root / name, folder / name)
    shutil.copytree(project.book, folder / "book", ignore=shutil.ignore_patterns("*.ipynb"))
    shutil.copytree(project.processed, folder / "data/processed", ignore=shutil.ignore_patterns(OWN_FOLDER))
    (folder / "data/raw").symlink_to(project.raw)
    return Project(folder)


def asked_for_goldens(project: Project, folder: Path) -> dict[str, str]:
    """Return what the pages of a municipality and of a region of one's own say."""
    copy = copied_project(project, folder)
    ids = [remember_region(copy, text) for text in (MUNICIPALITY, str(OWN_REGION))]
    pages = [page for page in book_pages(copy, ids) if Path(page.target).stem in ids]
    run_pages(copy, pages, engine_name="warm", scheduler="processes", progress=lambda _: None)
    names = dict(zip(ids, ("gevraagd/gemeente", "gevraagd/eigen-regio"), strict=True))
    return {names[Path(page.target).stem]: page_text(copy.book / page.target) for page in pages}
