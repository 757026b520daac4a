"""Removes a notice so that nothing of it can be read from the database's files."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, delete, func, select
from sqlalchemy.orm import Session

from pipeline.store.engine import BUSY, explained
from pipeline.store.models import (
    Change,
    Correction,
    Notice,
    NoticeName,
    Owner,
    Question,
    Quota,
    Source,
    Task,
    TaskVersion,
    Time,
    Version,
    VersionSource,
)
from pipeline.store.read import notice_of, sources
from pipeline.store.rows import Forgotten, StoreError
from pipeline.store.save import stamp, tell


def forget(session: Session, notice_id: str, by: str, at: datetime) -> Forgotten:
    """Deletes a notice with all that hangs on it; a file that holds other notices too stays known.

    One that was forgotten before is no error: its files may still have to be cleared.

    Raises:
        StoreError: there is no such notice.
    """
    if session.get(NoticeName, notice_id) is None and _went(session, notice_id):
        # Done again because the files could not be cleared the first time.
        return Forgotten(notice_id, None, (), 0, 0, 0)
    notice = notice_of(session, notice_id)
    names = list(session.scalars(select(NoticeName.notice_id).where(NoticeName.notice == notice.id)))
    held = select(Version.id).where(Version.notice == notice.id)
    keys = select(Task.key).where(Task.notice == notice.id)
    gone = Forgotten(
        notice.notice_id, notice.title, tuple(sources(session, notice)), versions=_count(session, Version, held),
        tasks=_count(session, Task, keys), corrections=_count(session, Correction, keys), ids=tuple(names),
    )  # fmt: skip
    _forget_items(session, notice)
    own = list(session.scalars(select(VersionSource.source).where(VersionSource.version.in_(held)).distinct()))
    for table, condition in (
        (VersionSource, VersionSource.version.in_(held)), (TaskVersion, TaskVersion.version.in_(held)),
        (Correction, Correction.key.in_(keys)), (Owner, Owner.notice == notice.id), (Time, Time.notice == notice.id),
        (Quota, Quota.notice == notice.id), (Question, Question.notice == notice.id), (Task, Task.notice == notice.id),
        (Version, Version.notice == notice.id), (NoticeName, NoticeName.notice == notice.id),
        (Notice, Notice.id == notice.id), (Change, Change.notice_id.in_(names)),
    ):  # fmt: skip
        session.execute(delete(table).where(condition), execution_options={"synchronize_session": False})
    shared = select(VersionSource.source)
    session.execute(
        delete(Source).where(Source.id.in_(own), Source.id.not_in(shared)),
        execution_options={"synchronize_session": False},
    )
    _unask(session, gone.notice_id, stamp(at))
    tell(session, gone.notice_id, "forgotten", by, stamp(at))
    return gone


def _forget_items(session: Session, notice: Notice) -> None:
    """Removes the notice's items from the ledger; what hangs on them goes with them."""
    from pipeline.tracker import traces
    from pipeline.tracker.models import Item

    traces.clear(session, notice)
    traces.unlink(session, notice)
    session.flush()
    session.execute(delete(Item).where(Item.notice == notice.id), execution_options={"synchronize_session": False})


def _went(session: Session, notice_id: str) -> bool:
    query = select(Change.seq).where(Change.notice_id == notice_id, Change.kind == "forgotten")
    return session.scalars(query).first() is not None


def _count(session: Session, table: type[Version | Task | Correction], held: Select[Any]) -> int:
    column = table.id if table is Version else table.key  # type: ignore[union-attr]
    return session.scalar(select(func.count()).select_from(table).where(column.in_(held))) or 0


def _unask(session: Session, notice_id: str, at: str) -> None:
    """Takes a notice out of the questions about others, with its title."""
    for question in session.scalars(select(Question).where(Question.kind == "notice")):
        payload = json.loads(question.payload)
        left = [each for each in payload["candidates"] if each["notice_id"] != notice_id]
        if len(left) < len(payload["candidates"]):
            question.payload = json.dumps({**payload, "candidates": left}, ensure_ascii=False)
            if not left and question.answered_at is None:
                question.answer, question.answered_at, question.answered_by = '"new"', at, "duban"


def wipe(engine: Engine) -> None:
    """Clears what deleted rows leave in the files: free pages and the log of SQLite, dead rows of PostgreSQL.

    Raises:
        StoreError: another program is at work on the database, so that its files can't be cleared.
    """
    with explained():
        raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cleared = cursor.fetchall()[0][0] == 0
        else:
            raw.rollback()
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]
            # A plain VACUUM leaves the words of dead rows in their pages.
            cursor.execute(f"SET lock_timeout = {int(BUSY * 1000)}")
            from pipeline.store.tables import metadata

            for table in metadata.sorted_tables:
                cursor.execute(f"VACUUM FULL {table.name}")
            cleared = True
    except Exception as error:
        raise _not_cleared() from error
    finally:
        raw.invalidate()
    if not cleared:
        raise _not_cleared()


def _not_cleared() -> StoreError:
    return StoreError(
        "store.busy",
        "公文已删除，但另一个程序正在用数据库，文件里的残留没有清干净",
        remedy="请关掉其他督办程序后再做一次",
    )
