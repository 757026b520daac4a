"""The exported record: one JSON object a notice. Field order here is the order in the file."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.document import Box, Merge, Source, Span, Warning
from schemas.labels import (
    BlockType,
    Comparator,
    ContactKind,
    Inherited,
    OwnerRole,
    OwnerType,
    Period,
    QuotaKind,
    TableKind,
    TaskKind,
    TimeKind,
)  # fmt: skip

SCHEMA_VERSION = "1.0"


class Model(BaseModel):
    """Records take no unknown fields: a misspelt one is an error, not a loss."""

    model_config = ConfigDict(extra="forbid")


class Producer(Model):
    """Who made the record. ``rules`` is a hash over lexicons, rules and models."""

    name: str = "duban"
    version: str
    rules: str


class DocumentNumber(Model):
    """A document number (发文字号) as written and its parts. Source: GB/T 9704-2012, 7.2.5."""

    text: str
    agency_code: str | None = None
    year: int | None = None
    serial: int | None = None


class Issuer(Model):
    name: str
    region: str | None = None


class Region(Model):
    """A region by GB/T 2260: six digits, its name, and the path of names from the province down to itself."""

    code: str
    name: str
    path: list[str]


class Contact(Model):
    kind: ContactKind
    value: str


class Effective(Model):
    """From when and until when a rule holds; ISO dates."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: str | None = Field(default=None, alias="from")
    until: str | None = None


class Notice(Model):
    """The notice as a document. Source of the parts: GB/T 9704-2012, chapter 7.

    ``copy_number`` 份号, ``signatories`` 签发人, ``notes`` 附注, ``printed_by`` 印发机关,
    ``printed_on`` 印发日期 (ISO).
    ``spans`` holds where each field stands in the text, by the field's name.
    """

    id: str
    content_hash: str
    sources: list[Source]
    title: str | None = None
    kind: str | None = None
    document_number: DocumentNumber | None = None
    issuers: list[Issuer] = []
    recipients: list[str] = []
    copied_to: list[str] = []
    issue_date: str | None = None
    region: Region | None = None
    attachments: list[str] = []
    contacts: list[Contact] = []
    secrecy: str | None = None
    urgency: str | None = None
    copy_number: str | None = None
    signatories: list[str] = []
    notes: list[str] = []
    printed_by: str | None = None
    printed_on: str | None = None
    spans: dict[str, list[Span]] = {}


class RecordBlock(Model):
    """A block of text that spans point into; ``source`` is an index into the notice's sources."""

    id: int
    type: BlockType
    text: str | None = None
    label: str | None = None
    table: str | None = None
    page: int | None = None
    bbox: Box | None = None
    source: int = 0


class Plan(Model):
    """A document that carries tasks. ``start`` and ``end`` bound the time of its work; ISO dates."""

    id: str
    title: str | None = None
    kind: str | None = None
    start: str | None = None
    end: str | None = None
    effective: Effective = Effective()
    span: Span


class RecordTable(Model):
    id: str
    plan: str | None = None
    block: int
    caption: str | None = None
    kind: TableKind
    header_rows: int
    cells: list[list[str]]
    merges: list[Merge] = []


class Owner(Model):
    """Who must act. White space aside, ``name`` is what stands at ``span``.

    Where a role is not in the owner's own words (the first unit leads, a note says), ``inherited`` is ``inferred`` and
    ``inferred_from`` points at the note.
    """

    name: str
    canonical: str | None = None
    type: OwnerType
    role: OwnerRole
    inherited: Inherited | None = None
    inferred_from: Span | None = None
    confidence: float = Field(ge=0, le=1)
    rule: str
    span: Span


class Time(Model):
    """When the work is done, due or repeated. Dates are ISO; ``rrule`` follows RFC 5545.

    ``inherited`` is ``heading`` or ``inferred`` where the year stands in the item's heading, its plan's title or the
    issue date, and ``inferred_from`` points at those words.
    """

    text: str
    kind: TimeKind
    due: bool = False
    start: str | None = None
    end: str | None = None
    rrule: str | None = None
    inherited: Inherited | None = None
    inferred_from: Span | None = None
    confidence: float = Field(ge=0, le=1)
    rule: str
    span: Span


class Submission(Model):
    what: str
    to: str | None = None
    via: str | None = None
    form: str | None = None
    span: Span


class Task(Model):
    """A unit of work or assessment. ``text`` is the join of its spans' words by ``\\n``."""

    id: str
    plan: str
    kind: TaskKind
    section: list[str] = []
    title: str | None = None
    text: str
    topics: list[str] = []
    owners: list[Owner] = []
    times: list[Time] = []
    quotas: list[str] = []
    submissions: list[Submission] = []
    confidence: float = Field(ge=0, le=1)
    spans: list[Span]


class Quota(Model):
    """A number that somebody must reach, deliver, stay within, or is scored by."""

    id: str = ""
    task: str = ""
    text: str
    subject: str | None = None
    kind: QuotaKind
    comparator: Comparator
    value: float
    value_max: float | None = None
    unit: str | None = None
    per: Period | None = None
    annual: float | None = None
    annual_max: float | None = None
    owners: list[int] = []
    inherited: Inherited | None = None
    confidence: float = Field(ge=0, le=1)
    rule: str
    span: Span
    unit_span: Span | None = None
    subject_span: Span | None = None
    per_span: Span | None = None


class NoticeRecord(Model):
    """What is exported of a notice."""

    model_config = ConfigDict(extra="forbid", title="duban notice record")

    schema_version: str = SCHEMA_VERSION
    producer: Producer
    notice: Notice
    blocks: list[RecordBlock]
    plans: list[Plan] = Field(min_length=1)
    tables: list[RecordTable] = []
    tasks: list[Task] = []
    quotas: list[Quota] = []
    warnings: list[Warning] = []

    def to_json(self, *, indent: int | None = 2) -> str:
        """The record as JSON text: UTF-8 as it is, whole numbers without a decimal point."""
        import json

        return json.dumps(_plain(self.model_dump(mode="json", by_alias=True)), ensure_ascii=False, indent=indent)


def _plain(value: Any) -> Any:
    """Whole floats as integers, so that 4 is not written 4.0, and spans without what they leave empty."""
    if isinstance(value, dict):
        span = "start" in value and "block" in value
        return {k: _plain(v) for k, v in value.items() if not (span and k in ("page", "bbox", "ocr") and v is None)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
