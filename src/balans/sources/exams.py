"""Read the exam results of DUO: passes by municipality of the school, known by its name."""

from __future__ import annotations

import pandas as pd

from balans.errors import RawDataError
from balans.paths import Project
from balans.sources.stored import read_stored

FIRST_DIVISION, SECOND_DIVISION = 2020, 2023
LAST_YEAR_OF_FIRST = 2019
LARGEST_HIDDEN = 4


def load_passes(project: Project) -> pd.DataFrame:
    """Return the passed exams per municipality of the school, school type and year.

    Source: DUO, open data "geslaagden, gezakten en cijfers", school years 2014/15 to 2023/24. DUO publishes the years
    until 2018/19 on the municipal division of 2020 and the later ones on that of 2023, and hides cells of 1 to 4 from
    2019/20 on.

    Returns:
        gm_code, division, year (in which the school year ends), type (VMBO, HAVO, VWO), passed (persons), hidden
        (persons at most in hidden cells).

    Raises:
        RawDataError: a name that ``definitions/geography/duo_municipalities.csv`` does not know.
    """
    stored = read_stored(project.raw, "duo-examens")
    names = pd.read_csv(project.definitions / "geography" / "duo_municipalities.csv").set_index("duo_name")["gm_code"]
    unknown = sorted(set(stored["municipality"]) - set(names.index))
    if unknown:
        raise RawDataError(
            f"data/raw/duo-examens names municipalities that are not known: {', '.join(unknown)}. "
            "Add each with its code to definitions/geography/duo_municipalities.csv."
        )
    passed = stored[stored["what"] == "passed"]
    year = passed["school_year"].str[-4:].astype(int)
    return pd.DataFrame(
        {
            "gm_code": passed["municipality"].map(names),
            "division": (year <= LAST_YEAR_OF_FIRST).map({True: FIRST_DIVISION, False: SECOND_DIVISION}),
            "year": year,
            "type": passed["type"],
            "passed": passed["value"],
            "hidden": LARGEST_HIDDEN * passed["masked_cells"],
        }
    ).reset_index(drop=True)
