"""How good the projections were: methods scored on what was known then against what happened."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.lines import Line2D

from balans.pages.data import PageData
from balans.pages.h1.prognoses.choice import Choice
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import records, source_line
from balans.pages.parts.subjects import PUBLISHED, Subject
from balans.pages.parts.tables import html_table
from balans.words.areas import NEDERLAND
from balans.words.numbers import NO_VALUE, number, with_unit

AHEAD = (1, 3, 5, 10)

DRAWN = ("inwoners", "grijze_druk", "woz_waarde", "besteedbaar_inkomen")

NO_CHANGE = "no_change"

HEADROOM = 1.6  # methods that went far off leave the figure at the top; the table has them all


def board(data: PageData, choice: Choice) -> pd.DataFrame:
    """Return the mean scores per indicator, horizon and method at the chosen level, tested horizons only."""
    rows = data.table("projection_scores")
    return rows[(rows["level"] == choice.level) & rows["tested"]]


def chosen(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Return the rows of the method that the reader chose: what is published, or one method."""
    return rows[rows["published"]] if choice.method == PUBLISHED else rows[rows["model"] == choice.method]


def origins_of(data: PageData, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the scores per origin behind rows of mean scores; coverage is known for some of the origins only."""
    return data.table("backtest").merge(rows[["indicator", "level", "horizon", "model"]])


def score(rows: pd.DataFrame, indicator: str, horizon: int, column: str) -> float:
    """Return one score out of rows with one method per indicator and horizon; NaN if there is none."""
    found = rows.loc[(rows["indicator"] == indicator) & (rows["horizon"] == horizon), column]
    return math.nan if found.empty else float(found.iloc[0])


def per_cent(figure: float, decimals: int = 1) -> str:
    """Return a percentage in Dutch; a dash if there is none."""
    return with_unit(figure, "%", decimals)


def published_horizons(choice: Choice) -> list[int]:
    """Return the years ahead that tables show: a few fixed ones and the one that was asked for."""
    return sorted({*AHEAD, choice.horizon})


def winners_table(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Table:
    """Return per indicator which method is published some years ahead, and its error as a part of that of no change."""
    rows = board(data, choice)
    best, ahead = rows[rows["published"]], published_horizons(choice)
    cells = [
        [subject.title, *(_winner(best, choice, subject.id, years) for years in ahead)] for subject in subjects.values()
    ]
    columns = ["Cijfer", *(f"{years} jaar vooruit" for years in ahead)]
    caption = f"Winnaar, {choice.areas}; tussen haakjes de fout, waarbij die van ‘geen verandering’ 1 is"
    figures = best[best["horizon"].isin(ahead)]
    columns_kept = ["indicator", "level", "horizon", "model", "origins", "n", "mape", "mape_no_change", "relative"]
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    return Table(html, "prognose-winnaars", caption, tests_source(data, choice, subjects), figures[columns_kept])


def _winner(best: pd.DataFrame, choice: Choice, indicator: str, years: int) -> str:
    found = best[(best["indicator"] == indicator) & (best["horizon"] == years)]
    if found.empty:
        return "niet getoetst"
    row = found.iloc[0]
    relative = "" if row["model"] == NO_CHANGE else f" ({number(row['relative'], 2)})"
    return f"{choice.title(str(row['model']))}{relative}"


def tests_source(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> str:
    """Return the line under scores: the figures, and the years from which was projected."""
    rows = data.table("backtest")
    years = rows.loc[rows["level"] == choice.level, "origin_year"]
    measured = data.table("series")["year"]
    used = [subject.indicator.id for subject in subjects.values()]
    figures = source_line(data, used, [NEDERLAND], range(int(measured.min()), int(measured.max()) + 1))
    return f"{figures} Eigen toetsen, vanaf {years.min()}–{years.max()}."


def methods_table(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Table:
    """Return the mean absolute error of every method at the chosen horizon, the published one starred."""
    rows = board(data, choice)
    rows = rows[rows["horizon"] == choice.horizon]
    cells = []
    for subject in subjects.values():
        own = {row["model"]: row for row in records(rows[rows["indicator"] == subject.id])}
        cells.append([subject.title, *(_error_cell(own.get(method)) for method in choice.methods)])
    columns = ["Cijfer", *choice.methods.values()]
    caption = f"Gemiddelde fout na {choice.horizon} jaar, {choice.areas} (* gepubliceerd)"
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    kept = rows[["indicator", "level", "horizon", "model", "origins", "n", "mae", "mape", "bias", "wis", "rank"]]
    return Table(html, "prognose-methoden", caption, tests_source(data, choice, subjects), kept)


def _error_cell(row: dict[str, float] | None) -> str:
    return NO_VALUE if row is None else per_cent(row["mape"]) + ("*" if row["published"] else "")


def error_by_horizon(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Chart:
    """Return the error of every method by years ahead for four indicators, the chosen one on top."""
    rows = board(data, choice)
    style.apply_style()
    figure = MatplotlibFigure(figsize=(style.WIDTH_INCHES, 6.2), layout="constrained")
    for axes, indicator in zip(figure.subplots(2, 2).flat, DRAWN, strict=True):
        _draw_errors(axes, rows[rows["indicator"] == indicator], choice)
        style.set_unit(axes, subjects[indicator].title)
    handles, labels = _legend(choice)
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9.5)
    finding = _error_finding(rows, choice)
    style.set_finding(figure, finding)
    shown = rows[rows["indicator"].isin(DRAWN)]
    kept = shown[["indicator", "level", "horizon", "model", "origins", "n", "mape", "published"]]
    what = "Vier lijngrafieken van de gemiddelde fout per aantal jaren vooruit"
    alt = f"{what}. {finding}. {_error_words(rows, choice, subjects)}"
    return Chart(figure, "prognose-fout-per-horizon", alt, tests_source(data, choice, subjects), kept)


def _draw_errors(axes: Axes, rows: pd.DataFrame, choice: Choice) -> None:
    for method, own in rows.groupby("model"):
        if method != NO_CHANGE:
            axes.plot(own["horizon"], own["mape"], color=style.OTHER, linewidth=1.3)
    still = rows[rows["model"] == NO_CHANGE]
    axes.plot(still["horizon"], still["mape"], color=style.NETHERLANDS, linewidth=2, linestyle=(0, (4, 2)))
    own = chosen(rows, choice).sort_values("horizon")
    axes.plot(own["horizon"], own["mape"], color=style.REGION, linewidth=2.4, marker="o", markersize=3.5)
    axes.set_ylim(0, HEADROOM * max(still["mape"].max(), own["mape"].max()))
    axes.set_xlabel("Jaren vooruit")
    style.dutch_axis(axes, suffix="%")
    style.year_axis(axes)


def _legend(choice: Choice) -> tuple[list[Line2D], list[str]]:
    """Handles and labels for the three kinds of line."""
    label = "Gepubliceerd" if choice.method == PUBLISHED else choice.title(choice.method)
    lines = [
        Line2D([], [], color=style.REGION, marker="o", markersize=3.5, linewidth=2.4),
        Line2D([], [], color=style.NETHERLANDS, linestyle=(0, (4, 2)), linewidth=2),
        Line2D([], [], color=style.OTHER, linewidth=1.3),
    ]
    return lines, [label, "Geen verandering", "Andere methoden"]


def _error_finding(rows: pd.DataFrame, choice: Choice) -> str:
    own = chosen(rows, choice)
    people = [score(own, "inwoners", choice.horizon, column) for column in ("mape", "mape_no_change")]
    if math.isnan(people[0]):
        return f"Fout van {choice.method_words}; {choice.horizon} jaar vooruit is voor inwoners niet getoetst"
    return (
        f"Inwoners van {choice.areas}: na {choice.horizon} jaar zat {choice.method_words} er gemiddeld "
        f"{per_cent(people[0])} naast, ‘geen verandering’ {per_cent(people[1])}"
    )


def _error_words(rows: pd.DataFrame, choice: Choice, subjects: dict[str, Subject]) -> str:
    own = chosen(rows, choice)
    parts = []
    for indicator in DRAWN:
        last = own.loc[own["indicator"] == indicator, "horizon"].max()
        if not math.isnan(last):
            error = per_cent(score(own, indicator, int(last), "mape"))
            parts.append(f"{subjects[indicator].title} {error} na {int(last)} jaar")
    return f"Bij de langste getoetste termijn: {'; '.join(parts)}."


def origin_table(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Table:
    """Return what was projected from the chosen year, scored at the chosen horizon, beside no change."""
    rows = data.table("backtest")
    here = (
        (rows["level"] == choice.level) & (rows["origin_year"] == choice.origin) & (rows["horizon"] == choice.horizon)
    )
    scores, record = rows[here], _record_of(data, choice)
    published = board(data, choice)
    cells, kept = [], []
    for subject in subjects.values():
        own = scores[scores["indicator"] == subject.id]
        method = _method_for(published, choice, subject.id)
        found = own[own["model"] == method]
        if found.empty:
            continue
        row = found.iloc[0]
        then = record[record["indicator"] == subject.id]
        cells.append([subject.title, choice.title(method), *_errors(row), *_then(then, choice)])
        kept.append(own)
    columns = ["Cijfer", "Methode", "Fout", "Fout van geen verandering", "Beter?", "Toen gekozen", "Fout daarvan"]
    year = choice.origin + choice.horizon
    caption = f"Vanaf {choice.origin} vooruitgerekend naar {year}, {choice.areas}: gemiddelde fout"
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    source = tests_source(data, choice, subjects)
    return Table(html, "prognose-vanaf-peiljaar", caption, source, pd.concat(kept, ignore_index=True))


def _method_for(published: pd.DataFrame, choice: Choice, indicator: str) -> str:
    if choice.method != PUBLISHED:
        return choice.method
    rows = published[published["published"] & (published["indicator"] == indicator)]
    own = rows.loc[rows["horizon"] == choice.horizon, "model"]
    return NO_CHANGE if own.empty else str(own.iloc[0])


def _errors(row: pd.Series) -> list[str]:
    ratio = row["mape"] / row["mape_no_change"]
    words = "gelijk" if math.isclose(ratio, 1) else ("ja" if ratio < 1 else "nee")
    return [per_cent(row["mape"]), per_cent(row["mape_no_change"]), words]


def _then(rows: pd.DataFrame, choice: Choice) -> list[str]:
    if rows.empty:
        return [NO_VALUE, NO_VALUE]
    return [choice.title(str(rows.iloc[0]["model"])), per_cent(float(rows.iloc[0]["mape"]))]


def _record_of(data: PageData, choice: Choice) -> pd.DataFrame:
    rows = data.table("publication_record")
    here = (
        (rows["level"] == choice.level) & (rows["origin_year"] == choice.origin) & (rows["horizon"] == choice.horizon)
    )
    return rows[here]


def record_table(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Table:
    """Return the method chosen afterwards beside the rule with only what was known then, at the chosen horizon."""
    rows = data.table("publication_record")
    rows = rows[(rows["level"] == choice.level) & (rows["horizon"] == choice.horizon)]
    best = board(data, choice)
    best = best[best["published"]]
    cells = []
    for subject in subjects.values():
        own = rows[rows["indicator"] == subject.id]
        if own.empty:
            continue
        after = score(best, subject.id, choice.horizon, "mape")
        decided = int((own["model"] != NO_CHANGE).sum())
        means = [weighted(own, column) for column in ("mape", "mape_no_change")]
        cells.append([subject.title, per_cent(after), *(per_cent(mean) for mean in means), f"{decided} van {len(own)}"])
    columns = [
        "Cijfer",
        "Achteraf gekozen",
        "Toen gekozen",
        "Geen verandering",
        "Iets anders gekozen dan geen verandering",
    ]
    caption = f"Gemiddelde fout na {choice.horizon} jaar, {choice.areas}: met kennis van nu en met die van toen"
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    return Table(html, "prognose-toen-gekozen", caption, tests_source(data, choice, subjects), rows)


def weighted(rows: pd.DataFrame, column: str) -> float:
    """Return the mean of a score over origins, weighted by the number of series; rows without it do not count."""
    known = rows.dropna(subset=column)
    return math.nan if known.empty else float((known[column] * known["n"]).sum() / known["n"].sum())


def coverage_table(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Table:
    """Return per indicator which part of outcomes lay inside the 80% band, and how far ahead that was measured."""
    rows = origins_of(data, chosen(board(data, choice), choice))
    cells = []
    for subject in subjects.values():
        own = rows[rows["indicator"] == subject.id]
        near, far = own[own["horizon"] <= AHEAD[1]], own[own["horizon"] > AHEAD[1]]
        shares = [per_cent(100 * weighted(part, "coverage_80"), 0) for part in (own, near, far)]
        lengths = [own.dropna(subset="coverage_80")["horizon"].max(), own["horizon"].max()]
        cells.append([subject.title, *shares, *(number(length) for length in lengths)])
    columns = [
        "Cijfer",
        "Binnen de 80%-band",
        f"1–{AHEAD[1]} jaar vooruit",
        "Verder vooruit",
        "Band gemeten tot (jaar vooruit)",
        "Fout gemeten tot (jaar vooruit)",
    ]
    caption = f"Deel van de uitkomsten binnen de band van 80%, {choice.areas}, {choice.method_words}"
    kept = rows[["indicator", "level", "horizon", "model", "origin_year", "n", "coverage_80", "coverage_95"]]
    html = html_table(pd.DataFrame(cells, columns=columns), caption)
    return Table(html, "prognose-dekking", caption, tests_source(data, choice, subjects), kept)
