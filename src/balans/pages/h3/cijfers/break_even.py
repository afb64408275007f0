"""The break-even model: how much product must be kept for the package to pay for itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from balans.investment.breakeven import Scenario, break_even_curve, break_even_effect, net_present_value, present_cost
from balans.pages.parts import style
from balans.pages.parts.bars import text_table
from balans.pages.parts.money import MILLION, definition
from balans.pages.parts.output import Chart, Table
from balans.words.numbers import number, with_unit

LINE_COLOURS = (style.NETHERLANDS, style.ANTICIPEER, "#E69F00", style.REGION)


def scenario(cost_per_year: float, **assumptions: Any) -> Scenario:
    """Return a scenario with the model's defaults of ``investment.yml``; ``cost_per_year`` in million euro."""
    model = definition()["model"]
    defaults = {
        "years_of_cost": model["years_of_cost"],
        "discount_rate": model["discount_rate"],
        "horizon": model["horizon"],
    }
    return Scenario(cost_per_year, **{**defaults, **assumptions})


def scenarios_table(cost_per_year: float, **assumptions: Any) -> Table:
    """Return the scenarios: what each assumes, the effect at which it pays for itself, the outcome at the claim."""
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    cells, numbers = [], []
    for entry in definition()["model"]["scenarios"]:
        chosen = scenario(
            cost_per_year, **{**assumptions, **{key: entry[key] for key in ("delay", "ramp", "displacement")}}
        )
        needed = break_even_effect(chosen)
        balance = net_present_value(chosen, stated)
        cells.append([entry["title"], *_scenario_cells(chosen, needed, stated, balance), entry["note"]])
        numbers.append(
            {
                "scenario": entry["id"],
                "break_even_million_eur": needed,
                "present_cost_million_eur": present_cost(chosen),
                "net_present_value_at_claim_million_eur": balance,
            }
        )
    columns = [
        "Scenario",
        "Effect",
        "Van elders",
        "Kosten nu",
        "Omslagpunt per jaar",
        "Deel van de claim",
        "Saldo als de claim klopt",
        "Aanname",
    ]
    caption = "Drie scenario's: hoeveel product per jaar er moet blijven om de kosten goed te maken"
    return text_table(cells, columns, caption, "omslagpunt-scenarios", model_source(), pd.DataFrame(numbers))


def _scenario_cells(chosen: Scenario, needed: float, stated: float, balance: float) -> list[str]:
    """Amounts are in million euro."""
    later = f"begint na {chosen.delay} jaar, compleet {chosen.ramp} jaar later"
    return [
        later if chosen.ramp else "meteen volledig",
        with_unit(100 * chosen.displacement, "%"),
        f"€ {number(present_cost(chosen) / 1000, 1)} miljard",
        f"€ {number(needed)} miljoen",
        with_unit(100 * needed / stated, "%", 1),
        f"€ {number(balance / 1000)} miljard",
    ]


def break_even_chart(cost_per_year: float, delay: int = 5, **assumptions: Any) -> Chart:
    """Return the break-even effect against the years until the effect is complete, a line per displacement."""
    model = definition()["model"]
    base = scenario(cost_per_year, delay=delay, **assumptions)
    curve = break_even_curve(base, model["ramps"], model["displacements"])
    figure, (axes,) = style.new_figure(4.4)
    labels = []
    for colour, (share, line) in zip(LINE_COLOURS, curve.groupby("displacement"), strict=True):
        axes.plot(line["ramp"], line["break_even_effect"], color=colour, marker="o", markersize=3.5)
        labels.append(
            (
                float(line["ramp"].iloc[-1]),
                float(line["break_even_effect"].iloc[-1]),
                f"{number(100 * float(str(share)))}% van elders",
                colour,
            )
        )
    style.set_unit(axes, "Product dat per jaar moet blijven, miljoen euro")
    style.dutch_axis(axes)
    axes.set_ylim(0)
    axes.set_xlabel(f"Jaren waarin het effect tot zijn volle omvang groeit (het begint na {delay} jaar)")
    style.label_line_ends(axes, labels, 0.05 * float(curve["break_even_effect"].max()))
    least, most = curve["break_even_effect"].min(), curve["break_even_effect"].max()
    stated = definition()["returns"]["stated_return_eur"] / MILLION
    finding = (
        f"Het pakket betaalt zich terug als er per jaar € {number(least)} tot {number(most)} miljoen product blijft: "
        f"{number(100 * least / stated)} tot {number(100 * most / stated)}% van wat het rapport claimt"
    )
    style.set_finding(figure, finding)
    return Chart(
        figure,
        "omslagpunt",
        f"Lijngrafiek, een lijn per aandeel dat van elders komt. {finding}.",
        model_source(),
        curve,
    )


def model_source() -> str:
    """Return the line under the model's outputs: what is sourced and what is assumed."""
    model = definition()["model"]
    return (
        "Eigen berekening. Kosten: rapport Nederland in balans (2016). Discontovoet: Werkgroep discontovoet 2020 "
        f"(standaard {number(100 * model['discount_rate'], 2)}%). Tijdpad en verplaatsing: aanname, geen bron."
    )
