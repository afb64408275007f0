"""The rows of the report's central table, as ``definitions/report_table.yml`` says them, with the report's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from balans.definitions import load_definition
from balans.errors import DefinitionError
from balans.paths import Project


@dataclass(frozen=True)
class Neighbour:
    """Another indicator beside a row, under its own name; never held against the report's value."""

    indicator: str
    title: str
    people_of: str = ""


@dataclass(frozen=True)
class ReportRow:
    """One of the six indicators of the table.

    Attributes:
        id: name of the row.
        title: as it heads the row, in Dutch.
        unit: ``%`` or ``euro``.
        compare: ``difference`` (points) or ``ratio`` (per cent of the Netherlands).
        base_year: the year that the report's first column is about.
        claims: ``krimp``, ``netherlands``, ``later``, and ``people``, ``people_later`` where given → claim id.
        claimed: the same keys → what the report says.
        indicator: what measures it here.
        follows: whether the change of our series may carry the report's own value on.
        note: what may be compared with the report and what not, in Dutch.
        people_of: whom a share is a share of; empty for money.
        neighbour: what comes nearest where nothing measures it.
    """

    id: str
    title: str
    unit: str
    compare: str
    base_year: int
    claims: Mapping[str, str]
    claimed: Mapping[str, float]
    indicator: str
    follows: bool
    note: str
    people_of: str = ""
    neighbour: Neighbour | None = None

    def gap(self, value: float, netherlands: float) -> float:
        """Return how far a value lies from that of the Netherlands, in points or in per cent of it."""
        return 100 * value / netherlands if self.compare == "ratio" else value - netherlands

    def carried_on(self, start: float, end: float) -> float:
        """Return the report's 2015 value, moved as ours moved from ``start`` to ``end``."""
        krimp = self.claimed["krimp"]
        return krimp * end / start if self.compare == "ratio" else krimp + end - start


def load_report_rows(project: Project) -> list[ReportRow]:
    """Return the rows in the order of the report.

    Raises:
        DefinitionError: a file is not as its schema asks, or a row names a claim that does not exist.
    """
    content = load_definition(project.definitions / "report_table.yml")
    claims = load_definition(project.definitions / "claims.yml")["claims"]
    claimed = {claim["id"]: float(claim["claimed"]) for claim in claims if "claimed" in claim}
    return [_row(entry, claimed) for entry in content["rows"]]


def _row(entry: dict[str, object], claimed: Mapping[str, float]) -> ReportRow:
    fields = dict(entry)
    names: dict[str, str] = fields["claims"]  # type: ignore[assignment]
    unknown = sorted(set(names.values()) - set(claimed))
    if unknown:
        raise DefinitionError(
            f"definitions/report_table.yml: row {fields['id']} names {', '.join(unknown)}, which claims.yml does not "
            "have with a value. Name a claim that it has."
        )
    neighbour = fields.pop("neighbour", None)
    beside = Neighbour(**neighbour) if isinstance(neighbour, dict) else None
    values = {key: claimed[claim] for key, claim in names.items()}
    return ReportRow(**fields, claimed=values, neighbour=beside)  # type: ignore[arg-type]
