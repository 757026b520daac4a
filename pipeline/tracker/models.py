"""The ledger's tables, beside those of ``pipeline.store.models`` and in the same database.

Dates and times are ISO text, lists and values JSON text. What hangs on an item goes with it, and an item goes with its
notice when that is purged.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.models import Base


def _item() -> Mapped[int]:
    return mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)


class Item(Base):
    """An item; see ``pipeline.tracker.types.Item``. ``next_due`` is the earliest deadline that is still open.

    ``times`` and ``quotas`` are those of the record as JSON, from which the occurrences are made within ``plan_start``
    and ``plan_end``; ``version`` is the notice's version that the item was last brought up to. Numbers of items that
    are gone are not given out again: workbooks may bear them.
    """

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "filing", "status"),
        Index(None, "filing", "next_due"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(32), unique=True)
    key: Mapped[str | None] = mapped_column(String(16), index=True)
    notice: Mapped[int | None] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    parent: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    unit: Mapped[str | None] = mapped_column(Text, index=True)
    origin: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str | None] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text, default="[]")
    table: Mapped[str | None] = mapped_column(Text)
    page: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text, default="")
    quota: Mapped[str] = mapped_column(Text, default="")
    leader: Mapped[str] = mapped_column(Text, default="")
    parties: Mapped[str] = mapped_column(Text, default="[]")
    agency: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None]
    topics: Mapped[str] = mapped_column(Text, default="[]")
    issued_on: Mapped[str | None] = mapped_column(String(10))
    assigned_on: Mapped[str | None] = mapped_column(String(10))
    time_text: Mapped[str] = mapped_column(Text, default="")
    start: Mapped[str | None] = mapped_column(String(10))
    end: Mapped[str | None] = mapped_column(String(10))
    due: Mapped[str | None] = mapped_column(String(10))
    adjusted_due: Mapped[str | None] = mapped_column(String(10))
    next_due: Mapped[str | None] = mapped_column(String(10))
    rrule: Mapped[str | None] = mapped_column(Text)
    times: Mapped[str] = mapped_column(Text, default="[]")
    quotas: Mapped[str] = mapped_column(Text, default="[]")
    plan_start: Mapped[str | None] = mapped_column(String(10))
    plan_end: Mapped[str | None] = mapped_column(String(10))
    standing: Mapped[bool] = mapped_column(default=False)
    filing: Mapped[str] = mapped_column(String(12), default="pending")
    status: Mapped[str] = mapped_column(String(12), default="pending")
    progress: Mapped[str] = mapped_column(String(12), default="not_started")
    proposal: Mapped[str | None] = mapped_column(String(12))
    proposal_reason: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    merged_into: Mapped[int | None]
    closed_on: Mapped[str | None] = mapped_column(String(10))
    confidence: Mapped[float] = mapped_column(default=1.0)
    state: Mapped[str] = mapped_column(String(12), default="current")
    version: Mapped[int | None]
    edited: Mapped[str] = mapped_column(Text, default="[]")
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[str] = mapped_column(String(32))
    updated_at: Mapped[str] = mapped_column(String(32))


class ItemParty(Base):
    """Who has a part in an item, for filters; ``items.parties`` holds the same in its order."""

    __tablename__ = "item_parties"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    name: Mapped[str] = mapped_column(Text, index=True)
    unit: Mapped[str | None] = mapped_column(Text, index=True)
    role: Mapped[str] = mapped_column(String(16))


class Occurrence(Base):
    """One date or period of an item."""

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("item", "series", "period"), Index(None, "status", "before_issue", "deadline"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    series: Mapped[int] = mapped_column(default=0)
    period: Mapped[str] = mapped_column(String(12))
    start: Mapped[str | None] = mapped_column(String(10))
    due: Mapped[str] = mapped_column(String(10))
    adjusted_due: Mapped[str | None] = mapped_column(String(10))
    deadline: Mapped[str] = mapped_column(String(10))
    before_issue: Mapped[bool] = mapped_column(default=False)
    target: Mapped[float | None]
    comparator: Mapped[str | None] = mapped_column(String(8))
    actual: Mapped[float | None]
    unit: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12), default="open")
    done_on: Mapped[str | None] = mapped_column(String(10))


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    period: Mapped[str] = mapped_column(String(12), default="")
    progress: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    actual: Mapped[float | None]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Evidence(Base):
    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    period: Mapped[str] = mapped_column(String(12), default="")
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Extension(Base):
    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    period: Mapped[str] = mapped_column(String(12), default="")
    applied_on: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    new_due: Mapped[str] = mapped_column(String(10))
    approved_by: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Reminder(Base):
    """A stage that was sent; each is sent once to a unit."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("item", "period", "unit", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    period: Mapped[str] = mapped_column(String(12), default="")
    unit: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(String(16))
    on: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Event(Base):
    """A change of an item; ``before`` and ``after`` hold what undo needs, as JSON."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(index=True)
    item: Mapped[int] = _item()
    kind: Mapped[str] = mapped_column(String(24))
    before: Mapped[str] = mapped_column(Text, default="{}")
    after: Mapped[str] = mapped_column(Text, default="{}")
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))
    undone_at: Mapped[str | None] = mapped_column(String(32))
    undone_by: Mapped[str | None] = mapped_column(Text)


class Unit(Base):
    __tablename__ = "units"
    __table_args__ = (Index(None, "agency", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200))
    short_names: Mapped[str] = mapped_column(Text, default="[]")
    leader: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[str | None] = mapped_column(String(10))
    valid_to: Mapped[str | None] = mapped_column(String(10))


class UnitSet(Base):
    __tablename__ = "unit_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200))
    members: Mapped[str] = mapped_column(Text, default="[]")
    valid_from: Mapped[str | None] = mapped_column(String(10))
    valid_to: Mapped[str | None] = mapped_column(String(10))


class Snapshot(Base):
    """A bulletin's figures as they stood; the same bulletin made later has the same."""

    __tablename__ = "snapshots"

    id: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[str] = mapped_column(String(10), index=True)
    payload: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Score(Base):
    """A score of a unit by an item of an assessment scheme: what is proposed from the figures, what a person set."""

    __tablename__ = "scores"
    __table_args__ = (UniqueConstraint("item", "unit", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = _item()
    unit: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(12), default="")
    proposed: Mapped[float | None]
    confirmed: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))


class Mark(Base):
    """What the ledger keeps for itself, by name: up to which change of the store it has proposed items."""

    __tablename__ = "ledger_marks"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
