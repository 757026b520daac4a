"""The store's state at one moment, as an SQLite file, whatever database it is in and whoever works with it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office import Office

if TYPE_CHECKING:
    from sqlalchemy import Engine


def take(office: Office, path: Path) -> None:
    """The store's state at one moment, as an SQLite file without a log beside it.

    Raises:
        pipeline.store.StoreError: the store can't be read.
    """
    from pipeline.store import open_store

    office.store().close()  # makes it where it is missing, and brings it to the current form
    place = office.database
    if isinstance(place, Path):
        copy_sqlite(place, path, alone=True)
        return
    from pipeline.store.engine import engine_of
    from pipeline.store.transfer import transfer

    open_store(path).close()
    with _engine(engine_of(place)) as source, _engine(engine_of(path)) as target:
        transfer(source, target)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


@contextlib.contextmanager
def _engine(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def copy_sqlite(source: Path, target: Path, *, alone: bool = False) -> None:
    """Makes one SQLite file like another in one transaction, whoever works with either.

    Args:
        alone: the copy is to be one file, without a log beside it.

    Raises:
        pipeline.store.StoreError: either can't be read or written, or is damaged.
    """
    from pipeline.store import StoreError

    try:
        with (
            contextlib.closing(sqlite3.connect(source, timeout=30)) as old,
            contextlib.closing(sqlite3.connect(target, timeout=30, isolation_level=None)) as new,
        ):
            old.backup(new)
            (state,) = new.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise sqlite3.DatabaseError(state)
            if alone:
                new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreError(
            "store.damaged",
            f"数据库读写不了或已损坏（{error}）",
            file=str(source),
            remedy="请用 duban restore 从备份恢复",
        ) from error
