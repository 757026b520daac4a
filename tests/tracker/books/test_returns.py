"""Workbooks as they come back from the units."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.tracker.ledger_book import KEPT_SHEET, SHEET, export_book
from pipeline.tracker.returns import plan_returns
from pipeline.tracker.returns_apply import apply_plan
from pipeline.tracker.returns_mark import write_doubts
from pipeline.tracker.split import split_ledger
from pipeline.tracker.types import LedgerError, Query

DAY = date(2021, 4, 12)


@pytest.fixture
def folder(desk, tmp_path):
    """The files sent out, one a unit."""
    split_ledger(desk, Query(DAY), tmp_path / "反馈", DAY)
    return tmp_path / "反馈"


@pytest.fixture
def numbers(desk):
    """督办编号 by title."""
    return {item.title: item.number for item in desk.items(Query(DAY))}


def test_nothing_filled_in_changes_nothing(desk, folder):
    plan = plan_returns(desk, [folder])
    assert (plan.changes, plan.conflicts, plan.doubts, plan.missing) == ([], [], [], [])
    assert apply_plan(desk, plan).batch is None


def test_an_emptied_file_is_no_return(desk, at, folder):
    from openpyxl import load_workbook

    path = folder / "市容科.xlsx"
    book = load_workbook(path)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.delete_rows(4, 100)
    book.save(path)
    plan = plan_returns(at(date(2021, 4, 14)), [path])
    assert plan.changes == [] and "市容科" in plan.missing
    (told,) = [told for file in plan.files for told in file.told]
    assert str(told.place) == "市容科.xlsx" and "已没有" in told.message


def test_what_a_unit_fills_in(desk, at, folder, numbers, sheet):
    date_item, monthly = numbers["市容科整治占道经营"], numbers["市容科报送信息"]
    form = sheet(folder / "市容科.xlsx")
    form.put(date_item, progress_text="已整治 3 条路段", problems="人手不足", progress="超前")
    form.put(monthly, progress_text="已报送", closed_on="3月24日")
    form.save()
    later = at(date(2021, 4, 14))
    plan = plan_returns(later, [folder / "市容科.xlsx"])
    assert [(c.number, c.head, c.after) for c in plan.changes] == [
        (date_item, "本期进展", "已整治 3 条路段"), (date_item, "进度评价", "超序时"), (date_item, "存在问题", "人手不足"),
        (monthly, "本期进展", "已报送"), (monthly, "办结日期", "2021-03-24"),
    ]  # fmt: skip
    assert plan.missing == ["办公室", "环卫处", "执法大队"]
    done = apply_plan(later, plan)
    assert (done.items, done.cells, done.left) == (2, 5, ())
    first, second = later.item(date_item), later.item(monthly)
    assert (first.item.status, first.item.progress, first.notes[-1].progress) == ("working", "ahead", "已整治 3 条路段")
    assert second.item.status == "reported"
    march = next(one for one in second.occurrences if one.period.startswith("2021-03"))
    assert (march.status, march.done_on) == ("reported", date(2021, 3, 24))
    # The same files again say nothing new, and one undo takes all of it back.
    assert plan_returns(later, [folder / "市容科.xlsx"]).changes == []
    later.undo()
    assert later.item(date_item).notes == ()
    assert later.item(monthly).item.status == "working"


def test_only_the_supervising_side_closes(desk, folder, numbers, sheet):
    number = numbers["环卫处整治占道经营"]
    form = sheet(folder / "环卫处.xlsx")
    form.put(number, progress="√", progress_text="全部完成")
    form.save()
    apply_plan(desk, plan_returns(desk, [folder]))
    item = desk.item(number).item
    assert (item.status, item.progress, item.closed_on) == ("reported", "done", None)


def test_newer_changes_are_listed_and_not_overwritten(desk, at, folder, numbers, sheet):
    number = numbers["办公室整治占道经营"]
    form = sheet(folder / "办公室.xlsx")
    form.put(number, progress_text="表里的话", problems="表里的问题")
    form.save()
    later = at(date(2021, 4, 13))
    later.note(later.resolve(number), progress="后来记的话")
    plan = plan_returns(later, [folder])
    assert [(c.head, c.now, c.returned) for c in plan.conflicts] == [("本期进展", "后来记的话", "表里的话")]
    assert [c.head for c in plan.changes] == ["存在问题"]
    apply_plan(later, plan)
    assert [note.progress for note in later.item(number).notes if note.progress] == ["后来记的话"]


def test_an_item_changed_since_the_plan_is_left(desk, folder, numbers, sheet):
    number = numbers["办公室整治占道经营"]
    form = sheet(folder / "办公室.xlsx")
    form.put(number, progress_text="表里的话")
    form.save()
    plan = plan_returns(desk, [folder])
    desk.note(desk.resolve(number), problems="刚刚记的")
    assert apply_plan(desk, plan).left == (desk.resolve(number),)


def test_two_files_that_say_different_things(desk, folder, numbers, sheet):
    number = numbers["办公室整治占道经营"]
    for name, words in (("办公室.xlsx", "甲说"), ("办公室(1).xlsx", "乙说")):
        form = sheet(folder / "办公室.xlsx")
        form.put(number, progress_text=words)
        form.save(folder / name)
    plan = plan_returns(desk, [folder])
    assert len(plan.changes) == len(plan.conflicts) == 1


def test_renamed_sorted_hidden_inserted_and_merged(desk, folder, numbers, sheet):
    form = sheet(folder / "执法大队.xlsx")
    work = form.sheet
    rows = [[cell.value for cell in row] for row in work.iter_rows(min_row=5)]
    for at, values in enumerate(reversed(rows), 5):
        for column, value in enumerate(values, 1):
            work.cell(at, column).value = value
    form.put(numbers["执法大队整治占道经营"], progress_text="第一项")
    work.row_dimensions[form.row(numbers["执法大队加强值班值守"])].hidden = True
    form.put(numbers["执法大队加强值班值守"], progress_text="藏着的一行")
    last = form.columns["problems"]
    work.cell(5, last).value = "共同的问题"
    work.merge_cells(start_row=5, start_column=last, end_row=6, end_column=last)
    work.insert_rows(5)
    # openpyxl leaves merged areas where they were.
    area = next(a for a in work.merged_cells.ranges if a.min_row == 5 and a.min_col == last)
    area.shift(row_shift=1)
    form.save(folder / "4月反馈（最终版）.xlsx")
    (folder / "执法大队.xlsx").unlink()
    plan = plan_returns(desk, [folder])
    assert plan.missing == [] and plan.doubts == []
    said = {(c.title, c.head): c.after for c in plan.changes}
    assert said == {
        ("执法大队整治占道经营", "本期进展"): "第一项", ("执法大队加强值班值守", "本期进展"): "藏着的一行",
        ("执法大队加强值班值守", "存在问题"): "共同的问题", ("执法大队报送信息", "存在问题"): "共同的问题",
    }  # fmt: skip


def plain_copy(path, drop=()):
    """The same table retyped into a new file, without the hidden sheet and column, and without some columns."""
    source = load_workbook(path)[SHEET]
    book = Workbook()
    sheet = book.active
    for row in source.iter_rows(max_col=24):
        sheet.append([None if cell.column in drop and cell.row > 4 else cell.value for cell in row])
    book.save(path)


def test_without_the_hidden_sheet_the_number_tells(desk, folder, numbers, sheet):
    number = numbers["市容科整治占道经营"]
    form = sheet(folder / "市容科.xlsx")
    form.put(number, progress_text="重新打的表")
    form.save()
    plain_copy(folder / "市容科.xlsx")
    (file,) = [f for f in plan_returns(desk, [folder]).files if f.path.name == "市容科.xlsx"]
    assert file.unit == "市容科"
    assert [(c.number, c.after, c.sure) for c in file.changes] == [(number, "重新打的表", True)]
    assert file.conflicts == file.doubts == []


def test_without_a_number_the_words_tell(desk, folder, numbers, sheet):
    form = sheet(folder / "市容科.xlsx")
    same, alike = numbers["市容科整治占道经营"], numbers["市容科加强值班值守"]
    form.put(same, progress_text="同样的字")
    form.put(alike, progress_text="相似的字", requirement="市容科要常态化加强值班值守，确保安全平稳。")
    form.save()
    plain_copy(folder / "市容科.xlsx", drop=(2,))
    plan = plan_returns(desk, [folder / "市容科.xlsx"])
    assert [(c.number, c.sure) for c in plan.changes] == [(same, True), (alike, False)]
    # What only resembles an item is taken where a person says so.
    assert apply_plan(desk, plan).items == 1
    plan = plan_returns(desk, [folder / "市容科.xlsx"])
    assert apply_plan(desk, plan, confirmed=[desk.resolve(alike)]).items == 1
    assert desk.item(alike).notes[-1].progress == "相似的字"


def test_without_digests_newer_changes_are_conflicts(desk, at, folder, numbers, sheet):
    number = numbers["市容科整治占道经营"]
    form = sheet(folder / "市容科.xlsx")
    form.put(number, progress_text="表里的话")
    form.save()
    plain_copy(folder / "市容科.xlsx")
    later = at(date(2021, 4, 13))
    later.note(later.resolve(number), progress="后来记的话")
    plan = plan_returns(later, [folder / "市容科.xlsx"])
    assert not plan.changes and [c.now for c in plan.conflicts] == ["后来记的话"]


def test_doubtful_cells_come_back_with_a_comment(desk, folder, numbers, sheet, tmp_path):
    number = numbers["市容科整治占道经营"]
    form = sheet(folder / "市容科.xlsx")
    form.put(number, closed_on="2021.4.31", progress="差不多", progress_text="正常推进", title="改过的任务")
    form.sheet.append([4, None, None, "没有的事项", "台账里根本没有这样一件事情。", *[None] * 10, "写了进展"])
    form.save()
    plan = plan_returns(desk, [folder])
    assert [c.head for c in plan.changes] == ["本期进展"]
    assert len(plan.doubts) == 3
    told = [each.message for file in plan.files for each in file.told]
    assert told == ["“工作任务”被改成“改过的任务”，没有采纳"]
    (copy,) = write_doubts(plan, tmp_path / "退回")
    assert copy.name == "市容科（请核对）.xlsx"
    back = load_workbook(copy)[SHEET]
    row = form.row(number)
    assert "没有“2021.4.31”这一天" in back.cell(row, form.columns["closed_on"]).comment.text
    assert "请选" in back.cell(row, form.columns["progress"]).comment.text
    assert any(cell.comment for cell in back[back.max_row])
    # Put right in the copy, it can be taken as it is.
    fixed = load_workbook(copy)
    fixed[SHEET].cell(row, form.columns["closed_on"]).value = "4月11日"
    fixed[SHEET].cell(row, form.columns["progress"]).value = "已完成"
    fixed.save(copy)
    assert {c.head for c in plan_returns(desk, [copy]).changes} == {"本期进展", "进度评价", "办结日期"}


def test_another_units_item_is_not_taken(desk, folder, numbers, sheet, tmp_path):
    export_book(desk, Query(DAY), tmp_path / "全部.xlsx", DAY, unit="市容科")
    form = sheet(tmp_path / "全部.xlsx")
    form.put(numbers["环卫处整治占道经营"], progress_text="替人填的")
    form.save()
    plan = plan_returns(desk, [tmp_path / "全部.xlsx"])
    assert not plan.changes and "不是“市容科”的事项" in plan.doubts[0].message


def test_the_offices_own_workbook_changes_tasks_too(desk, numbers, sheet, tmp_path):
    number = numbers["办公室整治占道经营"]
    export_book(desk, Query(DAY), tmp_path / "台账.xlsx", DAY)
    form = sheet(tmp_path / "台账.xlsx")
    form.put(number, title="办公室整治店外经营", leader="张局长", support="市容科、环卫处", due="2021.10.31")
    form.save()
    apply_plan(desk, plan_returns(desk, [tmp_path / "台账.xlsx"], full=True))
    item = desk.item(number).item
    assert (item.title, item.leader, item.due) == ("办公室整治店外经营", "张局长", date(2021, 10, 31))
    assert item.names("support") == ["市容科", "环卫处"]


def test_evidence_comes_with_the_folder(desk, folder, numbers, sheet):
    number = numbers["办公室整治占道经营"]
    (folder / "验收照片.jpg").write_bytes(b"jpg")
    form = sheet(folder / "办公室.xlsx")
    form.put(number, evidence="验收照片.jpg\n会议纪要.docx")
    form.save()
    plan = plan_returns(desk, [folder])
    assert "会议纪要.docx" in plan.doubts[0].message
    apply_plan(desk, plan)
    assert [one.name for one in desk.item(number).evidence] == ["验收照片.jpg"]


def test_closed_items_take_nothing(desk, folder, numbers, sheet):
    number = numbers["办公室整治占道经营"]
    form = sheet(folder / "办公室.xlsx")
    form.put(number, problems="还有问题")
    form.save()
    desk.close(desk.resolve(number), "已完成")
    plan = plan_returns(desk, [folder])
    assert not plan.changes and "已办结" in plan.doubts[0].message


def test_files_that_are_no_returns(desk, folder, tmp_path):
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04bad")
    (folder / "网页.xls").write_text("<html><table></table></html>")
    book = Workbook()
    book.active.append(["姓名", "电话"])
    book.save(folder / "通讯录.xlsx")
    (folder / "~$办公室.xlsx").write_bytes(b"")
    plan = plan_returns(desk, [folder])
    problems = {file.path.name: file.problem for file in plan.files if file.problem}
    assert set(problems) == {"坏的.xlsx", "网页.xls", "通讯录.xlsx"}
    assert "另存为 .xlsx" in problems["网页.xls"]
    (tmp_path / "空").mkdir()
    with pytest.raises(LedgerError, match="没有 xlsx"):
        plan_returns(desk, [tmp_path / "空"])


def test_a_formula_without_its_result_is_doubtful(desk, folder, numbers, sheet):
    form = sheet(folder / "办公室.xlsx")
    form.put(numbers["办公室整治占道经营"], progress_text="=A1&B1")
    form.save()
    assert "是公式" in plan_returns(desk, [folder]).doubts[0].message


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice to write an old xls")
def test_old_workbooks(desk, folder, numbers, sheet, tmp_path):
    number = numbers["办公室整治占道经营"]
    form = sheet(folder / "办公室.xlsx")
    form.put(number, progress_text="旧格式", closed_on="2021.4.31")
    form.save()
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "xls"]
    subprocess.run([*command, "--outdir", tmp_path, folder / "办公室.xlsx"], check=True, capture_output=True)
    plan = plan_returns(desk, [tmp_path / "办公室.xls"])
    assert [(c.number, c.after) for c in plan.changes] == [(number, "旧格式")]
    (copy,) = write_doubts(plan, tmp_path / "退回")
    assert copy.suffix == ".xlsx" and KEPT_SHEET in load_workbook(copy).sheetnames


@pytest.fixture
def led_by_two(at):
    """An item that two units lead."""
    made = at(date(2021, 3, 8))
    owners = [
        {"name": unit, "role": "lead", "type": "department", "unit": unit} for unit in ("市容科", "环卫处")
    ]  # fmt: skip
    item = made.add(
        {"title": "联合整治", "text": "市容科、环卫处联合整治。", "due": "2021-11-30", "parties": owners}, "meeting"
    )
    made.file([item], date(2021, 3, 8))
    return item


def test_units_that_lead_together_speak_side_by_side(desk, led_by_two, at, sheet, tmp_path):
    split_ledger(desk, Query(DAY), tmp_path / "反馈", DAY)
    number = desk.item(led_by_two).item.number
    paths = {unit: tmp_path / "反馈" / f"{unit}.xlsx" for unit in ("市容科", "环卫处")}
    for unit, words in (("市容科", "整治了三条路"), ("环卫处", "清运40吨\n出动20人")):
        form = sheet(paths[unit])
        form.put(number, progress_text=words)
        form.save()
    later = at(date(2021, 4, 14))
    plan = plan_returns(later, list(paths.values()))
    assert plan.conflicts == [] and [c.after for c in plan.changes] == [
        "市容科：整治了三条路", "环卫处：清运40吨；出动20人",
    ]  # fmt: skip
    apply_plan(later, plan)
    assert later.item(led_by_two).notes[-1].progress == "市容科：整治了三条路\n环卫处：清运40吨；出动20人"
    assert plan_returns(later, list(paths.values())).changes == []
    # One after the other is the same.
    later.undo()
    for path in paths.values():
        apply_plan(later, plan_returns(later, [path]))
    assert later.item(led_by_two).notes[-1].progress == "市容科：整治了三条路\n环卫处：清运40吨；出动20人"
    # What a unit says anew stands in the place of what it said, in a new file.
    split_ledger(later, Query(DAY), tmp_path / "再报", date(2021, 4, 20))
    form = sheet(tmp_path / "再报" / "环卫处.xlsx")
    form.put(number, progress_text="清运60吨")
    form.save()
    apply_plan(later, plan_returns(later, [form.path]))
    assert later.item(led_by_two).notes[-1].progress == "市容科：整治了三条路\n环卫处：清运60吨"
    # In the old file it has said something else meanwhile.
    form = sheet(paths["环卫处"])
    form.put(number, progress_text="清运50吨")
    form.save()
    assert [c.returned for c in plan_returns(later, [form.path]).conflicts] == ["环卫处：清运50吨"]
