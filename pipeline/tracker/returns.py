"""Returned workbooks (反馈表): what they would change, told before anything is done.

A cell counts as changed where it says other than when the workbook was written. Where the ledger has changed since then
too, it is a conflict, which is listed and never decided. A blank cell changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracker import returns_cells, returns_quotas
from pipeline.tracker.cells import CellError, read_date
from pipeline.tracker.lines import Line, lines_of
from pipeline.tracker.registers import SentOut
from pipeline.tracker.returns_read import BookRead, Index, RowRead, may_report, read_return, units_of
from pipeline.tracker.returns_types import Change, Conflict, Doubt, Plan, Return, Told
from pipeline.tracker.sheets import SUFFIXES
from pipeline.tracker.types import ACTIVE, Item, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: Folders of copies that go back to the units are named so.
_CHECK = "请核对"


def plan_returns(
    ledger: Ledger, paths: Sequence[Path], *, as_of: date | None = None, full: bool = False,
    expected: Query | None = None, step: Callable[[], object] | None = None,
) -> Plan:  # fmt: skip
    """Reads returned workbooks, and tells what they would change; changes nothing.

    Args:
        ledger: the ledger.
        paths: files and folders; folders with all below.
        as_of: the day that the returns are about, where a file doesn't say.
        full: the supervising side's own workbook: changes of tasks, owners and dates count too.
        expected: which items' units had to return a file; by default those to whom ``split`` wrote one as of the day
            that the files are about, or where it didn't, those of all that is followed up.
        step: called after each file.

    Raises:
        LedgerError: ``ledger.no_returns``: there is no workbook among the paths.
    """
    files = list(_files(paths))
    if not files:
        names = "、".join(str(path) for path in paths)
        raise LedgerError("ledger.no_returns", f"{names} 里没有 xlsx 或 xls 文件", remedy="请检查路径")
    items = ledger.items(Query(ledger.today))
    index, plan = Index(items), Plan()
    for path in files:
        if step is not None:
            step()
        try:
            read = read_return(path, index)
        except LedgerError as error:
            plan.files.append(Return(path, problem=str(error)))
            continue
        made = _planned(ledger, read, as_of, full)
        plan.files.append(made)
        plan.revisions |= {row.item.id: row.item.revision for row in read.rows if row.item}
        for item in returns_quotas.read_figures(ledger, read, index, made):
            plan.revisions[item.id] = item.revision
    _against_each_other(plan)
    due = _sent(ledger, plan) if expected is None else None
    if due is None:
        due = _due(items if expected is None else ledger.items(expected))
    plan.missing = _missing(due, plan)
    return plan


def note_returned(ledger: Ledger, plan: Plan) -> None:
    """Notes who returned the files that were sent out last, once what they say was looked at."""
    sent = ledger.sent_out()
    if sent is None:
        return
    came = tuple(file.unit for file in plan.files if file.came and file.as_of == sent.as_of)
    if set(came) - set(sent.returned):
        ledger.mark_sent_out(SentOut(sent.as_of, (), came))


def _files(paths: Sequence[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES)
            for each in found:
                inside = each.relative_to(path)
                # What was given back to be looked at is no return, until somebody says so by naming it.
                if not each.name.startswith((".", "~$")) and not any(_CHECK in part for part in inside.parts[:-1]):
                    yield each
        else:
            yield path


def _planned(ledger: Ledger, read: BookRead, as_of: date | None, full: bool) -> Return:
    day = read.as_of or as_of or ledger.today
    made = Return(read.path, read.unit, day, len(read.rows))
    rows = [row for row in read.rows if row.item is not None]
    periods = {row.item.id: row.known.period for row in rows if row.item and row.known and row.known.period}
    periods |= _periods_by_date(ledger, [row for row in rows if row.known is None], day)
    found = lines_of(ledger, [row.item for row in rows if row.item], day, periods)
    shown = {line.item.id: line for line in found}
    for row in read.rows:
        if row.item is None:
            if _says_something(row):
                made.doubts.append(Doubt(read.place(row), row.why))
            continue
        _row(ledger, read, row, shown[row.item.id], made, full)
    if read.gone:
        message = f"导出时的 {len(read.gone)} 个事项表中已没有，台账里不变"
        made.told.append(Told(read.place(read.rows[0]) if read.rows else _nowhere(read), message))
    return made


def _periods_by_date(ledger: Ledger, rows: Sequence[RowRead], day: date) -> dict[int, str]:
    """Which period a row is about whose hidden sheet is lost: that of the date which it shows."""
    shown: dict[int, date] = {}
    for row in rows:
        with contextlib.suppress(CellError):
            found = read_date(row.table.value(row.row, "due"), day)
            if found is not None and row.item is not None:
                shown[row.item.id] = found
    occurrences = ledger.occurrences(list(shown)) if shown else []
    return {one.item: one.period for one in occurrences if not one.before_issue and shown[one.item] == one.due}


def _nowhere(read: BookRead) -> returns_cells.Place:
    return returns_cells.Place(read.path.name, "", 0)


def _says_something(row: RowRead) -> bool:
    """Whether a row that is nobody's holds words at all; a row of numbers only is an empty line of the form."""
    return any(row.table.text(row.row, name) for name in row.table.columns if name not in ("index", "lamp"))


