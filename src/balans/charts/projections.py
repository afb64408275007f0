"""Fan charts: the past, the projection with its bands, and what was expected before. One area at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from balans.charts import style
from balans.charts.numbers import number, with_unit
from balans.charts.output import Chart, Prose, Table
from balans.charts.projection_choice import PUBLISHED, Subject
from balans.charts.select import name, records, region, source_line
from balans.charts.tables import html_table
from balans.publish.scope import TOTALS, PageData

TARGET = 2035
JOINED = "\N{WORD JOINER}–\N{WORD JOINER}"  # a range does not break over two lines
SHOWN_YEARS = (2030, 2035, 2040)
BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
TOO_NARROW = 0.6  # a band of 80% that held less than this is not given as a finding
CLAIM_YEAR, CLAIM_AREA = 2025, "krimpregios"
OFFICIAL = (
    "[de regionale prognose van PBL en CBS](https://www.cbs.nl/nl-nl/cijfers/detail/85173NED) "
    "(meer bij het [PBL](https://www.pbl.nl/))"
)
STATUS_WORDS = {"tested": "getoetst", "untested": "niet getoetst", "too_few_figures": "te weinig cijfers"}


def past(data: PageData, region_id: str, subject: Subject) -> pd.Series:
    """Return the measured figures of a series by year, on one division; empty if there are none."""
    rows = data.tables["series"]
    own = rows[(rows["region_id"] == region_id) & (rows["indicator"] == subject.id)]
    return own.set_index("year")["value"].sort_index()


def outlook(data: PageData, region_id: str, subject: Subject, method: str = PUBLISHED) -> pd.DataFrame:
    """Return the projection of a series by year: what is published, or what one method makes of it.

    Only for regions, totals and the Netherlands are the methods kept that are not published. Regions that lie for a
    large part in split municipalities have none: see :func:`shown_area`.
    """
    rows = data.tables["projections"]
    own = rows[(rows["region_id"] == region_id) & (rows["indicator"] == subject.id) & (rows["status"] != "split")]
    chosen = own[own["published"]] if method == PUBLISHED else own[own["model"] == method]
    return chosen.sort_values("year").reset_index(drop=True)


def is_split(data: PageData, region_id: str) -> bool:
    """Return whether an area rests so much on split municipalities that it gets no projection of its own."""
    rows = data.tables["projections"]
    return bool((rows.loc[rows["region_id"] == region_id, "status"] == "split").any())


def shown_area(data: PageData, region_id: str) -> str | None:
    """Return the area whose projection a page shows: itself, the larger area of a split region, or None."""
    if not is_split(data, region_id):
        known = data.tables["projections"]["region_id"].eq(region_id).any()
        return region_id if known else None
    parent = str(region(data, region_id)["parent"])
    return None if parent in TOTALS else parent


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


def measured_coverage(rows: pd.DataFrame) -> float:
    """Return the mean over the measured years ahead of the part of past outcomes inside the 80% band; NaN if none."""
    return float(rows["coverage_80"].mean())


def _coverage_words(rows: pd.DataFrame) -> str:
    share = measured_coverage(rows)
    if math.isnan(share):
        return ""
    terms = int(rows["coverage_80"].notna().sum())
    measured = f"gemiddeld over {terms} termijnen, {number(100 * share)}% van de uitkomsten in de 80%-band"
    return f"\nBij de toets viel, {measured}"


def report_point(data: PageData, region_id: str, subject: Subject) -> float | None:
    """Return what the report expected of 2025, if it did so for this area and series and the page may read it."""
    column = data.tables.get("report_column")
    if column is None or region_id != CLAIM_AREA:
        return None
    found = column.loc[column["measured"] == subject.id, "claimed_2025"]
    return None if found.empty else float(found.iloc[0])


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


def target_row(rows: pd.DataFrame) -> pd.Series | None:
    """Return the last tested year up to 2035: the one that a page speaks of. None if no year was tested."""
    tested = rows[(rows["status"] == "tested") & (rows["year"] <= TARGET)]
    return None if tested.empty else tested.iloc[-1]


def place(data: PageData, area: str) -> str:
    """Return the name of an area as it stands in a sentence: "de krimpregio's"."""
    called = name(data, area)
    return f"de {called[0].lower()}{called[1:]}" if area in TOTALS and area != "nederland" else called


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


def projection_source(
    data: PageData, subjects: Iterable[Subject], areas: list[str], years: Iterable[int], origins: Iterable[int]
) -> str:
    """Return the line under projections: the figures, the prices, and whose projection it is not."""
    shown, span = list(subjects), sorted({int(year) for year in origins})
    figures = source_line(data, [subject.indicator.id for subject in shown], areas, [int(year) for year in years])
    prices = " Prijzen: CBS, jaarmutaties uit twee nieuwsberichten, niet uit StatLine opgehaald."
    origin = f"{span[0]}" if len(span) == 1 else f"{span[0]}–{span[-1]}, per cijfer verschillend"
    own = f" Prognose met cijfers tot en met {origin}: eigen berekening, niet de prognose van PBL en CBS."
    return figures + (prices if any(subject.real for subject in shown) else "") + own


def fan_numbers(area: str, subject: Subject, line: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Return past and projection as one table to download."""
    before = pd.DataFrame({"year": line.index, "value": line.to_numpy(), "kind": "measured"})
    after = rows[["origin_year", "year", "value", *BOUNDS, "model", "status", "mape", "coverage_80"]].assign(
        kind="projected"
    )
    return pd.concat([before, after], ignore_index=True).assign(region_id=area, indicator=subject.id)


