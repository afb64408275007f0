"""What the totals and the kinds of region are called in the tables: one vocabulary for the whole book."""

from __future__ import annotations

KRIMPREGIOS = "krimpregios"
ANTICIPEERREGIOS = "anticipeerregios"
NEDERLAND = "nederland"
# The two groups of regions, and with the country they are held against.
GROUPS = (KRIMPREGIOS, ANTICIPEERREGIOS)
TOTALS = (*GROUPS, NEDERLAND)
# The kinds of region that have policy, and the total of each kind.
POLICY_TYPES = ("krimp", "anticipeer")
TYPE_TOTALS = dict(zip(POLICY_TYPES, GROUPS, strict=True))
