"""The Excel ledger read back: cells that people changed become corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.correct import Frame, frame_of, quota, times
from pipeline.corrections import QUOTA_KEYS, TIME_KEYS, CorrectionError, check, extracted
from pipeline.export.ledger import Ledger, Row, read_ledger
from pipeline.export.mask import unmask
from pipeline.export.select import item_of
from pipeline.export.sheet_xlsx import digests_of
from pipeline.export.tables import TABLES, Cell, Item, Table, rows

if TYPE_CHECKING:
    from pipeline.store import Store
    from schemas.record import Task

_TABLES = {table.name: table for table in TABLES}
_CHILDREN = ("owners", "times", "quotas")


@dataclass
class Imported:
    """What a workbook changed: corrections made, tasks concerned, and lines on what was not taken and why."""

    corrections: int = 0
    tasks: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class _Now:
    """A task as the store has it now, as values and as the export would show them."""

    task: Task
    frame: Frame
    values: Mapping[str, list[dict[str, Any]]]
    shown: Mapping[str, dict[str, dict[str, Cell]]]


def import_corrections(store: Store, path: Path, *, by: str, at: datetime) -> Imported:
    """Makes corrections of the cells that were changed in a workbook of ``duban export --format xlsx``.

    A cell that the store has changed since the export is not overwritten, but told. Rows that are missing are left as
    they are; 是 in the column 删除 takes one out. Importing the same file again changes nothing.

    Raises:
        ExportError: the file is no such workbook.
    """
    ledger = read_ledger(path)
    done = Imported(notes=list(ledger.refused))
    by_task: dict[str, list[Row]] = {}
    for row in ledger.rows:
        if row.table in ("tasks", *_CHILDREN):
            by_task.setdefault(row.task, []).append(row)
    items: dict[str, Item] = {}
    for key, changed in by_task.items():
        now = _now(store, key, ledger, items)
        if now is None:
            done.notes += [f"{row.place}：库里现在没有任务 {key}，未作更正" for row in changed]
            continue
        made = 0
        for name, operation, value in _changes(ledger, key, changed, now, done.notes):
            store.correct(key, name, operation, value, by, at)
            made += 1
        done.corrections += made
        done.tasks += bool(made)
    for head, count in ledger.missing.items():
        done.notes.append(f"“{head}”表少了 {count} 行，未作删除；要删去请在“删除”列写“是”")
    return done


def _now(store: Store, key: str, ledger: Ledger, items: dict[str, Item]) -> _Now | None:
    from schemas.errors import DubanError

    try:
        notice_id = store.task(key).notice_id
    except DubanError:
        return None
    if notice_id not in items:
        row = next(iter(store.notices(ids=[notice_id])), None)
        if row is None:
            return None
        items[notice_id] = item_of(store, row)
    item = items[notice_id]
    record = item.record
    if record is None:
        return None
    task = next((task for task in record.tasks if item.key(task) == key), None)
    if task is None:
        return None
    quotas = [quota for quota in record.quotas if quota.task == task.id]
    only = record.model_copy(update={"tasks": [task], "quotas": quotas})
    tables = rows([Item(notice_id, only, item.keys)], unmask=ledger.unmask)
    shown = {
        name: {str(row[_TABLES[name].key.name]): row for row in tables[name]} for name in ("tasks", *_CHILDREN)
    }  # fmt: skip
    return _Now(task, frame_of(record, task), {name: extracted(task, quotas, name) for name in _CHILDREN}, shown)


def _changes(ledger: Ledger, key: str, changed: list[Row], now: _Now, notes: list[str]) -> list[tuple[str, str, Any]]:
    """Corrections of one task that its changed rows come to."""
    found: list[tuple[str, str, Any]] = []
    for row in changed:
        if row.table == "tasks":
            found += _of_task(ledger, key, row, now, notes)
    for name in _CHILDREN:
        mine = [row for row in changed if row.table == name]
        if not mine:
            continue
        where = "、".join(row.place for row in mine)
        try:
            wanted = _wanted(name, mine, now)
            check(name, "set", wanted)
        except (CorrectionError, ValueError) as error:
            notes.append(f"{where}：{error}")
            continue
        if _same(wanted, now.values[name]):
            continue
        if _moved(ledger, name, key, now):
            notes.append(f"{where}：导出以后库里的这一项已有改动，未覆盖；请重新导出后再改")
            continue
        found.append((name, "set", wanted))
    return found


def _same(wanted: list[dict[str, Any]], now: list[dict[str, Any]]) -> bool:
    """Whether nothing is wanted that isn't so; what an owner's row leaves open (its type) is as it is."""
    return len(wanted) == len(now) and all(
        each == other or (
            "role" in each and all(other[key] == value for key, value in each.items() if value is not None)
        )
        for each, other in zip(wanted, now, strict=True)
    )  # fmt: skip


def _of_task(ledger: Ledger, key: str, row: Row, now: _Now, notes: list[str]) -> list[tuple[str, str, Any]]:
    table = _TABLES["tasks"]
    exported, current = ledger.digests["tasks"].get(key, {}), digests_of(table, now.shown["tasks"][key])
    found: list[tuple[str, str, Any]] = [("task", "drop", None)] if row.drop else []
    for name, value in row.cells.items():
        old = getattr(now.task, name)
        try:
            new = _whole(value, old)
            check(name, "set", new)
        except (CorrectionError, ValueError) as error:
            notes.append(f"{row.place}：{error}")
            continue
        if new == old:
            continue
        if exported.get(name) != current.get(name):
            head = table.column(name).head
            notes.append(f"{row.place}“{head}”：导出以后库里的这一项已有改动，未覆盖；请重新导出后再改")
            continue
        found.append((name, "set", new))
    return found


def _moved(ledger: Ledger, name: str, key: str, now: _Now) -> bool:
    """Whether a task's owners, times or quotas are no longer what was exported."""
    exported = {
        row: digests for row, digests in ledger.digests[name].items() if ledger.tasks.get((name, row)) == key
    }  # fmt: skip
    return exported != {row: digests_of(_TABLES[name], shown) for row, shown in now.shown[name].items()}


