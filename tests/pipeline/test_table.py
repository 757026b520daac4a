"""Tables on a terminal, by the columns that Chinese takes."""

from __future__ import annotations

import pytest

from pipeline.columns import width
from pipeline.table import Cell, Column, columns_here, cut, lines

COLUMNS = (Column("灯", 2), Column("任务"), Column("时限", 12), Column("状态", 8, lines=3))
ROWS = [
    (Cell("红", "red"), "把全年的宣传工作计划报送办公室，逐月写明内容、时间和责任人", "2024-03-31\n逾期12天", "办理中"),
    ("绿", "短", "—", "办理中\n达序时\n改版有变化"),
]


def test_cells_stand_in_columns_and_wrap() -> None:
    shown = list(lines(COLUMNS, ROWS, 60, colour=False))
    assert shown == [
        "灯  任务                                时限        状态",
        "红  把全年的宣传工作计划报送办公室，逐  2024-03-31  办理中",
        "    月写明内容、时间和责任人            逾期12天",
        "绿  短                                  —           办理中",
        "                                                    达序时",
        "                                                    改版有…",
    ]


@pytest.mark.parametrize("total", [40, 60, 80, 120, 160])
def test_no_line_is_wider_than_the_terminal(total: int) -> None:
    for line in lines(COLUMNS, ROWS, total, colour=False):
        assert width(line) <= total


def test_a_wide_table_has_a_line_for_each_row() -> None:
    shown = list(lines(COLUMNS, ROWS, 160, colour=False))
    assert len(shown) == 3
    assert "2024-03-31 逾期12天" in shown[1] and shown[1].startswith("红  把全年")


def test_colours_are_beside_words() -> None:
    (_, first, *_) = lines(COLUMNS, ROWS, 160, colour=True)
    assert first.startswith("\x1b[31m红\x1b[0m")
    assert "\x1b" not in "".join(lines(COLUMNS, ROWS, 160, colour=False))


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert cut("办公室牵头", 10) == "办公室牵头"
    assert cut("办公室牵头", 7) == "办公室…"
    assert width(cut("abc办公室", 6)) <= 6


def test_the_width_is_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert columns_here() == 80
    monkeypatch.delenv("COLUMNS")
    assert columns_here() == 160
