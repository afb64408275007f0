"""The tables and figures of chapter 1 say what the tables of data/processed say."""

from __future__ import annotations

import pytest

from balans.indicators.catalogue import load_indicators
from balans.pages.data import PageData, page_data
from balans.pages.h1.achterstanden import economy, gaps, participation, population
from balans.pages.h1.achterstanden import report_table as achterstanden_report_table
from balans.pages.regios import report_table as regios_report_table
from balans.pages.regios import work_and_health
from balans.paths import Project


@pytest.fixture(scope="module")
def data(project: object) -> PageData:
    return page_data(template="h1/achterstanden")


def test_the_report_table_shows_both_values_and_the_verdict(data: PageData) -> None:
    """Guards the rebuilt table: the report's value beside ours, with the year where it is another, and a link."""
    html = achterstanden_report_table.base_table(data).html
    parts = ["26,2%", "27,0% (2012)", "€\N{NO-BREAK SPACE}163.200", "€\N{NO-BREAK SPACE}164.194 (2015)"]
    assert [part for part in [*parts, 'href="bewering:T05a"', "62,2%"] if part not in html] == []


def test_level_and_disadvantage_of_dwellings_are_said_together(data: PageData) -> None:
    """Guards against half a finding: the euro amounts and the shares of the Dutch mean stand in one title."""
    chart = economy.woz_level_and_gap(data)
    title = chart.figure.get_suptitle().replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")
    parts = ["€ 297.288", "€ 140.000", "79,7%", "74,8%"]
    assert [part for part in parts if part not in title] == []
    assert [part for part in parts if part not in chart.alt.replace("\N{NO-BREAK SPACE}", " ")] == []


def test_people_are_given_on_the_group_itself(data: PageData) -> None:
    """Guards the column that replaces the report's: the change on the group that a share is a share of."""
    html = achterstanden_report_table.people_table(data).html
    assert [part for part in ("−22.000", "−16.309", "−41.210", "+182.004", "634.000") if part not in html] == []


def test_every_region_is_in_the_unfolding_table(data: PageData) -> None:
    """Guards the table per region and the spread behind the average."""
    html = achterstanden_report_table.regions_table(data).html
    names = data.regions.loc[data.regions["type"].isin(["krimp", "anticipeer"]), "name"]
    assert len(names) == 20
    assert [name for name in names if f'<th scope="row">{name}</th>' not in html] == []
    assert "19,9% (Noordoost Fryslân)" in html


def test_a_neighbour_stands_under_its_own_name_without_the_reports_value(data: PageData) -> None:
    """Guards against education that reads as occupational level: the level's own cells are empty, and it says so."""
    html = achterstanden_report_table.base_table(data).html
    level = html[html.index("Werkzaam op hoger beroepsniveau") : html.index("Ernaast: hbo of wo")]
    beside = html[html.index("Ernaast: hbo of wo") : html.index("Geslaagden met havo of vwo")]
    assert "39,8%" in level
    assert "niet te toetsen" in level
    assert "21,6% (2015)" not in level
    assert "21,6% (2015)" in beside
    assert "bewering:" not in beside
    assert "niets komt er zo dichtbij" in html


def test_participation_is_judged_on_gap_and_change(data: PageData, project: Project) -> None:
    """Guards the table of chapter 1: gaps of 2015 beside each other, the report's change beside the measured one."""
    then = achterstanden_report_table.base_table(data).html
    assert [part for part in ("62,2%", "63,6% (2015)", "−3,2 pp", "−3,0 pp") if part not in then] == []
    later = achterstanden_report_table.later_table(data, load_indicators(project)).html
    assert [part for part in ("60,6%", "68,4% (2022)", "−1,6 pp", "+4,8 pp", "−3,8 pp") if part not in later] == []


def test_every_region_has_participation_with_people(data: PageData) -> None:
    """Guards participation in 2015 and the latest year: share, people and gap, of 20 regions and the totals."""
    table = participation.participation_table(data)
    assert table.html.count('<th scope="row">') == 23
    parts = ["653.641", "697.124", "120.879", "−7,1 pp"]
    assert [part for part in parts if part not in table.html] == []
    country = table.html[table.html.rindex("Nederland") :]
    assert "–" in country, "the Netherlands misses two municipalities, so its people are not counted"


