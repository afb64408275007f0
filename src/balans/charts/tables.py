"""Tables as HTML that a phone can scroll and a screen reader can follow."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd


def html_table(frame: pd.DataFrame, caption: str, *, emphasised: Sequence[int] = ()) -> str:
    """Return ``frame`` (text only) as an HTML table; the first column heads the rows.

    Args:
        frame: cells as they should read, already formatted.
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
        f'<tr{kind}><th scope="row">{escape(str(first))}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in others)
        + "</tr>"
    )
