"""What differs between two versions of a table's figures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import SourceError

KEY = ["topic", "region", "year"]
FEWEST = 10
MOST_LOST = 0.1


@dataclass(frozen=True)
class Changes:
    """Differences between the figures in force and new ones.

    Attributes:
        new_years: topic, year: figures for a year that the topic did not have.
        revised: topic, region, year, old, new.
        vanished: topic, region, year, old: figures of a year that is still there, gone for an area.
        kept: topic, year: years that the new figures lack; what was carried over stays in force for them.
        came: municipalities with figures in the newest year that had none in the newest year before.
        went: the other way round.
    """

    new_years: pd.DataFrame
    revised: pd.DataFrame
    vanished: pd.DataFrame
    kept: pd.DataFrame
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether all figures are the same."""
        return self.new_years.empty and self.revised.empty and self.vanished.empty and not self.came and not self.went


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Changes:
    """Return what changed from ``old`` to ``new``, each topic, region, year, value in the same units."""
    pairs = old[[*KEY, "value"]].merge(
        new[[*KEY, "value"]],
        on=KEY,
        how="outer",
        suffixes=("_old", "_new"),
        indicator="side",
    )
    pairs = pairs.rename(columns={"value_old": "old", "value_new": "new"}).sort_values(KEY, ignore_index=True)
    had, has = _years(old), _years(new)
    both = pairs["side"] == "both"
    differs = (pairs["old"] - pairs["new"]).abs() > 1e-9 * pairs["old"].abs().clip(lower=1)
    vanished = pairs[(pairs["side"] == "left_only") & _in_years(pairs, has)]
    return Changes(
        new_years=_frame(has.difference(had)),
        revised=pairs.loc[both & differs, [*KEY, "old", "new"]].reset_index(drop=True),
        vanished=vanished[[*KEY, "old"]].reset_index(drop=True),
        kept=_frame(had.difference(has)),
        came=tuple(sorted(_newest_municipalities(new) - _newest_municipalities(old))),
        went=tuple(sorted(_newest_municipalities(old) - _newest_municipalities(new))),
    )


def refuse_if_incomplete(table: str, old: pd.DataFrame, changes: Changes) -> None:
    """Raise a SourceError if many areas lost their figure in a year that is still there: a page went missing.

    Raises:
        SourceError: more than a tenth of the areas of a topic and year.
    """
    before = old.groupby(["topic", "year"]).size()
    lost = changes.vanished.groupby(["topic", "year"]).size().reindex(before.index, fill_value=0)
    broken = before[(before >= FEWEST) & (lost > MOST_LOST * before)]
    if not broken.empty:
        topic, year = broken.index[0]
        raise SourceError(
            f"Table {table}: the answer is not complete: {lost[(topic, year)]} of {broken.iloc[0]} areas have no "
            f"{topic} of {year} any more. The stored figures stay in force. Try again later: make data TABLES={table}"
        )


def _years(figures: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(figures[["topic", "year"]].drop_duplicates())


def _in_years(pairs: pd.DataFrame, years: pd.MultiIndex) -> pd.Series:
    return pd.Series(
        pd.MultiIndex.from_frame(pairs[["topic", "year"]]).isin(years),
        index=pairs.index,
    )


def _frame(years: pd.MultiIndex) -> pd.DataFrame:
    return years.to_frame(index=False).sort_values(["topic", "year"], ignore_index=True)


def _newest_municipalities(figures: pd.DataFrame) -> set[str]:
    municipal = figures[figures["region"].str.startswith("GM")]
    return set(municipal.loc[municipal["year"] == municipal["year"].max(), "region"])
