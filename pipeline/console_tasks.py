"""The work of ``duban tasks``: the ledger as a list."""

from __future__ import annotations

import contextlib
import csv
import gc
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console_ledger import OK, Wanted, opened
from pipeline.table import Cell, Column, show
from pipeline.tracker.listing import headline
from pipeline.tracker.types import ACTIVE, FILING_LABELS, ORIGIN_LABELS, Item, Query

if TYPE_CHECKING:
    from pipeline.tracker.grid import Thresholds
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.listing import Row
    from pipeline.tracker.settings import LedgerSettings

#: A lamp as a word that reads without colour, and its colour.
LAMPS = {"red": ("红", "red"), "yellow": ("黄", "yellow"), "green": ("绿", "green"), "none": ("—", None)}
STATES = {"changed": "改版有变化", "dropped": "新版已无此项"}
#: Items that a terminal shows where nobody says how many.
_SCREEN = 100
_COLUMNS = (
    Column("灯", 2), Column("督办编号", 13), Column("工作任务"), Column("牵头/责任", 14), Column("时限", 12),
    Column("状态", 16, lines=3),
)  # fmt: skip
SORTS: dict[str, Callable[[Item], Any]] = {
    "due": lambda item: (item.next_due or item.deadline or date.max, item.number or "", item.id),
    "owner": lambda item: (item.unit or "、".join(item.names("lead", "responsible") or item.names()), item.id),
    "number": lambda item: (item.number is None, len(item.number or ""), item.number or "", item.id),
}


def tasks(
    folder: Path, wanted: Wanted, *, near: bool, parts: bool, sort: str | None, everything: bool, as_json: bool,
    table: str | None,
) -> int:  # fmt: skip
    """Prints the items that are wanted, as a table, JSON or CSV."""
    with opened(folder) as (office, ledger), _uncollected():
        limits = office.config.lamps
        query = wanted.query(ledger)
        # A unit's own parts are what it is asked for; the others see the whole with how its units stand.
        query = replace(query, parts=parts or bool(query.unit or query.ids), near=limits.near if near else None)
        most = query.limit
        if most is None and not (everything or as_json or table) and sys.stdout.isatty():
            most = _SCREEN
        found = _sorted(ledger, query, sort, most)
        from pipeline.tracker.listing import rows

        shown = rows(ledger, found, limits)
        if as_json:
            _print_json(shown, ledger)
        elif table:
            _write_csv(shown, ledger, table)
        else:
            _print(shown, found, ledger, query, limits)
    return OK


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without looks for garbage: tens of thousands of rows that all stay make them a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _sorted(ledger: Ledger, query: Query, sort: str | None, most: int | None) -> list[Item]:
    if sort is None:
        return ledger.items(replace(query, limit=most))
    return sorted(ledger.items(replace(query, limit=None)), key=SORTS[sort])[:most]


def _print(
    rows: Iterable[Row], found: list[Item], ledger: Ledger, query: Query, limits: Thresholds
) -> None:  # fmt: skip
    settings = ledger.settings
    if found:
        show(_COLUMNS, (_cells(row, ledger.today, settings, limits.near) for row in rows))
    whole = replace(query, limit=None)
    total = ledger.count(whole)
    late, near = ledger.count(replace(whole, overdue=True)), ledger.count(replace(whole, near=limits.near))
    more = f"，列出前 {len(found)} 项" + ("" if query.limit else "（--all 列出全部）")
    told = f"共 {total} 项" + (more if len(found) < total else "")
    print(f"{told}；逾期 {late} 项，{limits.near} 天内到期 {near} 项")
    waiting = ledger.count(Query(ledger.today, filing=("pending",)))
    if waiting and not total and query.filing == ("filed",):
        print(f"有 {waiting} 项待立项，请用 duban confirm", file=sys.stderr)


def _cells(row: Row, today: date, settings: LedgerSettings, near: int) -> list[str | Cell]:
    item = row.item
    lamp, colour = LAMPS[row.lamp]
    return [
        Cell(lamp, colour), item.number or f"序号 {item.id}", headline(item), "、".join(row.owners) or "（未明确）",
        Cell(when(row, today, near), "red" if row.late else None), state(row, settings),
    ]  # fmt: skip


