"""The office's own form (台账模板), filled in by the meaning of its heads; the form itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker import book_columns
from pipeline.tracker.book_columns import Shown
from pipeline.tracker.book_styles import cell_text, set_height
from pipeline.tracker.heads import Table, find_tables, is_foot, lexicon
from pipeline.tracker.ledger_book import KEPT_MARK, KEPT_SHEET, LAYOUT, save
from pipeline.tracker.lines import Line, lines
from pipeline.tracker.quota_sheet import told
from pipeline.tracker.sheets import open_xlsx, plain, read_book, read_bytes
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger


@dataclass
class Filled:
    """What became of a form.

    Attributes:
        rows: how many were written.
        fields: the heads of the form by the column that each was taken for.
        unknown: heads whose columns stay empty.
        replaced: rows of the form that held something, an example for instance, and were written over.
    """

    rows: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    replaced: int = 0


def fill_template(
    ledger: Ledger, wanted: Query, template: Path, path: Path, as_of: date, *, unit: str = ""
) -> Filled:  # fmt: skip
    """Fills the office's form with the items of a query, in a copy.

    Args:
        ledger, wanted: which items.
        template: the form, an xlsx; its first sheet with heads of a ledger is filled.
        path: where the copy goes.
        as_of, unit: 截至日期 and 填报单位, where the form asks for them.

    Raises:
        LedgerError: the form can't be read, is an old xls, or has no heads that are understood; ``ledger.unwritable``.
    """
    data = read_bytes(template)
    read = read_book(template)
    if read.old:
        raise LedgerError(
            "ledger.template", "旧版 xls 不能当模板", file=template.name, remedy="请用 Excel 或 WPS 另存为 .xlsx"
        )
    tables = find_tables(read)
    if not tables:
        raise LedgerError(
            "ledger.template", "没有认出表头（如工作任务、牵头单位、完成时限）", file=template.name,
            remedy="请检查模板第一行到第十五行里是否有表头",
        )  # fmt: skip
    book = open_xlsx(template, data)
    rows = list(lines(ledger, wanted, as_of))
    filling = _Filling(book[tables[0].grid.name], tables[0], rows, ledger.settings.progress_labels)
    filling.write()
    filling.label("unit", unit)
    filling.label("as_of", f"{as_of.year}年{as_of.month}月{as_of.day}日")
    _keep(book, filling, as_of, unit)
    save(book, path)
    return filling.told


class _Filling:
    def __init__(self, sheet: Any, table: Table, rows: Sequence[Line], labels: Mapping[str, str]) -> None:
        self.sheet, self.table, self.rows, self.labels = sheet, table, rows, labels
        self.first = table.last + 2
        self.told = Filled(len(rows), {table.heads[column]: name for name, column in table.columns.items()})
        taken = set(table.columns.values())
        self.told.unknown = [head for column, head in table.heads.items() if column not in taken]
        self.written: list[dict[str, Shown]] = []

    def write(self) -> None:
        room = self._room()
        self.told.replaced = sum(
            1
            for row in range(self.first - 1, self.first - 1 + room)
            if sum(bool(self.table.text(row, name)) for name in self.table.columns if name != "index") > 1
        )
        self._clear(room)
        if (extra := len(self.rows) - room) > 0:
            self._make_room(self.first + room, extra)
        looks = {c: copy(self.sheet.cell(self.first, c)._style) for c in range(1, self.sheet.max_column + 1)}
        height = self.sheet.row_dimensions[self.first].height
        for number, line in enumerate(self.rows, 1):
            row = self.first + number - 1
            values = combined(book_columns.shown(line, number, self.labels), set(self.table.columns))
            if line.figures > 1:
                values["actual"] = told(line)
            self.written.append(values)
            for column, look in looks.items():
                self.sheet.cell(row, column)._style = copy(look)
            for name, column in self.table.columns.items():
                self._put(row, column + 1, name, values[name])
            self._height(row, values, height)

    def _room(self) -> int:
        """Rows of the form below its heads, to what stands below the table or to its end."""
        grid = self.table.grid
        last = next((row for row in range(self.table.last + 1, len(grid.rows)) if is_foot(grid, row)), None)
        if last is not None:
            return last - self.table.last - 1
        return int(max(self.sheet.max_row - self.first + 1, 1))

    def _clear(self, room: int) -> None:
        for area in list(self.sheet.merged_cells.ranges):
            if self.first <= area.min_row and area.max_row < self.first + room:
                self.sheet.unmerge_cells(str(area))
        for row in range(self.first, self.first + room):
            for column in range(1, self.sheet.max_column + 1):
                self.sheet.cell(row, column).value = None

    def _make_room(self, foot: int, extra: int) -> None:
        """Moves what stands below the table down, with its merged cells and heights."""
        sheet = self.sheet
        if sheet.max_row < foot:
            return
        areas = [area for area in sheet.merged_cells.ranges if area.min_row >= foot]
        for area in areas:
            sheet.unmerge_cells(str(area))
        heights = {row: sheet.row_dimensions[row].height for row in range(foot, sheet.max_row + 1)}
        last = sheet.cell(foot, sheet.max_column).column_letter
        sheet.move_range(f"A{foot}:{last}{sheet.max_row}", rows=extra)
        for row, height in heights.items():
            sheet.row_dimensions[row + extra].height = height
        for area in areas:
            area.shift(row_shift=extra)
            sheet.merge_cells(str(area))

    def _put(self, row: int, column: int, name: str, value: Shown) -> None:
        cell = self.sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = cell_text(value) or None
            if cell.value:
                cell.data_type = "s"
        else:
            cell.value = value
        if isinstance(value, date):
            if cell.number_format in ("General", "@"):
                cell.number_format = "yyyy-mm-dd"
        elif name != "index" and isinstance(value, str):
            alignment = copy(cell.alignment)
            alignment.wrap_text = True
            cell.alignment = alignment

    def _height(self, row: int, values: Mapping[str, Shown], least: float | None) -> None:
        from openpyxl.utils import get_column_letter

        widths = self.sheet.column_dimensions
        cells = [
            (values[name], float(widths[get_column_letter(column + 1)].width or 9))
            for name, column in self.table.columns.items()
        ]
        size = float(self.sheet.cell(row, 1).font.sz or 11)
        set_height(self.sheet, row, cells, size)
        if least and (self.sheet.row_dimensions[row].height or 0) < least:
            self.sheet.row_dimensions[row].height = least

    def label(self, name: str, value: str) -> None:
        """Writes behind a label what it asks for, in the same cell, where nothing stands there yet."""
        pattern = lexicon()["labels"][name].removeprefix("^")
        for row in range(1, self.table.first + 1):
            for cell in self.sheet[row]:
                text = cell.value if isinstance(cell.value, str) else ""
                found = re.search(rf"({pattern})([\s_＿]*(?:年?[\s_＿]*月?[\s_＿]*日?(?=\s|$))?)", text)
                if value and found:
                    gap = "    " if text[found.end() :].strip() else ""
                    cell.value = text[: found.start()] + found[1] + cell_text(value) + gap + text[found.end() :]
                    return


def combined(values: Mapping[str, Shown], columns: set[str]) -> dict[str, Shown]:
    """A row's values for a form that has fewer columns: what has none of its own goes where people look for it."""
    made = dict(values)
    title, requirement = plain(values["title"]), plain(values["requirement"])
    if "requirement" not in columns and requirement and requirement != title:
        made["title"] = requirement if requirement.startswith(title.rstrip("…")) else f"{title}：{requirement}"
    if "title" not in columns and title and not requirement.startswith(title.rstrip("…")):
        made["requirement"] = f"{title}：{requirement}" if requirement else title
    if "time_text" not in columns and not values["due"]:
        made["due"] = values["time_text"]
    if "due" not in columns and not plain(values["time_text"]):
        made["time_text"] = values["due"]
    if "adjusted_due" not in columns and values["adjusted_due"]:
        made["remark"] = "；".join(filter(None, (plain(values["remark"]), f"延期至{plain(values['adjusted_due'])}")))
    if "lead" not in columns and "person" in columns and not plain(values["person"]):
        made["person"] = values["lead"]
    if "source" not in columns and "number" not in columns:
        made["source"] = None
    return made


def _keep(book: Any, filling: _Filling, as_of: date, unit: str) -> None:
    """The hidden sheet by which the filled form, returned, is known again."""
    if KEPT_SHEET in book.sheetnames:
        del book[KEPT_SHEET]
    kept = book.create_sheet(KEPT_SHEET)
    kept.sheet_state = "hidden"
    kept.append([KEPT_MARK, LAYOUT, as_of.isoformat(), unit])
    for line, values in zip(filling.rows, filling.written, strict=True):
        kept.append([line.item.id, line.item.number, line.item.revision, line.period, book_columns.digests(values)])
