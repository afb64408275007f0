"""Numbers as Dutch readers expect them: 1.352.426; 8,0%; € 163.200; −2.900."""

from __future__ import annotations

import math

from babel.numbers import format_decimal

LOCALE = "nl_NL"

MINUS = "\N{MINUS SIGN}"

NO_VALUE = "–"


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Return ``value`` in Dutch notation, halves rounded away from zero; an en dash if there is none.

    Args:
        value: the number, or None or NaN.
        decimals: how many decimals to show, always all of them.
        signed: whether a positive number gets a plus sign.
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = math.floor(abs(value) * 10**decimals + 0.5 + 1e-9) / 10**decimals
    text = str(format_decimal(rounded, format=pattern, locale=LOCALE))
    if rounded == 0:
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def with_unit(value: float | None, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Return ``value`` with the unit where a Dutch text has it: € before, % against, other units left to the text."""
    text = number(value, decimals, signed=signed)
    if text == NO_VALUE:
        return text
    if unit == "euro":
        return f"€\N{NO-BREAK SPACE}{text}"
    if unit == "%":
        return f"{text}%"
    return text
