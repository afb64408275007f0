"""A refresh over a socket: what it asks, what it stores, what it tells, and that nothing is asked twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import requests

from balans.errors import RawDataError, UnknownKeyError
from balans.files import sha256
from balans.paths import Project, find_project
from balans.process import process
from balans.sources.catalogue import load_catalogue
from balans.sources.fetch.client import Manners
from balans.sources.fetch.refresh import refresh
from balans.sources.fetch.status import status
from balans.sources.fetch.store import restore
from balans.sources.fetch.verify import verify_live
from balans.sources.figures import read_table as read_raw
from balans.sources.manifest import read_manifest, verify_raw
from balans.tables import read_table

from .scene import TABLE, TODAY, Scene, mini_project
from .server import Fault, Handler, LocalCBS, running
from .tables import mini_table, serve_project

HASTY = Manners(timeout=(20.0, 20.0), attempts=2, first_wait=0.01, pause=0.0)


def test_both_protocols_store_the_same(scene: Scene, scene4: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that versions 3 and 4 give the same stored file, byte for byte, with symbols and statuses kept."""
    stored = []
    for each in (scene, scene4):
        rows, newest = each.served.rows, each.served.rows["Perioden"] == "2014JJ00"
        rows["symbol"] = None
        rows.loc[newest & (rows["RegioS"] == "GM0001"), ["verkoopprijs", "symbol"]] = [float("nan"), "."]
        rows.loc[newest & (rows["RegioS"] == "GM0002"), "verkoopprijs"] = float("nan")
        each.served.periods["2014JJ00"] = "NaderVoorlopig"
        assert each.refresh(monkeypatch).failed == ()
        stored.append(next((each.project.raw / TABLE).glob("figures@*")))
    assert stored[0].name == stored[1].name
    assert stored[0].read_bytes() == stored[1].read_bytes()
    newest = pd.read_csv(stored[0], dtype={"symbol": str}).query("year == 2014").set_index("region")
    assert newest.loc["GM0001", "symbol"] == "."
    assert pd.isna(newest.loc["GM0001", "value"])
    assert "GM0002" not in newest.index, "a cell that cannot occur is not stored"
    assert set(newest["status"]) == {"NaderVoorlopig"}


