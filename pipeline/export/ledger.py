"""A workbook that people changed, read back: which cells of which rows are no longer as they were exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.export.select import ExportError
from pipeline.export.sheet_xlsx import CUT, HIDDEN_SHEET, LAYOUT, digest, plain
from pipeline.export.tables import TABLES, Column, Table

#: Rows that may stand above the heads, where somebody put a title.
_ABOVE = 10
_WRITTEN_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DROPS = frozenset({"是", "删", "删除", "√", "✓", "x", "X", "1", "y", "Y"})


@dataclass(frozen=True)
class Row:
    """A row that was changed, added or marked to be dropped.

    Attributes:
        key: the row's key; None for a row that a person added.
        cells: what the changed cells (of an added row: all filled cells) say, by the columns' names; None for an
            emptied one.
        place: sheet and row as Excel numbers it, for messages.
    """

    table: str
    key: str | None
    task: str
    cells: dict[str, Any]
    drop: bool
    place: str


@dataclass
class Ledger:
    """What a workbook says: changed rows, the digests that it was exported with, and what can't be taken.

    ``digests`` are by table and row key; ``missing`` counts exported rows that are no longer there, by table.
    """

    unmask: bool
    rows: list[Row] = field(default_factory=list)
    digests: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    tasks: dict[tuple[str, str], str] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def read_ledger(path: Path) -> Ledger:
    """The changes in a workbook that ``duban export --format xlsx`` wrote.

    Raises:
        ExportError: the file can't be read, or was not written by duban, or has lost its hidden sheet.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path)
    except FileNotFoundError as error:
        raise ExportError("import.unreadable", "没有这个文件", file=str(path), remedy="请检查路径") from error
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ExportError(
            "import.unreadable", "不是能读的 xlsx 文件", file=str(path), remedy="请用 Excel 或 WPS 另存为 .xlsx 再试",
        ) from error  # fmt: skip
    if HIDDEN_SHEET not in book.sheetnames:
        raise ExportError(
            "import.keys", f"没有隐藏的 {HIDDEN_SHEET} 表，认不出各行原来的值", file=str(path),
            remedy="请在 duban export --format xlsx 导出的文件里修改",
        )  # fmt: skip
    ledger = _kept(book[HIDDEN_SHEET].iter_rows(values_only=True), path)
    for table in TABLES:
        # Cells of notices are the notice's own words: nothing in them is read back.
        if any(column.edit for column in table.columns) and table.head in book.sheetnames:
            lines = list(book[table.head].iter_rows(values_only=True))
            _Sheet(ledger, table, lines).read()
    return ledger


def _kept(lines: Iterator[tuple[Any, ...]], path: Path) -> Ledger:
    first = next(lines, ())
    if len(first) < 4 or first[:2] != ("duban", LAYOUT):
        raise ExportError(
            "import.keys", f"隐藏的 {HIDDEN_SHEET} 表不是这一版写的", file=str(path), remedy="请重新导出后再改",
        )  # fmt: skip
    ledger = Ledger(bool(first[3]), digests={table.name: {} for table in TABLES})
    for name, key, task, digests, *_ in lines:
        if name in ledger.digests and key:
            ledger.digests[name][str(key)] = json.loads(digests)
            ledger.tasks[name, str(key)] = str(task)
    return ledger


class _Sheet:
    """One sheet's rows against what was exported."""

    def __init__(self, ledger: Ledger, table: Table, lines: list[tuple[Any, ...]]) -> None:
        self.ledger = ledger
        self.table = table
        self.lines = lines
        self.places: dict[str, int] = {}

    def read(self) -> None:
        start = self._heads()
        if start is None:
            if self.ledger.digests[self.table.name]:
                self.ledger.refused.append(f"“{self.table.head}”表没有“{self.table.key.head}”这一列，整表未读")
            return
        seen: set[str] = set()
        for number, line in enumerate(self.lines[start:], start + 1):
            if any(plain(value) for value in line):
                self._row(line, f"“{self.table.head}”表第{number}行", seen)
        if missing := len(self.ledger.digests[self.table.name].keys() - seen):
            self.ledger.missing[self.table.head] = missing

    def _heads(self) -> int | None:
        """Finds the columns by their heads, wherever they were moved; gives the first row below them."""
        for number, line in enumerate(self.lines[:_ABOVE], 1):
            heads = {plain(value): index for index, value in enumerate(line)}
            if self.table.key.head in heads:
                self.places = {
                    column.name: heads[column.head] for column in self.table.columns if column.head in heads
                }  # fmt: skip
                return number
        return None

    def _row(self, line: tuple[Any, ...], place: str, seen: set[str]) -> None:
        values = {name: line[index] if index < len(line) else None for name, index in self.places.items()}
        key: str | None = plain(values.get(self.table.key.name))
        known = self.ledger.digests[self.table.name]
        if key not in known or key in seen:
            # A copied row bears its original's key.
            task = plain(values.get("task_key"))
            copied, key = key in seen, None
            if self.table.name == "tasks":
                if not copied or self._differs(values, known):
                    self.ledger.refused.append(f"{place}：编号不是导出时的，不能新增{self.table.head}")
                return
            if not task:
                self.ledger.refused.append(f"{place}：新增的行要填“任务编号”")
                return
            digests: dict[str, str] = {}
        else:
            seen.add(str(key))
            digests = known[str(key)]
            task = self.ledger.tasks[self.table.name, str(key)]
        cells: dict[str, Any] = {}
        for column in self.table.columns:
            value = values.get(column.name)
            if not column.edit or column.name == "drop" or column.name not in self.places:
                continue
            if digest(value) == digests.get(column.name, digest(None)):
                continue
            try:
                cells[column.name] = _read(column, value)
            except ValueError as error:
                self.ledger.refused.append(f"{place}“{column.head}”：{error}")
                return
        drop = plain(values.get("drop")) in _DROPS
        if cells or (drop and key):
            self.ledger.rows.append(Row(self.table.name, key, task, cells, drop, place))

    def _differs(self, values: dict[str, Any], known: dict[str, dict[str, str]]) -> bool:
        digests = known[plain(values.get(self.table.key.name))]
        return any(digest(values.get(name)) != kept for name, kept in digests.items() if name in self.places)


def _read(column: Column, value: Any) -> Any:
    """A changed cell as the record has it.

    Raises:
        ValueError: the cell says nothing that this column can hold; the message says why, in Chinese.
    """
    text = plain(value)
    if not text:
        return None
    if text.startswith("=") and column.name != "comparator":
        raise ValueError("是公式，请改为值")
    if text.endswith(CUT):
        raise ValueError("这一格导出时已截短，不能在表里改")
    if column.words is not None:
        by_word = {word: name for name, word in column.words.items()}
        name = by_word.get(text, text)
        if name not in column.words:
            raise ValueError(f"应是 {'、'.join(column.words.values())} 之一，现为“{text}”")
        return name == "True" if column.kind == "flag" else name
    if column.kind == "date":
        return _date(value, text)
    if column.kind in ("number", "whole"):
        try:
            return float(text.replace(",", "").replace("，", ""))
        except ValueError:
            raise ValueError(f"应是数，现为“{text}”") from None
    return text


def _date(value: Any, text: str) -> str:
    if isinstance(value, (date, datetime)):
        return text
    match = _WRITTEN_DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise ValueError(f"应是日期，如 2021-03-01，现为“{text}”")
