"""Many areas at once: small multiples of fans, and a table of where each area stands at a few years."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure

from balans.pages.data import PageData
from balans.pages.h1.prognoses.choice import Choice
from balans.pages.parts import style
from balans.pages.parts.fan import draw_fan
from balans.pages.parts.outlook import (
    BOUNDS,
    SHOWN_YEARS,
    TARGET,
    fan_numbers,
    is_split,
    outlook,
    past,
    projected_cells,
    projection_source,
)
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import name, region
from balans.pages.parts.subjects import PUBLISHED, Subject
from balans.pages.parts.tables import html_table
from balans.projections.build import ALL_METHODS
from balans.words.numbers import with_unit

COLUMNS, MOST = 4, 20

FIRST_YEAR, BASE_YEAR = 2010, 2015

COLOURS = {"krimp": style.REGION, "anticipeer": style.ANTICIPEER}


def areas_of(data: PageData, level: str, subject: Subject) -> list[str]:
    """Return the areas of a level, by name; of more than twenty those with the highest latest figure."""
    rows = data.table("series")
    own = rows[(rows["level"] == level) & (rows["indicator"] == subject.id)]
    latest = own.sort_values("year").groupby("region_id")["value"].last()
    return sorted(latest.nlargest(MOST).index, key=lambda area: name(data, area))


def drawable(choice: Choice, level: str) -> str:
    """Return the method that can be drawn: per municipality, COROP area and province only what is published is kept."""
    return choice.method if level in ALL_METHODS else PUBLISHED


def small_multiples(data: PageData, choice: Choice, subject: Subject) -> Chart | None:
    """Return a fan per area of the chosen level as an index (2015 = 100), on one scale; None without a projection."""
    areas, method = areas_of(data, choice.level, subject), drawable(choice, choice.level)
    lines = {area: past(data, area, subject) for area in areas}
    ahead = {area: outlook(data, area, subject, method) for area in areas}
    drawn = {area: rows for area, rows in ahead.items() if not rows.empty}
    if not drawn:
        return None
    figure, panels = _grid(len(areas))
    for axes, area in zip(panels, areas, strict=False):
        _draw_panel(data, axes, area, lines[area], ahead[area])
    finding = _finding(choice, subject, lines, drawn)
    style.set_finding(figure, finding)
    span = sorted({int(year) for line in lines.values() for year in line.index if year >= FIRST_YEAR})
    origins = pd.concat([rows["origin_year"] for rows in drawn.values()])
    numbers = [fan_numbers(area, subject, lines[area], rows) for area, rows in drawn.items()]
    return Chart(
        figure,
        f"prognose-{subject.id}-per-gebied".replace("_", "-"),
        f"Kleine waaiergrafieken, een per gebied (2015 = 100). {finding}. {_each_area(data, subject, drawn)}",
        projection_source(data, [subject], areas, span, origins) + _method_note(choice, method),
        pd.concat(numbers, ignore_index=True),
    )


def _grid(count: int) -> tuple[MatplotlibFigure, list[Axes]]:
    """Return a figure with panels of four in a row on one scale; panels too many are not drawn."""
    style.apply_style()
    rows = -(-count // COLUMNS)
    figure = MatplotlibFigure(figsize=(style.WIDTH_INCHES, 1.2 + 1.75 * rows), layout="constrained")
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False, sharex=True, sharey=True).flat)
    for axes in panels[count:]:
        axes.set_visible(False)
    return figure, panels


def _draw_panel(data: PageData, axes: Axes, area: str, line: pd.Series, rows: pd.DataFrame) -> None:
    colour = COLOURS.get(str(region(data, area)["type"]), style.NETHERLANDS)
    base = line.get(BASE_YEAR, line.iloc[0])
    recent = line[line.index >= FIRST_YEAR]
    if rows.empty:
        axes.plot(recent.index, 100 * recent / base, color=style.OTHER, linewidth=1.6)
    else:
        draw_fan(axes, 100 * recent / base, _index(rows, float(base)), colour, 1.6)
    heading = "\n".join(textwrap.wrap(name(data, area), 21)[:2])
    axes.set_title(heading, fontsize=8.5, loc="left", pad=3, fontweight="bold")
    axes.axhline(100, color="#999999", linewidth=0.7)
    note = _panel_note(data, area, line, rows)
    axes.annotate(note, (0.03, 0.04), xycoords="axes fraction", fontsize=8, color="#444444")
    axes.tick_params(labelsize=8)
    axes.set_xticks([BASE_YEAR, 2025, TARGET], [str(BASE_YEAR), "2025", str(TARGET)])
    style.dutch_axis(axes)


def _index(rows: pd.DataFrame, base: float) -> pd.DataFrame:
    scaled = rows.copy()
    scaled[["value", *BOUNDS]] = 100 * rows[["value", *BOUNDS]] / base
    return scaled


def _panel_note(data: PageData, area: str, line: pd.Series, rows: pd.DataFrame) -> str:
    if not rows.empty:
        return f"{TARGET}: {with_unit(_change(line, rows), '%', 1, signed=True)}"
    parent = name(data, str(region(data, area)["parent"]))
    return f"zie {parent}" if is_split(data, area) else "geen prognose"


def _at_target(rows: pd.DataFrame) -> pd.Series:
    """The row of 2035, or the last one before it."""
    return rows[rows["year"] <= TARGET].iloc[-1]


def _change(line: pd.Series, rows: pd.DataFrame) -> float:
    """Return the change from the latest figure to 2035 in per cent."""
    return float(100 * (_at_target(rows)["value"] / line.iloc[-1] - 1))


def _finding(choice: Choice, subject: Subject, lines: dict[str, pd.Series], drawn: dict[str, pd.DataFrame]) -> str:
    lower = [area for area, rows in drawn.items() if _change(lines[area], rows) < 0]
    surely = [area for area in lower if _at_target(drawn[area])["upper_80"] < lines[area].iloc[-1]]
    if not lower:
        return f"{subject.title} in {TARGET}: als het zo doorgaat in alle {len(drawn)} {choice.areas} hoger dan nu"
    return (
        f"{subject.title} in {TARGET}: als het zo doorgaat lager dan nu in {len(lower)} van de {len(drawn)} "
        f"{choice.areas}; in {len(surely)} ligt de hele 80%-band lager"
    )


def _each_area(data: PageData, subject: Subject, drawn: dict[str, pd.DataFrame]) -> str:
    parts = [f"{name(data, area)} {subject.rounded(_at_target(rows)['value'])}" for area, rows in drawn.items()]
    return f"Prognose voor {TARGET}: {'; '.join(parts)}."


def _method_note(choice: Choice, method: str) -> str:
    if method == choice.method:
        return "" if method == PUBLISHED else f" Methode: {choice.title(method)}."
    return " Getekend is de gepubliceerde prognose: van de andere methoden zijn hier alleen de toetsen bewaard."


def areas_table(data: PageData, choice: Choice, subject: Subject) -> Table | None:
    """Return the same areas as a table: now, and a few years with the band of 80%, a star where not tested."""
    areas, method = areas_of(data, choice.level, subject), drawable(choice, choice.level)
    rows, numbers = [], []
    for area in areas:
        line, ahead = past(data, area, subject), outlook(data, area, subject, method)
        now = f"{subject.as_measured(line.iloc[-1])} ({line.index[-1]})"
        rows.append([name(data, area), now, *_cells(data, area, subject, ahead)])
        if not ahead.empty:
            numbers.append(fan_numbers(area, subject, line, ahead))
    if not numbers:
        return None
    columns = ["Gebied", "Nu", *(f"{year} (80%-band)" for year in SHOWN_YEARS)]
    caption = f"{subject.title}: prognose per gebied (* niet getoetst)"
    figures = pd.concat(numbers, ignore_index=True)
    years = figures.loc[figures["kind"] == "measured", "year"]
    source = projection_source(data, [subject], areas, years, figures["origin_year"].dropna())
    html = html_table(pd.DataFrame(rows, columns=columns), caption)
    called = f"prognose-{subject.id}-tabel".replace("_", "-")
    return Table(html, called, caption, source + _method_note(choice, method), figures)


def _cells(data: PageData, area: str, subject: Subject, ahead: pd.DataFrame) -> list[str]:
    if ahead.empty:
        words = f"zie {name(data, str(region(data, area)['parent']))}" if is_split(data, area) else "geen prognose"
        return [words] * len(SHOWN_YEARS)
    return projected_cells(subject, ahead)
