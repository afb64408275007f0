"""Make ``definitions/geography/{transfers,divisions,sizes_2015}.csv`` from CBS's code list and the figures at hand.

Run once a year, when CBS has published the codes of 1 January::

    python tools/prepare_geography.py CODES.json

``CODES.json`` is ``https://datasets.cbs.nl/odata/v1/CBS/03759ned/RegioSCodes``. The sets of municipalities per year
come from 70072ned (density) and 03759ned, sizes from 37259eng, 03759ned and Kerncijfers wijken en buurten. Rows of
``transfers.csv`` that say ``eigen opgave`` (added by hand, ahead of CBS) are kept until CBS states the same transfer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from balans.files import write_atomically
from balans.geography.cbs_texts import parse_code_list, parse_renames
from balans.paths import find_project

FIRST, LAST = 2003, 2026
WEIGHTS = ["inhabitants", "dwellings", "hectares"]
BY_HAND = "eigen opgave"
# Where the largest part came from, or went to, another COROP area than CBS placed the municipality in.
COROP_BY_HAND = {
    "GM1961": (
        "CR17",
        "PV26",
    ),  # Vijfheerenlanden: two of three parts came from Zuid-Holland
    "GM0051": (
        "CR06",
        "PV21",
    ),  # Skarsterlân, Graft-De Rijp, Nederlek, Ouderkerk: the COROP rows of 37259 agree to
    "GM0365": ("CR23", "PV27"),  # the person only this way (2012-2014)
    "GM0643": ("CR29", "PV28"),
    "GM0644": ("CR29", "PV28"),
}

Sets = dict[int, set[str]]
Sizes = dict[str, dict[int, pd.Series]]


def figures(project_raw: Path, name: str, measure: str) -> pd.DataFrame:
    """Return ``region, year, value`` of one measure, municipalities with a value only."""
    frame = pd.read_csv(project_raw / f"{name}.csv.gz").dropna(subset="value")
    frame = frame[frame["measure"] == measure]
    return frame.loc[frame["region"].str.startswith("GM"), ["region", "year", "value"]]


def by_year(frame: pd.DataFrame) -> dict[int, pd.Series]:
    """Return one Series (municipality → value) per year."""
    return {int(str(year)): part.set_index("region")["value"] for year, part in frame.groupby("year")}


def municipality_sets(raw: Path) -> Sets:
    """Return the municipalities on 1 January of every year."""
    density = by_year(figures(raw, "70072ned/density_1995_2024", "Bevolkingsdichtheid"))
    population = by_year(figures(raw, "03759ned/population_2019_2026", "M000352"))
    return {year: set((population.get(year, density.get(year))).index) for year in range(FIRST, LAST + 1)}


def reference_sizes(raw: Path) -> Sizes:
    """Return per weight the years in which the size of every municipality is known."""
    kwb, housing = "kwb/topics_2010_2015_2018", "kwb/housing_2020_2025"
    inhabitants = by_year(figures(raw, kwb, "AANT_INW").query("year == 2010"))
    inhabitants |= by_year(figures(raw, "03759ned/population_2019_2026", "M000352"))
    inhabitants |= by_year(figures(raw, "37259eng/population_dynamics_2012_2023", "PopulationOn1January_1"))
    dwellings = by_year(figures(raw, kwb, "WONINGEN")) | by_year(figures(raw, housing, "a_woning"))
    return {
        "inhabitants": inhabitants,
        "dwellings": dwellings,
        "hectares": by_year(figures(raw, kwb, "OPP_LAND")),
    }


def stated_transfers(codes: list[dict[str, object]], sets: Sets) -> pd.DataFrame:
    """Return CBS's transfers once each, in the first division that shows them, without foreign countries."""
    stated = parse_code_list(codes).assign(source="CBS, toelichting bij de regiocode")
    renamed = parse_renames(codes).assign(source="CBS, naamswijziging met een nieuwe code; omvang uit de telling")
    rows = pd.concat([stated, renamed]).assign(year=lambda frame: first_division(frame["date"]))
    rows = rows[rows["year"].between(FIRST + 1, LAST)]
    key = ["year", "from_code", "to_code"]
    amounts = rows.groupby([*key, "date"])[WEIGHTS].nunique()
    if (amounts > 1).any(axis=None):
        raise SystemExit(f"The two sides of a transfer disagree:\n{amounts[(amounts > 1).any(axis=1)]}")
    rows = rows.drop_duplicates([*key, "date"])
    known = [
        f in sets[y - 1] and t in sets[y]
        for f, t, y in zip(rows["from_code"], rows["to_code"], rows["year"], strict=True)
    ]
    return rows[known]


