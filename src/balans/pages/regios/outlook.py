"""The outlook of one region: what is projected, and what a planner should know first."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.outlook import (
    OFFICIAL,
    SHOWN_YEARS,
    fan_numbers,
    is_split,
    outlook,
    past,
    projected_cells,
    projection_source,
    shown_area,
)
from balans.pages.parts.output import Prose, Table
from balans.pages.parts.select import name, region
from balans.pages.parts.subjects import Subject
from balans.pages.parts.tables import html_table


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
