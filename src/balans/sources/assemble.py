"""Put kept pages together into the stored file, one topic at a time, so that memory does not grow with the table."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from balans.errors import SourceError
from balans.sources.catalogue import Part
from balans.sources.download import read_kept
from balans.sources.pages import SYMBOLS
from balans.sources.resolve import Selection
from balans.sources.statline import Description, SourceTopic

COLUMNS = ["table", "measure", "region", "year", "value", "status", "symbol"]
ROWS_PER_WRITE = 250_000


@dataclass(frozen=True)
class FetchedPart:
    """One table at the source: what it is, what was asked, and the files of its pages."""

    part: Part
    description: Description
    selection: Selection
    pages: tuple[Path, ...]


@dataclass
class Tally:
    """What was seen on the way: rows that came twice, and the years with a figure, per table at the source."""

    doubles: dict[str, int] = field(default_factory=dict)
    filled: dict[str, set[int]] = field(default_factory=dict)

    @property
    def years(self) -> set[int]:
        """Every year with a figure."""
        return set().union(*self.filled.values())


def assemble(parts: list[FetchedPart], path: Path) -> Tally:
    """Write the figures of all parts to ``path``; where two have the same figure, the first one decides.

    Columns: table, measure (our name), region, year, value, status (CBS's word), symbol; sorted by topic, area, year.

    Raises:
        SourceError: one table has two different figures for the same area and year.
    """
    tally = Tally()
    with figures_file(path) as write:
        for name in sorted({name for part in parts for name in part.selection.topics}):
            frames = [_one(part, name, tally) for part in parts if name in part.selection.topics]
            write(frames[0] if len(frames) == 1 else _first_decides(frames))
    return tally


def _first_decides(frames: list[pd.DataFrame]) -> pd.DataFrame:
    stacked = pd.concat([frame.astype({"region": str, "table": str, "status": str}) for frame in frames])
    return stacked.drop_duplicates(["region", "year"], keep="first").sort_values(["region", "year"], ignore_index=True)


def _one(part: FetchedPart, name: str, tally: Tally) -> pd.DataFrame:
    """One topic of one table in the stored shape."""
    frame, doubles = topic_figures(part, name)
    table = part.description.id
    tally.doubles[table] = tally.doubles.get(table, 0) + doubles
    tally.filled.setdefault(table, set()).update(frame.loc[frame["value"].notna(), "year"].unique().tolist())
    return frame.assign(table=_always(table, len(frame)), status=_statuses(frame["year"], part))[COLUMNS]


def _always(text: str, length: int) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(np.zeros(length, dtype=np.int8), pd.Index([text]))


def _statuses(years: pd.Series, part: FetchedPart) -> pd.Categorical[str]:
    """CBS's word for the status of each year."""
    words = sorted(set(part.selection.statuses.values()))
    code = np.zeros(max(part.selection.statuses, default=0) + 1, dtype=np.int8)
    for year, word in part.selection.statuses.items():
        code[year] = words.index(word)
    return pd.Categorical.from_codes(code[years.to_numpy()], pd.Index(words))


def topic_figures(part: FetchedPart, name: str) -> tuple[pd.DataFrame, int]:
    """Return measure, region, year, value, symbol of one topic, sorted; and how many rows came twice.

    Raises:
        SourceError: two different figures for the same area and year.
    """
    topic = part.selection.topics[name]
    regions: dict[str, int] = {}
    region, year, value, symbol = _joined([_piece(path, topic, part, regions) for path in part.pages])
    names = sorted(regions)
    rank = np.zeros(len(names), dtype=np.int32)
    rank[[regions[each] for each in names]] = np.arange(len(names), dtype=np.int32)
    region = rank[region] if len(region) else region
    order = np.lexsort((year, region))
    region, year, value, symbol = region[order], year[order], value[order], symbol[order]
    del order
    again = _doubles(region, year, value, part, name, names)
    if again.any():
        region, year, value, symbol = region[~again], year[~again], value[~again], symbol[~again]
    frame = pd.DataFrame(
        {
            "measure": _always(name, len(region)),
            "region": pd.Categorical.from_codes(region, pd.Index(names, dtype=str)),
            "year": year,
            "value": value,
            "symbol": pd.Categorical.from_codes(symbol, pd.Index(SYMBOLS)),
        },
        copy=False,
    )
    return frame, int(again.sum())


def _doubles(
    region: NDArray[np.int32],
    year: NDArray[np.int16],
    value: NDArray[np.float64],
    part: FetchedPart,
    name: str,
    names: list[str],
) -> NDArray[np.bool_]:
    """Which rows repeat the one before; the same area and year with another figure is an error."""
    again = np.zeros(len(region), dtype=bool)
    again[1:] = (region[1:] == region[:-1]) & (year[1:] == year[:-1])
    same = np.zeros(len(region), dtype=bool)
    same[1:] = (value[1:] == value[:-1]) | (np.isnan(value[1:]) & np.isnan(value[:-1]))
    other = np.flatnonzero(again & ~same)
    if len(other):
        raise SourceError(
            f"Table {part.part.id}: two different figures for {name}, {names[region[other[0]]]}, {year[other[0]]}. The "
            "stored figures stay in force. Try again later; if it stays, a dimension of the table has no choice."
        )
    return again


Piece = tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.float64], NDArray[np.int8]]


