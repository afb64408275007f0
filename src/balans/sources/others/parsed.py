"""What a parser hands back, and the checks that parsers share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError


@dataclass(frozen=True)
class Parsed:
    """The content to store, and the source's own date (ISO 8601) if the file tells it."""

    content: bytes
    modified: str | None = None


def require(table: str, columns: list[str], wanted: list[str]) -> None:
    """Raise a SourceError if a column is missing; it lists the columns that there are."""
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise SourceError(
            f"Table {table}: the file has no column {', '.join(missing)}; it has: {', '.join(columns[:20])}. "
            "The stored file stays in force. The publisher may have changed the format: see docs/add-a-source.md"
        )


def as_csv(frame: pd.DataFrame, table: str) -> bytes:
    """Return a frame as CSV; an empty one is refused.

    Raises:
        SourceError: there is not one row.
    """
    if frame.empty:
        raise SourceError(f"Table {table}: the file has no row that is wanted. The stored file stays in force.")
    return frame.to_csv(index=False, lineterminator="\n").encode()
