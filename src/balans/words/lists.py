"""Enumerations as a Dutch sentence has them."""

from __future__ import annotations

from collections.abc import Iterable


def listed(words: Iterable[object]) -> str:
    """Return words as an enumeration: ``a``; ``a en b``; ``a, b en c``; empty without words."""
    texts = [str(word) for word in words]
    return texts[-1] if len(texts) == 1 else f"{', '.join(texts[:-1])} en {texts[-1]}" if texts else ""
