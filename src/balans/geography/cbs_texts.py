"""Read CBS's own words about a reorganisation, as they stand in the description of every regiocode.

The descriptions are part of the code list of each StatLine table (``RegioSCodes`` in the OData of 03759ned). They
say what a municipality received or handed over, with hectares of land, dwellings and inhabitants::

    Opgeheven per 01-01-2019, overgegaan naar:
    - Het Hogeland (GM1966),
    ... 17068 hectare met 5204 woningen en 9988 inwoners
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

COLUMNS = [
    "date",
    "kind",
    "direction",
    "listed_under",
    "from_code",
    "from_name",
    "to_code",
    "to_name",
    "hectares",
    "dwellings",
    "inhabitants",
]
_HEADING = re.compile(
    r"^(?P<kind>[A-Z][a-z]+(?: [a-z]+)?) per (?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d{4}),?\s*(?P<verb>\w+)"
)
_PARTNER = re.compile(r"^- (?P<name>.+) \((?P<code>GM\d{4})\)")
_RENAME = re.compile(
    r"Naamswijziging per (?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d{4}),?\s+"
    r"oude naam: (?P<name>[^\r\n]+) \((?P<code>GM\d{4})\)"
)
_AMOUNTS = {
    "hectares": re.compile(r"(\d+) hectare"),
    "dwellings": re.compile(r"(\d+) woning"),
    "inhabitants": re.compile(r"(\d+) inwoner"),
}


def parse_code_list(codes: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return every transfer in a CBS code list, one row per side that states it (columns ``COLUMNS``).

    Args:
        codes: items with ``Identifier``, ``Title`` and ``Description``, as in OData v4 ``RegioSCodes``.

    An amount that the text leaves out is 0, as CBS does for "43 hectare met 9 inwoners".
    """
    rows = [
        row
        for item in codes
        if str(item["Identifier"]).startswith("GM")
        for row in parse_description(str(item["Identifier"]), str(item["Title"]), str(item["Description"] or ""))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def parse_description(code: str, name: str, description: str) -> Iterator[dict[str, object]]:
    """Yield the transfers that one municipality's description states, in the order of the text."""
    heading: re.Match[str] | None = None
    partner: re.Match[str] | None = None
    for line in description.splitlines():
        if _PARTNER.match(line):
            partner = _PARTNER.match(line)
        elif line.startswith("...") and heading and partner:
            yield _transfer(code, name, heading, partner, line)
        else:
            heading, partner = _HEADING.match(line), None


def parse_renames(codes: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return changes of name that gave a new code: ``date, from_code, from_name, to_code, to_name``.

    CBS: "Naamswijziging per 01-07-2015, oude naam: De Friese Meren (GM1921)", under the new code.
    """
    rows = [
        (
            f"{match['year']}-{match['month']}-{match['day']}",
            match["code"],
            match["name"],
            item["Identifier"],
            item["Title"],
        )
        for item in codes
        for match in _RENAME.finditer(str(item["Description"] or ""))
        if match["code"] != item["Identifier"]
    ]
    return pd.DataFrame(rows, columns=["date", "from_code", "from_name", "to_code", "to_name"])


def _transfer(code: str, name: str, heading: re.Match[str], partner: re.Match[str], amounts: str) -> dict[str, object]:
    outwards = heading["verb"].startswith("over")
    here, there = (code, name), (partner["code"], partner["name"])
    giver, taker = (here, there) if outwards else (there, here)
    found = {key: pattern.search(amounts) for key, pattern in _AMOUNTS.items()}
    return {
        "date": f"{heading['year']}-{heading['month']}-{heading['day']}",
        "kind": heading["kind"],
        "direction": "out" if outwards else "in",
        "listed_under": code,
        "from_code": giver[0],
        "from_name": giver[1],
        "to_code": taker[0],
        "to_name": taker[1],
        **{key: int(match[1]) if match else 0 for key, match in found.items()},
    }
