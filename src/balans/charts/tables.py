"""Tables as HTML that a phone can scroll and a screen reader can follow."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

LONGEST_FIGURE = 34


def html_table(frame: pd.DataFrame, caption: str, *, emphasised: Sequence[int] = ()) -> str:
    """Return ``frame`` (text only) as an HTML table; the first column heads the rows.

    Args:
        frame: cells as they should read, already formatted.
        caption: what the table holds.
        emphasised: positions of rows that stand out.
    """
    prose = [
        bool((frame.iloc[:, place].astype(str).str.len() > LONGEST_FIGURE).any()) for place in range(frame.shape[1])
    ]
    head = "".join(
        f'<th scope="col"{_kind(is_prose)}>{escape(str(name))}</th>'
        for name, is_prose in zip(frame.columns, prose, strict=True)
    )
    body = "\n".join(
        _row(list(row), prose, position in emphasised) for position, row in enumerate(frame.itertuples(index=False))
    )
    return (
        f'<div class="tabel" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">\n'
        f'<table class="table">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _kind(is_prose: bool) -> str:
    """A column of sentences is set from the left and wide enough to read; figures stay on the right."""
    return ' class="tekst"' if is_prose else ""


def _row(cells: list[str], prose: list[bool], stands_out: bool) -> str:
    first, *others = cells
    kind = ' class="nadruk"' if stands_out else ""
    return (
        f'<tr{kind}><th scope="row">{escape(str(first))}</th>'
        + "".join(
            f"<td{_kind(is_prose)}>{escape(str(cell))}</td>" for cell, is_prose in zip(others, prose[1:], strict=True)
        )
        + "</tr>"
    )
