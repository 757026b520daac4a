"""Takes a file's records into the store: a new notice, a version of one, another file of one, or nothing new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import current, diff
from pipeline.store.identity import JOINT, content, find_notice, find_version, number_key, rank, title_key, year_of
from pipeline.store.models import Change, Notice, NoticeName, Question, Source, Task, Version, VersionSource
from pipeline.store.read import notice_of
from pipeline.store.rows import Arrival, Outcome, Saved
from pipeline.store.sides import side_of
from schemas.document import Source as RecordSource
from schemas.document import Warning
from schemas.record import NoticeRecord

#: The warning in a record whose files differ.
CONFLICT = "source.conflict"


def stamp(at: datetime) -> str:
    """A time as the store holds it: ISO text in UTC. A time without a zone is taken for UTC."""
    known = at if at.tzinfo else at.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds")


def tell(session: Session, notice_id: str, kind: str, by: str, at: str) -> None:
    """Notes a change, for those who take what changed."""
    session.add(Change(notice_id=notice_id, kind=kind, at=at, by=by))


def save(session: Session, records: Sequence[NoticeRecord], arrival: Arrival, by: str, at: datetime) -> list[Saved]:
    """Takes a file's records in; a file whose bytes are known changes nothing.

    Returns:
        For each record what became of it.
    """
    known = session.scalars(select(Source).where(Source.sha256 == arrival.sha256)).one_or_none()
    if known is not None:
        return _duplicates(session, known)
    when = stamp(at)
    source = Source(
        name=arrival.name, format=arrival.format, sha256=arrival.sha256, bytes=arrival.bytes, pages=arrival.pages,
        archived_path=arrival.archived_path, ingested_at=when,
    )  # fmt: skip
    session.add(source)
    session.flush()
    saved = [save_one(session, record, source, i, by, when) for i, record in enumerate(records)]
    if arrival.internal:
        for each in saved:
            notice_of(session, each.notice_id).internal = True
    session.flush()
    return saved


def _duplicates(session: Session, source: Source) -> list[Saved]:
    query = (
        select(Notice.notice_id, Version.ordinal)
        .join(Version, Version.notice == Notice.id)
        .join(VersionSource, VersionSource.version == Version.id)
        .where(VersionSource.source == source.id)
        .order_by(VersionSource.position, Version.id)
    )
    return [Saved(notice_id, "duplicate", ordinal) for notice_id, ordinal in session.execute(query)]


def save_one(session: Session, record: NoticeRecord, source: Source, position: int, by: str, at: str) -> Saved:
    """Takes one of a file's records in; its notice may be known or not."""
    record.notice.sources = sources_of(record, source)
    notice, asked = find_notice(session, record)
    if notice is None:
        notice = _new_notice(session, record, at)
        version = add_version(session, notice, record, source, position, by, at)
        current.assign(session, notice, version, record, at)
        if asked:
            _ask_for_notice(session, notice, asked, at)
        tell(session, notice.notice_id, "new", by, at)
        return Saved(notice.notice_id, "new", version.ordinal, questions=int(bool(asked)))
    name_notice(session, notice, record.notice.id)
    found = find_version(session, notice, record)
    if found is None:
        return new_version(session, notice, record, source, position, by, at)
    return _another_source(session, notice, found, record, source, position, by, at)


def _new_notice(session: Session, record: NoticeRecord, at: str) -> Notice:
    notice = Notice(
        notice_id=record.notice.id, current_version=0, updated_at=at, confirmed=False, internal=False,
        number_key=None, title_key=None,
    )  # fmt: skip
    session.add(notice)
    session.flush()
    name_notice(session, notice, record.notice.id)
    return notice


def name_notice(session: Session, notice: Notice, notice_id: str) -> None:
    """Notes an id that a notice was extracted under."""
    if session.get(NoticeName, notice_id) is None:
        session.add(NoticeName(notice_id=notice_id, notice=notice.id))
        session.flush()


def describe(notice: Notice, record: NoticeRecord, at: str) -> None:
    """Writes what lists show of a notice from its current version's record."""
    about = record.notice
    notice.title, notice.kind, notice.issue_date = about.title, about.kind, about.issue_date
    notice.number = about.document_number.text if about.document_number else None
    notice.agency = JOINT.join(issuer.name for issuer in about.issuers) or None
    notice.region = about.region.code if about.region else None
    notice.city = "/".join(about.region.path) if about.region else None
    notice.year = year_of(record)
    notice.number_key, notice.title_key = number_key(record), title_key(record)
    notice.updated_at = at


def add_version(
    session: Session, notice: Notice, record: NoticeRecord, source: Source, position: int, by: str, at: str
) -> Version:
    """A further version, which becomes the current one; its tasks are not assigned yet."""
    # The notice's id stays, whatever id this file's own words would give.
    record.notice.id = notice.notice_id
    version = Version(
        notice=notice.id, ordinal=notice.current_version + 1, content_hash=record.notice.content_hash, record="",
        created_at=at, created_by=by, updated_at=at, schema_version="", producer_version="", rules="",
    )  # fmt: skip
    put_record(version, record, at)
    session.add(version)
    session.flush()
    _link(session, version, source, position, record)
    notice.current_version = version.ordinal
    describe(notice, record, at)
    session.flush()
    return version


def put_record(version: Version, record: NoticeRecord, at: str) -> None:
    """Writes a version's record and what made it."""
    version.record = record.to_json(indent=None)
    version.schema_version, version.updated_at = record.schema_version, at
    version.producer_version, version.rules = record.producer.version, record.producer.rules


