"""The two services of CBS: how each describes a table, is asked for figures, and words a page of them.

Version 3 (``opendata.cbs.nl``, ``dataderden.cbs.nl``): a column per topic, codes padded with spaces, numbers as text.
Version 4 (``datasets.cbs.nl``): a row per figure, codes without padding, ids whose capitals matter.

Asking raises a TableGoneError if the service does not have the table, and a SourceError if it cannot be reached.
Reading a page raises an UnusableAnswerError if it is no JSON, broken off or without ``value``, and a SourceError if a
member that was asked for is not there or a cell is neither a number nor a symbol.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from balans.errors import SourceError
from balans.sources.catalogue import Live
from balans.sources.fetch.client import Client, UnusableAnswerError, address
from balans.sources.fetch.described import Code, Description, Dimension, Page, Query, SourceTopic

HOSTS = {"CBS": "opendata.cbs.nl", "derden": "dataderden.cbs.nl"}
SYMBOLS = (".", "-")
FIGURES = ["measure", "region", "period", "value", "symbol"]
Rows = list[dict[str, Any]]


class OData3:
    """The dialect of ``opendata.cbs.nl`` and ``dataderden.cbs.nl``."""

    link = "odata.nextLink"

    def describe(self, client: Client, live: Live, table: str) -> Description:
        """Return what TableInfos, DataProperties and the tables of the dimensions say."""

        def rows(name: str) -> Rows:
            return _all(client, f"{self._root(live)}/ODataFeed/odata/{table}/{name}?$format=json", self.link, table)

        info, properties = rows("TableInfos")[0], rows("DataProperties")
        dimensions = [p for p in properties if "Dimension" in p["Type"] or p["Type"] == "GeoDetail"]
        topics = [_topic(p, p["Key"], properties, "ID", "ParentID") for p in properties if p["Type"] == "Topic"]
        return Description(
            table,
            info["Title"].strip(),
            (info.get("Modified") or "")[:10] or None,
            tuple(topics),
            tuple(_dimension(p["Key"], p["Title"], p["Type"], rows(p["Key"]), "Key") for p in dimensions),
        )

    def first_page(self, live: Live, described: Description, query: Query) -> str:
        """Return the address of the untyped figures, which keep CBS's symbols for what is missing."""
        asked = {"$format": "json", "$select": ",".join([*described.kept, *query.topics])}
        asked |= {"$filter": query.filter} if query.clauses else {}
        return f"{self._root(live)}/ODataFeed/odata/{described.id}/UntypedDataSet?{_encoded(asked)}"

    def read_page(self, body: bytes, described: Description) -> Page:
        """Return the figures of one page; each topic that is in it is a column there."""
        rows, following = _rows(body, self.link)
        if rows.empty:
            return Page(pd.DataFrame(columns=FIGURES), 0, following)
        topics = {topic.key: topic for topic in described.topics if topic.key in rows}
        columns = _columns(rows, described)
        long = columns.join(rows[list(topics)]).melt(list(columns), var_name="measure", value_name="cell")
        value, symbol = _numbers(long.pop("cell"), long["measure"].map(topics), described.id)
        return Page(_figures(long, value, symbol), len(rows), following)

    def modified(self, client: Client, live: Live) -> dict[str, str]:
        """Return what the catalogue says."""
        wanted = " or ".join(f"Identifier eq '{part.id}'" for part in live.parts)
        asked = _encoded({"$format": "json", "$select": "Identifier,Modified", "$filter": wanted})
        found = client.json(f"{self._root(live)}/ODataCatalog/Tables?{asked}", "The catalogue")["value"]
        dates = {table["Identifier"].casefold(): table["Modified"][:10] for table in found}
        return {part.id: dates[part.id.casefold()] for part in live.parts if part.id.casefold() in dates}

    def titled(self, client: Client, live: Live, words: str) -> dict[str, str]:
        """Return id and title of the tables whose title begins with ``words``."""
        asked = _encoded({"$format": "json", "$select": "Identifier,Title", "$filter": f"startswith(Title,'{words}')"})
        found = client.json(f"{self._root(live)}/ODataCatalog/Tables?{asked}", "The catalogue")["value"]
        return {table["Identifier"]: table["Title"].strip() for table in found}

    def _root(self, live: Live) -> str:
        return address(f"https://{HOSTS[live.catalogue]}")


