"""Everything that goes wrong with the service, once each: how to make it happen, and what must come of it."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from balans import files
from balans.sources.manifest import read_manifest

from .scene import Outcome, Scene, mini_project, play
from .server import Fault, Handler, LocalCBS, running
from .tables import ServedTopic, mini_table

FIGURES = r"UntypedDataSet|Observations"
Spoil = Callable[[Scene, Any, ExitStack], None]


@dataclass(frozen=True)
class Case:
    """One fault.

    Attributes:
        name: what goes wrong, as the table in the documentation says it.
        spoil: makes it happen.
        outcome: ``updated``, ``unchanged``, ``failed`` or ``refused``.
        sees: words that the user must see.
        left: ``old`` or ``new``: which version must be on disk.
        live: changes to how the table is fetched.
    """

    name: str
    spoil: Spoil
    outcome: str
    sees: tuple[str, ...] = ()
    left: str = "old"
    live: dict[str, Any] = field(default_factory=dict)
    check: Callable[[Scene], None] | None = None


def run(case: Case, folder: Path, monkeypatch: Any) -> Outcome:
    """Make a small project and server, spoil it, refresh, and check what came of it."""
    scene = Scene(mini_project(folder, **case.live), LocalCBS({"83625NED": mini_table()}, page={"3": 8, "4": 8}))
    with ExitStack() as stack:
        stack.enter_context(running(scene.cbs))
        with monkeypatch.context() as patch:
            case.spoil(scene, patch, stack)
            outcome = play(scene, patch)
        if case.check:
            case.check(scene)
        if scene.cbs.faults:
            scene.cbs.faults.clear()
            scene.timeout = 5.0
            assert play(scene, monkeypatch).left == "the new version" or outcome.left == "the new version"
    return outcome


def _always(what: Callable[[Handler, bytes], None], where: str = FIGURES, times: float = float("inf")) -> Spoil:
    def spoil(scene: Scene, patch: Any, stack: ExitStack) -> None:
        scene.cbs.faults.append(Fault(where, what, times))

    return spoil


def _once(what: Callable[[Handler, bytes], None], where: str = FIGURES) -> Spoil:
    return _always(what, where, 1)


def _refused(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.url = "http://127.0.0.1:9"


def _reset(handler: Handler, body: bytes) -> None:
    handler.break_off(body)


def _truncated(handler: Handler, body: bytes) -> None:
    handler.reply(200, body[: len(body) * 2 // 3])


def _html(handler: Handler, body: bytes) -> None:
    handler.reply(200, b"<html><body>Er is een storing. Probeer het later opnieuw.</body></html>", "text/html")


def _status(status: int, **headers: str) -> Callable[[Handler, bytes], None]:
    return lambda handler, _: handler.reply(status, b"{}", **headers)


def _neither(handler: Handler, body: bytes) -> None:
    handler.reply(503 if "ODataFeed" in handler.path else 404, b"{}")


def _slow(handler: Handler, body: bytes) -> None:
    time.sleep(1)
    handler.reply(200, body)


def _too_slow(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.timeout = 0.1
    scene.cbs.faults.append(Fault(FIGURES, _slow))


def _edited(change: Callable[[dict[str, Any], str], None]) -> Callable[[Handler, bytes], None]:
    """Change the JSON of an answer before it goes out."""

    def what(handler: Handler, body: bytes) -> None:
        answer = json.loads(body)
        change(answer, f"{handler.cbs.url}{handler.path}")
        handler.reply(200, json.dumps(answer).encode())

    return what


def _same_link(answer: dict[str, Any], url: str) -> None:
    answer["odata.nextLink"] = url


def _other_server(answer: dict[str, Any], url: str) -> None:
    answer["odata.nextLink"] = "http://127.0.0.2:9/opendata.cbs.nl/ODataFeed/odata/83625NED/UntypedDataSet?$skip=8"


def _doubled(answer: dict[str, Any], url: str) -> None:
    answer["value"] += answer["value"][:2]


def _contradicting(answer: dict[str, Any], url: str) -> None:
    answer["value"].append(answer["value"][0] | {"GemiddeldeVerkoopprijs_1": "     1"})


def _no_number(answer: dict[str, Any], url: str) -> None:
    answer["value"][0]["GemiddeldeVerkoopprijs_1"] = "1.234,5"


def _unlisted(answer: dict[str, Any], url: str) -> None:
    answer["value"].append(answer["value"][0] | {"RegioS": "GM9999"})


def _no_more_pages(answer: dict[str, Any], url: str) -> None:
    answer.pop("odata.nextLink", None)


def _renumbered(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.topics.insert(
        0, ServedTopic("verkoopprijs", "Andere groep/Gemiddelde verkoopprijs", "euro", "GemiddeldeVerkoopprijs_1", 0)
    )
    scene.served.topics[1].key = "GemiddeldeVerkoopprijs_2"


def _renamed(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.topics[0].path = "Verkochte woningen/Gemiddelde transactieprijs"


def _other_unit(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.topics[0].unit = "x 1 000 euro"


def _new_municipality(scene: Scene, patch: Any, stack: ExitStack) -> None:
    rows = scene.served.rows
    newest = rows[rows["Perioden"] == "2014JJ00"]
    merged = newest[newest["RegioS"] == "GM0005"].assign(RegioS="GM1992")
    scene.served.rows = pd.concat([rows.drop(newest.index[newest["RegioS"] == "GM0005"]), merged], ignore_index=True)


def _empty_year(scene: Scene, patch: Any, stack: ExitStack) -> None:
    rows = scene.served.rows
    scene.served.rows = pd.concat(
        [rows, rows[rows["Perioden"] == "2014JJ00"].assign(Perioden="2015JJ00", verkoopprijs=None)], ignore_index=True
    )
    scene.served.rows["verkoopprijs"] = scene.served.rows["verkoopprijs"].astype(float)
    scene.served.periods["2015JJ00"] = "Voorlopig"


def _year_dropped(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.rows = scene.served.rows[scene.served.rows["Perioden"] != "2012JJ00"].reset_index(drop=True)
    del scene.served.periods["2012JJ00"]


def _nothing_in_it(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.rows = scene.served.rows.assign(verkoopprijs=float("nan"))


def _withdrawn(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.cbs.tables.clear()


def _unchosen(scene: Scene, patch: Any, stack: ExitStack) -> None:
    scene.served.others["Eigendom"] = ["T001", "T002"]
    scene.served.rows["Eigendom"] = "T001"


def _disk_full(scene: Scene, patch: Any, stack: ExitStack) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr(files.os, "fsync", no_room)


def _second_refresh(scene: Scene, patch: Any, stack: ExitStack) -> None:
    stack.enter_context(FileLock(scene.project.raw / ".refresh.lock"))


def _long_list(scene: Scene, patch: Any, stack: ExitStack) -> None:
    """So many periods that are not wanted that the wanted ones must be listed, in more than one address."""
    scene.cbs.tables["83625NED"] = mini_table(range(1931, 2015))
    scene.cbs.page["3"] = 400


def _asked_in_parts(scene: Scene) -> None:
    firsts = [url for url in scene.cbs.asked if "UntypedDataSet?" in url]
    assert len(firsts) > 1
    assert all(len(url) < 2048 for url in scene.cbs.asked)


def _waited(scene: Scene) -> None:
    assert max(scene.slept) >= 7, "Retry-After asks for seven seconds"


PAGE_2 = r"skip=8$"
BOTH = {"protocols": ["odata3", "odata4"]}


def _over_version_4(scene: Scene) -> None:
    assert "odata4" in read_manifest(scene.project.raw)[0].how


CASES = [
    Case("connection refused", _refused, "failed", ("refuses the connection", "make data")),
    Case("connection reset in the middle of a page, once", _once(_reset), "updated", left="new"),
    Case("connection reset in the middle of every page", _always(_reset), "failed", ("broke off", "after 3 tries")),
    Case("page of broken-off JSON, once", _once(_truncated), "updated", left="new"),
    Case("every page is broken-off JSON", _always(_truncated), "failed", ("broke off before its end",)),
    Case("broken-off metadata, once", _once(_truncated, "DataProperties"), "updated", left="new"),
    Case("web page with status 200 instead of figures", _always(_html), "failed", ("web page instead of figures",)),
    Case(
        "web page with status 200 instead of metadata", _always(_html, "TableInfos"), "failed", ("not complete JSON",)
    ),
    Case("404 on a page halfway", _always(_status(404), PAGE_2), "failed", ("404", "does not have the page")),
    Case("429 with Retry-After", _once(_status(429, Retry_After="7")), "updated", left="new", check=_waited),
    Case("429 for ever", _always(_status(429, Retry_After="1")), "failed", ("asks to slow down (429)",)),
    Case("500, then success", _once(_status(500)), "updated", left="new"),
    Case("503 for ever", _always(_status(503)), "failed", ("out of service (503)",)),
    Case("400, which no new try can mend", _always(_status(400)), "failed", ("makes no sense",)),
    Case("answer slower than the time-out", _too_slow, "failed", ("no answer within 0.1 seconds",)),
    Case("page that links to itself", _always(_edited(_same_link), PAGE_2), "failed", ("keeps sending the same page",)),
    Case("next page on another server", _always(_edited(_other_server)), "failed", ("another server",)),
    Case("rows that come twice", _always(_edited(_doubled)), "updated", ("came twice",), "new"),
    Case(
        "two different figures for one area and year",
        _always(_edited(_contradicting)),
        "failed",
        ("two different figures",),
    ),
    Case("pages that go missing", _always(_edited(_no_more_pages)), "failed", ("not complete",)),
    Case("an area that the table does not list", _always(_edited(_unlisted)), "failed", ("GM9999", "does not list it")),
    Case("a cell that is no number", _always(_edited(_no_number)), "failed", ("no number", "1.234,5")),
    Case("table without one figure", _nothing_in_it, "failed", ("without one figure",)),
    Case("key of a topic renumbered, its old key given to another", _renumbered, "updated", left="new"),
    Case(
        "topic renamed",
        _renamed,
        "failed",
        ("no topic 'Gemiddelde verkoopprijs'", "Gemiddelde transactieprijs", "sources.yml"),
    ),
    Case("unit changed", _other_unit, "failed", ("the unit of", "x 1 000 euro", "'euro'")),
    Case("dimension added", _unchosen, "failed", ("Eigendom", "needs a choice", "T002")),
    Case("new municipality code", _new_municipality, "updated", ("came: GM1992", "went: GM0005"), "new"),
    Case(
        "newest year announced but empty",
        _empty_year,
        "updated",
        ("2015 is announced but still empty; it is kept out",),
        "new",
    ),
    Case(
        "year no longer at the source",
        _year_dropped,
        "updated",
        ("carried-over figures stay in use: verkoopprijs 2012",),
        "new",
    ),
    Case("table withdrawn", _withdrawn, "failed", ("does not have 83625NED any more", "99999NED")),
    Case(
        "list of periods too long for one address",
        _long_list,
        "updated",
        left="new",
        live={"first_year": 1941},
        check=_asked_in_parts,
    ),
    Case(
        "version 3 keeps resetting, version 4 has the table",
        _always(_reset, "UntypedDataSet"),
        "updated",
        left="new",
        live=BOTH,
        check=_over_version_4,
    ),
    Case(
        "table gone from version 3, version 4 has it",
        _always(_status(404), "ODataFeed"),
        "updated",
        left="new",
        live=BOTH,
        check=_over_version_4,
    ),
    Case(
        "version 3 out of service, table not in version 4",
        _always(_neither, "ODataFeed|odata/v1"),
        "failed",
        ("out of service (503)", "Tried too", "does not have it (404)"),
        live=BOTH,
    ),
    Case("disk full", _disk_full, "failed", ("disk is full", "Make room")),
    Case("second refresh at the same time", _second_refresh, "refused", ("Another refresh",)),
]
