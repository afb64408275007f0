"""The report's engine of shrinkage: its nodes measured, its arrows as hypotheses."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.indicators.catalogue import Indicator

SIGNS = {"higher_is_better": 1, "lower_is_better": -1, "none": 0}


def engine_nodes(
    indicators: pd.DataFrame, catalogue: dict[str, Indicator], nodes: list[dict[str, Any]], areas: list[str]
) -> pd.DataFrame:
    """Return every node with its measure for every region, the latest year that both it and the Netherlands have.

    Returns:
        node_id, label, side, region_id, indicator, title, unit, decimals, year, value, national, gap, compared
        (``better``, ``worse``, ``different`` where no way is good, or ``equal``).
    """
    tables = [_one_node(indicators, catalogue[node["indicator"]], node, areas) for node in nodes]
    table = pd.concat(tables, ignore_index=True)
    order = {node["id"]: position for position, node in enumerate(nodes)}
    return table.sort_values(["region_id", "node_id"], key=lambda c: c.map(order) if c.name == "node_id" else c)


def _one_node(indicators: pd.DataFrame, indicator: Indicator, node: dict[str, Any], areas: list[str]) -> pd.DataFrame:
    values = indicators.loc[indicators["indicator"] == indicator.id, ["region_id", "year", "value"]]
    if node.get("per_1000"):
        values = _per_1000(values, indicators)
    national = values[values["region_id"] == "nederland"][["year", "value"]].rename(columns={"value": "national"})
    rows = values[values["region_id"].isin(areas)].merge(national, on="year").sort_values("year")
    rows = rows.groupby("region_id").tail(1)
    rows["gap"] = rows["value"] - rows["national"]
    unit = "per 1.000 inwoners" if node.get("per_1000") else indicator.unit
    sign = SIGNS[indicator.direction]
    rows["compared"] = [_word(gap, sign) for gap in rows["gap"]]
    fixed = {"node_id": node["id"], "label": node["label"], "side": node["side"], "indicator": indicator.id}
    decimals = 1 if node.get("per_1000") else indicator.decimals
    return rows.assign(**fixed, title=indicator.title, unit=unit, decimals=decimals)[
        [
            *["node_id", "label", "side", "region_id", "indicator", "title", "unit", "decimals"],
            *["year", "value", "national", "gap", "compared"],
        ]
    ]


def _per_1000(values: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    people = indicators.loc[indicators["indicator"] == "inwoners", ["region_id", "year", "value"]]
    both = values.merge(people.rename(columns={"value": "people"}), on=["region_id", "year"])
    return both.assign(value=1000 * both["value"] / both["people"])[["region_id", "year", "value"]]


def _word(gap: float, sign: int) -> str:
    if gap == 0:
        return "equal"
    if sign == 0:
        return "different"
    return "better" if gap * sign > 0 else "worse"


def engine_arrows(arrows: list[dict[str, str]]) -> pd.DataFrame:
    """Return the arrows: from_node, to_node, status (always ``hypothesis``: the report asserts them)."""
    return pd.DataFrame([{"from_node": one["from"], "to_node": one["to"], "status": "hypothesis"} for one in arrows])
