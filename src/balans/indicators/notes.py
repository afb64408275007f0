"""Notes on figures that mislead, per area that they belong to."""

from __future__ import annotations

import pandas as pd
from babel.dates import format_date

from balans.definitions import load_definition
from balans.geography.areas import Areas
from balans.geography.former import Ending, endings, former_municipalities
from balans.paths import Project


def build_notes(project: Project, areas: Areas) -> pd.DataFrame:
    """Return region_id, note, text, source: each note for its municipalities, their regions and the areas it names.

    A former municipality has a note that says since when it is part of which.

    Raises:
        DefinitionError: ``definitions/notes.yml`` is not as its schema asks.
    """
    content = load_definition(project.definitions / "notes.yml")
    rows = [
        {"region_id": region_id, "note": note["id"], "text": note["text"].strip(), "source": note["source"]}
        for note in content["notes"]
        for region_id in sorted(_areas_of(note["municipalities"], note["regions"], areas))
    ]
    rows += _former(project)
    return pd.DataFrame(rows, columns=["region_id", "note", "text", "source"])


def _former(project: Project) -> list[dict[str, str]]:
    """Return a note for every former municipality: since when it is part of which."""
    former = former_municipalities(project)
    return [
        {
            "region_id": code,
            "note": "opgeheven",
            "text": " ".join(_became(step) for step in endings(code, former)),
            "source": ending.source,
        }
        for code, ending in sorted(former.items())
    ]


def _became(step: Ending) -> str:
    day = format_date(step.date, "d MMMM yyyy", locale="nl")
    into = " en ".join(f"{name} ({code})" for code, name in step.successors.items())
    return f"{step.name} is geen gemeente meer: sinds {day} is het deel van {into}."


def _areas_of(municipalities: list[str], regions: list[str], areas: Areas) -> set[str]:
    members = areas.membership[areas.membership["gm_code"].isin(municipalities)]
    kinds = areas.regions.set_index("region_id")["type"]
    small = kinds[~kinds.isin(["country", "total", "province"])].index
    return set(members.loc[members["region_id"].isin(small), "region_id"]) | set(municipalities) | set(regions)
