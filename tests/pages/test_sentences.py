"""Sentences that readers see, word for word, on synthetic figures on both sides of every turn of phrase."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.h1.achterstanden import gaps
from balans.pages.h1.indicatoren import overview
from balans.pages.h1.leefbaarheid import findings
from balans.pages.h1.prognoses import areas, scores
from balans.pages.h2.cijfers import border, industry, labour
from balans.pages.h4 import cijfers
from balans.pages.h4.regiocheck import outcome_map
from balans.pages.parts.maps import MAP_YEAR, region_types
from balans.pages.parts.output import Chart
from balans.pages.parts.select import source_line
from balans.pages.regios import liveability, people, tables
from balans.words.areas import NEDERLAND

Page = Callable[..., PageData]
INDICATOR = Indicator("x", "Iets", "x", "%", 1, "none", "wonen", "sum", "x")


def line(*values: float, last: int = 2025) -> pd.Series:
    return pd.Series({2015: values[0], last: values[-1]})


def title(chart: Chart) -> str:
    assert chart.figure._suptitle is not None  # type: ignore[attr-defined]
    return str(chart.figure._suptitle.get_text()).replace("\n", " ")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (1001, "Alfa: 1 inwoners meer in 2025 dan in 2015 (+0,1%)"),
        (1000, "Alfa: 0 inwoners meer in 2025 dan in 2015 (0,0%)"),
        (999, "Alfa: 1 inwoners minder in 2025 dan in 2015 (−0,1%)"),
    ],
)
def test_more_or_fewer_people(last: float, sentence: str) -> None:
    """Guards "meer" and "minder" on the page of a region."""
    assert people._change_finding("Alfa", line(1000, last)) == sentence


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((-3, 1, 0), "Alfa, 2020–2021: per saldo krimp van 2; het grootste verlies komt door natuurlijke aanwas"),
        ((1, -3, 4), "Alfa, 2020–2021: per saldo groei van 2; het grootste verlies komt door verhuizingen binnen "),
        ((0, 1, 2), "Alfa, 2020–2021: alle drie de bronnen van groei zijn over de periode samen positief"),
    ],
)
def test_what_growth_is_made_of(parts: tuple[float, float, float], sentence: str) -> None:
    """Guards the sign of the balance and the source that costs most; a loss of nothing is none."""
    table = pd.DataFrame([(0.0, 0.0, 0.0), parts], columns=list(people.COMPONENTS), index=[2020, 2021])
    assert people._growth_finding("Alfa", table).startswith(sentence)
    assert "natuurlijke aanwas" in people._sum_sentence(table)


def test_the_first_lines_of_a_region(page: Page) -> None:
    """Guards the lead of a region's page: own change before the country's, own share before the country's."""
    figures = {
        ("alfa", "inwoners"): {2015: 1000.0, 2025: 900.0},
        (NEDERLAND, "inwoners"): {2015: 10_000.0, 2025: 10_500.0},
        ("alfa", "aandeel_65_plus"): {2024: 25.0, 2025: 26.0},
        (NEDERLAND, "aandeel_65_plus"): {2024: 20.0},
        ("alfa", "woz_waarde"): {2024: 150_000.0},
        (NEDERLAND, "woz_waarde"): {2024: 300_000.0},
    }
    assert tables.lead(page(figures), "alfa").markdown == (
        "**Alfa** is een krimpregio met 900 inwoners op 1 januari 2025. "
        "Sinds 2015 veranderde het aantal inwoners met −10,0%; in Nederland was dat +5,0%. "
        "Van de inwoners is 65 jaar of ouder: 25,0%, tegen 20,0% in Nederland (2024). "
        "De gemiddelde WOZ-waarde is er 50% van die in Nederland (2024)."
    )
    without_2015 = {**figures, ("alfa", "inwoners"): {2016: 1000.0, 2025: 900.0}}
    assert "Sinds 2015" not in tables.lead(page(without_2015), "alfa").markdown


