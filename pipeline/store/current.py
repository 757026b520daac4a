"""Queryable copies of what the current versions say, as people see them: owners, times, quotas and topics.

They are written anew whenever a notice's version, its corrections or the office's tables change.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.store import keys
from pipeline.store.models import Notice, Overlay, Owner, Quota, TaskVersion, Time, Version
from pipeline.store.read import shown
from schemas.record import NoticeRecord
from schemas.record import Task as RecordTask

#: The row of the office's tables.
_OFFICE = "office"


def refresh(session: Session, notice: Notice, record: NoticeRecord | None = None) -> bool:
    """Writes a notice's owners, times, quotas and topics anew; tells whether owners or topics are others than before.

    Args:
        record: the current version's record as extracted, where it is at hand.
    """
    query = select(Version).where(Version.notice == notice.id, Version.ordinal == notice.current_version)
    version = session.scalars(query).one()
    extracted = record or NoticeRecord.model_validate_json(version.record)
    seen = shown(session, notice, version, extracted)
    ids = keys.key_map(session, version)
    before = _names(session, notice)
    for table in (Owner, Time, Quota):
        session.execute(delete(table).where(table.notice == notice.id))
    for task in seen.tasks:
        if task.id in ids:
            _put_task(session, {"notice": notice.id, "key": ids[task.id]}, task)
    _put_quotas(session, notice, seen, ids)
    relabelled = _put_topics(session, version, seen)
    session.flush()
    return relabelled or _names(session, notice) != before


def assign(
    session: Session, notice: Notice, version: Version, record: NoticeRecord, at: str,
    previous: NoticeRecord | None = None,
) -> int:  # fmt: skip
    """Gives a version's tasks their keys (``keys.assign``), and writes the copies anew where it is the current one."""
    questions = keys.assign(session, notice, version, record, at, previous=previous)
    if version.ordinal == notice.current_version:
        refresh(session, notice, record)
    return questions


def _names(session: Session, notice: Notice) -> list[tuple[Any, ...]]:
    query = select(Owner.key, Owner.position, Owner.name, Owner.canonical).where(Owner.notice == notice.id)
    return [tuple(row) for row in session.execute(query.order_by(Owner.key, Owner.position))]


def _put_task(session: Session, common: dict[str, Any], task: RecordTask) -> None:
    session.add_all(
        Owner(**common, position=i, name=o.name, canonical=o.canonical, type=o.type, role=o.role)
        for i, o in enumerate(task.owners)
    )
    session.add_all(
        Time(**common, position=i, text=t.text, kind=t.kind, due=t.due, start=t.start, end=t.end, rrule=t.rrule)
        for i, t in enumerate(task.times)
    )


def _put_quotas(session: Session, notice: Notice, record: NoticeRecord, ids: dict[str, str]) -> None:
    session.add_all(
        Quota(
            notice=notice.id, key=ids[q.task], position=i, text=q.text, subject=q.subject, kind=q.kind,
            comparator=q.comparator, value=q.value, value_max=q.value_max, unit=q.unit, per=q.per, annual=q.annual,
        )
        for i, q in enumerate(record.quotas)
        if q.task in ids
    )  # fmt: skip


def _put_topics(session: Session, version: Version, record: NoticeRecord) -> bool:
    """Whether any task has other topics than before."""
    rows = {row.task_id: row for row in session.scalars(select(TaskVersion).where(TaskVersion.version == version.id))}
    changed = False
    for task in record.tasks:
        topics = json.dumps(task.topics, ensure_ascii=False)
        row = rows.get(task.id)
        if row is not None and row.topics != topics:
            row.topics, changed = topics, True
    return changed


def relay(session: Session, notice_id: int, by: str, at: datetime) -> bool:
    """Writes one notice's copies anew after the office's tables changed; a change is noted where it shows."""
    from pipeline.store.save import stamp, tell

    notice = session.get(Notice, notice_id)
    if notice is None or not refresh(session, notice):
        return False
    tell(session, notice.notice_id, "overlay", by, stamp(at))
    return True


def overlaid(session: Session) -> str | None:
    """The digest of the tables that the copies were last written with; None where they never were."""
    row = session.get(Overlay, _OFFICE)
    return row.digest if row else None


def set_overlaid(session: Session, digest: str, at: datetime) -> None:
    """Notes which tables the copies are of."""
    from pipeline.store.save import stamp

    session.merge(Overlay(name=_OFFICE, digest=digest, at=stamp(at)))


def notice_rows(session: Session) -> list[int]:
    """The numbers of all notices within the store."""
    return list(session.scalars(select(Notice.id).order_by(Notice.id)))
