"""A region beside the Netherlands and its own kind, as lines."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart
from balans.pages.parts.select import compared_with, name, series, source_line, value
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import number, with_unit

BASE_YEAR = 2015


def against_netherlands(data: PageData, region_id: str, indicator: Indicator) -> Chart | None:
    """Return one indicator over the years beside the type of region and the Netherlands; None without two years."""
    areas = [region_id, *compared_with(data, region_id)]
    lines = {area: _since(series(data, area, indicator.id), 2005) for area in areas}
    common = lines[region_id].index.intersection(lines[NEDERLAND].index)
    if len(common) < 2:
        return None
    figure, (axes,) = style.new_figure(3.8)
    _draw_lines(data, axes, lines, region_id)
    axes.set_ylim(bottom=0)
    style.set_unit(axes, f"{indicator.title} ({indicator.unit})")
    style.dutch_axis(axes)
    first = BASE_YEAR if BASE_YEAR in common else int(common[0])
    finding = _ratio_finding(data, region_id, indicator, first, int(common[-1]))
    style.set_finding(figure, finding)
    alt = f"Lijngrafiek. {finding}. {_compare_sentence(data, lines, indicator.unit)}"
    return Chart(
        figure,
        f"{region_id}-{indicator.id.replace('_', '-')}",
        alt,
        source_line(data, [indicator.id], areas, lines[region_id].index),
        _long(data, lines, indicator.id),
    )


def _ratio_finding(data: PageData, region_id: str, indicator: Indicator, first: int, last: int) -> str:
    shares = [
        100 * value(data, region_id, indicator.id, year) / value(data, NEDERLAND, indicator.id, year)
        for year in (first, last)
    ]
    return (
        f"{indicator.title} in {name(data, region_id)}: {number(shares[1])}% van het Nederlands gemiddelde in {last}, "
        f"{number(shares[0])}% in {first}"
    )


def _draw_lines(data: PageData, axes: object, lines: dict[str, pd.Series], region_id: str) -> None:
    labels = []
    for area, line in lines.items():
        if line.empty:
            continue
        colour = _line_colour(area, region_id)
        axes.plot(line.index, line, color=colour, marker="o", markersize=3.5, linewidth=3 if area == region_id else 2)  # type: ignore[attr-defined]
        labels.append((float(line.index[-1]), float(line.iloc[-1]), name(data, area), colour))
    style.year_axis(axes)  # type: ignore[arg-type]
    values = pd.concat(list(lines.values()))
    style.label_line_ends(axes, labels, float(values.max() - values.min()) * 0.07)  # type: ignore[arg-type]


def _line_colour(area: str, region_id: str) -> str:
    if area == region_id:
        return style.REGION
    if area == NEDERLAND:
        return style.NETHERLANDS
    return style.KRIMP if area == KRIMPREGIOS else style.ANTICIPEER


def _since(line: pd.Series, year: int) -> pd.Series:
    return line[line.index >= year]


def _long(data: PageData, lines: dict[str, pd.Series], indicator: str) -> pd.DataFrame:
    rows = [
        {"region_id": area, "name": name(data, area), "indicator": indicator, "year": year, "value": figure}
        for area, line in lines.items()
        for year, figure in line.items()
    ]
    return pd.DataFrame(rows)


def _compare_sentence(data: PageData, lines: dict[str, pd.Series], unit: str) -> str:
    parts = [
        f"{name(data, area)} van {_as_text(line.iloc[0], unit)} in {line.index[0]} "
        f"naar {_as_text(line.iloc[-1], unit)} in {line.index[-1]}"
        for area, line in lines.items()
        if not line.empty
    ]
    return "; ".join(parts) + "."


def _as_text(figure: float, unit: str) -> str:
    return with_unit(float(figure), unit, 1 if unit in {"%", "index"} else 0)
