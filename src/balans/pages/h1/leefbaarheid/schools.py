"""Primary schools: locations that are left, per region."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import draw_bars, kind_legend
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import name, policy_regions, records, series, source_line
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import number, with_unit

LOCATIONS, PUPILS = "basisscholen_vestigingen", "leerlingen_per_basisschool"
# A change in a region of a few schools is a change of one school.
FEW = 20


def school_locations(data: PageData) -> Chart:
    """Return the change of the number of primary school locations per region."""
    regions = policy_regions(data)
    kinds = dict(zip(regions["region_id"], regions["type"], strict=True)) | {NEDERLAND: "country"}
    rows = []
    for area, kind in kinds.items():
        line = series(data, area, LOCATIONS)
        if len(line) and line.iloc[0] >= FEW:
            change = 100 * (line.iloc[-1] / line.iloc[0] - 1)
            rows.append({"name": name(data, area), "kind": kind, "first": line.iloc[0], "last": line.iloc[-1],
                         "change": change})  # fmt: skip
    table = pd.DataFrame(rows).sort_values("change", ignore_index=True)
    figure, (axes,) = style.new_figure(6.0)
    texts = [with_unit(change, "%", 0, signed=True) for change in table["change"]]
    draw_bars(axes, table["name"], table["change"], table["kind"], texts)
    kind_legend(axes, ["krimp", "anticipeer", "country"], "upper left")
    style.dutch_axis(axes, "x", suffix="%")
    own, country = series(data, KRIMPREGIOS, LOCATIONS), series(data, NEDERLAND, LOCATIONS)
    first, last = int(own.index[0]), int(own.index[-1])
    changes = [100 * (float(line.iloc[-1]) / float(line.iloc[0]) - 1) for line in (own, country)]
    finding = (
        f"Vestigingen van basisscholen {first}–{last}: {with_unit(changes[0], '%', 0, signed=True)} in de "
        f"krimpregio's, "
        f"{with_unit(changes[1], '%', 0, signed=True)} in Nederland"
    )
    style.set_finding(figure, finding)
    listing = "; ".join(f"{row['name']} {with_unit(row['change'], '%', 0, signed=True)}" for row in records(table))
    source = source_line(data, [LOCATIONS], [KRIMPREGIOS, NEDERLAND], own.index)
    return Chart(figure, "basisscholen", f"Staafdiagram. {finding}. {listing}.", source, table)


def school_sentence(data: PageData) -> Prose:
    """Return how many locations are left and how many pupils each has."""
    own, country = series(data, KRIMPREGIOS, LOCATIONS), series(data, NEDERLAND, LOCATIONS)
    pupils = [series(data, area, PUPILS).iloc[-1] for area in (KRIMPREGIOS, NEDERLAND)]
    return Prose(
        f"In de krimpregio's waren er in {own.index[0]} {number(own.iloc[0])} vestigingen van basisscholen en in "
        f"{own.index[-1]} {number(own.iloc[-1])}; in Nederland {number(country.iloc[0])} en "
        f"{number(country.iloc[-1])}. "
        f"Een vestiging heeft er gemiddeld {number(pupils[0])} leerlingen, landelijk {number(pupils[1])}. Het zijn "
        "vestigingen, geen sluitingen: scholen die samengaan of verhuizen, tellen ook. Regio's met minder dan "
        f"{number(FEW)} scholen staan niet in de figuur, want daar is één school al veel procent."
    )
