"""The report's indicator table on its page: then, later, in people and per region."""

from __future__ import annotations

from html import escape

import pandas as pd

from balans.claims.views import spread
from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts.badges import claim_badges, linked_badge
from balans.pages.parts.output import Table
from balans.pages.parts.report_table import (
    SOURCE,
    YEAR,
    cell,
    change_text,
    figure,
    gap_text,
    people_figures,
    people_text,
    reported,
    rows,
    shown,
)
from balans.pages.parts.select import cautions, name, records
from balans.pages.parts.tables import Html, folded, html_rows
from balans.words.areas import ANTICIPEERREGIOS, KRIMPREGIOS, NEDERLAND, POLICY_TYPES
from balans.words.numbers import NO_VALUE, number

EXPLAINED = "Een verschil in procentpunt (pp) is krimpregio's min Nederland; bij euro's staat het deel van Nederland."


def base_table(data: PageData) -> Table:
    """Return the report's 2015 beside ours: krimp regions, the Netherlands, the gap of both, and the verdict."""
    table, badges = data.table("report_table"), claim_badges(data.table("claims"))
    lines = []
    for row_id, title in rows(table).items():
        own = figure(table, row_id, KRIMPREGIOS, "base")
        lines.append(
            [
                title,
                reported(table, row_id, KRIMPREGIOS, "base"),
                _judged(cell(table, row_id, KRIMPREGIOS, "base"), _badge(table, badges, row_id, KRIMPREGIOS, "base")),
                reported(table, row_id, NEDERLAND, "base"),
                _judged(cell(table, row_id, NEDERLAND, "base"), _badge(table, badges, row_id, NEDERLAND, "base")),
                f"{gap_text(own, 'report_gap')} / {gap_text(own)}",
            ]
        )
        lines += _neighbour(table, row_id, "base")
    columns = [
        *("Indicator", "Krimpregio's: rapport", "Krimpregio's: nagerekend"),
        *("Nederland: rapport", "Nederland: nagerekend", "Verschil: rapport / nagerekend"),
    ]
    caption = "De tabel van het rapport voor 2015, naast de cijfers van nu"
    html = html_rows(columns, lines, f"{caption}. {EXPLAINED}") + _explanations(data, "base")
    listed = "; ".join(f"{line[0]}: rapport {line[1]}, verschil in rapport en nagerekend {line[5]}" for line in lines)
    alt = f"{caption}, krimpregio's: {listed}."
    return Table(html, "rapporttabel-2015", alt, SOURCE, table[table["moment"] == "base"])


def _neighbour(table: pd.DataFrame, row_id: str, moment: str) -> list[list[str]]:
    """The line of the indicator that stands beside a row without a figure; the report's cells stay empty."""
    own = figure(table, row_id, KRIMPREGIOS, moment, "neighbour")
    if own is None:
        return []
    krimp, country = (cell(table, row_id, area, moment, "neighbour") for area in (KRIMPREGIOS, NEDERLAND))
    return [[str(own["title"]), NO_VALUE, krimp, NO_VALUE, country, f"{NO_VALUE} / {gap_text(own)}"]]


def _badge(table: pd.DataFrame, badges: dict[str, Html], row_id: str, area: str, moment: str) -> Html:
    row = figure(table, row_id, area, moment)
    return badges[str(row["claim_id"])] if row is not None else Html("")


def _judged(text: str, verdict: Html) -> Html:
    """A figure with the verdict on the report's value below it."""
    return Html(f"{escape(text)}<br>{verdict}")


def _explanations(data: PageData, moment: str) -> str:
    """What may be compared, per row, and why ours differs, in the words of the ledger."""
    table, claims = data.table("report_table"), data.table("claims").set_index("claim_id", drop=False)
    own = table[(table["region_id"] == KRIMPREGIOS) & (table["moment"] == moment) & (table["variant"] == "primary")]
    lines = []
    for row in records(own):
        claim = claims.loc[row["claim_id"]]
        lines.append([row["title"], row["row_note"], Html(linked_badge(claim)), claim["explanation"]])
    columns = ["Indicator", "Wat te vergelijken is", "Oordeel", "Uitleg"]
    return folded("Waar de verschillen vandaan komen", html_rows(columns, lines, "Waar het verschil vandaan komt"))


def later_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the report's 2025 beside what happened: value, change since 2015, and the gap then and now."""
    table, badges = data.table("report_table"), claim_badges(data.table("claims"))
    lines = []
    for row_id, title in rows(table).items():
        base, later, latest = (figure(table, row_id, KRIMPREGIOS, at) for at in ("base", "report_later", "latest"))
        happened = cell(table, row_id, KRIMPREGIOS, "latest")
        lines.append(
            [
                title,
                reported(table, row_id, KRIMPREGIOS, "report_later"),
                _judged(happened, _badge(table, badges, row_id, KRIMPREGIOS, "report_later")),
                change_text(base, later, "report_value"),
                _since(base, change_text(base, latest)),
                f"{gap_text(base)} / {gap_text(latest)}",
            ]
        )
        lines += _neighbour_later(table, row_id)
    columns = [
        *("Indicator (krimpregio's)", "2025 in het rapport", "Laatste cijfer", "Verandering 2015–2025: rapport"),
        *("Verandering: gemeten", "Verschil met Nederland: toen / nu"),
    ]
    caption = "Het rapport over 2025, en wat er gebeurde"
    listed = "; ".join(f"{line[0]}: rapport {line[1]}, verandering {line[3]}, gemeten {line[4]}" for line in lines)
    alt = f"{caption}, krimpregio's: {listed}."
    html = html_rows(columns, lines, f"{caption}. {EXPLAINED}") + cautions(data, _followed(table, indicators))
    html += _explanations(data, "report_later")
    return Table(html, "rapporttabel-2025", alt, SOURCE, table[table["moment"] != "base"])


