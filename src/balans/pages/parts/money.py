"""What pages about money share: the unit, the source line, the definitions of the package."""

from __future__ import annotations

from typing import Any

from balans.definitions import load_definition
from balans.paths import find_project

MILLION = 1e6

MONEY_SOURCE = "Bron: rapport Nederland in balans (2016) en de bronnen in de tabel; inwoners: CBS (70072ned), 2015."


def definition() -> dict[str, Any]:
    """Return ``definitions/investment.yml``."""
    return load_definition(find_project().definitions / "investment.yml")