class OData4:
    """The dialect of ``datasets.cbs.nl``."""

    service = "https://datasets.cbs.nl/odata/v1"
    link = "@odata.nextLink"
    cannot_occur = "Impossible"

    def describe(self, client: Client, live: Live, table: str) -> Description:
        """Return what Properties, MeasureCodes, MeasureGroups and the codes of the dimensions say."""

        def rows(name: str) -> Rows:
            return _all(client, f"{self._root(live, table)}/{name}", self.link, table)

        properties = self._properties(client, live, table)
        measures = rows("MeasureCodes")
        groups = rows("MeasureGroups") if any(measure.get("MeasureGroupId") for measure in measures) else []
        dimensions = [(d["Identifier"], d["Title"], d["Kind"]) for d in rows("Dimensions")]
        return Description(
            table,
            properties["Title"].strip(),
            (properties.get("Modified") or "")[:10] or None,
            tuple(
                _topic(m | {"ParentId": m.get("MeasureGroupId")}, m["Identifier"], groups, "Id", "ParentId")
                for m in measures
            ),
            tuple(_dimension(key, title, kind, rows(f"{key}Codes"), "Identifier") for key, title, kind in dimensions),
        )

    def first_page(self, live: Live, described: Description, query: Query) -> str:
        """Return the address of the first page of observations."""
        measures = tuple(f"Measure eq '{key}'" for key in query.topics)
        asked = Query(query.topics, (measures, *query.clauses)).filter
        select = ",".join(["Measure", "ValueAttribute", "Value", *described.kept])
        return f"{self._root(live, described.id)}/Observations?{_encoded({'$filter': asked, '$select': select})}"

    def read_page(self, body: bytes, described: Description) -> Page:
        """Return the figures of one page; an attribute other than ``None`` or ``Impossible`` stands for unknown."""
        rows, following = _rows(body, self.link)
        if rows.empty:
            return Page(pd.DataFrame(columns=FIGURES), 0, following)
        for name in ("Measure", "Value", "ValueAttribute"):
            _require(rows, name, described.id)
        value = pd.to_numeric(rows["Value"])
        unknown = value.isna() & rows["ValueAttribute"].ne(self.cannot_occur)
        symbol = pd.Series(".", rows.index).where(unknown)
        long = _columns(rows, described).assign(measure=rows["Measure"].str.strip())
        return Page(_figures(long, value, symbol), len(rows), following)

    def modified(self, client: Client, live: Live) -> dict[str, str]:
        """Return what each table says of itself."""
        found = {part.id: self._properties(client, live, part.id).get("Modified") for part in live.parts}
        return {name: date[:10] for name, date in found.items() if date}

    def _properties(self, client: Client, live: Live, table: str) -> dict[str, Any]:
        return client.json(f"{self._root(live, table)}/Properties", f"Table {table}, Properties")

    def _root(self, live: Live, table: str) -> str:
        return address(f"{self.service}/{live.catalogue}/{table}")


Dialect = OData3 | OData4
DIALECTS: dict[str, Dialect] = {"odata3": OData3(), "odata4": OData4()}


def _encoded(asked: dict[str, str]) -> str:
    return urlencode(asked, safe="$,'()")


def _all(client: Client, url: str | None, link: str, table: str) -> Rows:
    """The rows of every page of metadata."""
    what, rows = f"Table {table}, {str(url).rsplit('/', 1)[1].split('?', maxsplit=1)[0]}", []
    while url:
        answer = client.json(url, what)
        rows += answer["value"]
        url = address(answer[link]) if link in answer else None
    return rows


def _dimension(key: str, title: str, kind: str, rows: Rows, code: str) -> Dimension:
    short = next((short for short in ("Geo", "Time") if kind.startswith(short)), "Other")
    return Dimension(key, title.strip(), short, tuple(Code(r[code], r["Title"].strip(), r.get("Status")) for r in rows))


def _topic(entry: dict[str, Any], key: str, groups: Rows, own: str, parent: str) -> SourceTopic:
    """A topic with its titles from the root; every entry knows its parent."""
    by_id = {str(group[own]): group for group in groups}

    def path(at: dict[str, Any]) -> str:
        above = by_id.get(str(at.get(parent)))
        return f"{path(above)}/{at['Title'].strip()}" if above else str(at["Title"]).strip()

    return SourceTopic(key, path(entry), (entry.get("Unit") or "").strip(), entry.get("Decimals") or 0)


def _rows(body: bytes, link: str) -> tuple[pd.DataFrame, str | None]:
    """The rows below ``value``, and the next address."""
    if not body.lstrip()[:1] == b"{":
        raise UnusableAnswerError("the service answered with a web page instead of figures")
    try:
        answer = json.loads(body)
    except json.JSONDecodeError as error:
        raise UnusableAnswerError("the answer broke off before its end") from error
    if not isinstance(answer.get("value"), list):
        raise UnusableAnswerError("the answer has no figures in it")
    return pd.DataFrame(answer["value"]), answer.get(link)


def _columns(rows: pd.DataFrame, described: Description) -> pd.DataFrame:
    """Region, period and category of every row, as pandas categories that all pages share; codes without padding."""
    columns = pd.DataFrame(index=rows.index)
    for name, kind in (("region", "Geo"), ("period", "Time"), ("category", "Category")):
        dimension = described.of_kind(kind)
        if dimension:
            bare = _require(rows, dimension.key, described.id).str.strip()
            unlisted = bare[~bare.isin(dimension.listed.categories)]
            if len(unlisted):
                raise SourceError(
                    f"Table {described.id}: {dimension.key} {unlisted.iloc[0]} has figures, but the table does not "
                    "list it. The stored figures stay in force. Try again later: make data"
                )
            columns[name] = bare.astype(dimension.listed)
    return columns


def _require(rows: pd.DataFrame, name: str, table: str) -> pd.Series:
    if name not in rows:
        raise SourceError(f"Table {table}: the rows have no {name}, although it was asked for. Nothing was changed.")
    return rows[name]


def _numbers(cells: pd.Series, topics: pd.Series, table: str) -> tuple[pd.Series, pd.Series]:
    """The number and the symbol in each cell.

    Blank: cannot occur, both missing. ``.``: unknown, unreliable or secret, no number. ``-``: nil, number 0.
    """
    bare = cells.astype("str").str.strip()
    symbol = bare.where(bare.isin(SYMBOLS))
    blank = cells.isna() | symbol.notna() | bare.eq("")
    value = pd.to_numeric(bare.mask(blank), errors="coerce")
    broken = value.isna() & ~blank
    if broken.any():
        first = int(broken.to_numpy().argmax())
        raise SourceError(
            f"Table {table}, topic {topics.iloc[first].path}: {bare.iloc[first]!r} is no number. Nothing was changed."
        )
    return value.mask(symbol.eq("-"), 0.0), symbol


def _figures(long: pd.DataFrame, value: pd.Series, symbol: pd.Series) -> pd.DataFrame:
    """The figures without the cells that cannot occur."""
    figures = long.assign(value=value.astype(float), symbol=pd.Categorical(symbol, SYMBOLS))
    return figures[figures["value"].notna() | figures["symbol"].notna()]
