"""Which regions carry several tasks at once: each task is one indicator held against the Netherlands."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.words.areas import NEDERLAND


@dataclass(frozen=True)
class Task:
    """A task and its indicator; a region carries it if it is on the wrong side of the Netherlands."""

    id: str
    title: str
    indicator: str
    higher: bool


TASKS = (
    Task("bevolkingsdaling", "Meer sterfte dan geboorte", "natuurlijke_aanwas", higher=False),
    Task("vergrijzing", "Meer 65-plussers", "aandeel_65_plus", higher=True),
    Task("leegstand", "Meer niet-bewoonde woningen", "niet_bewoond", higher=True),
    Task("gasverbruik", "Meer aardgas per woning", "aardgas_per_woning", higher=True),
    Task("dunbebouwd", "Minder adressen in de omgeving", "omgevingsadressendichtheid", higher=False),
    Task("landbouw", "Meer cultuurgrond", "aandeel_cultuurgrond", higher=True),
)


def build_tasks(indicators: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Return for each region and task whether it is there, in the latest year that all regions and the country have.

    Natural growth is counted against zero rather than against the country, because it is a number of people.

    Returns:
        region_id, task, title, indicator, year, value, netherlands, carried.
    """
    rows = indicators[indicators["region_id"].isin([*regions, NEDERLAND])]
    tables = []
    for task in TASKS:
        wide = rows[rows["indicator"] == task.indicator].pivot(index="year", columns="region_id", values="value")
        latest = wide.reindex(columns=[*regions, NEDERLAND]).dropna().iloc[-1]
        limit = 0.0 if task.indicator == "natuurlijke_aanwas" else latest[NEDERLAND]
        carried = latest[regions] > limit if task.higher else latest[regions] < limit
        tables.append(
            pd.DataFrame(
                {
                    "region_id": regions,
                    "task": task.id,
                    "title": task.title,
                    "indicator": task.indicator,
                    "year": int(str(latest.name)),
                    "value": latest[regions].to_numpy(),
                    "netherlands": limit,
                    "carried": carried.to_numpy(),
                }
            )
        )
    return pd.concat(tables, ignore_index=True).sort_values(["region_id", "task"], ignore_index=True)
