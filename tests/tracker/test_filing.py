"""立项, 仅存档, 并入, splitting, adding by hand, and taking it all back."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.tracker.types import LedgerError, Query

TODAY = date(2024, 3, 1)
ALL = Query(today=TODAY, filing=())
FILED = Query(today=TODAY)


def test_filing_gives_numbers_and_occurrences(ledger, find):
    first, second = find("按时报送"), find("夜间巡查")
    ledger.file([second, first])
    one, other = ledger.item(second), ledger.item(first)
    assert (one.item.number, other.item.number) == ("2024-0001", "2024-0002")
    assert one.item.status == other.item.status == "unassigned"
    assert [each.due for each in other.occurrences][:3] == [date(2024, 1, 5), date(2024, 2, 5), date(2024, 3, 5)]
    assert [each.before_issue for each in other.occurrences] == [True, True] + [False] * 10
    assert other.item.next_due == date(2024, 3, 5)
    assert ledger.resolve("2024-0002") == ledger.resolve(other.item.key) == ledger.resolve(f" {first}") == first


def test_confirming_in_bulk_decides_as_proposed(ledger):
    ledger.confirm([item.id for item in ledger.items(ALL)])
    assert ledger.count(FILED) == 26
    (goal,) = ledger.items(Query(today=TODAY, filing=("archived",)))
    assert goal.reason == goal.proposal_reason
    assert [item.number for item in ledger.items(FILED)] == [f"2024-{n:04}" for n in range(1, 27)]


def test_what_is_filed_cannot_be_filed_again(ledger, find):
    ledger.file(find("夜间巡查"))
    with pytest.raises(LedgerError, match="2024-0001 已经立项"):
        ledger.file([find("按时报送"), find("夜间巡查")])
    assert ledger.count(FILED) == 1


def test_archiving_needs_a_reason(ledger, find):
    with pytest.raises(LedgerError, match="仅存档要写明理由"):
        ledger.archive(find("夜间巡查"))
    ledger.archive(find("夜间巡查"), "另有部署")
    assert ledger.item(find("夜间巡查")).item.reason == "另有部署"
    ledger.archive(find("工作目标"))
    ledger.reopen([find("夜间巡查"), find("工作目标")])
    assert ledger.count(Query(today=TODAY, filing=("pending",))) == 27


def test_merging_keeps_the_units_of_both(ledger, find):
    first, second = find("夜间巡查"), find("专项巡查")
    ledger.merge(second, first)
    assert ledger.item(first).item.names() == ["水政监察大队", "河道管理科"]
    merged = ledger.item(second).item
    assert (merged.filing, merged.merged_into) == ("merged", first)
    assert [item.id for item in ledger.items(Query(today=TODAY, filing=("pending",), owner="河道管理科"))] == [first]
    with pytest.raises(LedgerError, match="不能并入"):
        ledger.merge(first, second)
    ledger.undo()
    assert ledger.item(first).item.names() == ["水政监察大队"] and ledger.item(second).item.filing == "pending"


def test_splitting_keeps_the_item_as_the_parent(ledger, find):
    item = find("按时报送")
    ledger.file(item, assigned_on=TODAY)
    made = ledger.split(item, [{"unit": "城北水利站"}, {"unit": "城南水利站"}, {"unit": "江安水利站"}])
    detail = ledger.item(item)
    assert [part.id for part in detail.parts] == made
    assert [part.number for part in detail.parts] == ["2024-0001-01", "2024-0001-02", "2024-0001-03"]
    assert {part.status for part in detail.parts} == {"working"} and (
        detail.item.parts,
        detail.item.parts_reported,
    ) == (3, 0)
    assert [part.names("responsible") for part in detail.parts] == [["城北水利站"], ["城南水利站"], ["江安水利站"]]
    assert {part.key for part in detail.parts} == {detail.item.key}
    for part in made:
        ledger.report(part, "2024-03", progress="已报")
        state = {one.period: one.status for one in ledger.item(item).occurrences}["2024-03"]
        assert state == ("reported" if part == made[-1] else "open")
    assert ledger.item(item).item.parts_reported == 3
    with pytest.raises(LedgerError, match="还有 3 个单位没有办结"):
        ledger.close(item, "都报了")
    assert ledger.count(Query(today=TODAY, parts=False)) == 1 and ledger.count(FILED) == 4
    assert [each.id for each in ledger.items(Query(today=TODAY, unit="城南水利站"))] == [made[1]]


def test_a_pending_split_is_filed_with_its_parent(ledger, find):
    item = find("按时报送")
    made = ledger.split(item, [{"title": "汇总"}, {"title": "上报", "lead": "河道管理科", "due": "2024-04-10"}])
    with pytest.raises(LedgerError, match="所属事项还没有立项"):
        ledger.file(made[0])
    ledger.file(item)
    first, second = ledger.item(item).parts
    assert (first.title, first.number, second.number) == ("汇总", "2024-0001-01", "2024-0001-02")
    assert second.due == date(2024, 4, 10) and second.names("lead") == ["河道管理科"]


def test_items_that_come_from_no_notice(ledger):
    fields = {
        "text": "整改河道排口3处。", "title": "排口整改", "lead": "河道管理科、水政监察大队", "support": "各水利站",
        "due": "2024年4月15日", "leader": "陈局长", "source": "市领导批示第3号",
    }  # fmt: skip
    item = ledger.add(fields, "instruction")
    found = ledger.item(item).item
    assert (found.filing, found.due, found.standing) == ("pending", date(2024, 4, 15), False)
    assert found.names("lead") == ["河道管理科", "水政监察大队"] and found.names("support") == ["各水利站"]
    ledger.file(item, assigned_on=TODAY)
    (only,) = ledger.item(item).occurrences
    assert (only.period, only.due, only.before_issue) == ("2024-04-15", date(2024, 4, 15), False)
    monthly = ledger.add({"text": "每月汇报", "rrule": "FREQ=MONTHLY;BYMONTHDAY=5"}, "meeting")
    ledger.file(monthly, assigned_on=TODAY)
    assert [one.due.month for one in ledger.item(monthly).occurrences] == [*range(3, 13)]
    always = ledger.add({"text": "随时接听"}, "phone")
    ledger.file(always, assigned_on=TODAY)
    assert ledger.item(always).item.status == "standing"


@pytest.mark.parametrize(
    ("fields", "origin", "message"),
    [
        ({"text": " "}, "phone", "没有写事项的内容"),
        ({"text": "甲"}, "notice", "没有“notice”这种来源"),
        ({"text": "甲", "due": "下周"}, "phone", "“下周”不是日期"),
        ({"text": "甲", "due": "2024-02-30"}, "phone", "不是日期"),
        ({"text": "甲", "colour": "红"}, "phone", "没有“colour”这一栏"),
        ({"text": "甲", "rrule": "每月"}, "phone", "不是重复规则"),
    ],
)
def test_what_cannot_be_added_is_told(ledger, fields, origin, message):
    with pytest.raises(LedgerError, match=message):
        ledger.add(fields, origin)
    assert ledger.count(ALL) == 27


def test_undo_goes_back_step_by_step(ledger, find):
    item = find("按时报送")
    untouched = ledger.item(item).item
    ledger.file(item)
    filed = ledger.item(item)
    ledger.assign(item, date(2024, 4, 1))
    ledger.set(item, "leader", "陈局长")
    ledger.report(item, progress="已报", actual=None)
    assert ledger.item(item).item.status == "reported"
    for _ in range(3):
        ledger.undo()
    back = ledger.item(item)
    assert back.item.leader == "" and back.item.status == "unassigned" and back.notes == ()
    assert back.occurrences == filed.occurrences and back.item.next_due == filed.item.next_due
    ledger.undo()
    again = ledger.item(item).item
    assert again.filing == "pending" and again.number == "2024-0001" and again.title == untouched.title
    with pytest.raises(LedgerError, match="没有可以撤销的操作"):
        ledger.undo()
    assert [event.kind for event in ledger.history(item)][-1] == "undo"


def test_undo_refuses_where_later_changes_build_on_it(ledger, open_ledger, find):
    item = find("按时报送")
    batch = ledger.file(item)
    other = open_ledger(by="李四")
    later = other.assign(item, TODAY)
    with pytest.raises(LedgerError, match=f"后来又改过（第 {later} 次，李四"):
        ledger.undo()
    with pytest.raises(LedgerError, match="请先撤销"):
        other.undo(batch)
    other.undo()
    ledger.undo()
    assert ledger.item(item).item.filing == "pending"


def test_undo_of_one_field_leaves_later_changes_of_others(ledger, find):
    item = find("按时报送")
    first = ledger.set(item, "leader", "陈局长")
    ledger.set(item, "title", "报表")
    ledger.undo(first)
    assert (ledger.item(item).item.leader, ledger.item(item).item.title) == ("", "报表")
    with pytest.raises(LedgerError, match="已经撤销过了"):
        ledger.undo(first)


def test_what_was_made_is_archived_when_it_is_taken_back(ledger, find):
    added = ledger.add({"text": "甲"}, "phone")
    ledger.undo()
    assert (ledger.item(added).item.filing, ledger.item(added).item.reason) == ("archived", "新增已撤销")
    item = find("按时报送")
    ledger.split(item, [{"unit": "甲站"}, {"unit": "乙站"}])
    ledger.undo()
    assert ledger.item(item).item.parts == 0 and ledger.item(item).parts == ()


def test_a_batch_is_one_step_and_all_or_nothing(ledger, find):
    first, second = find("按时报送"), find("夜间巡查")
    with ledger.batch() as number:
        assert ledger.file(first) == ledger.file(second) == number
        ledger.set(first, "leader", "陈局长")
        assert ledger.item(first).item.leader == "陈局长"
    assert len(ledger.undo()) == 3
    assert {ledger.item(each).item.filing for each in (first, second)} == {"pending"}
    with pytest.raises(LedgerError), ledger.batch():
        ledger.file(first)
        ledger.file(first)
    assert ledger.item(first).item.filing == "pending"


def test_every_write_is_an_event_and_a_revision(ledger, find):
    item = find("按时报送")
    start = ledger.item(item).item.revision
    ledger.file(item)
    ledger.set(item, "leader", "陈局长")
    ledger.set(item, "leader", "陈局长")
    detail = ledger.item(item)
    assert detail.item.revision == start + 2
    (event,) = [event for event in detail.history if event.kind == "set"]
    assert (event.before["leader"], event.after["leader"], event.by) == ("", "陈局长", "张三")
    assert detail.item.updated_at == event.at == "2024-03-01T09:00:00+00:00"
