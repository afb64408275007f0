"""Fetching beside plain ``cbsodata.get_data``: rows per second at an equal result, and memory for a million rows.

Client and server are processes of their own. The plain alternative is what an analyst would write: get the data, write
it to a compressed CSV. It is measured twice: as it comes (all columns), and told which columns are used.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.wire.bigtable import big_server, measure

ROWS = 300_000
MANY = 1_000_000  # the book's largest table has 18,000; beyond some three million, memory is no longer bounded
MOST_MB = 500


def test_rows_per_second(benchmark: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A table of twenty topics of which two are used, the part of 70072ned that the book uses."""
    with big_server(ROWS) as url:
        first = {how: measure(how, url, tmp_path / how) for how in ("plain", "selected")}  # also warms up the server
        found = benchmark.pedantic(measure, ("ours", url, tmp_path / "ours"), rounds=3, warmup_rounds=1)  # type: ignore[attr-defined]
        plain = measure("plain", url, tmp_path / "plain")
        selected = measure("selected", url, tmp_path / "selected")
    assert found["digest"] == plain["digest"] == selected["digest"] == first["plain"]["digest"]
    for name, each in {"ours": found, "get_data": plain, "get_data, columns given": selected}.items():
        print(f"\n{name}: {each['rows'] / each['seconds']:,.0f} rows/s, peak {each['peak_mb']:.0f} MB", end="")
    print()


def test_memory_of_a_million_rows(tmp_path: Path) -> None:
    """Memory while a table of a million rows is fetched, held in plain pandas, and stored."""
    with big_server(MANY) as url:
        found = measure("ours", url, tmp_path)
    print(
        f"\n{found['rows']:,} rows in {found['seconds']:.0f} s, "
        f"peak {found['peak_mb']:.0f} MB (start {found['base_mb']:.0f} MB)"
    )
    assert found["rows"] == MANY
    assert found["peak_mb"] < MOST_MB
