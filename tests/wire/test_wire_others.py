"""The parsers of the other sources, on samples in the publishers' format; the values come from the stored figures."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest

from balans.errors import SourceError
from balans.paths import Project, find_project
from balans.sources.catalogue import Table, load_catalogue
from balans.sources.fetch.client import Manners, UnusableAnswerError
from balans.sources.fetch.others import PARSERS, Parsed
from balans.sources.fetch.refresh import refresh
from balans.sources.manifest import read_manifest, stored_file, verify_raw
from balans.sources.stored import read_stored

from .server import LocalCBS, running

PROJECT = find_project()


def _table(name: str) -> Table:
    return load_catalogue(PROJECT).table(name)


def _parse(name: str, body: bytes) -> Parsed:
    table = _table(name)
    assert table.live is not None
    return PARSERS[table.live.kind](body, table, table.live)


def _frame(parsed: Parsed, **options: Any) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(parsed.content), **options)


def eurostat_sample(name: str, column: str) -> bytes:
    """Return stored figures as SDMX-CSV, with areas and categories that are not wanted."""
    stored = read_stored(PROJECT.raw, name).head(400)
    extra = {"nama_10r_3gdp": {}, "demo_r_pjangrp3": {"sex": "T", "unit": "NR"}}[name]
    rows = [
        {
            "DATAFLOW": f"ESTAT:{name.upper()}(1.0)",
            "LAST UPDATE": "13/02/24 11:00:00",
            "freq": "A",
            **extra,
            column: row.measure,
            "geo": row.region,
            "TIME_PERIOD": row.year,
            "OBS_VALUE": f"{row.value:.10g}",
            "OBS_FLAG": "p" if row.year == "2019" else "",
        }
        for row in stored.itertuples()
    ]
    rows += [rows[0] | {"geo": "FR101"}, rows[0] | {"OBS_VALUE": "", "TIME_PERIOD": "1999", "OBS_FLAG": ":"}]
    return pd.DataFrame(rows).to_csv(index=False).encode()


@pytest.mark.parametrize(("name", "column"), [("nama_10r_3gdp", "unit"), ("demo_r_pjangrp3", "age")])
def test_eurostat_gives_the_stored_figures_back(name: str, column: str) -> None:
    """Guards the SDMX-CSV parser: areas, categories, flags, the date of the edition."""
    parsed = _parse(name, eurostat_sample(name, column))
    found = _frame(parsed, dtype={"year": str})
    stored = read_stored(PROJECT.raw, name).head(400)
    keys = ["measure", "region", "year", "value"]
    pd.testing.assert_frame_equal(
        found[keys].astype({"value": float}).sort_values(keys, ignore_index=True),
        stored[keys].astype({"value": float}).sort_values(keys, ignore_index=True),
    )
    assert parsed.modified == "2024-02-13"
    assert set(found.loc[found["year"] == "2019", "status"]) <= {"Voorlopig"}


def test_eurostat_asks_again_when_a_message_comes_instead() -> None:
    """Guards the delayed answer of large datasets: XML with status 200."""
    with pytest.raises(UnusableAnswerError):
        _parse("nama_10r_3gdp", b"<?xml version='1.0'?><env:Envelope/>")
    with pytest.raises(SourceError, match="no column OBS_VALUE"):
        _parse("nama_10r_3gdp", b"unit,geo,TIME_PERIOD,OBS_FLAG\n")


DUO = (
    "INSTELLINGSCODE;VESTIGINGSCODE;INSTELLINGSNAAM VESTIGING;GEMEENTENAAM VESTIGING;ONDERWIJSTYPE VO;"
    "EXAMENKANDIDATEN SCHOOLJAAR 2022-2023 - TOTAAL;GESLAAGDEN SCHOOLJAAR 2022-2023 - TOTAAL\n"
    "00AA;00;School (synthetic);AALTEN;HAVO;40;35\n"
    "00AA;01;School (synthetic);AALTEN;HAVO;<5;<5\n"
    "00AB;00;School (synthetic);SÚDWEST-FRYSLÂN;VWO;12;\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_duo_adds_up_schools_and_counts_what_is_hidden(encoding: str) -> None:
    """Guards the DUO parser: hidden cells are counted, never guessed, in every encoding that DUO has used."""
    found = _frame(_parse("duo-examens", DUO.encode(encoding))).to_dict("records")
    key = {"type": "HAVO", "school_year": "2022-2023", "municipality": "AALTEN"}
    assert key | {"what": "candidates", "value": 40, "masked_cells": 1} in found
    assert key | {"what": "passed", "value": 35, "masked_cells": 1} in found
    assert [row["value"] for row in found if row["municipality"] == "SÚDWEST-FRYSLÂN"] == [12]


def test_duo_refuses_what_it_cannot_read() -> None:
    """Guards against a changed format: a missing column or a strange cell stops the refresh of this table."""
    with pytest.raises(SourceError, match="no column GEMEENTENAAM"):
        _parse("duo-examens", DUO.replace("GEMEENTENAAM VESTIGING", "PLAATS").encode())
    with pytest.raises(SourceError, match="'veel'"):
        _parse("duo-examens", DUO.replace(";40;", ";veel;").encode())


def leefbaarometer_sample(rows: int = 400) -> bytes:
    """Return the stored scores as the WFS service words them: GeoJSON with a geometry that is not needed."""
    stored = (
        pd.read_csv(stored_file(PROJECT.raw, "leefbaarometer", "scores_2024.csv"))
        .head(rows)
        .drop(columns=["year", "prov"])
    )
    features = [
        {
            "type": "Feature",
            "id": f"gemeentescore24.{i}",
            "geometry": None,
            "properties": row | {"name": row["naam"], "scale": "gemeente"},
        }
        for i, row in enumerate(stored.to_dict("records"))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features[::-1]}).encode()


def test_leefbaarometer_gives_the_stored_scores_back() -> None:
    """Guards the parser of the official scores: codes, five dimensions that add up, the year."""
    found = _frame(_parse("leefbaarometer", leefbaarometer_sample())).drop(columns="prov")
    stored = pd.read_csv(stored_file(PROJECT.raw, "leefbaarometer", "scores_2024.csv")).drop(columns="prov")
    pd.testing.assert_frame_equal(found, stored.sort_values("code", ignore_index=True))


def test_leefbaarometer_refuses_scores_that_do_not_add_up() -> None:
    """Guards against a column that means something else: the dimensions must add up to the total."""
    content = json.loads(leefbaarometer_sample())
    content["features"][3]["properties"]["soc"] += 0.5
    with pytest.raises(SourceError, match="do not add up"):
        _parse("leefbaarometer", json.dumps(content).encode())


def boundaries_sample() -> bytes:
    """Return the stored boundaries as PDOK words them."""
    stored = json.loads(
        gzip.decompress(stored_file(PROJECT.raw, "grenzen", "municipalities_2022.geojson.gz").read_bytes())
    )
    for feature in stored["features"]:
        code, name = feature["properties"]["code"], feature["properties"]["name"]
        feature["properties"] = {
            "id": 1,
            "statcode": code,
            "jrstatcode": f"2022{code}",
            "statnaam": name,
            "rubriek": "gemeente",
        }
    return json.dumps(stored).encode()


def test_boundaries_give_the_stored_map_back() -> None:
    """Guards the parser of the boundaries: the same 345 municipalities, codes and coordinates."""
    found = json.loads(_parse("grenzen", boundaries_sample()).content)
    stored = json.loads(
        gzip.decompress(stored_file(PROJECT.raw, "grenzen", "municipalities_2022.geojson.gz").read_bytes())
    )
    assert found["features"] == sorted(stored["features"], key=lambda feature: feature["properties"]["code"])


def test_boundaries_refuse_degrees() -> None:
    """Guards the coordinate system: a map in degrees would be drawn in the Gulf of Guinea."""
    square = [[[[5.9, 50.9], [6.0, 50.9], [6.0, 51.0], [5.9, 50.9]]]]
    feature = {
        "properties": {"statcode": "GM0882", "statnaam": "Landgraaf"},
        "geometry": {"type": "MultiPolygon", "coordinates": square},
    }
    with pytest.raises(SourceError, match="not in RD New"):
        _parse("grenzen", json.dumps({"features": [feature]}).encode())


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project whose other sources are served, in their own format, from their own paths on 127.0.0.1."""
    project = Project(tmp_path)
    shutil.copytree(PROJECT.definitions, project.definitions)
    shutil.copytree(PROJECT.raw, project.raw)
    bodies = {
        "nama_10r_3gdp": eurostat_sample("nama_10r_3gdp", "unit"),
        "demo_r_pjangrp3": eurostat_sample("demo_r_pjangrp3", "age"),
        "duo-examens": DUO.encode(),
        "leefbaarometer": leefbaarometer_sample(),
        "grenzen": boundaries_sample(),
    }
    files = {}
    for name, body in bodies.items():
        live = _table(name).live
        assert live is not None
        url = urlsplit(live.addresses[0][1])
        files[f"/{url.netloc}{url.path}{'?' + url.query if url.query else ''}"] = body
    with running(LocalCBS({}, files=files)) as cbs:
        monkeypatch.setenv("BALANS_CBS_URL", cbs.url)
        yield project


