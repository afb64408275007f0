"""A small project and a small CBS, in which one thing goes wrong."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from balans.errors import BalansError
from balans.files import sha256, write_atomically
from balans.paths import Project, find_project
from balans.sources.catalogue import load_catalogue
from balans.sources.fetch.changes import RefreshReport
from balans.sources.fetch.client import Manners
from balans.sources.fetch.refresh import refresh
from balans.sources.figures import read_table
from balans.sources.manifest import verify_raw

from .server import LocalCBS
from .tables import ServedTable, mini_table

TABLE = "83625NED"
TODAY = date(2026, 11, 21)


@dataclass
class Scene:
    """One project, one server, and how patient the client is.

    ``slept`` holds every wait that the client asked for; nothing really waits.
    """

    project: Project
    cbs: LocalCBS
    slept: list[float] = field(default_factory=list)
    timeout: float = 5.0
    url: str | None = None

    @property
    def served(self) -> ServedTable:
        """The one table."""
        return self.cbs.tables[TABLE]

    def refresh(self, monkeypatch: Any, attempts: int = 3) -> RefreshReport:
        """Refresh the one table from the server."""
        monkeypatch.setenv("BALANS_CBS_URL", self.url or self.cbs.url)
        manners = Manners((self.timeout, self.timeout), attempts, 1.0, 120.0, 0.0, self.slept.append)
        return refresh(self.project, [TABLE], manners=manners, today=TODAY)

    def figures(self) -> pd.DataFrame:
        """Return what is stored, after checking every byte."""
        verify_raw(self.project.raw)
        table = load_catalogue(self.project).table(TABLE)
        rows = read_table(self.project.raw, table)[["region", "year", "value"]]
        return rows.sort_values(["region", "year"], ignore_index=True)

    def expected(self) -> pd.DataFrame:
        """Return what the server serves."""
        rows = self.served.rows[self.served.rows["Perioden"].str.endswith("JJ00")]
        frame = pd.DataFrame(
            {"region": rows["RegioS"], "year": rows["Perioden"].str[:4].astype(int), "value": rows["verkoopprijs"]}
        )
        live = load_catalogue(self.project).table(TABLE).live
        frame = frame[frame["year"] >= live.first_year] if live else frame
        frame = frame[frame["value"].notna() & ~frame["region"].str.startswith("LD")].drop_duplicates(
            ["region", "year"]
        )
        return frame.sort_values(["region", "year"], ignore_index=True)


def mini_project(root: Path, protocol: str = "odata3", **live: Any) -> Project:
    """Make a project with one table, of which a synthetic carried-over version is stored.

    The carried-over figures lack the newest year that ``mini_table`` serves, and those of GM0003 are revised there.
    """
    real = find_project().definitions
    project = Project(root)
    shutil.copytree(real / "schemas", project.definitions / "schemas")
    shutil.copy(real / "regions.yml", project.definitions)
    (project.definitions / "geography").mkdir()
    shutil.copy(real / "geography" / "corop_nuts3.csv", project.definitions / "geography")
    content = yaml.safe_load((real / "sources.yml").read_text(encoding="utf-8"))
    table = next(entry for entry in content["tables"] if entry["id"] == TABLE)
    table["live"] = {
        "kind": "statline",
        "parts": [{"id": TABLE}],
        "protocols": [protocol],
        "successors": ["99999NED"],
    } | live
    write_atomically(
        project.definitions / "sources.yml", yaml.safe_dump({"tables": [table], "derived": []}, allow_unicode=True)
    )
    rows = mini_table(range(2012, 2014)).rows
    rows.loc[rows["RegioS"] == "GM0003", "verkoopprijs"] += 40.0
    store_carried(project, rows.assign(year=rows["Perioden"].str[:4]))
    return project


def store_carried(project: Project, rows: pd.DataFrame) -> None:
    """Store ``rows`` (RegioS, year, verkoopprijs) as the carried-over version."""
    frame = pd.DataFrame(
        {
            "table": TABLE,
            "measure": "GemiddeldeVerkoopprijs_1",
            "region": rows["RegioS"],
            "year": rows["year"],
            "value": rows["verkoopprijs"],
        }
    )
    path = project.raw / TABLE / "house_prices_synthetic.csv.gz"
    write_atomically(path, frame.to_csv(index=False))
    file = {"path": f"{TABLE}/{path.name}", "bytes": path.stat().st_size, "sha256": sha256(path)}
    entry = {
        "table": TABLE,
        "source": "synthetic",
        "title": "synthetic",
        "licence": "none",
        "attribution": "none",
        "obtained": "2026-11-01",
        "how": "made for a test",
        "modified": None,
        "files": [file],
    }
    write_atomically(project.raw / "manifest.json", json.dumps({"version": 1, "tables": [entry]}, indent=2) + "\n")


@dataclass(frozen=True)
class Outcome:
    """What came of it: the text that the user sees, and which version is on disk."""

    outcome: str
    text: str
    left: str


def play(scene: Scene, monkeypatch: Any, attempts: int = 3) -> Outcome:
    """Refresh, and say what the user saw and what is left; the version left must be whole."""
    before = (scene.project.raw / "manifest.json").read_bytes()
    old = scene.figures()
    try:
        report = scene.refresh(monkeypatch, attempts)
        outcome, text = report.tables[0].outcome, "\n".join(report.tables[0].lines()[1:])
    except BalansError as error:
        outcome, text = "refused", str(error)
    now = scene.figures()
    if (scene.project.raw / "manifest.json").read_bytes() == before:
        pd.testing.assert_frame_equal(now, old)
        return Outcome(outcome, _public(text), "the old version")
    new = scene.expected()
    kept = old[~old["year"].isin(new["year"].unique())]
    pd.testing.assert_frame_equal(now, pd.concat([new, kept]).sort_values(["region", "year"], ignore_index=True))
    return Outcome(
        outcome, _public(text), "the new version" + (" and the carried-over years that it lacks" if len(kept) else "")
    )


def _public(text: str) -> str:
    """The text without what differs per run: the server's port."""
    return re.sub(r"http://127\.0\.0\.1:\d+/", "https://", re.sub(r"127\.0\.0\.1:\d+", "opendata.cbs.nl", text)).strip()
