"""The Excel ledger comes back: changed cells become corrections, whatever else happened to the sheet."""

from __future__ import annotations

from datetime import UTC, datetime

import openpyxl
import pytest

from pipeline.correct import Wish, correct
from pipeline.correct_import import import_corrections
from pipeline.export.run import export_records
from pipeline.export.select import ExportError

AT = datetime(2024, 3, 2, tzinfo=UTC)


class Book:
    """The workbook of a store in the hands of a clerk."""

    def __init__(self, store, path, **options):
        self.store, self.path = store, path
        export_records(store, "xlsx", path, **options)
        self.book = openpyxl.load_workbook(path)

    def column(self, sheet, head):
        return next(cell.column for row in self.book[sheet].iter_rows() for cell in row if cell.value == head)

    def cell(self, sheet, words, head):
        """The cell under a head in the row that holds words."""
        for row in self.book[sheet].iter_rows(min_row=2):
            if any(words in str(cell.value) for cell in row if cell.value is not None):
                return row[self.column(sheet, head) - 1]
        raise AssertionError(words)

    def take(self):
        self.book.save(self.path)
        return import_corrections(self.store, self.path, by="李四", at=AT)


@pytest.fixture
def book(store, tmp_path):
    return Book(store, tmp_path / "台账.xlsx")


def task(store, words):
    (row,) = store.notices()
    record = store.record(row.notice_id)
    return next(each for each in record.tasks if words in (each.title or "") + each.text), record


def test_nothing_changed_changes_nothing(book):
    done = book.take()
    assert (done.corrections, done.notes) == (0, [])


def test_changed_cells_become_corrections_with_the_name_of_who_did_it(book, store):
    book.cell("责任", "河道科", "名称").value = "河道管理科"
    book.cell("任务", "组织培训", "任务名称").value = "组织业务培训"
    book.cell("指标", "2篇", "数值").value = 3
    assert book.take().corrections == 3
    patrol, _ = task(store, "河道巡查")
    assert [owner.name for owner in patrol.owners if owner.rule == "corrected"] == ["河道管理科"]
    assert task(store, "业务培训")[0].title == "组织业务培训"
    info, record = task(store, "报送信息")
    (quota,) = (each for each in record.quotas if each.task == info.id)
    assert (quota.value, quota.annual, quota.comparator, quota.confidence) == (3, 12, ">=", 1)
    assert {each.author for each in store.corrections()} == {"李四"}


def test_sorted_inserted_and_moved_rows_and_columns_are_still_known(book, store):
    sheet = book.book["任务"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    lines.reverse()
    sheet.delete_rows(2, len(lines))
    for line in lines:
        sheet.append(line)
    sheet.insert_rows(1)
    sheet["A1"] = "河道管护台账"
    sheet.insert_cols(1)
    book.cell("任务", "组织培训", "任务名称").value = "办培训"
    done = book.take()
    assert (done.corrections, done.notes) == (1, [])
    assert task(store, "办培训")[0].text.startswith("河道科6月底前")


def test_words_are_read_again(book, store):
    book.cell("时间", "6月底前", "原文").value = "9月底前"
    book.cell("指标", "3期", "原文").value = "不少于5期"
    assert book.take().corrections == 2
    training, record = task(store, "组织培训")
    assert [(time.end, time.due) for time in training.times] == [("2024-09-30", True)]
    assert [(q.comparator, q.value) for q in record.quotas if q.task == training.id] == [(">=", 5)]


@pytest.mark.parametrize("written", [datetime(2024, 9, 15), "2024-09-15", "2024/9/15", "2024年9月15日"])
def test_days_however_they_are_typed(book, store, written):
    book.cell("时间", "6月底前", "结束").value = written
    book.take()
    assert [time.end for time in task(store, "组织培训")[0].times] == ["2024-09-15"]


def test_rows_are_added_and_dropped(book, store, key):
    sheet = book.book["责任"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    line = sheet.max_row + 1
    for head, value in {"任务编号": key("组织培训"), "名称": "人事科", "角色": "配合"}.items():
        sheet.cell(line, heads[head]).value = value
    book.cell("责任", "办公室", "删除").value = "是"
    book.cell("任务", "报送信息", "删除").value = "是"
    assert book.take().corrections >= 3
    assert ("人事科", "support") in [(each.name, each.role) for each in task(store, "组织培训")[0].owners]
    (row,) = store.notices()
    record = store.record(row.notice_id)
    assert not any("报送信息" in (each.title or "") for each in record.tasks)
    assert {quota.task for quota in record.quotas} <= {each.id for each in record.tasks}
    assert "correction.dropped" in [warning.code for warning in record.warnings]


def test_a_cleared_name_drops_the_owner_and_a_missing_row_does_not(book, store):
    book.cell("责任", "办公室", "名称").value = None
    book.book["指标"].delete_rows(2)
    done = book.take()
    assert any("少了 1 行" in note for note in done.notes)
    (row,) = store.notices()
    assert len(store.record(row.notice_id).quotas) == len(store.record(row.notice_id, corrected=False).quotas)


def test_the_same_file_twice_changes_nothing_more(book, store):
    book.cell("责任", "河道科", "名称").value = "河道管理科"
    book.cell("任务", "组织培训", "任务名称").value = "办培训"
    assert book.take().corrections == 2
    again = book.take()
    assert (again.corrections, again.notes) == (0, [])


def test_what_the_store_changed_since_is_not_overwritten(book, store, key):
    correct(store, key("河道巡查"), Wish(title="巡查河道", owners=["人事科"]), by="张三", at=AT)
    book.cell("任务", "河道巡查", "任务名称").value = "巡河"
    book.cell("责任", "河道巡查", "名称").value = "监察科"
    done = book.take()
    assert done.corrections == 0 and len([note for note in done.notes if "未覆盖" in note]) == 2
    assert task(store, "巡查河道")[0].owners[0].name == "人事科"


def test_hidden_numbers_are_put_back(book, store):
    cell = book.cell("任务", "报送信息", "任务内容")
    assert "138****5678" in cell.value
    cell.value = cell.value.replace("办公室", "办公室牵头")
    assert book.take().corrections == 1
    assert task(store, "报送信息")[0].text.endswith("联系电话：13812345678。")


@pytest.mark.parametrize(("sheet", "words", "head", "value", "told"), [
    ("责任", "河道科", "角色", "帮忙", "之一"), ("指标", "2篇", "数值", "很多", "应是数"),
    ("时间", "6月底前", "结束", "2024-02-30", "应是日期"), ("任务", "组织培训", "任务名称", "=A1", "公式"),
    ("时间", "6月底前", "原文", "有空的时候", "读懂"), ("任务", "组织培训", "任务内容", None, "不能为空"),
])  # fmt: skip
def test_what_can_not_be_taken_is_told_with_its_place(book, store, sheet, words, head, value, told):
    book.cell(sheet, words, head).value = value
    done = book.take()
    assert done.corrections == 0
    (note,) = done.notes
    assert f"“{sheet}”表第" in note and told in note


def test_other_workbooks_are_refused(store, tmp_path):
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("甲")
    for name in ("other.xlsx", "text.xlsx", "none.xlsx"):
        with pytest.raises(ExportError) as caught:
            import_corrections(store, tmp_path / name, by="李四", at=AT)
        assert caught.value.remedy
