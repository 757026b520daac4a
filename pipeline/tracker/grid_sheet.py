"""The period grid (进度表): of every figure the year's months, with 目标, 完成, 差额 one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.tracker.book_rows import rows_of
from pipeline.tracker.book_styles import Styles
from pipeline.tracker.lines import Line as Row
from pipeline.tracker.types import PROGRESS_LABELS

if TYPE_CHECKING:
    from pipeline.tracker.grid import Cell, Line
    from pipeline.tracker.ledger_book import Face

_FIXED = (("督办编号", 12), ("工作任务", 28), ("单位", 13), ("指标", 16))
_SUMS = (("全年目标", 9), ("累计完成", 9), ("差额", 8), ("序时目标", 9), ("完成率", 8), ("进度", 9))
_ROWS = ("目标", "完成", "差额")
#: Up to so many items cells are merged; Excel, and reading what comes back, is slow with more, where the three rows
#: repeat the words instead.
_MERGED = 50


def write_grid(sheet: Any, rows: Sequence[Row], face: Face, styles: Styles, left: int = 0) -> None:
    """Writes the grid for the year of 截至日期; ``left`` more items have no room, which the last row says."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.cell_range import CellRange

    from pipeline.tracker.ledger_book import print_set_up

    heads = [*_FIXED, ("", 6), *((f"{month}月", 6) for month in range(1, 13)), *_SUMS]
    for number, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "F3"
    print_set_up(sheet, face.paper, (1, 2))
    put = rows_of(sheet, styles)
    title = f"{face.as_of.year}年进度表（截至{face.as_of.month}月{face.as_of.day}日，只供查看）"
    put([styles.title(sheet, title)], 30)
    put([styles.head(sheet, head) for head, _ in heads], None)
    sheet.merged_cells.add(f"A1:{get_column_letter(len(heads))}1")
    at, merged = 3, len(rows) <= _MERGED
    for row in rows:
        for line in _lines(row, face):
            for cells in _written(sheet, row, line, styles, merged):
                put(cells, None)
            if merged:
                for column in [*range(1, len(_FIXED) + 1), *range(len(heads) - len(_SUMS) + 1, len(heads) + 1)]:
                    # Into the set at once: ``add`` compares with all areas that are there.
                    sheet.merged_cells.ranges.add(
                        CellRange(min_col=column, max_col=column, min_row=at, max_row=at + len(_ROWS) - 1)
                    )
            at += len(_ROWS)
    if left:
        put([styles.label(sheet, f"另有 {left} 项没有列出，请按单位或文件分别导出")], None)


def _lines(row: Row, face: Face) -> Iterator[Line]:
    from pipeline.tracker.grid import lines

    for line in lines(row.series, face.as_of, year=face.as_of.year):
        if any(cell.target is not None or cell.actual is not None for cell in line.cells):
            yield line


def _written(sheet: Any, row: Row, line: Line, styles: Styles, merged: bool) -> Iterator[list[Any]]:
    """The three rows of a figure."""
    item = row.item
    unit = f"（{line.unit}）" if line.unit else ""
    fixed = [item.number, item.title or item.text[:40], "、".join(row.units), f"{line.subject or item.quota}{unit}"]
    sums = [line.total, line.actual, line.gap, line.expected, line.rate, PROGRESS_LABELS[line.progress]]
    months: dict[int, list[Any]] = {}
    for cell in line.cells:
        months.setdefault(_month_of(cell), []).append(cell)
    for number, name in enumerate(_ROWS):
        cells = [styles.cell(sheet, value if number == 0 or not merged else None) for value in fixed]
        cells.append(styles.head(sheet, name))
        for month in range(1, 13):
            cells.append(_month(sheet, months.get(month, []), number, styles))
        for value, (head, _) in zip(sums, _SUMS, strict=True):
            look = "percent" if head == "完成率" else "number"
            cells.append(styles.cell(sheet, value if number == 0 or not merged else None, look=look))
        yield cells


def _month_of(cell: Cell) -> int:
    """The month that a period stands under: its own, of a longer one that in which it falls due.

    Weeks together are a month's although the last of them ends in the next.
    """
    return int(cell.period[5:7]) if cell.period[5:7].isdecimal() else cell.due.month


def _month(sheet: Any, cells: list[Any], number: int, styles: Styles) -> Any:
    if not cells:
        return styles.cell(sheet, None)
    if all(cell.before_issue for cell in cells):
        return styles.cell(sheet, "印发前" if number == 0 else None, "choice")
    name = ("target", "actual", "gap")[number]
    known = [getattr(cell, name) for cell in cells if not cell.before_issue and getattr(cell, name) is not None]
    return styles.cell(sheet, sum(known) if known else None, "number")
