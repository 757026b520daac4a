"""The calendar as another library reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.tracker.calendar_feed import feed
from pipeline.tracker.entries import Entry
from pipeline.tracker.settings import RemindSettings
from pipeline.tracker.types import Item, Occurrence, Party

vobject = pytest.importorskip("vobject")
NOW = datetime(2021, 4, 1, 8, tzinfo=UTC)
LONG = "每月2日前将当月重点志愿服务活动安排报直属机关党委；逗号,分号;反斜杠\\，" + "很长的文字" * 30


def item(**fields: object) -> Item:
    values: dict[str, object] = {
        "origin": "notice", "filing": "filed", "status": "working", "title": None, "text": LONG, "key": "k-0123456789ab",
        "number": "2021-0007", "parties": (Party("各单位", "lead", "collective"), Party("直属机关党委", "support")),
        "issued_on": date(2021, 3, 23), "revision": 4,
    }  # fmt: skip
    return Item(7, **{**values, **fields})  # type: ignore[arg-type]


def months(year: int = 2021) -> tuple[Occurrence, ...]:
    return tuple(
        Occurrence(n, 7, f"{year}-{n:02}-02", date(year, n, 2), before_issue=date(year, n, 2) < date(2021, 3, 23))
        for n in range(1, 13)
    )


def read(data: bytes) -> list[object]:
    return list(vobject.readOne(data.decode()).components())


def dates(event: object) -> list[date]:
    return [each.date() if isinstance(each, datetime) else each for each in event.rruleset]  # type: ignore[attr-defined]


def test_what_comes_round_is_one_event_with_a_rule() -> None:
    data = feed([Entry(item(), months())], NOW, RemindSettings())
    (event,) = read(data)
    assert dates(event) == [date(2021, n, 2) for n in range(4, 13)]
    assert event.uid.value == "k-0123456789ab-7@duban"
    assert "RRULE:FREQ=MONTHLY;UNTIL=20211202;BYMONTHDAY=2" in data.decode()
    assert LONG in event.description.value and "配合单位：直属机关党委" in event.description.value
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_an_extended_date_is_moved_and_a_finished_one_taken_out() -> None:
    ones = list(months())
    ones[4] = Occurrence(5, 7, "2021-05-02", date(2021, 5, 2), adjusted_due=date(2021, 5, 10))
    ones[5] = Occurrence(6, 7, "2021-06-02", date(2021, 6, 2), status="done")
    whole, moved = read(feed([Entry(item(), tuple(ones))], NOW, RemindSettings()))
    assert date(2021, 6, 2) not in dates(whole)
    assert moved.contents["recurrence-id"][0].value == date(2021, 5, 2)
    assert moved.dtstart.value == date(2021, 5, 10)
    assert moved.uid.value == whole.uid.value


def test_months_end_where_they_end() -> None:
    ends = [date(2021, 4, 30), date(2021, 5, 31), date(2021, 6, 30), date(2021, 7, 31)]
    ones = tuple(Occurrence(n, 7, f"{day:%Y-%m}", day, start=day.replace(day=1)) for n, day in enumerate(ends))
    data = feed([Entry(item(), ones)], NOW, RemindSettings())
    assert b"BYMONTHDAY=-1" in data
    assert dates(read(data)[0]) == ends


def test_a_plan_that_ends_amid_a_week_has_its_last_date_alone() -> None:
    ends = [date(2021, 4, 4) + timedelta(days=7 * n) for n in range(5)] + [date(2021, 5, 7)]
    ones = tuple(Occurrence(n, 7, f"2021-W{13 + n}", day, start=day - timedelta(days=6)) for n, day in enumerate(ends))
    weekly, last = read(feed([Entry(item(), ones)], NOW, RemindSettings()))
    assert dates(weekly) == ends[:-1] and last.dtstart.value == ends[-1]
    assert weekly.uid.value != last.uid.value


def test_dates_without_a_rule_stand_alone_with_alarms_before_holidays() -> None:
    ones = tuple(Occurrence(n, 7, day.isoformat(), day) for n, day in enumerate([date(2021, 6, 30), date(2021, 10, 2)]))
    first, second = read(feed([Entry(item(), ones)], NOW, RemindSettings()))
    assert first.uid.value != second.uid.value
    triggers = [alarm.trigger.value for alarm in second.valarm_list]
    assert triggers[-1] == timedelta(hours=9) - timedelta(days=2), "the day before the holiday"
    assert triggers[-2] == timedelta(hours=9) - timedelta(days=5)


def test_as_to_dos_each_date_is_one() -> None:
    todos = read(feed([Entry(item(), months())], NOW, RemindSettings(), kind="todo"))
    assert [each.due.value for each in todos] == [date(2021, n, 2) for n in range(4, 13)]
    assert {each.status.value for each in todos} == {"IN-PROCESS"}
    assert {each.valarm_list[0].trigger.params["RELATED"][0] for each in todos} == {"END"}


def test_the_same_ledger_gives_the_same_file() -> None:
    entry = Entry(item(), months())
    assert feed([entry], NOW, RemindSettings()) == feed([entry], NOW, RemindSettings())


@pytest.mark.parametrize("fields", [{"status": "closed"}, {"status": "stopped"}, {"filing": "archived"}])
def test_what_is_over_is_left_out(fields: dict[str, str]) -> None:
    assert read(feed([Entry(item(**fields), months())], NOW, RemindSettings())) == []
