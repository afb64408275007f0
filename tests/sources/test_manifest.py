"""The manifest guards data/raw: nothing may change, vanish or slip in unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from balans.errors import RawDataError
from balans.paths import Project
from balans.sources.manifest import read_manifest, verify_raw

LIMIT_BYTES = 15_000_000


def test_stored_figures_are_those_of_the_manifest(project: Project) -> None:
    """Guards the carried-over figures themselves."""
    tables = verify_raw(project.raw)
    assert {"70072ned", "37259eng", "03759ned", "kwb", "50090NED"} <= {table.table for table in tables}
    assert all(table.licence and table.attribution and table.how for table in tables)


def test_stored_figures_stay_small(project: Project) -> None:
    """Guards a clone that stays quick: under 15 MB of figures."""
    assert sum(file.bytes for table in read_manifest(project.raw) for file in table.files) < LIMIT_BYTES


def test_one_changed_byte_stops_with_the_name_of_the_file(small_project: Project) -> None:
    """Guards against figures that were edited by hand."""
    path = small_project.raw / "83625NED" / "house_prices_1995_2024.csv.gz"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(RawDataError, match=r"83625NED/house_prices_1995_2024\.csv\.gz: has changed"):
        verify_raw(small_project.raw)


def test_missing_and_stray_files_are_both_named(small_project: Project) -> None:
    """Guards against a half-copied folder and against a forgotten file."""
    (small_project.raw / "kwb" / "measures.csv").unlink()
    (small_project.raw / "kwb" / "extra.csv").write_text("x\n")
    with pytest.raises(RawDataError) as caught:
        verify_raw(small_project.raw)
    assert "kwb/measures.csv: is missing" in str(caught.value)
    assert "kwb/extra.csv: is not in the manifest" in str(caught.value)


def test_unreadable_manifest_says_how_to_restore_it(tmp_path: Path) -> None:
    """Guards the message for a manifest that was cut off."""
    (tmp_path / "manifest.json").write_text('{"tables": [')
    with pytest.raises(RawDataError, match="git checkout"):
        read_manifest(tmp_path)
