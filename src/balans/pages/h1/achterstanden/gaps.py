"""How far the krimp regions lie behind the Netherlands, whether that changed, and where it is most."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from balans.definitions import load_definition
from balans.indicators.catalogue import Indicator
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart, Table
from balans.pages.parts.select import cautions, name, records
from balans.pages.parts.tables import html_rows
from balans.paths import find_project
from balans.words.areas import KRIMPREGIOS, POLICY_TYPES
from balans.words.lists import listed
from balans.words.numbers import NO_VALUE, number, with_unit

PERIODS = {"until the report": "tot het rapport", "since the report": "sinds het rapport"}

SOURCE = (
    "Bron: CBS (70072ned, Kerncijfers wijken en buurten, Regionale Monitor Brede Welvaart), CBS/Kadaster (83625NED), "
    "RIVM, GGD en CBS (50150NED) en DUO, bewerking Nederland in balans. Peiljaren bij de cijfers."
)


def oldest_regions() -> list[str]:
    """Return the regions of which the report says that shrinkage is oldest there, as ``definitions/analyses.yml``."""
    analyses = load_definition(find_project().definitions / "analyses.yml")
    return list(analyses["gaps"]["oldest"])


def changes_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the disadvantage of the krimp regions per indicator: at the start and end of each period, and its change.

    A disadvantage is the gap to the Netherlands in per cent of the Dutch value, positive where the region is worse off.
    """
    rows = data.table("gap_changes")
    own = rows[rows["region_id"] == KRIMPREGIOS].sort_values(["period", "indicator"], ascending=[False, True])
    shown = [
        [
            f"{indicators[one['indicator']].title}, {PERIODS[one['period']]}",
            f"{one['first_year']}–{one['last_year']}",
            with_unit(one["own_change"], "%", 1, signed=True),
            with_unit(one["disadvantage_first"], "%", 1),
            with_unit(one["disadvantage_last"], "%", 1),
            _word(one["change"]),
        ]
        for one in records(own)
    ]
    columns = ["Indicator", "Jaren", "Eigen verandering", "Achterstand toen", "Achterstand later", "Verandering"]
    caption = "De achterstand van de krimpregio's op Nederland, in procenten van het Nederlandse cijfer"
    grown = {period: own[own["period"] == period]["change"] > 0 for period in PERIODS}
    counts = "; ".join(f"{words}: groter bij {sum(grown[p])} van {len(grown[p])}" for p, words in PERIODS.items())
    html = html_rows(columns, shown, caption) + cautions(data, (indicators[key] for key in own["indicator"].unique()))
    return Table(html, "achterstand-verandering", f"{caption}. {counts}.", SOURCE, own)


def _word(change: float) -> str:
    """A change of the disadvantage with its word and shape; percentage points."""
    if math.isnan(change):
        return NO_VALUE
    mark = "▲ groter" if change > 0 else "▼ kleiner" if change < 0 else "= gelijk"
    return f"{mark} ({number(change, 1, signed=True)})"


