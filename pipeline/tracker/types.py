"""What the ledger is made of, as plain values; loads no database library.

Codes are stored, labels are shown: an office may call a status otherwise, and the ledger stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from schemas.errors import DubanError

Filing = Literal["pending", "filed", "archived", "merged"]
Status = Literal["pending", "unassigned", "working", "reported", "returned", "closed", "stopped", "standing"]
Progress = Literal["not_started", "on_schedule", "behind", "ahead", "done"]
Origin = Literal["notice", "instruction", "meeting", "phone", "ledger", "other"]
OccurrenceStatus = Literal["open", "reported", "done", "waived"]
Lamp = Literal["red", "yellow", "green", "none"]

#: 立项: what a person decided on a proposed item.
FILING_LABELS: dict[str, str] = {"pending": "待立项", "filed": "立项", "archived": "仅存档", "merged": "并入另一事项"}
STATUS_LABELS: dict[str, str] = {
    "pending": "待立项", "unassigned": "待交办", "working": "办理中", "reported": "已反馈待审核",
    "returned": "退回重办", "closed": "已办结", "stopped": "中止", "standing": "长期坚持",
}  # fmt: skip
PROGRESS_LABELS: dict[str, str] = {
    "not_started": "未启动", "on_schedule": "达序时", "behind": "慢序时", "ahead": "超序时", "done": "已完成",
}  # fmt: skip
ORIGIN_LABELS: dict[str, str] = {
    "notice": "公文", "instruction": "领导批示", "meeting": "会议议定", "phone": "电话交办", "ledger": "原有台账",
    "other": "其他",
}  # fmt: skip
OCCURRENCE_LABELS: dict[str, str] = {"open": "未报", "reported": "已报", "done": "完成", "waived": "免"}
#: Status of items that are followed up: they count, are reminded of and can be overdue.
ACTIVE: frozenset[str] = frozenset({"unassigned", "working", "reported", "returned", "standing"})


class LedgerError(DubanError):
    """The ledger can't do what it was asked to; its code starts with ``ledger.``."""


@dataclass(frozen=True)
class Party:
    """Who has a part in an item. ``name`` as written, ``unit`` the roster's name of it, where it is known.

    ``role`` is an owner's role of the record (lead support responsible presenter participant supervisor); ``type``
    likewise (agency department group collective position person).
    """

    name: str
    role: str
    type: str = "department"
    unit: str | None = None


@dataclass(frozen=True)
class Item:
    """An item of the ledger (督办事项). Dates are None where nothing says them.

    Attributes:
        id: its permanent number within the store.
        number: 督办编号, given when it is filed: ``2021-0001``, of a unit's part ``2021-0001-03``.
        key: the task's permanent key; None for items that come from no notice. Items split from one task share it.
        parent: of a unit's part or a split item, the item that it is part of.
        unit: of a unit's part, the unit.
        source: 事项来源 in words: title, number, clause.
        section: the headings above it in the notice.
        requirement: 具体要求; quota: 量化目标 in the notice's words.
        leader: 责任领导; parties: units and people with their roles.
        assigned_on: 交办日期; times before it (or the issue date) are 印发前.
        time_text: the notice's words for the time; due: the first or only deadline; adjusted_due: after extensions.
        standing: no date at all (常态、长期).
        proposal: what is proposed for a pending item: filed, archived or merged, and why (``proposal_reason``).
        state: ``current``, ``changed`` (a reissue changed it, look at it) or ``dropped`` (a reissue dropped it).
        next_due: the earliest deadline that is still open and not 印发前.
        revision: grows with every change; a returned workbook that knows an older one may be in conflict.
        parts: of a parent, how many parts there are, and how many of them have reported or are closed.
        edited: the fields that a person set.
    """

    id: int
    origin: Origin
    filing: Filing
    status: Status
    title: str | None
    text: str
    number: str | None = None
    key: str | None = None
    notice_id: str | None = None
    parent: int | None = None
    unit: str | None = None
    source: str = ""
    plan: str | None = None
    section: tuple[str, ...] = ()
    page: int | None = None
    position: int = 0
    kind: str = "task"
    requirement: str = ""
    quota: str = ""
    leader: str = ""
    parties: tuple[Party, ...] = ()
    agency: str | None = None
    city: str | None = None
    year: int | None = None
    topics: tuple[str, ...] = ()
    issued_on: date | None = None
    assigned_on: date | None = None
    time_text: str = ""
    start: date | None = None
    end: date | None = None
    due: date | None = None
    adjusted_due: date | None = None
    rrule: str | None = None
    standing: bool = False
    progress: Progress = "not_started"
    proposal: str | None = None
    proposal_reason: str = ""
    reason: str = ""
    merged_into: int | None = None
    closed_on: date | None = None
    confidence: float = 1.0
    state: str = "current"
    revision: int = 0
    updated_at: str = ""
    next_due: date | None = None
    table: str | None = None
    parts: int = 0
    parts_reported: int = 0
    edited: tuple[str, ...] = ()

    def names(self, *roles: str) -> list[str]:
        """Names of the parties with these roles, all where none is given."""
        return [party.name for party in self.parties if not roles or party.role in roles]

    @property
    def deadline(self) -> date | None:
        """The date that counts: the extended one where there is one."""
        return self.adjusted_due or self.due