def _followed(table: pd.DataFrame, indicators: dict[str, Indicator]) -> list[Indicator]:
    """The indicators of the table that have figures."""
    known = table.loc[table["value"].notna(), "indicator"].unique()
    return [indicators[key] for key in known if key in indicators]


def _since(base: pd.Series | None, change: str) -> str:
    """A measured change, with the year that it starts from where that is not the report's."""
    if change == NO_VALUE or base is None or base["year"] == YEAR:
        return change
    return f"{change} (sinds {base['year']})"


def _neighbour_later(table: pd.DataFrame, row_id: str) -> list[list[str]]:
    base, latest = (figure(table, row_id, KRIMPREGIOS, at, "neighbour") for at in ("base", "latest"))
    if base is None or latest is None:
        return []
    happened = cell(table, row_id, KRIMPREGIOS, "latest", "neighbour")
    change = _since(base, change_text(base, latest))
    return [[str(base["title"]), NO_VALUE, happened, NO_VALUE, change, f"{gap_text(base)} / {gap_text(latest)}"]]


def people_table(data: PageData) -> Table:
    """Return the report's people beside ours, and the change it gives beside the one on the group itself."""
    table = data.table("report_table")
    corrected = people_figures(data).set_index("row")["on_group"]
    lines = []
    for row_id, title in rows(table).items():
        base, later, latest = (figure(table, row_id, KRIMPREGIOS, at) for at in ("base", "report_later", "latest"))
        if base is None or later is None or latest is None or pd.isna(base["report_people"]):
            continue
        measured = latest["people"] - base["people"]
        lines.append(
            [
                title,
                number(base["report_people"]),
                people_text(base),
                number(later["report_people"], signed=True),
                number(corrected.get(row_id), signed=True),
                people_text(latest),
                number(measured, signed=True),
            ]
        )
    columns = [
        *("Indicator", "Mensen in 2015: rapport", "Mensen: nagerekend", "Verandering tot 2025: rapport"),
        *("Dezelfde verandering op de groep zelf", "Mensen: laatste cijfer", "Verandering: gemeten"),
    ]
    caption = "Dezelfde tabel in mensen, krimpregio's"
    told = "; ".join(f"{line[0]}: rapport {line[1]}, verandering {line[3]}, gemeten {line[6]}" for line in lines)
    chosen = table[(table["region_id"] == KRIMPREGIOS) & table["report_people"].notna()]
    return Table(html_rows(columns, lines, caption), "rapporttabel-mensen", f"{caption}: {told}.", SOURCE, chosen)


def regions_table(data: PageData) -> Table:
    """Return the rebuilt table for each of the 20 regions, to unfold, with the spread over the krimp regions."""
    table = data.table("report_table")
    measured = _measured(table)
    policy = data.regions[data.regions["type"].isin(POLICY_TYPES)].sort_values(["type", "name"])
    ids = [KRIMPREGIOS, *policy.loc[policy["type"] == "krimp", "region_id"]]
    ids += [ANTICIPEERREGIOS, *policy.loc[policy["type"] == "anticipeer", "region_id"], NEDERLAND]
    moments = {"base": "rond 2015", "latest": "laatste"}
    lines = [
        [name(data, area), *(cell(table, row, area, at, variant) for row, variant in measured for at in moments)]
        for area in ids
    ]
    columns = ["Gebied", *(f"{title}, {words}" for title in measured.values() for words in moments.values())]
    caption = "De tabel van het rapport voor elke regio"
    totals = [at for at, area in enumerate(ids) if area in (KRIMPREGIOS, ANTICIPEERREGIOS, NEDERLAND)]
    html = folded("Toon alle regio's", html_rows(columns, lines, caption, emphasised=totals))
    html += _spread_table(data, measured)
    alt = f"{caption}: {len(ids)} gebieden en {len(measured)} indicatoren, met de spreiding."
    return Table(html, "rapporttabel-regios", alt, SOURCE, table[table["region_id"].isin(ids)])


def _measured(table: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The rows and neighbours that have figures: (row, variant) → title."""
    known = table[table["value"].notna()].drop_duplicates(["row_id", "variant"])
    return {(row["row_id"], row["variant"]): row["title"] for row in records(known)}


def _spread_table(data: PageData, measured: dict[tuple[str, str], str]) -> str:
    """What lies behind the average of the nine regions."""
    krimp = list(data.regions.loc[data.regions["type"] == "krimp", "region_id"])
    ends = spread(data.table("report_table"), krimp)
    order = {key: place for place, key in enumerate(measured)}
    titles = list(measured.values())
    ends = ends.assign(place=[order.get((row["row_id"], row["variant"]), -1) for row in records(ends)])
    ends = ends[ends["place"] >= 0].sort_values("place", kind="stable")
    lines = [
        [
            f"{titles[one['place']]}, {'rond 2015' if one['moment'] == 'base' else 'laatste'}",
            *(f"{shown(one['unit'], one[end])} ({name(data, one[f'{end}_region'])})" for end in ("lowest", "highest")),
        ]
        for one in records(ends)
    ]
    columns = ["Indicator", "Laagste krimpregio", "Hoogste krimpregio"]
    return html_rows(columns, lines, "De spreiding achter het gemiddelde van de negen krimpregio's")
