"""Read the JSON of one page straight into columns, without a Python object per cell."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from balans.errors import SourceError
from balans.sources.client import UnusableAnswerError
from balans.sources.statline import FIGURES, SourceTopic

SYMBOLS = (".", "-")


def rows_of(body: bytes, link: str) -> tuple[pa.StructArray | None, str | None]:
    """Return the rows below ``value`` as one array of structs (None if there are none), and the next address.

    Args:
        body: the answer.
        link: name of the member that holds the next address.

    Raises:
        UnusableAnswerError: not JSON, broken off, or without ``value``.
    """
    if not body.lstrip()[:1] == b"{":
        raise UnusableAnswerError("the service answered with a web page instead of figures")
    try:
        whole = pyarrow.json.read_json(
            io.BytesIO(body),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(body) + 1),
        )
    except pa.ArrowInvalid as error:
        raise UnusableAnswerError("the answer broke off before its end") from error
    if "value" not in whole.column_names or whole.num_rows != 1:
        raise UnusableAnswerError("the answer has no figures in it")
    following = whole[link][0].as_py() if link in whole.column_names else None
    rows = whole["value"].combine_chunks().flatten()
    return (rows if len(rows) and pa.types.is_struct(rows.type) else None), following


def column(rows: pa.StructArray, name: str, table: str) -> pa.Array:
    """Return one member of the rows; an absent one is an error, because it was asked for by that name."""
    if rows.type.get_field_index(name) < 0:
        raise SourceError(f"Table {table}: the rows have no {name}, although it was asked for. Nothing was changed.")
    return rows.field(name)


def codes(values: pa.Array | None, length: int) -> pa.DictionaryArray:
    """Return codes without padding, as a dictionary; all null if there is no such dimension."""
    if values is None or pa.types.is_null(values.type):
        return pa.nulls(length, pa.string()).dictionary_encode().cast(FIGURES.field("region").type)
    encoded = values.cast(pa.string()).dictionary_encode()
    bare = pc.utf8_trim_whitespace(encoded.dictionary)
    return pa.DictionaryArray.from_arrays(encoded.indices, bare).cast(FIGURES.field("region").type)


def numbers(values: pa.Array, topic: SourceTopic, table: str) -> tuple[pa.Array, pa.Array]:
    """Return the numbers and the symbols of one topic.

    Blank: cannot occur, both null. ``.``: unknown, unreliable or secret, number null. ``-``: nil, number 0.

    Raises:
        SourceError: a cell is neither a number nor a symbol.
    """
    if not pa.types.is_string(values.type):
        return values.cast(pa.float64()), pa.nulls(len(values), pa.string())
    bare = pc.utf8_trim_whitespace(values)
    is_symbol = pc.is_in(bare, pa.array(SYMBOLS))
    symbol = pc.if_else(is_symbol, bare, None)
    blank = pc.or_(is_symbol, pc.equal(bare, ""))
    try:
        value = pc.if_else(blank, None, bare).cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise SourceError(
            f"Table {table}, topic {topic.path}: a cell is no number ({error}). Nothing was changed."
        ) from error
    return pc.if_else(pc.fill_null(pc.equal(symbol, "-"), False), 0.0, value), symbol


def figures(
    measure: pa.DictionaryArray,
    region: pa.Array,
    period: pa.Array,
    value: pa.Array,
    symbol: pa.Array,
) -> pa.Table:
    """Return one table of figures without the cells that cannot occur."""
    arrays = [
        measure,
        region,
        period,
        value.cast(pa.float64()),
        symbol.dictionary_encode(),
    ]
    table = pa.table(
        [array.cast(field.type) for array, field in zip(arrays, FIGURES, strict=True)],
        schema=FIGURES,
    )
    return table.filter(pc.or_(pc.is_valid(table["value"]), pc.is_valid(table["symbol"])))


def constant(text: str, length: int) -> pa.DictionaryArray:
    """Return a column that holds ``text`` everywhere."""
    return pa.DictionaryArray.from_arrays(
        pa.array([0] * length if length < 1 else pa.repeat(0, length), pa.int32()),
        [text],
    )
