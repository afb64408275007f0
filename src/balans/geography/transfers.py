"""Transfers: what every reorganisation moved from one municipality to another, and what follows from it.

Source: ``definitions/geography/transfers.csv``: CBS's own words (hectares of land, dwellings, inhabitants), changes of
name that gave a new code, and rows from = to with what stayed behind, without which a share cannot be computed.

A transition between two divisions is a matrix of shares. Forwards, a row says which share of the earlier municipality
goes to each later one; backwards, which share of the later municipality came from each earlier one. Between years that
are further apart, the yearly matrices are multiplied.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.divisions import FIRST_YEAR, LAST_YEAR, check_year, load_divisions
from balans.paths import Project

Weight = Literal["inhabitants", "dwellings", "hectares"]
WEIGHTS: tuple[Weight, ...] = get_args(Weight)


def load_transfers(project: Project) -> pd.DataFrame:
    """Return every transfer: ``year, from_code, to_code, inhabitants, dwellings, hectares`` (floats).

    ``year`` is the first division that shows the change: that of the date itself on 1 January, else the next (Weesp,
    24 March 2022: 2023). Rows with from = to say what stayed. Stated by both sides, a transfer is here once.

    Raises:
        DefinitionError: a transfer from or to a municipality that does not exist then, a municipality that appears or
            ends without a transfer, or a transfer without the row that says what stayed behind.
    """
    return _load(project, *_stamps(project)).transfers.copy()


def transition(project: Project, from_year: int, to_year: int, weight: Weight = "inhabitants") -> pd.DataFrame:
    """Return ``from_code, to_code, share`` between two divisions; the shares of every ``from_code`` add up to 1.

    Backwards (``to_year`` < ``from_year``) a share says how much of the later municipality's inhabitants, dwellings or
    hectares (at the time of the reorganisation) came from the earlier municipality.

    Raises:
        UnknownKeyError: a year without division, or another weight.
    """
    matrix, rows, columns = transition_matrix(project, from_year, to_year, weight)
    found = matrix.tocoo()
    table = pd.DataFrame(
        {
            "from_code": rows[found.row],
            "to_code": columns[found.col],
            "share": found.data,
        }
    )
    return table.sort_values(["from_code", "to_code"]).reset_index(drop=True)


def transition_matrix(
    project: Project, from_year: int, to_year: int, weight: Weight = "inhabitants"
) -> tuple[sparse.csr_array, pd.Index, pd.Index]:
    """Return the same as ``transition``: a sparse matrix (from × to), and the codes of its rows and columns."""
    check_year(from_year)
    check_year(to_year)
    if weight not in WEIGHTS:
        raise UnknownKeyError(f"Unknown weight {weight!r}: choose from {', '.join(WEIGHTS)}.")
    geography = _load(project, *_stamps(project))
    return (
        geography.matrix(from_year, to_year, weight),
        geography.codes[from_year],
        geography.codes[to_year],
    )


class _Geography:
    """Divisions and transfers of one checkout, with the matrices computed so far."""

    def __init__(self, transfers: pd.DataFrame, codes: Mapping[int, pd.Index]) -> None:
        self.transfers = transfers
        self.codes = codes
        self._matrices: dict[tuple[int, int, Weight], sparse.csr_array] = {}

    def matrix(self, from_year: int, to_year: int, weight: Weight) -> sparse.csr_array:
        """Return the shares between two divisions, composed year by year."""
        key = (from_year, to_year, weight)
        if key not in self._matrices:
            self._matrices[key] = self._compose(*key)
        return self._matrices[key]

    def _compose(self, from_year: int, to_year: int, weight: Weight) -> sparse.csr_array:
        if from_year == to_year:
            return sparse.eye_array(len(self.codes[from_year]), format="csr")
        step = 1 if to_year > from_year else -1
        if abs(to_year - from_year) > 1:
            return self.matrix(from_year, to_year - step, weight) @ self.matrix(to_year - step, to_year, weight)
        amounts = self._amounts(max(from_year, to_year), weight)
        return _shares_by_row(amounts if step == 1 else amounts.T)

    def _amounts(self, year: int, weight: Weight) -> sparse.csr_array:
        """Return what moved or stayed between ``year`` - 1 and ``year`` (from × to); 1 where nothing changed."""
        before, after = self.codes[year - 1], self.codes[year]
        rows = self.transfers[self.transfers["year"] == year]
        untouched = before.intersection(after).difference([*rows["from_code"], *rows["to_code"]])
        ends = (
            before.get_indexer(pd.Index([*rows["from_code"], *untouched])),
            after.get_indexer(pd.Index([*rows["to_code"], *untouched])),
        )
        values = [*rows[weight], *np.ones(len(untouched))]
        return sparse.csr_array((values, ends), shape=(len(before), len(after)))


def _shares_by_row(amounts: sparse.sparray) -> sparse.csr_array:
    totals = np.asarray(amounts.sum(axis=1)).ravel()
    shares = sparse.csr_array(sparse.diags_array(1.0 / totals) @ amounts)
    shares.eliminate_zeros()
    return shares


def _stamps(project: Project) -> tuple[int, int]:
    folder = project.definitions / "geography"
    return (folder / "divisions.csv").stat().st_mtime_ns, (folder / "transfers.csv").stat().st_mtime_ns


@lru_cache(maxsize=8)
def _load(project: Project, *modified: int) -> _Geography:
    del modified  # only there so that changed files are read again
    path = project.definitions / "geography" / "transfers.csv"
    divisions = load_divisions(project)
    codes = {int(str(year)): pd.Index(part["gm_code"]) for year, part in divisions.groupby("year")}
    stated = pd.read_csv(path, dtype=dict.fromkeys(WEIGHTS, float))
    transfers = _tidy(stated)
    _check(transfers, codes, path)
    return _Geography(transfers, codes)


def _tidy(stated: pd.DataFrame) -> pd.DataFrame:
    """Return one row per year and pair: two moves within a year are added, of what stayed the least counts."""
    first_of_january = stated["date"].str.endswith("-01-01")
    stated = stated.assign(year=stated["date"].str[:4].astype(int) + (~first_of_january).astype(int))
    stated = stated[stated["year"].between(FIRST_YEAR + 1, LAST_YEAR)]
    stays = stated["from_code"] == stated["to_code"]
    key = ["year", "from_code", "to_code"]
    moved = stated[~stays].groupby(key, as_index=False)[list(WEIGHTS)].sum()
    stayed = stated[stays].groupby(key, as_index=False)[list(WEIGHTS)].min()
    return pd.concat([moved, stayed]).sort_values(key, ignore_index=True)


def _check(transfers: pd.DataFrame, codes: Mapping[int, pd.Index], path: Path) -> None:
    """Raise a DefinitionError where transfers and divisions do not tell the same story."""
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        before, after = set(codes[year - 1]), set(codes[year])
        rows = transfers[transfers["year"] == year]
        moved = rows[rows["from_code"] != rows["to_code"]]
        stayed = set(rows.loc[rows["from_code"] == rows["to_code"], "from_code"])
        givers, takers = set(moved["from_code"]), set(moved["to_code"])
        problems = {
            "is named with an amount that is empty or negative": set(
                rows.loc[~(rows[list(WEIGHTS)] >= 0).all(axis=1), "from_code"]
            ),
            "gives something away but does not exist on 1 January of the year before": givers - before,
            "receives something but does not exist on 1 January of that year": takers - after,
            "ends, but no transfer says where its people went": before - after - givers,
            "is new, but no transfer says where its people came from": after - before - takers,
            "goes on after a transfer, but no row from = to says what stayed": (givers | takers)
            & before
            & after - stayed,
        }
        for what, wrong in problems.items():
            if wrong:
                raise DefinitionError(
                    f"{path}: division {year}: {', '.join(sorted(wrong))} {what}. See docs/add-a-reorganisation.md."
                )
