"""What becomes of tasks and notices when a person answers which older one they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.store import keys
from pipeline.store.current import refresh
from pipeline.store.matching import match
from pipeline.store.models import (
    Correction,
    Notice,
    NoticeName,
    Owner,
    Question,
    Quota,
    Task,
    TaskVersion,
    Time,
    Version,
)
from pipeline.store.read import notice_of, question_row
from pipeline.store.rows import Question as QuestionRow
from pipeline.store.rows import StoreError
from pipeline.store.save import describe, stamp, tell
from schemas.record import NoticeRecord

#: The answer that it is none of the older ones.
NEW = "new"


def answer(session: Session, question_id: int, given: str, by: str, at: datetime) -> QuestionRow:
    """Writes an answer and does what follows from it.

    Raises:
        StoreError: there is no such question, it is answered, or the answer is none of its candidates.
    """
    question = session.get(Question, question_id)
    if question is None:
        raise StoreError(
            "store.no_question", f"没有第 {question_id} 号问题", remedy="请用 duban questions 查看待答的问题"
        )
    if question.answered_at is not None:
        raise StoreError(
            "store.answered", f"第 {question_id} 号问题已由 {question.answered_by} 答过", remedy="不必再答"
        )
    payload = json.loads(question.payload)
    name = "key" if question.kind == "task" else "notice_id"
    choices = [each[name] for each in payload["candidates"]]
    if given not in (*choices, NEW):
        raise StoreError(
            "store.wrong_answer",
            f"“{given}”不在可选的答案里",
            remedy=f"请从 {'、'.join(choices)} 中选一个，都不是就答 {NEW}",
        )
    when = stamp(at)
    question.answer, question.answered_at, question.answered_by = json.dumps(given), when, by
    session.flush()
    notice = session.get_one(Notice, question.notice)
    kept = notice
    if question.kind == "task":
        _answer_task(session, notice, payload["task"]["key"], given, choices, when)
    elif given != NEW:
        kept = notice_of(session, given)
        _merge_notices(session, kept, notice, by, when)
    kept.updated_at = when
    refresh(session, kept)
    tell(session, kept.notice_id, "answer", by, when)
    session.flush()
    return question_row(question, kept.notice_id)


def _answer_task(session: Session, notice: Notice, key: str, given: str, choices: Sequence[str], at: str) -> None:
    if given != NEW:
        merge_tasks(session, session.get_one(Task, given), session.get_one(Task, key))
        keys.settle(session, notice, given, at)
    asked = _asked_about(session, notice)
    for choice in choices:
        old = session.get_one(Task, choice)
        if choice != given and old.doubtful and choice not in asked:
            old.doubtful, old.dropped = False, True


def _asked_about(session: Session, notice: Notice) -> set[str]:
    query = select(Question.payload).where(
        Question.notice == notice.id, Question.kind == "task", Question.answered_at.is_(None)
    )
    return {each["key"] for payload in session.scalars(query) for each in json.loads(payload)["candidates"]}


def merge_tasks(session: Session, old: Task, new: Task) -> None:
    """Makes a newer task the older one: its appearances and corrections go to the older key.

    Where a version has both, the older key keeps its own appearance there and the newer one's stays with its key.
    """
    own = set(session.scalars(select(TaskVersion.version).where(TaskVersion.key == old.key)))
    for row in session.scalars(select(TaskVersion).where(TaskVersion.key == new.key)):
        if row.version not in own:
            row.key = old.key
    session.execute(update(Correction).where(Correction.key == new.key).values(key=old.key))
    session.execute(update(Task).where(Task.merged_into == new.key).values(merged_into=old.key))
    old.first_version = min(old.first_version, new.first_version)
    old.last_version = max(old.last_version, new.last_version)
    old.dropped, old.doubtful = new.dropped, new.doubtful
    new.merged_into, new.dropped, new.doubtful = old.key, True, False
    session.flush()


def _merge_notices(session: Session, kept: Notice, other: Notice, by: str, at: str) -> None:
    """Makes a notice's versions the later versions of an older notice; its tasks are matched to the older ones."""
    older, newer = _living(session, kept), _living(session, other)
    moved = list(session.scalars(select(Version).where(Version.notice == other.id).order_by(Version.ordinal)))
    for version in moved:
        record = NoticeRecord.model_validate_json(version.record)
        record.notice.id = kept.notice_id
        version.notice, version.ordinal = kept.id, kept.current_version + 1
        kept.current_version += 1
        version.record = record.to_json(indent=None)
        session.flush()
    for copies in (Owner, Time, Quota):
        session.execute(delete(copies).where(copies.notice == other.id))
    for table in (NoticeName, Task, Question):
        session.execute(update(table).where(table.notice == other.id).values(notice=kept.id))
    gone = other.notice_id
    kept.internal = kept.internal or other.internal
    session.delete(other)
    session.flush()
    session.expire_all()
    describe(kept, NoticeRecord.model_validate_json(moved[-1].record), at)
    _rejoin(session, kept, moved[-1], older, newer, at)
    tell(session, gone, "merged", by, at)


def _rejoin(
    session: Session, kept: Notice, current: Version, older: Sequence[str], newer: Sequence[str], at: str
) -> None:
    """Matches the tasks that came to a notice with those that it had."""
    seen = keys.appearances(session, kept)
    matches = match(*([keys.item(key, seen) for key in names if key in seen] for names in (older, newer)))
    for new, old in matches.sure.items():
        merge_tasks(session, session.get_one(Task, old), session.get_one(Task, new))
    candidates = set()
    for new, likely in matches.asked.items():
        row = seen[new][0]
        shown = {"key": new, "task_id": row.task_id, "title": row.title, "text": row.text, "section": row.section}
        keys.ask(session, kept, current, shown, likely, seen, at)
        candidates |= {each.key for each in likely}
    for key in older:
        if key not in matches.sure.values():
            task = session.get_one(Task, key)
            task.doubtful = key in candidates
            task.dropped = not task.doubtful


def _living(session: Session, notice: Notice) -> list[str]:
    query = select(Task.key).where(Task.notice == notice.id, Task.merged_into.is_(None), Task.dropped.is_(False))
    return list(session.scalars(query))
