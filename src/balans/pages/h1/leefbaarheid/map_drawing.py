"""How a map of scores is drawn: classes around zero in words, outlines of the regions, one or two panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.liveability import CLASSES, municipal, present_year, scores
from balans.pages.parts.maps import MAP_YEAR
from balans.paths import find_project
from balans.words.numbers import number

NO_SCORE = "#FFFFFF"

STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1)

HALVES = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])

SIMPLIFY_METRES = 1100

OUTLINES: dict[str, Literal["-", "--"]] = {"krimp": "-", "anticipeer": "--"}

BORDER_WIDTH = 0.9


@dataclass(frozen=True)
class Legend:
    """Seven classes around zero, each as wide as ``step``, with open ends."""

    step: float

    @classmethod
    def around(cls, values: pd.Series) -> Legend:
        """Return the legend whose ends hold about a tenth of ``values``."""
        wanted = float(np.nanquantile(values.abs(), 0.9)) / 2.5
        return cls(next((step for step in STEPS if step >= wanted * 0.999), STEPS[-1]))

    @property
    def edges(self) -> np.ndarray:
        """The six bounds, from low to high."""
        return np.asarray(HALVES * self.step)

    def classes(self, values: pd.Series) -> pd.Series:
        """Return the class 0–6 of each value; NaN stays NaN."""
        found = np.searchsorted(self.edges, values.to_numpy(dtype=float), side="right").astype(float)
        return pd.Series(found, index=values.index).mask(values.isna())

    def labels(self) -> list[str]:
        """Return what each class holds."""
        decimals = 3 if self.step >= 0.01 else 4 if self.step >= 0.001 else 5
        texts = [number(float(edge), decimals, signed=True) for edge in self.edges]
        between = [f"{low} tot {high}" for low, high in pairwise(texts)]
        return [f"onder {texts[0]}", *between, f"{texts[-1]} of meer"]


def level_legend(data: PageData, dimension: str) -> Legend:
    """Return the legend of every map of scores of one dimension: fitted to the official scores."""
    return Legend.around(municipal(scores(data, "official", dimension)))


def shapes(year: int) -> gpd.GeoDataFrame:
    """Return geometry (RD New, metres) per gm_code of the municipalities of one division, coarse."""
    path = find_project().processed / "boundaries.parquet"
    return _read_shapes(path, path.stat().st_mtime_ns, year)


@lru_cache(maxsize=4)
def _read_shapes(path: Path, stamp: int, year: int) -> gpd.GeoDataFrame:
    del stamp  # only there so that new boundaries are read again
    table = gpd.read_parquet(path, filters=[("year", "==", year)]).set_index("gm_code")
    return table.set_geometry(table.geometry.simplify_coverage(SIMPLIFY_METRES))


def outlines(data: PageData) -> dict[str, gpd.GeoSeries]:
    """Return the borders of the krimp and anticipeer regions, by type, on the division in which they are defined."""
    drawn = shapes(MAP_YEAR)
    members = data.membership[(data.membership["year"] == MAP_YEAR) & (data.membership["weight"] >= 0.5)]
    members = members[members["gm_code"].isin(drawn.index)]
    kinds = data.regions.set_index("region_id")["type"]
    found: dict[str, list[object]] = {kind: [] for kind in OUTLINES}
    for region_id, rows in members.groupby("region_id"):
        if kinds.get(region_id) in found:
            found[str(kinds[region_id])].append(drawn.loc[rows["gm_code"], "geometry"].union_all(method="coverage"))
    return {kind: gpd.GeoSeries(parts, crs=drawn.crs).boundary for kind, parts in found.items()}


def draw(axes: Axes, drawn: gpd.GeoDataFrame, classes: pd.Series, borders: dict[str, gpd.GeoSeries]) -> None:
    """Colour municipalities by class, one shape per class, and draw the borders of the regions over them."""
    placed = classes.reindex(drawn.index)
    for number_, colour in [*enumerate(CLASSES), (np.nan, NO_SCORE)]:
        part = drawn[placed.isna() if np.isnan(number_) else placed == number_]
        if not part.empty:
            whole = gpd.GeoSeries([part.geometry.union_all(method="coverage")], crs=drawn.crs)
            whole.plot(ax=axes, color=colour, edgecolor="#9A9A9A", linewidth=0.25, aspect="equal")
    for kind, lines in borders.items():
        lines.plot(ax=axes, color="#1A1A1A", linewidth=BORDER_WIDTH, linestyle=OUTLINES[kind], aspect="equal")
    axes.set_axis_off()


def _patches(legend: Legend) -> list[Patch | Line2D]:
    return [
        Patch(facecolor=colour, edgecolor="#9A9A9A", linewidth=0.4, label=label)
        for colour, label in zip(CLASSES, legend.labels(), strict=True)
    ]


def _borders() -> list[Patch | Line2D]:
    labels = {"krimp": "Krimpregio", "anticipeer": "Anticipeerregio"}
    return [
        Line2D([], [], color="#1A1A1A", linewidth=1.2, linestyle=OUTLINES[kind], label=label)
        for kind, label in labels.items()
    ]


def one_map(data: PageData, values: pd.Series, legend: Legend, finding: str, what: str) -> MatplotlibFigure:
    """Return a figure with one map and its legend, headed ``what``, in the corner where the sea is."""
    figure, (axes,) = style.new_figure(6.6)
    draw(axes, shapes(present_year(data)), legend.classes(values), outlines(data))
    handles = [*_patches(legend), *_borders()]
    axes.legend(
        handles=handles, title=what, alignment="left", loc="upper left", frameon=False, fontsize=8.5, title_fontsize=9
    )
    style.set_finding(figure, finding)
    return figure


def two_maps(data: PageData, panels: Sequence[tuple[str, pd.Series, Legend]], finding: str) -> MatplotlibFigure:
    """Return a figure with two maps: title, values and legend each; one legend under both if they share it."""
    figure, both = style.new_figure(6.1, 2)
    drawn, borders = shapes(present_year(data)), outlines(data)
    same = len({legend for _, _, legend in panels}) == 1
    for axes, (title, values, legend) in zip(both, panels, strict=True):
        draw(axes, drawn, legend.classes(values), borders)
        style.set_unit(axes, title)
        if not same:
            _legend_below(axes, legend)
    if same:
        handles = [*_patches(panels[0][2]), *_borders()]
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    style.set_finding(figure, finding)
    return figure


def _legend_below(axes: Axes, legend: Legend) -> None:
    axes.legend(
        handles=_patches(legend), loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, frameon=False, fontsize=8.5
    )
