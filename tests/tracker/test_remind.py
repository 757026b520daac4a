"""Stages before a date, 催办 after it, one digest a unit a day, each stage once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from extractors.values.workdays import is_workday
from pipeline.tracker.entries import Entry, brief, entries, joined, missing, period_words, short_of, unit_of, words
from pipeline.tracker.remind import Plan, plan, sent_on, stages, workdays_between
from pipeline.tracker.remind_text import chat, everything
from pipeline.tracker.settings import RemindSettings
from pipeline.tracker.types import Item, Occurrence, Party, Reminder

RULES = RemindSettings()


def item(id: int = 1, unit: str = "宣传科", **fields: object) -> Item:
    values: dict[str, object] = {
        "origin": "notice", "filing": "filed", "status": "working", "title": f"事项{id}", "text": f"办理事项{id}。",
        "number": f"2021-{id:04}", "parties": (Party(unit, "lead"),), "issued_on": date(2021, 3, 23),
        "assigned_on": date(2021, 3, 24),
    }  # fmt: skip
    return Item(id, **{**values, **fields})  # type: ignore[arg-type]


def once(due: date, **fields: object) -> Occurrence:
    return Occurrence(1, 1, due.isoformat(), due, **fields)  # type: ignore[arg-type]


def run(entry: Entry, first: date, last: date) -> list[tuple[date, str]]:
    """Every stage that is sent where somebody looks every day."""
    sent: list[Reminder] = []
    day, found = first, []
    while day <= last:
        for digest in plan([entry], sent, day, RULES).digests:
            sent += digest.reminders
            found += [(day, each.stage) for each in digest.due]
        day += timedelta(days=1)
    return found


def test_each_stage_is_sent_once_and_then_chased() -> None:
    due = date(2021, 6, 30)
    entry = Entry(item(), (once(due),))
    assert run(entry, date(2021, 3, 24), date(2021, 7, 16)) == [
        (date(2021, 6, 8), "15"), (date(2021, 6, 21), "7"), (date(2021, 6, 25), "3"), (due, "0"),
        (date(2021, 7, 1), "chase-1"), (date(2021, 7, 8), "chase-2"), (date(2021, 7, 15), "chase-3"),
    ]  # fmt: skip


def test_a_date_in_a_holiday_is_reminded_of_before_it_and_chased_after_it() -> None:
    entry = Entry(item(), (once(date(2021, 10, 2)),))
    days = run(entry, date(2021, 9, 20), date(2021, 10, 9))
    assert days == [(date(2021, 9, 20), "15"), (date(2021, 9, 22), "7"), (date(2021, 9, 27), "3"),
                    (date(2021, 9, 30), "0"), (date(2021, 10, 8), "chase-1")]  # fmt: skip
    assert all(is_workday(day) for day, stage in days if stage != "15")


def test_missed_stages_give_way_to_the_nearest() -> None:
    entry = Entry(item(), (once(date(2021, 6, 30)),))
    (digest,) = plan([entry], [], date(2021, 6, 28), RULES).digests
    assert [each.stage for each in digest.due] == ["3"]
    assert digest.due[0].days == 2


def test_months_have_the_short_list_and_short_work_no_early_stage() -> None:
    month = Occurrence(1, 1, "2021-04", date(2021, 4, 30), start=date(2021, 4, 1))
    week = Occurrence(1, 1, "2021-W15", date(2021, 4, 16), start=date(2021, 4, 12))
    assert stages(item(), month, RULES) == [3, 0]
    assert stages(item(), week, RULES) == [0]
    assert stages(item(assigned_on=date(2021, 4, 1)), once(date(2021, 4, 16)), RULES) == [3, 0]
    assert stages(item(assigned_on=None, issued_on=None), once(date(2021, 4, 16)), RULES) == [15, 7, 3, 0]


def test_a_day_that_comes_round_goes_by_its_rule() -> None:
    day = Occurrence(1, 1, "2021-08-02", date(2021, 8, 2), start=date(2021, 8, 2))
    assert stages(item(rrule="FREQ=MONTHLY;BYMONTHDAY=2"), day, RULES) == [3, 0]
    assert stages(item(rrule="FREQ=WEEKLY;BYDAY=MO"), day, RULES) == [0]
    assert stages(item(rrule="FREQ=MONTHLY;INTERVAL=3"), day, RULES) == [15, 7, 3, 0]
    assert stages(item(), day, RULES) == [15, 7, 3, 0]


@pytest.mark.parametrize(
    "entry",
    [
        Entry(item(), (once(date(2021, 3, 2), before_issue=True),)),
        Entry(item(), (once(date(2021, 4, 2), status="reported"),)),
        Entry(item(), (once(date(2021, 4, 2), status="done"),)),
        Entry(item(filing="archived"), (once(date(2021, 4, 2)),)),
        Entry(item(status="stopped"), (once(date(2021, 4, 2)),)),
        Entry(item(status="closed"), (once(date(2021, 4, 2)),)),
        Entry(item(standing=True, status="standing"), ()),
    ],
)
def test_what_is_not_reminded_of(entry: Entry) -> None:
    assert plan([entry], [], date(2021, 4, 30), RULES) == Plan(())


def test_one_digest_a_unit_a_day() -> None:
    one, two = Entry(item(1), (once(date(2021, 4, 30)),)), Entry(item(2), (once(date(2021, 4, 30)),))
    day = date(2021, 4, 30)
    (digest,) = plan([one], [], day, RULES).digests
    later = plan([one, two], digest.reminders, day, RULES)
    assert (later.digests, later.waiting) == ((), ("宣传科",))
    again = sent_on([one, two], digest.reminders, day)
    assert chat(again.digests[0]) == chat(digest)
    assert [each.due[0].stage for each in plan([two], digest.reminders, date(2021, 5, 1), RULES).digests] == []


def test_an_extension_starts_the_stages_anew() -> None:
    entry = Entry(item(), (once(date(2021, 4, 30), adjusted_due=date(2021, 6, 30)),))
    sent = [Reminder(1, 1, "2021-04-30", "宣传科", "0", date(2021, 4, 30), "", ""),
            Reminder(2, 1, "2021-04-30", "宣传科", "chase-1", date(2021, 5, 6), "", "")]  # fmt: skip
    assert not plan([entry], sent, date(2021, 5, 20), RULES).digests
    (digest,) = plan([entry], sent, date(2021, 6, 30), RULES).digests
    assert digest.due[0].stage == "0@210630"
    (late,) = plan([entry], sent, date(2021, 7, 1), RULES).digests
    assert (late.due[0].stage, late.due[0].chase) == ("chase-1@210630", 1)
    assert max(len(f"chase-12@{date(2021, 7, 1):%y%m%d}"), 0) <= 16


def test_what_nobody_was_given_is_told_to_the_supervisors() -> None:
    entry = Entry(item(status="unassigned"), (once(date(2021, 4, 30)),))
    found = plan([entry], [], date(2021, 4, 28), RULES)
    assert not found.digests
    assert "尚未交办" in everything(found)


def test_the_text_groups_periods_and_tells_figures() -> None:
    months = tuple(
        Occurrence(n, 1, f"2021-{n:02}", date(2021, n, 30), start=date(2021, n, 1), target=4, actual=1, unit="篇")
        for n in (4, 5)
    )
    (digest,) = plan([Entry(item(title="报送政务信息"), months)], [], date(2021, 6, 2), RULES).digests
    text = chat(digest, "局督查室")
    assert "1项督办事项需要办理，其中1项已逾期" in text
    assert "〔2021-0001〕报送政务信息：办理事项1（4、5月，尚缺6篇），4月30日（周五）等2期已到期" in text
    assert text.endswith("（局督查室）")
    (single,) = plan([Entry(item(), months[:1])], [], date(2021, 4, 30), RULES).digests
    assert "应完成4篇，已完成1篇" in chat(single) and "今天（4月30日）到期" in chat(single)


def test_whose_an_item_is() -> None:
    parties = (Party("局长", "responsible", "position"), Party("市容科", "responsible"), Party("环卫科", "support"))
    assert unit_of(item(parties=parties)) == "市容科"
    assert unit_of(item(parties=(*parties, Party("法规科", "lead", unit="法规（服务）科")))) == "法规（服务）科"
    assert unit_of(item(parties=())) == "（未明确责任单位）"
    assert unit_of(item(unit="一中队")) == "一中队"


def test_what_nobody_answers_for_is_told_to_the_supervising_side() -> None:
    entry = Entry(item(parties=()), (once(date(2021, 4, 30)),))
    found = plan([entry], [], date(2021, 4, 30), RULES)
    assert not found.digests and [each.id for each in found.ownerless] == [1]
    assert "没有责任单位，请先明确：\n  2021-0001 事项1" in everything(found)


def test_a_short_title_is_told_with_its_text() -> None:
    assert brief(item(title="工作要求", text="请各单位每月2日前报送安排。")) == "工作要求：请各单位每月2日前报送安排"
    assert brief(item(title="请各单位", text="请各单位每月2日前报送安排。")) == "请各单位"
    assert brief(item(title="报送当月志愿服务活动安排", text="每月2日前。")) == "报送当月志愿服务活动安排"
    assert brief(item(title="宣传科", table="任务分解表", text="宣传科")) == "任务分解表"
    assert brief(item(title=None, text="很长的文字" * 20), 10) == "很长的文字很长的文…"


def test_figures_of_many_kinds_are_counted_up() -> None:
    ones = [Occurrence(n, 1, f"2021-{n:02}", date(2021, n, 28), target=2, actual=1, unit="篇", subject=name)
            for n in (3, 4) for name in ("微博", "微信", "信息", "约稿")]  # fmt: skip
    assert missing(ones, 3) == "尚缺微博2篇、微信2篇、信息2篇等4项"
    assert short_of(ones[:4], 1) == "微博应完成2篇，已完成1篇等4项"
    limit = Occurrence(9, 1, "2021-03", date(2021, 3, 31), target=2, unit="天", comparator="<=")
    assert missing([limit], 3) == short_of([limit]) == ""


def test_a_row_of_a_unit_tells_its_table() -> None:
    assert words(item(title="宣传科", table="任务分解表", quota="微博1/周；微信2/月")) == "任务分解表"
    assert words(item(title="宣传科", quota="微博1/周；微信2/月")) == "微博1/周；微信2/月"
    assert words(item(title="办好 新闻\n发布会")) == "办好 新闻 发布会"
    assert words(item(title="很长的标题" * 20), 10) == "很长的标题很长的标…"


def test_divided_items_stand_in_their_parts() -> None:
    whole, part = item(1, parts=1), item(2, parent=1, due=date(2021, 5, 1))
    (entry,) = entries([whole, part], [])
    assert entry.item.id == 2 and entry.occurrences[0].due == date(2021, 5, 1)


def test_periods_in_words() -> None:
    assert [period_words(each) for each in ("2021-03", "2021-Q1", "2021-H2", "2021", "2021-W05", "2021-03-02", "")] == [
        "2021年3月", "2021年第一季度", "2021年下半年", "2021年", "2021年第5周", "", "",
    ]  # fmt: skip
    assert [period_words(each, 2021) for each in ("2021-03", "2022-Q1", "2021")] == ["3月", "2022年第一季度", "2021年"]


def test_periods_that_follow_each_other_are_one() -> None:
    codes = [*(f"2021-{n:02}" for n in (3, 4, 5, 7)), "2021-Q1", "2021-Q2", "2022-01", "2021-W05"]
    words = [period_words(each) for each in codes]
    assert joined(words, 9) == "2021年3—5月、7月、第一、二季度、2022年1月、2021年第5周"
    assert joined(words, 2) == "2021年3—5月、7月等8期"
    assert joined(["4月", "5月", "第12周", "第13周"]) == "4、5月、第12、13周"
    assert joined(["2021年", "2021年上半年"]) == "2021年、2021年上半年"


def test_working_days_between() -> None:
    assert workdays_between(date(2021, 4, 28), date(2021, 4, 30)) == 2
    assert workdays_between(date(2021, 9, 30), date(2021, 10, 8)) == 1
    assert workdays_between(date(2021, 4, 30), date(2021, 4, 28)) == -2
