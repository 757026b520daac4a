"""A report as an Excel workbook: a sheet a section with all rows, and one of the words, which the cells lead to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pipeline.compare.reports.model import Cell, Content, Table
from pipeline.compare.reports.wording import sheet_name

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST = 32_000
_WIDE, _NARROW = 48, 14


def write_xlsx(content: Content, path: Path) -> None:
    """Writes the workbook.

    Raises:
        OSError: the file can't be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    evidence = sheet_name(content.words["evidence"])
    for section in content.sections:
        sheet = book.create_sheet(sheet_name(section.title))
        row = 1
        for line in (section.title, *section.prose):
            _put(sheet, row, 1, line, bold=row == 1)
            row += 1
        for table in section.tables:
            row = _table(content, sheet, table, row + 1, evidence)
        if len(section.tables) == 1 and section.tables[0].rows:
            sheet.freeze_panes = sheet.cell(row=row - len(section.tables[0].rows), column=2)
    sheet = book.create_sheet(evidence)
    w = content.words
    for column, name in enumerate(("No.", w["city"], w["words"], w["task"], w["page"].format(page="")), 1):
        _put(sheet, 1, column, name, bold=True)
    for number, words in enumerate(content.evidence, 1):
        values = (str(number), content.places[words.party], words.text, words.around, str(words.page or ""))
        for column, value in enumerate(values, 1):
            _put(sheet, number + 1, column, value)
    for letter, width in zip("ABCDE", (8, 22, 40, 90, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.save(path)


def _table(content: Content, sheet: Any, table: Table, row: int, evidence: str) -> int:
    from openpyxl.utils import get_column_letter

    if table.title:
        _put(sheet, row, 1, table.title, bold=True, wrap=False)
        row += 1
    for column, name in enumerate(table.columns, 1):
        _put(sheet, row, column, name, bold=True, fill=True)
        long = any(len(cells[column - 1].text) > 30 for cells in table.rows[:200])
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = max(dimension.width or 0, _WIDE if long else _NARROW)
    for cells in table.rows:
        row += 1
        for column, cell in enumerate(cells, 1):
            _cell(content, sheet.cell(row=row, column=column), cell, evidence)
    if not table.rows:
        row += 1
        _put(sheet, row, 1, content.words["none"])
    return row + 1


def _cell(content: Content, at: Any, cell: Cell, evidence: str) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.hyperlink import Hyperlink

    at.alignment = Alignment(wrap_text=True, vertical="top")
    if cell.marks and len(cell.text) <= _MOST:
        red = InlineFont(color="FFB03020")
        parts = [
            TextBlock(red, _FORBIDDEN.sub("", part)) if marked else _FORBIDDEN.sub("", part)
            for part, marked in cell.parts() if part
        ]  # fmt: skip
        at.value = CellRichText(*parts)
    else:
        _value(at, cell.text)
    if cell.words:
        target = content.number(cell.words[0]) + 1
        at.hyperlink = Hyperlink(ref=at.coordinate, location=f"'{evidence}'!A{target}")


def _value(at: Any, text: str) -> None:
    """Whole numbers as numbers; all else as text, so that nothing from a notice becomes a formula."""
    if text.isdigit() and len(text) < 10:
        at.value = int(text)
    else:
        at.value = _FORBIDDEN.sub("", text)[:_MOST]
        at.data_type = "s"


def _put(sheet: Any, row: int, column: int, text: str, *, bold: bool = False, fill: bool = False, wrap: bool = True
         ) -> None:  # fmt: skip
    from openpyxl.styles import Alignment, Font, PatternFill

    at = sheet.cell(row=row, column=column)
    _value(at, text)
    if bold:
        at.font = Font(bold=True)
    if fill:
        at.fill = PatternFill("solid", fgColor="FFF3EEEA")
    at.alignment = Alignment(wrap_text=(wrap and column > 1) or fill, vertical="top")
