"""Build the website with Jupyter Book in a fresh folder, and swap it in when it is whole."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from balans.code import code_digests
from balans.errors import PublishError
from balans.files import sha256
from balans.paths import Project
from balans.publish.pages import Page
from balans.steps import inputs_digest
from balans.tables import read_package

LOG = logging.getLogger("balans")
EDITION = "edition.json"
GENERATED = {".mo"}
# The tables that roles in prose look things up in.
PROSE_TABLES = ("claims", "indicators", "regions")
# The code that turns pages into a site: Sphinx loads it, so no import leads to it.
SITE_CODE = ("balans.publish.site", "balans.publish.prose.sphinx_extension", "balans.publish.prose.outputs")


def build_site(project: Project, pages: list[Page]) -> bool:
    """Build the site unless it was built from the same inputs; return whether it was built.

    Raises:
        PublishError: Sphinx found an error or a warning; the message holds them. The last good site stays.
    """
    compile_locale(project.book)
    digest = site_digest(project, pages)
    if _current_digest(project.site) == digest:
        return False
    with tempfile.TemporaryDirectory(dir=_build_folder(project), prefix=".building-") as folder:
        built = _run_jupyter_book(project, pages, Path(folder))
        edition = {"inputs_sha256": digest, "tables": inputs_digest(read_package(project.processed) or {})}
        (built / EDITION).write_text(json.dumps(edition, indent=2) + "\n", encoding="utf-8")
        _swap(built, project.site)
    return True


def _build_folder(project: Project) -> Path:
    folder = project.site.parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _current_digest(site: Path) -> str | None:
    edition = site / EDITION
    if not edition.is_file():
        return None
    return str(json.loads(edition.read_text(encoding="utf-8")).get("inputs_sha256"))


def site_digest(project: Project, pages: list[Page]) -> str:
    """Return one SHA-256 over everything that goes into the site."""
    digest = hashlib.sha256(repr(sorted(code_digests(SITE_CODE).items())).encode())
    for name in ("jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme"):
        digest.update(f"{name} {version(name)}\n".encode())
    for path in _site_inputs(project, pages):
        digest.update(f"{path.relative_to(project.root).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()


def _site_inputs(project: Project, pages: list[Page]) -> Iterator[Path]:
    made = {project.book / page.target for page in pages}
    yield project.root / "_config.yml"
    yield project.root / "_toc.yml"
    for table in PROSE_TABLES:
        yield project.processed / f"{table}.parquet"
    for path in sorted(project.book.rglob("*")):
        if path.is_file() and path.suffix not in GENERATED and (path.suffix != ".ipynb" or path in made):
            yield path


def effective_toc(project: Project, pages: list[Page]) -> dict[str, Any]:
    """Return ``_toc.yml`` with the pages of the regions below the document that their template names."""
    toc: dict[str, Any] = yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))
    for chapter in [chapter for part in toc.get("parts", []) for chapter in part["chapters"]]:
        below = sorted((page for page in pages if page.below == chapter["file"]), key=lambda page: page.title)
        if below:
            chapter["sections"] = [{"file": page.target.removesuffix(".ipynb")} for page in below]
    return toc


def _run_jupyter_book(project: Project, pages: list[Page], folder: Path) -> Path:
    """Run jupyter-book on a copy of ``book/`` that holds only the pages of this edition; return the HTML folder."""
    source = folder / "book"
    made = {page.target for page in pages}
    shutil.copytree(project.book, source, ignore=_ignore_other_pages(project.book, made))
    toc = folder / "_toc.yml"
    toc.write_text(yaml.safe_dump(effective_toc(project, pages), allow_unicode=True, sort_keys=False), encoding="utf-8")
    command = [
        *(str(Path(sys.executable).with_name("jupyter-book")), "build", str(source)),
        *("--config", str(project.root / "_config.yml"), "--toc", str(toc), "--path-output", str(folder)),
        *("-W", "-n", "--keep-going"),
    ]
    environment = {**os.environ, "BALANS_ROOT": str(project.root), "PYTHONWARNINGS": "ignore"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    LOG.info("%s\n%s", result.stdout, result.stderr)
    built = folder / "_build" / "html"
    if result.returncode != 0 or not (built / "index.html").is_file():
        raise PublishError(
            f"The site could not be built; the last good one is still there.\n{_problems(result, source)}"
        )
    return built


def _ignore_other_pages(book: Path, made: set[str]) -> Any:
    def ignore(folder: str, names: list[str]) -> list[str]:
        here = Path(folder).relative_to(book)
        return [name for name in names if name.endswith(".ipynb") and (here / name).as_posix() not in made]

    return ignore


def _problems(result: subprocess.CompletedProcess[str], source: Path) -> str:
    lines = (result.stdout + result.stderr).splitlines()
    found = [line for line in lines if "WARNING" in line or "ERROR" in line or "Error" in line]
    return "\n".join(found or lines[-20:]).replace(f"{source}/", "book/")


def _swap(built: Path, site: Path) -> None:
    """Put the new site where the old one was; the old one goes only when the new one is in place."""
    old = site.with_name(f".{site.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    built.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def compile_locale(book: Path) -> None:
    """Compile our Dutch texts for the theme: Sphinx reads ``.mo``, people read ``.po``."""
    for source in sorted((book / "_locale").rglob("*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
