"""The tables as CSV files that Excel and WPS open as they are: UTF-8 with BOM, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pipeline.export.select import write
from pipeline.export.tables import TABLES, Cell, Column, Rows

_BOM = "\ufeff"
#: What makes a spreadsheet reckon a cell. Source: OWASP, CSV injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_folder(rows: Rows, folder: Path) -> None:
    """Writes ``notices.csv``, ``tasks.csv`` … with the columns' names as heads.

    Raises:
        ExportError: the folder can't be written to.
    """
    for table in TABLES:
        write(folder / f"{table.name}.csv", text(table.columns, rows[table.name]))


def text(columns: Sequence[Column], rows: Sequence[dict[str, Cell]]) -> str:
    """One table as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    writer.writerows([[_cell(column, row.get(column.name)) for column in columns] for row in rows])
    return _BOM + out.getvalue()


def _cell(column: Column, value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if not isinstance(value, str):
        return str(value)
    value = value.replace("\x00", "")
    if column.words is not None:
        # A closed vocabulary, whose lone = no spreadsheet reckons.
        return value
    return "'" + value if value.lstrip(" \n").startswith(FORMULA) else value
