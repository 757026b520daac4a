"""交办, 反馈, 审核, 办结, 延期, notes, evidence and single periods."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.tracker.types import LedgerError, Query, Reminder, Unit, UnitSet

TODAY = date(2024, 3, 1)


def states(ledger, item):
    return {one.period: one.status for one in ledger.item(item).occurrences}


def status(ledger, item):
    return ledger.item(item).item.status


@pytest.fixture
def monthly(ledger, find):
    item = find("按时报送")
    ledger.file(item, assigned_on=TODAY)
    return item


@pytest.fixture
def once(ledger, find):
    item = find("加强组织领导")
    ledger.file(item, assigned_on=TODAY)
    return item


def test_assigning_decides_what_is_before(ledger, find):
    item = find("按时报送")
    ledger.file(item)
    ledger.assign(item, date(2024, 4, 20))
    found = ledger.item(item)
    assert found.item.status == "working" and found.item.assigned_on == date(2024, 4, 20)
    assert [one.period for one in found.occurrences if one.before_issue] == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert found.item.next_due == date(2024, 5, 5)
    with pytest.raises(LedgerError, match="现在是“未立项”，不能交办"):
        ledger.assign(find("夜间巡查"))


def test_a_period_is_reported_returned_and_accepted(ledger, monthly):
    ledger.report(monthly, progress="三月已报")
    assert status(ledger, monthly) == "reported" and states(ledger, monthly)["2024-03"] == "reported"
    assert ledger.item(monthly).item.next_due == date(2024, 4, 5)
    ledger.return_(monthly, "数据不全")
    assert status(ledger, monthly) == "returned" and states(ledger, monthly)["2024-03"] == "open"
    ledger.report(monthly, "2024-03", progress="补报")
    ledger.accept(monthly)
    assert status(ledger, monthly) == "working" and states(ledger, monthly)["2024-03"] == "done"
    assert [note.progress for note in ledger.item(monthly).notes] == ["三月已报", "补报"]
    assert [event.reason for event in ledger.history(monthly) if event.kind == "returned"] == ["数据不全"]
    with pytest.raises(LedgerError, match="没有“2025-03”这一期"):
        ledger.report(monthly, "2025-03")
    with pytest.raises(LedgerError, match="不能审核"):
        ledger.accept(monthly)


def test_only_the_supervising_side_closes(ledger, open_ledger, once):
    unit = open_ledger(supervising=False)
    unit.report(once, progress="名单已报")
    for act in (lambda: unit.accept(once), lambda: unit.return_(once), lambda: unit.close(once, "已办")):
        with pytest.raises(LedgerError, match="由督办单位来做"):
            act()
    with pytest.raises(LedgerError, match="办结请用 duban close"):
        unit.set(once, "status", "已办结")
    ledger.accept(once)
    assert ledger.item(once).item.progress == "done"


def test_closing_needs_evidence_or_a_reason(ledger, once, tmp_path):
    with pytest.raises(LedgerError, match="没有佐证材料"):
        ledger.close(once)
    paper = tmp_path / "名单.docx"
    paper.write_bytes(b"names")
    ledger.close(once, evidence=paper, closed_on=date(2024, 4, 9))
    detail = ledger.item(once)
    assert (detail.item.status, detail.item.progress, detail.item.closed_on) == ("closed", "done", date(2024, 4, 9))
    assert detail.item.next_due is None and {one.status for one in detail.occurrences} == {"done"}
    (kept,) = detail.evidence
    assert (tmp_path / "evidence" / kept.sha256[:2] / kept.sha256).read_bytes() == b"names"
    assert (kept.name, kept.bytes, kept.by) == ("名单.docx", 5, "张三")
    ledger.undo()
    assert ledger.item(once).evidence == () and status(ledger, once) == "working"
    ledger.close(once, "电话核实")
    ledger.reopen(once)
    assert status(ledger, once) == "working" and ledger.item(once).item.closed_on is None


def test_evidence_is_kept_once(ledger, once, tmp_path):
    paper = tmp_path / "a.txt"
    paper.write_text("x", encoding="utf-8")
    assert ledger.attach(once, paper) == ledger.attach(once, paper)
    assert len(ledger.item(once).evidence) == 1
    for bad, message in ((tmp_path / "b.txt", "没有这个文件"), (tmp_path / "empty", "文件是空的")):
        if bad.name == "empty":
            bad.touch()
        with pytest.raises(LedgerError, match=message):
            ledger.attach(once, bad)
    assert sorted(path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()) == [
        ledger.item(once).evidence[0].sha256
    ]


def test_an_extension_keeps_the_first_date(ledger, once):
    with pytest.raises(LedgerError, match="延期要写明批准人"):
        ledger.extend(once, date(2024, 4, 20), "人手不足")
    with pytest.raises(LedgerError, match="新时限要晚于它"):
        ledger.extend(once, date(2024, 4, 1), "人手不足", "王局长")
    ledger.extend(once, date(2024, 4, 20), "人手不足", "王局长", date(2024, 3, 30))
    detail = ledger.item(once)
    assert (detail.item.due, detail.item.adjusted_due) == (date(2024, 4, 10), date(2024, 4, 20))
    assert detail.item.deadline == detail.item.next_due == date(2024, 4, 20)
    assert {(one.due, one.deadline) for one in detail.occurrences} == {(date(2024, 4, 10), date(2024, 4, 20))}
    (extension,) = detail.extensions
    assert (extension.approved_by, extension.applied_on) == ("王局长", date(2024, 3, 30))
    overdue = Query(today=date(2024, 4, 15), overdue=True)
    assert ledger.count(overdue) == 0
    ledger.undo()
    assert ledger.count(overdue) == 1 and ledger.item(once).extensions == ()


def test_one_period_is_extended(ledger, monthly):
    ledger.extend(monthly, date(2024, 3, 12), "设备故障", "王局长", period="2024-03")
    detail = ledger.item(monthly)
    assert detail.item.adjusted_due is None and detail.item.next_due == date(2024, 3, 12)
    assert {one.period: one.deadline.day for one in detail.occurrences}["2024-04"] == 5


def test_figures_go_to_their_period(ledger, find):
    item = find("夜间巡查")
    ledger.file(item, assigned_on=TODAY)
    ledger.note(item, "2024-03", progress="巡查3次", problems="缺人", next_steps="增派", actual=3)
    one = {one.period: one for one in ledger.item(item).occurrences}["2024-03"]
    assert (one.target, one.actual, one.status) == (4, 3, "open")
    assert ledger.item(item).item.progress == "on_schedule" and status(ledger, item) == "working"
    with pytest.raises(LedgerError, match="没有写进展"):
        ledger.note(item, "2024-03")


def test_what_was_before_may_be_recorded_afterwards(ledger, find):
    item = find("夜间巡查")
    ledger.file(item, assigned_on=TODAY)
    ledger.set_occurrence(item, "2024-01", actual=4, status="完成", done_on=date(2024, 1, 30))
    one = ledger.item(item).occurrences[0]
    assert (one.before_issue, one.actual, one.status, one.done_on) == (True, 4, "done", date(2024, 1, 30))
    ledger.set_occurrence(item, "2024-01", status="open")
    assert ledger.item(item).occurrences[0].done_on is None
    for arguments, message in ((("2024-01", 1, "忙"), "没有“忙”这种状态"), (("2030-01", 1), "没有“2030-01”这一期")):
        with pytest.raises(LedgerError, match=message):
            ledger.set_occurrence(item, *arguments)


def test_stopping_ends_reminders(ledger, monthly):
    with pytest.raises(LedgerError, match="中止要写明理由"):
        ledger.stop(monthly, "")
    ledger.stop(monthly, "机构调整")
    assert ledger.item(monthly).item.next_due is None
    assert ledger.count(Query(today=date(2024, 12, 1), overdue=True)) == 0
    ledger.reopen(monthly)
    assert status(ledger, monthly) == "working" and ledger.item(monthly).item.next_due == date(2024, 3, 5)


def test_fields_are_set_as_people_write_them(ledger, once):
    ledger.set(once, "due", "2024.4.30")
    assert {one.due for one in ledger.item(once).occurrences} == {date(2024, 4, 30)}
    ledger.set(once, "lead", "宣传科、办公室")
    assert ledger.item(once).item.names("lead") == ["宣传科", "办公室"]
    ledger.set(once, "progress", "慢序时")
    assert ledger.item(once).item.progress == "behind"
    ledger.set(once, "status", "待交办")
    assert status(ledger, once) == "unassigned"
    for field, value, message in (
        ("text", "", "不能为空"), ("colour", "红", "没有“colour”这一栏"), ("status", "已反馈待审核", "反馈请用 duban report"),
    ):  # fmt: skip
        with pytest.raises(LedgerError, match=message):
            ledger.set(once, field, value)


def test_what_is_not_there_is_told(ledger):
    for act in (lambda: ledger.item("2099-0001"), lambda: ledger.file([99999]), lambda: ledger.item(99999)):
        with pytest.raises(LedgerError, match="台账里没有事项"):
            act()


def test_filters(ledger, monthly, once, find):
    patrol = find("夜间巡查")
    ledger.file(patrol, assigned_on=TODAY)
    ledger.set(patrol, "status", "unassigned")

    def titles(**filters):
        return [item.title for item in ledger.items(Query(today=date(2024, 3, 6), **filters))]

    assert titles(overdue=True) == titles(unreported=True) == ["按时报送"]
    assert titles(due_from=date(2024, 4, 8), due_to=date(2024, 4, 14)) == ["加强组织领导"]
    assert titles(owner="水政") == ["夜间巡查"] == titles(unit="水政监察大队")
    assert titles(status=("unassigned",)) == ["夜间巡查"]
    assert titles(section="工作要求", plan="河道巡查") == ["按时报送"]
    assert titles(city="如皋") == titles(agency="水务局") == ["加强组织领导", "夜间巡查", "按时报送"]
    assert titles(text="报表") == titles(numbers=("2024-0001",)) == titles(ids=(monthly,)) == ["按时报送"]
    assert titles(kind="requirement", limit=1) == ["加强组织领导"]
    assert titles(notice_id="n-none") == [] == titles(owner="100%")


def test_reminders_are_sent_once(ledger, monthly):
    due = Reminder(0, monthly, "2024-03", "各水利站", "3", TODAY, "", "")
    assert (ledger.mark_sent([due]), ledger.mark_sent([due])) == (1, 0)
    (sent,) = ledger.sent([monthly])
    assert (sent.stage, sent.by, sent.on) == ("3", "张三", TODAY)
    assert ledger.item(monthly).reminders == (sent,) and ledger.sent(on=date(2024, 3, 2)) == []


def test_rosters_and_snapshots_are_kept(ledger, open_ledger):
    unit = Unit("城北水利站", "如皋市水务局", ("城北站",), leader="周站长", valid_from=date(2020, 1, 1))
    sets = UnitSet("各水利站", ("城北水利站", "城南水利站"), "如皋市水务局")
    ledger.set_units([unit])
    ledger.set_unit_sets([sets])
    ledger.set_units([unit])
    ledger.save_snapshot(TODAY, {"filed": 3})
    other = open_ledger()
    assert other.units() == [unit] and other.unit_sets() == [sets]
    assert [(each.as_of, each.payload) for each in other.snapshots()] == [(TODAY, {"filed": 3})]


def test_what_is_set_of_the_whole_reaches_the_parts_that_said_the_same(ledger, find):
    item = find("按时报送")
    ledger.file(item, assigned_on=TODAY)
    first, second, third = ledger.split(
        item, [{"unit": "城北水利站"}, {"unit": "城南水利站", "title": "专报"}, {"unit": "江滨水利站"}]
    )
    ledger.report(first, "2024-03", progress="已报")
    ledger.close([third], "并站")
    ledger.set([item], "rrule", "FREQ=MONTHLY;BYMONTHDAY=20")
    ledger.set([item], "title", "按时报表")
    ledger.set([item], "support", "办公室")
    assert [ledger.item(each).item.title for each in (item, first, second, third)] == [
        "按时报表", "按时报表", "专报", "按时报送",
    ]  # fmt: skip
    days = {
        each: {one.period: one.due.day for one in ledger.occurrences([each]) if not one.before_issue}
        for each in (item, first, second, third)
    }
    assert [days[each]["2024-04"] for each in (item, first, second, third)] == [20, 20, 20, 5]
    assert days[first]["2024-03"] == 5 and days[second]["2024-03"] == 20
    assert ledger.item(first).item.names("support") == ledger.item(item).item.names("support") == ["办公室"]
    for _ in range(3):
        ledger.undo()
    assert ledger.item(second).item.rrule == "FREQ=MONTHLY;BYMONTHDAY=5"
    assert {one.due.day for one in ledger.occurrences([second])} == {5}