def _joined(pieces: list[Piece]) -> Piece:
    region, year, value, symbol = zip(*pieces, strict=True)
    return np.concatenate(region), np.concatenate(year), np.concatenate(value), np.concatenate(symbol)


def _piece(path: Path, topic: SourceTopic, part: FetchedPart, regions: dict[str, int]) -> Piece:
    """Codes of areas (``regions`` grows), years, values and codes of symbols (-1: none) of one topic on one page."""
    page = read_kept(path).unify_dictionaries()
    page = page.filter(pc.equal(page["measure"].cast(pa.string()), topic.key)).combine_chunks()
    region = _codes(page["region"], lambda code: regions.setdefault(code, len(regions))).astype(np.int32)
    years, only = part.selection.years, part.part.year or 0
    has_periods = bool(years)
    year = _codes(page["period"], lambda code: years.get(code, -1)) if has_periods else np.full(len(page), only)
    symbol = _codes(page["symbol"], SYMBOLS.index).astype(np.int8)
    value = page["value"].to_numpy().astype(np.float64)
    wanted = year >= 0
    return region[wanted], year[wanted].astype(np.int16), value[wanted], symbol[wanted]


def _codes(column: pa.ChunkedArray, code: Callable[[str], int]) -> NDArray[np.int64]:
    """Numbers for the categories of a column; -1 where there is none."""
    if column.num_chunks == 0:
        return np.empty(0, dtype=np.int64)
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    table = np.array(
        [*(code(text) if text is not None else -1 for text in array.dictionary.to_pylist()), -1], dtype=np.int64
    )
    indices = pc.fill_null(array.indices, len(table) - 1).to_numpy(zero_copy_only=False)
    found: NDArray[np.int64] = np.take(table, indices)
    return found


@contextmanager
def figures_file(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Open a compressed file in the stored shape; what it yields writes a frame to it, a piece at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file, gzip.GzipFile("", "wb", 4, file, mtime=0) as stream:
        stream.write((",".join(COLUMNS) + "\n").encode())

        def write(frame: pd.DataFrame) -> None:
            for start in range(0, len(frame), ROWS_PER_WRITE):
                piece = frame.iloc[start : start + ROWS_PER_WRITE]
                arrays = [pa.array(piece[name], from_pandas=True) for name in COLUMNS]
                plain = [array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array for array in arrays]
                pyarrow.csv.write_csv(pa.table(plain, names=COLUMNS), stream, options)

        yield write


def read_figures(path: Path) -> pd.DataFrame:
    """Return a stored file of fetched figures."""
    texts = dict.fromkeys(["table", "measure", "region", "status", "symbol"], str)
    return pd.read_csv(path, dtype={**texts, "year": int, "value": float})