def test_a_region_that_stayed_the_same_did_not_shrink() -> None:
    """Guards the count of regions with a decline: below zero, not zero."""
    rows = pd.DataFrame(
        {
            "name": ["Alfa", "Bravo", "Charlie", "Delta", "Echo"],
            "type": ["krimp", "krimp", "krimp", "krimp", "anticipeer"],
            "change": [-0.1, 0.0, 0.1, 0.2, -5.0],
        }
    )
    sentence = "Iets 2015–2025: in 1 van de 4 krimpregio's een daling; de grootste in Alfa"
    assert overview._change_finding(rows, INDICATOR, 2025) == sentence


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (79.0, "krimpregio's verder achter, van 80,0% van het Nederlands gemiddelde in 2015 naar 79,0% in 2025"),
        (80.0, "krimpregio's iets ingelopen, van 80,0% van het Nederlands gemiddelde in 2015 naar 80,0% in 2025"),
        (81.0, "krimpregio's iets ingelopen, van 80,0% van het Nederlands gemiddelde in 2015 naar 81,0% in 2025"),
    ],
)
def test_behind_or_catching_up(page: Page, last: float, words: str) -> None:
    """Guards the level against the Netherlands: own over country, and the direction since 2015."""
    figures = {
        ("krimpregios", "x"): {2014: 100.0, 2015: 80.0, 2025: 2 * last},
        ("anticipeerregios", "x"): {2015: 90.0, 2025: 180.0},
        (NEDERLAND, "x"): {2014: 100.0, 2015: 100.0, 2025: 200.0},
    }
    assert title(overview.relative_level(page(figures), INDICATOR)) == f"Iets: {words}"


def test_the_change_of_a_region_is_since_2015(page: Page) -> None:
    """Guards numerator and denominator of a change."""
    data = page({("alfa", "x"): {2015: 80.0, 2025: 100.0}})
    assert overview._change(data, "alfa", "x", 2025) == pytest.approx(25.0)


def test_money_per_inhabitant_falls_in_its_class() -> None:
    """Guards the legend of the regiocheck's map: money over people over the country's, the bound within its class."""
    relative = {"GM1": 0.0, "GM2": 75.0, "GM3": 75.1, "GM4": 95.0, "GM5": 105.0, "GM6": 125.0, "GM7": 125.1}
    # The country gets two euro per inhabitant; so 2 cents per inhabitant is one per cent of it.
    cents = [100 * 2 * share for share in relative.values()]
    pieces = pd.DataFrame({"gm_code": list(relative), "cents": cents, "inhabitants": 100.0})
    country = pd.DataFrame({"type": [NEDERLAND], "per_inhabitant_eur": [2.0]})
    result: Any = SimpleNamespace(types=country, municipalities=pieces)
    groups, colours = outcome_map._money_groups(result)
    labels = list(colours)
    assert [labels.index(groups[code]) for code in relative] == [0, 1, 2, 2, 3, 4, 5]


def test_addresses_below_a_thousand(page: Page) -> None:
    """Guards the class of CBS: 1,000 addresses per km² is not fewer than 1,000, and the country is no region."""
    key = "omgevingsadressendichtheid"
    figures = {("alfa", key): {2024: 999.0}, ("bravo", key): {2024: 1000.0}, ("charlie", key): {2024: 1001.0}}
    chart = cijfers.density_chart(page({**figures, (NEDERLAND, key): {2024: 500.0}}))
    assert title(chart).startswith("In 1 van de 3 regio's staan gemiddeld minder dan 1.000 adressen")


@pytest.mark.parametrize(
    ("change", "mark"), [(0.1, "▲ groter (+0,1)"), (-0.1, "▼ kleiner (−0,1)"), (0.0, "= gelijk (0,0)")]
)
def test_a_disadvantage_grows_or_shrinks(change: float, mark: str) -> None:
    """Guards word and shape of a change, both sides of zero."""
    assert gaps._word(change) == mark
    assert gaps._short(change) == f"{mark[0]} {mark.split('(')[1][:-1]}"
    assert gaps._word(math.nan) == gaps._short(math.nan) == "–"


def test_the_shape_follows_what_is_shown() -> None:
    """Guards the shape against the number beside it: what rounds to nothing is equal."""
    assert (gaps._short(0.04), gaps._short(0.06)) == ("= 0,0", "▲ +0,1")


