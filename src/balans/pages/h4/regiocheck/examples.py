"""The examples of the regiocheck, each in one row."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.h4.regiocheck.check import run
from balans.pages.parts.bars import text_table
from balans.pages.parts.output import Table
from balans.pages.parts.select import records
from balans.paths import find_project
from balans.regiocheck import words
from balans.regiocheck.money import TYPE_NAMES
from balans.regiocheck.request import load_policies
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit


def examples(data: PageData) -> Table:
    """Return every example policy with money: krimp regions and the rest per inhabitant, against the country."""
    rows = []
    for policy, check in load_policies(find_project()).items():
        if check.norm is None:
            result = run(data, check)
            totals = result.types.set_index("type")["per_inhabitant_eur"]
            rows.append(
                {
                    "policy": policy,
                    "name": check.name,
                    "budget": check.budget,
                    **totals.to_dict(),
                    "source": "; ".join(check.sources) or "geen bron",
                }
            )
    frame = pd.DataFrame(rows)
    cells = [
        [
            row["name"],
            words.euros(row["budget"]),
            *(f"€ {number(row[kind], 2)}" for kind in (*TYPE_NAMES, NEDERLAND)),
            number(100 * row["krimp"] / row[NEDERLAND]),
            row["source"],
        ]
        for row in records(frame)
    ]
    columns = ["Beleid", "Bedrag", *TYPE_NAMES.values(), "Nederland", "Krimp (Nederland = 100)", "Bron"]
    source = (
        "Bron: CBS (70072ned, 37259ned, Kerncijfers wijken en buurten) en de bronnen in de tabel; bewerking "
        "Nederland in balans."
    )
    return text_table(
        cells, columns, "Voorbeelden: euro per inwoner naar soort regio", "regiocheck-voorbeelden", source, frame
    )


def norm_examples(data: PageData) -> Table:
    """Return every example norm: which part of the inhabitants lives in a municipality that does not meet it."""
    rows = []
    for policy, check in load_policies(find_project()).items():
        if check.norm is not None:
            result = run(data, check)
            rows.append(
                {
                    "policy": policy,
                    "name": check.name,
                    "note": check.note,
                    "year": check.year,
                    **result.types.set_index("region_type")["share_inhabitants"].to_dict(),
                }
            )
    frame = pd.DataFrame(rows)
    cells = [
        [
            row["name"].removeprefix("Norm: "),
            str(row["year"]),
            *(with_unit(row[kind], "%", 1) for kind in (*TYPE_NAMES, NEDERLAND)),
            row["note"],
        ]
        for row in records(frame)
    ]
    columns = ["Norm", "Peiljaar", *TYPE_NAMES.values(), "Nederland", "Toelichting"]
    source = "Bron: CBS (70072ned, Kerncijfers wijken en buurten), bewerking Nederland in balans."
    return text_table(
        cells,
        columns,
        "Voorbeelden: deel van de inwoners in een gemeente die de norm niet haalt",
        "norm-voorbeelden",
        source,
        frame,
    )