def _row(ledger: Ledger, read: BookRead, row: RowRead, line: Line, made: Return, full: bool) -> None:
    cells = returns_cells.Cells(read, row, line, ledger.settings.progress_labels, full, ledger.today)
    changes = list(cells.read())
    made.conflicts += cells.conflicts
    made.doubts += cells.doubts
    made.told += cells.told
    if not changes:
        return
    item = line.item
    if item.status not in ACTIVE:
        made.doubts.append(Doubt(read.place(row), "事项已办结或中止，没有采纳；确需修改请先重新打开", item.id))
    elif not full and not may_report(ledger, read.unit, item):
        made.doubts.append(Doubt(read.place(row), f"不是“{read.unit}”的事项，没有采纳", item.id))
    else:
        sure = row.by != "text"
        made.changes += [replace(change, sure=sure) for change in changes]


def _against_each_other(plan: Plan) -> None:
    """Two files that say different things of one cell are in conflict; where they say the same, one counts."""
    first: dict[tuple[int, str], tuple[Return, int]] = {}
    for file in plan.files:
        kept: list[Change] = []
        for change in file.changes:
            key = (change.item, change.field)
            if key not in first:
                first[key] = file, len(kept)
                kept.append(change)
                continue
            other = next(c for c in first[key][0].changes if (c.item, c.field) == key)
            if change.unit and other.unit and change.unit != other.unit:
                kept.append(change)
            elif other.value != change.value:
                why = f"{other.place.file} 填的是“{other.after}”，先取了那一份"
                file.conflicts.append(
                    Conflict(change.item, change.number, change.title, change.head, other.after, change.after,
                             change.place, why)
                )  # fmt: skip
        file.changes = kept


def _sent(ledger: Ledger, plan: Plan) -> list[str] | None:
    """Who was sent one of the files that these are, and didn't return one before; None where these are others."""
    sent = ledger.sent_out()
    if sent is None or not any(file.as_of == sent.as_of for file in plan.files):
        return None
    return [unit for unit in sent.units if unit not in sent.returned]


def _due(items: Sequence[Item]) -> list[str]:
    """Units that have items to report on."""
    due: dict[str, None] = {}
    for item in items:
        if item.status in ACTIVE and not item.parts:
            due.update(dict.fromkeys(units_of(item)))
    return list(due)


def _missing(due: Sequence[str], plan: Plan) -> list[str]:
    """Units of which nothing that can be read came back."""
    returned = {file.unit for file in plan.files if file.came}
    return [unit for unit in due if not any(unit == name or (name and name in unit) for name in returned)]