def first_division(date: pd.Series) -> pd.Series:
    """Return the first 1 January on which a change of this date (YYYY-MM-DD) is visible."""
    return date.str[:4].astype(int) + (~date.str.endswith("-01-01")).astype(int)


def net_flow(moves: pd.DataFrame, code: str, weight: str, years: range) -> float:
    """Return what a municipality gained minus lost through transfers in these years."""
    part = moves[moves["year"].isin(years)]
    gained = part.loc[part["to_code"] == code, weight].sum()
    return float(gained - part.loc[part["from_code"] == code, weight].sum())


def size_after(code: str, year: int, weight: str, sizes: Sizes, moves: pd.DataFrame, sets: Sets) -> tuple[float, int]:
    """Return the size just after 1 January of ``year`` and the year of the count that it rests on.

    The nearest count is rolled to that day through the transfers in between; growth in between is left out.
    A municipality without a count has the size that CBS states at its end or, if it still exists, at its start.
    """

    def exists(other: int) -> bool:
        return all(code in sets[step] for step in range(min(year, other), max(year, other) + 1))

    counts = [other for other, count in sizes[weight].items() if code in count.index and exists(other)]
    if not counts:
        start, end = (
            min(s for s in sets if code in sets[s]),
            max(s for s in sets if code in sets[s]) + 1,
        )
        if end > LAST:
            return net_flow(moves, code, weight, range(start, year + 1)), start
        return -net_flow(moves, code, weight, range(year + 1, end + 1)), end
    near = min(counts, key=lambda other: (abs(other - year), other < year))
    count = float(sizes[weight][near][code])
    later, earlier = range(year + 1, near + 1), range(near + 1, year + 1)
    return count - net_flow(moves, code, weight, later) + net_flow(moves, code, weight, earlier), near


def with_sizes_of_renamed(moves: pd.DataFrame, sets: Sets, sizes: Sizes) -> pd.DataFrame:
    """Return the transfers with an amount for each renumbered municipality: its own size, the latest first."""
    moves = moves.reset_index(drop=True)
    renamed = moves[moves["inhabitants"].isna()].sort_values("year", ascending=False)
    for row in renamed.itertuples():
        for weight in WEIGHTS:
            size, _ = size_after(str(row.to_code), row.year, weight, sizes, moves, sets)
            received = moves.loc[(moves["year"] == row.year) & (moves["to_code"] == row.to_code), weight].sum()
            moves.loc[row.Index, weight] = size - received
    return moves


def stayed(moves: pd.DataFrame, sets: Sets, sizes: Sizes) -> pd.DataFrame:
    """Return a row from = to for every municipality that goes on after a transfer: what did not move."""
    rows = []
    real = moves[moves["from_code"] != moves["to_code"]]
    same = moves[moves["from_code"] == moves["to_code"]]
    stated = set(zip(same["year"], same["from_code"], strict=True))
    for year, part in real.groupby("year"):
        going_on = (set(part["from_code"]) | set(part["to_code"])) & sets[year - 1] & sets[year]
        for code in sorted(going_on - {c for y, c in stated if y == year}):
            row: dict[str, object] = {
                "date": f"{year}-01-01",
                "year": year,
                "from_code": code,
                "to_code": code,
            }
            based_on = []
            for weight in WEIGHTS:
                size, count_year = size_after(code, year, weight, sizes, real, sets)
                received = part.loc[part["to_code"] == code, weight].sum()
                row[weight] = max(round(size - received), 0)
                based_on.append(str(count_year))
            row["source"] = f"eigen berekening: telling van {'/'.join(based_on)} zonder wat er bij kwam"
            rows.append(row)
    return pd.DataFrame(rows)


