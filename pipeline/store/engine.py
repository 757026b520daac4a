"""The database connection: SQLite in WAL mode or PostgreSQL, transactions that write one after another, errors told."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.store.rows import StoreError

if TYPE_CHECKING:
    from schemas.record import NoticeRecord

#: Seconds that a transaction waits for another one that writes.
BUSY = 30.0
#: Set on the engine of sessions that write.
WRITES = "duban_writes"
#: PostgreSQL's lock that makes writing transactions wait for each other.
WRITE_LOCK = 0x64756261
_TRIES = 8

#: Where a session has what is laid over the records that it gives.
OVERLAY = "duban_overlay"

Result = TypeVar("Result")
Lay = Callable[["NoticeRecord"], "NoticeRecord"]


def engine_of(place: str | Path) -> Engine:
    """An engine for a file (SQLite) or a database's URL.

    Raises:
        StoreError: the URL can't be used.
    """
    url = _url(place)
    kind = url.get_backend_name()
    try:
        if kind == "sqlite":
            engine = create_engine(url, connect_args={"timeout": BUSY})
            event.listen(engine, "connect", _prepare_sqlite)
        elif kind == "postgresql":
            engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        else:
            raise StoreError(
                "store.url", f"数据库地址的类型“{kind}”不支持", remedy="请用 SQLite 文件路径或 postgresql:// 开头的地址"
            )
    except ModuleNotFoundError as error:
        raise StoreError("store.driver", "没有安装 PostgreSQL 驱动", remedy="请安装 duban[postgres]") from error
    event.listen(engine, "begin", _begin)
    return engine


def _url(place: str | Path) -> URL:
    text = str(place)
    if isinstance(place, Path) or "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "store.url", "数据库地址写得不对", remedy="应像 postgresql://用户:口令@主机/库名，或一个文件路径"
        ) from error
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # We say BEGIN ourselves: the driver would start transactions late, and not at all for DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(BUSY * 1000)}")
    _to_wal(cursor)
    for pragma in (
        # An original is archived once its record is committed; so a commit must outlive a power cut.
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(cursor: Any) -> None:
    """Puts a file into WAL mode. SQLite doesn't wait with that while another process makes the same file."""
    import sqlite3

    end = time.monotonic() + BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0.01, 0.05))


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.dialect.name == "sqlite":
        # A transaction that reads first and then writes could not wait for another one: it would fail at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        # Numbers of changes must become visible in their order, else a reader of changes would miss some.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


class Gate:
    """Sessions that read, and sessions that write and are tried again when another process came first."""

    def __init__(self, engine: Engine, overlay: Lay | None = None) -> None:
        self.engine = engine
        self.overlay = overlay
        self._writer = engine.execution_options(**{WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in one transaction that sees one state of the store.

        Raises:
            StoreError: the database is away, full, damaged.
        """
        with explained(), Session(self.engine, info={OVERLAY: self.overlay}) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction that writes: all of it or nothing. Others that write wait until it ends.

        Raises:
            StoreError: the database is away, full, damaged, or stays locked.
        """
        with explained():
            session = Session(self._writer, expire_on_commit=False, info={OVERLAY: self.overlay})
            with session, session.begin():
                yield session

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Does work in one transaction: all of it or nothing.

        It is done again where another process wrote the same at the same time, so it must only touch its session.

        Raises:
            StoreError: the database is away, full, damaged, or stays locked.
        """
        with explained():
            for attempt in range(_TRIES):
                try:
                    session = Session(self._writer, expire_on_commit=False, info={OVERLAY: self.overlay})
                    with session, session.begin():
                        return work(session)
                except (IntegrityError, OperationalError) as error:
                    if attempt == _TRIES - 1 or not _worth_another_try(error):
                        raise
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        raise AssertionError("unreachable")


def _worth_another_try(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state:
        return state in ("23505", "40001", "40P01", "55P03")
    text = str(error.orig).lower()
    return "unique constraint" in text or "locked" in text or "busy" in text


@contextmanager
def explained() -> Iterator[None]:
    """Turns errors of the database into one line with a remedy."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _explain(error) from error


def _explain(error: SQLAlchemyError) -> StoreError:
    text = str(getattr(error, "orig", None) or error).lower()
    for code, words, message, remedy in _KNOWN:
        if any(word in text for word in words):
            return StoreError(code, message, remedy=remedy)
    if isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StoreError(
            "store.unavailable", "数据库连接不上或中断了", remedy="请检查数据库是否在运行、地址和口令是否正确"
        )
    first = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    return StoreError("store.failed", f"数据库出错（{first}）", remedy="请把这一行和日志发给维护人员")


_KNOWN = (
    ("store.full", ("disk is full", "no space left", "disk full"), "磁盘已满，没有写入", "请腾出空间后再试"),
    ("store.busy", ("database is locked", "database table is locked"), "数据库正被另一个程序占用", "请稍后再试"),
    ("store.damaged", ("malformed", "not a database"), "数据库文件已损坏或不是数据库", "请用 duban restore 从备份恢复"),
    ("store.readonly", ("readonly database", "read-only"), "数据库只能读不能写", "请检查文件和文件夹的权限"),
    ("store.unavailable", ("unable to open",), "数据库文件打不开", "请检查文件夹是否存在、有无权限"),
)
