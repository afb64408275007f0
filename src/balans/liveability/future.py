"""From published projections to the figures that move the index: each indicator carried along from its own figure now.

The index averages municipalities by inhabitants, the projections add up numerators and denominators (inhabitants per
km² land, value per dwelling). The two levels of one region differ, so a projection enters as its ratio to the figure
that the projections themselves have for the year the index uses now.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import UnknownKeyError
from balans.liveability.framework import Framework, IndexIndicator
from balans.liveability.project import INPUT

FIGURES = ["value", "lower_80", "upper_80"]
SERIES = ["region_id", "indicator", "year", "value"]
PROJECTED = ["region_id", "indicator", "year", *FIGURES, "published"]


@dataclass(frozen=True)
class Future:
    """What the projections know.

    Attributes:
        series: the table ``series``: ``region_id, indicator, year, value``, the past on one division.
        projections: the table ``projections``, of which only rows with ``published`` count.
    """

    series: pd.DataFrame
    projections: pd.DataFrame

    def __post_init__(self) -> None:
        """Raise an UnknownKeyError if a table lacks a column."""
        for name, table, needed in (("series", self.series, SERIES), ("projections", self.projections, PROJECTED)):
            missing = [column for column in needed if column not in table]
            if missing:
                raise UnknownKeyError(f"The table {name} lacks {', '.join(missing)}.")


def linked_projections(framework: Framework, future: Future, values: pd.Series) -> pd.DataFrame:
    """Return the input of ``project_index``: ``region_id, indicator, year, value, lower_80, upper_80``.

    Only areas with a published projection of an indicator are in it; a region that shares a municipality with another
    (status ``split``) has none. Of a year whose figure is known already (a projection that starts in 2025 has no row
    for 2025) it is that figure, with an interval of no width.

    Args:
        framework: which indicators are linked (``projected_by``), and to which years.
        future: the past and the projections.
        values: figure of each index indicator now (index ``region_id, indicator``), as ``regional.area_values``.
    """
    published = future.projections[future.projections["published"]]
    available = set(published["indicator"])
    linked = [one for one in framework.indicators if one.projected_by in available]
    if not linked:
        return pd.DataFrame(columns=INPUT)
    tables = [_carried(framework, one, future.series, published, values) for one in linked]
    return pd.concat(tables)[INPUT].sort_values(["region_id", "indicator", "year"], ignore_index=True)


def _carried(
    framework: Framework, one: IndexIndicator, series: pd.DataFrame, published: pd.DataFrame, values: pd.Series
) -> pd.DataFrame:
    """One indicator on the level of the index; areas or years without a projection have no row."""
    ahead = published[published["indicator"] == one.projected_by]
    known = series[(series["indicator"] == one.projected_by) & series["region_id"].isin(ahead["region_id"].unique())]
    measured = known.assign(lower_80=known["value"], upper_80=known["value"])
    both = pd.concat([measured[INPUT], ahead[INPUT]]).drop_duplicates(["region_id", "year"])
    wanted = both[both["year"].isin(framework.projected_years)]
    base = known[known["year"] == one.year_for(framework.present_year)].set_index("region_id")["value"]
    factor = wanted["region_id"].map(values.xs(one.id, level="indicator") / base)
    return wanted.assign(**{name: wanted[name] * factor for name in FIGURES}).dropna(subset=FIGURES)
