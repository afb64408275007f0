"""Tables as HTML that a phone can scroll and a screen reader can follow."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd


class Html(str):
    """A cell that is HTML already, such as a verdict; every other cell is text."""

    __slots__ = ()


def html_table(frame: pd.DataFrame, caption: str, *, emphasised: Sequence[int] = ()) -> str:
    """Return ``frame`` as an HTML table; the first column heads the rows.

    Args:
        frame: cells as they should read, already formatted: text, or :class:`Html`.
        caption: what the table holds.
        emphasised: positions of rows that stand out.
    """
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    body = "\n".join(
        _row(list(row), position in emphasised) for position, row in enumerate(frame.itertuples(index=False))
    )
    return (
        f'<div class="tabel" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">\n'
        f'<table class="table">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _row(cells: list[str], stands_out: bool) -> str:
    first, *others = cells
    kind = ' class="nadruk"' if stands_out else ""
    return (
        f'<tr{kind}><th scope="row">{_cell(first)}</th>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in others)
        + "</tr>"
    )


def _cell(content: str) -> str:
    return content if isinstance(content, Html) else escape(str(content))


def folded(summary: str, content: str) -> str:
    """Return HTML that a reader opens: ``summary`` (text) shows, ``content`` (HTML) follows."""
    return f"<details>\n<summary>{escape(summary)}</summary>\n{content}\n</details>"
