"""Items with several figures: a sheet of their own to fill them in."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.store import Arrival
from pipeline.tracker.ledger_book import KEPT_SHEET, SHEET
from pipeline.tracker.quota_sheet import QUOTA_SHEET
from pipeline.tracker.returns import plan_returns
from pipeline.tracker.returns_apply import apply_plan
from pipeline.tracker.returns_mark import write_doubts
from pipeline.tracker.split import split_ledger
from pipeline.tracker.template_book import fill_template
from pipeline.tracker.types import Query, Unit

DAY = date(2021, 4, 12)
TEXT = """市城管局文件
城管〔2021〕9号

关于做好信息宣传工作的通知

各科室：
一、报送信息。
市容科每月报送政务信息不少于2篇、每季度报送调研文章不少于1篇、全年组织活动不少于4场。

市城管局
2021年2月3日
"""


@pytest.fixture
def counted(books_store, at, tmp_path):
    """The ledger with one item of 市容科 with three figures, assigned on 3 February."""
    from datetime import UTC, datetime

    from extractors import extract

    path = tmp_path / "通知.txt"
    path.write_text(TEXT, encoding="utf-8")
    arrival = Arrival("通知.txt", "txt", "0" * 64, 100)
    books_store.save(extract(path), arrival, by="李科", at=datetime(2021, 2, 3, 9, tzinfo=UTC))
    desk = at(date(2021, 2, 3))
    desk.propose()
    desk.set_units([Unit("市容科"), Unit("环卫处")])
    (item,) = [one for one in desk.items(Query(desk.today, filing=("pending",))) if "市容科" in one.text]
    desk.file([item.id], date(2021, 2, 3))
    assert len({one.series for one in desk.occurrences([item.id]) if one.target is not None}) == 3
    return at(), item.id


class Figures:
    """The sheet in the hands of somebody who fills it in."""

    def __init__(self, path):
        self.path, self.book = path, load_workbook(path)
        self.sheet = self.book[QUOTA_SHEET]

    def rows(self):
        return {(row[3].value, row[4].value): row for row in self.sheet.iter_rows(min_row=3) if row[0].value}

    def put(self, label, term, value):
        next(row for (name, at), row in self.rows().items() if label in name and at == term)[8].value = value

    def save(self):
        self.book.save(self.path)


@pytest.fixture
def form(counted, tmp_path):
    desk, _ = counted
    (file,) = split_ledger(desk, Query(DAY), tmp_path / "反馈", DAY)
    return Figures(file.path)


def test_each_period_that_is_asked_for_has_a_row(counted, form):
    assert [(row[4].value, row[6].value, row[8].value) for row in form.rows().values()] == [
        ("2021年2月", 2, None), ("2021年3月", 2, None), ("2021年一季度", 1, None), ("2021年", 4, None),
    ]  # fmt: skip
    row = next(form.book[SHEET].iter_rows(min_row=5))
    assert "3项，见“指标填报”" in [cell.value for cell in row]


def test_what_is_filled_in_goes_to_its_figure(counted, form, at):
    _, item = counted
    form.put("信息", "2021年3月", "3篇")
    form.put("文章", "2021年一季度", 1)
    form.save()
    later = at(date(2021, 4, 14))
    plan = plan_returns(later, [form.path])
    assert [(c.before, c.after, c.period) for c in plan.changes] == [("", "3", "2021-03"), ("", "1", "2021-Q1")]
    assert plan.doubts == []
    done = apply_plan(later, plan)
    assert (done.items, done.cells) == (1, 2)
    known = {one.period: (one.actual, one.status, one.done_on) for one in later.occurrences([item]) if one.actual}
    assert known == {"2021-03": (3, "reported", later.today), "2021-Q1": (1, "reported", later.today)}
    assert later.item(item).item.status == "reported"
    # The other figures wait, and the same file says nothing new.
    assert all(one.status == "open" for one in later.occurrences([item]) if one.period not in known)
    assert plan_returns(later, [form.path]).changes == []
    later.undo()
    assert not any(one.actual for one in later.occurrences([item]))


def test_newer_figures_are_not_overwritten(counted, form, at):
    desk, item = counted
    form.put("信息", "2021年3月", 3)
    form.save()
    series = next(one.series for one in desk.occurrences([item]) if one.period == "2021-03" and one.target == 2)
    desk.set_occurrence(item, "2021-03", 2, series=series)
    plan = plan_returns(desk, [form.path])
    assert plan.changes == [] and [(c.now, c.returned) for c in plan.conflicts] == [("2", "3")]


def test_without_the_hidden_column_the_words_tell(counted, form):
    desk, _ = counted
    form.put("信息", "2021年2月", 2)
    form.sheet.delete_cols(10)
    del form.book[KEPT_SHEET]
    form.save()
    assert [(c.period, c.after) for c in plan_returns(desk, [form.path]).changes] == [("2021-02", "2")]


def test_what_cant_be_taken_goes_back(counted, form, tmp_path):
    desk, item = counted
    form.put("信息", "2021年2月", "两三篇")
    form.put("信息", "2021年3月", 900)
    form.put("活动", "2021年", -1)
    form.sheet.append(["2021-0001", "", "", "没有这项", "2021年", None, None, None, 5])
    column = [cell.value for cell in form.book[SHEET][3]].index("完成值") + 1
    form.book[SHEET].cell(5, column).value = 7
    form.save()
    plan = plan_returns(desk, [form.path])
    assert plan.changes == [] and len(plan.doubts) == 5
    assert "有 3 项指标" in plan.doubts[0].message
    (copy,) = write_doubts(plan, tmp_path / "退回")
    assert sum(1 for row in load_workbook(copy)[QUOTA_SHEET] for cell in row if cell.comment) == 4
    desk.close([item], "做完了")
    form.put("信息", "2021年2月", 2)
    form.save()
    assert any("已办结" in doubt.message for doubt in plan_returns(desk, [form.path]).doubts)


def test_in_an_offices_own_form_they_are_words(counted, tmp_path):
    from openpyxl import Workbook

    desk, item = counted
    series = next(one.series for one in desk.occurrences([item]) if one.period == "2021-03" and one.target == 2)
    desk.set_occurrence(item, "2021-03", 2, series=series)
    book = Workbook()
    book.active.append(["序号", "工作任务", "责任单位", "完成时限", "完成值", "本期进展"])
    book.save(tmp_path / "样.xlsx")
    fill_template(desk, Query(DAY), tmp_path / "样.xlsx", tmp_path / "填.xlsx", DAY)
    told = load_workbook(tmp_path / "填.xlsx").active["E2"].value
    assert told.endswith("2篇") and "信息" in told