def region_introduction(data: PageData, region_id: str) -> Prose:
    """Return what the section of projections on a region's page says first, whether or not there is a projection."""
    what = (
        "Zo ziet het eruit als de ontwikkeling doorgaat zoals zij was. Per cijfer en per aantal jaren vooruit is de "
        "methode gebruikt die in het verleden het best uitkwam; was dat ‘geen verandering’, dan staat dat er. Een knik "
        "in de lijn ontstaat waar een andere methode de beste wordt. Zo ver vooruit als nooit is getoetst, is de band "
        f"bleker. Dit is niet {OFFICIAL}: die rekent met geboorte, sterfte, verhuizingen en "
        "woningbouw. Bedragen zijn in euro's van het jaar zelf, tenzij er een prijspeil bij staat. Hoe goed zulke "
        "prognoses zijn, staat op de pagina [Prognoses](../h1/prognoses.ipynb)."
    )
    return Prose(
        " ".join([*_without_own(data, region_id), what]) if shown_area(data, region_id) else _none(data, region_id)
    )


def _without_own(data: PageData, region_id: str) -> list[str]:
    area = shown_area(data, region_id)
    if area is None or area == region_id:
        return []
    return [f"{_split_words(data, region_id)} Hieronder staat het grotere geheel: **{name(data, area)}**."]


def _split_words(data: PageData, region_id: str) -> str:
    return (
        f"{name(data, region_id)} ligt voor een groot deel in gemeenten die over de grens van de regio heen zijn "
        "samengevoegd en krijgt daarom geen eigen prognose."
    )


def _none(data: PageData, region_id: str) -> str:
    if is_split(data, region_id):
        parent = name(data, str(region(data, region_id)["parent"]))
        return (
            f"{_split_words(data, region_id)} Zij telt mee in het grotere geheel, {parent}: zie de "
            f"pagina [Prognoses](../h1/prognoses.ipynb). Voor de gemeenten zelf is er {OFFICIAL}."
        )
    return (
        f"Voor {name(data, region_id)} is geen prognose gemaakt: die is er voor de gemeenten van nu, COROP-gebieden, "
        f"provincies en de twintig regio's. Zie voor gemeenten ook {OFFICIAL}."
    )


def region_table(data: PageData, region_id: str, subjects: dict[str, Subject]) -> Table | None:
    """Return every projected series of an area in a few years, as text; None without a projection."""
    area = shown_area(data, region_id)
    if area is None:
        return None
    rows, numbers = [], []
    for subject in subjects.values():
        line, ahead = past(data, area, subject), outlook(data, area, subject)
        if line.empty or ahead.empty:
            continue
        now = f"{subject.as_measured(line.iloc[-1])} ({line.index[-1]})"
        rows.append([subject.title, now, *projected_cells(subject, ahead)])
        numbers.append(fan_numbers(area, subject, line, ahead))
    if not rows:
        return None
    columns = ["Cijfer", "Nu", *(f"{year} (80%-band)" for year in SHOWN_YEARS)]
    caption = f"Prognoses voor {name(data, area)}; * niet getoetst"
    figures = pd.concat(numbers, ignore_index=True)
    measured = figures.loc[figures["kind"] == "measured", "year"]
    source = projection_source(data, subjects.values(), [area], measured, figures["origin_year"].dropna())
    table = html_table(pd.DataFrame(rows, columns=columns), caption)
    return Table(table, f"{region_id}-prognosetabel", caption, source, figures)


def projected_text(subject: Subject, row: dict[str, Any] | None) -> str:
    """Return a projected figure with its band, and a star where it was never tested; a dash if there is none."""
    if row is None:
        return with_unit(None, "")
    value, lower, upper = (subject.rounded(float(row[key])) for key in ("value", "lower_80", "upper_80"))
    star = "" if row["status"] == "tested" else "*"
    return f"{value}{star} ({lower}{JOINED}{upper})"


def projected_cells(subject: Subject, rows: pd.DataFrame) -> list[str]:
    """Return the cells of a table for the years that are shown."""
    by_year = {int(row["year"]): row for row in records(rows)}
    return [projected_text(subject, by_year.get(year)) for year in SHOWN_YEARS]
