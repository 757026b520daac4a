"""Rows of the ledger's tables as the plain values of ``types``, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from pipeline.tracker import models
from pipeline.tracker.types import (
    Event,
    Evidence,
    Extension,
    Item,
    Note,
    Occurrence,
    Party,
    Reminder,
    Unit,
    UnitSet,
)

DATES = ("issued_on", "assigned_on", "start", "end", "due", "adjusted_due", "next_due", "closed_on")
_LISTS = ("section", "topics", "edited")
#: Columns that only the database side needs.
_INSIDE = frozenset({"notice", "times", "quotas", "plan_start", "plan_end", "version", "created_at", "parties"})
ITEM_COLUMNS = tuple(c for c in models.Item.__table__.columns if c.name not in _INSIDE)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def parties_of(text: str) -> tuple[Party, ...]:
    return tuple(Party(**each) for each in json.loads(text)) if text != "[]" else ()


def parties_text(parties: Iterable[Party]) -> str:
    return dump([{"name": p.name, "role": p.role, "type": p.type, "unit": p.unit} for p in parties])


def item_of(values: dict[str, Any]) -> Item:
    """An item from a row of ``query.listed``."""
    for name in DATES:
        if values[name] is not None:
            values[name] = date.fromisoformat(values[name])
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name])) if values[name] != "[]" else ()
    values["parties"] = parties_of(values["parties"])
    return Item(**values)


def occurrence_of(row: Any) -> Occurrence:
    """An occurrence from a row of its table."""
    return Occurrence(
        row.id, row.item, row.period, date.fromisoformat(row.due), start=day(row.start),
        adjusted_due=day(row.adjusted_due), before_issue=row.before_issue, target=row.target,
        comparator=row.comparator, actual=row.actual, unit=row.unit, subject=row.subject, status=row.status,
        done_on=day(row.done_on), series=row.series,
    )  # fmt: skip


#: Columns of an occurrence in the order in which ``occurrences_of`` takes them.
OCCURRENCE_COLUMNS = tuple(
    models.Occurrence.__table__.c[name]
    for name in (
        "id", "item", "period", "due", "start", "adjusted_due", "before_issue", "target", "comparator", "actual",
        "unit", "subject", "status", "done_on", "series",
    )
)  # fmt: skip


def occurrences_of(found: Iterable[Any]) -> Iterator[Occurrence]:
    """Occurrences from rows of these columns; by position, as exports read a million of them."""
    day_of = _known_day
    for (
        number, item, period, due, start, adjusted, before, target, comparator, actual, unit, subject, status, done,
        series,
    ) in found:  # fmt: skip
        yield Occurrence(
            number, item, period, day_of(due), day_of(start) if start else None, day_of(adjusted) if adjusted else None,
            before, target, comparator, actual, unit, subject, status, day_of(done) if done else None, series,
        )  # fmt: skip


@lru_cache(maxsize=50_000)
def _known_day(text: str) -> date:
    return date.fromisoformat(text)


def note_of(row: models.Note) -> Note:
    return Note(
        row.id, row.item, row.period, row.progress, row.problems, row.next_steps, row.actual, row.by, row.at
    )  # fmt: skip


def evidence_of(row: models.Evidence) -> Evidence:
    return Evidence(row.id, row.item, row.period, row.name, row.sha256, row.bytes, row.by, row.at)


def extension_of(row: models.Extension) -> Extension:
    return Extension(
        row.id, row.item, date.fromisoformat(row.applied_on), row.reason, date.fromisoformat(row.new_due),
        row.approved_by, row.by, row.at, row.period,
    )  # fmt: skip


def reminder_of(row: models.Reminder) -> Reminder:
    return Reminder(
        row.id, row.item, row.period, row.unit, row.stage, date.fromisoformat(row.on), row.by, row.at
    )  # fmt: skip


def event_of(row: models.Event) -> Event:
    return Event(
        row.id, row.batch, row.item, row.kind, json.loads(row.before), json.loads(row.after), row.by, row.at,
        row.reason, row.undone_at, row.undone_by,
    )  # fmt: skip


def unit_of(row: models.Unit) -> Unit:
    return Unit(
        row.name, row.agency, tuple(json.loads(row.short_names)), row.leader, row.contact, row.phone, row.email,
        day(row.valid_from), day(row.valid_to),
    )  # fmt: skip


def unit_set_of(row: models.UnitSet) -> UnitSet:
    return UnitSet(
        row.name, tuple(json.loads(row.members)), row.agency, day(row.valid_from), day(row.valid_to)
    )  # fmt: skip
