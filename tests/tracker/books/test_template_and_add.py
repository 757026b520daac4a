"""The office's own forms: filled in, and old ledgers taken over."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from pipeline.tracker.add_book import apply_additions, read_additions
from pipeline.tracker.add_times import read_due
from pipeline.tracker.cells import CellError
from pipeline.tracker.returns import plan_returns
from pipeline.tracker.template_book import fill_template
from pipeline.tracker.types import LedgerError, Query

DAY = date(2021, 4, 12)


@pytest.fixture
def form(tmp_path):
    """A form with heads in two rows, room for three items, and a line to sign below."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "重点工作推进表"
    sheet.merge_cells("A1:H1")
    sheet["A2"] = "填报单位（盖章）：________      填报时间：    年  月  日"
    for column, head in enumerate(
        ("序号", "重点任务", "责任\n单位", "办理时限", "推进情况", None, "亮点做法", "备注"), 1
    ):
        sheet.cell(3, column).value = head
    sheet["E4"], sheet["F4"] = "上月进展", "本月进展"
    sheet.merge_cells("E3:F3")
    for letter in "ABCDGH":
        sheet.merge_cells(f"{letter}3:{letter}4")
    sheet["B5"].font = Font(name="仿宋", size=12)
    sheet["B5"], sheet["C5"] = "（示例）整治占道经营", "（示例）市容科"
    sheet["A8"] = "填报人：          审核人："
    sheet.merge_cells("A8:H8")
    path = tmp_path / "模板.xlsx"
    book.save(path)
    return path


def test_a_form_is_filled_by_the_meaning_of_its_heads(desk, form, tmp_path):
    before = form.read_bytes()
    filled = fill_template(desk, Query(DAY), form, tmp_path / "填好.xlsx", DAY, unit="市城管局")
    assert form.read_bytes() == before
    assert filled.rows == 12 and filled.unknown == ["亮点做法"] and filled.replaced == 1
    sheet = load_workbook(tmp_path / "填好.xlsx").worksheets[0]
    assert sheet["A2"].value.startswith("填报单位（盖章）：市城管局")
    assert sheet["A2"].value.endswith("填报时间：2021年4月12日")
    assert sheet["B5"].value == "办公室整治占道经营：办公室要在年底前完成辖区占道经营整治。"
    assert (sheet["C5"].value, sheet["D5"].value.date()) == ("办公室", date(2021, 11, 30))
    assert sheet["B16"].font.name == "仿宋"
    assert sheet["A17"].value.startswith("填报人") and "A17:H17" in map(str, sheet.merged_cells.ranges)


def test_a_filled_form_comes_back(desk, form, tmp_path):
    path = tmp_path / "填好.xlsx"
    fill_template(desk, Query(DAY), form, path, DAY, unit="市容科")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    row = next(r for r in range(5, 17) if str(sheet.cell(r, 2).value).startswith("市容科整治"))
    sheet.cell(row, 6).value = "按计划推进"
    book.save(path)
    (change,) = plan_returns(desk, [path]).changes
    assert (change.title, change.after) == ("市容科整治占道经营", "按计划推进")


def test_a_form_without_heads(desk, tmp_path):
    Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(LedgerError, match="没有认出表头"):
        fill_template(desk, Query(DAY), tmp_path / "空.xlsx", tmp_path / "出.xlsx", DAY)


@pytest.fixture
def old(tmp_path):
    """An old ledger of 领导批示 and other things."""
    book = Workbook()
    sheet = book.active
    for row in (
        ["领导批示件办理台账"],
        ["序号", "批示内容", "责任单位", "协办单位", "责任人", "交办时间", "办理时限", "办理情况", "来源", "密级"],
        [
            1,
            "整治城北农贸市场",
            "执法大队",
            "市容科；环卫处",
            "王强",
            "2021.3.5",
            "4月底前",
            "已完成摸底",
            "王市长批示",
        ],
        [2, "每月报送渣土整治情况", "安全科", None, None, date(2021, 3, 8), "每月5日前", None, "局长办公会"],
        [3, "完善门前三包", "市容科", None, None, "3月9日", "看情况", None, None],
        [4, None, "市容科"],
        ["合计", 4],
    ):
        sheet.append(row)
    path = tmp_path / "旧台账.xlsx"
    book.save(path)
    return path


