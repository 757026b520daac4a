"""What a ledger tells, and the registers that it keeps beside its items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from pipeline.tracker import events, models, naming, query, registers, rows
from pipeline.tracker.registers import SentOut, Snapshot
from pipeline.tracker.transactions import Transactions
from pipeline.tracker.types import (
    Detail,
    Event,
    Extension,
    Item,
    LedgerError,
    Note,
    Occurrence,
    Query,
    Reminder,
    Score,
    Unit,
    UnitSet,
)


class Reads(Transactions):
    """A ledger's items, periods and registers."""

    def items(self, wanted: Query) -> list[Item]:
        """Items that a query lets through, in the order of their notices."""
        with self._reading() as session:
            return naming.laid_over(session, query.items(session, wanted), self.today)

    def count(self, wanted: Query) -> int:
        """How many items a query lets through."""
        with self._reading() as session:
            return query.count(session, wanted)

    def resolve(self, ref: int | str) -> int:
        """An item's number by its number, 督办编号 or task key; 0014 is a 督办编号's end and no item's number."""
        text = str(ref).strip()
        table = models.Item
        with self._reading() as session:
            by_number = session.scalar(select(table.id).where(table.number == text))
            by_key = select(table.id).where(table.key == text).order_by(table.parent.is_not(None), table.id)
            found = by_number or session.scalars(by_key).first()
            if found is None and text.isdecimal() and len(text) < 10 and text[0] != "0":
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

    def sent_out(self) -> SentOut | None:
        """The units' files that were sent out last, and who returned one."""
        with self._reading() as session:
            return registers.sent_out(session)

    def mark_sent_out(self, made: SentOut) -> None:
        """Notes units' files as sent out, or as returned."""
        with self.batch():
            assert self._session is not None
            registers.mark_sent_out(self._session, made)

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

    def scores(self, period: str | None = None) -> list[Score]:
        """Scores by assessment schemes, of a period where one is named."""
        with self._reading() as session:
            return registers.scores(session, period)

    def save_scores(self, scores: Iterable[Score]) -> int:
        """Keeps proposed and confirmed scores; gives how many are new or changed."""
        with self.batch():
            assert self._session is not None
            return registers.save_scores(self._session, scores, self.by, self._at)
