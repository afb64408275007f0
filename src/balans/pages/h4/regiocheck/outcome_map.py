"""The outcome of a regiocheck on a map of municipalities."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from balans.errors import RequestError
from balans.pages.data import PageData
from balans.pages.h4.regiocheck.tables import NORM_WORDS, Result, _source
from balans.pages.parts import style
from balans.pages.parts.maps import SIMPLIFY_METRES
from balans.pages.parts.output import Chart
from balans.paths import find_project
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.norm import NormResult
from balans.words.areas import NEDERLAND

# Classes of the amount per inhabitant as a percentage of the country's; the last has no upper bound.
CLASSES = (
    (0.0, "niets", "#8C510A"),
    (75.0, "minder dan driekwart", "#D8B365"),
    (95.0, "tot 5% minder", "#F6E8C3"),
    (105.0, "ongeveer gelijk", "#F5F5F5"),
    (125.0, "tot een kwart meer", "#9ECAE1"),
    (float("inf"), "meer dan een kwart meer", "#2171B5"),
)

NORM_COLOURS = {True: style.REGION, False: "#D9E6EE"}


def result_map(data: PageData, result: Result) -> Chart:
    """Return a map of the municipalities: how much per inhabitant against the country, or whom the norm touches."""
    shapes = _shapes(result.check.year)
    groups, colours = _money_groups(result) if isinstance(result, MoneyResult) else _norm_groups(result)
    shapes["group"] = shapes["gm_code"].map(groups)
    drawn, (axes,) = style.new_figure(6.4)
    for label, colour in colours.items():
        part = shapes[shapes["group"] == label]
        if not part.empty:
            part.plot(ax=axes, color=colour, edgecolor="#BBBBBB", linewidth=0.2, aspect="equal")
        axes.scatter(
            [], [], marker="s", s=90, color=colour, edgecolor="#888888", linewidth=0.5, label=f"{label} ({len(part)})"
        )
    krimp = set(result.municipalities.loc[result.municipalities["region_type"] == "krimp", "gm_code"])
    outline = gpd.GeoSeries([shapes[shapes["gm_code"].isin(krimp)].union_all()], crs=shapes.crs)
    outline.boundary.plot(ax=axes, color="black", linewidth=1.1, aspect="equal")
    axes.set_axis_off()
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(-0.12, 1.0),
        frameon=False,
        fontsize=9,
        title="Gemeenten" if isinstance(result, NormResult) else "Per inwoner, tegenover Nederland",
        alignment="left",
    )
    counts = shapes["group"].value_counts()
    finding = _map_finding(result, counts, len(shapes))
    style.set_finding(drawn, finding)
    listed = "; ".join(f"{label}: {counts.get(label, 0)}" for label in colours)
    table = shapes[["gm_code", "name", "group"]]
    source = f"{_source(data, result.check)} Gemeentegrenzen {result.check.year}: CBS/Kadaster, gegeneraliseerd."
    return Chart(
        drawn,
        "regiocheck-kaart",
        f"Kaart van Nederland per gemeente. {finding}. {listed}.",
        source,
        pd.DataFrame(table),
    )


def _map_finding(result: Result, counts: pd.Series, total: int) -> str:
    if isinstance(result, NormResult):
        return (
            f"{counts.get(NORM_WORDS[True], 0)} van de {total} gemeenten halen de norm niet (krimpregio's "
            "zwart omlijnd)"
        )
    labels = [label for _, label, _ in CLASSES]
    nothing, more = counts.get(labels[0], 0), sum(counts.get(label, 0) for label in labels[-2:])
    return (
        f"Van de {total} gemeenten krijgen er {nothing} niets en {more} duidelijk meer dan gemiddeld "
        "(krimpregio's zwart omlijnd)"
    )


def _shapes(year: int) -> gpd.GeoDataFrame:
    path = find_project().processed / "boundaries.parquet"
    shapes = gpd.read_parquet(path, filters=[("year", "==", year)])
    if shapes.empty:
        raise RequestError(f"Van {year} is er geen kaart met gemeentegrenzen; kies een peiljaar vanaf 2014.")
    shapes["geometry"] = shapes.geometry.simplify_coverage(SIMPLIFY_METRES)
    return shapes


def _money_groups(result: MoneyResult) -> tuple[dict[str, str], dict[str, str]]:
    country = float(result.types.set_index("type")["per_inhabitant_eur"][NEDERLAND])
    sums = result.municipalities.groupby("gm_code")[["cents", "inhabitants"]].sum()
    relative = sums["cents"] / sums["inhabitants"] / country if country else sums["cents"] * 0.0
    groups = {
        str(code): next(label for bound, label, _ in CLASSES if value <= bound) for code, value in relative.items()
    }
    return groups, {label: colour for _, label, colour in CLASSES}


def _norm_groups(result: NormResult) -> tuple[dict[str, str], dict[str, str]]:
    touched = result.municipalities.groupby("gm_code")["touched"].any()
    groups = {str(code): NORM_WORDS[bool(value)] for code, value in touched.items()}
    return groups, {NORM_WORDS[value]: colour for value, colour in NORM_COLOURS.items()}
