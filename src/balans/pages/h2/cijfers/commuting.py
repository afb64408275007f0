"""Who works where: employee jobs between COROP areas."""

from __future__ import annotations

import pandas as pd

from balans.definitions import load_definition
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import records
from balans.paths import find_project
from balans.words.numbers import number, with_unit

SOURCE = "Bron: CBS (banen van werknemers naar woon- en werkregio), bewerking Nederland in balans. Peiljaar 2016."
SET = "corop-rapport"
PARTS = {"own": "in het eigen gebied", "first": "in het gebied daarna", "rest": "elders in Nederland"}
COLOURS = {"own": style.REGION, "first": style.KRIMP, "rest": style.OTHER}


def _areas() -> list[str]:
    sets = load_definition(find_project().definitions / "area_sets.yml")["area_sets"]
    return [str(code) for one in sets if one["id"] == SET for code in one["members"]]


def _rows(data: PageData) -> pd.DataFrame:
    """Per area of the report: share (%) that works at home, in the largest other area (and its name), elsewhere."""
    table = data.table("commuting")
    made = []
    for code in _areas():
        own = table[table["from_id"] == code]
        away = own[own["to_id"] != code].sort_values("jobs", ascending=False)
        home = float(own.loc[own["to_id"] == code, "share"].iloc[0])
        first = records(away)[0]
        arriving = table[(table["to_id"] == code) & (table["from_id"] != code)]["jobs"].sum()
        made.append(
            {
                "name": own["from_name"].iloc[0],
                "jobs": own["jobs"].sum(),
                "own": home,
                "first": first["share"],
                "first_name": first["to_name"],
                "rest": 100 - home - first["share"],
                "leaving": away["jobs"].sum(),
                "arriving": arriving,
            }
        )
    return pd.DataFrame(made).sort_values("own", ignore_index=True)


def who_works_where(data: PageData) -> Chart:
    """Return where the people of each of the report's COROP areas work."""
    rows = _rows(data)
    figure, (axes,) = style.new_figure(4.2)
    left = pd.Series(0.0, index=rows.index)
    for part, label in PARTS.items():
        axes.barh(rows["name"], rows[part], left=left, color=COLOURS[part], height=0.65, label=label)
        left = left + rows[part]
    for place, row in enumerate(records(rows)):
        text = f"{row['first_name']} {with_unit(row['first'], '%')}"
        axes.annotate(text, (101, place), va="center", fontsize=9.5, annotation_clip=False)
        axes.annotate(with_unit(row["own"], "%"), (row["own"] / 2, place), va="center", ha="center", color="white")
    axes.set_xlim(0, 100)
    axes.grid(visible=False, axis="y")
    style.dutch_axis(axes, "x", suffix="%")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, frameon=False, fontsize=9.5)
    most, least = records(rows)[-1], records(rows)[0]
    finding = (
        f"Werknemers blijven dicht bij huis: {with_unit(most['own'], '%')} werkt in het eigen gebied in "
        f"{most['name']}, "
        f"het minst in {least['name']} ({with_unit(least['own'], '%')}); wie weggaat, gaat naar de buren"
    )
    style.set_finding(figure, finding)
    listing = "; ".join(
        f"{row['name']} {with_unit(row['own'], '%')} zelf, {with_unit(row['first'], '%')} in {row['first_name']}"
        for row in records(rows)
    )
    return Chart(figure, "pendel-corop", f"Gestapeld staafdiagram. {finding}. {listing}.", SOURCE, rows)


def together(data: PageData) -> Prose:
    """Return how many people of the report's areas work in them, and how many come from outside."""
    table, areas = data.table("commuting"), _areas()
    own = table[table["from_id"].isin(areas)]
    inside = own[own["to_id"].isin(areas)]["jobs"].sum()
    arriving = table[table["to_id"].isin(areas) & ~table["from_id"].isin(areas)]["jobs"].sum()
    leaving = own["jobs"].sum() - inside
    return Prose(
        f"Van de {number(own['jobs'].sum())} banen van mensen die in de zeven COROP-gebieden van het rapport wonen, "
        f"ligt "
        f"{with_unit(100 * inside / own['jobs'].sum(), '%')} ook daar. {number(leaving)} banen liggen elders in "
        f"Nederland "
        f"en {number(arriving)} mensen van elders werken er: de stroom gaat beide kanten op. COROP-gebieden zijn "
        f"ruimer "
        "dan de krimpregio's; Overig Groningen, met de stad, hoort erbij. Werk over de grens staat er niet in."
    )


def flows_table(data: PageData) -> Table:
    """Return jobs of residents, and people who leave and arrive, per area."""
    rows = _rows(data)
    cells = [
        [
            row["name"],
            number(row["jobs"]),
            with_unit(row["own"], "%", 1),
            number(row["leaving"]),
            number(row["arriving"]),
            f"{row['first_name']} ({with_unit(row['first'], '%', 1)})",
        ]
        for row in records(rows)
    ]
    columns = ["Gebied", "Banen van inwoners", "Werkt in het eigen gebied", "Naar elders", "Van elders", "Meest naar"]
    caption = "Wonen en werken tussen COROP-gebieden, banen van werknemers, 2016"
    return text_table(cells, columns, caption, "pendel-corop-tabel", SOURCE, rows)
