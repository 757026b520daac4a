"""What people put right, in the store: apart from what was extracted, hung on the tasks' permanent keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import corrections as overlays
from pipeline.store import rows
from pipeline.store.current import refresh
from pipeline.store.models import Correction, Notice, Task, TaskVersion, Version
from pipeline.store.read import notice_of
from pipeline.store.save import stamp, tell
from schemas import record as schema
from schemas.record import NoticeRecord

CHANGE = "correction"


def correct(
    session: Session, key: str, field: str, operation: str, value: Any, by: str, at: datetime
) -> rows.Correction:
    """Keeps a correction to a task, with what was extracted as its basis, and notes the change.

    Args:
        key: the task's permanent key, or its id in any version.
        field, operation, value: as ``pipeline.corrections`` lists them.

    Raises:
        StoreError: no such task.
        CorrectionError: nothing that a record can hold.
    """
    overlays.check(field, operation, value)
    task = find_task(session, key)
    notice = session.get_one(Notice, task.notice)
    correction = Correction(
        key=task.key, field=field, operation=operation, value=_json(value),
        basis=_json(_extracted(session, task, field)), author=by, made_at=stamp(at),
    )  # fmt: skip
    session.add(correction)
    _note(session, notice, by, stamp(at))
    session.flush()
    refresh(session, notice)
    return _row(correction, notice.notice_id, _task_ids(session, notice, notice.current_version).get(task.key))


def undo(session: Session, correction_id: int, by: str, at: datetime) -> rows.Correction:
    """Takes a correction back; it stays on record with who did so, and what was before holds again.

    Raises:
        StoreError: no such correction, or it was undone before.
    """
    correction = session.get(Correction, correction_id)
    if correction is None:
        raise rows.StoreError(
            "store.correction", f"没有编号为 {correction_id} 的更正", remedy="请核对更正的编号",
        )  # fmt: skip
    if correction.undone_at is not None:
        raise rows.StoreError("store.correction", f"更正 {correction_id} 已于 {correction.undone_at} 撤销")
    correction.undone_at, correction.undone_by = stamp(at), by
    task = session.get_one(Task, correction.key)
    notice = session.get_one(Notice, task.notice)
    _note(session, notice, by, stamp(at))
    session.flush()
    refresh(session, notice)
    return _row(correction, notice.notice_id, _task_id(task, _task_ids(session, notice, notice.current_version)))


def listed(
    session: Session, *, notice_id: str | None = None, key: str | None = None, version: int | None = None
) -> list[rows.Correction]:
    """Corrections in the order in which they were made, undone ones too; of one notice or task where named.

    ``version`` is the version whose task ids they bear; the current one where it is not given.
    """
    query = (
        select(Correction, Task, Notice).join(Task, Correction.key == Task.key).join(Notice, Task.notice == Notice.id)
    )
    if notice_id is not None:
        query = query.where(Notice.id == notice_of(session, notice_id).id)
    if key is not None:
        query = query.where(Correction.key.in_(_family(session, find_task(session, key).key)))
    found = []
    ids: dict[int, dict[str, str]] = {}
    for correction, task, notice in session.execute(query.order_by(Correction.id)):
        if notice.id not in ids:
            ids[notice.id] = _task_ids(session, notice, version or notice.current_version)
        found.append(_row(correction, notice.notice_id, _task_id(task, ids[notice.id])))
    return found


def overlay(session: Session, notice: Notice, version: Version, record: NoticeRecord) -> NoticeRecord:
    """A version's record with what stands of the corrections of its tasks laid over it."""
    query = (
        select(Correction, Task).join(Task, Correction.key == Task.key)
        .where(Task.notice == notice.id, Correction.undone_at.is_(None)).order_by(Correction.id)
    )  # fmt: skip
    found = list(session.execute(query))
    ids = _task_ids(session, notice, version.ordinal) if found else {}
    standing = []
    for correction, task in found:
        task_id = _task_id(task, ids)
        if task_id is not None:
            value, basis = _value(correction.value), _value(correction.basis)
            standing.append(overlays.Correction(task_id, correction.field, correction.operation, value, basis))
    return overlays.apply(record, standing) if standing else record


def find_task(session: Session, key_or_id: str) -> Task:
    """A task by its key, or by any id that it had; one that was merged gives the one that it was merged into.

    Raises:
        StoreError: there is none.
    """
    found = session.get(Task, key_or_id)
    if found is None:
        query = select(TaskVersion.key).where(TaskVersion.task_id == key_or_id).order_by(TaskVersion.version.desc())
        key = session.scalars(query).first()
        found = session.get(Task, key) if key else None
    while found is not None and found.merged_into is not None:
        found = session.get(Task, found.merged_into)
    if found is None:
        raise rows.StoreError(
            "store.no_task", f"库中没有任务 {key_or_id}", remedy="请核对任务的编号（k- 或 t- 开头）",
        )  # fmt: skip
    return found


def _family(session: Session, key: str) -> list[str]:
    """A key and those that were merged into it, over any number of steps."""
    keys = [key]
    for each in keys:
        keys += session.scalars(select(Task.key).where(Task.merged_into == each))
    return keys


def _extracted(session: Session, task: Task, field: str) -> Any:
    """What the last version that has a task says of a field, without corrections."""
    query = (
        select(TaskVersion, Version).join(Version, TaskVersion.version == Version.id)
        .where(TaskVersion.key == task.key).order_by(Version.ordinal.desc()).limit(1)
    )  # fmt: skip
    found = session.execute(query).first()
    if found is not None:
        record = NoticeRecord.model_validate_json(found[1].record)
        shown = next(each for each in record.tasks if each.id == found[0].task_id)
        return overlays.extracted(shown, [quota for quota in record.quotas if quota.task == shown.id], field)
    if task.remains is None:
        raise rows.StoreError(
            "store.no_task", f"任务 {task.key} 已没有内容", remedy="请用 duban reprocess 重新读取该公文",
        )  # fmt: skip
    # Of a task that no version has any more the quotas are not kept.
    shown = schema.Task.model_validate_json(task.remains)
    return None if field == "quotas" else overlays.extracted(shown, [], field)


def _task_ids(session: Session, notice: Notice, ordinal: int) -> dict[str, str]:
    """Ids of a version's tasks by their keys."""
    query = (
        select(TaskVersion.key, TaskVersion.task_id).join(Version, TaskVersion.version == Version.id)
        .where(Version.notice == notice.id, Version.ordinal == ordinal)
    )  # fmt: skip
    return {key: task_id for key, task_id in session.execute(query)}


def _task_id(task: Task, ids: Mapping[str, str]) -> str | None:
    return ids.get(task.key) or (ids.get(task.merged_into) if task.merged_into else None)


def _note(session: Session, notice: Notice, by: str, at: str) -> None:
    tell(session, notice.notice_id, CHANGE, by, at)
    notice.updated_at = at


def _row(correction: Correction, notice_id: str, task_id: str | None) -> rows.Correction:
    return rows.Correction(
        correction.id, notice_id, correction.key, task_id, correction.field, correction.operation,
        _value(correction.value), _value(correction.basis), correction.author, correction.made_at,
        correction.undone_at, correction.undone_by,
    )  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
