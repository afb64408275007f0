"""Figures of the regiocheck: what a budget or a norm does, as sentences, bars, a map and tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from balans.charts import style
from balans.charts.bars import draw_bars, kind_legend, text_table
from balans.charts.maps import SIMPLIFY_METRES
from balans.charts.numbers import NO_VALUE, number, with_unit
from balans.charts.output import Chart, Prose, Table
from balans.charts.select import records, source_line
from balans.errors import RequestError
from balans.indicators.catalogue import load_indicators
from balans.paths import find_project
from balans.publish.scope import PageData
from balans.regiocheck import words
from balans.regiocheck.money import TYPE_NAMES, MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.norm import NormResult
from balans.regiocheck.request import Check, load_policies, parse_check, read_check
from balans.regiocheck.run import run_check

Result = MoneyResult | NormResult
# Classes of the amount per inhabitant as a percentage of the country's; the last has no upper bound.
CLASSES = (
    (0.0, "niets", "#8C510A"),
    (75.0, "minder dan driekwart", "#D8B365"),
    (95.0, "tot 5% minder", "#F6E8C3"),
    (105.0, "ongeveer gelijk", "#F5F5F5"),
    (125.0, "tot een kwart meer", "#9ECAE1"),
    (float("inf"), "meer dan een kwart meer", "#2171B5"),
)
LEAST_WHOLE = 5  # euro; below it an axis of whole euros would repeat itself
NORM_WORDS = {True: "haalt de norm niet", False: "haalt de norm"}
NORM_COLOURS = {True: style.REGION, False: "#D9E6EE"}


def find_check(policy: str, request: Mapping[str, Any] | str | None = None) -> Check:
    """Return the check that a notebook asks: a request (a dictionary, or the path of a YAML file), else an example.

    Raises:
        RequestError: no such example, or a request that has no answer.
    """
    if isinstance(request, str) and request:
        return read_check(Path(request))
    if request:
        return parse_check(request)
    policies = load_policies(find_project())
    if policy not in policies:
        raise RequestError(f"Er is geen voorbeeld '{policy}'. Mogelijk zijn: {', '.join(policies)}.")
    return policies[policy]


def run(data: PageData, check: Check) -> Result:
    """Return what a check finds in the figures of a page."""
    return run_check(find_project(), check, data.indicators, data.membership, data.regions)


def summary(result: Result) -> Prose:
    """Return the check and what it found, in sentences."""
    project = find_project()
    check = result.check
    found = words.money_sentences(result) if isinstance(result, MoneyResult) else words.norm_sentences(result)
    rule = words.rule(check, load_keys(project), load_indicators(project))
    listed = "\n".join(f"- {sentence}" for sentence in found)
    parts = [f"**{check.name}**", rule, check.note, listed, _linked(words.source_sentence(check))]
    return Prose("\n\n".join(part for part in parts if part))


def _linked(text: str) -> str:
    """Make addresses links, as Markdown does not by itself."""
    pieces = [
        f"<{piece.rstrip('.;,')}>{piece[len(piece.rstrip('.;,')) :]}" if piece.startswith("https://") else piece
        for piece in text.split(" ")
    ]
    return " ".join(pieces)


def figure(data: PageData, result: Result) -> Chart:
    """Return the bars of a check: euro per inhabitant per region, or the part of the people that a norm touches."""
    return _money_bars(data, result) if isinstance(result, MoneyResult) else _norm_bars(data, result)


def _money_bars(data: PageData, result: MoneyResult) -> Chart:
    rows = result.regions
    drawn, (axes,) = style.new_figure(6.4)
    draw_bars(
        axes,
        rows["name"],
        rows["per_inhabitant_eur"],
        rows["type"],
        [f"€ {number(v, 2)}" for v in rows["per_inhabitant_eur"]],
    )
    totals = result.types.set_index("type")
    krimp, country = (float(totals["per_inhabitant_eur"][kind]) for kind in ("krimp", "nederland"))
    axes.axvline(country, color=style.NETHERLANDS, linewidth=1.5)
    style.dutch_axis(axes, "x", decimals=0 if rows["per_inhabitant_eur"].max() >= LEAST_WHOLE else 2)
    axes.set_xlabel(f"Euro per inwoner; de lijn is Nederland (€ {number(country, 2)})")
    kind_legend(axes, ["krimp", "anticipeer", "overig"])
    finding = (
        f"Krimpregio's krijgen {number(100 * krimp / country)}% van het landelijke bedrag per inwoner: € "
        f"{number(krimp, 2)} tegen € {number(country, 2)}"
    )
    style.set_finding(drawn, finding)
    listed = "; ".join(f"{row['name']} € {number(row['per_inhabitant_eur'], 2)}" for row in records(rows))
    return Chart(
        drawn, "regiocheck-per-regio", f"Staafdiagram. {finding}. {listed}.", _source(data, result.check), rows
    )


def _norm_bars(data: PageData, result: NormResult) -> Chart:
    rows = result.types.sort_values("share_inhabitants", ignore_index=True)
    drawn, (axes,) = style.new_figure(2.9)
    draw_bars(
        axes,
        rows["name"],
        rows["share_inhabitants"],
        rows["region_type"],
        [with_unit(v, "%", 1) for v in rows["share_inhabitants"]],
    )
    style.dutch_axis(axes, "x", suffix="%")
    axes.set_xlabel("Inwoners van gemeenten die de norm niet halen")
    shares = rows.set_index("region_type")["share_inhabitants"]
    finding = (
        f"De norm raakt {number(shares.get('krimp', 0), 1)}% van de inwoners van krimpregio's en "
        f"{number(shares['nederland'], 1)}% van heel Nederland"
    )
    style.set_finding(drawn, finding)
    listed = "; ".join(f"{row['name']} {with_unit(row['share_inhabitants'], '%', 1)}" for row in records(rows))
    return Chart(
        drawn, "regiocheck-per-soort", f"Staafdiagram. {finding}. {listed}.", _source(data, result.check), rows
    )


def result_map(data: PageData, result: Result) -> Chart:
    """Return a map of the municipalities: how much per inhabitant against the country, or whom the norm touches."""
    shapes = _shapes(result.check.year)
    groups, colours = _money_groups(result) if isinstance(result, MoneyResult) else _norm_groups(result)
    shapes["group"] = shapes["gm_code"].map(groups)
    drawn, (axes,) = style.new_figure(6.4)
    for label, colour in colours.items():
        part = shapes[shapes["group"] == label]
        if not part.empty:
            part.plot(ax=axes, color=colour, edgecolor="#BBBBBB", linewidth=0.2, aspect="equal")
        axes.scatter(
            [], [], marker="s", s=90, color=colour, edgecolor="#888888", linewidth=0.5, label=f"{label} ({len(part)})"
        )
    krimp = set(result.municipalities.loc[result.municipalities["region_type"] == "krimp", "gm_code"])
    outline = gpd.GeoSeries([shapes[shapes["gm_code"].isin(krimp)].union_all()], crs=shapes.crs)
    outline.boundary.plot(ax=axes, color="black", linewidth=1.1, aspect="equal")
    axes.set_axis_off()
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(-0.12, 1.0),
        frameon=False,
        fontsize=9,
        title="Gemeenten" if isinstance(result, NormResult) else "Per inwoner, tegenover Nederland",
        alignment="left",
    )
    counts = shapes["group"].value_counts()
    finding = _map_finding(result, counts, len(shapes))
    style.set_finding(drawn, finding)
    listed = "; ".join(f"{label}: {counts.get(label, 0)}" for label in colours)
    table = shapes[["gm_code", "name", "group"]]
    source = f"{_source(data, result.check)} Gemeentegrenzen {result.check.year}: CBS/Kadaster, gegeneraliseerd."
    return Chart(
        drawn,
        "regiocheck-kaart",
        f"Kaart van Nederland per gemeente. {finding}. {listed}.",
        source,
        pd.DataFrame(table),
    )


def _map_finding(result: Result, counts: pd.Series, total: int) -> str:
    if isinstance(result, NormResult):
        return (
            f"{counts.get(NORM_WORDS[True], 0)} van de {total} gemeenten halen de norm niet (krimpregio's "
            "zwart omlijnd)"
        )
    labels = [label for _, label, _ in CLASSES]
    nothing, more = counts.get(labels[0], 0), sum(counts.get(label, 0) for label in labels[-2:])
    return (
        f"Van de {total} gemeenten krijgen er {nothing} niets en {more} duidelijk meer dan gemiddeld "
        "(krimpregio's zwart omlijnd)"
    )


def _shapes(year: int) -> gpd.GeoDataFrame:
    path = find_project().processed / "boundaries.parquet"
    shapes = gpd.read_parquet(path, filters=[("year", "==", year)])
    if shapes.empty:
        raise RequestError(f"Van {year} is er geen kaart met gemeentegrenzen; kies een peiljaar vanaf 2014.")
    shapes["geometry"] = shapes.geometry.simplify_coverage(SIMPLIFY_METRES)
    return shapes


def _money_groups(result: MoneyResult) -> tuple[dict[str, str], dict[str, str]]:
    country = float(result.types.set_index("type")["per_inhabitant_eur"]["nederland"])
    sums = result.municipalities.groupby("gm_code")[["cents", "inhabitants"]].sum()
    relative = sums["cents"] / sums["inhabitants"] / country if country else sums["cents"] * 0.0
    groups = {
        str(code): next(label for bound, label, _ in CLASSES if value <= bound) for code, value in relative.items()
    }
    return groups, {label: colour for _, label, colour in CLASSES}


def _norm_groups(result: NormResult) -> tuple[dict[str, str], dict[str, str]]:
    touched = result.municipalities.groupby("gm_code")["touched"].any()
    groups = {str(code): NORM_WORDS[bool(value)] for code, value in touched.items()}
    return groups, {NORM_WORDS[value]: colour for value, colour in NORM_COLOURS.items()}


def table(data: PageData, result: Result) -> Table:
    """Return what each region gets, or which part of it a norm touches."""
    return _money_table(data, result) if isinstance(result, MoneyResult) else _norm_table(data, result)


def _money_table(data: PageData, result: MoneyResult) -> Table:
    everything = pd.concat([result.regions, result.types[result.types["type"] != "overig"]], ignore_index=True)
    cells = [
        [
            row["name"],
            words.euros(row["amount_eur"]),
            f"€ {number(row['per_inhabitant_eur'], 2)}",
            with_unit(row["share_money"], "%", 1),
            with_unit(row["share_inhabitants"], "%", 1),
            words.euros(row["difference_eur"], signed=True),
            number(row["index"]),
            f"{number(row['taking_part'])} van {number(row['municipalities'])}",
            f"€ {number(row['own_eur_per_inhabitant'], 2)}" if result.check.cofinancing else NO_VALUE,
        ]
        for row in records(everything)
    ]
    columns = [
        "Regio",
        "Bedrag",
        "Per inwoner",
        "Deel van het geld",
        "Deel van de inwoners",
        "Tegenover aandeel",
        "Nederland = 100",
        "Gemeenten die meedoen",
        "Eigen bijdrage per inwoner",
    ]
    return text_table(
        cells, columns, "Wat elke regio krijgt", "regiocheck-tabel", _source(data, result.check), everything
    )


def _norm_table(data: PageData, result: NormResult) -> Table:
    rows = pd.concat(
        [result.types, result.regions.sort_values("share_inhabitants", ascending=False)], ignore_index=True
    )
    cells = [
        [
            row["name"],
            f"{number(row['touched'])} van {number(row['municipalities'])}",
            number(row["inhabitants_touched"]),
            with_unit(row["share_inhabitants"], "%", 1),
        ]
        for row in records(rows)
    ]
    columns = ["Gebied", "Gemeenten onder de norm", "Inwoners daarvan", "Deel van de inwoners"]
    return text_table(cells, columns, "Wie de norm raakt", "regiocheck-tabel", _source(data, result.check), rows)


def _source(data: PageData, check: Check) -> str:
    keys = load_keys(find_project())
    used = {indicator for key in check.key for indicator in keys[key].indicators} | {"inwoners"}
    used |= {condition.indicator for condition in (*check.thresholds, *((check.norm,) if check.norm else ()))}
    return source_line(data, used, ["nederland", "krimpregios"], [check.year])


def examples(data: PageData) -> Table:
    """Return every example policy with money: krimp regions and the rest per inhabitant, against the country."""
    rows = []
    for policy, check in load_policies(find_project()).items():
        if check.norm is None:
            result = run(data, check)
            totals = result.types.set_index("type")["per_inhabitant_eur"]
            rows.append(
                {
                    "policy": policy,
                    "name": check.name,
                    "budget": check.budget,
                    **totals.to_dict(),
                    "source": "; ".join(check.sources) or "geen bron",
                }
            )
    frame = pd.DataFrame(rows)
    cells = [
        [
            row["name"],
            words.euros(row["budget"]),
            *(f"€ {number(row[kind], 2)}" for kind in (*TYPE_NAMES, "nederland")),
            number(100 * row["krimp"] / row["nederland"]),
            row["source"],
        ]
        for row in records(frame)
    ]
    columns = ["Beleid", "Bedrag", *TYPE_NAMES.values(), "Nederland", "Krimp (Nederland = 100)", "Bron"]
    source = (
        "Bron: CBS (70072ned, 37259ned, Kerncijfers wijken en buurten) en de bronnen in de tabel; bewerking "
        "Nederland in balans."
    )
    return text_table(
        cells, columns, "Voorbeelden: euro per inwoner naar soort regio", "regiocheck-voorbeelden", source, frame
    )


def norm_examples(data: PageData) -> Table:
    """Return every example norm: which part of the inhabitants lives in a municipality that does not meet it."""
    rows = []
    for policy, check in load_policies(find_project()).items():
        if check.norm is not None:
            result = run(data, check)
            rows.append(
                {
                    "policy": policy,
                    "name": check.name,
                    "note": check.note,
                    "year": check.year,
                    **result.types.set_index("region_type")["share_inhabitants"].to_dict(),
                }
            )
    frame = pd.DataFrame(rows)
    cells = [
        [
            row["name"].removeprefix("Norm: "),
            str(row["year"]),
            *(with_unit(row[kind], "%", 1) for kind in (*TYPE_NAMES, "nederland")),
            row["note"],
        ]
        for row in records(frame)
    ]
    columns = ["Norm", "Peiljaar", *TYPE_NAMES.values(), "Nederland", "Toelichting"]
    source = "Bron: CBS (70072ned, Kerncijfers wijken en buurten), bewerking Nederland in balans."
    return text_table(
        cells,
        columns,
        "Voorbeelden: deel van de inwoners in een gemeente die de norm niet haalt",
        "norm-voorbeelden",
        source,
        frame,
    )