def display_names(codes: list[dict[str, object]], sets: Sets) -> dict[str, str]:
    """Return CBS's names, with "(O.)" and the like only where two municipalities would share a name."""
    used = set().union(*sets.values())
    titles = {str(item["Identifier"]): str(item["Title"]) for item in codes if item["Identifier"] in used}
    short = pd.Series(titles).str.replace(r" \([^)]+\)$", "", regex=True)
    unique = ~short.duplicated(keep=False)
    return short.where(unique, pd.Series(titles)).to_dict()


def areas(moves: pd.DataFrame, areas_2015: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return COROP and province per municipality: those of 2015, carried along with most of its people."""
    known = {row.gm_code: (row.corop, row.province) for row in areas_2015.itertuples()} | COROP_BY_HAND
    ordered = moves.sort_values("inhabitants", ascending=False)
    for year in range(2016, LAST + 1):
        for row in ordered[ordered["year"] == year].itertuples():
            known.setdefault(row.to_code, known[row.from_code])
    for year in range(2015, FIRST, -1):
        for row in ordered[ordered["year"] == year].itertuples():
            known.setdefault(row.from_code, known[row.to_code])
    return known


def divisions(sets: Sets, names: dict[str, str], area: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Return one row per municipality: first and last year (empty: still there), COROP, province."""
    rows = []
    for code in sorted(set().union(*sets.values())):
        years = sorted(year for year in sets if code in sets[year])
        if years != list(range(years[0], years[-1] + 1)):
            raise SystemExit(f"{code} is missing in between: {years}")
        last = "" if years[-1] == LAST else str(years[-1])
        rows.append((code, names[code], years[0], last, area[code][1], area[code][0]))
    return pd.DataFrame(
        rows,
        columns=["gm_code", "name", "first_year", "last_year", "province", "corop"],
    )


def sizes_2015(sets: Sets, sizes: Sizes) -> pd.DataFrame:
    """Return inhabitants, dwellings and hectares of land of every municipality on 1 January 2015."""
    table = pd.DataFrame({weight: sizes[weight][2015] for weight in WEIGHTS}).loc[sorted(sets[2015])]
    return table.round().astype(int).rename_axis("gm_code").reset_index()


def main(code_list: Path) -> None:
    """Write the three definition files."""
    project = find_project()
    codes = json.loads(code_list.read_text(encoding="utf-8"))["value"]
    folder = project.definitions / "geography"
    sets, sizes = municipality_sets(project.raw), reference_sizes(project.raw)
    moves = with_sizes_of_renamed(stated_transfers(codes, sets), sets, sizes)
    table = pd.concat([moves, stayed(moves, sets, sizes)])
    names = display_names(codes, sets)
    table = table.assign(from_name=table["from_code"].map(names), to_name=table["to_code"].map(names))
    columns = [
        "date",
        "from_code",
        "from_name",
        "to_code",
        "to_name",
        *WEIGHTS,
        "source",
    ]
    old = pd.read_csv(folder / "transfers.csv")
    by_hand = old[old["source"].eq(BY_HAND) & ~old["date"].isin(table["date"])]
    table = pd.concat([table[columns], by_hand]).astype(dict.fromkeys(WEIGHTS, int))
    table = table.sort_values(["date", "to_code", "from_code"])
    areas_2015 = pd.read_csv(folder / "municipality_corop_province_2015.csv")
    write_atomically(folder / "transfers.csv", table.to_csv(index=False))
    write_atomically(
        folder / "divisions.csv",
        divisions(sets, names, areas(moves, areas_2015)).to_csv(index=False),
    )
    write_atomically(folder / "sizes_2015.csv", sizes_2015(sets, sizes).to_csv(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
