"""What changed of items, noted as it is written, and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from pipeline.tracker import naming
from pipeline.tracker.models import (
    Event,
    Evidence,
    Extension,
    Item,
    ItemParty,
    Note,
    Occurrence,
    Score,
)
from pipeline.tracker.types import LedgerError

#: What hangs on an item, by the name under which events hold it; parties are held by ``items.parties``.
TABLES: dict[str, Any] = {
    "occurrences": Occurrence, "notes": Note, "evidence": Evidence, "extensions": Extension, "scores": Score,
}  # fmt: skip
_NAMES = {table: name for name, table in TABLES.items()}
_QUIET = frozenset({"revision", "updated_at", "created_at", "next_due", "version"})
#: A number that was given stays with its item: papers may bear it.
_LASTING = frozenset({"number", "id"})
UNDO = "undo"
Changes = dict[str, Any]


class Recorder:
    """Listens to a session and keeps what it writes of items, before and after."""

    def __init__(self, session: Session, by: str, at: str) -> None:
        self.session, self.by, self.at = session, by, at
        self.batch = (session.scalar(select(func.max(Event.batch))) or 0) + 1
        self.wrote = False
        self._before: dict[int, Changes] = {}
        self._after: dict[int, Changes] = {}
        event.listen(session, "after_flush", self._flushed)

    @contextmanager
    def noting(self, kind: str, reason: str = "", by: str | None = None) -> Iterator[None]:
        """All that is written within becomes one event for each item that it touches."""
        yield
        self.session.flush()
        touched = [item for item in self._after if self._before[item] or self._after[item]]
        for item in touched:
            self.session.add(
                Event(
                    batch=self.batch, item=item, kind=kind, before=_json(self._before[item]),
                    after=_json(self._after[item]), reason=reason, by=by or self.by, at=self.at,
                )
            )  # fmt: skip
        for start in range(0, len(touched), 1000):
            self.session.execute(
                update(Item).where(Item.id.in_(touched[start : start + 1000]))
                .values(revision=Item.revision + 1, updated_at=self.at),
                execution_options={"synchronize_session": False},
            )  # fmt: skip
        self._before.clear()
        self._after.clear()
        self.session.flush()
        for item in touched:
            if known := self.session.identity_map.get(identity_key(Item, item)):
                self.session.expire(known, ["revision", "updated_at"])

    def _flushed(self, session: Session, _: object) -> None:
        self.wrote = True
        for row in session.new:
            if isinstance(row, Item):
                self._note(row.id, {}, {"created": True, **_loaded(row, Item)})
            elif name := _NAMES.get(type(row)):
                after = _shown(row) if isinstance(row, Occurrence) else _loaded(row, type(row))
                self._note(row.item, {name: {str(row.id): None}}, {name: {str(row.id): after}})
        for row in session.dirty:
            old, new = _differences(row)
            if not old and not new:
                continue
            if isinstance(row, Item):
                self._note(row.id, old, new)
            elif name := _NAMES.get(type(row)):
                self._note(row.item, {name: {str(row.id): old}}, {name: {str(row.id): new}})
        for row in session.deleted:
            if name := _NAMES.get(type(row)):
                self._note(row.item, {name: {str(row.id): _loaded(row, type(row))}}, {name: {str(row.id): None}})

    def _note(self, item: int, before: Changes, after: Changes) -> None:
        kept = self._before.setdefault(item, {})
        made = "created" in self._after.get(item, {})
        for key, value in before.items():
            if isinstance(value, dict):
                for row, old in value.items():
                    rows = kept.setdefault(key, {})
                    # What was before the first change counts; a row that was made meanwhile was not there.
                    rows[row] = {**old, **rows[row]} if rows.get(row) and old is not None else rows.get(row, old)
            elif not made:
                kept.setdefault(key, value)
        later = self._after.setdefault(item, {})
        for key, value in after.items():
            if isinstance(value, dict):
                for row, new in value.items():
                    rows = later.setdefault(key, {})
                    rows[row] = new if new is None or rows.get(row) is None else {**rows[row], **new}
            else:
                later[key] = value


def _shown(row: Occurrence) -> Changes:
    return {"series": row.series, "period": row.period, "due": row.due}


def _loaded(row: Any, table: Any) -> Changes:
    """A row's values that say something; of an item those of its own columns."""
    found = {column.key: getattr(row, column.key) for column in inspect(table).column_attrs}
    if table is Item:
        return {key: found[key] for key in ("title", "text", "filing", "proposal") if found[key]}
    return found


