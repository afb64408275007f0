"""How the official history was weighed, and our index held against it."""

from __future__ import annotations

from balans.pages.data import PageData
from balans.pages.parts.bars import text_table
from balans.pages.parts.liveability import (
    INDEX_SOURCE,
    OFFICIAL_SOURCE,
    TOTAL,
    figure,
    last_district_year,
    official_history,
    shown_score,
    titles,
)
from balans.pages.parts.output import Prose, Table
from balans.pages.parts.select import records
from balans.words.areas import NEDERLAND
from balans.words.numbers import NO_VALUE, number, with_unit


def weighting_note(data: PageData) -> Prose:
    """Return how districts became regions, what was filled in, and how the latest municipal scores join."""
    table = data.table("liveability_history")
    rows = table[(table["dimension"] == TOTAL) & (table["region_id"] == NEDERLAND)].set_index("year")
    last, latest = last_district_year(data), int(rows.index.max())
    scores = official_history(data, [NEDERLAND])[NEDERLAND]
    return Prose(
        "De score van een regio is het gemiddelde van haar wijken, gewogen naar woningen van 2024, in alle jaren "
        "dezelfde: zo beweegt een score omdat wijken veranderen en niet omdat er elders wordt gebouwd. Waar CBS van "
        "een wijk geen woningen van 2024 heeft, meestal omdat haar code is veranderd, zijn haar inwoners van 2020 "
        "vermenigvuldigd met de woningen per inwoner van de gemeente in dat jaar. Dat is "
        f"{with_unit(100 * float(rows['filled_share'][last]), '%', 1)} van het landelijke gewicht, het meeste in "
        "Amsterdam. De score is een afwijking van één vaste waarde, dezelfde in elk jaar; daarom kan het landelijk "
        "gemiddelde stijgen en is het verschil met Nederland steeds dat van hetzelfde jaar. De gemeentescores van "
        f"{latest} (open punten) staan op die schaal: Nederland komt erin uit op {shown_score(scores[latest])}, tegen "
        f"{shown_score(scores[last])} in {last}. Zij zijn door het ministerie zelf tot gemeenten gemiddeld en niet uit "
        "wijken door ons, zodat een klein verschil met het jaar ervoor van de telling kan komen. Waar een gemeente van "
        f"nu maar voor een deel in een regio ligt, zijn tot en met {last} alleen de wijken geteld die in die regio "
        f"liggen; van {latest} is er dan geen score."
    )


def movement_note(data: PageData) -> Prose:
    """Return whether our index moved as the official scores did."""
    table = data.table("liveability_movement")
    total = table[table["dimension"] == TOTAL].set_index("level")
    first = int(figure(total, "region", "index_first"))
    weak = bool((total["correlation"] < 0.3).all())
    return Prose(
        f"Nu er een officiële reeks is, kan onze index ook op zijn beweging worden getoetst. Over gemeenten is de "
        f"samenhang tussen de officiële verandering ({int(figure(total, 'region', 'official_first'))}–"
        f"{int(figure(total, 'region', 'official_last'))}) en die van onze index ({first}–nu) "
        f"{number(figure(total, 'municipality', 'correlation'), 2)}, over de twintig regio's "
        f"{number(figure(total, 'region', 'correlation'), 2)}; nul is geen samenhang, één volledige. "
        + (
            "**Onze index bewoog dus niet mee. Hij beschrijft waar een gebied staat, niet of het vooruitging; voor "
            "verandering geldt de officiële reeks.** De reden: wat er in de Leefbaarometer beweegt, zoals woningen, "
            "overlast en voorzieningen in de buurt, staat maar voor een deel in open cijfers van meer dan één jaar."
            if weak
            else "Onze index bewoog in dezelfde richting; voor de grootte geldt de officiële reeks."
        )
    )


def movement_table(data: PageData) -> Table:
    """Return how our index moved beside the official scores, per dimension."""
    table = data.table("liveability_movement")
    order = {key: place for place, key in enumerate(titles(data))}
    rows = table[table["level"] == "municipality"].sort_values("dimension", key=lambda keys: keys.map(order))
    cells = [
        [
            titles(data)[row["dimension"]],
            shown_score(row["official_change"], signed=True),
            shown_score(row["index_change"], signed=True),
            number(row["official_spread"], 3),
            number(row["index_spread"], 3),
            number(row["correlation"], 2) if row["correlation"] == row["correlation"] else NO_VALUE,
        ]
        for row in records(rows)
    ]
    columns = ["Dimensie", "Nederland, officieel", "Nederland, onze index", "Spreiding over gemeenten, officieel",
               "Spreiding, onze index", "Samenhang van de veranderingen"]  # fmt: skip
    caption = "Bewoog onze index mee met de officiële scores?"
    source = f"Bron: {OFFICIAL_SOURCE}; {INDEX_SOURCE}, index van Nederland in balans."
    return text_table(cells, columns, caption, "leefbaarheid-beweging", source, table)
