"""The official scores per district (wijk) and the dwellings that weigh them."""

from __future__ import annotations

import pandas as pd

from balans.errors import RawDataError
from balans.geography.transfers import transition_matrix
from balans.liveability.framework import Framework
from balans.liveability.official import LARGEST_GAP, load_official
from balans.paths import Project
from balans.sources.manifest import stored_file
from balans.sources.stored import read_file, read_stored

SCORES, WEIGHTS = "leefbaarometer-wijken", "leefbaarometer-gewichten"
OFFICIAL = "leefbaarometer"
# The districts are those of 2022, in every year of the scores.
DISTRICT_DIVISION = 2022
# The last year in which those districts, and their municipalities, have inhabitants under the same codes.
FILLED_FROM = "2020"


def load_dwellings(project: Project) -> pd.DataFrame:
    """Return ``district, gm_code, dwellings, filled`` of every district of the Leefbaarometer.

    CBS has no dwellings of 2024 for districts whose code has changed since (most of them in Amsterdam). There the
    inhabitants of 2020 are multiplied by the dwellings per inhabitant of the municipality in that year; ``filled``
    says so. A district without inhabitants gets none.
    """
    districts = read_stored(project.raw, SCORES)[["district", "region"]].drop_duplicates()
    table = districts.merge(read_stored(project.raw, WEIGHTS), on="district", how="left")
    housing = read_file(stored_file(project.raw, "kwb", "housing_2020_2025.csv.gz"))
    wide = housing[housing["year"] == FILLED_FROM].pivot(index="region", columns="measure", values="value")
    per_inhabitant = table["region"].map(wide["a_woning"] / wide["a_inw"])
    estimate = table["inhabitants_2020"].fillna(0.0) * per_inhabitant
    return pd.DataFrame(
        {
            "district": table["district"],
            "gm_code": table["region"],
            "dwellings": table["dwellings_2024"].fillna(estimate),
            "filled": table["dwellings_2024"].isna(),
        }
    )


def split_districts(project: Project) -> pd.DataFrame:
    """Return ``district, gm_code, former_code, part``: districts of municipalities that a region's border cuts.

    Het Hogeland is De Marne for a fifth; its mean is not that of De Marne, but its districts follow the old borders.
    ``part`` names the districts that were one municipality and lie in one now.
    """
    table = pd.read_csv(project.definitions / "liveability" / "split_districts.csv")
    return table.assign(part=table["former_code"] + "/" + table["gm_code"])


def municipal_scores(project: Project, framework: Framework) -> pd.DataFrame:
    """Return ``gm_code, division, year, dimension, top, bottom, filled, source`` per municipality.

    ``top / bottom`` is the score: the mean of the districts weighted by dwellings, on the division of the districts.
    The dwellings are the same in every year, so a score moves because districts moved, not because one grew.
    ``filled`` is the part of ``bottom`` that was filled in. Districts of ``split_districts`` are apart from the rest of
    their municipality. The year of the municipal scores (2024) is added from the
    publisher's own municipal scores, weighted by the same dwellings on the division of that year.

    Raises:
        RawDataError: the dimensions of a district do not add up to its total.
    """
    dwellings = load_dwellings(project)
    scores = read_stored(project.raw, SCORES)
    _check(scores, framework)
    names = {one.official: one.id for one in (*framework.dimensions, framework.total)}
    long = scores.melt(["district", "year"], list(names), "dimension", "score").dropna(subset=["score"])
    apart = split_districts(project).set_index("district")["part"]
    places = dwellings.assign(gm_code=dwellings["district"].map(apart).fillna(dwellings["gm_code"]))
    long = long.merge(places, on="district").assign(dimension=lambda rows: rows["dimension"].map(names))
    long = long.assign(
        year=long["year"].astype("int64"),
        top=long["score"] * long["dwellings"],
        bottom=long["dwellings"],
        filled=long["dwellings"].where(long["filled"], 0.0),
    )
    keys = ["gm_code", "year", "dimension"]
    made = long.groupby(keys)[["top", "bottom", "filled"]].sum().reset_index()
    own = made.assign(division=DISTRICT_DIVISION, source=SCORES)
    return pd.concat([own, _latest(project, framework, dwellings)], ignore_index=True)


def _check(scores: pd.DataFrame, framework: Framework) -> None:
    parts = scores[[one.official for one in framework.dimensions]]
    gap = float((parts.sum(axis=1) - scores[framework.total.official])[parts.notna().all(axis=1)].abs().max())
    if gap > LARGEST_GAP:
        raise RawDataError(f"data/raw/{SCORES}: dimensions and total of a district differ by {gap:g}.")


def _latest(project: Project, framework: Framework, dwellings: pd.DataFrame) -> pd.DataFrame:
    """The publisher's municipal scores, with the districts' dwellings on the division of their year."""
    year = framework.present_year
    scores = load_official(project, framework).scores
    matrix, rows, columns = transition_matrix(project, DISTRICT_DIVISION, year, "dwellings")
    sizes = dwellings.assign(filled=dwellings["dwellings"].where(dwellings["filled"], 0.0))
    sums = sizes.groupby("gm_code")[["dwellings", "filled"]].sum().reindex(rows).fillna(0.0)
    moved = pd.DataFrame(matrix.T @ sums.to_numpy(), index=columns, columns=["bottom", "filled"])
    long = scores.rename_axis("gm_code").reset_index().melt("gm_code", var_name="dimension", value_name="score")
    long = long.merge(moved, left_on="gm_code", right_index=True)
    long = long.assign(year=year, division=year, source=OFFICIAL, top=long["score"] * long["bottom"])
    return long.drop(columns="score")