def test_the_other_service_gives_the_same_bytes(scene4: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards the fallback: what stands in for version 3 is found by title and stores the file that it would store."""
    both = Scene(mini_project(tmp_path / "both", protocols=["odata3", "odata4"]), scene4.cbs)
    scene4.cbs.faults.append(Fault("ODataFeed", lambda handler, body: handler.break_off(body)))
    assert both.refresh(monkeypatch).failed == ()
    assert both.cbs.asked.index(next(url for url in both.cbs.asked if "odata/v1" in url)) == 3, "three tries first"
    scene4.cbs.faults.clear()
    over_3 = Scene(mini_project(tmp_path / "three"), scene4.cbs)
    assert over_3.refresh(monkeypatch).failed == ()
    stored = [next((each.project.raw / TABLE).glob("figures@*")) for each in (both, over_3)]
    assert stored[0].name == stored[1].name
    assert stored[0].read_bytes() == stored[1].read_bytes()
    assert "(83625NED; odata4)" in read_manifest(both.project.raw)[0].how


@pytest.mark.parametrize(
    ("what", "sees"),
    [
        (lambda handler, body: handler.break_off(body), "broke off"),
        (lambda handler, body: handler.reply(200, body[:-20]), "broke off before its end"),
        (lambda handler, _: handler.reply(200, b"<html></html>"), "web page"),
        (lambda handler, _: handler.reply(503, b""), "out of service"),
    ],
)
def test_version_4_survives_the_same_faults(
    what: Callable[[Handler, bytes], None], sees: str, scene4: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards that a fault under version 4 is told as clearly, and mended by the next refresh."""
    scene4.cbs.faults.append(Fault("Observations", what))
    before = scene4.figures()
    assert sees in scene4.refresh(monkeypatch).tables[0].problem
    pd.testing.assert_frame_equal(scene4.figures(), before)
    scene4.cbs.faults.clear()
    assert scene4.refresh(monkeypatch).tables[0].outcome == "updated"
    pd.testing.assert_frame_equal(scene4.figures(), scene4.expected())


def test_finished_pages_are_not_asked_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards resume: after a break-off the next refresh asks only for the pages that did not arrive."""
    scene.cbs.faults.append(Fault(r"skip=16", lambda handler, body: handler.break_off(body)))
    assert "broke off" in scene.refresh(monkeypatch).tables[0].problem
    scene.cbs.faults.clear()
    scene.cbs.asked.clear()
    assert scene.refresh(monkeypatch).failed == ()
    pages = [url for url in scene.cbs.asked if "UntypedDataSet" in url]
    assert [url[-8:] for url in pages] == ["$skip=16", "$skip=24", "$skip=32"]
    assert not (scene.project.cache / "fetch" / TABLE).exists()


def test_pages_of_an_older_edition_are_not_mixed_in(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that resume starts afresh when the source published a new edition in between."""
    scene.cbs.faults.append(Fault(r"skip=16", lambda handler, body: handler.break_off(body)))
    scene.refresh(monkeypatch)
    scene.cbs.faults.clear()
    scene.cbs.asked.clear()
    scene.served.modified = "2026-03-01T02:00:00"
    assert scene.refresh(monkeypatch).failed == ()
    assert len([url for url in scene.cbs.asked if "UntypedDataSet" in url]) == 5


def test_only_what_is_used_travels(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards $select and $filter, the name of the client, and the pause between requests."""
    monkeypatch.setenv("BALANS_CBS_URL", scene.cbs.url)
    manners = Manners(pause=0.25, sleep=scene.slept.append)
    refresh(scene.project, [TABLE], manners=manners, today=TODAY)
    first = next(url for url in scene.cbs.asked if "UntypedDataSet" in url)
    assert "$select=RegioS,Perioden,GemiddeldeVerkoopprijs_1" in first.replace("%2C", ",")
    assert all(agent.startswith("nederland-in-balans/") for agent in scene.cbs.agents)
    assert scene.slept == [0.25] * (len(scene.cbs.asked) - 1)


def test_a_second_refresh_changes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that the same answer gives the same bytes, so that nothing downstream is made again."""
    scene.refresh(monkeypatch)
    before = (scene.project.raw / "manifest.json").read_bytes()
    report = scene.refresh(monkeypatch)
    assert report.tables[0].outcome == "unchanged"
    assert (scene.project.raw / "manifest.json").read_bytes() == before


def test_restore_goes_back_and_forth(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards the previous version, and the carried-over one after two refreshes."""
    carried = scene.figures()
    scene.refresh(monkeypatch)
    first = scene.figures()
    scene.served.rows["verkoopprijs"] += 1
    scene.refresh(monkeypatch)
    second = scene.figures()
    restore(scene.project, TABLE)
    pd.testing.assert_frame_equal(scene.figures(), first)
    restore(scene.project, TABLE)
    pd.testing.assert_frame_equal(scene.figures(), second)
    restore(scene.project, TABLE, carried_over=True)
    pd.testing.assert_frame_equal(scene.figures(), carried)
    with pytest.raises(UnknownKeyError, match="no table XX"):
        restore(scene.project, "XX")


def test_restore_refuses_a_version_that_is_damaged(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that restore never puts a changed file in force."""
    scene.refresh(monkeypatch)
    (scene.project.raw / TABLE / "house_prices_synthetic.csv.gz").write_bytes(b"x")
    before = scene.figures()
    with pytest.raises(RawDataError, match="house_prices_synthetic"):
        restore(scene.project, TABLE)
    pd.testing.assert_frame_equal(scene.figures(), before)


def test_a_changed_byte_still_stops_everything(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that leftovers are forgiven, but a changed file in force is not, and neither is a foreign file."""
    scene.refresh(monkeypatch)
    (scene.project.raw / TABLE / "figures@0123456789ab.csv.gz").write_bytes(b"half")
    verify_raw(scene.project.raw)
    path = next(file.path for file in read_manifest(scene.project.raw)[0].files)
    content = bytearray((scene.project.raw / path).read_bytes())
    content[20] ^= 1
    (scene.project.raw / path).write_bytes(bytes(content))
    (scene.project.raw / TABLE / "other.csv").write_text("x")
    with pytest.raises(RawDataError, match=r"has changed\n.*other\.csv: is not in the manifest"):
        verify_raw(scene.project.raw)


def test_status_says_how_old_and_whether_there_is_a_newer_one(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards balans status with a network, after a new edition, and without a network."""
    scene.served.periods["2014JJ00"] = "Voorlopig"
    scene.refresh(monkeypatch)
    row = status(scene.project, manners=HASTY, today=date(2026, 11, 30)).iloc[0]
    assert (row["age_days"], row["newer"], row["modified"], row["provisional"]) == (9, False, "2026-02-17", "2014")
    scene.served.modified = "2026-12-01T02:00:00"
    assert status(scene.project, manners=HASTY).iloc[0]["newer"]
    monkeypatch.setenv("BALANS_CBS_URL", "http://127.0.0.1:9")
    row = status(scene.project, manners=HASTY).iloc[0]
    assert row["newer"] is None
    assert row["remark"] == "no connection with the source"


def test_verify_finds_every_planted_difference(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards balans verify, also after a refresh: each planted difference is found, and nothing else."""
    monkeypatch.setenv("BALANS_CBS_URL", scene.cbs.url)
    revised = verify_live(scene.project, manners=HASTY).differences
    assert list(revised["region"]) == ["GM0003", "GM0003"]
    scene.refresh(monkeypatch)
    planted = scene.served.rows.index[[1, 7, 20]]
    scene.served.rows.loc[planted, "verkoopprijs"] += 1.0
    report = verify_live(scene.project, manners=HASTY)
    found = set(zip(report.differences["region"], report.differences["year"], strict=True))
    old = {
        (region, int(period[:4]))
        for region, period in scene.served.rows.loc[planted, ["RegioS", "Perioden"]].to_numpy()
    }
    assert found == {pair for pair in old if pair[1] < 2014} | {("GM0003", 2012), ("GM0003", 2013)}
    assert report.tables.iloc[0]["compared"] == 24
    assert "differ" in report.describe()


@pytest.mark.slow
def test_the_book_is_the_same_from_the_live_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that topics, units, statuses and areas resolve to the same series: equal data/processed, real figures."""
    real = find_project()
    offline, online = Project(tmp_path / "offline"), Project(tmp_path / "online")
    for project in (offline, online):
        shutil.copytree(real.definitions, project.definitions)
        shutil.copytree(real.raw, project.raw)
    # These and no other: a later edition (70072ned-2026) has the same number at CBS and would take its place.
    ids = ["37259eng", "03759ned", "70072ned", "kwb", "83625NED", "50090NED"]
    with running(LocalCBS(serve_project(online, ids))) as cbs:
        monkeypatch.setenv("BALANS_CBS_URL", cbs.url)
        report = refresh(online, ids, manners=HASTY, today=TODAY)
        assert report.failed == ()
        assert report.revisions().empty
        agreement = verify_live(online, ids, manners=HASTY)
        assert agreement.differences.empty, agreement.describe()
        assert (agreement.tables["compared"] > 0).all()
    process(offline)
    process(online)
    made = sorted(path.name for path in offline.processed.glob("*.csv") if path.name != "sources.csv")
    assert {name: sha256(online.processed / name) for name in made} == {
        name: sha256(offline.processed / name) for name in made
    }
    shown = read_table(online.processed, "sources").set_index("table")
    assert shown.loc["70072ned", "fetched"]
    assert shown.loc["kwb", ["first_year", "last_year"]].tolist() == [2010, 2025]
    assert not shown.loc["grenzen", "fetched"]


CARRIED_IN_NOVEMBER = ["50150NED", "85525NED", "kwb-2021", "kwb-2024", "83582NED", "85173NED", "70072ned-2026"]


@pytest.mark.parametrize("gone", ["nothing", "version 3"])
def test_the_tables_of_november_come_back_as_they_were_carried_over(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards how each is asked for: titles, codes of categories, years; and what only version 3 has."""
    real, project = find_project(), Project(tmp_path)
    shutil.copytree(real.definitions, project.definitions)
    shutil.copytree(real.raw, project.raw)
    catalogue, only_3 = load_catalogue(project), {"50150NED", "70072ned-2026"}
    before = {name: _in_order(read_raw(project.raw, catalogue.table(name))) for name in CARRIED_IN_NOVEMBER}
    served = serve_project(project, CARRIED_IN_NOVEMBER)
    faults = [Fault("ODataFeed", lambda handler, _: handler.reply(404, b""))] if gone != "nothing" else []
    with running(LocalCBS(served, faults=faults)) as cbs:
        monkeypatch.setenv("BALANS_CBS_URL", cbs.url)
        report = refresh(project, CARRIED_IN_NOVEMBER, manners=HASTY, today=TODAY)
    assert {table.table for table in report.failed} == (only_3 if faults else set()), report.describe()
    assert report.revisions().empty
    for name, figures in before.items():
        pd.testing.assert_frame_equal(_in_order(read_raw(project.raw, catalogue.table(name))), figures)


def _in_order(figures: pd.DataFrame) -> pd.DataFrame:
    columns = ["topic", "region", "year", "value"]
    return figures.sort_values(columns, ignore_index=True)[columns]


def test_another_edition_in_the_catalogue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that a later forecast is seen: each edition of it has an id of its own."""
    real, project = find_project(), Project(tmp_path)
    shutil.copytree(real.definitions, project.definitions)
    shutil.copytree(real.raw, project.raw)
    served = serve_project(project, ["85173NED"])
    later = replace(served["85173NED"], id="99173NED", title="Regionale prognose 2026-2060; bevolking, intervallen ")
    with running(LocalCBS(served | {"99173NED": later, "83625NED": mini_table()})) as cbs:
        monkeypatch.setenv("BALANS_CBS_URL", cbs.url)
        told = refresh(project, ["85173NED"], manners=HASTY, today=TODAY).describe()
        remark = status(project, manners=HASTY).set_index("table").loc["85173NED", "remark"]
    assert "also in the catalogue: 99173NED, Regionale prognose 2026-2060; bevolking, intervallen" in told
    assert "99173NED" in remark
    assert "83625NED" not in remark + told


def test_nothing_is_asked_outside_the_mirror(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards that a test, or a mirror, never reaches the real service by mistake."""
    reached = []
    send = requests.Session.send

    def watched(session: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
        reached.append(request.url)
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", watched)
    scene.refresh(monkeypatch)
    assert reached
    assert all(url and url.startswith(scene.cbs.url) for url in reached)
