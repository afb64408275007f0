"""The regiocheck on its page: the check, its summary and its bars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from balans.errors import RequestError
from balans.indicators.catalogue import load_indicators
from balans.pages.data import PageData
from balans.pages.h4.regiocheck.tables import Result, _source
from balans.pages.parts import style
from balans.pages.parts.bars import draw_bars, kind_legend
from balans.pages.parts.output import Chart, Prose
from balans.pages.parts.select import records
from balans.paths import find_project
from balans.regiocheck import words
from balans.regiocheck.fund import fund_checks, is_of_fund
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys
from balans.regiocheck.norm import NormResult
from balans.regiocheck.request import Check, load_policies, parse_check, read_check
from balans.regiocheck.run import run_check
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit

LEAST_WHOLE = 5  # euro; below it an axis of whole euros would repeat itself


def find_check(policy: str, request: Mapping[str, Any] | str | None = None) -> Check:
    """Return the check that a notebook asks: a request (a dictionary, or the path of a YAML file), else an example.

    Raises:
        RequestError: no such example, or a request that has no answer.
    """
    if isinstance(request, str) and request:
        return read_check(Path(request))
    if request:
        return parse_check(request)
    policies = load_policies(find_project()) | fund_checks(find_project())
    if policy not in policies:
        raise RequestError(f"Er is geen voorbeeld '{policy}'. Mogelijk zijn: {', '.join(policies)}.")
    return policies[policy]


def run(data: PageData, check: Check) -> Result:
    """Return what a check finds in the figures of a page."""
    indicators = data.indicators
    if is_of_fund(check):
        indicators = pd.concat([indicators, data.table("gemeentefonds_units")], ignore_index=True)
    return run_check(find_project(), check, indicators, data.membership, data.regions)


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
    krimp, country = (float(totals["per_inhabitant_eur"][kind]) for kind in ("krimp", NEDERLAND))
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
        f"{number(shares[NEDERLAND], 1)}% van heel Nederland"
    )
    style.set_finding(drawn, finding)
    listed = "; ".join(f"{row['name']} {with_unit(row['share_inhabitants'], '%', 1)}" for row in records(rows))
    return Chart(
        drawn, "regiocheck-per-soort", f"Staafdiagram. {finding}. {listed}.", _source(data, result.check), rows
    )
