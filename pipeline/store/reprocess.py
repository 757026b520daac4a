"""Puts what newer rules read in a known file in the place of what older ones read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import diff, keys
from pipeline.store.models import Notice, Source, Version, VersionSource
from pipeline.store.rows import Saved, StoreError
from pipeline.store.save import CONFLICT, describe, doubtful_keys, name_notice, put_record, stamp, tell
from pipeline.store.sides import side_of
from schemas.record import NoticeRecord


def reprocess(session: Session, records: Sequence[NoticeRecord], sha256: str, by: str, at: datetime) -> list[Saved]:
    """Puts a file's records in the place of its earlier ones, by their order in the file.

    Returns:
        For each version of the file ``reprocessed`` with what differs, or ``duplicate`` where nothing does or another
        file's record stands for the version.

    Raises:
        StoreError: the file isn't known, or another number of notices is read in it now.
    """
    query = (
        select(Version, Notice)
        .join(Notice, Notice.id == Version.notice)
        .join(VersionSource, VersionSource.version == Version.id)
        .join(Source, Source.id == VersionSource.source)
        .where(Source.sha256 == sha256)
        .order_by(VersionSource.position)
    )
    held = list(session.execute(query))
    if not held:
        raise StoreError("store.no_source", "库中没有这个文件", remedy="请先用 duban ingest 收入")
    if len(held) != len(records):
        raise StoreError(
            "store.other_count", f"文件原来有 {len(held)} 份公文，现在读出 {len(records)} 份", remedy="请删除后重新收入"
        )
    when = stamp(at)
    return [
        _replace(session, version, notice, record, sha256, by, when)
        for (version, notice), record in zip(held, records, strict=True)
    ]


def _replace(
    session: Session, version: Version, notice: Notice, record: NoticeRecord, sha256: str, by: str, at: str
) -> Saved:
    before = side_of(session, version)
    stored = before.record
    if stored.notice.sources[0].sha256 != sha256:
        return Saved(notice.notice_id, "duplicate", version.ordinal)
    name_notice(session, notice, record.notice.id)
    record.notice.id = notice.notice_id
    record.notice.sources = list(stored.notice.sources)
    record.warnings = [*record.warnings, *(each for each in stored.warnings if each.code == CONFLICT)]
    if record == stored:
        return Saved(notice.notice_id, "duplicate", version.ordinal)
    put_record(version, record, at)
    version.content_hash = record.notice.content_hash
    questions = keys.assign(session, notice, version, record, at, previous=stored)
    if version.ordinal == notice.current_version:
        describe(notice, record, at)
    session.flush()
    changed = diff.compare(notice.notice_id, before, side_of(session, version), doubtful_keys(session, notice))
    tell(session, notice.notice_id, "reprocessed", by, at)
    return Saved(notice.notice_id, "reprocessed", version.ordinal, changed, questions)
