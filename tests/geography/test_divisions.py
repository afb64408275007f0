from pathlib import Path

import pandas as pd
import pytest

from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.divisions import LAST_YEAR, area_names, division, load_divisions
from balans.paths import Project


def test_the_number_of_municipalities_is_that_of_cbs(project: Project) -> None:
    """Guards the sets: 489 municipalities in 2003, 342 in 2026, and the years with large reorganisations."""
    counts = load_divisions(project).groupby("year").size()
    assert {year: counts[year] for year in (2003, 2007, 2011, 2015, 2018, 2019, 2022, 2023, 2026)} == {
        2003: 489, 2007: 443, 2011: 418, 2015: 393, 2018: 380, 2019: 355, 2022: 345, 2023: 342, 2026: 342,
    }  # fmt: skip


def test_every_municipality_with_inhabitants_is_in_the_division(project: Project, first_of_january: pd.Series) -> None:
    """Guards against a code too many or too few, against CBS's population tables 2012–2026."""
    table = load_divisions(project)
    for year in range(2012, 2027):
        counted = {code for code in first_of_january.loc[year].index if code.startswith("GM")}
        assert counted == set(table.loc[table["year"] == year, "gm_code"]), year


@pytest.mark.parametrize("level", ["corop", "province"])
def test_municipalities_add_up_to_cbs_own_rows(project: Project, first_of_january: pd.Series, level: str) -> None:
    """Guards province and COROP of every municipality: not one person differs from CBS's rows, 2012–2023."""
    table = load_divisions(project)
    checked = 0
    for year in range(2012, 2024):
        members = table[table["year"] == year].set_index("gm_code")[level]
        ours = first_of_january.loc[year].reindex(members.index).groupby(members).sum()
        cbs = first_of_january.loc[year].reindex(ours.index)
        assert (ours - cbs).abs().max() == 0, year
        checked += len(cbs)
    assert checked == 12 * {"corop": 40, "province": 12}[level]


def test_provinces_of_the_latest_years_add_up(project: Project, first_of_january: pd.Series) -> None:
    """Guards the provinces of 2024–2026, for which CBS gives no COROP rows here."""
    for year in (2024, 2025, 2026):
        members = division(project, year).set_index("gm_code")["province"]
        ours = first_of_january.loc[year].reindex(members.index).groupby(members).sum()
        assert ours.to_dict() == first_of_january.loc[year].reindex(ours.index).to_dict()


def test_names_differ_within_a_division(project: Project) -> None:
    """Guards that a name finds one municipality: Bergen and, until 2004, Hengelo keep what CBS puts in brackets."""
    table = load_divisions(project)
    assert not table.duplicated(["year", "name"]).any()
    assert set(table.loc[table["name"].str.contains("Bergen (", regex=False), "gm_code"]) == {"GM0373", "GM0893"}
    assert area_names(project)["PV21"] == "Fryslân"


def test_a_year_without_division_is_refused(project: Project) -> None:
    """Guards the message: it names the years there are."""
    with pytest.raises(UnknownKeyError, match=f"from 2003 to {LAST_YEAR}"):
        division(project, 1999)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("GM12,Synthetic,2003,,PV20,CR01", "not a GM code"),
        ("GM0001,Synthetic,2010,2009,PV20,CR01", "ends before it starts"),
        ("GM0001,Synthetic,2003,,PV20,CR01\nGM0001,Synthetic,2004,,PV20,CR01", "listed twice"),
        ("GM0001,Synthetic,2003,,,CR01", "no province or COROP"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(tmp_path: Path, rows: str, message: str) -> None:
    """Guards the checks on a hand-edited divisions.csv (synthetic municipalities)."""
    folder = tmp_path / "definitions" / "geography"
    folder.mkdir(parents=True)
    (folder / "divisions.csv").write_text(f"gm_code,name,first_year,last_year,province,corop\n{rows}\n")
    with pytest.raises(DefinitionError, match=message):
        load_divisions(Project(tmp_path))
