"""The ledger as the rest of the program sees it: every method that writes is one transaction and one step of undo,
or one step together with others within ``batch``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import Store
from pipeline.store.models import NoticeName
from pipeline.store.save import stamp
from pipeline.tracker import (
    edit,
    events,
    evidence,
    filing,
    models,
    naming,
    query,
    registers,
    rows,
    schedule,
    state,
    work,
)
from pipeline.tracker import propose as proposing
from pipeline.tracker.events import Recorder
from pipeline.tracker.registers import Snapshot
from pipeline.tracker.settings import LedgerSettings
from pipeline.tracker.types import (
    Detail,
    Event,
    Evidence,
    Extension,
    Item,
    LedgerError,
    Note,
    Occurrence,
    Query,
    Reminder,
    Unit,
    UnitSet,
)

_UNSET: Any = object()
#: Notices whose items are proposed in one transaction.
_AT_ONCE = 20
Ids = int | Iterable[int]


class Ledger:
    """Items, their periods and what was reported on them. Every method may raise LedgerError and StoreError."""

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

    # -- transactions

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

    # -- what the ledger takes from the store

    def propose(self, notice_id: str | None = None) -> int:
        """Brings the items to what the store says; of one notice, or of all that changed since the last time.

        Returns:
            How many items are new.
        """
        if notice_id is not None:
            with self.batch():
                assert self._session is not None and self._recorder is not None
                notices = self._session.scalars(
                    select(NoticeName.notice).where(NoticeName.notice_id == notice_id)
                ).all()
                return sum(proposing.propose(self._session, self._recorder, each) for each in notices)
        with self._reading() as session:
            since, last = proposing.due(session)
            changed = proposing.changed(session, since) if since < last else []
        if since >= last:
            return 0
        new = 0
        for start in range(0, max(len(changed), 1), _AT_ONCE):
            with self.batch():
                assert self._session is not None and self._recorder is not None
                for each in changed[start : start + _AT_ONCE]:
                    new += proposing.propose(self._session, self._recorder, each)
                if start + _AT_ONCE >= len(changed):
                    proposing.note_cursor(self._session, last)
        return new

    # -- what is there

    def items(self, wanted: Query) -> list[Item]:
        """Items that a query lets through, in the order of their notices."""
        with self._reading() as session:
            return naming.laid_over(session, query.items(session, wanted), self.today)

    def count(self, wanted: Query) -> int:
        """How many items a query lets through."""
        with self._reading() as session:
            return query.count(session, wanted)

    def resolve(self, ref: int | str) -> int:
        """An item's number by its number, 督办编号 or task key."""
        text = str(ref).strip()
        table = models.Item
        with self._reading() as session:
            by_number = session.scalar(select(table.id).where(table.number == text))
            by_key = select(table.id).where(table.key == text).order_by(table.parent.is_not(None), table.id)
            found = by_number or session.scalars(by_key).first()
            if found is None and text.isdecimal() and len(text) < 10:
                found = session.scalar(select(table.id).where(table.id == int(text)))
        if found is None:
            raise LedgerError("ledger.no_item", f"台账里没有事项 {text}", remedy="请用 duban tasks 查看编号")
        return found

    def item(self, ref: int | str) -> Detail:
        """An item with all that hangs on it; ``ref`` as of ``resolve``."""
        found = self.resolve(ref)

        def of(table: Any) -> Any:
            return session.scalars(select(table).where(table.item == found).order_by(table.id))

        with self._reading() as session:
            parts = session.scalars(
                select(models.Item.id)
                .where(models.Item.parent == found, models.Item.filing.in_(("pending", "filed")))
                .order_by(models.Item.id)
            )
            (item,) = naming.laid_over(session, query.by_ids(session, [found]), self.today)
            return Detail(
                item,
                tuple(query.occurrences(session, [found], None, None, False)),
                tuple(map(rows.note_of, of(models.Note))),
                tuple(map(rows.evidence_of, of(models.Evidence))),
                tuple(map(rows.extension_of, of(models.Extension))),
                tuple(map(rows.reminder_of, of(models.Reminder))),
                tuple(map(rows.event_of, of(models.Event))),
                tuple(query.by_ids(session, parts.all())),
            )

    def occurrences(
        self, item_ids: Sequence[int] | None = None, due_from: date | None = None, due_to: date | None = None,
        open_only: bool = False,
    ) -> list[Occurrence]:  # fmt: skip
        """Occurrences of some items, or of all that are filed; by their deadlines, open and not 印发前 where told."""
        with self._reading() as session:
            return query.occurrences(session, item_ids, due_from, due_to, open_only)

    def history(self, item_id: int) -> list[Event]:
        """What happened to an item, undone changes too."""
        with self._reading() as session:
            return [rows.event_of(row) for row in events.history(session, item_id)]

    # -- 立项

    def file(self, ids: Ids, assigned_on: date | None = None) -> int:
        """立项; assigned at once where a day is given. Parts that wait are filed with their parents."""
        with self._writing("filed") as session:
            for item in self._items(session, ids):
                filing.file(session, item, self.today, assigned_on)
                for part in work.parts_of(session, item):
                    if part.filing == "pending":
                        filing.file(session, part, self.today, assigned_on)
            return self._batch()

    def archive(self, ids: Ids, reason: str = "") -> int:
        """仅存档; without a reason the proposed one counts."""
        with self._writing("archived", reason) as session:
            for item in self._items(session, ids):
                filing.archive(session, item, reason)
            return self._batch()

    def merge(self, ids: Ids, into: int) -> int:
        """并入 another item."""
        with self._writing("merged") as session:
            target = self._item(session, into)
            for item in self._items(session, ids):
                filing.merge(session, item, target)
            return self._batch()

    def confirm(self, ids: Ids) -> int:
        """Decides pending items as they are proposed; those that are decided stay."""
        with self._writing("confirmed") as session:
            for item in self._items(session, ids):
                if item.filing != "pending":
                    continue
                if item.proposal == "merged" and item.merged_into is not None:
                    filing.merge(session, item, self._item(session, item.merged_into))
                elif item.proposal == "archived":
                    filing.archive(session, item, item.proposal_reason)
                else:
                    filing.file(session, item, self.today, None)
            return self._batch()

    def reopen(self, ids: Ids) -> int:
        """Back to 待立项; closed and stopped items are worked on again."""
        with self._writing("reopened") as session:
            for item in self._items(session, ids):
                filing.reopen(session, item)
            return self._batch()

    def split(self, item_id: int, parts: Sequence[Mapping[str, Any]]) -> list[int]:
        """Divides an item; gives the parts' numbers. Parts: ``unit`` or any field that ``set`` takes."""
        with self._writing("split") as session:
            item = self._item(session, item_id)
            made = filing.split(session, item, parts, self.today, self._at)
            return [part.id for part in made]

    def add(self, fields: Mapping[str, Any], origin: str = "other") -> int:
        """An item that comes from no notice; it waits for 立项."""
        with self._writing("added") as session:
            return filing.add(session, fields, origin, self._at).id

    def acknowledge(self, ids: Ids) -> int:
        """A person has seen what a reissue changed of items."""
        with self._writing("acknowledged") as session:
            for item in self._items(session, ids):
                item.state = "current"
            return self._batch()

    # -- 交办, 跟踪, 反馈, 审核, 办结

    def set(self, ids: Ids, field: str, value: Any) -> int:
        """Sets a field of ``edit.FIELDS``, or ``status`` where no command is for it."""
        with self._writing("set") as session:
            for item in self._items(session, ids):
                if field == "status":
                    work.set_status(session, item, str(value))
                elif edit.put(session, item, field, value) and field in (*edit.DATES, "rrule"):
                    if item.filing == "filed":
                        schedule.arrange(session, item)
                    work.settle(session, item)
            return self._batch()

    def assign(self, ids: Ids, on: date | None = None) -> int:
        """交办, today where no day is given."""
        with self._writing("assigned") as session:
            for item in self._items(session, ids):
                work.assign(session, item, on or self.today)
            return self._batch()

    def note(
        self, item_id: int, period: str = "", *, progress: str = "", problems: str = "", next_steps: str = "",
        actual: float | None = None,
    ) -> int:  # fmt: skip
        """Writes progress down; a figure goes to the period too."""
        values = {"progress": progress, "problems": problems, "next_steps": next_steps, "actual": actual}
        with self._writing("noted") as session:
            work.note(session, self._item(session, item_id), period, values, self.by, self._at)
            return self._batch()

    def report(
        self, item_id: int, period: str = "", *, progress: str = "", problems: str = "", next_steps: str = "",
        actual: float | None = None,
    ) -> int:  # fmt: skip
        """反馈 of a period, of the next open one where none is named; it waits for 审核."""
        values = {"progress": progress, "problems": problems, "next_steps": next_steps, "actual": actual}
        with self._writing("reported") as session:
            work.report(session, self._item(session, item_id), period, values, self.by, self._at, self.today)
            return self._batch()

    def accept(self, item_id: int, reason: str = "") -> int:
        """审核通过."""
        self._supervising("审核")
        with self._writing("accepted", reason) as session:
            work.accept(session, self._item(session, item_id), self.today)
            return self._batch()

    def return_(self, item_id: int, reason: str = "") -> int:
        """退回重办."""
        self._supervising("审核")
        with self._writing("returned", reason) as session:
            work.send_back(session, self._item(session, item_id))
            return self._batch()

    def close(
        self, ids: Ids, reason: str = "", *, evidence: Path | None = None, closed_on: date | None = None
    ) -> int:  # fmt: skip
        """办结销号, with evidence or a reason; today where no day is given."""
        self._supervising("办结")
        with self.batch():
            if evidence is not None:
                for each in [ids] if isinstance(ids, int) else list(ids):
                    self.attach(each, evidence)
            with self._writing("closed", reason) as session:
                for item in self._items(session, ids):
                    work.close(session, item, reason, closed_on or self.today)
                return self._batch()

    def stop(self, ids: Ids, reason: str) -> int:
        """中止."""
        with self._writing("stopped", reason) as session:
            for item in self._items(session, ids):
                if item.status != "stopped":
                    work.stop(session, item, reason)
            return self._batch()

    def extend(
        self, item_id: int, new_due: date, reason: str = "", approved_by: str = "", applied_on: date | None = None,
        period: str = "",
    ) -> int:  # fmt: skip
        """A later date, of an item or one period; the first date stays."""
        values = {
            "new_due": new_due, "reason": reason, "approved_by": approved_by,
            "applied_on": applied_on or self.today, "period": period,
        }  # fmt: skip
        with self._writing("extended", reason) as session:
            work.extend(session, self._item(session, item_id), values, self.by, self._at)
            return self._batch()

    def set_occurrence(
        self, item_id: int, period: str, actual: float | None = _UNSET, status: str = _UNSET,
        done_on: date | None = _UNSET, series: int = 0,
    ) -> int:  # fmt: skip
        """Writes down what became of a period, also of one that is 印发前; what isn't given stays."""
        given = {"actual": actual, "status": status, "done_on": done_on}
        values = {name: value for name, value in given.items() if value is not _UNSET}
        with self._writing("occurrence") as session:
            work.set_occurrence(session, self._item(session, item_id), period, series, values, self.today)
            return self._batch()

    def attach(self, item_id: int, path: Path, period: str = "") -> Evidence:
        """Keeps a copy of a file as evidence for an item."""
        if self.folder is None:
            raise LedgerError("ledger.evidence", "没有工作区，存不了佐证材料", remedy="请在工作区里操作")
        sha256, size = evidence.keep(self.folder, path)
        with self._writing("attached") as session:
            item = self._item(session, item_id)
            known = select(models.Evidence).filter_by(item=item.id, sha256=sha256, period=period)
            row = session.scalars(known).first()
            if row is None:
                row = models.Evidence(
                    item=item.id, period=period, name=path.name, sha256=sha256, bytes=size, by=self.by, at=self._at
                )
                session.add(row)
                session.flush()
            return rows.evidence_of(row)

    def undo(self, batch: int | None = None) -> list[Event]:
        """Takes a batch back, by default the operator's last one; gives its changes, the latest first.

        Raises:
            LedgerError: later changes build on it, which are named.
        """
        with self._writing(events.UNDO) as session:
            number = events.last_batch(session, self.by) if batch is None else batch
            made = events.undo(session, number, self.by, self._at)
            for item in self._items(session, [each.item for each in made]):
                work.settle(session, item)
            return [rows.event_of(each) for each in made]

    # -- beside the items

    def units(self) -> list[Unit]:
        """The roster of units."""
        with self._reading() as session:
            return registers.units(session)

    def set_units(self, units: Iterable[Unit]) -> None:
        """Puts a roster in the place of the one before."""
        with self.batch():
            assert self._session is not None
            registers.set_units(self._session, units)
            naming.rename(self._session)

    def unit_sets(self) -> list[UnitSet]:
        """What 各单位 and the like mean."""
        with self._reading() as session:
            return registers.unit_sets(session)

    def set_unit_sets(self, sets: Iterable[UnitSet]) -> None:
        """Puts sets in the place of those before."""
        with self.batch():
            assert self._session is not None
            registers.set_unit_sets(self._session, sets)
            naming.rename(self._session)

    def notes(self, item_ids: Sequence[int] | None = None) -> list[Note]:
        """Notes on some items, or on all, the oldest first."""
        with self._reading() as session:
            return registers.notes(session, item_ids)

    def extensions(self, item_ids: Sequence[int] | None = None) -> list[Extension]:
        """Extensions of some items, or of all, the oldest first."""
        with self._reading() as session:
            return registers.extensions(session, item_ids)

    def sent(self, item_ids: Sequence[int] | None = None, on: date | None = None) -> list[Reminder]:
        """Reminders that were sent."""
        with self._reading() as session:
            return registers.sent(session, item_ids, on)

    def mark_sent(self, reminders: Iterable[Reminder]) -> int:
        """Notes reminders as sent, each stage once; gives how many are new."""
        with self.batch():
            assert self._session is not None
            return registers.mark_sent(self._session, reminders, self.by, self._at)

    def snapshots(self) -> list[Snapshot]:
        """Bulletins' figures, the oldest first."""
        with self._reading() as session:
            return registers.snapshots(session)

    def save_snapshot(self, as_of: date, payload: Mapping[str, Any]) -> int:
        """Keeps a bulletin's figures."""
        with self.batch():
            assert self._session is not None
            return registers.save_snapshot(self._session, as_of, payload, self.by, self._at)
