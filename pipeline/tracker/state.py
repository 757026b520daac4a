"""How far a ledger has been written, so that copies of it are known to be older or newer."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from pipeline.store import Store

#: The mark that counts what was written: ``12 2024-03-01T08:00:00+00:00``.
WRITTEN = "written"


def note(session: Session, at: str) -> None:
    """Counts a write."""
    from pipeline.tracker.models import Mark

    mark = session.get(Mark, WRITTEN)
    if mark is None:
        session.add(Mark(name=WRITTEN, value=f"1 {at}"))
    else:
        mark.value = f"{count(mark.value) + 1} {at}"


def of_store(store: Store) -> str:
    """The mark of a store's ledger; empty where nothing was written."""
    from pipeline.tracker.models import Mark

    with store.gate.reading() as session:
        mark = session.get(Mark, WRITTEN)
        return mark.value if mark else ""


def of_file(store: sqlite3.Connection) -> str:
    """The mark of a copy's ledger; empty also where the copy is older than ledgers are."""
    try:
        row = store.execute("SELECT value FROM ledger_marks WHERE name = ?", (WRITTEN,)).fetchone()
    except sqlite3.OperationalError:
        return ""
    return str(row[0]) if row else ""


def count(mark: str) -> int:
    """How many writes a mark counts."""
    return int(mark.split(" ")[0]) if mark else 0
