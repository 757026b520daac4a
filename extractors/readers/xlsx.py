"""Workbooks of Excel 2007 and later (xlsx, xlsm), by openpyxl. Source: ECMA-376 part 1, 18."""

from __future__ import annotations

import re
import warnings as python_warnings
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from extractors.readers.limits import Limits, check_zip, open_zip, read_entry
from extractors.readers.sheets import BUILT_IN, Sheet, assemble, date_text, is_date_code, number_text
from schemas.document import Document, SourceFile, Warning
from schemas.errors import LimitError, SourceError

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
#: A formula without its result: no program has reckoned it since it was written.
_UNRECKONED = re.compile(rb"<f[ >/][^<]*(?:</f>|/>)?\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")


def read(source: SourceFile, limits: Limits) -> Document:
    """A workbook as paragraphs and tables, see ``sheets.assemble``; formulas by the results that were saved.

    Args:
        source: its bytes; macros are not looked at.
        limits: upper bounds.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry.
        LimitError: limit.cells, limit.blocks, limit.text, limit.entries, limit.expansion, limit.xml_entities.
    """
    check_zip(source, limits)
    warnings = _look_over(source, limits)
    book = _open(source)
    try:
        sheets = [_sheet(book, sheet) for sheet in book.worksheets]
    finally:
        book.close()
    return assemble(sheets, source, limits, warnings)


def _look_over(source: SourceFile, limits: Limits) -> list[Warning]:
    """Counts cells before anything is built of them; tells of formulas without results, and of pictures."""
    cells = unreckoned = 0
    with open_zip(source) as package:
        names = package.namelist()
        for name in names:
            if _SHEET.match(name):
                data = read_entry(package, name, limits, file=source.name)
                cells += len(_CELL.findall(data))
                unreckoned += len(_UNRECKONED.findall(data))
    if cells > limits.max_cells:
        message = f"表格单元格超过上限{limits.max_cells}个"
        raise LimitError("limit.cells", message, file=source.name, remedy="请拆分后再放入")
    found = []
    if unreckoned:
        message = f"有{unreckoned}个公式没有保存计算结果，按空单元格读取；请用 Excel 或 WPS 打开后保存再放入"
        found.append(Warning(code="table.no_result", message=message))
    pictures = sum(name.lower().startswith("xl/media/") for name in names)
    if pictures:
        message = f"工作簿里有{pictures}张图片，图片里的文字没有读取；如有内容请补录"
        found.append(Warning(code="source.picture", message=message))
    return found


def _open(source: SourceFile) -> Any:
    from openpyxl import load_workbook

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            return load_workbook(BytesIO(source.data), data_only=True, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, AttributeError, IndexError) as error:
        raise SourceError(
            "source.damaged", "文件损坏或不完整，打不开", file=source.name,
            remedy="请重新下载或向来文单位索取，或用 Excel、WPS 打开后另存再放入",
        ) from error  # fmt: skip


def _sheet(book: Any, sheet: Any) -> Sheet:
    rows: list[list[str]] = []
    # Only the cells that the file holds: a walk over the sheet's extent would make a million empty ones.
    for (row, column), cell in sorted(sheet._cells.items()):
        text = _shown(book, cell)
        if not text:
            continue
        while len(rows) < row:
            rows.append([])
        line = rows[row - 1]
        line.extend([""] * (column - len(line)))
        line[column - 1] = text
    merges = [
        (each.min_row - 1, each.min_col - 1, each.max_row - each.min_row + 1, each.max_col - each.min_col + 1)
        for each in sheet.merged_cells.ranges
    ]
    columns: set[int] = set()
    for each in sheet.column_dimensions.values():
        if each.hidden and each.min and each.max:
            columns.update(range(each.min - 1, min(each.max, each.min + 1000)))
    return Sheet(
        name=(sheet.title or "").strip(),
        rows=rows,
        merges=merges,
        hidden=sheet.sheet_state != "visible",
        hidden_rows={row - 1 for row, each in sheet.row_dimensions.items() if each.hidden},
        hidden_columns=columns,
    )


def _shown(book: Any, cell: Any) -> str:
    """A cell's value as a person sees it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    code = BUILT_IN.get(cell._style.numFmtId) or cell.number_format or ""
    if isinstance(value, datetime):
        return date_text(value, code)
    if isinstance(value, date):
        return date_text(datetime(value.year, value.month, value.day), code)
    if isinstance(value, time):
        return f"{value:%H:%M:%S}".removesuffix(":00")
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 3600:g}小时"
    if isinstance(value, int | float):
        if is_date_code(code) and 0 < value < 2958466:
            from openpyxl.utils.datetime import from_excel

            return date_text(from_excel(value, book.epoch), code)
        return number_text(value, code)
    return str(value)
