"""A ledger's transactions: each writing call is one, and one step of undo, or several calls are within ``batch``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import Store
from pipeline.store.save import stamp
from pipeline.tracker import models, query, state
from pipeline.tracker.events import Recorder
from pipeline.tracker.settings import LedgerSettings
from pipeline.tracker.types import LedgerError

Ids = int | Iterable[int]


class Transactions:
    """A ledger that is read and written, without what can be asked of it."""

    def __init__(
        self, store: Store, *, today: date, by: str, now: datetime, settings: LedgerSettings | None = None,
        evidence: Path | None = None,
    ) -> None:  # fmt: skip
        """Args:
        store: where the notices are; the ledger is in the same database.
        today, now: the time that counts.
        by: who does it.
        settings: ``[ledger]`` of duban.toml.
        evidence: the folder in which files that show what was done are kept; None: none can be attached.
        """
        self.store, self.today, self.by, self.now = store, today, by, now
        self.settings = settings or LedgerSettings()
        self.folder = evidence
        self._at = stamp(now)
        self._session: Session | None = None
        self._recorder: Recorder | None = None

    @contextmanager
    def batch(self) -> Iterator[int]:
        """Several calls as one transaction and one step of undo; gives the batch's number. Batches may nest."""
        if self._recorder is not None:
            yield self._recorder.batch
            return
        with self.store.gate.writing() as session:
            recorder = Recorder(session, self.by, self._at)
            self._session, self._recorder = session, recorder
            try:
                yield recorder.batch
                session.flush()
                if recorder.wrote:
                    state.note(session, self._at)
            finally:
                self._session = self._recorder = None

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        if self._session is not None:
            self._session.flush()
            yield self._session
            return
        with self.store.gate.reading() as session:
            yield session

    @contextmanager
    def _writing(self, kind: str, reason: str = "") -> Iterator[Session]:
        with self.batch():
            assert self._recorder is not None and self._session is not None
            with self._recorder.noting(kind, reason):
                yield self._session

    def _batch(self) -> int:
        assert self._recorder is not None
        return self._recorder.batch

    def _items(self, session: Session, ids: Ids) -> list[models.Item]:
        wanted = [ids] if isinstance(ids, int) else list(dict.fromkeys(ids))
        found = {
            item.id: item
            for part in query.chunks(wanted)
            for item in session.scalars(select(models.Item).where(models.Item.id.in_(part)))
        }
        missing = [str(each) for each in wanted if each not in found]
        if missing:
            raise LedgerError(
                "ledger.no_item", f"台账里没有事项 {'、'.join(missing[:10])}", remedy="请用 duban tasks 查看编号"
            )
        return [found[each] for each in wanted]

    def _item(self, session: Session, item_id: int) -> models.Item:
        return self._items(session, item_id)[0]

    def _supervising(self, what: str) -> None:
        if not self.settings.supervising:
            raise LedgerError("ledger.not_supervising", f"{what}由督办单位来做", remedy="请反馈后等待审核")
