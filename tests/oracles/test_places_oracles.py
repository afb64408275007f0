"""Published numbers of liveability, municipal money, the fund, jobs, schools and wealth, from raw by another way.

Nothing of the package is imported: raw files are read with the csv module, regions are followed with our own reading of
the transfers, and sums are made in plain Python.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RAW, MADE = ROOT / "data" / "raw", ROOT / "data" / "processed"
ZEEUWS = ["GM0677", "GM0715", "GM1714"]
ACHTERHOEK = ["GM0197", "GM0222", "GM0294", "GM1509", "GM1586", "GM1859", "GM1876", "GM1955"]
SEVEN = ["CR01", "CR02", "CR03", "CR04", "CR14", "CR31", "CR39"]


def rows(path: str) -> list[dict[str, str]]:
    file = RAW / path
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def tables(project: object) -> Callable[..., float]:
    """A published number: table, column, and what its row is like. ``project`` sees to it that the tables are there."""
    read: dict[str, list[dict[str, str]]] = {}

    def find(table: str, column: str, **like: object) -> float:
        if table not in read:
            with (MADE / f"{table}.csv").open(encoding="utf-8") as stream:
                read[table] = list(csv.DictReader(stream))
        found = [row for row in read[table] if all(row[key] == str(value) for key, value in like.items())]
        assert len(found) == 1, (table, like, len(found))
        return float(found[0][column])

    return find


def krimp_in(year: int) -> dict[str, float]:
    """Which part of each municipality's people lives in the krimp regions, by the transfers one after another."""
    content = yaml.safe_load((ROOT / "definitions" / "regions.yml").read_text(encoding="utf-8"))
    inside = {code: 1.0 for region in content["regions"] if region["type"] == "krimp" for code in region["members"]}
    with (ROOT / "definitions" / "geography" / "transfers.csv").open(encoding="utf-8") as stream:
        moves = [move for move in csv.DictReader(stream) if "2015-01-01" < move["date"] <= f"{year}-01-01"]
    for date in sorted({move["date"] for move in moves}):
        today = [move for move in moves if move["date"] == date]
        after: dict[str, list[float]] = {}
        for move in today:
            people = float(move["inhabitants"])
            entry = after.setdefault(move["to_code"], [0.0, 0.0])
            entry[0] += people * inside.get(move["from_code"], 0.0)
            entry[1] += people
        left = {move["from_code"] for move in today} - set(after)
        inside = {code: part for code, part in inside.items() if code not in left}
        inside |= {code: part / whole for code, (part, whole) in after.items() if whole and part}
    return inside


# ---- Liveability
def district_mean(codes: list[str] | None, column: str, year: int, districts: set[str] | None = None) -> float:
    """The mean of districts weighted by dwellings of 2024, else by estimated dwellings."""
    sizes = {row["district"]: row for row in rows("leefbaarometer-gewichten/districts.csv.gz")}
    scores = rows("leefbaarometer-wijken/districts_2002_2022.csv.gz")
    cells = rows("kwb/housing_2020_2025.csv.gz")
    known = {(row["region"], row["measure"]): row["value"] for row in cells if row["year"] == "2020"}
    top = bottom = 0.0
    for score in scores:
        chosen = districts is not None and score["district"] in districts
        chosen = chosen or (codes is None and districts is None) or (codes is not None and score["region"] in codes)
        if not chosen or score["year"] != str(year) or not score[column]:
            continue
        row = sizes[score["district"]]
        if row["dwellings_2024"]:
            weight = float(row["dwellings_2024"])
        else:
            homes, people = (float(known[score["region"], measure]) for measure in ("a_woning", "a_inw"))
            weight = float(row["inhabitants_2020"] or 0) * homes / people
        top, bottom = top + weight * float(score[column]), bottom + weight
    return top / bottom


EEMSDELTA = {f"WK1966{number:02d}" for number in range(9, 15)}


