"""When would the package pay for itself? A model of one page: costs per year against product that is not lost.

Every year ``t = 0, 1, …`` counts with the factor ``1 / (1 + r)^t``. The package costs ``cost_per_year`` for as long as
it runs. Product that would otherwise be lost stays, after a delay and in equal steps until it is complete. A part of it
would have gone to another Dutch region anyway (displacement) and is no gain for the country.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from balans.errors import RequestError


@dataclass(frozen=True)
class Scenario:
    """The assumptions of one computation.

    Attributes:
        cost_per_year: million euro per year while the package runs.
        years_of_cost: how many years it runs.
        delay: years before anything of the effect is there.
        ramp: years over which the effect then grows in equal steps to its full size; 0 means at once.
        displacement: part of the effect that other Dutch regions lose, from 0 to 1.
        discount_rate: per year, as a fraction (0.0225 is 2.25%).
        horizon: years that are counted, from the start of the package.
    """

    cost_per_year: float
    years_of_cost: int
    delay: int = 0
    ramp: int = 0
    displacement: float = 0.0
    discount_rate: float = 0.0
    horizon: int = 40

    def __post_init__(self) -> None:
        """Refuse what has no meaning, and say what would have."""
        _require(math.isfinite(self.cost_per_year) and self.cost_per_year >= 0, "De kosten per jaar", "nul of meer")
        _require(0 <= self.displacement <= 1, "De verdringing", "een deel tussen 0 en 1")
        _require(self.discount_rate > -1, "De discontovoet", "een fractie groter dan -1, zoals 0.0225")
        _require(min(self.delay, self.ramp, self.years_of_cost) >= 0, "Een aantal jaren", "nul of meer")
        _require(self.horizon >= 1, "De horizon", "minstens een jaar")


def _require(right: bool, what: str, should_be: str) -> None:
    if not right:
        raise RequestError(f"{what} moet {should_be} zijn.")


def effect_path(scenario: Scenario) -> np.ndarray:
    """Return the part of the full effect that is there in each year of the horizon, from 0 to 1."""
    since_start = np.arange(scenario.horizon) - scenario.delay
    steps = np.ones(scenario.horizon) if scenario.ramp == 0 else np.clip((since_start + 1) / scenario.ramp, 0, 1)
    return np.where(since_start >= 0, steps, 0.0)


def present_cost(scenario: Scenario) -> float:
    """Return the present value of the costs within the horizon, in million euro."""
    runs = np.arange(scenario.horizon) < scenario.years_of_cost
    return float(scenario.cost_per_year * (runs * _discount(scenario)).sum())


def present_effect_years(scenario: Scenario) -> float:
    """Return how many discounted years of full effect the country gains, after displacement."""
    return float((1 - scenario.displacement) * (effect_path(scenario) * _discount(scenario)).sum())


def net_present_value(scenario: Scenario, effect_per_year: float) -> float:
    """Return product kept minus costs, in million euro of the start year.

    Args:
        scenario: the assumptions.
        effect_per_year: product that is not lost per year once the effect is complete, in million euro.
    """
    return effect_per_year * present_effect_years(scenario) - present_cost(scenario)


def break_even_effect(scenario: Scenario) -> float:
    """Return the full effect per year (million euro) at which product kept equals costs; infinite if nothing counts."""
    years = present_effect_years(scenario)
    return math.inf if years == 0 else present_cost(scenario) / years


def break_even_curve(scenario: Scenario, ramps: list[int], displacements: list[float]) -> pd.DataFrame:
    """Return ramp, displacement and break_even_effect (million euro) for every pair."""
    rows = [
        (ramp, share, break_even_effect(replace(scenario, ramp=ramp, displacement=share)))
        for share in displacements
        for ramp in ramps
    ]
    return pd.DataFrame(rows, columns=["ramp", "displacement", "break_even_effect"])


def _discount(scenario: Scenario) -> np.ndarray:
    factors: np.ndarray = (1 + scenario.discount_rate) ** -np.arange(scenario.horizon, dtype=float)
    return factors