def new_version(
    session: Session, notice: Notice, record: NoticeRecord, source: Source, position: int, by: str, at: str
) -> Saved:
    """A reissue: a further version, with what changed against the one that was current."""
    query = select(Version).where(Version.notice == notice.id, Version.ordinal == notice.current_version)
    before = side_of(session, session.scalars(query).one())
    version = add_version(session, notice, record, source, position, by, at)
    questions = current.assign(session, notice, version, record, at)
    changed = diff.compare(notice.notice_id, before, side_of(session, version), doubtful_keys(session, notice))
    tell(session, notice.notice_id, "version", by, at)
    return Saved(notice.notice_id, "new_version", version.ordinal, changed, questions)


def doubtful_keys(session: Session, notice: Notice) -> list[str]:
    """Keys of tasks of which it is asked whether they are dropped."""
    return list(session.scalars(select(Task.key).where(Task.notice == notice.id, Task.doubtful)))


def _another_source(
    session: Session,
    notice: Notice,
    version: Version,
    record: NoticeRecord,
    source: Source,
    position: int,
    by: str,
    at: str,
) -> Saved:
    """A further file of a version. The record of the better format stands; where they differ it says so."""
    stored = NoticeRecord.model_validate_json(version.record)
    if {each.sha256 for each in record.notice.sources} <= {each.sha256 for each in stored.notice.sources}:
        _link(session, version, source, position, record)
        return Saved(notice.notice_id, "duplicate", version.ordinal)
    formats = {each.format for each in stored.notice.sources}
    own = record.notice.sources[0]
    outcome: Outcome = "duplicate" if own.format in formats else "another_format"
    questions = 0
    _link(session, version, source, position, record)
    differs = content(stored) != content(record)
    if rank(own.format) < min(rank(each.format) for each in stored.notice.sources):
        record.notice.id = notice.notice_id
        record.notice.sources = _joined(record.notice.sources, stored.notice.sources)
        _note_conflict(record, stored, differs)
        put_record(version, record, at)
        version.content_hash = record.notice.content_hash
        questions = current.assign(session, notice, version, record, at, previous=stored)
        if version.ordinal == notice.current_version:
            describe(notice, record, at)
    else:
        stored.notice.sources = _joined(stored.notice.sources, record.notice.sources)
        _note_conflict(stored, record, differs)
        put_record(version, stored, at)
        notice.updated_at = at
    tell(session, notice.notice_id, "source", by, at)
    return Saved(notice.notice_id, outcome, version.ordinal, questions=questions)


def _note_conflict(kept: NoticeRecord, other: NoticeRecord, differs: bool) -> None:
    """Says in the record that stays where the other file's tasks differ."""
    if not differs:
        return
    mine, theirs = {task.id: task for task in kept.tasks}, {task.id: task for task in other.tasks}
    only = len(mine.keys() - theirs.keys()), len(theirs.keys() - mine.keys())
    fields = [
        task
        for task, line in zip(other.tasks, content(other), strict=True)
        if task.id in mine and line not in content(kept)
    ]
    examples = [task.title or task.text for task in other.tasks if task.id not in mine][:3]
    words = "；".join(text.replace("\n", " ")[:40] for text in examples)
    message = (
        f"同一公文的几个文件（{kept.notice.sources[0].name}、{other.notice.sources[0].name}）读出的任务不一致："
        f"前者独有 {only[0]} 条，"
        f"后者独有 {only[1]} 条，内容不同 {len(fields)} 条"
        + (f"（如：{words}）" if words else "")
        + "；以前者为准，请对照原文核对"
    )
    kept.warnings = [*kept.warnings, Warning(code=CONFLICT, message=message)]


def sources_of(record: NoticeRecord, source: Source) -> list[RecordSource]:
    """A record's files as they arrived; one that lay in an archive or a mail keeps its own description."""
    arrived = RecordSource(
        name=source.name, format=source.format, sha256=source.sha256, bytes=source.bytes, pages=source.pages
    )
    return [arrived if each.sha256 == source.sha256 else each for each in record.notice.sources] or [arrived]


def _joined(first: Sequence[RecordSource], more: Sequence[RecordSource]) -> list[RecordSource]:
    known = {each.sha256 for each in first}
    return [*first, *(each for each in more if each.sha256 not in known)]


def _link(session: Session, version: Version, source: Source, position: int, record: NoticeRecord) -> None:
    """Notes that a file holds a version. An archive may hold it twice; then its first place counts."""
    if session.get(VersionSource, (version.id, source.id)) is None:
        session.add(
            VersionSource(
                version=version.id, source=source.id, position=position, content_hash=record.notice.content_hash
            )
        )
        session.flush()


def _ask_for_notice(session: Session, notice: Notice, asked: Sequence[Notice], at: str) -> None:
    def shown(each: Notice) -> dict[str, object]:
        return {"notice_id": each.notice_id, "title": each.title, "number": each.number, "issue_date": each.issue_date}

    payload = {"notice": shown(notice), "candidates": [shown(each) for each in asked]}
    text = json.dumps(payload, ensure_ascii=False)
    session.add(Question(notice=notice.id, version=notice.current_version, kind="notice", payload=text, asked_at=at))


def mark(
    session: Session, notice_id: str, confirmed: bool | None, internal: bool | None, by: str, at: datetime
) -> None:
    """Notes what a person said of a notice; None leaves a mark as it is."""
    notice = notice_of(session, notice_id)
    notice.confirmed = notice.confirmed if confirmed is None else confirmed
    notice.internal = notice.internal if internal is None else internal
    notice.updated_at = stamp(at)
    tell(session, notice.notice_id, "marked", by, stamp(at))