@pytest.mark.parametrize(
    ("area", "year", "dimension", "expected"),
    [
        ("nederland", 2014, "totaal", lambda: district_mean(None, "afw", 2014)),
        ("nederland", 2022, "totaal", lambda: district_mean(None, "afw", 2022)),
        ("nederland", 2022, "voorzieningen", lambda: district_mean(None, "vrz", 2022)),
        ("zeeuws-vlaanderen", 2002, "totaal", lambda: district_mean(ZEEUWS, "afw", 2002)),
        ("zeeuws-vlaanderen", 2022, "totaal", lambda: district_mean(ZEEUWS, "afw", 2022)),
        ("achterhoek", 2014, "totaal", lambda: district_mean(ACHTERHOEK, "afw", 2014)),
        ("achterhoek", 2018, "sociale_samenhang", lambda: district_mean(ACHTERHOEK, "soc", 2018)),
        ("hoeksche-waard", 2020, "totaal", lambda: district_mean(["GM1963"], "afw", 2020)),
        ("eemsdelta", 2014, "totaal", lambda: district_mean(["GM1979"], "afw", 2014, EEMSDELTA)),
        ("eemsdelta", 2022, "totaal", lambda: district_mean(["GM1979"], "afw", 2022, EEMSDELTA)),
    ],
)  # fmt: skip
def test_official_scores(
    tables: Callable[..., float], area: str, year: int, dimension: str, expected: Callable[[], float]
) -> None:
    """Guards the history: districts by dwellings, the filled ones included, give the published score."""
    found = tables("liveability_history", "score", region_id=area, year=year, dimension=dimension)
    assert found == pytest.approx(expected(), abs=2e-5)


def test_score_of_2024_is_the_publishers_own(tables: Callable[..., float]) -> None:
    """Guards how 2024 joins: a region of one municipality has the ministry's own score."""
    (own,) = [row for row in rows("leefbaarometer/scores_2024.csv") if row["code"] == "GM1963"]
    found = tables("liveability_history", "score", region_id="hoeksche-waard", year=2024, dimension="totaal")
    assert found == pytest.approx(float(own["afw"]), abs=1e-7)


# ---- Money of municipalities
@pytest.fixture(scope="module")
def iv3() -> dict[tuple[str, str, int, str], float]:
    return {
        (row["statement"], row["measure"], int(row["year"]), row["region"]): float(row["value"])
        for row in rows("iv3/accounts_2017_2026.csv.gz")
    }


@pytest.mark.parametrize(("statement", "year", "about"), [("budget", 2017, 4117), ("account", 2024, 6123)])
def test_money_of_the_krimp_regions(
    tables: Callable[..., float], iv3: dict[tuple[str, str, int, str], float], statement: str, year: int, about: float
) -> None:
    """Guards R53 and its successor: the budget of 2017 and the account of 2024, with cut municipalities by people."""
    parts = krimp_in(year)
    own = sum(part * iv3[statement, "expenditure", year, code] for code, part in parts.items()) / 1000
    found = tables(
        "municipal_accounts", "amount_eur", region_id="krimpregios", statement=statement, year=year, item="lasten"
    )
    assert found / 1e6 == pytest.approx(own, rel=5e-4)
    assert own == pytest.approx(about, abs=2)


@pytest.mark.parametrize(("item", "digit"), [("onderwijs", "4"), ("sociaal", "6"), ("verkeer", "2"), ("wonen", "8")])
def test_domains_of_zeeuws_vlaanderen(
    tables: Callable[..., float], iv3: dict[tuple[str, str, int, str], float], item: str, digit: str
) -> None:
    """Guards the domains: taakvelden of one first digit, per inhabitant."""
    spent = sum(
        value
        for (statement, measure, year, code), value in iv3.items()
        if (statement, year) == ("account", 2024) and code in ZEEUWS and measure.startswith(f"expenditure_{digit}.")
    )
    people = sum(iv3["account", "inhabitants", 2024, code] for code in ZEEUWS)
    found = tables("municipal_accounts", "per_inhabitant_eur", region_id="zeeuws-vlaanderen", statement="account",
                   year=2024, item=item)  # fmt: skip
    assert found == pytest.approx(1000 * spent / people, abs=0.01)


