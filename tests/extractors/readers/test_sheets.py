"""Sheets as paragraphs and tables; numbers and dates as they are shown."""

from __future__ import annotations

from datetime import datetime

import pytest

from extractors.readers.limits import Limits
from extractors.readers.sheets import Sheet, assemble, date_text, number_text
from schemas.document import Document, SourceFile
from schemas.errors import LimitError

HEAD = ["序号", "任务", "责任单位", "时限"]


def document(*sheets: Sheet, **limits: int) -> Document:
    return assemble(sheets, SourceFile.of(b"x", "台账.xls", "xls"), Limits(**limits), [])


def test_title_line_table_and_note() -> None:
    rows = [
        ["2024年重点任务表"],
        ["填报单位：水务局", "", "", "2024年3月"],
        HEAD,
        ["1", "清淤", "建设科", "6月"],
        ["备注：每月报送。"],
    ]
    made = document(Sheet("Sheet1", rows, [(0, 0, 1, 4), (4, 0, 1, 4)]))
    assert [block.text for block in made.blocks] == [
        "2024年重点任务表",
        "填报单位：水务局 2024年3月",
        None,
        "备注：每月报送。",
    ]
    assert made.tables[0].cells == [HEAD, ["1", "清淤", "建设科", "6月"]]


def test_a_group_of_rows_keeps_its_head_and_blank_edges_go() -> None:
    rows = [
        [],
        ["", *HEAD],
        ["", "一、河道"],
        ["", "1", "清淤", "建设科", "6月"],
        [],
        ["", "2", "植树", "管理科", "3月"],
    ]
    (table,) = document(Sheet("表", rows, [(2, 1, 1, 4)])).tables
    assert table.cells[1] == ["一、河道"] * 4 and table.merges == [(1, 0, 1, 4)]
    assert len(table.cells) == 4 and len(table.cells[0]) == 4


def test_tables_below_one_another() -> None:
    rows = [["一季度"], HEAD, ["1", "a", "b", "c"], [], ["二季度"], HEAD, ["2", "d", "e", "f"]]
    made = document(Sheet("表", rows))
    assert [block.text for block in made.blocks] == ["一季度", None, "二季度", None]


def test_names_of_several_sheets_hidden_sheets_and_rows() -> None:
    first = Sheet("任务", [HEAD, ["1", "a", "b", "c"], ["2", "d", "e", "f"]], hidden_rows={2})
    made = document(
        first, Sheet("经费", [["项目", "金额"], ["清淤", "3"]]), Sheet("字典", [["x"]], hidden=True), Sheet("空", [])
    )
    assert [block.text for block in made.blocks] == ["任务", None, "经费", None]
    assert len(made.tables[0].cells) == 3
    assert {warning.code for warning in made.warnings} == {"source.hidden_sheet", "table.hidden_rows"}


def test_merges_that_overlap_or_reach_far_beyond() -> None:
    rows = [["a", "b"], ["c", "d"]]
    (table,) = document(Sheet("表", rows, [(0, 0, 2, 1), (1, 0, 1, 2), (0, 1, 60000, 1)])).tables
    assert table.cells == [["a", "b"], ["a", "b"]] or len(table.cells) == 2


def test_limits() -> None:
    with pytest.raises(LimitError, match="单元格"):
        document(Sheet("表", [["a"] * 100] * 100), max_cells=500)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.0, "General", "12"), (12.5, "", "12.5"), (0.95, "0%", "95%"), (0.985, "0.0%", "98.5%"), (3.0, "0.00", "3.00"),
        (7.0, "000", "007"), (1234567.0, "#,##0", "1234567"), (0.1 + 0.2, "", "0.3"), (1e-7, "", "0.0000001"),
        (202400000001.0, "", "202400000001"),
    ],
)  # fmt: skip
def test_numbers(value: float, code: str, text: str) -> None:
    assert number_text(value, code) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('yyyy"年"m"月"d"日"', "2024年6月5日"), ("yyyy/m/d", "2024/6/5"), ("yyyy-mm-dd", "2024-06-05"), ('m"月"', "6月"),
        ('yyyy"年"m"月";@', "2024年6月"), ("[$-804]yyyy\\-m", "2024-6"), ("h:mm", "9:30"), ("yy.m.d", "24.6.5"),
    ],
)  # fmt: skip
def test_dates(code: str, text: str) -> None:
    assert date_text(datetime(2024, 6, 5, 9, 30), code) == text
