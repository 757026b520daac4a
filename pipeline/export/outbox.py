"""What changed, as files in a folder that another system takes away, each whole when it appears.

An event's name begins with the number of its change, so names sort in the order of the changes, and an event that is
written again after a crash has the same name. Whoever took a file deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.json import data, dump, file_name
from pipeline.export.select import Filter, Selection, item_of, read_cursor, select, write, write_cursor
from pipeline.export.tables import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.store import Store

CURSOR = ".cursor"


@dataclass(frozen=True)
class Event:
    """A notice as it is now, and the change that this is told for. ``body`` is what is sent, as JSON text."""

    seq: int
    notice_id: str
    kind: str
    at: str
    body: str

    @property
    def id(self) -> str:
        """The same whenever the event is made again: receivers know by it what they already have."""
        return f"{self.seq:012d}-{file_name(self.notice_id)}"


def events(store: Store, since: int, filters: Filter, *, unmask: bool = False) -> tuple[int, Iterator[Event]]:
    """The cursor that the events go up to, and one event for each notice that changed, in the order of the changes.

    Raises:
        ExportError: the cursor is ahead of the store.
    """
    selection = select(store, filters, since)
    return selection.cursor, _events(store, selection, unmask)


def _events(store: Store, selection: Selection, unmask: bool) -> Iterator[Event]:
    rows = {row.notice_id: row for row in selection.rows}
    chosen = [*rows, *selection.withdrawn]
    for notice_id in sorted(chosen, key=lambda each: selection.changes[each].seq):
        change = selection.changes[notice_id]
        item = item_of(store, rows[notice_id]) if notice_id in rows else Item(notice_id, None)
        envelope: dict[str, Any] = {
            "event": "withdrawn" if item.record is None else "notice", "change": change.kind, "cursor": change.seq,
            "at": change.at, "notice_id": notice_id, "record": None,
        }  # fmt: skip
        if item.record is not None:
            envelope["record"] = data(item, unmask=unmask)
        yield Event(change.seq, notice_id, change.kind, change.at, dump(envelope))


def publish(store: Store, folder: Path, filters: Filter | None = None, *, unmask: bool = False) -> int:
    """Writes what changed since the last time into the outbox; gives how many events that were.

    The cursor stands in the folder and moves when all events are written: a crash in between repeats events, and loses
    none.

    Raises:
        ExportError: the folder can't be written to, or its cursor is ahead of the store.
    """
    since, path = read_cursor(folder / CURSOR)
    cursor, found = events(store, since or 0, filters or Filter(), unmask=unmask)
    count = 0
    for event in found:
        write(folder / f"{event.id}.json", event.body)
        count += 1
    if path is not None and cursor != since:
        write_cursor(path, cursor)
    return count
