"""Who works where: jobs of employees per COROP area and sector, and between COROP areas."""

from __future__ import annotations

import pandas as pd

from balans.errors import RawDataError
from balans.indicators.area_sets import load_area_sets
from balans.paths import Project
from balans.sources.stored import read_stored
from balans.words.areas import NEDERLAND

COMMUTING, JOBS = "pendel-corop", "83582NED"
COMMUTING_YEAR = 2016
THOUSAND = 1000
# The report's areas; the country is the 40 areas together, without jobs abroad or in no known place (CR99).
SETS = ("corop-rapport", "corop-rapport-zonder-overig-groningen")
ELSEWHERE = "CR99"


def commuting_table(project: Project) -> pd.DataFrame:
    """Return employee jobs by the COROP area where people live and where they work.

    Returns:
        from_id, from_name, to_id, to_name, year, jobs, share (% of the jobs of who lives there), distance_km (mean;
        empty within an area where CBS gives none).

    Raises:
        RawDataError: an area by a name that is no COROP area's.
    """
    stored = read_stored(project.raw, COMMUTING)
    areas = pd.read_csv(project.definitions / "geography" / "areas.csv")
    codes = {f"{name} (CR)": code for code, name in zip(areas["code"], areas["name"], strict=True) if code[:2] == "CR"}
    unknown = sorted({*stored["from"], *stored["to"]} - set(codes))
    if unknown:
        raise RawDataError(f"data/raw/{COMMUTING} has areas that are no COROP area: {', '.join(unknown)}.")
    table = pd.DataFrame(
        {
            "from_id": stored["from"].map(codes),
            "from_name": stored["from"].str.removesuffix(" (CR)"),
            "to_id": stored["to"].map(codes),
            "to_name": stored["to"].str.removesuffix(" (CR)"),
            "year": COMMUTING_YEAR,
            "jobs": stored["jobs"] * THOUSAND,
            "distance_km": stored["distance"],
        }
    )
    residents = table.groupby("from_id")["jobs"].transform("sum")
    table = table.assign(share=100 * table["jobs"] / residents)
    return table.sort_values(["from_id", "to_id"], ignore_index=True).round(6)


def jobs_table(project: Project) -> pd.DataFrame:
    """Return employee jobs in December by sector, of the report's COROP areas and of all areas together.

    Returns:
        area, sector (``total``, or SBI letters), year, jobs, netherlands (jobs of all areas), share (% of it),
        suppressed (cells of the area that CBS keeps secret; they count as nothing).
    """
    stored = read_stored(project.raw, JOBS)
    stored = stored[stored["region"].str.startswith("CR") & (stored["region"] != ELSEWHERE)]
    stored = stored.assign(sector=stored["measure"].str.removeprefix("jobs_"), year=stored["year"].astype("int64"))
    members = {one.id: one.members for one in load_area_sets(project) if one.id in SETS}
    members[NEDERLAND] = tuple(stored["region"].unique())
    tables = [_one_area(stored[stored["region"].isin(codes)], area) for area, codes in members.items()]
    table = pd.concat(tables, ignore_index=True)
    keys = ["sector", "year"]
    country = table[table["area"] == NEDERLAND].set_index(keys)["jobs"].rename("netherlands")
    table = table.join(country, on=keys)
    table = table.assign(share=100 * table["jobs"] / table["netherlands"])
    order = ["area", "sector", "year", "jobs", "netherlands", "share", "suppressed"]
    return table[order].sort_values(order[:3], ignore_index=True).round(6)


def _one_area(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    grouped = rows.assign(secret=rows["value"].isna()).groupby(["sector", "year"])
    made = grouped.agg(jobs=("value", "sum"), suppressed=("secret", "sum")).reset_index()
    return made.assign(area=area, jobs=made["jobs"] * THOUSAND)
