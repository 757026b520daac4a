"""The store as the rest of the program sees it: every method is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.store import current, forget, questions, read, reprocess, save
from pipeline.store.diff import Diff
from pipeline.store.engine import Gate, Lay, engine_of
from pipeline.store.migrate import migrate
from pipeline.store.rows import (
    Arrival,
    Change,
    Correction,
    Forgotten,
    NoticeRow,
    Question,
    Saved,
    SourceRow,
    TaskRow,
    VersionRow,
)
from schemas.record import NoticeRecord


def open_store(url: str | Path, overlay: Lay | None = None) -> Store:
    """Opens a store, creates it where there is none, and brings an older one to the current form.

    Args:
        url: an SQLite file, or a database's URL (``postgresql://user:password@host/name``).
        overlay: what is laid over every corrected record that is read (``pipeline.overlay``).

    Raises:
        StoreError: it can't be reached, or was written by a newer version.
    """
    engine = engine_of(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(Gate(engine, overlay))


def _fresh(records: Sequence[NoticeRecord]) -> list[NoticeRecord]:
    """Copies whose notice may be written to: work that is done again must find the records as they came."""
    return [record.model_copy(update={"notice": record.notice.model_copy()}) for record in records]


class Store:
    """Notices, their versions and tasks, and what people wrote on them. Every method may raise StoreError."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    @property
    def gate(self) -> Gate:
        """Its sessions, for what lies beside it in the same database: the ledger."""
        return self._gate

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections."""
        self._gate.engine.dispose()

    def save(self, records: Sequence[NoticeRecord], arrival: Arrival, *, by: str, at: datetime) -> list[Saved]:
        """Takes a file's records in, all of them or none; gives for each what became of it."""
        return self._gate.write(lambda s: save.save(s, _fresh(records), arrival, by, at))

    def reprocess(self, records: Sequence[NoticeRecord], sha256: str, *, by: str, at: datetime) -> list[Saved]:
        """Puts a known file's records in the place of those that an earlier extraction made of it.

        Only the file that a version's record is from counts; for others the outcome is ``duplicate``, as where nothing
        differs but what made it. ``reprocessed`` has the differences.
        """
        return self._gate.write(lambda s: reprocess.reprocess(s, _fresh(records), sha256, by, at))

    def has(self, sha256: str) -> bool:
        """Whether a file with these bytes was taken in."""
        with self._gate.reading() as session:
            return read.has(session, sha256)

    def notices(self, **filters: Any) -> list[NoticeRow]:
        """Notices that all filters let through: city, agency, year, topic, since, ids, internal (``read.notices``)."""
        with self._gate.reading() as session:
            return read.notices(session, filters)

    def record(self, notice_id: str, *, version: int | None = None, corrected: bool = True) -> NoticeRecord:
        """A notice's record; of the current version, with corrections and the overlay on top, unless told otherwise."""
        with self._gate.reading() as session:
            return read.record(session, notice_id, version, corrected)

    def keys(self, notice_id: str, *, version: int | None = None) -> dict[str, str]:
        """The permanent keys of a version's tasks by their ids."""
        with self._gate.reading() as session:
            return read.keys(session, notice_id, version)

    def versions(self, notice_id: str) -> list[VersionRow]:
        """A notice's versions with their files, the first one first."""
        with self._gate.reading() as session:
            return read.versions(session, notice_id)

    def sources(self, notice_id: str | None = None) -> list[SourceRow]:
        """Files of a notice, or all; a file that holds several notices stands once for each."""
        with self._gate.reading() as session:
            return read.sources(session, read.notice_of(session, notice_id) if notice_id else None)

    def diff(self, notice_id: str, old: int | None = None, new: int | None = None) -> Diff:
        """What differs between two versions; by default between the current one and the one before."""
        with self._gate.reading() as session:
            return read.compare(session, notice_id, old, new)

    def task(self, key_or_id: str) -> TaskRow:
        """A task with its history and corrections."""
        with self._gate.reading() as session:
            return read.task(session, key_or_id)

    def questions(self, open_only: bool = True, notice_id: str | None = None) -> list[Question]:
        """What people are asked, the oldest first."""
        with self._gate.reading() as session:
            return read.questions(session, open_only, notice_id)

    def answer(self, question_id: int, answer: str, by: str, at: datetime) -> Question:
        """Answers a question with one of its candidates, or ``new``; what was written on a task goes with it."""
        return self._gate.write(lambda s: questions.answer(s, question_id, answer, by, at))

    def correct(self, key: str, field: str, operation: str, value: Any, by: str, at: datetime) -> Correction:
        """Writes a person's correction of a task; it stands apart and is applied at every read."""
        from pipeline.store import corrections

        return self._gate.write(lambda s: corrections.correct(s, key, field, operation, value, by, at))

    def undo(self, correction_id: int, by: str, at: datetime) -> Correction:
        """Takes a correction back; it stays in the history."""
        from pipeline.store import corrections

        return self._gate.write(lambda s: corrections.undo(s, correction_id, by, at))

    def corrections(self, notice_id: str | None = None, key: str | None = None) -> list[Correction]:
        """Corrections, undone ones too, of a notice, a task, or all."""
        from pipeline.store import corrections

        with self._gate.reading() as session:
            return corrections.listed(session, notice_id=notice_id, key=key)

    def mark(
        self, notice_id: str, *, confirmed: bool | None = None, internal: bool | None = None, by: str, at: datetime
    ) -> None:
        """Notes that a person looked a notice through, or that it is 内部资料."""
        self._gate.write(lambda s: save.mark(s, notice_id, confirmed, internal, by, at))

    def overlaid(self) -> str | None:
        """The digest of the tables that the copies of owners and topics were last written with."""
        with self._gate.reading() as session:
            return current.overlaid(session)

    def set_overlaid(self, digest: str, *, at: datetime) -> None:
        """Notes which tables the copies of owners and topics are of."""
        self._gate.write(lambda s: current.set_overlaid(s, digest, at))

    def notice_rows(self) -> list[int]:
        """The inner numbers of all notices, for ``relay``."""
        with self._gate.reading() as session:
            return current.notice_rows(session)

    def relay(self, row: int, *, by: str, at: datetime) -> bool:
        """Writes one notice's copies anew with the overlay of today; tells whether they read otherwise now."""
        return self._gate.write(lambda s: current.relay(s, row, by, at))

    def changes(self, since: int, limit: int = 1000) -> list[Change]:
        """What happened after a cursor, in its order."""
        with self._gate.reading() as session:
            return list(read.changes(session, since, limit))

    def cursor(self) -> int:
        """The number of the last change: give it as ``since`` to have what comes after."""
        with self._gate.reading() as session:
            return read.cursor(session)

    def forget(self, notice_id: str, *, by: str = "", at: datetime | None = None) -> Forgotten:
        """Removes every trace of a notice from the database and its log files; all that stays is that it went."""
        when = at or datetime.now(UTC)
        gone = self._gate.write(lambda s: forget.forget(s, notice_id, by, when))
        forget.wipe(self._gate.engine)
        return gone
