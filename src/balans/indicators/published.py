"""Indicators that are taken as the source publishes them for the area itself, whatever its borders were in the year."""

from __future__ import annotations

import pandas as pd

from balans.indicators.catalogue import Indicator
from balans.sources.figures import Figures
from balans.words.areas import NEDERLAND

# CR99 is no area: CBS counts there who works abroad or in no known place.
AREA = r"(?:CR(?!99)\d{2}|PV\d{2}|NL01|(?:BE|DE)[0-9A-Z]{3})$"


def published_indicators(figures: Figures, indicators: dict[str, Indicator]) -> pd.DataFrame:
    """Return the indicators of kind ``published``: regional accounts, surveys per province, areas across the border.

    Args:
        figures: the figures; only rows of COROP areas, provinces, the Netherlands and NUTS 3 areas abroad are used.
        indicators: the catalogue.

    Returns:
        The columns of the table ``indicators``. No municipality is added up, so COROP areas and provinces are those of
        each year's own division: their series break where CBS moved a border.
    """
    tables = [_one(figures, indicator) for indicator in indicators.values() if indicator.kind == "published"]
    return pd.concat([table for table in tables if not table.empty], ignore_index=True)


def _one(figures: Figures, indicator: Indicator) -> pd.DataFrame:
    values = figures.wide[indicator.numerator].dropna().rename("value").reset_index()
    values = values[values["region"].str.match(AREA)]
    origin = figures.origin[figures.origin.index.isin(figures.base_topics(indicator.numerator), level="topic")]
    by_year = origin.groupby(level="year").agg(
        source=("source", lambda names: " + ".join(sorted({part for name in names for part in name.split(" + ")}))),
        status=("status", "max"),
    )
    rows = values.merge(by_year.reset_index(), on="year")
    return pd.DataFrame(
        {
            "region_id": rows["region"].replace({"NL01": NEDERLAND}),
            "indicator": indicator.id,
            "year": rows["year"],
            "value": rows["value"],
            "unit": indicator.unit,
            "numerator": rows["value"],
            "denominator": float("nan"),
            "coverage": 1.0,
            "status": rows["status"],
            "source": rows["source"],
        }
    )