def test_a_source_that_does_not_answer_is_not_asked_for_its_other_tables(
    served: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards against a long wait per table when a source is out of reach."""
    monkeypatch.setenv("BALANS_CBS_URL", "http://127.0.0.1:9")
    report = refresh(served, ["nama_10r_3gdp", "demo_r_pjangrp3"], manners=Manners(attempts=1, pause=0.0))
    assert "refuses the connection" in report.tables[0].problem
    assert report.tables[1].problem.endswith("not tried, because eurostat did not answer for nama_10r_3gdp.")


def test_the_other_sources_are_fetched_stored_and_read_like_any(served: Project) -> None:
    """Guards that one interface and one manifest hold for every source, and that older years stay readable."""
    ids = ["nama_10r_3gdp", "demo_r_pjangrp3", "duo-examens", "leefbaarometer", "grenzen"]
    before = read_stored(served.raw, "duo-examens")
    report = refresh(served, ids, manners=Manners(attempts=1, pause=0.0))
    assert [table.outcome for table in report.tables] == ["updated"] * 5, report.describe()
    verify_raw(served.raw)
    entries = {entry.table: entry for entry in read_manifest(served.raw)}
    assert all(entries[name].is_fetched and entries[name].carried_over for name in ids)
    after = read_stored(served.raw, "duo-examens")
    assert set(before["school_year"]) == set(after["school_year"]), "years that the new file lacks stay"
    row = after[(after["municipality"] == "AALTEN") & (after["type"] == "HAVO") & (after["school_year"] == "2022-2023")]
    assert set(row["masked_cells"]) == {1}
    assert "@" in stored_file(served.raw, "leefbaarometer", "scores_2024.csv").name
    assert stored_file(served.raw, "grenzen", "municipalities_2014.geojson.gz").is_file()
