"""Returned workbooks that go back: a copy of each with a comment in every cell that couldn't be taken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker.ledger_book import save
from pipeline.tracker.returns_types import Plan, Return
from pipeline.tracker.sheets import open_xlsx, read_book, read_bytes

if TYPE_CHECKING:
    from openpyxl import Workbook

MARK = "（请核对）"
_AUTHOR = "duban"


def write_doubts(plan: Plan, folder: Path) -> list[Path]:
    """Writes a copy of each file that has doubts or conflicts, with comments; nothing where there are none.

    Args:
        plan: of ``returns.plan_returns``.
        folder: where the copies go; made where it is missing. Old workbooks (xls) come back as xlsx.

    Raises:
        LedgerError: a copy can't be written.
    """
    written: list[Path] = []
    for file in plan.files:
        if file.problem or not (file.doubts or file.conflicts):
            continue
        book = _copy(file)
        for (sheet, row, column), messages in _messages(file).items():
            _comment(book[sheet], row, column, "\n".join(messages))
        path = folder / f"{file.path.stem}{MARK}.xlsx"
        number = 1
        while path in written:
            number += 1
            path = folder / f"{file.path.stem}{MARK}{number}.xlsx"
        save(book, path)
        written.append(path)
    return written


def _messages(file: Return) -> dict[tuple[str, int, int], list[str]]:
    found: dict[tuple[str, int, int], list[str]] = {}
    for doubt in file.doubts:
        place = doubt.place
        found.setdefault((place.sheet, place.row, place.column or 0), []).append(doubt.message)
    for conflict in file.conflicts:
        place = conflict.place
        message = f"{conflict.head}：台账现为“{conflict.now}”；{conflict.why}"
        found.setdefault((place.sheet, place.row, place.column or 0), []).append(message)
    return found


def _copy(file: Return) -> Workbook:
    data = read_bytes(file.path)
    if data.startswith(b"PK"):
        return open_xlsx(file.path, data)
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for grid in read_book(file.path).grids:
        sheet = book.create_sheet(grid.name)
        sheet.sheet_state = "hidden" if grid.hidden else "visible"
        for row in grid.rows:
            sheet.append(row)
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return book


def _comment(sheet: Any, row: int, column: int, text: str) -> None:
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row + 1, column + 1)
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(area.min_row, area.min_col)
    made = Comment(text, _AUTHOR, height=60 + 18 * text.count("\n"), width=260)
    cell.comment = made
    cell.fill = PatternFill("solid", start_color="FCE4D6", end_color="FCE4D6")