def when(row: Row, today: date, near: int) -> str:
    """A row's date, and below it how far it is."""
    item = row.item
    if item.status == "closed" and item.closed_on:
        return f"{item.closed_on}\n办结"
    if row.deadline is None:
        return "长期" if item.standing else item.time_text or "—"
    shown = f"{row.deadline}{'延' if row.adjusted else ''}"
    if row.late:
        return f"{shown}\n逾期{row.late}天"
    if item.next_due is None and item.status in ACTIVE and (since := item.assigned_on or item.issued_on):
        return f"{shown}\n印发前" if row.deadline < since else shown
    if item.next_due is None or not (left := (row.deadline - today).days) <= near or left < 0:
        return shown
    return f"{shown}\n" + (f"还有{left}天" if left else "今天到期")


def state(row: Row, settings: LedgerSettings) -> str:
    """A row's status, and below it the progress or how its units stand."""
    item = row.item
    if item.filing != "filed":
        return FILING_LABELS[item.filing]
    told = [settings.status_labels[item.status]]
    if row.units:
        told.append(f"{row.units}个{row.noun}，已报{row.reported}")
    elif item.status not in ("closed", "stopped", "unassigned") and row.progress != "not_started":
        told.append(settings.progress_labels[row.progress])
    if item.state in STATES:
        told.append(STATES[item.state])
    return "\n".join(told)


def as_record(row: Row, settings: LedgerSettings) -> dict[str, Any]:
    """An item for other programs: its fields, codes with their labels, and how it stands."""
    item = row.item
    return {
        **vars(item), "progress": row.progress, "status_label": settings.status_labels[item.status],
        "progress_label": settings.progress_labels[row.progress], "lamp": row.lamp, "deadline": row.deadline,
        "overdue_days": row.late, "owners": row.owners, "units": row.units, "units_reported": row.reported,
        "units_missing": row.missing,
    }  # fmt: skip


def plain(value: Any) -> Any:
    """What JSON has no form for: dates as ISO text, values by their fields."""
    return value.isoformat() if isinstance(value, date) else vars(value)


def _print_json(rows: Iterable[Row], ledger: Ledger) -> None:
    """One item a line: whole as JSON, and quick to write and to cut up."""
    lines = (json.dumps(as_record(row, ledger.settings), ensure_ascii=False, default=plain) for row in rows)
    print("[" + ",\n".join(lines) + "]")


_CSV = (
    "督办编号", "序号", "亮灯", "工作任务", "具体要求", "量化目标", "责任领导", "牵头/责任", "配合单位", "交办日期",
    "时限原文", "完成时限", "调整后时限", "下一时限", "逾期天数", "状态", "进度", "单位数", "已报单位数", "未报单位",
    "办结日期", "来源", "事项来源",
)  # fmt: skip


def _values(row: Row, settings: LedgerSettings) -> Iterator[Any]:
    item = row.item
    yield from (item.number, item.id, LAMPS[row.lamp][0].strip("—"), item.title or headline(item))
    yield from (item.requirement or item.text, item.quota, item.leader)
    yield from ("、".join(row.owners), "、".join(item.names("support")), item.assigned_on, item.time_text, item.due)
    yield from (item.adjusted_due, item.next_due, row.late or None)
    yield settings.status_labels[item.status] if item.filing == "filed" else FILING_LABELS[item.filing]
    yield settings.progress_labels[row.progress]
    yield from (row.units or None, row.reported if row.units else None, "、".join(row.missing), item.closed_on)
    yield from (ORIGIN_LABELS[item.origin], item.source)


def _write_csv(rows: Iterable[Row], ledger: Ledger, place: str) -> None:
    from pipeline.export.sheet_csv import FORMULA
    from pipeline.files import write_atomically
    from pipeline.tracker.types import LedgerError

    def cell(value: Any) -> str:
        text = "" if value is None else str(value).replace("\x00", "")
        return "'" + text if text.lstrip(" \n").startswith(FORMULA) else text

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_CSV)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([cell(value) for value in _values(row, ledger.settings)])
    if place == "-":
        # The line ends are CSV's own, whatever the system's are.
        sys.stdout.write(out.getvalue().replace("\r\n", "\n"))
        return
    try:
        write_atomically(Path(place), "\ufeff" + out.getvalue())
    except OSError as error:
        raise LedgerError("ledger.write", f"写不了（{error.strerror or error}）", file=place) from error
    print(f"写了 {count} 项到 {place}")
