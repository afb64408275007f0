"""The real package ``cbsodata`` talks to the local CBS, and finds what it would find at the real one."""

from __future__ import annotations

from collections.abc import Iterator

import cbsodata
import pandas as pd
import pytest
import requests

from .scene import TABLE, Scene


@pytest.fixture
def catalogue_url(scene: Scene) -> Iterator[str]:
    """Point the package at the local server, as its user would."""
    use_https = cbsodata.options.use_https
    cbsodata.options.use_https = False
    yield scene.cbs.url.removeprefix("http://")
    cbsodata.options.use_https = use_https


def test_get_data_follows_the_pages_and_replaces_codes_by_titles(scene: Scene, catalogue_url: str) -> None:
    """Guards that the server is close enough to CBS for the package's own client: paging, dimensions, typed figures."""
    rows = cbsodata.get_data("83625ned", catalog_url=catalogue_url, proxies={})
    assert len(rows) == len(scene.served.rows)
    assert rows[0]["Perioden"] == "2012"
    assert [row["GemiddeldeVerkoopprijs_1"] for row in rows] == list(scene.served.rows["verkoopprijs"])


def test_our_client_brings_what_the_package_brings(
    scene: Scene, catalogue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards our own client for version 3 against CBS's: the same figures for the same areas and years."""
    rows = pd.DataFrame(cbsodata.download_data(TABLE, catalog_url=catalogue_url, proxies={})["TypedDataSet"])
    theirs = pd.DataFrame({"region": rows["RegioS"].str.strip(), "year": rows["Perioden"].str[:4].astype(int)}).assign(
        value=rows["GemiddeldeVerkoopprijs_1"]
    )
    assert scene.refresh(monkeypatch).failed == ()
    pd.testing.assert_frame_equal(scene.figures(), theirs.sort_values(["region", "year"], ignore_index=True))


def test_padded_keys_filters_and_the_catalogue(scene: Scene, catalogue_url: str) -> None:
    """Guards the traps of the wire format: keys padded with spaces, right-aligned text, dates in the catalogue."""
    parts = cbsodata.download_data(
        "83625NED",
        typed=True,
        select=["RegioS", "GemiddeldeVerkoopprijs_1"],
        filters="(startswith(RegioS,'NL') or RegioS eq 'GM0001') and Perioden ge '2013JJ00'",
        catalog_url=catalogue_url,
        proxies={},
    )
    assert [row["RegioS"] for row in parts["UntypedDataSet"]] == ["NL01  ", "NL01  ", "GM0001", "GM0001"]
    assert parts["UntypedDataSet"][0]["GemiddeldeVerkoopprijs_1"] == "  102013"
    assert parts["Perioden"][0] == {"Key": "2012JJ00", "Title": "2012", "Description": None, "Status": "Definitief"}
    listed = cbsodata.get_table_list(catalog_url=catalogue_url, proxies={})
    assert [(table["Identifier"], table["Modified"]) for table in listed] == [("83625NED", "2026-02-17T02:00:00")]


def test_an_unknown_table_is_a_404(catalogue_url: str) -> None:
    """Guards how the package reports an unknown table: a new error with the original in its cause."""
    with pytest.raises(requests.HTTPError) as caught:
        cbsodata.get_info("00000NED", catalog_url=catalogue_url, proxies={})
    assert isinstance(caught.value.__cause__, requests.HTTPError)
    assert caught.value.__cause__.response.status_code == 404
