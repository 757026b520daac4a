"""The office's own forms: filled in, and old ledgers taken over."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from pipeline.tracker.add_book import apply_additions, read_additions
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
