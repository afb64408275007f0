"""The report's indicator table on its page: then, later, in people, per region, by stand-in."""

from __future__ import annotations

from html import escape

import pandas as pd

from balans.claims.views import spread
from balans.pages.data import PageData
from balans.pages.parts.badges import claim_badges, linked_badge
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import CLAIMS, SOURCE, cell, figure, people_figures, reported, shown
from balans.pages.parts.select import name, records
from balans.pages.parts.tables import Html, folded, html_rows
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES
from balans.words.numbers import NO_VALUE, number

ANTICIPEER = ANTICIPEERREGIOS


def base_table(data: PageData) -> Table:
    """Return the report's 2015 beside ours, for the krimp regions, the Netherlands and the anticipeer regions."""
    table, badges = data.table("report_table"), claim_badges(data.table("claims"))
    rows = []
    for row_id, (krimp, national, _) in CLAIMS.items():
        title = table.loc[table["row_id"] == row_id, "title"].iloc[0]
        cells = [
            reported(table, row_id, KRIMPREGIOS, "base"),
            _judged(cell(table, row_id, KRIMPREGIOS, "base"), badges[krimp]),
        ]
        cells += [reported(table, row_id, NEDERLAND, "base")]
        cells += [_judged(cell(table, row_id, NEDERLAND, "base"), badges[national])]
        rows.append([title, *cells, cell(table, row_id, ANTICIPEER, "base")])
    columns = [
        "Indicator",
        *("Krimpregio's: rapport", "Krimpregio's: nagerekend"),
        *("Nederland: rapport", "Nederland: nagerekend"),
        "Anticipeerregio's: nagerekend",
    ]
    caption = "De tabel van het rapport voor 2015, naast de cijfers van nu"
    explained = _explanations(data.table("claims"))
    html = html_rows(columns, rows, caption) + explained
    listed = "; ".join(
        f"{row[0]} {row[1]} en {cell(table, key, KRIMPREGIOS, 'base')}" for row, key in zip(rows, CLAIMS, strict=True)
    )
    alt = f"{caption}, krimpregio's: {listed}."
    return Table(html, "rapporttabel-2015", alt, SOURCE, table[table["moment"] == "base"])


def _judged(text: str, verdict: Html) -> Html:
    """A figure with the verdict on the report's value below it."""
    return Html(f"{escape(text)}<br>{verdict}")


def _explanations(claims: pd.DataFrame) -> str:
    """Why ours differs, per row, in the words of the ledger."""
    wanted = [krimp for krimp, _, _ in CLAIMS.values()]
    rows = [
        [one["claim"], Html(linked_badge(pd.Series(one))), one["explanation"]]
        for one in records(claims[claims["claim_id"].isin(wanted)])
    ]
    columns = ["Bewering", "Oordeel", "Uitleg"]
    inner = html_rows(columns, rows, "Waar het verschil vandaan komt")
    return folded("Waar de verschillen vandaan komen", inner)


def later_table(data: PageData) -> Table:
    """Return the report's 2025 beside the latest figures."""
    table, badges = data.table("report_table"), claim_badges(data.table("claims"))
    rows = []
    for row_id, (_, _, later) in CLAIMS.items():
        title = table.loc[table["row_id"] == row_id, "title"].iloc[0]
        cells = [
            reported(table, row_id, KRIMPREGIOS, "report_later"),
            _judged(cell(table, row_id, KRIMPREGIOS, "latest"), badges[later]),
            *(cell(table, row_id, area, "latest") for area in (ANTICIPEER, NEDERLAND)),
        ]
        rows.append([title, *cells])
    columns = [
        *("Indicator", "Krimpregio's 2025 in het rapport", "Krimpregio's: laatste cijfer"),
        *("Anticipeerregio's: laatste cijfer", "Nederland: laatste cijfer"),
    ]
    caption = "Het rapport over 2025, en het laatste cijfer dat er is"
    listed = "; ".join(
        f"{row[0]} {row[1]} en {cell(table, key, KRIMPREGIOS, 'latest')}" for row, key in zip(rows, CLAIMS, strict=True)
    )
    alt = f"{caption}, krimpregio's: {listed}."
    html = html_rows(columns, rows, caption)
    return Table(html, "rapporttabel-2025", alt, SOURCE, table[table["moment"] != "base"])


