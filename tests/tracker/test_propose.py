"""Which items a notice gives, what is proposed for them, and what a reissue or a correction does to them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from pipeline.tracker.types import Query

TODAY = date(2024, 3, 1)
ALL = Query(today=TODAY, filing=())
AT = datetime(2024, 3, 2, tzinfo=UTC)


def test_a_fresh_item_waits_for_a_person(ledger):
    found = ledger.items(ALL)
    assert {item.filing for item in found} == {item.status for item in found} == {"pending"}
    assert [item.position for item in found] == list(range(len(found)))
    assert ledger.items(Query(today=TODAY)) == []
    assert ledger.occurrences() == []


def test_proposing_again_changes_nothing(ledger, open_ledger):
    before = ledger.items(ALL)
    assert ledger.propose() == open_ledger(date(2024, 5, 1)).propose() == 0
    assert ledger.propose(before[0].notice_id) == 0
    assert ledger.items(ALL) == before


def test_goals_are_proposed_to_be_kept_only(ledger):
    found = ledger.items(ALL)
    assert Counter(item.proposal for item in found) == {"filed": 26, "archived": 1}
    (goal,) = [item for item in found if item.proposal == "archived"]
    assert goal.kind == "goal" and goal.proposal_reason


def test_fields_are_the_notices_words(ledger, find):
    item = ledger.item(find("按时报送")).item
    assert item.requirement == "各水利站每月5日前将上月巡查报表报河道管理科。"
    assert item.time_text == "每月5日前" and item.rrule == "FREQ=MONTHLY;BYMONTHDAY=5"
    assert item.names() == ["各水利站"] and item.issued_on == date(2024, 2, 26) and item.year == 2024
    assert "皋水发〔2024〕18号" in item.source and item.source.endswith("（二）按时报送")
    assert item.key and item.key.startswith("k-")
    made = ledger.item(find("制作节水公益广告2部")).item
    assert made.requirement == "" and made.quota == "2部" and made.due == date(2024, 5, 31)
    assert made.table == "2024年节水宣传任务分解表" and made.names("lead") == ["宣传科"]


def test_calls_upon_everybody_are_proposed_to_be_kept_only(take, water, open_ledger):
    task = next(task for task in water.tasks if task.title == "严格考勤制度")
    task.times, task.quotas = [], []
    water.quotas = [quota for quota in water.quotas if quota.task != task.id]
    take(water)
    ledger = open_ledger()
    ledger.propose()
    (item,) = [item for item in ledger.items(ALL) if item.title == "严格考勤制度"]
    assert item.proposal == "archived" and "原则性要求" in item.proposal_reason


def test_a_duty_said_twice_is_proposed_once(take, water, open_ledger):
    again = water.tasks[-1].model_copy(deep=True)
    again.id, again.section, again.quotas = "t-again", ["附表"], []
    other = again.model_copy(deep=True)
    other.id, other.title, other.text = "t-other", "年报", "各水利站每月15日前将上月巡查报表报河道管理科。"
    water.tasks += [again, other]
    take(water)
    ledger = open_ledger()
    ledger.propose()
    first, second, third = ledger.items(ALL)[-3:]
    assert (second.proposal, second.merged_into) == ("merged", first.id) and "按时报送" in second.proposal_reason
    assert third.proposal == "filed"
    ledger.confirm([first.id, second.id, third.id])
    assert [ledger.item(each.id).item.filing for each in (first, second, third)] == ["filed", "merged", "filed"]


def reissue(record, change):
    new = record.model_copy(deep=True)
    change({task.title: task for task in new.tasks}, new)
    return new


def test_a_reissue_keeps_what_people_set_and_what_was_done(ledger, find, take, water, open_ledger):
    monthly, edited, gone = find("按时报送"), find("夜间巡查"), find("专项巡查")
    ledger.file([monthly, edited, gone], assigned_on=TODAY)
    ledger.set(edited, "title", "夜间巡河")
    ledger.report(monthly, "2024-03", actual=None, progress="已报")

    def change(tasks, record):
        tasks["按时报送"].times[0].rrule = "FREQ=MONTHLY;BYMONTHDAY=8"
        tasks["按时报送"].times[0].text = "每月8日前"
        tasks["按时报送"].text = tasks["按时报送"].text.replace("5日", "8日")
        tasks["夜间巡查"].title = "夜查"
        record.tasks = [task for task in record.tasks if task.title != "专项巡查"]

    assert take(reissue(water, change)).outcome == "new_version"
    later = open_ledger(date(2024, 6, 3))
    assert later.propose() == 0
    item = later.item(monthly)
    assert item.item.state == "changed" and item.item.time_text == "每月8日前"
    done = {one.period: (one.due.day, one.status) for one in item.occurrences}
    assert done["2024-03"] == (5, "reported") and done["2024-04"] == (8, "open")
    assert later.item(edited).item.title == "夜间巡河"
    assert later.item(gone).item.state == "dropped" and later.item(gone).item.filing == "filed"
    assert [event.kind for event in later.history(monthly)][-1] == "refreshed"
    later.acknowledge([monthly])
    assert later.item(monthly).item.state == "current"


def test_parts_follow_a_reissue_too(ledger, find, take, water):
    item = find("夜间巡查")
    ledger.file(item, assigned_on=TODAY)
    first, second = ledger.split(item, [{"unit": "一中队"}, {"unit": "二中队", "title": "夜查"}])

    def change(tasks, record):
        quota = next(quota for quota in record.quotas if quota.task == tasks["夜间巡查"].id)
        quota.value, quota.text = 6, "每月开展夜间巡查6次"
        tasks["夜间巡查"].title = "夜间巡河"

    take(reissue(water, change))
    ledger.propose()
    parts = {part.id: part for part in ledger.item(item).parts}
    assert [(parts[each].title, parts[each].state) for each in (first, second)] == [
        ("夜间巡河", "changed"), ("夜查", "changed"),
    ]  # fmt: skip
    assert {one.target for one in ledger.occurrences([first, second])} == {6}
    assert parts[first].names("responsible") == ["一中队"]


def test_a_reissues_dates_reach_the_parts_and_what_was_done_stays(ledger, find, take, water, open_ledger):
    item = find("按时报送")
    ledger.file(item, assigned_on=TODAY)
    first, second = ledger.split(item, [{"unit": "城北水利站"}, {"unit": "城南水利站"}])
    ledger.report(first, "2024-03", progress="已报")

    def change(tasks, record):
        tasks["按时报送"].times[0].rrule = "FREQ=MONTHLY;BYMONTHDAY=8"
        tasks["按时报送"].times[0].text = "每月8日前"

    take(reissue(water, change))
    later = open_ledger(date(2024, 6, 3))
    later.propose()
    days = {
        each: {one.period: one.due.day for one in later.occurrences([each]) if not one.before_issue}
        for each in (item, first, second)
    }
    assert [days[each]["2024-04"] for each in (item, first, second)] == [8, 8, 8]
    assert (days[first]["2024-03"], days[second]["2024-03"]) == (5, 8)


def test_a_new_task_of_a_reissue_waits(ledger, take, water):
    def change(tasks, record):
        new = tasks["夜间巡查"].model_copy(deep=True)
        new.id, new.title, new.text, new.quotas = "t-new", "汛期值守", "河道管理科6月1日起安排专人值守。", []
        record.tasks.append(new)

    take(reissue(water, change))
    assert ledger.propose() == 1
    assert ledger.items(ALL)[-1].title == "汛期值守"


def test_what_a_reissue_drops_is_proposed_to_be_kept_only_and_may_come_back(ledger, find, take, water):
    item = find("夜间巡查")
    take(reissue(water, lambda tasks, record: record.tasks.remove(tasks["夜间巡查"])))
    ledger.propose()
    dropped = ledger.item(item).item
    assert (dropped.state, dropped.proposal) == ("dropped", "archived")
    more = reissue(
        water, lambda tasks, record: setattr(tasks["个人自学"], "text", tasks["个人自学"].text + "另附心得。")
    )
    take(more)
    ledger.propose()
    assert (ledger.item(item).item.state, ledger.item(item).item.proposal) == ("current", "filed")


def test_corrections_reach_the_item(ledger, store, find):
    item = ledger.item(find("夜间巡查")).item
    store.correct(item.key, "title", "set", "夜间巡河", by="李科", at=AT)
    ledger.propose()
    assert (ledger.item(item.id).item.title, ledger.item(item.id).item.state) == ("夜间巡河", "current")


def test_a_forgotten_notice_takes_its_items_along(ledger, store, find):
    ledger.confirm([item.id for item in ledger.items(ALL)])
    ledger.report(find("夜间巡查"), "2024-03", actual=4)
    by_hand = ledger.add({"text": "整改河道排口", "lead": "河道管理科"}, "instruction")
    notice = ledger.item(find("夜间巡查")).item
    ledger.merge(by_hand, notice.id)
    ledger.save_snapshot(TODAY, {"figures": {"filed": 26}, "lists": [{"title": notice.title, "number": notice.number}]})
    store.forget(notice.notice_id, by="李科", at=AT)
    (left,) = ledger.items(ALL)
    assert (left.id, left.filing) == (by_hand, "pending")
    (snapshot,) = ledger.snapshots()
    assert snapshot.payload == {"figures": {"filed": 26}, "lists": [{"title": "（已清除）", "number": "（已清除）"}]}
    assert ledger.occurrences() == [] and ledger.propose() == 0
    assert ledger.add({"text": "再一件"}, "phone") > notice.id
