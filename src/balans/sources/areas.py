"""Area codes of the sources: those of CBS, and NUTS codes translated to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from balans.paths import Project

CBS_CODE = r"(?:GM\d{4}|CR\d{2}|PV\d{2}|NL01)$"
FOREIGN_NUTS3 = r"(?:BE|DE)[0-9A-Z]{3}$"


@dataclass(frozen=True)
class AreaCodes:
    """Which COROP area is which NUTS 3 area; NUTS code → CBS code, with ``NL`` → ``NL01``."""

    from_nuts: Mapping[str, str]

    def translate(self, codes: pd.Series, kind: str) -> pd.Series:
        """Return our code per stored code, missing where the area is of no use here.

        Args:
            codes: codes as stored; CBS pads them with spaces.
            kind: ``cbs``, or ``nuts`` (edition 2021): COROP areas and the Netherlands get their CBS code, NUTS 3 areas
                of Belgium and Germany keep theirs.
        """
        codes = codes.str.strip()
        if kind == "cbs":
            return codes.where(codes.str.match(CBS_CODE))
        return codes.map(dict(self.from_nuts)).fillna(codes.where(codes.str.match(FOREIGN_NUTS3)))


def load_area_codes(project: Project) -> AreaCodes:
    """Return the codes of ``definitions/geography/corop_nuts3.csv`` (40 COROP areas, NUTS 2021)."""
    stored = pd.read_csv(project.definitions / "geography" / "corop_nuts3.csv", dtype=str)
    return AreaCodes({**dict(zip(stored["nuts3_2021"], stored["corop"], strict=True)), "NL": "NL01"})