@dataclass(frozen=True)
class Occurrence:
    """One date or period of an item: a deadline, a repetition, a period with a figure to reach.

    Attributes:
        period: ``2021-03-02`` a day, ``2021-03`` a month, ``2021-Q1``, ``2021-H1``, ``2021``, ``2021-W05`` a week.
        before_issue: 印发前: it fell due before the notice was issued (or assigned); never overdue, reminded, counted.
        target, actual: figures to reach and reached, in ``unit``; None where the period has no figure.
        series: an item's own dates and each of its counts are series of their own, numbered from 0.
    """

    id: int
    item: int
    period: str
    due: date
    start: date | None = None
    adjusted_due: date | None = None
    before_issue: bool = False
    target: float | None = None
    comparator: str | None = None
    actual: float | None = None
    unit: str | None = None
    subject: str | None = None
    status: OccurrenceStatus = "open"
    done_on: date | None = None
    series: int = 0

    @property
    def deadline(self) -> date:
        return self.adjusted_due or self.due


@dataclass(frozen=True)
class Note:
    """What was reported on an item for a period (``period`` as of an occurrence, or empty)."""

    id: int
    item: int
    period: str
    progress: str
    problems: str
    next_steps: str
    actual: float | None
    by: str
    at: str


@dataclass(frozen=True)
class Evidence:
    """A file that shows what was done, kept by its hash under the workspace's ``evidence`` folder."""

    id: int
    item: int
    period: str
    name: str
    sha256: str
    bytes: int
    by: str
    at: str


@dataclass(frozen=True)
class Extension:
    """A later date that somebody asked for, and who approved it; the original date stays."""

    id: int
    item: int
    applied_on: date
    reason: str
    new_due: date
    approved_by: str
    by: str
    at: str
    period: str = ""


@dataclass(frozen=True)
class Reminder:
    """A stage that was sent. ``stage``: ``15`` ``7`` ``3`` ``0`` working days before, ``chase-1`` the first 催办."""

    id: int
    item: int
    period: str
    unit: str
    stage: str
    on: date
    by: str
    at: str


@dataclass(frozen=True)
class Unit:
    """A unit of the roster (单位名册)."""

    name: str
    agency: str = ""
    short_names: tuple[str, ...] = ()
    leader: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class UnitSet:
    """What 各单位, 各中队 means with an agency."""

    name: str
    members: tuple[str, ...]
    agency: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Score:
    """A unit's marks by an item of an assessment scheme: what the figures propose, and what a person confirmed."""

    item: int
    unit: str
    period: str = ""
    proposed: float | None = None
    confirmed: float | None = None
    reason: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Event:
    """A change of an item, as history and as what undo takes back; changes of one command share a ``batch``."""

    id: int
    batch: int
    item: int
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]
    by: str
    at: str
    reason: str = ""
    undone_at: str | None = None
    undone_by: str | None = None


@dataclass(frozen=True)
class Query:
    """Which items: every filter given must let an item through; texts match as a part of the words.

    Attributes:
        filing: by default those of the ledger (``filed``).
        due_from, due_to: the deadline of the item or of one of its open occurrences lies within, both days included.
        overdue: an open occurrence or the deadline lies before ``today``, and it isn't 印发前.
        unreported: nothing was reported for what fell due up to ``today``.
        near: the next open date is today or within so many days.
        changed: a reissue changed or dropped it, and nobody has looked at it since.
        ids, numbers: these items only; parents: parts of these.
        parts: with the units' parts; else parents and single items only.
    """

    today: date
    filing: tuple[str, ...] = ("filed",)
    status: tuple[str, ...] = ()
    owner: str | None = None
    unit: str | None = None
    city: str | None = None
    agency: str | None = None
    notice_id: str | None = None
    plan: str | None = None
    section: str | None = None
    table: str | None = None
    topic: str | None = None
    kind: str | None = None
    text: str | None = None
    origin: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool = False
    unreported: bool = False
    near: int | None = None
    changed: bool = False
    ids: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    parts: bool = True
    limit: int | None = None


@dataclass(frozen=True)
class Detail:
    """One item with all that hangs on it."""

    item: Item
    occurrences: tuple[Occurrence, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extensions: tuple[Extension, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    history: tuple[Event, ...] = ()
    parts: tuple[Item, ...] = field(default=())
