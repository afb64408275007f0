"""The site is built whole or not at all, and only when something changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from balans.errors import PublishError
from balans.paths import Project
from balans.publish.book import book_pages
from balans.publish.pages import region_page, region_templates
from balans.publish.site import build_site, compile_locale, effective_toc, site_digest


def test_regions_are_added_to_the_table_of_contents(project: Project) -> None:
    """Guards that every page of a region can be reached, in the order of their names."""
    (declared,) = region_templates(project)
    pages = [region_page(declared, region, region.title()) for region in ("walcheren", "achterhoek")]
    toc = effective_toc(project, pages)
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"] if chapter["file"] == "regios/index"]
    assert chapters[0]["sections"] == [{"file": "regios/achterhoek"}, {"file": "regios/walcheren"}]
    own = yaml.safe_load((project.root / "_toc.yml").read_text())
    assert own["root"] == "index"


def test_nothing_changed_means_nothing_is_built(book: Path, project: Project) -> None:
    """Guards the second ``make book``: Sphinx is not even started."""
    before = (book / "edition.json").stat().st_mtime_ns
    assert build_site(project, book_pages(project)) is False
    assert (book / "edition.json").stat().st_mtime_ns == before


def test_the_digest_follows_prose_configuration_and_pages(small_project: Project, project: Project) -> None:
    """Guards against a stale site."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    digests = [site_digest(small_project, [])]
    for path in (small_project.book / "index.md", small_project.root / "_config.yml"):
        path.write_text(path.read_text() + "\n\n")
        digests.append(site_digest(small_project, []))
    assert len(set(digests)) == 3


def test_a_broken_page_leaves_the_good_site(small_project: Project, project: Project, book: Path) -> None:
    """Guards readers: a figure that does not exist stops the build with its place, and the old site stays."""
    shutil.copytree(project.processed, small_project.processed, dirs_exist_ok=True)
    shutil.copytree(book, small_project.site)
    for name in ("h1", "h2", "h3", "h4", "regios", "verantwoording"):
        shutil.rmtree(small_project.book / name)
    (small_project.root / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (small_project.book / "index.md").write_text("# X\n\n{cijfer}`krimpregios nothing 2015`\n")
    with pytest.raises(PublishError, match=r"book/index.md:3: WARNING: There is no indicator nothing"):
        build_site(small_project, [])
    assert json.loads((small_project.site / "edition.json").read_text())["inputs_sha256"]
    assert (small_project.site / "index.html").read_bytes() == (book / "index.html").read_bytes()
    assert [path.name for path in small_project.site.parent.iterdir()] == ["html"]


def test_dutch_texts_of_the_theme_are_compiled(small_project: Project) -> None:
    """Guards the translation file: it is read without an error and written beside its source."""
    compile_locale(small_project.book)
    assert (small_project.book / "_locale" / "nl" / "LC_MESSAGES" / "sphinx.mo").stat().st_size > 500
