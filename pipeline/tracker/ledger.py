"""The ledger as the rest of the program sees it: every method that writes is one transaction and one step of undo,
or one step together with others within ``batch``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.models import NoticeName
from pipeline.tracker import (
    events,
    evidence,
    filing,
    models,
    rows,
    work,
    work_figures,
)
from pipeline.tracker import propose as proposing
from pipeline.tracker.reads import Reads
from pipeline.tracker.transactions import Ids
from pipeline.tracker.types import (
    Event,
    Evidence,
    LedgerError,
)

_UNSET: Any = object()
#: Notices whose items are proposed in one transaction.
_AT_ONCE = 20


class Ledger(Reads):
    """Items, their periods and what was reported on them. Every method may raise LedgerError and StoreError."""

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
        """仅存档, parts with their parents; without a reason the proposed one counts."""
        with self._writing("archived", reason) as session:
            for item in self._items(session, ids):
                filing.archive(session, item, reason)
                self._archive_parts(session, item, item.reason)
            return self._batch()

    def merge(self, ids: Ids, into: int) -> int:
        """并入 another item, which has the units of both; parts of the one are only kept."""
        with self._writing("merged") as session:
            target = self._item(session, into)
            for item in self._items(session, ids):
                filing.merge(session, item, target)
                self._archive_parts(session, item, f"所属事项{item.reason}")
            return self._batch()

    def _archive_parts(self, session: Session, item: models.Item, reason: str) -> None:
        for part in work.parts_of(session, item):
            filing.archive(session, part, reason)

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
        """Back to 待立项, parts with their parents; closed and stopped items are worked on again."""
        with self._writing("reopened") as session:
            for item in self._items(session, ids):
                filing.reopen(session, item)
                for part in session.scalars(select(models.Item).where(models.Item.parent == item.id)).all():
                    if item.filing == "pending" and part.filing != "pending":
                        filing.reopen(session, part)
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
        """Sets a field of ``edit.FIELDS``, or ``status`` where no command is for it.

        Parts that said what the whole said follow; what was done in them stays.
        """
        with self._writing("set") as session:
            for item in self._items(session, ids):
                if field == "status":
                    work.set_status(session, item, str(value))
                else:
                    work.set_field(session, item, field, value)
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

    def report_figures(self, item_id: int, figures: Sequence[tuple[str, int, float]]) -> int:
        """反馈 of an item with several figures: period, series and figure of each; they wait for 审核."""
        with self._writing("reported") as session:
            work_figures.report(session, self._item(session, item_id), figures, self.today)
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