def people_table(data: PageData) -> Table:
    """Return the report's people beside ours, and the change it gives beside the one on the group itself."""
    table = data.table("report_table")
    corrected = people_figures(data).set_index("title")["on_group"]
    rows = []
    for row_id in CLAIMS:
        base, latest = figure(table, row_id, KRIMPREGIOS, "base"), figure(table, row_id, KRIMPREGIOS, "latest")
        later = figure(table, row_id, KRIMPREGIOS, "report_later")
        if base is None or later is None or latest is None or pd.isna(base["report_people"]):
            continue
        rows.append(
            [
                base["title"],
                number(base["report_people"]),
                _people(base),
                number(later["report_people"], signed=True),
                number(corrected.get(base["title"]), signed=True),
                _people(latest),
            ]
        )
    columns = [
        *("Indicator", "Mensen in 2015: rapport", "Mensen: nagerekend", "Verandering tot 2025: rapport"),
        *("Dezelfde verandering op de groep zelf", "Mensen: laatste cijfer"),
    ]
    caption = "Dezelfde tabel in mensen, krimpregio's"
    alt = caption + ": " + "; ".join(f"{row[0]}: rapport {row[1]}, verandering {row[3]}" for row in rows) + "."
    html = html_rows(columns, rows, caption)
    chosen = table[(table["region_id"] == KRIMPREGIOS) & table["report_people"].notna()]
    return Table(html, "rapporttabel-mensen", alt, SOURCE, chosen)


def _people(row: pd.Series) -> str:
    return NO_VALUE if pd.isna(row["people"]) else f"{number(row['people'])} ({row['year']})"


def stand_in_table(data: PageData) -> Table:
    """Return the stand-ins for the two indicators that have no open figure per region, named as such."""
    table = data.table("report_table")
    own = table[(table["variant"] == "stand_in") & table["value"].notna()]
    order = [KRIMPREGIOS, ANTICIPEER, NEDERLAND]
    rows = []
    for title in own["title"].drop_duplicates():
        part = own[own["title"] == title].set_index(["region_id", "moment"])
        areas = [area for area in order if area in part.index.get_level_values(0)]
        areas += sorted(set(part.index.get_level_values(0)) - set(order), key=lambda area: name(data, area))
        for area in areas:
            cells = [part.loc[(area, moment)] for moment in ("base", "latest")]
            rows.append([name(data, area), title, *(f"{number(one['value'], 1)}% ({one['year']})" for one in cells)])
    columns = ["Gebied", "Vervanger", "Rond 2015", "Laatste cijfer"]
    caption = "Vervangers voor arbeidsparticipatie en beroepsniveau: geen toets, wel een aanwijzing"
    html = folded("Toon de vervangers per gebied", html_rows(columns, rows, caption))
    alt = f"{caption}. {len(rows)} regels, per regio of per provincie."
    return Table(html, "rapporttabel-vervangers", alt, SOURCE, own)


def regions_table(data: PageData) -> Table:
    """Return the rebuilt table for each of the 20 regions, to unfold, with the spread over the krimp regions."""
    table = data.table("report_table")
    measured = [
        row_id
        for row_id in CLAIMS
        if table[(table["row_id"] == row_id) & (table["variant"] == "primary")].value.notna().sum() > len(CLAIMS)
    ]
    policy = data.regions[data.regions["type"].isin(POLICY_TYPES)].sort_values(["type", "name"])
    ids = [KRIMPREGIOS, *policy.loc[policy["type"] == "krimp", "region_id"]]
    ids += [ANTICIPEER, *policy.loc[policy["type"] == "anticipeer", "region_id"], NEDERLAND]
    titles = table.drop_duplicates("row_id").set_index("row_id")["title"]
    moments = {"base": "rond 2015", "latest": "laatste"}
    rows = [
        [name(data, area), *(cell(table, row_id, area, moment) for row_id in measured for moment in moments)]
        for area in ids
    ]
    columns = ["Gebied", *(f"{titles[row_id]}, {words}" for row_id in measured for words in moments.values())]
    caption = "De tabel van het rapport voor elke regio"
    totals = [at for at, area in enumerate(ids) if area in (KRIMPREGIOS, ANTICIPEER, NEDERLAND)]
    html = folded("Toon alle regio's", html_rows(columns, rows, caption, emphasised=totals)) + _spread_table(
        data, measured
    )
    alt = f"{caption}: {len(ids)} gebieden en {len(measured)} indicatoren, met de spreiding."
    return Table(html, "rapporttabel-regios", alt, SOURCE, table[table["region_id"].isin(ids)])


def _spread_table(data: PageData, measured: list[str]) -> str:
    """What lies behind the average of the nine regions."""
    krimp = list(data.regions.loc[data.regions["type"] == "krimp", "region_id"])
    ends = spread(data.table("report_table"), krimp)
    ends = ends[(ends["variant"] == "primary") & ends["row_id"].isin(measured)]
    ends = ends.sort_values("row_id", key=lambda column: column.map(measured.index), kind="stable")
    titles = data.table("report_table").drop_duplicates("row_id").set_index("row_id")["title"]
    rows = [
        [
            f"{titles[one['row_id']]}, {'rond 2015' if one['moment'] == 'base' else 'laatste'}",
            f"{shown(one['row_id'], one['lowest'])} ({name(data, one['lowest_region'])})",
            f"{shown(one['row_id'], one['highest'])} ({name(data, one['highest_region'])})",
        ]
        for one in records(ends)
    ]
    columns = ["Indicator", "Laagste krimpregio", "Hoogste krimpregio"]
    return html_rows(columns, rows, "De spreiding achter het gemiddelde van de negen krimpregio's")
