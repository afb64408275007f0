"""What a notebook shows: a chart or a table that carries its alt text, its source line and its data.

The text travels as output metadata, under the key ``balans``, from the notebook to the page
(see :mod:`balans.publish.prose.outputs`); JupyterLab shows the same image or table.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as MatplotlibFigure

METADATA_KEY = "balans"

PATHS = re.compile(r'(?<= d=")[^"]*')

LONG_NUMBERS = re.compile(r"(\.\d\d)\d+")


@dataclass(frozen=True)
class Chart:
    """A figure for a page.

    Attributes:
        figure: the drawn figure.
        name: file name without suffix, unique over the whole book (it contains the region_id).
        alt: what the figure shows, in Dutch, for who cannot see it; with the main numbers.
        source: the line under the figure: sources and peiljaar.
        data: the numbers behind the figure, for download.
    """

    figure: MatplotlibFigure
    name: str
    alt: str
    source: str
    data: pd.DataFrame

    def svg(self) -> str:
        """Return the figure as SVG; the same figure gives the same text."""
        buffer = io.StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return _shorter(buffer.getvalue())

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/svg+xml": self.svg(), "text/plain": self.alt}, {METADATA_KEY: describe(self)}


@dataclass(frozen=True)
class Table:
    """A table for a page: its HTML, and name, source line and data like a :class:`Chart`."""

    html: str
    name: str
    alt: str
    source: str
    data: pd.DataFrame

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/html": self.html, "text/plain": self.alt}, {METADATA_KEY: describe(self)}


@dataclass(frozen=True)
class Prose:
    """A paragraph of Markdown made from figures, such as the first lines of a region's page."""

    markdown: str

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}, {}


def describe(output: Chart | Table) -> dict[str, str]:
    """Return the metadata that travels with an output."""
    csv = output.data.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    return {"name": output.name, "alt": output.alt, "source": output.source, "csv": csv}


def _shorter(svg: str) -> str:
    """Cut coordinates of paths to a hundredth of a point: nobody sees it, and a map takes half the space."""
    return PATHS.sub(lambda path: LONG_NUMBERS.sub(r"\1", path[0]), svg)
