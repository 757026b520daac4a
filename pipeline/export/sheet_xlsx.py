"""The tables as an Excel workbook that people read, sort, filter and put right.

A hidden sheet keeps a digest of every cell that may be changed, by the key in its row's first column; so the workbook
can be read back (``ledger.py``) after rows were sorted, inserted or taken out.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.select import unwritable
from pipeline.export.tables import TABLES, Cell, Column, Rows, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HIDDEN_SHEET = "_duban"
LAYOUT = 1
#: Excel's own limit on a cell's text, less the words that say that it was cut.
LONGEST = 32000
CUT = "……（过长，全文见 JSON）"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES, _NO = "是", "否"


def write_workbook(rows: Rows, path: Path, *, cursor: int = 0, unmask: bool = False) -> None:
    """Writes the workbook, whole or not at all.

    Raises:
        ExportError: the file can't be written, for instance because Excel holds it open.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    kept = book.create_sheet(HIDDEN_SHEET)
    for table in TABLES:
        _fill(book.create_sheet(table.head), table, rows[table.name])
    kept.append(["duban", LAYOUT, cursor, int(unmask)])
    for table in TABLES:
        for row in rows[table.name]:
            if digests := digests_of(table, row):
                # The cells of the key sheet are text for certain: a key that looks like a number stays one.
                kept.append([table.name, str(row[table.key.name]), str(row["task_key"]), json.dumps(digests)])
    kept.sheet_state = "hidden"
    book.move_sheet(kept, len(TABLES))
    book.active = 0
    part = path.parent / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(part)
        os.replace(part, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def digests_of(table: Table, row: dict[str, Cell]) -> dict[str, str]:
    """A digest of each cell of a row that may be changed, as Excel shows it."""
    return {
        column.name: digest(display(column, row.get(column.name))) for column in table.columns if column.edit
    }  # fmt: skip


def digest(shown: str | float | date | None) -> str:
    """A short digest of what a cell shows; how the number or date is typed makes no difference."""
    return hashlib.sha256(plain(shown).encode("utf-8")).hexdigest()[:12]


def plain(shown: Any) -> str:
    """What a cell shows, as text that is equal for equal contents."""
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return _YES if shown else _NO
    if isinstance(shown, float) and shown.is_integer():
        return str(int(shown))
    if isinstance(shown, datetime):
        return shown.date().isoformat()
    if isinstance(shown, date):
        return shown.isoformat()
    return str(shown).replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n").strip()


def display(column: Column, value: Cell) -> str | float | date | None:
    """A value as Excel gets it: words for vocabularies, real dates, text that the format can hold."""
    if value is None or value == "":
        return None
    if column.words is not None:
        return column.words.get(str(value), str(value))
    if column.kind == "date" and isinstance(value, str) and _DATE.fullmatch(value):
        with contextlib.suppress(ValueError):
            found = date.fromisoformat(value)
            # Excel counts days from 1900.
            return found if found.year >= 1901 else value
    if isinstance(value, str):
        value = _CONTROL.sub("", value)
        return value if len(value) <= LONGEST else value[:LONGEST] + CUT
    return value


def _fill(sheet: Worksheet, table: Table, rows: list[dict[str, Cell]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    top = Alignment(vertical="top", wrap_text=True)
    for number, column in enumerate(table.columns, 1):
        head = sheet.cell(1, number, column.head)
        head.font = Font(bold=True)
        head.alignment = Alignment(vertical="center", horizontal="center", wrap_text=True)
        # Heads of columns that may be changed look different from those that only tell.
        head.fill = PatternFill("solid", fgColor="FFF2CC" if column.edit else "D9E1F2")
        sheet.column_dimensions[get_column_letter(number)].width = column.wide
    for line, row in enumerate(rows, 2):
        for number, column in enumerate(table.columns, 1):
            value = display(column, row.get(column.name))
            cell = sheet.cell(line, number)
            cell.alignment = top
            if isinstance(value, str):
                # Set as a string: nothing that a notice says is reckoned as a formula or turned into a number.
                cell.value, cell.data_type, cell.number_format = value, "s", "@"
                if value.startswith(("=", "+", "-", "@")):
                    cell.quotePrefix = True
            elif value is not None:
                cell.value = value
                if isinstance(value, date):
                    cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{max(len(rows) + 1, 2)}"
    _choices(sheet, table, len(rows))


def _choices(sheet: Worksheet, table: Table, count: int) -> None:
    """Lists to choose from in the columns of a closed vocabulary, some rows further than the table goes."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(table.columns, 1):
        if column.edit and (column.words or column.name == "drop"):
            words = list(column.words.values()) if column.words else [_YES]
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            sheet.add_data_validation(choice)
            letter = get_column_letter(number)
            choice.add(f"{letter}2:{letter}{count + 200}")
