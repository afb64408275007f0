"""The allocation keys (maatstaven) of the gemeentefonds: what each region has of them, and what a change would do.

The fund pays ``payment factor × Σ units × euro per unit − own property tax``. The factor (uitkeringsfactor, about 1.4)
is not at hand, so no amount here is a payment. Two things do not need it: a region's share of a key, and where an
amount goes that is moved to a key while the total stays. The factor then falls for all keys alike, so the region gains
its share of the key and pays its share of everything: ``amount × (share of key − share of basis)``.
"""

from __future__ import annotations

import math
import re

import pandas as pd

from balans.paths import Project
from balans.regiocheck.municipalities import Key, load_keys
from balans.regiocheck.request import Check, parse_check
from balans.sources.manifest import stored_file
from balans.sources.stored import read_stored
from balans.words.areas import NEDERLAND, POLICY_TYPES, TOTALS

SOURCE = "gemeentefonds-2024"
YEAR = 2024
PREFIX = "gf_"
# The same key under two names: the fixed amount of every municipality.
OTHER_NAMES = {"vast nieuw": "vast"}
# What municipalities could raise themselves: taken off after the payment factor, so not part of the basis.
OWN_TAX = ("gf_woznwe70", "gf_woznwg70", "gf_wozwe80")
PEOPLE = "gf_inwo"
MOVED = 100_000_000
CHECK_PREFIX = "gemeentefonds-"
NOTE = (
    "De verdeling is die van één maatstaf van het gemeentefonds. Het fonds zelf betaalt alle maatstaven samen, maal "
    "een "
    "uitkeringsfactor die hier niet bekend is en min wat een gemeente zelf aan ozb kan heffen; het bedrag is een "
    "rekenvoorbeeld, het aandeel van elke regio niet."
)


def indicator_of(measure: str) -> str:
    """Return our name for a key of the fund: ``inw75+dr`` becomes ``gf_inw75_dr``."""
    return PREFIX + re.sub(r"[^a-z0-9]+", "_", measure.lower()).strip("_")


def fund_units(project: Project) -> pd.DataFrame:
    """Return ``region_id, indicator, year, value``: units of every key per municipality, as the fund counts them."""
    stored = read_stored(project.raw, SOURCE)
    units = stored[~stored["table"].str.contains("separate payments")]
    return pd.DataFrame(
        {
            "region_id": units["region"],
            "indicator": units["measure"].replace(OTHER_NAMES).map(indicator_of),
            "year": units["year"].astype("int64"),
            "value": units["value"],
        }
    ).sort_values(["region_id", "indicator"], ignore_index=True)


def fund_weights(project: Project) -> pd.Series:
    """Return indicator → euro per unit, all clusters together."""
    table = pd.read_csv(stored_file(project.raw, SOURCE, "weights_2024.csv"))
    table = table[table["Codering maatstaf"].notna()]
    return table.set_index(table["Codering maatstaf"].map(indicator_of))["Totaal"].astype(float)


def fund_keys(project: Project, membership: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``gemeentefonds_keys``: what each region has of each key.

    Args:
        project: where the units and weights are.
        membership: the table ``membership``; a split municipality counts by its inhabitants.
        regions: the table ``regions``.

    Returns:
        key, title, region_id, year, share (% of the country's units), share_inhabitants (%), index (100: as its
        inhabitants), euro_per_unit, share_of_basis (the key's part of all units × euros, %; empty for own tax),
        basis_share (the region's part of all units × euros, %), shift_eur: what the region gains when 100 million
        euro moves to the key and the total stays, and shift_per_inhabitant_eur.
    """
    kinds = regions.set_index("region_id")["type"]
    wanted = [*kinds.index[kinds.isin(POLICY_TYPES)], *TOTALS]
    members = membership[(membership["year"] == YEAR) & membership["region_id"].isin(wanted)]
    units = fund_units(project).pivot(index="region_id", columns="indicator", values="value")
    parts = members.pivot(index="region_id", columns="gm_code", values="weight")
    parts = parts.reindex(columns=units.index).fillna(0.0)
    amounts = pd.DataFrame(parts.to_numpy() @ units.to_numpy(), index=parts.index, columns=units.columns)
    titles = {key.indicators[0]: key.title for key in load_keys(project).values()}
    rows = [_one_key(str(key), amounts, fund_weights(project)) for key in units.columns]
    table = pd.concat(rows, ignore_index=True).assign(year=YEAR)
    return table.assign(title=table["key"].map(titles)).sort_values(["key", "region_id"], ignore_index=True).round(8)


def _one_key(key: str, amounts: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    euro_per_unit = weights.reindex(amounts.columns)
    basis = (amounts * euro_per_unit).drop(columns=list(OWN_TAX)).sum(axis=1)
    share, people, basis_share = (_of_country(column) for column in (amounts[key], amounts[PEOPLE], basis))
    money = amounts[key] * float(weights[key])
    # Own tax is no key that money can be moved to.
    moved = MOVED if key not in OWN_TAX else math.nan
    shift = moved * (share - basis_share)
    return pd.DataFrame(
        {
            "key": key,
            "share": 100 * share,
            "share_inhabitants": 100 * people,
            "index": 100 * share / people,
            "euro_per_unit": float(weights[key]),
            "share_of_basis": float(100 * (money / basis)[NEDERLAND]) if key not in OWN_TAX else math.nan,
            "basis_share": 100 * basis_share,
            "shift_eur": shift,
            "shift_per_inhabitant_eur": shift / amounts[PEOPLE],
        }
    ).reset_index()


def _of_country(column: pd.Series) -> pd.Series:
    return column / float(column[NEDERLAND])


def is_of_fund(check: Check) -> bool:
    """Whether a check shares out by a key of the fund, so that it needs the units."""
    return any(name.startswith(PREFIX) for name in check.key)


def fund_checks(project: Project) -> dict[str, Check]:
    """Return a ready check for every key of the fund: ``gemeentefonds-kernen`` and so on."""
    return {_check_name(key): _check(key) for key in load_keys(project).values() if key.id.startswith(PREFIX)}


def _check_name(key: Key) -> str:
    return CHECK_PREFIX + key.id.removeprefix(PREFIX).replace("_", "-")


def _check(key: Key) -> Check:
    return parse_check(
        {
            "naam": f"{key.title}: 100 miljoen euro",
            "toelichting": NOTE,
            "bron": ["Ministerie van BZK, septembercirculaire 2024 (eenheden per gemeente); het bedrag: geen bron"],
            "peiljaar": YEAR,
            "budget": MOVED,
            "sleutel": key.id,
        }
    )
