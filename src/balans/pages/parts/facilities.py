"""Mean distances to facilities as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts.output import Table
from balans.pages.parts.select import name, source_line
from balans.pages.parts.tables import html_table
from balans.words.lists import listed
from balans.words.numbers import number

FACILITIES = (
    "afstand_huisarts",
    "afstand_supermarkt",
    "afstand_apotheek",
    "afstand_basisschool",
    "afstand_havo_vwo",
    "afstand_kinderdagverblijf",
    "afstand_bibliotheek",
    "afstand_ziekenhuis_poli",
    "afstand_ziekenhuis",
    "afstand_treinstation",
    "afstand_oprit",
)

FACILITY_YEARS = (2010, 2015, 2018)


def facilities_table(
    data: PageData, indicators: Mapping[str, Indicator], areas: Sequence[str], output_name: str
) -> Table | None:
    """Return mean distances to facilities in 2010, 2015 and 2018, in km; None if the first area has none."""
    rows = data.indicators
    used = rows[rows["indicator"].isin(FACILITIES) & rows["region_id"].isin(areas) & rows["year"].isin(FACILITY_YEARS)]
    if areas[0] not in set(used["region_id"]):
        return None
    keys = [(area, year) for area in areas for year in FACILITY_YEARS]
    wide = used.pivot(index="indicator", columns=["region_id", "year"], values="value")
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(keys)).reindex(
        [key for key in FACILITIES if key in wide.index]
    )
    cells = [[indicators[str(key)].title, *(number(float(one), 2) for one in wide.loc[key])] for key in wide.index]
    heads = [f"{name(data, area)} {year}" for area, year in keys]
    caption = f"Gemiddelde afstand over de weg in kilometer: {listed([name(data, area) for area in areas])}"
    frame = pd.DataFrame(cells, columns=["Voorziening", *heads])
    numbers = used[["region_id", "indicator", "year", "value"]]
    source = source_line(data, FACILITIES, areas, used["year"])
    return Table(html_table(frame, caption), output_name, caption, source, numbers)
