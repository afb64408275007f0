"""The fan of a projection: the past as a line, the future as bands, the report as an open mark."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.outlook import (
    BOUNDS,
    CLAIM_YEAR,
    SHOWN_YEARS,
    STATUS_WORDS,
    TOO_NARROW,
    fan_numbers,
    measured_coverage,
    outlook,
    past,
    place,
    projection_source,
    report_point,
    shown_area,
    target_row,
)
from balans.pages.parts.output import Chart
from balans.pages.parts.select import records
from balans.pages.parts.subjects import PUBLISHED, Subject
from balans.words.numbers import number


def fan(data: PageData, region_id: str, subject: Subject, method: str = PUBLISHED) -> Chart | None:
    """Return the past and the projection of one series with bands of 80% and 95%; None without a projection.

    The page of a split region shows the larger area that it lies in. Beyond the tested horizon everything is paler.
    """
    area = shown_area(data, region_id)
    rows = pd.DataFrame() if area is None else outlook(data, area, subject, method)
    if area is None or rows.empty:
        return None
    line = past(data, area, subject)
    claim = report_point(data, area, subject)
    finding = _finding(data, area, subject, line, rows, claim)
    figure, (axes,) = style.new_figure(4.6)
    draw_fan(axes, line, rows, style.REGION)
    _finish(axes, subject, line, rows)
    if claim is not None:
        _mark_claim(axes, subject, claim, line)
    style.set_finding(figure, finding)
    return Chart(
        figure,
        f"{region_id}-prognose-{subject.id}".replace("_", "-"),
        f"Waaiergrafiek. {finding}. {_path_sentence(subject, rows)}",
        projection_source(data, [subject], [area], line.index, rows["origin_year"]),
        fan_numbers(area, subject, line, rows),
    )


def draw_fan(axes: Axes, line: pd.Series, rows: pd.DataFrame, colour: str, width: float = 2.4) -> None:
    """Draw the past as a line and the projection as a dashed one in its bands; untested years paler and dotted."""
    axes.plot(line.index, line, color=colour, linewidth=width)
    untested = rows["status"].eq("untested").to_numpy()
    joined = pd.concat([_start(line, rows), rows], ignore_index=True)
    first = int(untested.argmax()) if untested.any() else len(rows)
    for part, strength, dashes in ((joined[: first + 1], 1.0, (0, (4, 1.6))), (joined[first:], 0.4, (0, (1, 1.6)))):
        if len(part) < 2:
            continue
        years = part["year"].to_numpy()
        for share, alpha in ((95, 0.17), (80, 0.3)):
            lower, upper = (part[f"{side}_{share}"].to_numpy() for side in ("lower", "upper"))
            axes.fill_between(years, lower, upper, color=colour, alpha=alpha * strength, linewidth=0)
        axes.plot(years, part["value"], color=colour, linewidth=width * 0.8, linestyle=dashes)


def _start(line: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """The last measured figure as the point where the fan opens."""
    origin = int(rows["origin_year"].iloc[0])
    return pd.DataFrame([{"year": origin, "value": line[origin], **dict.fromkeys(BOUNDS, line[origin])}])


def _finish(axes: Axes, subject: Subject, line: pd.Series, rows: pd.DataFrame) -> None:
    low, high = min(line.min(), rows["lower_95"].min()), max(line.max(), rows["upper_95"].max())
    if low < high / 2:
        axes.set_ylim(bottom=0)
        low = 0.0
    style.label_line_ends(axes, _end_labels(rows.iloc[-1], (high - low) * 0.06), (high - low) * 0.06)
    _mark_untested(axes, rows)
    style.set_unit(axes, f"{subject.title} ({subject.unit}){_coverage_words(rows)}")
    style.dutch_axis(axes, decimals=1 if high - low < 4 else 0)
    style.year_axis(axes)


def _end_labels(last: pd.Series, gap: float) -> list[tuple[float, float, str, str]]:
    """Name the line and the upper edges of the bands; edges that nearly coincide share a name."""
    ends = {"prognose": last["value"], "80%": last["upper_80"], "95%": last["upper_95"]}
    if ends["95%"] - ends["80%"] < gap:
        ends = {"prognose": ends["prognose"], "80 en 95%": ends["80%"]}
    return [(float(last["year"]), float(height), text, style.REGION) for text, height in ends.items()]


def _mark_untested(axes: Axes, rows: pd.DataFrame) -> None:
    untested = rows.loc[rows["status"] == "untested", "year"]
    if untested.empty:
        return
    border = int(untested.iloc[0]) - 1
    axes.axvline(border, color="#777777", linewidth=0.9, linestyle=":")
    axes.annotate(
        "niet getoetst",
        (border, 0.02),
        xycoords=("data", "axes fraction"),
        xytext=(5, 0),
        textcoords="offset points",
        fontsize=9.5,
        color="#555555",
    )


def _coverage_words(rows: pd.DataFrame) -> str:
    share = measured_coverage(rows)
    if math.isnan(share):
        return ""
    terms = int(rows["coverage_80"].notna().sum())
    measured = f"gemiddeld over {terms} termijnen, {number(100 * share)}% van de uitkomsten in de 80%-band"
    return f"\nBij de toets viel, {measured}"


def _mark_claim(axes: Axes, subject: Subject, claim: float, line: pd.Series) -> None:
    """The report's point open, the outcome filled."""
    marks = [(claim, "white", "rapport")]
    if CLAIM_YEAR in line.index:
        marks.append((float(line[CLAIM_YEAR]), style.NETHERLANDS, "uitkomst"))
    for height, fill, text in marks:
        axes.plot(CLAIM_YEAR, height, "o", markersize=9, color=fill, markeredgecolor=style.NETHERLANDS, zorder=5)
        axes.annotate(
            f"{text}: {subject.as_measured(height)}",
            (CLAIM_YEAR, height),
            xytext=(-10, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=style.NETHERLANDS,
        )


def _finding(
    data: PageData, area: str, subject: Subject, line: pd.Series, rows: pd.DataFrame, claim: float | None
) -> str:
    what = f"{subject.title} in {place(data, area)}"
    if claim is not None and CLAIM_YEAR in line.index:
        expected, became = subject.as_measured(claim), subject.as_measured(line[CLAIM_YEAR])
        return f"{what}: het rapport verwachtte {expected} in {CLAIM_YEAR}, het werd {became}"
    target = target_row(rows)
    if target is None:
        return f"{what}: te weinig cijfers of toetsen voor een prognose; het laatste cijfer is aangehouden"
    band = _band_words(subject, rows, target)
    if target["model"] == "no_change":
        return f"{what}: niets deed het beter dan ‘geen verandering’ ({subject.rounded(target['value'])}); {band}"
    return (
        f"{what}: van {subject.rounded(line.iloc[-1])} in {line.index[-1]} naar {subject.rounded(target['value'])} in "
        f"{target['year']} als het zo doorgaat; {band}"
    )


def _band_words(subject: Subject, rows: pd.DataFrame, target: pd.Series) -> str:
    """The band of 80%, or, where it proved far too narrow, that it did."""
    share = measured_coverage(rows)
    if share < TOO_NARROW:
        return f"de 80%-band bleek te smal: gemiddeld viel {number(100 * share)}% erin"
    return f"80%-band {subject.rounded(target['lower_80'])} tot {subject.rounded(target['upper_80'])}"


def _path_sentence(subject: Subject, rows: pd.DataFrame) -> str:
    """The projection in words, for who cannot see the fan."""
    chosen = rows[rows["year"].isin([*SHOWN_YEARS, rows["year"].max()])]
    parts = [
        f"{row['year']} {subject.rounded(row['value'])} (80%-band {subject.rounded(row['lower_80'])} tot "
        f"{subject.rounded(row['upper_80'])}, {STATUS_WORDS[row['status']]})"
        for row in records(chosen)
    ]
    return f"Prognose: {'; '.join(parts)}."
