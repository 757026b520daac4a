"""The sheet 指标填报: of items with several figures, one row for each figure and period that is asked for.

A row of the ledger's sheet has room for one figure only. A hidden column keeps which figure a row is about, and what it
was when the workbook was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.tracker.book_rows import rows_of
from pipeline.tracker.book_styles import Styles, height_of
from pipeline.tracker.lines import Line, current_period
from pipeline.tracker.sheets import Book, plain
from pipeline.tracker.types import Occurrence

if TYPE_CHECKING:
    from pipeline.tracker.ledger_book import Face

QUOTA_SHEET = "指标填报"
_KEY_HEAD = "_figure"
_HEADS = (("督办编号", 12), ("工作任务", 30), ("单位", 16), ("指标", 36), ("期", 14), ("时限", 11), ("目标", 8),
          ("计量单位", 9), ("完成值", 10))  # fmt: skip
_FILLED = len(_HEADS) - 1


@dataclass(frozen=True)
class QuotaRow:
    """A row of a returned sheet.

    Attributes:
        item: its number; None where only ``number`` tells.
        number: 督办编号 as the row shows it.
        series, period: of the figure; series None where ``label`` tells.
        label, term: what the row shows of the figure and its period.
        known: whether the hidden column tells what the figure was when the workbook was written: ``written``.
        value: what is filled in; place: row and column.
    """

    item: int | None
    number: str
    series: int | None
    period: str
    label: str
    term: str
    known: bool
    written: str
    value: Any
    row: int
    column: int


def asked(line: Line, as_of: date) -> list[Occurrence]:
    """The periods of each figure that are to be filled in: those due and not told yet, and the one at hand."""
    found: list[Occurrence] = []
    for rows in line.counted.values():
        current = current_period(rows, as_of)
        found += [
            one for one in rows
            if one is current or (one.status == "open" and one.actual is None and one.deadline <= as_of)
        ]  # fmt: skip
    return found


def label_of(one: Occurrence) -> str:
    """What a figure is called: its subject, else its unit."""
    return one.subject or one.unit or "完成值"


def term_of(one: Occurrence) -> str:
    """A period's name with its year, as plans run over several."""
    from pipeline.tracker.grid import title_of

    name = title_of(one.period)
    return name if len(one.period) <= 4 else f"{one.period[:4]}年{name}"


def told(line: Line) -> str:
    """What was reached of several figures, in the words of one cell."""
    last = {number: [one for one in rows if one.actual is not None][-1:] for number, rows in line.counted.items()}
    return "；".join(f"{label_of(one)}{one.actual:g}{one.unit or ''}" for rows in last.values() for one in rows)


def write_quotas(sheet: Any, lines: Sequence[Line], face: Face, styles: Styles, left: int = 0) -> None:
    """Writes the sheet of items with several figures; ``left`` more have no room, which the last row says."""
    from openpyxl.utils import get_column_letter

    from pipeline.tracker.ledger_book import print_set_up

    for number, (_, width) in enumerate(_HEADS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.column_dimensions[get_column_letter(len(_HEADS) + 1)].hidden = True
    sheet.freeze_panes = "A3"
    print_set_up(sheet, face.paper, (2, 2))
    put = rows_of(sheet, styles)
    day = face.as_of
    put([styles.title(sheet, f"指标填报（截至{day.year}年{day.month}月{day.day}日，请填“完成值”一列）")], 30)
    heads = [styles.head(sheet, head, place == _FILLED) for place, (head, _) in enumerate(_HEADS)]
    put([*heads, styles.head(sheet, _KEY_HEAD)], 20)
    sheet.merged_cells.add(f"A1:{get_column_letter(len(_HEADS))}1")
    for line in lines:
        item = line.item
        for one in asked(line, day):
            values: list[Any] = [
                item.number, item.title or item.text[:40], "、".join(line.units), label_of(one), term_of(one),
                one.deadline, one.target, one.unit, one.actual,
            ]  # fmt: skip
            kinds = ("text", "text", "text", "text", "choice", "date", "number", "choice", "number")
            cells = [styles.cell(sheet, value, kind) for value, kind in zip(values, kinds, strict=True)]
            key = f"{item.id}|{one.series}|{one.period}|{plain(one.actual)}"
            height = height_of([(values[place], _HEADS[place][1]) for place in range(4)])
            put([*cells, styles.cell(sheet, key)], height)
    if left:
        put([styles.label(sheet, f"另有 {left} 项没有列出，请按单位或文件分别导出")], None)


def read_quotas(book: Book) -> list[QuotaRow]:
    """The rows of the sheet in a returned workbook in which something is filled in; none where it has no such sheet."""
    grid = book.grid(QUOTA_SHEET)
    if grid is None:
        return []
    for top in range(min(len(grid.rows), 10)):
        heads = {plain(value): column for column, value in enumerate(grid.rows[top])}
        if "完成值" in heads and "指标" in heads:
            return list(_rows(grid, heads, top + 1))
    return []


def _rows(grid: Any, heads: Mapping[str, int], first: int) -> Iterator[QuotaRow]:
    def text(row: int, head: str) -> str:
        return grid.text(row, heads[head]) if head in heads else ""

    column = heads["完成值"]
    for row in range(first, len(grid.rows)):
        if not grid.text(row, column):
            continue
        key = text(row, _KEY_HEAD).split("|")
        known = len(key) == 4 and key[0].isdecimal() and key[1].isdecimal()
        yield QuotaRow(
            int(key[0]) if known else None, text(row, "督办编号"), int(key[1]) if known else None,
            key[2] if known else "", text(row, "指标"), text(row, "期"), known, key[-1] if known else "",
            grid.at(row, column), row, column,
        )  # fmt: skip


def find(row: QuotaRow, occurrences: Sequence[Occurrence]) -> Occurrence | None:
    """The figure that a row is about, among an item's; None where there is none, or several."""
    counted = [one for one in occurrences if one.target is not None]
    if row.known:
        found = [one for one in counted if (one.series, one.period) == (row.series, row.period)]
    else:
        found = [one for one in counted if (label_of(one), term_of(one)) == (row.label, row.term)]
    return found[0] if len(found) == 1 else None
