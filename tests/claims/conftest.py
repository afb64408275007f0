"""Raw figures read directly, so that the tests recompute without the code that they test."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
import yaml

from balans.paths import Project
from balans.tables import read_table

Sum = Callable[..., float]


@pytest.fixture(scope="session")
def claims(project: Project) -> pd.DataFrame:
    """The table ``claims`` by claim_id."""
    return read_table(project.processed, "claims").set_index("claim_id")


class Raw:
    """The stored figures of each source, and the krimp municipalities of the report."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.files: dict[str, pd.Series] = {}
        regions = yaml.safe_load((project.definitions / "regions.yml").read_text(encoding="utf-8"))["regions"]
        self.members = {entry["id"]: list(entry["members"]) for entry in regions}
        self.krimp = [code for entry in regions if entry["type"] == "krimp" for code in entry["members"]]
        self.anticipeer = [code for entry in regions if entry["type"] == "anticipeer" for code in entry["members"]]
        self.parts = read_table(project.processed, "membership")

    def file(self, path: str) -> pd.Series:
        """One raw file as a series by (measure, region, year)."""
        if path not in self.files:
            stored = pd.read_csv(self.project.raw / path, dtype={"year": str})
            stored["region"] = stored["region"].str.strip()
            self.files[path] = stored.set_index(["measure", "region", "year"])["value"].sort_index()
        return self.files[path]

    def get(self, path: str, measure: str, region: str, year: int) -> float:
        """One published figure."""
        return float(self.file(path).loc[(measure, region, str(year))])

    def total(self, path: str, measure: str, regions: list[str], year: int) -> float:
        """The sum of published figures."""
        return sum(self.get(path, measure, region, year) for region in regions)

    def weighted_sum(self, path: str, measure: str, region_id: str, year: int) -> float:
        """The sum over the municipalities of a year, each for the part that lies in the region."""
        part = self.parts[(self.parts["region_id"] == region_id) & (self.parts["year"] == year)]
        pairs = zip(part["gm_code"], part["weight"], strict=True)
        return sum(weight * self.get(path, measure, code, year) for code, weight in pairs)


@pytest.fixture(scope="session")
def raw(project: Project) -> Raw:
    """Raw figures for independent arithmetic."""
    return Raw(project)
