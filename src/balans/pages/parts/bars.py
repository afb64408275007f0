"""Bars per region and tables that the chapters on policy share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from balans.pages.parts import style
from balans.pages.parts.output import Table
from balans.pages.parts.tables import html_table
from balans.words.areas import NEDERLAND
from balans.words.numbers import number

KIND_COLOURS = {
    "krimp": style.REGION,
    "anticipeer": style.ANTICIPEER,
    "country": style.NETHERLANDS,
    NEDERLAND: style.NETHERLANDS,
    "overig": style.OTHER,
}

KIND_NAMES = {
    "krimp": "Krimpregio",
    "anticipeer": "Anticipeerregio",
    "country": "Nederland",
    "overig": "Overig Nederland",
}


def draw_bars(axes: Axes, names: Iterable[str], values: pd.Series, kinds: pd.Series, texts: Sequence[str]) -> None:
    """Draw horizontal bars with their value at the end; the colour says the type of region."""
    axes.barh(list(names), values, color=[KIND_COLOURS[kind] for kind in kinds], height=0.7)
    for position, (value, text) in enumerate(zip(values, texts, strict=True)):
        side = 1 if value >= 0 else -1
        axes.annotate(
            text,
            (value, position),
            xytext=(5 * side, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=9,
        )
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))  # no 2.5, which whole labels would hide
    axes.axvline(0, color="#555555", linewidth=1)
    axes.margins(x=0.16, y=0.02)
    axes.grid(visible=False, axis="y")


def kind_legend(axes: Axes, kinds: Sequence[str], place: Literal["lower right", "upper left"] = "lower right") -> None:
    """Name the colours of the types of region."""
    for kind in kinds:
        axes.scatter([], [], marker="s", s=80, color=KIND_COLOURS[kind], label=KIND_NAMES[kind])
    axes.legend(loc=place, frameon=False, fontsize=9.5)


def interval_text(value: float, lower: float, upper: float, decimals: int = 2) -> str:
    """Return a value with its interval."""
    return f"{number(value, decimals)} ({number(lower, decimals)}–{number(upper, decimals)})"


def text_table(
    rows: list[list[str]], columns: list[str], caption: str, name: str, source: str, data: pd.DataFrame
) -> Table:
    """Return a table of text, with its data for download."""
    return Table(html_table(pd.DataFrame(rows, columns=columns), caption), name, caption, source, data)
