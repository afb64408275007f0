"""From municipalities to areas: a score of an area is the mean of its inhabitants' municipalities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from balans.geography.membership import area_membership
from balans.geography.regions import load_regions
from balans.liveability.framework import Framework
from balans.liveability.normalise import Floats, Panel
from balans.liveability.sensitivity import ranks
from balans.paths import Project

RANKED = {
    "krimp": "region",
    "anticipeer": "region",
    "municipality": "municipality",
    "corop": "corop",
    "province": "province",
}


@dataclass(frozen=True)
class Areas:
    """Areas on the division of the index.

    Attributes:
        types: type per area (index ``region_id``): ``municipality``, ``krimp``, ``anticipeer``, ``corop``, …
        by_inhabitants: areas × municipalities, rows add up to 1.
        by_dwellings: the same, weighted by dwellings.
    """

    types: pd.Series
    by_inhabitants: Floats
    by_dwellings: Floats

    def mean(self, scores: Floats) -> Floats:
        """Return the mean weighted by inhabitants of ``scores`` (… × municipalities), per area (… × areas)."""
        return np.asarray(scores @ self.by_inhabitants.T, dtype=float)

    def rank_groups(self) -> dict[str, npt.NDArray[np.intp]]:
        """Return which areas (positions) are ranked among each other; totals and the Netherlands are in none."""
        groups = self.types.map(RANKED)
        return {str(name): np.flatnonzero(groups == name) for name in sorted(groups.dropna().unique())}

    def ranks(self, scores: Floats) -> Floats:
        """Return the rank within its group of every area (last axis), 1 is the best; NaN for areas without a group."""
        result = np.full(scores.shape, np.nan)
        for positions in self.rank_groups().values():
            result[..., positions] = ranks(scores[..., positions])
        return result


def load_index_areas(project: Project, framework: Framework, membership: pd.DataFrame, sizes: pd.DataFrame) -> Areas:
    """Return every area of the index.

    Args:
        project: where regions and divisions are.
        framework: which division.
        membership: of the regions; standard areas that it lacks are added.
        sizes: ``inwoners`` and ``woningen`` per municipality of that division, sorted by code.
    """
    parts = {level: area_membership(project, level) for level in ("municipality", "corop", "province", "country")}
    types = {region.id: region.type for region in load_regions(project).values()}
    types |= {area: level for level, table in parts.items() for area in table["region_id"].unique()}
    members = pd.concat([membership, *parts.values()])
    members = members[members["year"] == framework.division].drop_duplicates(["region_id", "gm_code"])
    inhabitants, dwellings = (_matrix(members, sizes[topic], share) for topic, share in _WEIGHTS.items())
    order = sorted(members["region_id"].unique())
    return Areas(pd.Series(types).reindex(order), inhabitants, dwellings)


_WEIGHTS = {"inwoners": "weight", "woningen": "weight_dwellings"}


def _matrix(members: pd.DataFrame, size: pd.Series, share: str) -> Floats:
    weight = members[share] * members["gm_code"].map(size)
    table = members.assign(part=weight).pivot(index="region_id", columns="gm_code", values="part")
    table = table.reindex(columns=size.index).fillna(0.0).sort_index()
    return np.asarray(table.div(table.sum(axis=1), axis=0), dtype=float)


def area_values(panel: Panel, areas: Areas, year: int) -> pd.Series:
    """Return the figure of every indicator that stands for ``year``, per area (index ``region_id, indicator``).

    Means over municipalities weighted by inhabitants; municipalities without a figure do not count.
    """
    raw = {one.id: panel.raw[one.id, one.year_for(year)] for one in panel.framework.indicators}
    values = np.vstack(list(raw.values()))
    known = ~np.isnan(values)
    below = areas.mean(known.astype(float))
    means = areas.mean(np.nan_to_num(values)) / np.where(below > 0, below, np.nan)
    table = pd.DataFrame(means.T, index=areas.types.index, columns=pd.Index(list(raw), name="indicator"))
    return pd.Series(table.rename_axis("region_id").stack())
