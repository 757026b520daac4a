"""Workbooks and csv: what a person sees in the cells, merges, hidden rows, limits."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from extractors.readers import read_source
from extractors.readers.limits import Limits
from extractors.readers.sniff import sniff
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError
from tests.faults.build import compound


def read(data: bytes, name: str = "台账.xlsx", limits: Limits | None = None) -> Document:
    return read_source(SourceFile.of(data, name, sniff(data, name)), limits or Limits())


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def book() -> Workbook:
    made = Workbook()
    sheet = made.active
    sheet.append(["2021年重点工作任务台账"])
    sheet.append(["序号", "任务", "时限", "完成率"])
    sheet.append([1, "整治河道", datetime(2021, 3, 5), 0.9])
    sheet.append([2, "巡查水库", datetime(2021, 6, 30), 0.955])
    sheet.merge_cells("A1:D1")
    sheet["C3"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["C4"].number_format = "yyyy/m/d"
    sheet["D3"].number_format = "0%"
    sheet["D4"].number_format = "0.0%"
    return made


def test_cells_as_they_are_shown(book: Workbook) -> None:
    document = read(saved(book))
    assert [block.text for block in document.blocks] == ["2021年重点工作任务台账", None]
    assert document.tables[0].cells == [
        ["序号", "任务", "时限", "完成率"], ["1", "整治河道", "2021年3月5日", "90%"], ["2", "巡查水库", "2021/6/30", "95.5%"],
    ]  # fmt: skip


def test_merges_several_sheets_and_hidden_rows(book: Workbook) -> None:
    sheet = book.active
    sheet.title = "河道"
    sheet.merge_cells("B3:B4")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    other = book.create_sheet("水库")
    for row in (["序号", "任务"], [1, "除险加固"], [2, "清淤"]):
        other.append(row)
    book.create_sheet("字典").append(["甲", "乙"])
    book["字典"].sheet_state = "hidden"
    document = read(saved(book))
    assert [len(table.cells) for table in document.tables] == [3, 3]
    assert document.tables[0].merges == [(1, 1, 2, 1)]
    assert any(block.text == "水库" for block in document.blocks)
    codes = [warning.code for warning in document.warnings]
    assert codes == ["table.hidden_rows", "table.hidden_columns", "source.hidden_sheet"] or set(codes) == {
        "table.hidden_rows", "table.hidden_columns", "source.hidden_sheet",
    }  # fmt: skip


def test_formulas_that_were_never_reckoned(book: Workbook) -> None:
    book.active["D5"] = "=D3+D4"
    assert "table.no_result" in [warning.code for warning in read(saved(book)).warnings]


def test_a_cell_far_away_costs_nothing(book: Workbook) -> None:
    book.active.cell(1_048_576, 16_384).number_format = "0%"
    assert len(read(saved(book)).tables[0].cells) == 3


def test_limits_and_bad_files(book: Workbook) -> None:
    with pytest.raises(LimitError) as caught:
        read(saved(book), limits=Limits(max_cells=5))
    assert caught.value.code == "limit.cells"
    data = saved(book)
    with pytest.raises(SourceError) as damaged:
        read_source(SourceFile.of(data[:-200], "a.xlsx", "xlsx"), Limits())
    assert damaged.value.code == "source.damaged"
    with pytest.raises(SourceError) as locked:
        sniff(compound("EncryptedPackage", "EncryptionInfo"), "a.xlsx")
    assert locked.value.code == "source.encrypted"


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(coding: str, delimiter: str) -> None:
    rows = [
        ["任务台账", "", ""],
        ["序号", "任务", "时限"],
        ["1", '"整治河道,清淤\n两处"', "3月5日"],
        ["2", "巡查", "6月底"],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    document = read(text.encode(coding), "台账.csv")
    assert document.source.format == "csv" and document.blocks[0].text == "任务台账"
    assert document.tables[0].cells[1] == ["1", "整治河道,清淤\n两处", "3月5日"]


def test_a_text_called_csv() -> None:
    document = read("各科室：\n请于5月31日前报送值班表,不得迟报。\n办公室".encode(), "通知.csv")
    assert document.blocks[0].text == "各科室："
