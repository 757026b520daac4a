"""Gives the tasks of a version their permanent keys, and asks where it can't tell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from extractors.ids import digest
from pipeline.store.matching import Item, Likely, match
from pipeline.store.models import Notice, Question, Task, TaskVersion, Version
from schemas import record as schema

#: Who answers a question that a later version has settled.
SYSTEM = "duban"


@dataclass(frozen=True)
class Seen:
    """A task as a version of the store has it."""

    ordinal: int
    version: int
    task_id: str
    position: int
    section: list[str]
    title: str | None
    text: str


def assign(
    session: Session,
    notice: Notice,
    version: Version,
    record: schema.NoticeRecord,
    at: str,
    previous: schema.NoticeRecord | None = None,
) -> int:
    """Writes a version's tasks under their keys, and marks older tasks that it hasn't as dropped or doubtful.

    Args:
        previous: the version's record from an earlier extraction, whose tasks are written anew.

    Returns:
        How many questions were raised.
    """
    seen = appearances(session, notice)
    tasks = {task.key: task for task in session.scalars(select(Task).where(Task.notice == notice.id))}
    is_current = version.ordinal == notice.current_version
    sure, asked = _match(seen, tasks, version, is_current, record.tasks)
    session.execute(delete(TaskVersion).where(TaskVersion.version == version.id))
    keys: dict[str, str] = {}
    for task in record.tasks:
        taken = {*keys.values(), *sure.values()}
        keys[task.id] = sure.get(task.id) or _new_key(notice.notice_id, task.id, tasks, taken)
    _put_tasks(session, notice, version, record.tasks, keys, tasks)
    for task in record.tasks:
        if task.id in asked:
            shown = {"key": keys[task.id], "task_id": task.id, "title": task.title, "text": task.text}
            ask(session, notice, version, {**shown, "section": task.section}, asked[task.id], seen, at)
    _keep_lost(seen, tasks, version, set(keys.values()), previous)
    if is_current:
        candidates = {each.key for likely in asked.values() for each in likely}
        for known in tasks.values():
            _mark(session, notice, known, known.key in keys.values(), known.key in candidates, at)
    session.flush()
    return len(asked)


def _mark(session: Session, notice: Notice, task: Task, present: bool, candidate: bool, at: str) -> None:
    """Whether the current version has an older task; a doubtful one stays so until it is answered or comes back."""
    if present:
        if task.doubtful:
            settle(session, notice, task.key, at)
        task.dropped = task.doubtful = False
    elif task.merged_into is None and not task.doubtful:
        task.doubtful = candidate and not task.dropped
        task.dropped = not task.doubtful


def appearances(session: Session, notice: Notice) -> dict[str, list[Seen]]:
    """Every task's appearances by key, the latest version's first."""
    query = (
        select(
            TaskVersion.key, Version.ordinal, Version.id, TaskVersion.task_id, TaskVersion.position,
            TaskVersion.section, TaskVersion.title, TaskVersion.text,
        )
        .join(TaskVersion, TaskVersion.version == Version.id)
        .where(Version.notice == notice.id)
        .order_by(Version.ordinal.desc(), TaskVersion.position)
    )  # fmt: skip
    found: dict[str, list[Seen]] = {}
    for key, ordinal, version, task_id, position, section, title, text in session.execute(query):
        row = Seen(ordinal, version, task_id, position, json.loads(section), title, text)
        found.setdefault(key, []).append(row)
    return found


def _match(
    seen: Mapping[str, list[Seen]],
    tasks: Mapping[str, Task],
    version: Version,
    is_current: bool,
    new: Sequence[schema.Task],
) -> tuple[dict[str, str], Mapping[str, tuple[Likely, ...]]]:
    by_id: dict[str, str] = {}
    for key, rows in seen.items():
        for row in rows:
            by_id.setdefault(row.task_id, key)
    sure = {task.id: by_id[task.id] for task in new if task.id in by_id}
    left = [key for key in seen if key not in sure.values()]
    left.sort(key=lambda key: (-seen[key][0].ordinal, seen[key][0].position))
    if is_current:
        base, gone = [k for k in left if not tasks[k].dropped], [k for k in left if tasks[k].dropped]
    else:
        base, gone = [k for k in left if any(row.version == version.id for row in seen[k])], []
    items = [Item(task.id, tuple(task.section), task.text, task.title) for task in new if task.id not in sure]
    matches = match([item(key, seen) for key in base], items)
    # What a version dropped may come back in a later one.
    fresh = [each for each in items if each.name not in matches.sure and each.name not in matches.asked]
    back = match([item(key, seen) for key in gone if tasks[key].merged_into is None], fresh)
    return {**sure, **matches.sure, **back.sure}, matches.asked


def item(key: str, seen: Mapping[str, list[Seen]]) -> Item:
    """A task for matching, as the latest version that had it says."""
    row = seen[key][0]
    return Item(key, tuple(row.section), row.text, row.title)


def _new_key(notice_id: str, task_id: str, tasks: Mapping[str, Task], taken: set[str]) -> str:
    """A key from the first id that a task is seen under. A lost task that comes back gets its own again."""
    for count in range(1, 1000):
        key = "k-" + digest("key", notice_id, task_id, str(count))
        known = tasks.get(key)
        if key not in taken and (known is None or known.merged_into is None):
            return key
    raise AssertionError("a thousand tasks under one id")


def _put_tasks(
    session: Session,
    notice: Notice,
    version: Version,
    new: Sequence[schema.Task],
    keys: Mapping[str, str],
    tasks: dict[str, Task],
) -> None:
    for task in new:
        key, ordinal = keys[task.id], version.ordinal
        known = tasks.get(key)
        if known is None:
            known = Task(
                key=key, notice=notice.id, first_version=ordinal, last_version=ordinal,
                dropped=ordinal != notice.current_version, doubtful=False,
            )  # fmt: skip
            tasks[key] = known
            session.add(known)
        known.first_version = min(known.first_version, ordinal)
        known.last_version = max(known.last_version, ordinal)
        known.remains = None
    session.flush()
    session.add_all(
        TaskVersion(
            version=version.id, task_id=task.id, key=keys[task.id], position=position, plan=task.plan, kind=task.kind,
            section=_json(task.section), title=task.title, text=task.text, topics=_json(task.topics),
        )
        for position, task in enumerate(new)
    )  # fmt: skip
    session.flush()


def _keep_lost(
    seen: Mapping[str, list[Seen]],
    tasks: Mapping[str, Task],
    version: Version,
    present: set[str],
    previous: schema.NoticeRecord | None,
) -> None:
    """Keeps what a task said that no version has any more, since people may have written something on it."""
    by_id = {task.id: task for task in previous.tasks} if previous else {}
    for key, rows in seen.items():
        own = [row for row in rows if row.version == version.id]
        if key in present or len(own) < len(rows):
            continue
        found = by_id.get(own[0].task_id)
        tasks[key].remains = found.model_dump_json() if found else None


def ask(
    session: Session,
    notice: Notice,
    version: Version,
    task: Mapping[str, Any],
    likely: Sequence[Likely],
    seen: Mapping[str, list[Seen]],
    at: str,
) -> None:
    """Asks which of the likely older tasks a new one is."""
    candidates = []
    for each in likely:
        row = seen[each.key][0]
        shown = {"key": each.key, "task_id": row.task_id, "title": row.title, "text": row.text, "section": row.section}
        candidates.append({**shown, "likeness": each.likeness})
    payload = _json({"task": task, "candidates": candidates})
    session.add(Question(notice=notice.id, version=version.ordinal, kind="task", payload=payload, asked_at=at))


def settle(session: Session, notice: Notice, key: str, at: str) -> None:
    """Takes an older task out of the open questions: it is known now what became of it."""
    query = select(Question).where(
        Question.notice == notice.id, Question.kind == "task", Question.answered_at.is_(None)
    )
    for question in session.scalars(query):
        payload = json.loads(question.payload)
        left = [each for each in payload["candidates"] if each["key"] != key]
        if payload["task"]["key"] == key or not left:
            question.answer, question.answered_at, question.answered_by = _json("new"), at, SYSTEM
        elif len(left) < len(payload["candidates"]):
            question.payload = _json({**payload, "candidates": left})


def key_map(session: Session, version: Version) -> dict[str, str]:
    """The keys of a version's tasks by their ids, in the order in which they stand."""
    query = select(TaskVersion.task_id, TaskVersion.key).where(TaskVersion.version == version.id)
    query = query.order_by(TaskVersion.position)
    return {task_id: key for task_id, key in session.execute(query)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