def _wanted(name: str, changed: list[Row], now: _Now) -> list[dict[str, Any]]:
    """All of a task's owners, times or quotas as the changed rows want them.

    Raises:
        ValueError, CorrectionError: words that can't be read.
    """
    by_key = {row.key: row for row in changed if row.key}
    wanted: list[dict[str, Any]] = []
    for key, value in zip(now.shown[name], now.values[name], strict=True):
        row = by_key.get(key)
        if row is None:
            wanted.append(value)
        elif not row.drop and not _emptied(name, row):
            wanted += _changed(name, value, row, now.frame)
    for row in changed:
        if row.key is None and not row.drop:
            wanted += [each for each in _changed(name, {}, row, now.frame) if each not in wanted]
    return wanted


def _emptied(name: str, row: Row) -> bool:
    """Whether the cell without which a row says nothing was cleared."""
    leading = "name" if name == "owners" else "text"
    return leading in row.cells and row.cells[leading] is None


def _changed(name: str, value: dict[str, Any], row: Row, frame: Frame) -> list[dict[str, Any]]:
    """A value as a row wants it. New words are read again for what the row leaves as it was."""
    cells = {column: _whole(each, value.get(column)) for column, each in row.cells.items()}
    if name == "owners":
        if "name" in cells:
            # Type and full name were the old name's.
            value = {"role": value.get("role") or "responsible"}
        return [{"name": None, "role": "responsible", "type": None, "canonical": None} | value | cells]
    table: Table = _TABLES[name]
    told = cells.keys() - {"text", "subject"}
    if cells.get("text") and not told:
        if name == "times":
            found = times(cells["text"], frame)
            if not found:
                raise ValueError(f"“{cells['text']}”不是能读懂的时间，请把类别、开始、结束一并填好")
            return found
        return [quota(cells["text"]) | {"subject": cells.get("subject", value.get("subject"))}]
    if name == "times":
        blank: dict[str, Any] = dict.fromkeys(TIME_KEYS) | {"kind": "deadline", "due": False}
        new = blank | value | cells
        new["text"] = new["text"] or new["end"] or new["start"]
        if new["kind"] == "deadline":
            new |= {"start": None, "due": True}
        return [new]
    missing = [table.column(each).head for each in ("text", "value") if not value and cells.get(each) is None]
    if missing:
        raise ValueError(f"新增的指标要填{'、'.join(missing)}")
    return [dict.fromkeys(QUOTA_KEYS) | {"kind": "count", "comparator": "="} | value | cells]


def _whole(new: Any, old: Any) -> Any:
    """A cell's new words with the old one's hidden numbers put back."""
    return unmask(new, old) if isinstance(new, str) and isinstance(old, str) else new
