"""What a fetch hands over, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Fetched:
    """What came from a source, not yet stored.

    Attributes:
        files: per stored name its content, or a file that holds it.
        modified: the source's own date of the edition.
        how: how it came.
        notes: what a person should know: duplicates that were dropped, an empty year, topics that are gone.
        renamed: topics that were found under another title or key than ``sources.yml`` says first.
        figures: the file with figures in the stored shape; None for sources that have another shape.
    """

    files: dict[str, bytes | Path]
    modified: str | None
    how: str
    notes: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    figures: Path | None = None
