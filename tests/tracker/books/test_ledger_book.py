from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from pipeline.tracker import book_rows
from pipeline.tracker.book_columns import COLUMNS
from pipeline.tracker.ledger_book import GRID_SHEET, KEPT_SHEET, SHEET, export_book
from pipeline.tracker.split import split_ledger
from pipeline.tracker.types import LedgerError, Query

DAY = date(2021, 4, 12)
HEADS = [
    "序号", "督办编号", "事项来源（文件、文号、条款）", "工作任务", "具体要求", "量化目标", "责任领导", "牵头单位", "配合单位",
    "责任人", "交办日期", "完成时限", None, "调整后时限", "上期进展", "本期进展", "完成值", "进度评价", "亮灯", "存在问题",
    "下一步措施", "佐证材料", "办结日期", "备注",
]  # fmt: skip


def written(desk, tmp_path, **more):
    path = tmp_path / "台账.xlsx"
    count = export_book(desk, Query(DAY), path, DAY, **more)
    return count, load_workbook(path)


def test_what_offices_have_in_a_ledger(desk, tmp_path):
    count, book = written(desk, tmp_path, title="督办台账", unit="市城管局", paper="A4")
    sheet = book[SHEET]
    assert count == 12 and sheet.max_row == 16
    assert sheet["A1"].value == "督办台账"
    assert sheet["A2"].value == "填报单位：市城管局"
    assert [c.value for c in sheet[2] if c.value][1] == "截至日期：2021年4月12日"
    assert [cell.value and cell.value.replace("\n", "") for cell in sheet[3]][:24] == HEADS
    assert (sheet["L4"].value, sheet["M4"].value) == ("原文", "日期")
    assert sheet.freeze_panes == "E5"
    assert sheet.print_title_rows == "$3:$4"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize), sheet.page_setup.fitToHeight) == (
        "landscape", 9, 0,
    )  # fmt: skip
    assert "达序时" in sheet.data_validations.dataValidation[0].formula1
    assert sheet.column_dimensions["Y"].hidden
    assert book[KEPT_SHEET].sheet_state == "hidden"
    assert len(list(sheet.conditional_formatting)) >= 2


def test_lamps_and_the_period_at_hand(desk, tmp_path):
    _, book = written(desk, tmp_path)
    rows = {row[3].value: row for row in book[SHEET].iter_rows(min_row=5)}
    monthly = rows["办公室报送信息"]
    # March's was due on the 25th and nothing was said of it.
    assert monthly[12].value.date() == date(2021, 3, 25)
    assert monthly[18].value == "红"
    assert rows["办公室整治占道经营"][18].value == "绿"


def test_words_are_never_formulas(desk, tmp_path):
    item = desk.items(Query(DAY))[0]
    desk.note(item.id, progress="=1+1 的结果", problems="-2 度")
    _, book = written(desk, tmp_path)
    row = next(row for row in book[SHEET].iter_rows(min_row=5) if row[1].value == item.number)
    assert (row[15].value, row[15].data_type) == ("=1+1 的结果", "s")
    assert row[19].value == "-2 度"


def test_notes_of_this_period_and_of_the_last(at, desk, tmp_path):
    item = desk.items(Query(DAY))[0]
    at(date(2021, 3, 20)).note(item.id, progress="三月的进展")
    desk.note(item.id, progress="四月的进展")
    _, book = written(desk, tmp_path)
    row = next(row for row in book[SHEET].iter_rows(min_row=5) if row[1].value == item.number)
    assert (row[14].value, row[15].value) == ("三月的进展", "四月的进展")


def test_no_grid_without_figures(desk, tmp_path):
    _, book = written(desk, tmp_path)
    assert GRID_SHEET not in book.sheetnames


def test_weeks_stand_under_their_month(desk):
    from openpyxl import Workbook

    from pipeline.tracker.book_styles import Styles
    from pipeline.tracker.grid_sheet import write_grid
    from pipeline.tracker.ledger_book import Face
    from pipeline.tracker.lines import Line
    from pipeline.tracker.types import Occurrence

    weeks = [date.fromisocalendar(2021, week, 1) for week in range(10, 53)]
    series = tuple(
        Occurrence(
            n, 1, f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02}", day + timedelta(6), day, target=1, unit="条"
        )
        for n, day in enumerate(weeks, 1)
    )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("进度表")
    write_grid(sheet, [Line(desk.items(Query(DAY))[0], series=series)], Face(DAY), Styles())
    whole = io.BytesIO()
    book.save(whole)
    row = [cell.value for cell in load_workbook(whole).worksheets[0][3]]
    # By the months that the weeks' Thursdays lie in.
    assert row[5:17] == [None, None, 3, 5, 4, 4, 5, 4, 5, 4, 4, 5]
    assert row[17] == 43


def test_one_file_a_unit(desk, tmp_path):
    files = split_ledger(desk, Query(DAY), tmp_path / "分发", DAY)
    assert [(each.unit, len(each.rows), each.path.name) for each in files] == [
        (unit, 3, f"{unit}.xlsx") for unit in ("办公室", "市容科", "环卫处", "执法大队")
    ]
    sheet = load_workbook(files[0].path)[SHEET]
    assert sheet["A2"].value == "填报单位：办公室"
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == [1, 2, 3]


def test_a_folder_that_cant_be_written(desk, tmp_path):
    (tmp_path / "文件").write_text("")
    with pytest.raises(LedgerError, match="写不了"):
        export_book(desk, Query(DAY), tmp_path / "文件" / "台账.xlsx", DAY)


def test_rows_are_the_same_without_the_quick_way(desk, tmp_path, monkeypatch):
    item = desk.resolve(desk.items(Query(DAY))[0].number)
    desk.note(item, progress=" 一、<b>&nbsp;\n二、\x07=1+1 ", actual=2.5)
    _, quick = written(desk, tmp_path)
    assert book_rows.quick()
    monkeypatch.setattr(book_rows, "quick", lambda: False)
    _, slow = written(desk, tmp_path)
    assert quick.sheetnames == slow.sheetnames
    for name in (SHEET, KEPT_SHEET):
        rows = list(zip(quick[name].iter_rows(), slow[name].iter_rows(), strict=True))
        assert rows
        for one, other in rows:
            shown = [
                [(c.value, c.number_format, c.font.name, c.alignment.wrap_text) for c in row] for row in (one, other)
            ]
            assert shown[0] == shown[1]
            assert quick[name].row_dimensions[one[0].row].height == slow[name].row_dimensions[one[0].row].height


def test_a_text_that_no_row_holds_is_in_small_letters(desk, tmp_path):
    item = desk.items(Query(DAY))[0]
    desk.note(item.id, progress="进展很长。" * 200)
    _, book = written(desk, tmp_path)
    row = next(row for row in book[SHEET].iter_rows(min_row=5) if row[1].value == item.number)
    place = [column.name for column in COLUMNS].index("progress_text")
    assert (row[place].font.size, row[3].font.size) == (7, 10)
    assert 300 < book[SHEET].row_dimensions[row[0].row].height <= 400
