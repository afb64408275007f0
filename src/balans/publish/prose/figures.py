"""Look up the figures that prose asks for, and write them in Dutch.

What a role ``{cijfer}`` understands, with examples::

    krimpregios inwoners 2015                 1.352.426
    krimpregios inwoners laatste              the latest year that there is
    krimpregios/nederland inwoners 2015       8,0%      (one area as a share of another)
    krimpregios inwoners 2015..2026           +5.573    (change)
    krimpregios inwoners 2015..2026 procent   +0,4%     (change in per cent)

A last word ``decimalen=N`` overrides how many decimals are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from balans.errors import UnknownKeyError
from balans.indicators.catalogue import Indicator
from balans.words.numbers import number, with_unit

LATEST = "laatste"


@dataclass(frozen=True)
class FigureTable:
    """The indicators by (region_id, indicator, year), and what each indicator is."""

    values: pd.Series
    indicators: dict[str, Indicator]

    def value(self, region: str, indicator: str, year: str) -> float:
        """Return one figure.

        Raises:
            UnknownKeyError: no such region, indicator or year; the message names what there is.
        """
        years = self.years(region, indicator)
        chosen = years[-1] if year == LATEST else _year(year)
        if chosen not in years:
            raise UnknownKeyError(f"{region} has no {indicator} in {year}. It has: {', '.join(map(str, years))}.")
        return float(self.values[(region, indicator, chosen)])

    def years(self, region: str, indicator: str) -> list[int]:
        """Return the years that an indicator has in a region, oldest first."""
        if indicator not in self.indicators:
            raise UnknownKeyError(f"There is no indicator {indicator}. There are: {', '.join(self.indicators)}.")
        try:
            found = self.values.loc[(region, indicator)]
        except KeyError:
            raise UnknownKeyError(f"There is no {indicator} for the region {region}.") from None
        return sorted(found.index)

    def text(self, question: str) -> str:
        """Return the figure that ``question`` asks for, as Dutch text; see the module for the questions."""
        words = question.split()
        decimals = None
        if words and words[-1].startswith("decimalen="):
            decimals = int(words.pop().removeprefix("decimalen="))
        if len(words) not in (3, 4) or (len(words) == 4 and words[3] != "procent"):
            raise UnknownKeyError(f"'{question}' is not a question for a figure. Write: region indicator year.")
        region, indicator, year = words[:3]
        if "/" in region:
            return self._share(region, indicator, year, decimals)
        if ".." in year:
            return self._change(region, indicator, year, decimals, in_percent=len(words) == 4)
        value = self.value(region, indicator, year)
        known = self.indicators[indicator]
        return with_unit(value, known.unit, known.decimals if decimals is None else decimals)

    def year_text(self, question: str) -> str:
        """Return the latest year of ``region indicator``."""
        words = question.split()
        if len(words) != 2:
            raise UnknownKeyError(f"'{question}' is not a question for a year. Write: region indicator.")
        return str(self.years(*words)[-1])

    def _share(self, regions: str, indicator: str, year: str, decimals: int | None) -> str:
        part, whole = regions.split("/", 1)
        share = 100 * self.value(part, indicator, year) / self.value(whole, indicator, year)
        return with_unit(share, "%", 1 if decimals is None else decimals)

    def _change(self, region: str, indicator: str, span: str, decimals: int | None, *, in_percent: bool) -> str:
        first, last = span.split("..", 1)
        before, after = self.value(region, indicator, first), self.value(region, indicator, last)
        if in_percent:
            return with_unit(100 * (after / before - 1), "%", 1 if decimals is None else decimals, signed=True)
        known = self.indicators[indicator]
        shown = known.decimals if decimals is None else decimals
        return number(after - before, shown, signed=True)


def _year(text: str) -> int:
    if not text.isdigit():
        raise UnknownKeyError(f"'{text}' is not a year. Write a year such as 2015, or {LATEST}.")
    return int(text)
