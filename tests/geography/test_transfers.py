import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.transfers import WEIGHTS, load_transfers, transition, transition_matrix
from balans.paths import Project, find_project

YEARS = st.integers(2003, 2026)

# 31 December moved by CBS's own texts, minus 1 January: where both do not agree to the person, and why.
KNOWN_DIFFERENCES = {
    2016: {"GM0074": 2, "GM0080": -2, "GM0944": -5, "GM1945": 5},  # boundary changes; the text has other numbers
    2018: {"GM0530": 1, "GM1930": -1},  # Nissewaard → Hellevoetsluis: 1,209 in the text, 1,208 in the count
    2021: {"GM0080": -3, "GM0824": 3, "GM0865": -3, "GM1949": 3},  # two boundary changes with 3 people too few
    2023: {"GM0402": 4, "GM1942": -4},  # Gooise Meren → Hilversum: 4 people that the text does not have
}


@pytest.mark.parametrize("year", range(2013, 2024))
def test_people_are_conserved_to_the_person(
    project: Project, first_of_january: pd.Series, last_of_december: pd.Series, year: int
) -> None:
    """Guards shares and sizes: those of 31 December, moved, are those of 1 January in every municipality.

    Weesp has no count on 31 December 2022 (it became part of Amsterdam in March), so Amsterdam's count has both.
    """
    before = last_of_december.loc[year - 1].filter(like="GM")
    moved = transition(project, year - 1, year)
    moved["people"] = moved["share"] * moved["from_code"].map(before)
    after = moved.groupby("to_code")["people"].sum()
    counted = first_of_january.loc[year].filter(like="GM")
    difference = (after - counted).round()
    assert set(after.index) == set(counted.index)
    assert difference[difference != 0].to_dict() == KNOWN_DIFFERENCES.get(year, {})
    assert after.sum() == pytest.approx(first_of_january[(year, "NL01")], abs=0.01)


def test_weesp_counts_in_the_first_division_that_shows_it(project: Project) -> None:
    """Guards changes within a year: 24 March 2022 belongs to the step to 2023."""
    transfers = load_transfers(project).set_index(["from_code", "to_code"])
    assert transfers.loc[("GM0457", "GM0363"), "year"] == 2023
    assert transfers.loc[("GM1921", "GM1940"), "year"] == 2016


def test_a_transfer_is_counted_once_and_abroad_is_left_out(project: Project) -> None:
    """Guards the two sides of CBS's texts: duplicates would double the people."""
    transfers = load_transfers(project)
    assert not transfers.duplicated(["year", "from_code", "to_code"]).any()
    assert not transfers[["from_code", "to_code"]].isin(["GM0998"]).any(axis=None)


def test_de_marne_is_a_fifth_of_het_hogeland(project: Project) -> None:
    """Guards backward shares with the case of the letter: 21% of the people, 35% of the land."""
    for weight, share in (("inhabitants", 0.21), ("dwellings", 0.23), ("hectares", 0.35)):
        back = transition(project, 2019, 2015, weight).set_index(["from_code", "to_code"])["share"]
        assert back["GM1966", "GM1663"] == pytest.approx(share, abs=0.005)


@settings(deadline=None, max_examples=25)
@given(first=YEARS, last=YEARS, weight=st.sampled_from(WEIGHTS))
def test_the_shares_of_every_municipality_add_up_to_one(first: int, last: int, weight: str) -> None:
    """Guards that nobody is lost or made, forwards and backwards, whatever the weight."""
    shares = transition(find_project(Path(__file__)), first, last, weight)
    assert shares["share"].between(0, 1 + 1e-12).all()
    assert np.allclose(shares.groupby("from_code")["share"].sum(), 1.0)


@settings(deadline=None, max_examples=25)
@given(years=st.tuples(YEARS, YEARS, YEARS).map(sorted), weight=st.sampled_from(WEIGHTS), forwards=st.booleans())
def test_a_transition_in_two_steps_is_the_transition_in_one(years: list[int], weight: str, forwards: bool) -> None:
    """Guards composition, 2012 → 2018 → 2026 among them."""
    project = find_project(Path(__file__))
    first, middle, last = years if forwards else years[::-1]
    steps = transition_matrix(project, first, middle, weight)[0] @ transition_matrix(project, middle, last, weight)[0]
    assert abs(steps - transition_matrix(project, first, last, weight)[0]).max() < 1e-12


def test_2012_to_2018_to_2026(project: Project) -> None:
    """Guards the composition that the issue names, on real people."""
    step = [transition_matrix(project, *pair)[0] for pair in ((2012, 2018), (2018, 2026), (2012, 2026))]
    assert abs(step[0] @ step[1] - step[2]).max() < 1e-12


def test_wrong_years_and_weights_are_refused(project: Project) -> None:
    """Guards the messages for a caller who mistypes."""
    with pytest.raises(UnknownKeyError, match="no division of 2030"):
        transition(project, 2015, 2030)
    with pytest.raises(UnknownKeyError, match="inhabitants, dwellings, hectares"):
        transition(project, 2015, 2016, "people")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("remove", "message"),
    [
        ("2021-01-01,GM0003,", "GM0003 ends, but no transfer says where"),
        ("2023-01-01,GM1942,Gooise Meren,GM1942", "GM1942 goes on after a transfer"),
        ("2007-01-01,GM0517,'s-Gravendeel,GM0585", "GM0517 ends, but no transfer"),
    ],
)
def test_a_forgotten_row_is_noticed(project: Project, tmp_path: Path, remove: str, message: str) -> None:
    """Guards next January's edit: leaving out one row of transfers.csv fails with the municipality and the page."""
    project = _copy(project, tmp_path)
    path = project.definitions / "geography" / "transfers.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(remove)]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message) as caught:
        load_transfers(project)
    assert "docs/add-a-reorganisation.md" in str(caught.value)


def _copy(project: Project, folder: Path) -> Project:
    shutil.copytree(project.definitions / "geography", folder / "definitions" / "geography")
    return Project(folder)