@pytest.mark.parametrize(("last", "way"), [(101.0, "gestegen"), (100.0, "gedaald"), (99.0, "gedaald")])
def test_the_labour_force_after_2021(page: Page, last: float, way: str) -> None:
    """Guards the sentence that holds the report's turning point against what happened."""
    text = labour.labour_force_years(page({(NEDERLAND, "inwoners_15_75"): {2020: 90.0, 2021: 100.0, 2022: last}}))
    assert f"In 2021 waren het er 100, in 2022 {last:.0f}: het aantal is {way}." in text.markdown


@pytest.mark.parametrize(
    ("own", "words"),
    [(79.9, "niet vergelijkbaar"), (80.0, "ongeveer"), (125.0, "ongeveer"), (125.1, "niet vergelijkbaar")],
)
def test_comparable_is_between_four_fifths_and_five_quarters(page: Page, own: float, words: str) -> None:
    """Guards both bounds of "ongeveer vergelijkbaar", for people and for product."""
    pair = dict(zip(border.PAIR, (own, 100.0), strict=True))
    figures = {(area, "inwoners_eurostat"): {2024: value} for area, value in {**pair, "CR39": 10.0}.items()}
    product = {(area, "bbp"): {2020: value} for area, value in pair.items()}
    text = border.euregio_sentence(page({**figures, **product})).markdown
    assert f"Naar mensen zijn de twee {words}" in text
    assert f"naar wat er wordt verdiend {'ook ' if words == 'ongeveer' else ''}{words}" in text


def quotients(**lower: float) -> pd.DataFrame:
    """Synthetic location quotients in two years; the value is a quarter above the lower bound; no firms stand out."""
    rows = [
        (area, "banen", "landbouw_nijverheid", year, bound, bound + 0.25, bound + 0.5)
        for area, bound in lower.items()
        for year in (2015, 2016)
    ]
    rows += [("alfa", "vestigingen", "landbouw", year, 0.1, 0.2, 0.3) for year in (2018, 2019)]
    return pd.DataFrame(rows, columns=["region_id", "measure", "sector", "year", "lower", "value", "upper"])


def test_standing_out_is_beyond_chance_and_a_quarter_more(page: Page) -> None:
    """Guards both bounds: the lower end above 1, the value at least 1.25."""
    found = industry.stands_out(page({}, location_quotients=quotients(alfa=1.0, bravo=1.01, charlie=0.9)))
    assert found.data["region_id"].tolist() == ["bravo"]
    assert found.data["year"].unique().tolist() == [2016]
    at_bound = quotients(alfa=1.1).assign(value=1.25)
    assert industry.stands_out(page({}, location_quotients=at_bound)).data["region_id"].tolist() == ["alfa"]
    assert industry.stands_out(page({}, location_quotients=at_bound.assign(value=1.24))).data.empty


def test_headings_have_the_year_of_their_rows(page: Page) -> None:
    """Guards against a heading of last year's edition: one year more in a table, and heading and source follow."""
    table = industry.stands_out(page({}, location_quotients=quotients(alfa=1.1)))
    assert "Banen (2016)" in table.html
    assert "Vestigingen (2019)" in table.html
    assert table.source.endswith("Peiljaar 2016 en 2019.")
    chart = industry.job_quotients(page({}, location_quotients=quotients(alfa=1.1, bravo=0.5)))
    assert chart.data["region_id"].tolist() == ["bravo", "alfa"]
    assert chart.source.endswith("Peiljaar 2016.")
    assert title(chart).startswith("In 1 van de 2 krimpregio's werken meer mensen dan gemiddeld")
    areas_ = ["alfa", "bravo", "krimpregios", "charlie", "anticipeerregios"]
    parts = dict.fromkeys(("change", "national", "mix", "regional"), 1.0)
    rows = pd.DataFrame({"region_id": areas_, "first_year": 2016, "last_year": 2019, "count": 10.0, **parts})
    shift = industry.shift_share_table(page({}, shift_share=rows))
    assert "Vestigingen 2016" in shift.html
    assert "2016–2019" in shift.alt


@pytest.mark.parametrize(("change", "words"), [(0.5, "groeide 0,50"), (-0.5, "kromp 0,50")])
def test_a_distance_grows_or_shrinks(change: float, words: str) -> None:
    """Guards the verb of the facility that moved most, whichever way."""
    moved = {"x": (change, 2015, 2018), "y": (0.1, 2015, 2018)}
    titles = {"x": INDICATOR, "y": Indicator("y", "Iets anders", "y", "km", 1, "none", "wonen", "mean", "y")}
    sentence = f"Het meest veranderde iets: die {words} km in 2015–2018."
    assert liveability._moved_sentence(moved, titles) == sentence


