"""Workbooks as plain grids, whichever program wrote them: xlsx by openpyxl, xls (also of WPS) by xlrd."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker.types import LedgerError

if TYPE_CHECKING:
    from openpyxl import Workbook

#: What a cell holds: text, number, date, or nothing. A percentage is text with its sign.
Value = str | float | date | None
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: Sheets that were formatted to their last row are read as far as people fill them in.
_MOST_ROWS, _MOST_COLUMNS = 200_000, 300


@dataclass
class Grid:
    """A sheet's cells.

    Attributes:
        name: the sheet's name.
        rows: values by row and column; a cell merged downwards has its value in every row of it.
        merges: merged areas as (first row, first column, last row, last column), counted from 0.
        hidden: whether the sheet is hidden. Hidden rows and columns are read as the others are.
        unreckoned: cells with a formula whose value the file doesn't hold.
    """

    name: str
    rows: list[list[Value]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    unreckoned: set[tuple[int, int]] = field(default_factory=set)

    def at(self, row: int, column: int) -> Value:
        """The value of a cell; None beyond the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def text(self, row: int, column: int) -> str:
        """What a cell shows, as one text."""
        return plain(self.at(row, column))


@dataclass
class Book:
    """A workbook that was read. ``old`` tells that it is in the old form (xls), which can't be written back."""

    path: Path
    grids: list[Grid]
    old: bool = False

    def grid(self, name: str) -> Grid | None:
        """The sheet of that name."""
        return next((grid for grid in self.grids if grid.name == name), None)


def plain(value: Any) -> str:
    """A value as the text that a cell shows: dates as ISO, whole numbers without a point, lines joined by ``\\n``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n").strip()


def read_book(path: Path) -> Book:
    """The sheets of a workbook.

    Args:
        path: an xlsx or xls file; which of them it is, its bytes tell.

    Raises:
        LedgerError: ``ledger.unreadable``: there is no such file, it is encrypted, damaged, too large or no workbook.
    """
    data = read_bytes(path)
    if data.startswith(_ZIP):
        return Book(path, _xlsx(path, data))
    if data.startswith(_OLE):
        return Book(path, _xls(path, data), old=True)
    if data.lstrip()[:1] == b"<":
        raise _unreadable(path, "是网页而不是 Excel 工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx")
    raise _unreadable(path, "不是能读的 Excel 工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx")


def read_bytes(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        LedgerError: ``ledger.unreadable``: it can't be opened, or is larger than a workbook may be.
    """
    from extractors.readers.limits import Limits, size_text

    try:
        size = path.stat().st_size
        if size > Limits().max_bytes:
            raise _unreadable(path, f"有 {size_text(size)}，过大", "请删去图片和多余的表再试")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _unreadable(path, "没有这个文件", "请检查路径") from error
    except OSError as error:
        raise _unreadable(path, f"打不开（{error.strerror or error}）", "请关闭正在用它的程序，检查访问权限") from error


def open_xlsx(path: Path, data: bytes, *, values: bool = False) -> Workbook:
    """The workbook in an xlsx file's bytes, with formulas or, with ``values``, with what they came to.

    Raises:
        LedgerError: ``ledger.unreadable``.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    from extractors.readers.limits import Limits, check_zip
    from schemas.document import SourceFile
    from schemas.errors import DubanError

    try:
        check_zip(SourceFile.of(data, path.name, "xlsx"), Limits())
        return load_workbook(io.BytesIO(data), data_only=values)
    except DubanError as error:
        raise _unreadable(path, error.message, error.remedy) from error
    except (OSError, BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise _unreadable(path, "损坏或不是 xlsx 工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx") from error


def _unreadable(path: Path, message: str, remedy: str) -> LedgerError:
    return LedgerError("ledger.unreadable", message, file=path.name, remedy=remedy)


def _xlsx(path: Path, data: bytes) -> list[Grid]:
    book = open_xlsx(path, data)
    reckoned: Workbook | None = None
    grids = []
    for sheet in book.worksheets:
        grid = Grid(sheet.title, hidden=sheet.sheet_state != "visible")
        formulas = []
        last_row, last_column = min(sheet.max_row, _MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
        for row, cells in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column)):
            values: list[Value] = []
            for column, cell in enumerate(cells):
                if cell.data_type == "f":
                    formulas.append((row, column))
                    values.append(None)
                else:
                    values.append(_value(cell.value, str(cell.number_format or "")))
            grid.rows.append(values)
        if formulas:
            reckoned = reckoned or open_xlsx(path, data, values=True)
            twin = reckoned[sheet.title]
            for row, column in formulas:
                cell = twin.cell(row + 1, column + 1)
                grid.rows[row][column] = _value(cell.value, str(cell.number_format or ""))
                if cell.value is None:
                    grid.unreckoned.add((row, column))
        grid.merges = [
            (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
            for area in sheet.merged_cells.ranges
        ]
        grids.append(_filled(grid))
    return grids


def _xls(path: Path, data: bytes) -> list[Grid]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except Exception as error:
        # xlrd lets through whatever its parser stumbles over.
        if "ncrypt" in str(error) or "password" in str(error).lower():
            raise _unreadable(path, "有密码", "请去掉密码后再试") from error
        raise _unreadable(path, "损坏、有密码或不是 xls 工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx") from error
    grids = []
    for sheet in book.sheets():
        grid = Grid(sheet.name, hidden=sheet.visibility != 0)
        for row in range(sheet.nrows):
            values: list[Value] = []
            for column in range(min(sheet.row_len(row), _MOST_COLUMNS)):
                cell = sheet.cell(row, column)
                if cell.ctype == xlrd.XL_CELL_DATE:
                    try:
                        values.append(_value(xlrd.xldate_as_datetime(cell.value, book.datemode), ""))
                    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
                        values.append(str(cell.value))
                elif cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
                    shape = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
                    values.append(_value(cell.value, shape))
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    values.append(_value(bool(cell.value), ""))
                else:
                    values.append(None)
            grid.rows.append(values)
        grid.merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
        grids.append(_filled(grid))
    return grids


def _value(value: Any, shape: str) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        return f"{round(value * 100, 8):g}%" if "%" in shape else float(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    text = plain(value)
    return text or None


def _filled(grid: Grid) -> Grid:
    """Values of cells that are merged downwards, in every row of theirs."""
    for top, left, bottom, _ in grid.merges:
        value = grid.at(top, left)
        if value is None or bottom == top or left >= _MOST_COLUMNS:
            continue
        for row in range(top + 1, min(bottom + 1, len(grid.rows))):
            cells = grid.rows[row]
            cells.extend([None] * (left + 1 - len(cells)))
            cells[left] = value
    while grid.rows and not any(plain(value) for value in grid.rows[-1]):
        grid.rows.pop()
    return grid
