"""One look for every figure: colours that mean the same everywhere, type, grid and size."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from balans.words.numbers import number

# Okabe and Ito's palette (2008), which readers with any common colour blindness can tell apart.
REGION = "#D55E00"

KRIMP = "#EF9A63"

ANTICIPEER = "#0072B2"

NETHERLANDS = "#333333"

OTHER = "#C9C9C9"

NATURAL, DOMESTIC, FOREIGN = "#009E73", "#56B4E9", "#CC79A7"

AGES = ("#C6DBEF", "#9ECAE1", "#6BAED6", "#3182BD", "#08519C")

TYPE_COLOURS = {"krimp": KRIMP, "anticipeer": ANTICIPEER}

WIDTH_INCHES = 7.6


def apply_style() -> None:
    """Set seaborn and Matplotlib to the house style; the same figure gives the same bytes."""
    mpl.use("agg")
    _only_bundled_fonts()
    sns.set_theme(
        style="whitegrid",
        rc={
            "axes.edgecolor": "#888888",
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.labelsize": 10,
            "axes.axisbelow": True,
            "figure.facecolor": "white",
            "font.family": "DejaVu Sans",
            "font.size": 10.5,
            "grid.color": "#E6E6E6",
            "lines.linewidth": 2.2,
            "svg.fonttype": "path",
            "svg.hashsalt": "nederland-in-balans",
        },
    )


@cache
def _only_bundled_fonts() -> None:
    """Draw with the fonts that come with Matplotlib: those that a machine happens to have give other outlines."""
    font_manager.fontManager.ttflist = []
    for font in sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("DejaVuSans*.ttf")):
        font_manager.fontManager.addfont(font)


def new_figure(
    height: float = 4.2, columns: int = 1, *, rows: int = 1, sharey: bool = False
) -> tuple[MatplotlibFigure, list[Axes]]:
    """Return a figure as wide as the text with ``columns`` axes side by side in ``rows``, not known to pyplot."""
    apply_style()
    figure = MatplotlibFigure(figsize=(WIDTH_INCHES, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharey=sharey)
    return figure, list(axes.flat)


def set_finding(figure: MatplotlibFigure, finding: str) -> None:
    """Put the finding above the figure as its title, from the left edge, over as many lines as it needs."""
    figure.suptitle("\n".join(textwrap.wrap(finding, 74)), x=0.01, ha="left", fontsize=12, fontweight="bold")


def set_unit(axes: Axes, text: str) -> None:
    """Say above the axes what the vertical axis shows, where it can be read without turning one's head."""
    axes.set_title(text, loc="left", fontsize=9.5, color="#555555", pad=8)


def dutch_axis(axes: Axes, which: str = "y", decimals: int = 0, suffix: str = "") -> None:
    """Write the numbers of an axis in Dutch; ``which`` is x or y."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals) + suffix))


def year_axis(axes: Axes, most: int = 8) -> None:
    """Whole years only, ``most`` of them at most."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=most))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.grid(visible=False, axis="x")


def few_ticks() -> MaxNLocator:
    """Return at most four ticks, for narrow axes with long numbers."""
    return MaxNLocator(nbins=4, symmetric=True)


def label_line_ends(axes: Axes, labels: list[tuple[float, float, str, str]], least_gap: float) -> None:
    """Write a label to the right of the end of each line, moved apart where they would overlap.

    Args:
        axes: where the lines are.
        labels: x, y, text and colour per line.
        least_gap: the least distance between two labels, in units of the y axis.
    """
    at = float("-inf")
    for x, y, text, colour in sorted(labels, key=lambda label: label[1]):
        at = max(y, at + least_gap)
        axes.annotate(
            text,
            (x, at),
            xytext=(7, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontweight="bold" if colour == REGION else "normal",
            annotation_clip=False,
        )