def regions_table(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the change of the disadvantage since the report for each of the 20 regions, in percentage points."""
    rows = data.table("gap_changes")
    since = rows[rows["period"] == "since the report"]
    wide = since.pivot(index="region_id", columns="indicator", values="change")
    policy = data.regions[data.regions["type"].isin(POLICY_TYPES)].sort_values(
        ["type", "name"], ascending=[False, True]
    )
    shown = [
        [name(data, region), kind, *(_short(wide.loc[region, key]) for key in wide.columns)]
        for region, kind in zip(policy["region_id"], policy["type"], strict=True)
    ]
    spans = {one["indicator"]: one for one in records(since[since["region_id"] == KRIMPREGIOS])}
    heads = [f"{indicators[key].title} ({spans[key]['first_year']}–{spans[key]['last_year']})" for key in wide.columns]
    columns = ["Regio", "Type", *heads]
    caption = "Verandering van de achterstand in procentpunten (▲ groter, ▼ kleiner)"
    grown = (wide.reindex(policy["region_id"]) > 0).sum()
    listed = "; ".join(f"{indicators[str(key)].title} groter in {count}" for key, count in grown.items())
    alt = f"{caption}. Van de {len(policy)} regio's: {listed}."
    return Table(html_rows(columns, shown, caption), "achterstand-per-regio", alt, SOURCE, since)


def _short(change: float) -> str:
    if math.isnan(change):
        return NO_VALUE
    seen = round(change, 1)
    return f"{'▲' if seen > 0 else '▼' if seen < 0 else '='} {number(change, 1, signed=True)}"


def widest_test(data: PageData, indicators: dict[str, Indicator]) -> Table:
    """Return the permutation test of whether gaps are widest where shrinkage is oldest, and with an indicator less."""
    test = data.table("widest_gap_test")
    test = test.sort_values("left_out", key=lambda column: column != "none", kind="stable")
    shown = [
        [
            "Alle indicatoren" if one["left_out"] == "none" else f"Zonder {indicators[one['left_out']].title}",
            number(one["indicators"]),
            number(one["statistic"], 1),
            number(one["expected"], 1),
            f"{number(100 * one['p_value'], 1)}% van {number(one['choices'])}",
        ]
        for one in records(test)
    ]
    columns = [
        *("Waarmee", "Indicatoren", "Gemiddelde rang van de drie", "Te verwachten rang"),
        "Drietallen die minstens zo hoog staan",
    ]
    whole = test[test["left_out"] == "none"].iloc[0]
    caption = (
        f"{listed([name(data, region) for region in oldest_regions()])} staan gemiddeld op rang "
        f"{number(whole['statistic'], 1)} van negen; {number(100 * whole['p_value'], 1)}% van alle drietallen staat "
        "minstens zo hoog"
    )
    html = html_rows(columns, shown, caption)
    most = number(100 * test["p_value"].max(), 1)
    return Table(
        html, "grootste-achterstand-toets", f"{caption}. Zonder een indicator hoogstens {most}%.", SOURCE, test
    )


def disadvantage_index(data: PageData) -> Chart:
    """Return the index of cumulated disadvantage per region as a dot, with the ranks that other choices give."""
    table = data.table("disadvantage_index").sort_values("score").reset_index(drop=True)
    table = table.assign(name=[name(data, region) for region in table["region_id"]])
    kinds = data.regions.set_index("region_id")["type"]
    table["type"] = table["region_id"].map(kinds)
    oldest = len(oldest_regions())
    top = table.sort_values("rank").head(oldest)
    sure = bool((top["rank_high"] <= oldest).all())
    finding = (
        f"Opgestapelde achterstand rond 2015 het grootst in {listed(list(top['name']))}"
        f"{', bij elke berekening' if sure else ''}"
    )
    figure, (axes,) = style.new_figure(6.4)
    _draw_index(axes, table)
    style.set_finding(figure, finding)
    ranks = "; ".join(
        f"{one['name']} rang {one['rank']} ({one['rank_low']}–{one['rank_high']})"
        for one in records(table.sort_values("rank"))
    )
    alt = f"Puntenfiguur van twintig regio's. {finding}. Rang en uitersten: {ranks}."
    return Chart(figure, "achterstand-index", alt, SOURCE, table)


def _draw_index(axes: Axes, table: pd.DataFrame) -> None:
    colours = table["type"].map({"krimp": style.REGION, "anticipeer": style.ANTICIPEER})
    axes.scatter(table["score"], table["name"], color=colours, s=42, zorder=3)
    for one in records(table):
        text = f"rang {one['rank']}"
        if one["rank_low"] != one["rank_high"]:
            text += f" ({one['rank_low']}–{one['rank_high']})"
        axes.annotate(
            text, (one["score"], one["name"]), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9
        )
    axes.axvline(0, color="#555555", linewidth=1)
    axes.margins(x=0.16)
    axes.set_xlabel("Gemiddelde afwijking van de twintig regio's, in standaardafwijkingen")
    style.dutch_axis(axes, "x", decimals=1)
    for kind, colour in {"Krimpregio": style.REGION, "Anticipeerregio": style.ANTICIPEER}.items():
        axes.scatter([], [], color=colour, s=42, label=kind)
    axes.legend(loc="lower right", frameon=False, fontsize=9.5)
