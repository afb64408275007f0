"""The keys of the gemeentefonds: what krimp regions have of each, and what a change of weight would do."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import records
from balans.regiocheck import words
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND
from balans.words.lists import listed
from balans.words.numbers import NO_VALUE, number, with_unit

SOURCE = (
    "Bron: ministerie van BZK, gemeentefonds, septembercirculaire 2024 (eenheden en euro per eenheid); bewerking "
    "Nederland "
    "in balans. Vóór de uitkeringsfactor."
)
# Keys below this part of the fund move little money; they are in the table only.
LEAST_OF_BASIS = 1.0


def _keys(data: PageData, region_id: str) -> pd.DataFrame:
    table = data.table("gemeentefonds_keys")
    rows = table[table["region_id"] == region_id].set_index("key")
    return rows.assign(name=rows["title"].str.removeprefix("Maatstaf gemeentefonds: "))


def finding(data: PageData) -> Prose:
    """Return of how many keys krimp regions have more than their share of the people, and what the whole gives."""
    own = _keys(data, KRIMPREGIOS)
    paid = own[own["share_of_basis"].notna()]
    more = paid[paid["index"] > 100]
    heavy = paid[paid["share_of_basis"] >= LEAST_OF_BASIS].sort_values("shift_eur")
    gain, lose = heavy.iloc[-1], heavy.iloc[0]
    people, basis = float(own["share_inhabitants"].iloc[0]), float(own["basis_share"].iloc[0])
    return Prose(
        f"In de krimpregio's woont {with_unit(people, '%', 1)} van de Nederlanders; van alle maatstaven samen hebben "
        f"zij "
        f"{with_unit(basis, '%', 1)}. Van {len(more)} van de {len(paid)} maatstaven waarmee het fonds betaalt, hebben "
        f"zij "
        f"meer dan hun deel naar inwoners. Zou er 100 miljoen euro verschuiven naar {gain['name']}, terwijl het totaal "
        f"gelijk blijft, dan winnen zij {words.euros(float(gain['shift_eur']))}; naar {lose['name']} verliezen zij "
        f"{words.euros(abs(float(lose['shift_eur'])))}. Wat de een krijgt, betalen de anderen: over heel Nederland is "
        f"de "
        "som nul."
    )


def shift_chart(data: PageData) -> Chart:
    """Return what krimp regions gain or lose per inhabitant when 100 million moves to a key, for the heavy keys."""
    own = _keys(data, KRIMPREGIOS)
    rows = own[own["share_of_basis"] >= LEAST_OF_BASIS].sort_values("shift_eur")
    other = _keys(data, ANTICIPEERREGIOS).reindex(rows.index)
    figure, (axes,) = style.new_figure(6.4)
    places = range(len(rows))
    colours = [style.REGION if value < 0 else style.KRIMP for value in rows["shift_per_inhabitant_eur"]]
    axes.barh(places, rows["shift_per_inhabitant_eur"], color=colours, height=0.65)
    axes.plot(other["shift_per_inhabitant_eur"], places, "o", color=style.ANTICIPEER, markersize=5)
    axes.axvline(0, color="#555555", linewidth=1)
    axes.set_yticks(list(places), [f"{row['name']} ({with_unit(row['share_of_basis'], '%')})" for row in records(rows)])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("Euro per inwoner; punt: anticipeerregio's")
    style.dutch_axis(axes, "x", 0)
    gains = [str(name) for name in rows["name"].iloc[::-1][:2]]
    losses = [str(name) for name in rows["name"].iloc[:2]]
    found = f"Krimpregio's winnen bij meer gewicht voor {listed(gains)}, en verliezen bij {listed(losses)}"
    style.set_finding(figure, found)
    listing = "; ".join(f"{row['name']} {number(row['shift_per_inhabitant_eur'], 2)}" for row in records(rows))
    data_rows = pd.concat([rows.reset_index(), other.reset_index()])
    alt = f"Staafdiagram, euro per inwoner van krimpregio's. {found}. {listing}."
    return Chart(figure, "gemeentefonds-verschuiving", alt, SOURCE, data_rows)


def keys_table(data: PageData) -> Table:
    """Return every key: its part of the fund, the share of each type of region, and what a change of weight does."""
    own = _keys(data, KRIMPREGIOS).sort_values("share_of_basis", ascending=False, na_position="last")
    other = _keys(data, ANTICIPEERREGIOS).reindex(own.index)
    cells = [
        [
            row["name"],
            with_unit(row["share_of_basis"], "%", 1),
            with_unit(row["share"], "%", 1),
            number(row["index"]),
            _euros(row["shift_eur"]),
            with_unit(near["share"], "%", 1),
            number(near["index"]),
            _euros(near["shift_eur"]),
        ]
        for row, near in zip(records(own), records(other), strict=True)
    ]
    columns = ["Maatstaf", "Deel van het fonds", "Krimp: deel", "Krimp: inwoners = 100",
               "Krimp: bij 100 miljoen erheen",
               "Anticipeer: deel", "Anticipeer: inwoners = 100", "Anticipeer: bij 100 miljoen erheen"]  # fmt: skip
    caption = f"De {len(cells)} maatstaven van het gemeentefonds, 2024"
    table = data.table("gemeentefonds_keys")
    return text_table(cells, columns, caption, "gemeentefonds-maatstaven", SOURCE, table)


def _euros(amount: float) -> str:
    return NO_VALUE if pd.isna(amount) else words.euros(amount, signed=True)


def regions_table(data: PageData) -> Table:
    """Return per region its share of all keys against its inhabitants, and the keys that suit it best and worst."""
    table = data.table("gemeentefonds_keys")
    names = dict(zip(data.regions["region_id"], data.regions["name"], strict=True))
    cells = []
    for area in sorted(set(table["region_id"]) - {NEDERLAND}, key=lambda area: names[area]):
        own = _keys(data, area)
        heavy = own[own["share_of_basis"] >= LEAST_OF_BASIS].sort_values("index")
        people, basis = float(own["share_inhabitants"].iloc[0]), float(own["basis_share"].iloc[0])
        ends = [f"{row['name']} ({number(row['index'])})" for row in (records(heavy)[-1], records(heavy)[0])]
        cells.append(
            [names[area], with_unit(people, "%", 2), with_unit(basis, "%", 2), number(100 * basis / people), *ends]
        )
    columns = [
        "Regio",
        "Deel van de inwoners",
        "Deel van alle maatstaven",
        "Inwoners = 100",
        "Meeste van",
        "Minste van",
    ]
    caption = "Wat elke regio van de maatstaven heeft; tussen haakjes: naar inwoners = 100"
    return text_table(cells, columns, caption, "gemeentefonds-regios", SOURCE, table)
