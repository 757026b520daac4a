"""A ledger with items of several units, and what people do to its workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.store import Store, open_store
from pipeline.tracker.book_columns import COLUMNS
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.ledger_book import SHEET

DAY = date(2021, 4, 12)
UNITS = ("办公室", "市容科", "环卫处", "执法大队")


@pytest.fixture
def books_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "duban.db") as opened:
        yield opened


@pytest.fixture
def at(books_store: Store, tmp_path: Path) -> Callable[..., Ledger]:
    """The ledger on a day, by somebody."""

    def opened(day: date = DAY, by: str = "李科", hour: int = 9) -> Ledger:
        now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        return Ledger(books_store, today=day, by=by, now=now, evidence=tmp_path / "evidence")

    return opened


@pytest.fixture
def desk(at: Callable[..., Ledger]) -> Ledger:
    """A ledger with three items of each unit: a date, a repetition, and one without a date; assigned on 8 March."""
    made = at(date(2021, 3, 8))
    ids = []
    for unit in UNITS:
        owner = {"name": unit, "role": "lead", "type": "department", "unit": unit}
        for fields in (
            {"title": f"{unit}整治占道经营", "text": f"{unit}要在年底前完成辖区占道经营整治。", "due": "2021-11-30"},
            {"title": f"{unit}报送信息", "text": f"{unit}每月25日前报送信息。", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"},
            {"title": f"{unit}加强值班值守", "text": f"{unit}常态化加强值班值守，确保平稳。"},
        ):
            ids.append(made.add({**fields, "parties": [owner], "issued_on": "2021-03-05"}, "meeting"))
    made.file(ids, date(2021, 3, 8))
    return at()


class Sheet:
    """A ledger's workbook in the hands of somebody who fills it in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)
        self.sheet = self.book[SHEET]
        self.columns = {column.name: number for number, column in enumerate(COLUMNS, 1)}

    def put(self, number: str, **values: Any) -> None:
        row = self.row(number)
        for name, value in values.items():
            self.sheet.cell(row, self.columns[name]).value = value

    def row(self, number: str) -> int:
        column = self.columns["number"]
        return next(r for r in range(5, self.sheet.max_row + 1) if self.sheet.cell(r, column).value == number)

    def numbers(self) -> list[str]:
        return [self.sheet.cell(r, self.columns["number"]).value for r in range(5, self.sheet.max_row + 1)]

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


@pytest.fixture
def sheet() -> type[Sheet]:
    return Sheet