@pytest.mark.parametrize(
    ("indicator", "top", "bottom"),
    [
        ("solvabiliteit_gemeenten", "equity", "balance_total"),
        ("gemeentefonds_aandeel", "revenue_gemeentefonds", "revenue"),
    ],
)
def test_ratios_of_the_country(
    tables: Callable[..., float], iv3: dict[tuple[str, str, int, str], float], indicator: str, top: str, bottom: str
) -> None:
    """Guards solvency and the part of the fund: all municipalities together, not the mean of their ratios."""
    sums = [
        sum(value for (s, m, y, _), value in iv3.items() if (s, m, y) == ("account", measure, 2024))
        for measure in (top, bottom)
    ]
    found = tables("indicators", "value", region_id="nederland", indicator=indicator, year=2024)
    assert found == pytest.approx(100 * sums[0] / sums[1], abs=1e-4)


def test_budget_of_provinces() -> None:
    """Guards the single values of R52: the functions of five provinces, and of Drenthe, added up."""
    content = yaml.safe_load((ROOT / "definitions" / "claims.yml").read_text(encoding="utf-8"))
    stated = {one["id"]: one["value"] for one in content["single_values"]}
    budget = [row for row in rows("45012NED/accounts_2013.csv.gz") if row["statement"] == "budget"]
    spent = [row for row in budget if row["measure"] == "expenditure"]

    def total(*provinces: str) -> float:
        return sum(float(row["value"]) for row in spent if row["region"] in provinces) / 1000

    assert stated["begroting_provincies_2013"] == pytest.approx(total("PV20", "PV21", "PV25", "PV29", "PV31"), abs=0.06)
    assert stated["begroting_drenthe_2013"] == pytest.approx(total("PV22"), abs=0.06)


# ---- The fund
def fund_share(measure: str, codes: list[str]) -> float:
    units = [row for row in rows("gemeentefonds-2024/units_2024.csv.gz") if row["measure"] == measure]
    whole = sum(float(row["value"]) for row in units)
    return sum(float(row["value"]) for row in units if row["region"] in codes) / whole


@pytest.mark.parametrize(
    ("key", "measure"), [("gf_kernen", "kernen"), ("gf_inw75_dr", "inw75+dr"), ("gf_vast", "vast nieuw")]
)
def test_shares_of_keys(tables: Callable[..., float], key: str, measure: str) -> None:
    """Guards the shares of the fund's keys in a region of whole municipalities."""
    found = tables("gemeentefonds_keys", "share", key=key, region_id="zeeuws-vlaanderen")
    assert found == pytest.approx(100 * fund_share(measure, ZEEUWS), abs=1e-6)


def test_what_a_move_to_a_key_does(tables: Callable[..., float]) -> None:
    """Guards the shift: 100 million moved to kernen, worked out with a payment factor before and after."""
    weights = {row["Codering maatstaf"]: float(row["Totaal"]) for row in rows("gemeentefonds-2024/weights_2024.csv")}
    own: dict[str, float] = {}
    country: dict[str, float] = {}
    for row in rows("gemeentefonds-2024/units_2024.csv.gz"):
        measure = row["measure"].replace("vast nieuw", "vast")
        if measure.startswith("WOZ"):
            continue
        money = float(row["value"]) * weights[measure]
        country[measure] = country.get(measure, 0.0) + money
        if row["region"] in ZEEUWS:
            own[measure] = own.get(measure, 0.0) + money
    before, basis = 1.4, sum(country.values())
    # The weight rises until the key brings 100 million more at the lower factor, with the same total paid.
    total = before * basis
    extra = 1e8 * basis / (total - 1e8)
    after = total / (basis + extra)
    assert after * extra == pytest.approx(1e8)
    gain = after * (sum(own.values()) + extra * own["kernen"] / country["kernen"]) - before * sum(own.values())
    found = tables("gemeentefonds_keys", "shift_eur", key="gf_kernen", region_id="zeeuws-vlaanderen")
    assert found == pytest.approx(gain, rel=1e-6)


