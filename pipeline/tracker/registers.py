"""What the ledger keeps beside its items: the roster of units, reminders that were sent, bulletins' figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.tracker import models
from pipeline.tracker.rows import dump, extension_of, iso, note_of, reminder_of, unit_of, unit_set_of
from pipeline.tracker.types import Extension, Note, Reminder, Score, Unit, UnitSet


@dataclass(frozen=True)
class Snapshot:
    """A bulletin's figures as they stood."""

    id: int
    as_of: date
    payload: dict[str, Any]
    by: str
    at: str


@dataclass(frozen=True)
class SentOut:
    """The units' files that were sent out last: their 截至日期, to whom they went, and who returned one."""

    as_of: date
    units: tuple[str, ...]
    returned: tuple[str, ...] = ()


#: The mark under which it is kept.
_SENT_OUT = "sent_out"


def sent_out(session: Session) -> SentOut | None:
    """The files that were sent out last; None where none were."""
    mark = session.get(models.Mark, _SENT_OUT)
    if mark is None:
        return None
    kept = json.loads(mark.value)
    return SentOut(date.fromisoformat(kept["as_of"]), tuple(kept["units"]), tuple(kept["returned"]))


def mark_sent_out(session: Session, made: SentOut) -> None:
    """Notes files as sent out or returned; further ones of the same day come to those before."""
    before = sent_out(session)
    if before is not None and before.as_of == made.as_of:
        units, returned = (*before.units, *made.units), (*before.returned, *made.returned)
    else:
        units, returned = made.units, made.returned
    kept = {
        "as_of": made.as_of.isoformat(), "units": list(dict.fromkeys(units)), "returned": list(dict.fromkeys(returned))
    }  # fmt: skip
    session.merge(models.Mark(name=_SENT_OUT, value=json.dumps(kept, ensure_ascii=False)))


def units(session: Session) -> list[Unit]:
    return [unit_of(row) for row in session.scalars(select(models.Unit).order_by(models.Unit.id))]


def set_units(session: Session, given: Iterable[Unit]) -> None:
    """Puts a roster in the place of the one before."""
    session.execute(delete(models.Unit))
    session.add_all(
        models.Unit(
            agency=u.agency, name=u.name, short_names=dump(u.short_names), leader=u.leader, contact=u.contact,
            phone=u.phone, email=u.email, valid_from=iso(u.valid_from), valid_to=iso(u.valid_to),
        )
        for u in given
    )  # fmt: skip


def unit_sets(session: Session) -> list[UnitSet]:
    return [unit_set_of(row) for row in session.scalars(select(models.UnitSet).order_by(models.UnitSet.id))]


def set_unit_sets(session: Session, given: Iterable[UnitSet]) -> None:
    """Puts sets of units in the place of those before."""
    session.execute(delete(models.UnitSet))
    session.add_all(
        models.UnitSet(
            agency=s.agency, name=s.name, members=dump(s.members), valid_from=iso(s.valid_from),
            valid_to=iso(s.valid_to),
        )
        for s in given
    )  # fmt: skip


def sent(session: Session, item_ids: Sequence[int] | None, on: date | None) -> list[Reminder]:
    """Reminders that were sent, of some items and on a day where named."""
    query = select(models.Reminder).order_by(models.Reminder.id)
    if item_ids is not None:
        query = query.where(models.Reminder.item.in_(item_ids))
    if on is not None:
        query = query.where(models.Reminder.on == on.isoformat())
    return [reminder_of(row) for row in session.scalars(query)]


def notes(session: Session, item_ids: Sequence[int] | None) -> list[Note]:
    """Notes, of some items where named."""
    query = select(models.Note).order_by(models.Note.id)
    if item_ids is not None:
        query = query.where(models.Note.item.in_(item_ids))
    return [note_of(row) for row in session.scalars(query)]


def extensions(session: Session, item_ids: Sequence[int] | None) -> list[Extension]:
    """Extensions, of some items where named."""
    query = select(models.Extension).order_by(models.Extension.id)
    if item_ids is not None:
        query = query.where(models.Extension.item.in_(item_ids))
    return [extension_of(row) for row in session.scalars(query)]


def mark_sent(session: Session, given: Iterable[Reminder], by: str, at: str) -> int:
    """Notes reminders as sent, each once; gives how many are new."""
    new = 0
    for each in given:
        key = {"item": each.item, "period": each.period, "unit": each.unit, "stage": each.stage}
        if session.scalars(select(models.Reminder.id).filter_by(**key)).first() is None:
            session.add(models.Reminder(**key, on=each.on.isoformat(), by=each.by or by, at=at))
            session.flush()
            new += 1
    return new


def snapshots(session: Session) -> list[Snapshot]:
    """Bulletins' figures, the oldest first."""
    query = select(models.Snapshot).order_by(models.Snapshot.as_of, models.Snapshot.id)
    return [
        Snapshot(row.id, date.fromisoformat(row.as_of), json.loads(row.payload), row.by, row.at)
        for row in session.scalars(query)
    ]


def save_snapshot(session: Session, as_of: date, payload: Mapping[str, Any], by: str, at: str) -> int:
    """Keeps a bulletin's figures; gives their number."""
    row = models.Snapshot(as_of=as_of.isoformat(), payload=dump(payload), by=by, at=at)
    session.add(row)
    session.flush()
    return row.id


def scores(session: Session, period: str | None) -> list[Score]:
    """Scores, of a period where one is named."""
    query = select(models.Score).order_by(models.Score.unit, models.Score.item, models.Score.period)
    if period is not None:
        query = query.where(models.Score.period == period)
    return [
        Score(row.item, row.unit, row.period, row.proposed, row.confirmed, row.reason, row.by, row.at)
        for row in session.scalars(query)
    ]


def save_scores(session: Session, given: Iterable[Score], by: str, at: str) -> int:
    """Keeps scores. What was confirmed stays where only a proposal is given, and the other way round.

    Returns:
        How many are new or changed.
    """
    changed = 0
    for each in given:
        key = {"item": each.item, "unit": each.unit, "period": each.period}
        row = session.scalars(select(models.Score).filter_by(**key)).first()
        if row is None:
            row = models.Score(**key, reason="", by=by, at=at)
            session.add(row)
        new = {
            "proposed": row.proposed if each.proposed is None else each.proposed,
            "confirmed": row.confirmed if each.confirmed is None else each.confirmed,
            "reason": each.reason or row.reason,
        }
        if any(getattr(row, name) != value for name, value in new.items()):
            for name, value in {**new, "by": by, "at": at}.items():
                setattr(row, name, value)
            changed += 1
        session.flush()
    return changed
