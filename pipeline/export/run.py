"""The export as one call, with a store that is open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.export import json, sheet_csv, sheet_xlsx
from pipeline.export.select import ExportError, Filter, read_cursor, select, write_cursor
from pipeline.export.tables import rows

if TYPE_CHECKING:
    from pipeline.store import Store

Format = Literal["json", "jsonl", "csv", "xlsx"]


@dataclass(frozen=True)
class Exported:
    """What was written: how many notices, how many withdrawals, and the cursor to go on from."""

    notices: int
    withdrawn: int
    cursor: int
    path: Path


def export_records(
    store: Store,
    format: Format,
    output: Path,
    *,
    since: str | int | Path | None = None,
    filters: Filter | None = None,
    unmask: bool = False,
) -> Exported:
    """Exports the notices of a store.

    Args:
        output: a folder for json and csv, a file for jsonl and xlsx.
        since: a cursor, as a number or as a file that holds one; a file gets the next cursor once all is written.
        filters: what to hold; internal papers only where it says so.
        unmask: phone and identity numbers stay as they are.

    Raises:
        ExportError: the cursor can't be used, or the output can't be written.
    """
    at, cursor_file = read_cursor(since)
    _fit(format, output)
    selection = select(store, filters or Filter(), at)
    items = selection.items(store)
    if format == "json":
        json.write_folder(items, output, unmask=unmask)
    elif format == "jsonl":
        json.write_lines(items, output, unmask=unmask)
    else:
        tables = rows(items, unmask=unmask)
        if format == "csv":
            sheet_csv.write_folder(tables, output)
        else:
            sheet_xlsx.write_workbook(tables, output, cursor=selection.cursor, unmask=unmask)
    if cursor_file is not None:
        write_cursor(cursor_file, selection.cursor)
    return Exported(len(selection.rows), len(selection.withdrawn), selection.cursor, output)


def _fit(format: str, output: Path) -> None:
    """Whether the output is a folder where one is written, and a file where one is.

    Raises:
        ExportError: it is the other.
    """
    folder = format in ("json", "csv")
    if folder and output.is_file():
        raise ExportError("export.output", "是文件；这种格式要写进文件夹", file=str(output), remedy="请给一个文件夹")
    if not folder and output.is_dir():
        raise ExportError(
            "export.output", "是文件夹；这种格式写成一个文件", file=str(output), remedy=f"请给文件名，如 导出.{format}",
        )  # fmt: skip
