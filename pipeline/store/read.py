"""What the store tells: notices, versions, records, tasks, changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pipeline.store import diff
from pipeline.store.engine import OVERLAY
from pipeline.store.keys import key_map
from pipeline.store.models import (
    Change,
    Notice,
    NoticeName,
    Question,
    Source,
    Task,
    TaskVersion,
    Version,
    VersionSource,
)
from pipeline.store.rows import Appearance, NoticeRow, SourceRow, StoreError, TaskRow, VersionRow
from pipeline.store.rows import Change as ChangeRow
from pipeline.store.rows import Question as QuestionRow
from pipeline.store.sides import side_of
from schemas import record as schema

FILTERS = ("city", "agency", "year", "topic", "since", "ids", "internal")


def notice_of(session: Session, notice_id: str) -> Notice:
    """A notice by its id, or by any id that it was extracted under.

    Raises:
        StoreError: there is none.
    """
    name = session.get(NoticeName, notice_id)
    found = session.get(Notice, name.notice) if name else None
    if found is None:
        raise StoreError("store.no_notice", f"库中没有公文 {notice_id}", remedy="请用 duban status 查看公文的编号")
    return found


def version_of(session: Session, notice: Notice, ordinal: int | None = None) -> Version:
    """A notice's version, the current one where none is named.

    Raises:
        StoreError: there is none.
    """
    wanted = notice.current_version if ordinal is None else ordinal
    query = select(Version).where(Version.notice == notice.id, Version.ordinal == wanted)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise StoreError(
            "store.no_version",
            f"公文 {notice.notice_id} 没有第 {wanted} 版",
            remedy=f"现有第 1 至 {notice.current_version} 版",
        )
    return found


def has(session: Session, sha256: str) -> bool:
    """Whether a file with these bytes was taken in."""
    return session.scalar(select(Source.id).where(Source.sha256 == sha256)) is not None


def notices(session: Session, filters: Mapping[str, Any]) -> list[NoticeRow]:
    """Notices that all filters let through, in the order in which they came.

    Args:
        filters: ``city`` a region's name at any level (宿州 or 宿州市) or its code; ``agency`` part of an issuer's
            name; ``year`` of issue; ``topic`` of a task; ``since`` a cursor: what changed after it; ``ids``;
            ``internal`` false leaves out 内部资料. One that is None lets everything through.

    Raises:
        TypeError: there is no such filter.
    """
    unknown = set(filters) - set(FILTERS)
    if unknown:
        raise TypeError(f"no such filter: {', '.join(sorted(unknown))}")
    counts = (
        select(func.count()).select_from(TaskVersion).join(Version, Version.id == TaskVersion.version)
        .where(Version.notice == Notice.id, Version.ordinal == Notice.current_version).scalar_subquery()
    )  # fmt: skip
    asked = (
        select(func.count()).select_from(Question)
        .where(Question.notice == Notice.id, Question.answered_at.is_(None)).scalar_subquery()
    )  # fmt: skip
    query = select(Notice, counts, asked).order_by(Notice.id)
    for condition in _conditions(filters):
        query = query.where(condition)
    return [_notice_row(notice, tasks, questions) for notice, tasks, questions in session.execute(query)]


def _conditions(filters: Mapping[str, Any]) -> Iterable[ColumnElement[bool]]:
    given = {name: value for name, value in filters.items() if value is not None}
    if "city" in given:
        yield _in_city(str(given["city"]))
    if "agency" in given:
        yield Notice.agency.contains(str(given["agency"]), autoescape=True)
    if "year" in given:
        yield Notice.year == int(given["year"])
    if "topic" in given:
        held = select(Version.notice).join(TaskVersion, TaskVersion.version == Version.id)
        held = held.where(
            TaskVersion.topics.contains(json.dumps(str(given["topic"]), ensure_ascii=False), autoescape=True)
        )
        yield Notice.id.in_(
            held.where(Version.ordinal == Notice.current_version, Version.notice == Notice.id).correlate(Notice)
        )
    if "since" in given:
        yield Notice.notice_id.in_(select(Change.notice_id).where(Change.seq > int(given["since"])))
    if "ids" in given:
        yield Notice.id.in_(select(NoticeName.notice).where(NoticeName.notice_id.in_(list(given["ids"]))))
    if given.get("internal") is False:
        yield Notice.internal.is_(False)


#: What a region's name may end with where it is asked for without.
_ENDINGS = ("", *"省市县区州盟旗", "自治区", "自治州", "自治县", "壮族自治区", "回族自治区", "维吾尔自治区")


def _in_city(city: str) -> ColumnElement[bool]:
    """A region by its code, or by a whole name in its path, whose ending (市, 县, 省) may be left out."""
    path = "/" + func.coalesce(Notice.city, "") + "/"
    names = (path.contains(f"/{city}{ending}/", autoescape=True) for ending in _ENDINGS)
    return or_(Notice.region == city, *names)


def _notice_row(notice: Notice, tasks: int, questions: int) -> NoticeRow:
    return NoticeRow(
        notice.notice_id, notice.title, notice.kind, notice.number, notice.agency, notice.region, notice.city,
        notice.year, notice.issue_date, notice.confirmed, notice.internal, notice.current_version, tasks, questions,
        notice.updated_at,
    )  # fmt: skip


def sources(session: Session, notice: Notice | None = None) -> list[SourceRow]:
    """Files of a notice, or all, in the order in which they came; a file of several notices stands once for each."""
    query: Any = (
        select(Source, Notice.notice_id, Version.ordinal)
        .join(VersionSource, VersionSource.source == Source.id)
        .join(Version, Version.id == VersionSource.version)
        .join(Notice, Notice.id == Version.notice)
        .order_by(Source.id, Notice.id, Version.ordinal)
    )
    if notice is not None:
        query = query.where(Notice.id == notice.id)
    held: dict[tuple[int, str], tuple[Source, list[int]]] = {}
    for source, notice_id, ordinal in session.execute(query):
        held.setdefault((source.id, notice_id), (source, []))[1].append(ordinal)
    return [
        SourceRow(
            s.name, s.format, s.sha256, s.bytes, s.pages, s.archived_path, s.ingested_at, notice_id, tuple(ordinals)
        )
        for (_, notice_id), (s, ordinals) in held.items()
    ]


def versions(session: Session, notice_id: str) -> list[VersionRow]:
    """A notice's versions, the first one first."""
    notice = notice_of(session, notice_id)
    files = sources(session, notice)
    query = select(Version).where(Version.notice == notice.id).order_by(Version.ordinal)
    return [
        VersionRow(
            notice.notice_id, v.ordinal, v.content_hash, v.schema_version, v.producer_version, v.rules, v.created_at,
            v.created_by, v.updated_at, tuple(each for each in files if v.ordinal in each.versions),
        )
        for v in session.scalars(query)
    ]  # fmt: skip


