"""Where things are: every folder of the project, from its root."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The folders of one checkout.

    Attributes:
        root: folder that holds ``definitions/``, ``data/``, ``notebooks/`` and ``book/``.
    """

    root: Path

    @property
    def definitions(self) -> Path:
        """What we mean, as data."""
        return self.root / "definitions"

    @property
    def raw(self) -> Path:
        """Figures as the source publishes them, with a manifest."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """Tidy tables; generated."""
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """Templates with a parameters cell."""
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        """Prose, and the pages that papermill makes."""
        return self.root / "book"

    @property
    def site(self) -> Path:
        """The built website."""
        return self.root / "_build" / "html"

    @property
    def own_regions(self) -> Path:
        """Regions of one's own: files and regiocodes that somebody asked a page for; never deleted by a verb."""
        return self.root / "data" / "own-regions"

    @property
    def cache(self) -> Path:
        """Executed pages and digests; safe to delete."""
        return self.root / ".cache"


def find_project(start: Path | None = None) -> Project:
    """Return the project around ``start`` (default: ``$BALANS_ROOT``, else the current folder, else this package).

    Raises:
        FileNotFoundError: no folder with ``definitions/regions.yml`` above any of them.
    """
    candidates = [start] if start else [Path(os.environ.get("BALANS_ROOT") or Path.cwd()), Path(__file__)]
    for candidate in candidates:
        for folder in [candidate.resolve(), *candidate.resolve().parents]:
            if (folder / "definitions" / "regions.yml").is_file():
                return Project(folder)
    raise FileNotFoundError(f"No project here: {candidates[0]} has no definitions/regions.yml above it.")
