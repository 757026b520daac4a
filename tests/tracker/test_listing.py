"""How items stand in a list, and what is asked of a whole and its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.tracker import listing
from pipeline.tracker.entries import period_words
from pipeline.tracker.grid import progress_of
from pipeline.tracker.labels import field_of, told
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.settings import LedgerSettings
from pipeline.tracker.types import Event, Item, LedgerError, Occurrence, Party, Query

TODAY = date(2024, 3, 1)
ITEM = Item(1, "notice", "filed", "working", "宣传", "每季度报送信息2篇。", number="2024-0001")
QUARTERS = [
    Occurrence(n, 1, f"2024-Q{n}", date(2024, 3 * n, 30), start=date(2024, 3 * n - 2, 1), target=2, unit="篇")
    for n in (1, 2, 3, 4)
]


def reached(*figures: float | None) -> list[Occurrence]:
    return [replace(one, actual=figure) for one, figure in zip(QUARTERS, figures, strict=False)]


@pytest.mark.parametrize(
    ("item", "occurrences", "day", "expected"),
    [
        ({}, reached(None, None), date(2024, 2, 1), "not_started"),
        ({}, reached(2, None), date(2024, 4, 20), "on_schedule"),
        ({}, reached(1, None), date(2024, 4, 20), "behind"),
        ({"progress": "on_schedule"}, reached(None, None), date(2024, 2, 1), "on_schedule"),
        ({"progress": "on_schedule"}, reached(None, None), date(2024, 4, 20), "behind"),
        ({"progress": "ahead", "edited": ("progress",)}, reached(None, None), date(2024, 4, 20), "ahead"),
        ({"progress": "done", "status": "closed"}, reached(1, None), date(2024, 4, 20), "done"),
        ({"progress": "behind"}, [], date(2024, 4, 20), "behind"),
        ({"progress": "done"}, [replace(one, status="done") for one in QUARTERS], date(2025, 1, 20), "done"),
        ({}, [replace(one, before_issue=True) for one in QUARTERS], date(2025, 1, 20), "not_started"),
    ],
)
def test_progress_is_what_a_person_said_or_the_figures_tell(
    item: dict[str, object], occurrences: list[Occurrence], day: date, expected: str
) -> None:
    assert progress_of(replace(ITEM, **item), occurrences, day) == expected  # type: ignore[arg-type]


def test_a_row_tells_date_and_delay() -> None:
    item = replace(ITEM, next_due=date(2024, 3, 30), due=date(2024, 12, 31))
    row = listing.row(item, QUARTERS, date(2024, 4, 9))
    assert (row.lamp, row.deadline, row.late, row.adjusted) == ("red", date(2024, 3, 30), 10, False)
    later = [replace(QUARTERS[0], adjusted_due=date(2024, 4, 30)), *QUARTERS[1:]]
    row = listing.row(replace(item, next_due=date(2024, 4, 30)), later, date(2024, 4, 9))
    assert (row.late, row.adjusted) == (0, True)
    closed = listing.row(replace(item, status="closed", next_due=None), QUARTERS, date(2024, 4, 9))
    assert (closed.lamp, closed.late) == ("green", 0)


def test_a_captions_text_tells_more() -> None:
    caption = "2024年宣传工作任务分解表及说明"
    item = replace(ITEM, title=caption, section=(caption,))
    assert listing.headline(item) == "每季度报送信息2篇。"
    assert listing.headline(replace(item, text="办公室", parties=(Party("办公室", "lead"),))) == caption
    assert listing.headline(ITEM) == "宣传：每季度报送信息2篇"


def test_periods_of_two_months_have_words() -> None:
    assert period_words("2021-01/02") == "2021年1—2月" and period_words("2021-11/12", 2021) == "11—12月"


def test_fields_have_the_names_that_offices_use() -> None:
    assert [field_of(name) for name in ("牵头单位", "完成时限", "due", " 进度 ")] == ["lead", "due", "due", "progress"]
    with pytest.raises(LedgerError, match="没有“天气”这一栏"):
        field_of("天气")


def test_a_change_is_told_in_a_line() -> None:
    settings = LedgerSettings()
    event = Event(
        1, 7, 1, "set", {"due": "2024-05-31", "leader": ""}, {"due": "2024-06-30", "leader": "陈局长", "edited": "[]"},
        "张三", "2024-03-01T09:00:00+00:00",
    )  # fmt: skip
    assert told(event, settings) == "修改：完成时限 2024-05-31→2024-06-30；责任领导 陈局长"
    noted = replace(
        event, kind="reported", before={"status": "working", "notes": {"1": None}, "occurrences": {"5": {}}},
        after={
            "status": "reported", "occurrences": {"5": {"status": "reported", "actual": 2.0}},
            "notes": {"1": {"period": "2024-Q1", "progress": "已报", "problems": "", "next_steps": "", "actual": 2.0}},
        },
    )  # fmt: skip
    assert told(noted, settings, {5: "2024-Q1"}) == (
        "反馈：状态 办理中→已反馈待审核；2024年第一季度 2，已报；2024年第一季度 已报，完成 2"
    )
    assert told(replace(event, kind="stopped", before={}, after={}, reason="撤并"), settings) == "中止：理由：撤并"


@pytest.fixture
def divided(ledger: Ledger, find: object) -> tuple[Ledger, int, list[int]]:
    """An item due on 31 May, divided among three units and assigned."""
    number = find("制作节水公益广告2部")  # type: ignore[operator]
    ledger.file(number)
    parts = ledger.split(number, [{"unit": unit} for unit in ("甲站", "乙站", "丙站")])
    ledger.assign(number, TODAY)
    return ledger, number, parts


def test_an_extension_of_the_whole_is_one_of_its_parts(divided: tuple[Ledger, int, list[int]]) -> None:
    ledger, number, parts = divided
    ledger.extend(parts[0], date(2024, 7, 31), "先延", "王局长")
    ledger.extend(number, date(2024, 6, 30), "汛情", "王局长")
    assert [ledger.item(part).item.next_due for part in parts] == [
        date(2024, 7, 31),
        date(2024, 6, 30),
        date(2024, 6, 30),
    ]
    assert [len(ledger.item(part).extensions) for part in parts] == [1, 1, 1]
    assert ledger.item(number).item.next_due == date(2024, 6, 30)
    ledger.undo()
    assert [ledger.item(part).item.next_due for part in parts] == [
        date(2024, 7, 31),
        date(2024, 5, 31),
        date(2024, 5, 31),
    ]


def test_a_whole_is_due_when_its_parts_are(
    divided: tuple[Ledger, int, list[int]], open_ledger: object
) -> None:  # fmt: skip
    ledger, number, parts = divided
    ledger.extend(parts[0], date(2024, 7, 31), "先延", "王局长")
    for part in parts[1:]:
        ledger.report(part, progress="播了", actual=2)
        ledger.accept(part)
    assert ledger.item(number).item.next_due == date(2024, 7, 31)
    june = open_ledger(date(2024, 6, 10))  # type: ignore[operator]
    assert not june.items(Query(date(2024, 6, 10), overdue=True))
    (row,) = listing.rows(june, [june.item(number).item])
    assert (row.late, row.reported, row.units, row.noun) == (0, 2, 3, "单位")
    june.stop(parts[0], "撤并")
    assert june.item(number).item.next_due is None
    assert {one.status for one in june.occurrences([number])} == {"done"}
    june.reopen(parts[0])
    assert june.item(number).item.next_due == date(2024, 7, 31)
    assert {one.status for one in june.occurrences([number])} == {"open"}


def test_who_reports_ahead_of_time_has_reported(divided: tuple[Ledger, int, list[int]]) -> None:
    ledger, number, parts = divided
    ledger.report(parts[0], progress="播了", actual=2)
    ledger.accept(parts[0])
    (row,) = listing.rows(ledger, [ledger.item(number).item])
    assert (row.reported, row.missing) == (1, ("乙站", "丙站"))


def test_no_unit_is_given_a_second_part(divided: tuple[Ledger, int, list[int]]) -> None:
    ledger, number, _ = divided
    with pytest.raises(LedgerError, match="已经分给了乙站"):
        ledger.split(number, [{"unit": "丁站"}, {"unit": "乙站"}])
    assert len(ledger.split(number, [{"unit": "丁站"}])) == 1


def test_a_word_on_the_progress_stands_until_the_next_figure(divided: tuple[Ledger, int, list[int]]) -> None:
    ledger, _, (part, *_) = divided

    def shown() -> str:
        (row,) = listing.rows(ledger, [ledger.item(part).item])
        return row.progress

    ledger.set(part, "progress", "达序时")
    assert shown() == "on_schedule" and "progress" in ledger.item(part).item.edited
    ledger.set(part, "progress", "")
    assert shown() == "not_started"
    ledger.set(part, "progress", "慢序时")
    ledger.note(part, actual=2)
    assert shown() == "done"
    ledger.set(part, "progress", "慢序时")
    ledger.report(part, progress="播了")
    assert shown() == "done"
    ledger.undo()
    assert shown() == "behind"


def test_a_units_part_stands_for_the_whole(ledger: Ledger, find: object) -> None:
    number = find("制作节水公益广告2部")  # type: ignore[operator]
    ledger.file(number)
    lead = ledger.item(number).item.names("lead")[0]
    of_lead = Query(TODAY, unit=lead)
    assert number in [item.id for item in ledger.items(of_lead)]
    other, own = ledger.split(number, [{"unit": "甲站"}, {"unit": lead}])
    found = [item.id for item in ledger.items(of_lead)]
    assert own in found and not {number, other} & set(found)
    assert ledger.count(of_lead) == len(found)


def test_what_is_near_or_changed_is_found(divided: tuple[Ledger, int, list[int]]) -> None:
    ledger, number, parts = divided
    assert {item.id for item in ledger.items(Query(date(2024, 5, 25), near=7))} == {number, *parts}
    assert not ledger.items(Query(date(2024, 5, 25), near=5)) and not ledger.items(Query(date(2024, 6, 1), near=7))
    assert not ledger.items(Query(TODAY, changed=True))
    assert [item.id for item in ledger.items(Query(TODAY, parents=(number,)))] == parts
