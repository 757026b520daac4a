"""Workbooks of Excel 97-2003 and WPS (xls, et), by xlrd. Source: [MS-XLS]."""

from __future__ import annotations

import os
from typing import Any

from extractors.readers.limits import Limits
from extractors.readers.ole import Compound, NotCompound
from extractors.readers.sheets import BUILT_IN, Sheet, assemble, date_text, is_date_code, number_text
from schemas.document import Document, SourceFile
from schemas.errors import SourceError

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5


def read(source: SourceFile, limits: Limits) -> Document:
    """A workbook as paragraphs and tables, see ``sheets.assemble``; formulas by the results that were saved.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        SourceError: source.damaged, source.encrypted.
        LimitError: limit.cells, limit.blocks, limit.text.
    """
    book = _open(source)
    try:
        sheets = [_sheet(book, number) for number in range(book.nsheets)]
    finally:
        book.release_resources()
    return assemble([sheet for sheet in sheets if sheet is not None], source, limits, [])


def _open(source: SourceFile) -> Any:
    import xlrd

    data = _stream(source)
    with open(os.devnull, "w", encoding="utf-8") as silence:
        try:
            # Records of looks that xlrd can't follow cost merges and dates, not the sheet.
            for looks in (True, False):
                try:
                    return xlrd.open_workbook(
                        file_contents=data, formatting_info=looks, logfile=silence, ragged_rows=True
                    )
                except xlrd.XLRDError:
                    raise
                except Exception:
                    if not looks:
                        raise
        except Exception as error:
            if "encrypt" in str(error).lower() or "password" in str(error).lower():
                raise SourceError(
                    "source.encrypted", "文件有打开密码", file=source.name, remedy="请去掉密码另存后再放入"
                ) from error
            raise SourceError(
                "source.damaged", "文件损坏或不完整，打不开", file=source.name,
                remedy="请重新下载或向来文单位索取，或用 Excel、WPS 另存为 xlsx 再放入",
            ) from error  # fmt: skip
    raise AssertionError("unreachable")


def _stream(source: SourceFile) -> bytes:
    """The workbook's own stream: xlrd follows loops in a container for long."""
    try:
        compound = Compound(source.data)
    except NotCompound:
        return source.data
    return compound.stream("Workbook") or compound.stream("Book") or source.data


def _sheet(book: Any, number: int) -> Sheet:
    sheet = book.sheet_by_index(number)
    rows = [
        [_shown(book, sheet.cell(r, c)) for c in range(sheet.row_len(r))] for r in range(sheet.nrows)
    ]  # fmt: skip
    return Sheet(
        name=sheet.name.strip(),
        rows=rows,
        merges=[(top, left, bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells],
        hidden=bool(sheet.visibility),
        hidden_rows={r for r, info in sheet.rowinfo_map.items() if info.hidden},
        hidden_columns={c for c, info in sheet.colinfo_map.items() if info.hidden},
    )


def _shown(book: Any, cell: Any) -> str:
    """A cell's value as a person sees it."""
    if cell.ctype == _TEXT:
        return str(cell.value)
    if cell.ctype == _BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == _ERROR:
        from xlrd.biffh import error_text_from_code

        return str(error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype not in (_NUMBER, _DATE):
        return ""
    code = _code(book, cell.xf_index)
    if cell.ctype == _DATE or is_date_code(code):
        from xlrd.xldate import XLDateError, xldate_as_datetime

        try:
            return date_text(xldate_as_datetime(cell.value, book.datemode), code or "yyyy/m/d")
        except (XLDateError, ValueError, OverflowError):
            pass
    return number_text(cell.value, code)


def _code(book: Any, index: int | None) -> str:
    if index is None or index >= len(book.xf_list):
        return ""
    key = book.xf_list[index].format_key
    if key in BUILT_IN:
        return BUILT_IN[key]
    form = book.format_map.get(key)
    return form.format_str if form is not None else ""
