"""The closed vocabularies of a record, as types; each value's meaning stands in the exported record's description."""

from __future__ import annotations

from typing import Literal

Format = Literal["docx", "pdf", "txt"]
BlockType = Literal["paragraph", "table", "text_box", "footnote", "header", "footer", "slip"]
TableKind = Literal["schedule", "assignment", "assessment", "matrix", "list", "form", "layout"]
TaskKind = Literal["task", "event", "criterion", "requirement", "goal"]
OwnerRole = Literal["lead", "support", "responsible", "presenter", "participant", "supervisor"]
OwnerType = Literal["agency", "department", "group", "collective", "position", "person"]
TimeKind = Literal["date", "period", "deadline", "recurring", "standing"]
QuotaKind = Literal["count", "ratio", "score", "amount", "length", "duration", "rank"]
Comparator = Literal["=", ">=", "<=", ">", "<", "between", "~"]
Period = Literal["day", "week", "month", "two_months", "quarter", "half_year", "year", "event"]
Inherited = Literal["bracket", "merged_cell", "heading", "inferred"]
ContactKind = Literal["phone", "email", "fax", "address", "person", "url"]

#: What a column of a table holds, found from the meaning of its head.
ColumnRole = Literal[
    "index", "time", "content", "title", "requirement",
    "owner.lead", "owner.support", "owner.responsible", "owner.presenter", "owner.participant", "owner.supervisor",
    "score", "quota", "note", "other",
]  # fmt: skip

#: How often a period comes round in a year, for a quota's annual value.
TIMES_A_YEAR: dict[str, int] = {
    "day": 365, "week": 52, "month": 12, "two_months": 6, "quarter": 4, "half_year": 2, "year": 1,
}  # fmt: skip