# ---- Jobs, schools, wealth
def test_who_works_at_home(tables: Callable[..., float]) -> None:
    """Guards commuting: the part of the jobs of Zuid-Limburg's people that lie in Zuid-Limburg."""
    flows = [row for row in rows("pendel-corop/commuting_2016.csv.gz") if row["from"] == "Zuid-Limburg (CR)"]
    home = sum(float(row["jobs"]) for row in flows if row["to"] == row["from"])
    found = tables("commuting", "share", from_id="CR39", to_id="CR39")
    assert found == pytest.approx(100 * home / sum(float(row["jobs"]) for row in flows), abs=1e-5)


@pytest.mark.parametrize(("year", "about"), [(2013, 10.5), (2024, 10.0)])
def test_share_of_jobs(tables: Callable[..., float], year: int, about: float) -> None:
    """Guards the share of jobs of the report's seven areas."""
    cells = [
        row
        for row in rows("83582NED/jobs_2010_2024.csv.gz")
        if (row["measure"], row["year"]) == ("jobs_total", str(year))
    ]
    areas = {row["region"]: float(row["value"]) for row in cells if row["value"] and row["region"] != "CR99"}
    own = 100 * sum(areas[code] for code in SEVEN) / sum(areas.values())
    assert tables("jobs_by_sector", "share", area="corop-rapport", sector="total", year=year) == pytest.approx(
        own, abs=1e-5
    )
    assert own == pytest.approx(about, abs=0.05)


def test_product_of_2021_is_the_later_edition(tables: Callable[..., float]) -> None:
    """Guards the newer file of Eurostat: the product of 2021 of an area is the revised one."""
    later = {
        (row["measure"], row["region"], row["year"]): row["value"]
        for row in rows("nama_10r_3gdp/gdp_nl_2000_2022.csv.gz")
    }
    found = tables("indicators", "value", region_id="CR39", indicator="bbp", year=2021)
    assert found == pytest.approx(float(later["MIO_EUR", "NL423", "2021"]))


@pytest.mark.parametrize("year", [2013, 2024])
def test_school_locations(tables: Callable[..., float], year: int) -> None:
    """Guards the count of primary schools, of a region and of the country."""
    cells = [
        row
        for row in rows("duo-vestigingen/locations_2013_2022_2024.csv.gz")
        if (row["measure"], row["year"]) == ("primary_school_locations", str(year))
    ]
    own = sum(float(row["value"]) for row in cells if row["region"] in ZEEUWS)
    whole = sum(float(row["value"]) for row in cells)
    for area, expected in (("zeeuws-vlaanderen", own), ("nederland", whole)):
        assert (
            tables("indicators", "value", region_id=area, indicator="basisscholen_vestigingen", year=year) == expected
        )


@pytest.mark.parametrize(
    ("indicator", "measure", "year"),
    [
        ("mediaan_vermogen", "01_07_NW", 2013),
        ("mediaan_vermogen", "01_07_NW", 2021),
        ("schuld_per_huishouden", "18_FIN_32", 2022),
    ],
)
def test_wealth_and_debt(tables: Callable[..., float], indicator: str, measure: str, year: int) -> None:
    """Guards wealth and debt: the mean of municipalities by their households of 2024."""
    homes = {
        row["region"]: float(row["value"])
        for row in rows("kwb/housing_2020_2025.csv.gz")
        if (row["measure"], row["year"]) == ("a_hh", "2024") and row["value"]
    }
    values = {
        row["region"]: float(row["value"])
        for row in rows("brede-welvaart/monitor_2013_2022.csv.gz")
        if (row["measure"], row["year"]) == (measure, str(year)) and row["value"]
    }
    own = sum(values[code] * homes[code] for code in ZEEUWS) / sum(homes[code] for code in ZEEUWS)
    found = tables("indicators", "value", region_id="zeeuws-vlaanderen", indicator=indicator, year=year)
    assert found == pytest.approx(own, rel=2e-3)