def _differences(row: Any) -> tuple[Changes, Changes]:
    old: Changes = {}
    new: Changes = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if attribute.key not in _QUIET and history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if before != after:
                old[attribute.key], new[attribute.key] = before, after
    return old, new


def _json(value: Changes) -> str:
    return json.dumps(value, ensure_ascii=False)


def history(session: Session, item: int) -> Sequence[Event]:
    """An item's changes in their order."""
    return session.scalars(select(Event).where(Event.item == item).order_by(Event.id)).all()


def last_batch(session: Session, by: str) -> int:
    """The last batch of an operator that can be taken back.

    Raises:
        LedgerError: there is none.
    """
    query = select(func.max(Event.batch)).where(Event.by == by, Event.undone_at.is_(None), Event.kind != UNDO)
    found = session.scalar(query)
    if found is None:
        raise LedgerError("ledger.nothing_to_undo", f"{by} 没有可以撤销的操作", remedy="请用 duban task 编号 查看历史")
    return found


def undo(session: Session, batch: int, by: str, at: str) -> list[Event]:
    """Takes a batch back; must run while a recorder notes it. What it made anew is archived, nothing is deleted.

    Returns:
        The batch's events, the latest first.

    Raises:
        LedgerError: there is no such batch, it was undone, or later changes build on it.
    """
    events = list(session.scalars(select(Event).where(Event.batch == batch).order_by(Event.id.desc())))
    if not events or any(each.kind == UNDO for each in events):
        raise LedgerError("ledger.no_batch", f"没有可以撤销的第 {batch} 次操作", remedy="请用 duban task 编号 查看历史")
    if all(each.undone_at for each in events):
        raise LedgerError("ledger.undone", f"第 {batch} 次操作已经撤销过了")
    for each in events:
        _refuse_if_built_upon(session, each)
    for each in events:
        if each.undone_at is None:
            _restore(session, each)
            each.undone_at, each.undone_by = at, by
    session.flush()
    return events


def _refuse_if_built_upon(session: Session, made: Event) -> None:
    query = select(Event).where(
        Event.item == made.item, Event.id > made.id, Event.batch != made.batch, Event.undone_at.is_(None),
        Event.kind != UNDO,
    )  # fmt: skip
    after = json.loads(made.after)
    for later in session.scalars(query.order_by(Event.id)):
        if "created" in after or _overlap(after, json.loads(later.after)):
            item = session.get_one(Item, made.item)
            raise LedgerError(
                "ledger.built_upon",
                f"撤销不了：事项 {item.number or item.id} 后来又改过（第 {later.batch} 次，{later.by}，{later.at}）",
                remedy=f"请先撤销第 {later.batch} 次操作",
            )


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    for key in (one.keys() & other.keys()) - _LASTING - {"edited"}:
        if not isinstance(one[key], dict) or not isinstance(other[key], dict):
            return True
        if any(_touch(one[key][row], other[key][row]) for row in one[key].keys() & other[key].keys()):
            return True
    return False


def _touch(one: Changes | None, other: Changes | None) -> bool:
    """Whether two changes of one row are of the same values; a row that was made or removed is touched as a whole."""
    if one is None or other is None or "period" in one:
        return True
    return bool(one.keys() & other.keys())


def _restore(session: Session, made: Event) -> None:
    item = session.get_one(Item, made.item)
    before, after = json.loads(made.before), json.loads(made.after)
    if "created" in after:
        item.filing, item.reason = "archived", "新增已撤销"
    for key, value in before.items():
        if key in TABLES:
            for row, old in value.items():
                _restore_row(session, TABLES[key], int(row), old)
        elif key == "edited":
            # Other fields may have been set since.
            then, now = {*json.loads(value)}, {*json.loads(after[key])}
            item.edited = json.dumps(sorted({*json.loads(item.edited)} - (now - then) | (then - now)))
        elif key not in _LASTING:
            setattr(item, key, value)
    if "parties" in before:
        put_parties(session, item)
    session.flush()


def _restore_row(session: Session, table: Any, number: int, old: Changes | None) -> None:
    row = session.get(table, number)
    if old is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(table(**old))
    else:
        for key, value in old.items():
            setattr(row, key, value)


def put_parties(session: Session, item: Item) -> None:
    """Writes the rows that filters look at anew from what the item says."""
    session.flush()
    for row in session.scalars(select(ItemParty).where(ItemParty.item == item.id)):
        session.delete(row)
    session.add_all(
        ItemParty(item=item.id, name=each["name"], unit=naming.unit_of(session, item, each), role=each["role"])
        for each in json.loads(item.parties)
    )