def record(session: Session, notice_id: str, ordinal: int | None, corrected: bool) -> schema.NoticeRecord:
    """A notice's record; with corrections, aliases and topics on top unless it is asked for as extracted."""
    notice = notice_of(session, notice_id)
    version = version_of(session, notice, ordinal)
    found = schema.NoticeRecord.model_validate_json(version.record)
    return shown(session, notice, version, found) if corrected else found


def shown(session: Session, notice: Notice, version: Version, record: schema.NoticeRecord) -> schema.NoticeRecord:
    """A version's record as people see it: their corrections, then the office's aliases and topics on top."""
    from pipeline.store import corrections

    corrected = corrections.overlay(session, notice, version, record)
    lay = session.info.get(OVERLAY)
    return lay(corrected) if lay else corrected


def keys(session: Session, notice_id: str, ordinal: int | None = None) -> dict[str, str]:
    """The permanent keys of a version's tasks by their ids."""
    notice = notice_of(session, notice_id)
    return key_map(session, version_of(session, notice, ordinal))


def compare(session: Session, notice_id: str, old: int | None, new: int | None) -> diff.Diff:
    """What differs between two versions, as extracted; by default between the current one and the one before."""
    notice = notice_of(session, notice_id)
    later = version_of(session, notice, new)
    earlier = version_of(session, notice, max(1, later.ordinal - 1) if old is None else old)
    doubtful = session.scalars(select(Task.key).where(Task.notice == notice.id, Task.doubtful))
    return diff.compare(notice.notice_id, side_of(session, earlier), side_of(session, later), doubtful)


def task(session: Session, key_or_id: str) -> TaskRow:
    """A task with its history and corrections, as the last version that had it says, corrections applied."""
    from pipeline.store import corrections

    found = corrections.find_task(session, key_or_id)
    notice = session.get_one(Notice, found.notice)
    query = (
        select(Version.ordinal, TaskVersion).join(TaskVersion, TaskVersion.version == Version.id)
        .where(TaskVersion.key == found.key).order_by(Version.ordinal)
    )  # fmt: skip
    history = [
        Appearance(ordinal, row.task_id, row.text, tuple(json.loads(row.section)))
        for ordinal, row in session.execute(query)
    ]
    shown = schema.Task.model_validate_json(found.remains) if found.remains else None
    if history:
        last = history[-1]
        # A correction may have taken the task out; then it is shown as extracted.
        candidates = [record(session, notice.notice_id, last.version, corrected) for corrected in (True, False)]
        shown = next(t for each in candidates for t in each.tasks if t.id == last.task_id)
    if shown is None:
        raise StoreError("store.no_task", f"任务 {found.key} 已没有内容", remedy="请用 duban reprocess 重新读取该公文")
    made = corrections.listed(session, key=found.key)
    return TaskRow(found.key, notice.notice_id, found.dropped, found.doubtful, shown, tuple(history), tuple(made))


def questions(session: Session, open_only: bool = True, notice_id: str | None = None) -> list[QuestionRow]:
    """What people are asked, the oldest first."""
    query = select(Question, Notice.notice_id).join(Notice, Notice.id == Question.notice).order_by(Question.id)
    if open_only:
        query = query.where(Question.answered_at.is_(None))
    if notice_id is not None:
        query = query.where(Question.notice == notice_of(session, notice_id).id)
    return [question_row(question, name) for question, name in session.execute(query)]


def question_row(question: Question, notice_id: str) -> QuestionRow:
    answer = json.loads(question.answer) if question.answer else None
    return QuestionRow(
        question.id, notice_id, question.version, question.kind, json.loads(question.payload), question.asked_at,
        answer, question.answered_at, question.answered_by,
    )  # fmt: skip


def changes(session: Session, since: int, limit: int) -> Sequence[ChangeRow]:
    """What happened after a cursor, in its order."""
    query = select(Change).where(Change.seq > since).order_by(Change.seq).limit(limit)
    return [ChangeRow(c.seq, c.notice_id, c.kind, c.at, c.by) for c in session.scalars(query)]


def cursor(session: Session) -> int:
    """The number of the last change; 0 in an empty store."""
    return session.scalar(select(func.max(Change.seq))) or 0
