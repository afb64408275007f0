"""``$filter`` of OData, as far as CBS is asked with it: and, or, comparisons, startswith, substringof."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

import pandas as pd

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")
COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
Rows = pd.DataFrame


def matching(rows: Rows, text: str) -> Rows:
    """Return the rows for which the filter holds; codes are compared with their padding, as CBS does."""
    tokens = TOKEN.findall(text)
    mask, rest = _either(tokens, rows)
    if rest:
        raise ValueError(f"cannot read the filter at: {' '.join(rest)}")
    return rows[mask]


def _either(tokens: list[str], rows: Rows) -> tuple[pd.Series, list[str]]:
    left, rest = _both(tokens, rows)
    while rest and rest[0] == "or":
        right, rest = _both(rest[1:], rows)
        left = left | right
    return left, rest


def _both(tokens: list[str], rows: Rows) -> tuple[pd.Series, list[str]]:
    left, rest = _one(tokens, rows)
    while rest and rest[0] == "and":
        right, rest = _one(rest[1:], rows)
        left = left & right
    return left, rest


def _one(tokens: list[str], rows: Rows) -> tuple[pd.Series, list[str]]:
    if tokens[0] == "(":
        mask, rest = _either(tokens[1:], rows)
        return mask, rest[1:]
    if tokens[0] == "startswith":
        return rows[tokens[2]].str.startswith(_text(tokens[4])), tokens[6:]
    if tokens[0] == "substringof":
        return rows[tokens[4]].str.contains(_text(tokens[2]), regex=False), tokens[6:]
    compare: Callable[..., pd.Series] = COMPARE[tokens[1]]
    return compare(rows[tokens[0]], _text(tokens[2])), tokens[3:]


def _text(token: str) -> str:
    return token[1:-1].replace("''", "'")
