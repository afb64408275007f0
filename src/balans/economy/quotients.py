"""Location quotients: how much more of a sector a region has than the Netherlands.

``LQ = (own count / own total) / (national count / national total)``; 1 is the national share. Source of the measure:
Isserman (1977), "The location quotient approach to estimating regional economic impacts", Journal of the American
Institute of Planners 43.
"""

from __future__ import annotations

from typing import cast

import pandas as pd
from scipy.stats import chi2

from balans.words.areas import NEDERLAND

LEVEL = 0.95
TOTALS = {"banen": "banen", "vestigingen": "vestigingen"}
ROUNDED_TO = {"banen": 100, "vestigingen": 5}
SECTORS = {
    "banen": ("landbouw_nijverheid", "landbouw", "nijverheid", "commerciele_diensten", "niet_commerciele_diensten"),
    "vestigingen": (
        "landbouw",
        "nijverheid",
        "handel_horeca",
        "vervoer_informatie",
        "financieel_vastgoed",
        "zakelijke_diensten",
        "cultuur_overig",
    ),
}


def garwood(count: pd.Series, level: float = LEVEL) -> tuple[pd.Series, pd.Series]:
    """Return the exact interval of a Poisson count (Garwood 1936, Biometrika 28), as lower and upper."""
    tail = (1 - level) / 2
    lower = pd.Series(chi2.ppf(tail, 2 * count), index=count.index).fillna(0) / 2
    upper = pd.Series(chi2.ppf(1 - tail, 2 * count + 2), index=count.index) / 2
    return lower, upper


def location_quotients(indicators: pd.DataFrame, membership: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Return the location quotient of every sector in every region and year that has the figures.

    Args:
        indicators: the table ``indicators``.
        membership: the table ``membership``; the number of municipalities decides how far rounding can add up.
        regions: region_ids.

    Returns:
        region_id, measure (banen or vestigingen), sector, year, count, share, share_netherlands (both %), value, lower,
        upper. The interval has two parts: chance, as if each establishment or job came about by itself (Garwood), and
        the rounding of the source, as if all municipalities were rounded the same way. Jobs come in firms, so for jobs
        the real uncertainty is larger.
    """
    wide = indicators[indicators["region_id"].isin([*regions, NEDERLAND])]
    wide = wide.pivot(index=["region_id", "year"], columns="indicator", values="value")
    members = membership.groupby(["region_id", "year"])["gm_code"].nunique()
    tables = [_one_sector(wide, members, measure, sector) for measure, sectors in SECTORS.items() for sector in sectors]
    table = pd.concat(tables, ignore_index=True)
    table = table[table["region_id"] != NEDERLAND]
    return table.sort_values(["region_id", "measure", "year", "sector"], ignore_index=True)


def _one_sector(wide: pd.DataFrame, members: pd.Series, measure: str, sector: str) -> pd.DataFrame:
    rows = wide[[f"{measure}_{sector}", TOTALS[measure]]].dropna().set_axis(["count", "total"], axis=1).reset_index()
    country = rows[rows["region_id"] == NEDERLAND].set_index("year")
    national = rows["year"].map(country["count"] / country["total"])
    sizes = pd.MultiIndex.from_frame(rows[["region_id", "year"]])
    rounding = ROUNDED_TO[measure] / 2 * pd.Series(members.reindex(sizes).to_numpy(), index=rows.index).fillna(0)
    lower, upper = garwood((rows["count"] - rounding).clip(lower=0))[0], garwood(rows["count"] + rounding)[1]
    return rows.assign(
        measure=measure,
        sector=sector,
        share=100 * rows["count"] / rows["total"],
        share_netherlands=100 * national,
        value=rows["count"] / rows["total"] / national,
        lower=lower / rows["total"] / national,
        upper=upper / rows["total"] / national,
    )[["region_id", "measure", "sector", "year", "count", "share", "share_netherlands", "value", "lower", "upper"]]


def shift_share(indicators: pd.DataFrame, regions: list[str], first: int, last: int) -> pd.DataFrame:
    """Split the change of establishments in each region into what the country, the mix and the region itself explain.

    The classic identity of Dunn (1960), "A statistical and analytical technique for regional analysis": change =
    Σ count · (national growth) + Σ count · (sector's growth − national growth) + Σ count · (own − sector's growth).

    Returns:
        region_id, first_year, last_year, count (in the first year), change, national, mix, regional (all
        establishments); the last three add up to the change.
    """
    names = [f"vestigingen_{sector}" for sector in SECTORS["vestigingen"]]
    rows = indicators[indicators["indicator"].isin(names) & indicators["region_id"].isin([*regions, NEDERLAND])]
    wide = rows.pivot(index="region_id", columns=["year", "indicator"], values="value")
    then, now = (cast(pd.DataFrame, wide[year])[names] for year in (first, last))
    country_then, country_now = then.loc[NEDERLAND], now.loc[NEDERLAND]
    growth = country_now / country_then - 1
    overall = country_now.sum() / country_then.sum() - 1
    own, later = then.reindex(regions), now.reindex(regions)
    table = pd.DataFrame(
        {
            "first_year": first,
            "last_year": last,
            "count": own.sum(axis=1),
            "change": later.sum(axis=1) - own.sum(axis=1),
            "national": own.sum(axis=1) * overall,
            "mix": (own * (growth - overall)).sum(axis=1),
            "regional": (later - own * (1 + growth)).sum(axis=1),
        }
    )
    return table.rename_axis("region_id").reset_index()
