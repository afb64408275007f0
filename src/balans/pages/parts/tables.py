"""Tables as HTML that a phone can scroll and a screen reader can follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

LONGEST_FIGURE = 34

TAG = re.compile(r"<[^>]+>")
# Words that only a screen reader gets take no room in a column.
UNSEEN = re.compile(r'<span class="sr-only">.*?</span>')


class Html(str):
    """A cell that is HTML already, such as a verdict; every other cell is text."""

    __slots__ = ()


def html_table(frame: pd.DataFrame, caption: str, *, emphasised: Sequence[int] = ()) -> str:
    """Return ``frame`` (text only) as an HTML table; see :func:`html_rows`."""
    rows = [[str(cell) for cell in row] for row in frame.itertuples(index=False)]
    return html_rows([str(name) for name in frame.columns], rows, caption, emphasised=emphasised)


def html_rows(
    columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str, *, emphasised: Sequence[int] = ()
) -> str:
    """Return rows as an HTML table; the first column heads the rows.

    Args:
        columns: heads of the columns.
        rows: cells as they should read, already formatted: text, or :class:`Html` (which pandas would make text).
        caption: what the table holds.
        emphasised: positions of rows that stand out.
    """
    # The first column heads the rows: it is on the left anyway, and may wrap.
    prose = [place > 0 and any(_is_prose(row[place]) for row in rows) for place in range(len(columns))]
    head = "".join(
        f'<th scope="col"{_kind(is_prose)}>{escape(name)}</th>' for name, is_prose in zip(columns, prose, strict=True)
    )
    body = "\n".join(_row(row, prose, position in emphasised) for position, row in enumerate(rows))
    return (
        f'<div class="tabel" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">\n'
        f'<table class="table">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _is_prose(cell: str) -> bool:
    return len(TAG.sub("", UNSEEN.sub("", cell)) if isinstance(cell, Html) else str(cell)) > LONGEST_FIGURE


def _kind(is_prose: bool) -> str:
    """A column of sentences is set from the left and wide enough to read; figures stay on the right."""
    return ' class="tekst"' if is_prose else ""


def _row(cells: Sequence[str], prose: Sequence[bool], stands_out: bool) -> str:
    first, *others = cells
    kind = ' class="nadruk"' if stands_out else ""
    return (
        f'<tr{kind}><th scope="row">{_cell(first)}</th>'
        + "".join(f"<td{_kind(is_prose)}>{_cell(cell)}</td>" for cell, is_prose in zip(others, prose[1:], strict=True))
        + "</tr>"
    )


def _cell(content: str) -> str:
    return content if isinstance(content, Html) else escape(str(content))


def folded(summary: str, content: str) -> str:
    """Return HTML that a reader opens: ``summary`` (text) shows, ``content`` (HTML) follows."""
    return f"<details>\n<summary>{escape(summary)}</summary>\n{content}\n</details>"