def test_the_jump_in_health_is_said_where_a_change_is_shown(data: PageData, project: Project) -> None:
    """Guards against reading the rise of 2020-2022 as the regions' own: every table of changes says it was national."""
    indicators = load_indicators(project)
    said = "Tussen 2020 en 2022 ging dit aandeel in heel Nederland van 21,6% naar 31,0%"
    assert said in achterstanden_report_table.later_table(data, indicators).html
    assert said in gaps.changes_table(data, indicators).html
    own = page_data("eemsdelta", template="regios/regio")
    chart = work_and_health.trend(own, "eemsdelta", indicators["gezondheid_niet_goed"])
    assert chart is not None
    assert said in chart.alt


@pytest.mark.parametrize("region", ["parkstad-limburg", "de-marne", "GM0363", "CR39"])
def test_a_region_has_work_education_and_health(region: str, project: Project) -> None:
    """Guards the section of a region: a picture and a sentence with people each, where the figures are complete."""
    indicators, own = load_indicators(project), page_data(region, template="regios/regio")
    for name in work_and_health.WORDS:
        chart = work_and_health.trend(own, region, indicators[name])
        prose = work_and_health.sentence(own, region, indicators[name])
        if region == "GM0363" and name == "netto_participatie_monitor":
            assert chart is None
            assert prose is None
            continue
        assert chart is not None
        assert prose is not None
        assert "verschil met Nederland" in chart.alt
        assert "ongeveer" in prose.markdown


@pytest.mark.parametrize("region", ["parkstad-limburg", "de-marne", "walcheren"])
def test_a_region_has_its_own_report_table(region: str, project: Project) -> None:
    """Guards the section of a region's page: its values, the report's, and the Dutch."""
    table = regios_report_table.region_table(
        page_data(region, template="regios/regio"), region, load_indicators(project)
    )
    assert table is not None
    assert table.name == f"{region}-rapporttabel"
    assert "€\N{NO-BREAK SPACE}163.200" in table.html
    assert len(table.alt) >= 60


@pytest.mark.parametrize("region", ["GM0363", "PV20"])
def test_another_area_has_no_report_table(region: str, project: Project) -> None:
    """Guards the pages of municipalities and provinces, which are not in the report."""
    assert (
        regios_report_table.region_table(page_data(region, template="regios/regio"), region, load_indicators(project))
        is None
    )


def test_the_population_account_adds_up(data: PageData) -> None:
    """Guards the figure: with and without Oost-Groningen, the parts are the growth."""
    chart = population.population_account(data)
    assert "−44.862" in chart.alt
    assert "+119.082" in chart.alt
    parts = chart.data[["natural_increase", "foreign_migration", "domestic_migration", "other"]].sum(axis="columns")
    assert parts.to_numpy() == pytest.approx(chart.data["growth"].to_numpy(), abs=0.5)
    assert list(chart.data["region_id"]) == ["krimpregios", "krimpregios-zonder-oost-groningen"]


def test_gdp_is_shown_per_choice_of_areas(data: PageData) -> None:
    """Guards the choices: seven areas in two years, and the estimate by inhabitants."""
    html = economy.gdp_table(data).html
    assert [share for share in ("10,9%", "10,5%", "7,3%", "6,3%") if share not in html] == []


def test_associations_stand_with_their_warning(data: PageData, project: Project) -> None:
    """Guards against reading areas as persons: n, interval and warning are in the table itself."""
    table = economy.associations_table(data, load_indicators(project))
    assert "zegt niets over personen" in table.html
    assert (table.data["n"] > 20).all()
    assert "393 gemeenten" in table.html


def test_gaps_say_which_way_they_went(data: PageData, project: Project) -> None:
    """Guards words and shapes of a change: a gap that grew has ▲, and nothing that rounds to nought has a direction."""
    indicators = load_indicators(project)
    assert "▲ groter (+4,9)" in gaps.changes_table(data, indicators).html
    html = gaps.regions_table(data, indicators).html
    assert "▲ 0,0" not in html
    assert "▼ 0,0" not in html


def test_the_widest_gaps_come_with_their_uncertainty(data: PageData, project: Project) -> None:
    """Guards the test: the whole and each indicator left out, and the ranks that other choices give."""
    table = gaps.widest_test(data, load_indicators(project))
    assert table.html.count('<th scope="row">') == len(data.table("widest_gap_test"))
    assert "1,2% van 84" in table.html
    assert "Parkstad Limburg rang 1 (1–2)" in gaps.disadvantage_index(data).alt
