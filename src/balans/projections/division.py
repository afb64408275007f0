"""Every level's municipalities per year, on one division: the seam with the geography of the project.

A level is a set of areas that do not change: the municipalities of the latest division, the COROP areas and provinces
as they were in 2015, the 20 regions and their totals, the Netherlands. Reorganisations are followed through the shares
of inhabitants that went from one municipality to another (``definitions/geography/reorganisations.csv``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from balans.paths import Project

COLUMNS = ["level", "region_id", "year", "gm_code", "weight"]
TOTALS = {"krimp": "krimpregios", "anticipeer": "anticipeerregios"}
BASE_DIVISION = 2015
FIRST_DIVISION = 2003
EXISTENCE = ("inwoners", "bevolkingsdichtheid")  # counted for every municipality that exists


def level_membership(project: Project, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return level, region_id, year, gm_code, weight: which part of a municipality of that year lies in each area.

    Args:
        project: for ``definitions/geography``.
        indicators: the table ``indicators``; its municipal rows say which municipalities existed in a year.
    """
    chain = DivisionChain.read(project, indicators)
    parts = [_municipalities(chain), _standard_areas(chain, project), _regions(chain, project), _country(chain)]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


class DivisionChain:
    """Shares of inhabitants that carry every municipality of one year to the division of a later year.

    Attributes:
        codes: every code that ever existed.
        years: years with figures, ascending.
        present: (codes × years) whether a code existed.
        people: inhabitants in the base division.
    """

    def __init__(self, present: pd.DataFrame, people: pd.Series, changes: pd.DataFrame) -> None:
        """Args: present: gm_code × year; people: per gm_code; changes: year, old_code, new_code, kind, share."""
        self.years: list[int] = sorted(int(year) for year in present.columns)
        self.codes = sorted(set(present.index) | set(changes["old_code"]) | set(changes["new_code"]))
        self.present = present.reindex(self.codes, fill_value=False)
        self.people = people.reindex(self.codes).fillna(0).to_numpy()
        self._changes = {int(year): group for year, group in changes.groupby("year")}
        self._known: dict[tuple[int, int], npt.NDArray[np.float64]] = {}
        self._place = {code: place for place, code in enumerate(self.codes)}

    @classmethod
    def read(cls, project: Project, indicators: pd.DataFrame) -> DivisionChain:
        """Read the reorganisations; one after 1 January counts from the next year's division."""
        municipal = indicators[indicators["region_id"].str.startswith("GM")]
        counted = municipal[municipal["indicator"].isin(EXISTENCE) & (municipal["year"] >= FIRST_DIVISION)]
        present = pd.crosstab(counted["region_id"], counted["year"]) > 0
        people = counted[(counted["year"] == BASE_DIVISION) & (counted["indicator"] == "inwoners")]
        changes = pd.read_csv(project.definitions / "geography" / "reorganisations.csv")
        date = pd.to_datetime(changes["date"])
        changes["year"] = date.dt.year + (date.dt.dayofyear > 1)
        return cls(present, people.set_index("region_id")["value"], changes)

    def shares(self, start: int, end: int) -> npt.NDArray[np.float64]:
        """Return (codes × codes): the share of each code of ``start`` that lies in each code of ``end``."""
        if (start, end) not in self._known:
            whole = np.eye(len(self.codes))
            self._known[start, end] = self._step(start + 1) @ self.shares(start + 1, end) if start < end else whole
        return self._known[start, end]

    def existing(self, year: int) -> npt.NDArray[np.bool_]:
        """Return which codes existed in ``year``."""
        return self.present[year].to_numpy()

    def frame(self, year: int, shares: npt.NDArray[np.float64], names: Sequence[str]) -> pd.DataFrame:
        """Return region_id, year, gm_code, weight for the non-zero ``shares`` (codes × names) of existing codes."""
        rows, columns = np.nonzero((shares > 1e-6) & self.existing(year)[:, None])
        return pd.DataFrame(
            {
                "region_id": np.asarray(names, dtype=object)[columns],
                "year": year,
                "gm_code": np.asarray(self.codes, dtype=object)[rows],
                "weight": shares[rows, columns],
            }
        )

    def _step(self, year: int) -> sparse.csr_array:
        """The transfers of one 1 January; a municipality that only loses a part keeps the rest."""
        matrix = sparse.eye_array(len(self.codes), format="lil")
        for old, group in self._changes.get(year, pd.DataFrame({"old_code": []})).groupby("old_code"):
            place = self._place[str(old)]
            stays = (group["kind"] == "boundary").any()
            matrix[place, place] = 1 - group["share"].sum() if stays else 0
            for code, share in zip(group["new_code"], group["share"], strict=True):
                matrix[place, self._place[code]] += share / (1 if stays else group["share"].sum())
        return matrix.tocsr()


def _municipalities(chain: DivisionChain) -> pd.DataFrame:
    latest = chain.years[-1]
    parts = [chain.frame(year, chain.shares(year, latest), chain.codes) for year in chain.years]
    return pd.concat(parts).assign(level="municipality")


def _standard_areas(chain: DivisionChain, project: Project) -> pd.DataFrame:
    """COROP areas and provinces of 2015; later municipalities by where the inhabitants of 2015 lived."""
    stored = pd.read_csv(project.definitions / "geography" / "municipality_corop_province_2015.csv").set_index("gm_code")
    levels = []
    for level in ("corop", "province"):
        base = pd.get_dummies(stored[level]).astype(float).reindex(chain.codes, fill_value=0.0)
        parts = [chain.frame(year, _share_in_areas(chain, base.to_numpy(), year), list(base)) for year in chain.years]
        levels.append(pd.concat(parts).assign(level=level))
    return pd.concat(levels)


def _share_in_areas(chain: DivisionChain, base: npt.NDArray[np.float64], year: int) -> npt.NDArray[np.float64]:
    """Return (codes × areas): the share of each municipality of ``year`` that lies in each area of 2015."""
    if year <= BASE_DIVISION:
        return chain.shares(year, BASE_DIVISION) @ base
    moved = chain.shares(BASE_DIVISION, year) * chain.people[:, None]
    whole = moved.sum(axis=0)
    return (moved.T @ base) / np.where(whole > 0, whole, 1)[:, None]


def _regions(chain: DivisionChain, project: Project) -> pd.DataFrame:
    """The 20 regions and their totals; after the last stored year the division of that year."""
    stored = pd.read_csv(project.definitions / "geography" / "membership.csv")
    last = stored["year"].max()
    later = [stored[stored["year"] == last].assign(year=year) for year in chain.years if year > last]
    members = pd.concat([stored, *later])
    members = members[members["year"].isin(chain.years)]
    totals = members.assign(region_id=members["type"].map(TOTALS), level="total")
    totals = totals.groupby(["level", "region_id", "year", "gm_code"], as_index=False)["weight"].sum()
    return pd.concat([members.assign(level="region"), totals])


def _country(chain: DivisionChain) -> pd.DataFrame:
    ones = np.ones((len(chain.codes), 1))
    return pd.concat([chain.frame(year, ones, ["nederland"]) for year in chain.years]).assign(level="country")
