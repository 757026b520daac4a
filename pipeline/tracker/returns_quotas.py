"""What the sheet 指标填报 of a returned workbook would change: one figure of one period a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.tracker.cells import CellError
from pipeline.tracker.quota_sheet import QUOTA_SHEET, QuotaRow, find, label_of, term_of
from pipeline.tracker.returns_cells import figure_of
from pipeline.tracker.returns_read import BookRead, Index, may_report
from pipeline.tracker.returns_types import Change, Conflict, Doubt, Place, Return
from pipeline.tracker.sheets import plain
from pipeline.tracker.types import ACTIVE, Item, Occurrence

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: How a change of a figure names its field: ``figure/series/period``.
FIGURE = "figure/"


def read_figures(ledger: Ledger, read: BookRead, index: Index, made: Return) -> Iterable[Item]:
    """Adds what the sheet says to what is known of its file; gives the items that it is about."""
    rows = [(row, _item(row, index)) for row in read.quotas]
    items = {item.id: item for _, item in rows if item is not None}
    series: dict[int, list[Occurrence]] = {}
    for each in ledger.occurrences(list(items)) if items else ():
        series.setdefault(each.item, []).append(each)
    for row, item in rows:
        place = Place(read.path.name, QUOTA_SHEET, row.row, row.column)
        one = find(row, series.get(item.id, [])) if item else None
        if item is None or one is None:
            made.doubts.append(Doubt(place, f"台账里没有事项 {row.number} 的这一项指标、这一期，没有采纳"))
            continue
        _figure(ledger, read, row, item, one, place, made)
    return items.values()


def _item(row: QuotaRow, index: Index) -> Item | None:
    found = index.by_id.get(row.item) if row.item is not None else None
    return found or index.find(row.number)


def _figure(
    ledger: Ledger, read: BookRead, row: QuotaRow, item: Item, one: Occurrence, place: Place, made: Return
) -> None:
    head = f"完成值（{label_of(one)}，{term_of(one)}）"
    try:
        figure = figure_of(row.value, one)
    except CellError as error:
        made.doubts.append(Doubt(place, f"{head}：{error}", item.id))
        return
    now, said = plain(one.actual), plain(figure)
    if figure is None or said == now or (row.known and said == row.written):
        return
    title = item.title or item.text[:30]
    if item.status not in ACTIVE:
        made.doubts.append(Doubt(place, "事项已办结或中止，没有采纳；确需修改请先重新打开", item.id))
    elif not may_report(ledger, read.unit, item):
        made.doubts.append(Doubt(place, f"不是“{read.unit}”的事项，没有采纳", item.id))
    elif now and (not row.known or now != row.written):
        why = "导出后台账有更新，没有覆盖" if row.known else "认不出导出时的内容，没有覆盖"
        made.conflicts.append(Conflict(item.id, item.number or "", title, head, now, said, place, why))
    else:
        field = f"{FIGURE}{one.series}/{one.period}"
        made.changes.append(
            Change(item.id, item.number or "", title, field, head, now, figure, said, one.period, place)
        )  # fmt: skip


def figures_in(changes: Iterable[Change]) -> list[tuple[str, int, float]]:
    """The figures among changes: period, series and figure of each."""
    return [
        (change.period, int(change.field.split("/")[1]), change.value)
        for change in changes
        if change.field.startswith(FIGURE)
    ]
