"""The ledger as a whole: complete, in words, and following its own rules."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from balans.claims.ledger import COLUMNS
from balans.claims.model import load_claims
from balans.claims.recompute import Desk, open_desk
from balans.claims.verdicts import base_verdict, outcome_verdict
from balans.claims.views import claims_of, spread, verdict_counts
from balans.tables import read_table
from balans.words.verdicts import BADGES

REPORT = [f"R{n:02d}" for n in [*range(1, 26), *range(30, 38), *range(40, 54), *range(60, 66)]]
TABLE = [f"T0{n}{part}" for n in range(1, 7) for part in "abc"]
LETTER = [f"L{n:02d}" for n in range(1, 11)]
PROMISED = ["base_verdict", "outcome_verdict", "explanation", "source", "claim", "unit", "kind", "claimed_text"]


def test_every_claim_of_the_list_is_in_the_ledger(claims):
    """None of the 81 claims that were counted beforehand got lost."""
    assert len(REPORT + TABLE + LETTER) == 81
    assert set(REPORT + TABLE + LETTER) <= set(claims.index)


@pytest.mark.parametrize("column", PROMISED)
def test_no_claim_lacks(column, claims):
    """Every claim has verdicts, explanation and source, and is said in words."""
    assert claims[column].notna().all()
    assert (claims[column].str.strip() != "").all()


def test_at_least_forty_claims_are_decided_by_figures(claims):
    """Arithmetic within the report is counted apart."""
    assert (claims["decided_by"] == "figures").sum() >= 40
    assert set(claims["decided_by"]) <= {"figures", "arithmetic", "text", "none"}


def test_decided_claims_say_which_definition_decided(claims):
    """A verdict from figures comes with its definition, the sum that shows it and the figures read."""
    decided = claims[claims["decided_by"] == "figures"]
    assert (decided["definition"] != "").all()
    assert ((decided["calculation"] != "") | (decided["calculation_latest"] != "")).all()


def test_undecided_claims_say_why(claims):
    """Not checkable is never said without a reason."""
    undecided = claims[claims["base_verdict"] == "not checkable"]
    assert (undecided["base_reason"] != "").all()
    assert (claims["outcome_reason"] != "").all()


def test_explanations_hold_no_unfilled_placeholder_or_missing_number(claims):
    """What is shown is a computed number, not a dash or a brace."""
    texts = claims["explanation"]
    assert not texts.str.contains(r"[{}]|nan| – [,.%]|\bNone\b").any()
    assert not texts.str.contains("–").any()


def test_verdicts_are_words_of_the_contract(claims):
    """Four base verdicts, five outcomes, each with a badge that has a word and a shape."""
    assert set(claims["base_verdict"]) <= {"reproduced", "deviates", "internally inconsistent", "not checkable"}
    assert set(claims["outcome_verdict"]) <= {
        *("came true", "did not come true", "too early", "not checkable", "no forecast")
    }
    assert len({badge.shape for badge in BADGES.values()}) == len(BADGES)


def test_facts_have_no_outcome(claims):
    """Only a prediction can come true, and only one that was not tested is called not checkable."""
    predicted = claims["statement"].isin(["forecast", "scenario"])
    assert (claims.loc[~predicted, "outcome_verdict"] == "no forecast").all()
    assert (claims.loc[predicted, "outcome_verdict"] != "no forecast").all()


def test_contract_columns_come_first_and_all(project):
    """Pages may rely on the columns of the contract."""
    assert list(read_table(project.processed, "claims").columns) == COLUMNS


JUDGED_ON_OTHER_THAN_LEVEL = ["T01a", "T01b", "T01p", "T04a", "T06a"]


def test_a_revised_series_is_judged_on_gap_change_or_group(project, claims):
    """A level of the revised labour force series never decides: its reason names what did, and that decides."""
    for claim_id, about in {
        "T01a": "het verschil met Nederland",
        "T01b": "de verandering sinds 2014",
        "T01p": "de groep van 15 tot 75 jaar",
    }.items():
        assert f"Beoordeeld op {about}" in claims.loc[claim_id, "base_reason"]
    book = load_claims(project)
    regions, indicators = (read_table(project.processed, name) for name in ("regions", "indicators"))
    ours = (indicators["indicator"] == "netto_participatie_monitor") & (indicators["year"] == 2015)
    higher = indicators.assign(value=indicators["value"].mask(ours, indicators["value"] + 10))
    krimp = ours & (indicators["region_id"] == "krimpregios")
    wider = indicators.assign(value=indicators["value"].mask(krimp, 66.634 - 3.2))
    verdicts = [
        base_verdict(book.claims["T01a"], book, _desk(table, regions, book)).word
        for table in (indicators, higher, wider)
    ]
    assert verdicts == ["deviates", "deviates", "reproduced"]


def test_a_prediction_waits_for_its_year(claims):
    """Participation reaches 2022, so what is said of 2025 is too early; health was last measured in 2024 and is not."""
    assert claims.loc["T01c", "outcome_verdict"] == "too early"
    assert claims.loc["T01c", "latest_year"] == 2022
    assert claims.loc["T05c", "outcome_verdict"] == "did not come true"
    assert claims.loc["T05c", "latest_year"] == 2024


def test_rebuilt_and_verdict_agree(claims):
    """A reproduced bare number lies within its bounds, a deviating one outside (judged on its level, that is)."""
    plain = claims[claims["rebuilt"].notna() & ~claims["hedge"].isin(["boven", "onder"])].drop(
        JUDGED_ON_OTHER_THAN_LEVEL
    )
    inside = plain["rebuilt"].between(plain["lower"] - 1e-9, plain["upper"] + 1e-9)
    assert (inside == (plain["base_verdict"] == "reproduced")).all()


def test_alternatives_are_shown_and_never_decide(project, claims):
    """GDP of the seven areas is 10.87% in 2013 and 10.52% in 2014; the first decides because it is the primary one."""
    table = read_table(project.processed, "claim_alternatives").set_index(["claim_id", "position"])
    assert table.loc[("R11", 0), "value"] == pytest.approx(10.87, abs=0.005)
    assert table.loc[("R11", 1), "value"] == pytest.approx(10.52, abs=0.005)
    assert table.loc[("R01", 2), "value"] == pytest.approx(7.31, abs=0.005)
    primary = table.xs(0, level="position")["value"].dropna()
    rebuilt = claims.loc[primary.index, "rebuilt"].fillna(claims.loc[primary.index, "latest"])
    pd.testing.assert_series_equal(primary, rebuilt, check_names=False)


def test_contradictions_name_the_scenario_and_the_people_column(project):
    """The 2025 column is both scenario and prognosis, and the column in people is taken apart with its sums."""
    table = read_table(project.processed, "claim_contradictions").set_index("contradiction_id")["explanation"]
    assert "scenario" in table["prognose-of-scenario"]
    for part in ("21.639", "87.908", "223.150", "16.309", "41.210", "182.004"):
        assert part in table["mensen-kolom"]


def test_fresh_data_move_the_verdict(project):
    """Were the krimp regions to lose 55,000 people by 2026, the claim would have come true; nothing is hard-coded."""
    book = load_claims(project)
    regions = read_table(project.processed, "regions")
    indicators = read_table(project.processed, "indicators")
    now = (indicators["region_id"] == "krimpregios") & (indicators["indicator"] == "inwoners")
    synthetic = indicators.assign(value=indicators["value"].mask(now & (indicators["year"] == 2026), 1_297_426.0))
    assert outcome_verdict(book.claims["R17"], book, _desk(indicators, regions, book)).word == "did not come true"
    assert outcome_verdict(book.claims["R17"], book, _desk(synthetic, regions, book)).word == "came true"
    without = indicators[~(now & (indicators["year"] == 2026))]
    assert outcome_verdict(book.claims["R17"], book, _desk(without, regions, book)).word == "too early"


def test_awaited_table_fills_its_claim_by_itself(project):
    """As soon as the occupational level is there, its claim gets a verdict; until then it names the table."""
    book = load_claims(project)
    regions = read_table(project.processed, "regions")
    indicators = read_table(project.processed, "indicators")
    before = base_verdict(book.claims["T02a"], book, _desk(indicators, regions, book))
    assert before.word == "not checkable"
    assert "82208NED" in before.reason
    row = {"region_id": "krimpregios", "indicator": "hoger_beroepsniveau", "year": 2015, "value": 39.8}
    synthetic = pd.concat([indicators, pd.DataFrame([row | {"unit": "%", "source": "synthetic"}])], ignore_index=True)
    assert base_verdict(book.claims["T02a"], book, _desk(synthetic, regions, book)).word == "reproduced"


def _desk(indicators: pd.DataFrame, regions: pd.DataFrame, book) -> Desk:
    return open_desk(indicators, regions, book, {}, {})


def test_report_table_has_every_row_and_a_neighbour_is_named(project):
    """Six indicators for every region at three moments; where there is none, a neighbour under its own name."""
    table = read_table(project.processed, "report_table")
    assert set(table["row_id"]) == {"participatie", "beroepsniveau", "havo_vwo", "inkomen", "gezondheid", "woz"}
    primary = table[table["variant"] == "primary"]
    assert primary.groupby("row_id")["region_id"].nunique().eq(23).all()
    beside = table[table["variant"] == "neighbour"]
    assert set(beside["row_id"]) == {"beroepsniveau"}
    assert beside["title"].str.startswith("Ernaast").all()
    assert beside["report_value"].isna().all()
    assert primary.loc[primary["row_id"] == "beroepsniveau", "value"].isna().all()
    woz = primary[(primary["row_id"] == "woz") & (primary["region_id"] == "krimpregios")].set_index("moment")
    assert woz.loc["base", "report_value"] == 163_200
    assert woz.loc["report_later", "report_value"] == 140_000


def test_spread_behind_the_average(project):
    """Health not good in 2012 runs from under 20% in Noordoost Fryslân to over 32% in Parkstad."""
    regions = read_table(project.processed, "regions")
    krimp = regions.loc[regions["type"] == "krimp", "region_id"].tolist()
    table = spread(read_table(project.processed, "report_table"), krimp)
    health = table[(table["row_id"] == "gezondheid") & (table["moment"] == "base")].iloc[0]
    assert (health["lowest_region"], health["highest_region"]) == ("noordoost-fryslan", "parkstad-limburg")
    assert health["lowest"] == pytest.approx(19.9, abs=0.1)
    assert health["highest"] == pytest.approx(32.9, abs=0.1)


def test_views_give_pages_their_tables(claims):
    """A chapter's claims come with badge and shape, and the counts add up to all claims."""
    flat = claims.reset_index()
    chapter = claims_of(flat, chapter="h1")
    assert set(chapter["chapter"]) == {"h1"}
    assert chapter["badge"].notna().all()
    assert verdict_counts(flat)["claims"].sum() == len(flat)


def test_claims_are_said_in_dutch_numbers(claims):
    """No English decimal point or thousands comma slips into a text."""
    wrong = re.compile(r"\d\.\d{1,2}\b|\d,\d{3},\d{3}")
    texts = claims["explanation"] + " " + claims["base_reason"]
    assert [text for text in texts if wrong.search(text)] == []
