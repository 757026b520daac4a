"""Puts what newer rules read in a known file in the place of what older ones read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import current, diff
from pipeline.store.models import Notice, NoticeName, Source, Version, VersionSource
from pipeline.store.rows import Saved, StoreError
from pipeline.store.save import (
    CONFLICT,
    describe,
    doubtful_keys,
    name_notice,
    put_record,
    save_one,
    sources_of,
    stamp,
    tell,
)
from pipeline.store.sides import side_of
from schemas.record import NoticeRecord


def reprocess(session: Session, records: Sequence[NoticeRecord], sha256: str, by: str, at: datetime) -> list[Saved]:
    """Puts a file's records in the place of its earlier ones: by their ids, else by their order in the file.

    Notices that weren't read in the file before are taken in; those that aren't read any more stay as they are.

    Returns:
        For each record ``reprocessed`` with what differs, or ``duplicate`` where nothing does or another file's record
        stands for the version; for a notice that is new, as ``save``.

    Raises:
        StoreError: the file isn't known.
    """
    source = session.scalars(select(Source).where(Source.sha256 == sha256)).one_or_none()
    if source is None:
        raise StoreError("store.no_source", "库中没有这个文件", remedy="请先用 duban ingest 收入")
    when = stamp(at)
    places = _places(session, _held(session, source), records)
    return [
        _replace(session, *places[i], record, source, by, when)
        if i in places
        else save_one(session, record, source, i, by, when)
        for i, record in enumerate(records)
    ]


_Held = tuple[Version, Notice, int]


def _held(session: Session, source: Source) -> list[_Held]:
    """The versions that a file holds, with their notices and places in the file."""
    query = (
        select(Version, Notice, VersionSource.position)
        .join(Notice, Notice.id == Version.notice)
        .join(VersionSource, VersionSource.version == Version.id)
        .where(VersionSource.source == source.id)
        .order_by(VersionSource.position, Version.id)
    )
    return [(version, notice, position) for version, notice, position in session.execute(query)]


def _places(
    session: Session, held: Sequence[_Held], records: Sequence[NoticeRecord]
) -> dict[int, tuple[Version, Notice]]:
    """The versions that records take the place of, by the records' order."""
    left = list(held)
    found: dict[int, tuple[Version, Notice]] = {}
    for by_id in (True, False):
        for i, record in enumerate(records):
            name = session.get(NoticeName, record.notice.id)
            for each in () if i in found else left:
                version, notice, position = each
                if (name is not None and name.notice == notice.id) if by_id else position == i:
                    found[i] = version, notice
                    left.remove(each)
                    break
    return found


def _replace(
    session: Session, version: Version, notice: Notice, record: NoticeRecord, source: Source, by: str, at: str
) -> Saved:
    before = side_of(session, version)
    stored = before.record
    record.notice.sources = sources_of(record, source)
    if stored.notice.sources[0].sha256 != record.notice.sources[0].sha256:
        return Saved(notice.notice_id, "duplicate", version.ordinal)
    name_notice(session, notice, record.notice.id)
    record.notice.id = notice.notice_id
    record.notice.sources = list(stored.notice.sources)
    record.warnings = [*record.warnings, *(each for each in stored.warnings if each.code == CONFLICT)]
    if record == stored:
        return Saved(notice.notice_id, "duplicate", version.ordinal)
    put_record(version, record, at)
    version.content_hash = record.notice.content_hash
    session.get_one(VersionSource, (version.id, source.id)).content_hash = record.notice.content_hash
    questions = current.assign(session, notice, version, record, at, previous=stored)
    if version.ordinal == notice.current_version:
        describe(notice, record, at)
    session.flush()
    changed = diff.compare(notice.notice_id, before, side_of(session, version), doubtful_keys(session, notice))
    tell(session, notice.notice_id, "reprocessed", by, at)
    return Saved(notice.notice_id, "reprocessed", version.ordinal, changed, questions)
