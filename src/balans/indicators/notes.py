"""Notes on figures that mislead, per area that they belong to."""

from __future__ import annotations

import pandas as pd

from balans.definitions import load_definition
from balans.geography.areas import Areas
from balans.paths import Project


def build_notes(project: Project, areas: Areas) -> pd.DataFrame:
    """Return region_id, note, text, source: each note for its municipalities, their regions and the areas it names.

    Raises:
        DefinitionError: ``definitions/notes.yml`` is not as its schema asks.
    """
    content = load_definition(project.definitions / "notes.yml")
    rows = [
        {"region_id": region_id, "note": note["id"], "text": note["text"].strip(), "source": note["source"]}
        for note in content["notes"]
        for region_id in sorted(_areas_of(note["municipalities"], note["regions"], areas))
    ]
    return pd.DataFrame(rows, columns=["region_id", "note", "text", "source"])


def _areas_of(municipalities: list[str], regions: list[str], areas: Areas) -> set[str]:
    members = areas.membership[areas.membership["gm_code"].isin(municipalities)]
    kinds = areas.regions.set_index("region_id")["type"]
    small = kinds[~kinds.isin(["country", "total", "province"])].index
    return set(members.loc[members["region_id"].isin(small), "region_id"]) | set(municipalities) | set(regions)
