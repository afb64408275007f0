"""Share out an amount so that the parts add up to it, to the cent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from balans.errors import RequestError


def largest_remainder(total: int, sizes: Sequence[float]) -> list[int]:
    """Return whole parts of ``total``, in proportion to ``sizes``, that add up to ``total`` exactly.

    The method of the largest remainder (Hamilton): each gets the whole part of its quota, and what is left goes one by
    one to the largest fractions; of equal fractions the first in order comes first. Computed in fractions, so that no
    cent is lost to rounding.

    Args:
        total: what is shared out, such as an amount in cents; not negative.
        sizes: one per part; not negative, and not all zero unless ``total`` is 0.

    Raises:
        RequestError: a negative total or size, a size that is no number, or nothing to share it over.
    """
    if total < 0:
        raise RequestError(f"Het budget is negatief ({total / 100:.2f} euro). Geef een bedrag van nul of meer.")
    if any(not math.isfinite(size) or size < 0 for size in sizes):
        raise RequestError("Een verdeelsleutel kan niet negatief of onbekend zijn.")
    whole = sum((Fraction(size) for size in sizes), Fraction(0))
    if whole == 0:
        if total == 0:
            return [0] * len(sizes)
        raise RequestError("Er is niemand om het geld over te verdelen: de sleutel is overal nul.")
    quotas = [total * Fraction(size) / whole for size in sizes]
    parts = [math.floor(quota) for quota in quotas]
    by_fraction = sorted(range(len(sizes)), key=lambda place: (parts[place] - quotas[place], place))
    for place in by_fraction[: total - sum(parts)]:
        parts[place] += 1
    return parts


def cents(euros: float) -> int:
    """Return an amount in euro as whole cents, halves rounded up."""
    return math.floor(Fraction(str(euros)) * 100 + Fraction(1, 2))