def test_an_old_ledger_becomes_items(at, old):
    ledger = at()
    found = read_additions(ledger, old)
    assert [item.origin for item in found.items] == ["instruction", "meeting", "ledger"]
    assert [doubt.place.row for doubt in found.doubts] == [4, 5]
    assert found.unknown == ["密级"]
    assert ledger.count(Query(DAY, filing=())) == 0
    first, second, third = [ledger.item(number) for number in apply_additions(ledger, found, file=True)]
    assert (first.item.title, first.item.due, first.item.assigned_on) == (
        "整治城北农贸市场", date(2021, 4, 30), date(2021, 3, 5),
    )  # fmt: skip
    assert first.item.names("support") == ["市容科", "环卫处"] and first.notes[0].progress == "已完成摸底"
    assert second.item.rrule == "FREQ=MONTHLY;BYMONTHDAY=5" and second.occurrences
    assert third.item.time_text == "看情况" and third.item.due is None
    # The same ledger again adds nothing.
    again = read_additions(ledger, old)
    assert again.items == [] and len(again.known) == 3


def test_items_wait_for_filing_by_default(at, old):
    ledger = at()
    apply_additions(ledger, read_additions(ledger, old))
    assert ledger.count(Query(DAY, filing=("pending",))) == 3
    ledger.undo()
    assert ledger.count(Query(DAY, filing=("pending",))) == 0


def test_an_office_ledger_of_a_year(at, tmp_path):
    """Heads in two rows, headings across, roles within a cell, dates without a year, what is done already."""
    book = Workbook()
    sheet = book.active
    for row in (
        ["2023年度重点工作督办台账"],
        ["序号", "重点任务", "建设内容", "责任分工", None, "完成时限", "进展情况", "是否办结", "办结时间"],
        [None, None, None, "责任单位", "配合单位"],
        ["一、城市建设"],
        [1, "老旧小区改造", "改造小区5个", "住建局", "财政局、\n各街道", "12月31日前", "已开工3个", "未办结"],
        [2, "污水管网", "新建管网10公里", "牵头：水务局；配合：住建局", None, "2023年9月1日前投入使用", "已通水", "是",
         date(2021, 4, 1)],
        [3, "防汛备勤", "落实物资", "水务局", None, "汛期前", None, "80%"],
    ):  # fmt: skip
        sheet.append(row)
    for area in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:I3", "A4:I4"):
        sheet.merge_cells(area)
    book.save(tmp_path / "年度台账.xlsx")
    ledger = at()
    found = read_additions(ledger, tmp_path / "年度台账.xlsx")
    assert (found.doubts, found.unknown) == ([], [])
    assert "3 项写有进展，1 项已办结" in "\n".join(found.lines())
    first, second, third = [ledger.item(number) for number in apply_additions(ledger, found, file=True)]
    assert (first.item.due, first.item.requirement) == (date(2023, 12, 31), "改造小区5个")
    assert first.item.names("support") == ["财政局", "各街道"] and first.item.status == "unassigned"
    assert (second.item.names("lead"), second.item.names("support")) == (["水务局"], ["住建局"])
    assert (second.item.due, second.item.status) == (date(2023, 9, 1), "closed")
    assert second.item.closed_on == date(2021, 4, 1) and second.notes[0].progress == "已通水"
    assert (third.item.time_text, third.item.due, third.notes[0].progress) == ("汛期前", None, "80%")


@pytest.mark.parametrize(
    ("words", "assigned", "year", "fields"),
    [
        ("2021-05-01", None, None, {"due": "2021-05-01"}),
        (date(2020, 5, 1), None, None, {"due": "2020-05-01"}),
        ("12月31日前", None, None, {"due": "2021-12-31"}),
        ("3月5日", None, None, {"due": "2021-03-05"}),
        ("1月5日", date(2021, 3, 8), None, {"due": "2022-01-05"}),
        ("4月底", date(2021, 3, 8), None, {"due": "2021-04-30"}),
        ("1月底", None, 2023, {"due": "2023-01-31"}),
        ("二季度", None, 2023, {"due": "2023-06-30", "time_text": "二季度"}),
        ("每月5日前", None, None, {"rrule": "FREQ=MONTHLY;BYMONTHDAY=5", "time_text": "每月5日前"}),
        ("8月底前完成主体工程", None, None, {"due": "2021-08-31", "time_text": "8月底前完成主体工程"}),
        ("长期坚持", None, None, {"time_text": "长期坚持"}),
        ("", None, None, {}),
    ],
)
def test_deadlines_as_people_write_them(words, assigned, year, fields):
    assert read_due(words, DAY, assigned_on=assigned, year=year) == fields


@pytest.mark.parametrize("words", ["看情况", "2月30日", "√"])
def test_no_deadline(words):
    with pytest.raises(CellError):
        read_due(words, DAY)
