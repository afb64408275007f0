"""How far the index can be trusted, as tables: themes, agreement, misplaced regions, sensitivity."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts.liveability import INDEX_SOURCE, OFFICIAL_SOURCE, figure, present_year, shown_score, titles
from balans.pages.parts.output import Table
from balans.pages.parts.select import name, records
from balans.pages.parts.tables import html_table
from balans.words.areas import POLICY_TYPES
from balans.words.numbers import NO_VALUE, number, with_unit

COUNTERPARTS = {"full": "ja", "partial": "deels", "none": "nee"}

# Per choice: how a sentence calls it, and the head of its column.
CHOICES = {
    "weights": ("de gewichten maken", "Gewichten"),
    "aggregation": ("de manier van middelen maakt", "Manier van middelen"),
    "normalisation": ("de schaal van de indicatoren maakt", "Schaal"),
    "winsorise": ("het afkappen van uitschieters maakt", "Uitschieters afkappen"),
    "left_out_province": ("de provincie die er niet bij is maakt", "Provincie weglaten"),
    "left_out_indicator": ("de indicator die er niet bij is maakt", "Indicator weglaten"),
}


def validation_table(data: PageData) -> Table:
    """Return the agreement with the official scores out of sample, per dimension, for municipalities and regions."""
    table = data.table("liveability_validation")
    table = table[(table["model"] == "calibrated") & table["level"].isin(["municipality", "region"])]
    ours, regions = (table[table["level"] == level].set_index("dimension") for level in ("municipality", "region"))
    rows = [
        [
            title,
            number(figure(ours, dimension, "rank_correlation"), 2),
            number(figure(ours, dimension, "r2"), 2),
            number(figure(ours, dimension, "mae"), 3),
            with_unit(100 * figure(ours, dimension, "class_agreement"), "%"),
            number(figure(regions, dimension, "rank_correlation"), 2),
            shown_score(figure(regions, dimension, "bias"), signed=True),
        ]
        for dimension, title in titles(data).items()
    ]
    heads = [
        "Dimensie",
        "Rangcorrelatie, gemeenten",
        "R², gemeenten",
        "Gemiddelde fout, gemeenten",
        "Zelfde klasse van de negen",
        "Rangcorrelatie, twintig regio's",
        "Gemiddeld te hoog of te laag, regio's",
    ]
    caption = "Overeenstemming met de officiële scores, elke provincie voorspeld zonder haar eigen gemeenten"
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        "leefbaarheid-validatie",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; {INDEX_SOURCE}.",
        table.drop(columns="description"),
    )


def misleading_table(data: PageData) -> Table:
    """Return the regions and dimensions where the index is in another class and further off than usual."""
    table = data.table("liveability_residuals")
    kinds = data.regions.set_index("region_id")["type"]
    table = table[table["misleads"] & table["region_id"].map(kinds).isin(POLICY_TYPES)]
    table = table.assign(size=table["residual"].abs()).sort_values(["size"], ascending=False, kind="stable")
    rows = [
        [
            name(data, row["region_id"]),
            titles(data)[row["dimension"]],
            shown_score(row["official"]),
            shown_score(row["predicted"]),
            "te hoog" if row["residual"] > 0 else "te laag",
        ]
        for row in records(table)
    ]
    caption = (
        "Waar de index een regio verkeerd plaatst: een andere klasse, en verder ernaast dan bij 80% van de gemeenten"
    )
    heads = ["Regio", "Dimensie", "Officieel", "Index, buiten de steekproef", "De index is"]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption),
        "leefbaarheid-misleidend",
        caption,
        f"Bron: {OFFICIAL_SOURCE}, {present_year(data)}; {INDEX_SOURCE}.",
        table.drop(columns="size"),
    )


def themes_table(data: PageData) -> Table:
    """Return the themes of the Leefbaarometer, and whether an open figure stands for each."""
    table = data.table("liveability_themes")
    rows = [
        [row["title"], row["theme"], COUNTERPARTS[row["counterpart"]], row["reason"] or NO_VALUE]
        for row in records(table)
    ]
    caption = "Thema's van de Leefbaarometer en hun open tegenhanger"
    heads = ["Dimensie", "Thema", "Open cijfer", "Wat ontbreekt"]
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption),
        "leefbaarheid-themas",
        caption,
        "Bron: Leefbaarometer 3.0 (ministerie van BZK), indeling in dimensies; beoordeling: Nederland in balans.",
        table,
    )


def sensitivity_table(data: PageData) -> Table:
    """Return per choice which part of the spread of the scores it explains by itself, per dimension."""
    table = data.table("liveability_sensitivity")
    whole = table[table["option"] == "all"].pivot(index="choice", columns="dimension", values="first_order")
    rows = [
        [title, *(with_unit(100 * figure(whole, choice, dimension), "%") for choice in CHOICES)]
        for dimension, title in titles(data).items()
    ]
    heads = ["Dimensie", *(head for _, head in CHOICES.values())]
    caption = "Deel van de spreiding in scores dat één keuze alleen verklaart"
    return Table(
        html_table(pd.DataFrame(rows, columns=heads), caption, emphasised=(len(rows) - 1,)),
        "leefbaarheid-gevoeligheid",
        caption,
        f"Bron: {INDEX_SOURCE}; {number(int(table['n'].max()))} trekkingen uit de keuzes.",
        table[table["option"] == "all"],
    )
