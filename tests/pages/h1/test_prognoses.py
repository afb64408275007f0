"""What the pages say about projections is what the tables hold, and they say what does not hold."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from balans.errors import UnknownKeyError
from balans.indicators.catalogue import load_indicators
from balans.indicators.report_rows import load_report_rows
from balans.pages.data import PageData, page_data
from balans.pages.h1.prognoses import areas, report_column, scores, wording
from balans.pages.h1.prognoses.choice import LEVELS, Choice, choose
from balans.pages.h1.prognoses.scores import weighted
from balans.pages.parts import fan
from balans.pages.parts import outlook as parts_outlook
from balans.pages.parts.output import describe
from balans.pages.parts.subjects import Subject, load_subjects
from balans.pages.regios import outlook as regios_outlook
from balans.paths import Project


@pytest.fixture(scope="module")
def page(project: Project) -> PageData:
    return page_data(template="h1/prognoses")


@pytest.fixture(scope="module")
def subjects(project: Project) -> dict[str, Subject]:
    return load_subjects(project)


@pytest.fixture(scope="module")
def choice(page: PageData, project: Project) -> Choice:
    return choose(page, project, 10, 2015, "gepubliceerd", "regio")


@pytest.fixture(scope="module")
def titles(project: Project) -> dict[str, str]:
    return {row.id: row.title for row in load_report_rows(project)}


def test_the_fan_of_the_krimp_regions_holds_the_report_against_the_outcome(
    page: PageData, subjects: dict[str, Subject]
) -> None:
    """Guards the open mark (140,000 expected) and the filled one (what it became), and a title that says both."""
    chart = fan.fan(page, "krimpregios", subjects["woz_waarde"])
    assert chart is not None
    marks = {
        float(line.get_ydata()[0]): to_hex(line.get_markerfacecolor())
        for line in chart.figure.axes[0].lines
        if line.get_marker() == "o"
    }
    outcome = float(parts_outlook.past(page, "krimpregios", subjects["woz_waarde"])[2025])
    assert marks == {140000.0: "#ffffff", outcome: "#333333"}
    assert "140.000" in chart.alt
    assert "297.302" in chart.alt
    assert "niet de prognose van PBL en CBS" in chart.source


@pytest.mark.parametrize("indicator", ["inwoners", "besteedbaar_inkomen"])
def test_untested_years_are_paler_and_labelled(page: PageData, subjects: dict[str, Subject], indicator: str) -> None:
    """Guards that what was never tested does not look as sure as what was."""
    chart = fan.fan(page, "krimpregios", subjects[indicator])
    assert chart is not None
    axes = chart.figure.axes[0]
    assert "niet getoetst" in [text.get_text() for text in axes.texts]
    strengths = [band.get_alpha() for band in axes.collections]
    assert len(strengths) == 4
    assert max(strengths[2:]) < min(strengths[:2])
    after = chart.data[chart.data["kind"] == "projected"]
    assert {"tested", "untested"} == set(after["status"])
    assert after.loc[after["status"] == "untested", "coverage_80"].isna().all()


def test_a_split_region_points_to_the_larger_area(project: Project, subjects: dict[str, Subject]) -> None:
    """De Marne shows Noord-Groningen and says so; Noordwest Fryslân lies in no larger region and shows nothing."""
    data = page_data("de-marne", template="regios/regio")
    chart = fan.fan(data, "de-marne", subjects["inwoners"])
    assert chart is not None
    assert chart.name == "de-marne-prognose-inwoners"
    assert "in Noord-Groningen" in chart.alt
    assert "geen eigen prognose" in regios_outlook.region_introduction(data, "de-marne").markdown
    north = page_data("noordwest-fryslan", template="regios/regio")
    assert fan.fan(north, "noordwest-fryslan", subjects["inwoners"]) is None
    assert regios_outlook.region_table(north, "noordwest-fryslan", subjects) is None
    assert "Anticipeerregio's" in regios_outlook.region_introduction(north, "noordwest-fryslan").markdown


@pytest.mark.parametrize("area", ["parkstad-limburg", "walcheren", "GM0363", "CR14", "PV20"])
def test_every_kind_of_area_gets_its_section(project: Project, subjects: dict[str, Subject], area: str) -> None:
    """Guards regions, municipalities, COROP areas and provinces: fans, a table in words, and the official forecast."""
    data = page_data(area, template="regios/regio")
    for indicator in ("inwoners", "grijze_druk", "woz_waarde", "besteedbaar_inkomen"):
        chart = fan.fan(data, area, subjects[indicator])
        assert chart is not None
        assert len(chart.alt) > 100
        assert describe(chart)["csv"].count("\n") > 15
    table = regios_outlook.region_table(data, area, subjects)
    assert table is not None
    assert len(table.html.split("<tr")) == 2 + len(subjects)
    assert "cbs.nl" in regios_outlook.region_introduction(data, area).markdown


def test_an_area_without_projection_says_so(project: Project, subjects: dict[str, Subject]) -> None:
    """A municipality that no longer exists (GM0018 Hoogezand-Sappemeer) has no fan and says what there is instead."""
    data = page_data("GM0018", template="regios/regio")
    assert fan.fan(data, "GM0018", subjects["inwoners"]) is None
    assert "is geen prognose gemaakt" in regios_outlook.region_introduction(data, "GM0018").markdown


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((10, 2015, "glazen bol", "regio"), "damped_trend"),
        ((10, 2015, "gepubliceerd", "dorp"), "gemeente, corop, provincie"),
        ((10, 1990, "gepubliceerd", "regio"), "2015"),
        ((9, 2024, "gepubliceerd", "regio"), "1, 2"),
        ((0, 2015, "gepubliceerd", "regio"), "1, 2, 3"),
    ],
)
def test_a_parameter_that_does_not_exist_names_those_that_do(
    page: PageData, project: Project, given: tuple[int, int, str, str], named: str
) -> None:
    """Guards the message for a wrong horizon, peiljaar, methode or niveau."""
    with pytest.raises(UnknownKeyError, match="Mogelijk zijn") as caught:
        choose(page, project, *given)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        ((5, 2015, "gepubliceerd", "regio"), scores.methods_table),
        ((10, 2014, "gepubliceerd", "regio"), scores.origin_table),
        ((10, 2015, "trend", "regio"), scores.coverage_table),
        ((10, 2015, "gepubliceerd", "corop"), scores.winners_table),
    ],
)
def test_every_parameter_changes_what_is_shown(
    page: PageData, project: Project, choice: Choice, subjects: dict[str, Subject], other: object, changed: object
) -> None:
    """Guards against a parameter that is accepted and ignored: horizon, peiljaar, methode and niveau in turn."""
    instead = choose(page, project, *other)  # type: ignore[misc]
    before, after = (changed(page, one, subjects).html for one in (choice, instead))  # type: ignore[operator]
    assert before != after


def test_method_and_level_change_the_fans(page: PageData, project: Project, subjects: dict[str, Subject]) -> None:
    """The small multiples follow the level and, where it is kept, the method; else the line under them says so."""
    drawn = {}
    for method, level in product(("gepubliceerd", "trend"), ("regio", "provincie")):
        picked = choose(page, project, 5, 2015, method, level)
        chart = areas.small_multiples(page, picked, subjects["inwoners"])
        assert chart is not None
        drawn[method, level] = chart
    assert not drawn["gepubliceerd", "regio"].data.equals(drawn["trend", "regio"].data)
    assert set(drawn["gepubliceerd", "provincie"].data["region_id"]) == {f"PV{code}" for code in range(20, 32)}
    assert "alleen de toetsen bewaard" in drawn["trend", "provincie"].source
    assert "Methode: Trend" in drawn["trend", "regio"].source


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_works_at_every_level(
    page: PageData, project: Project, subjects: dict[str, Subject], level: str
) -> None:
    """Guards municipalities (342 of them) to the Netherlands (one)."""
    picked = choose(page, project, 3, 2016, "gepubliceerd", level)
    chart = areas.small_multiples(page, picked, subjects["inwoners"])
    assert chart is not None
    assert chart.data["region_id"].nunique() <= 20
    assert len(scores.error_by_horizon(page, picked, subjects).alt) > 60
    assert "PBL" in wording.lead(page, picked).markdown


def test_the_winner_is_the_method_with_the_least_error(
    page: PageData, choice: Choice, subjects: dict[str, Subject]
) -> None:
    """The table of winners against a recomputation from the scores per origin: error beside that of no change."""
    rows = page.table("backtest")
    own = rows[(rows["level"] == "region") & (rows["indicator"] == "inwoners") & (rows["horizon"] == 10)]
    errors = {model: weighted(part, "mape") / weighted(part, "mape_no_change") for model, part in own.groupby("model")}
    tested = {model: error for model, error in errors.items() if (own["model"] == model).sum() >= 3}
    table = scores.winners_table(page, choice, subjects)
    row = table.data[(table.data["indicator"] == "inwoners") & (table.data["horizon"] == 10)].iloc[0]
    assert row["model"] == min(tested, key=lambda model: tested[model])
    assert row["relative"] == pytest.approx(min(tested.values()), abs=1e-6)


def test_the_page_says_that_the_bands_of_house_values_failed(
    page: PageData, choice: Choice, subjects: dict[str, Subject]
) -> None:
    """Guards the honest list: WOZ bands held about half of what they should, recomputed from scores per origin."""
    best = page.table("projection_scores").query("published and level == 'region' and indicator == 'woz_waarde'")
    keys = ["indicator", "level", "horizon", "model"]
    scores = page.table("backtest").merge(best[keys])
    share = weighted(scores, "coverage_80")
    assert share < 0.6
    text = wording.limits(page, choice, subjects).markdown
    assert f"viel {100 * share:.0f}% binnen" in text
    assert "Huishoudens zijn maar tot 3 jaar" in text
    assert text.count("\n- ") == 6


def test_house_values_never_boast_of_their_band(project: Project, subjects: dict[str, Subject]) -> None:
    """A title gives no 80% band of WOZ values, but says that it was too narrow."""
    chart = fan.fan(page_data("parkstad-limburg", template="regios/regio"), "parkstad-limburg", subjects["woz_waarde"])
    assert chart is not None
    title = chart.figure.get_suptitle()
    assert "te smal" in title.replace("\n", " ")
    assert "80%-band €" not in title


def test_the_stricter_record_is_beside_the_winners(
    page: PageData, choice: Choice, subjects: dict[str, Subject]
) -> None:
    """Ten years ahead the rule could not yet choose anything for inhabitants: it is no change, and the page says it."""
    table = scores.record_table(page, choice, subjects)
    people = table.data[table.data["indicator"] == "inwoners"]
    assert weighted(people, "mape") == pytest.approx(weighted(people, "mape_no_change"))
    assert f"0 van {len(people)}" in table.html


def test_the_reports_column_lost_to_no_change(project: Project, page: PageData, titles: dict[str, str]) -> None:
    """All six rows are in the table; the chart's title counts where no change came closer (WOZ: 132,302 to 155,502)."""
    table = report_column.column_table(page)
    assert table.html.count("<tr") == 7
    assert "132.302" in table.html
    assert "155.502" in table.html
    assert "(2.02" not in table.html
    chart = report_column.column_chart(page)
    assert "alle 4" in chart.alt
    words = report_column.column_words(page, load_indicators(project)).markdown
    assert all(title in words for title in titles.values())
    assert "in heel Nederland van 21,6% naar 31,0%" in words


def test_real_prices_say_where_they_come_from(project: Project, page: PageData, subjects: dict[str, Subject]) -> None:
    """Guards the source of consumer prices: two news releases of CBS, not its table."""
    prices = pd.read_csv(project.definitions / "consumer_prices.csv")
    assert prices["source"].str.contains("cbs.nl/nl-nl/nieuws/").all()
    assert prices["source"].str.contains("not fetched from StatLine").all()
    chart = fan.fan(page, "krimpregios", subjects["woz_waarde_reeel"])
    assert chart is not None
    assert "niet uit StatLine opgehaald" in chart.source


def test_projected_figures_do_not_look_surer_than_they_are(subjects: dict[str, Subject]) -> None:
    """A projection is shown to three significant digits; a measured figure in full."""
    assert subjects["inwoners"].rounded(1402259.3) == "1.400.000"
    assert subjects["inwoners"].as_measured(1357999) == "1.357.999"
    assert subjects["grijze_druk"].rounded(58.04) == "58,0%"