@pytest.mark.parametrize(("gap", "words"), [(-0.1, "achterstand zit in een"), (0.0, "voorsprong zit in twee")])
def test_the_largest_gap_of_a_region(page: Page, monkeypatch: pytest.MonkeyPatch, gap: float, words: str) -> None:
    """Guards the turn from disadvantage to lead: below zero somewhere, or nowhere."""
    own = {"een": gap, "twee": 0.2, "totaal": 0.1}
    monkeypatch.setattr(liveability, "titles", lambda _: {"een": "Een", "twee": "Twee", "totaal": "Totaal"})
    monkeypatch.setattr(liveability, "TOTAL", "totaal")
    monkeypatch.setattr(liveability, "scores", lambda _, __, key: pd.Series({"alfa": own[key], NEDERLAND: 0.0}))
    assert f"de grootste {words}" in liveability._dimension_finding(page({}), "alfa")


def test_above_zero_is_not_zero(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards the list of dimensions in which the krimp regions score above zero."""
    own = {"een": -0.1, "twee": 0.0, "drie": 0.1}
    monkeypatch.setattr(findings, "titles", lambda _: {key: key.title() for key in own})
    monkeypatch.setattr(findings, "scores", lambda _, __, key, **___: pd.Series({"krimpregios": own[key]}))
    assert findings._deficit(page({}), "inwoners").endswith("; boven nul scoren drie.")
    assert "zit in een (" in findings._deficit(page({}), "inwoners")


@pytest.mark.parametrize(("own", "words"), [(0.9, "ja"), (1.0, "gelijk"), (1.1, "nee")])
def test_a_method_beats_no_change(own: float, words: str) -> None:
    """Guards the column that says whether a method did better than no change."""
    assert scores._errors(pd.Series({"mape": own, "mape_no_change": 1.0}))[-1] == words


def test_lower_and_surely_lower_in_2035() -> None:
    """Guards the count of areas that fall, and of those whose whole band lies below the present."""
    now = pd.Series({2025: 100.0})
    ends = {"alfa": (99.0, 99.9), "bravo": (99.0, 100.0), "charlie": (100.0, 101.0)}
    drawn = {
        area: pd.DataFrame({"year": [2035, 2050], "value": [value, 1.0], "upper_80": [upper, 1.0]})
        for area, (value, upper) in ends.items()
    }
    choice: Any = SimpleNamespace(areas="regio's")
    subject: Any = SimpleNamespace(title="Iets")
    lines = dict.fromkeys(drawn, now)
    assert areas._finding(choice, subject, lines, drawn) == (
        "Iets in 2035: als het zo doorgaat lager dan nu in 2 van de 3 regio's; in 1 ligt de hele 80%-band lager"
    )
    higher = {"charlie": drawn["charlie"]}
    assert areas._finding(choice, subject, lines, higher).endswith("in alle 1 regio's hoger dan nu")


@pytest.mark.parametrize(("weight", "kind"), [(0.49, []), (0.5, ["krimp"])])
def test_a_municipality_has_the_colour_of_the_region_that_has_half_of_it(
    page: Page, weight: float, kind: list[str]
) -> None:
    """Guards the map of types: half of a municipality is enough."""
    rows = pd.DataFrame([("alfa", MAP_YEAR, "GM1", weight)], columns=["region_id", "year", "gm_code", "weight"])
    assert region_types(page({}, membership=rows)).tolist() == kind


def test_the_source_line_says_what_is_provisional(page: Page) -> None:
    """Guards period and provisional years under a figure: only those of the rows that were used."""
    data = page({("alfa", "x"): {2024: 1.0, 2025: 2.0}, ("bravo", "x"): {2024: 1.0}})
    data.indicators.loc[data.indicators["year"] == 2025, "status"] = "provisional"
    words = "Bron: Synthetic (S1), bewerking Nederland in balans. Peiljaar"
    assert source_line(data, ["x"], ["alfa"], [2024, 2025]) == f"{words} 2024–2025; 2025 voorlopig."
    assert source_line(data, ["x"], ["alfa"], [2024]) == f"{words} 2024."
