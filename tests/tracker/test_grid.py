"""Lines over periods, 序时进度 and lamps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.tracker.grid import Thresholds, lamp, lines, overdue, progress, title_of
from pipeline.tracker.occurrences import expand
from pipeline.tracker.rollup import rollup
from pipeline.tracker.types import Item, Occurrence
from schemas.record import Quota, Time

NOWHERE = {"block": 0, "start": 0, "end": 1}


def counted(
    value: float, per: str | None, *, comparator: str = ">=", unit: str = "篇", **more: Any
) -> list[Occurrence]:
    """The occurrences of a count in 2021, issued on 23 March."""
    quota = Quota(
        text=f"{value}{unit}", kind="count", comparator=comparator, value=value, unit=unit, per=per,  # type: ignore[arg-type]
        confidence=1, rule="case", span=NOWHERE,  # type: ignore[arg-type]
    )  # fmt: skip
    return stored(expand([], [quota], date(2021, 1, 1), date(2021, 12, 31), date(2021, 3, 23)), **more)


def monthly(day: int) -> list[Occurrence]:
    """每月N日前 in 2021, issued on 23 March."""
    time = Time(
        text="每月", kind="recurring", due=True, rrule=f"FREQ=MONTHLY;BYMONTHDAY={day}", confidence=1, rule="case",
        span=NOWHERE,  # type: ignore[arg-type]
    )  # fmt: skip
    return stored(expand([time], [], date(2021, 1, 1), date(2021, 12, 31), date(2021, 3, 23)))


def stored(drafts: list[Any], item: int = 1) -> list[Occurrence]:
    return [
        Occurrence(
            number, item, one.period, one.due, one.start, None, one.before_issue, one.target, one.comparator, None,
            one.unit, one.subject, series=one.series,
        )
        for number, one in enumerate(drafts)
    ]  # fmt: skip


def reached(rows: list[Occurrence], figures: dict[str, float], status: str = "done") -> list[Occurrence]:
    return [
        replace(one, actual=figures[one.period], status=status) if one.period in figures else one  # type: ignore[arg-type]
        for one in rows
    ]


def item(**fields: Any) -> Item:
    given: dict[str, Any] = {"status": "working", "filing": "filed", "issued_on": date(2021, 3, 23)}
    return Item(id=1, origin="notice", title="报送信息", text="报送信息", **(given | fields))


def test_a_monthly_count_is_one_line_with_its_sums() -> None:
    rows = reached(counted(4, "month"), {"2021-01": 5, "2021-03": 4, "2021-04": 3})
    (line,) = lines(rows, date(2021, 5, 10))
    assert [cell.title for cell in line.cells] == [f"{month}月" for month in range(1, 13)]
    assert [cell.gap for cell in line.cells[2:5]] == [0, 1, 4]
    assert [cell.before_issue for cell in line.cells[:3]] == [True, True, False]
    # January was before the issue: neither asked for nor counted.
    assert (line.total, line.actual, line.gap) == (40, 7, 33)
    assert (line.expected, line.schedule, line.progress) == (8, 7 / 8, "behind")


@pytest.mark.parametrize(
    ("figures", "today", "wanted"),
    [
        ({}, date(2021, 3, 24), "not_started"),
        ({}, date(2021, 8, 1), "not_started"),
        ({"2021-03": 4}, date(2021, 4, 10), "on_schedule"),
        ({"2021-03": 4, "2021-04": 2}, date(2021, 4, 10), "on_schedule"),
        ({"2021-03": 4, "2021-04": 9}, date(2021, 4, 10), "ahead"),
        ({"2021-03": 3}, date(2021, 4, 10), "behind"),
        ({f"2021-{month:02}": 4 for month in range(3, 13)}, date(2021, 12, 20), "done"),
    ],
)
def test_progress_against_time(figures: dict[str, float], today: date, wanted: str) -> None:
    assert progress(reached(counted(4, "month"), figures), today) == wanted


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2021, 1, 1), 0),
        (date(2021, 7, 1), 5),
        (date(2021, 7, 2), 6),
        (date(2021, 12, 31), 12),
        (date(2022, 1, 1), 12),
    ],
)
def test_a_years_figure_grows_with_the_days(today: date, expected: float) -> None:
    (line,) = lines(counted(12, "year"), today)
    assert line.expected == expected


def test_one_a_quarter_is_not_late_before_the_quarter_ends() -> None:
    rows = counted(1, "quarter")
    assert lines(rows, date(2021, 3, 30))[0].expected == 0
    assert lines(rows, date(2021, 4, 1))[0].expected == 1


def test_weeks_are_shown_by_month_and_counted_in_the_month_of_their_thursday() -> None:
    rows = reached(counted(1, "week", unit="条"), {"2021-W13": 1, "2021-W14": 2})
    (line,) = lines(rows, date(2021, 5, 1))
    assert [cell.period for cell in line.cells] == [f"2021-{month:02}" for month in range(1, 13)]
    april = line.cells[3]
    assert (april.target, april.actual, april.gap) == (5, 3, 2)
    assert line.total == 52 - 11
    assert len(lines(rows, date(2021, 5, 1), months=False)[0].cells) == 52


def test_a_limit_is_kept_where_it_is_not_passed() -> None:
    rows = reached(counted(2, "month", comparator="<="), {"2021-03": 1, "2021-04": 3})
    (line,) = lines(rows, date(2021, 5, 10))
    assert [cell.gap for cell in line.cells[2:4]] == [0, 1]


def test_shares_are_not_added_up() -> None:
    rows = reached(counted(95, "month", unit="%"), {"2021-03": 96, "2021-04": 90})
    (line,) = lines(rows, date(2021, 5, 10))
    assert line.total is None and [cell.gap for cell in line.cells[2:4]] == [-1, 5]


def test_lamps_of_a_monthly_report() -> None:
    rows = monthly(2)
    assert lamp(item(), rows, date(2021, 3, 23)) == "green"
    assert lamp(item(), rows, date(2021, 3, 29)) == "yellow"
    assert lamp(item(), rows, date(2021, 4, 2)) == "yellow"
    assert lamp(item(), rows, date(2021, 4, 3)) == "red"
    assert lamp(item(), rows, date(2021, 3, 24), Thresholds(near=30)) == "yellow"
    reported = [replace(one, status="reported") if one.period == "2021-04" else one for one in rows]
    assert lamp(item(), reported, date(2021, 4, 3)) == "green"
    assert overdue(item(), rows, date(2021, 3, 22)) == []
    assert [one.period for one in overdue(item(), rows, date(2021, 5, 3))] == ["2021-04", "2021-05"]


def test_what_is_before_the_issue_never_turns_a_lamp() -> None:
    rows = [one for one in monthly(2) if one.before_issue]
    assert len(rows) == 3
    assert lamp(item(), rows, date(2021, 12, 1)) == "none"
    assert progress(rows, date(2021, 12, 1)) == "not_started"


def test_a_lamp_is_yellow_behind_time_and_red_where_all_ended_short() -> None:
    half = counted(12, "year")
    assert lamp(item(), half, date(2021, 6, 30)) == "yellow"
    assert lamp(item(), reached(half, {"2021": 6}, "open"), date(2021, 6, 30)) == "green"
    assert lamp(item(), reached(half, {"2021": 6}, "reported"), date(2022, 1, 5)) == "red"
    assert lamp(item(), reached(half, {"2021": 12}, "reported"), date(2022, 1, 5)) == "green"


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"filing": "pending"}, "none"),
        ({"status": "closed"}, "green"),
        ({"status": "stopped"}, "none"),
        ({}, "none"),
        ({"due": date(2021, 4, 30)}, "green"),
        ({"due": date(2021, 4, 12)}, "yellow"),
        ({"due": date(2021, 4, 9)}, "red"),
        ({"due": date(2021, 4, 9), "adjusted_due": date(2021, 6, 30)}, "green"),
        ({"due": date(2021, 4, 9), "status": "reported"}, "green"),
        ({"due": date(2021, 3, 1)}, "none"),
    ],
)
def test_lamps_of_an_item_without_occurrences(fields: dict[str, Any], wanted: str) -> None:
    assert lamp(item(**fields), [], date(2021, 4, 10)) == wanted


def test_units_that_reported_are_counted_and_the_others_named() -> None:
    parts = [replace(item(), id=number, unit=f"{'东西南北'[number]}片区中队") for number in range(4)]
    found = {number: stored_of(number) for number in range(4)}
    for number in (0, 2):
        found[number] = [replace(one, status="reported") if one.period == "2021-04" else one for one in found[number]]
    text = rollup(parts, found, date(2021, 4, 2))
    assert text.text == "4个单位，已报2，未报2：西片区中队、北片区中队"
    assert text.missing == ("西片区中队", "北片区中队")
    closed = [*parts[:3], replace(parts[3], status="closed")]
    assert rollup(closed, found, date(2021, 4, 2)).text == "4个单位，已报3，未报1：西片区中队"
    assert rollup([*parts[:3], replace(parts[3], status="stopped")], found, date(2021, 4, 2)).units == tuple(
        part.unit for part in parts[:3]
    )


def stored_of(number: int) -> list[Occurrence]:
    return [replace(one, item=number) for one in monthly(2)]


def test_a_parents_line_adds_up_its_units() -> None:
    rows = [
        replace(one, item=number)
        for number in range(3)
        for one in reached(counted(2, "month"), {"2021-03": number})
    ]  # fmt: skip
    (line,) = lines(rows, date(2021, 4, 10))
    assert (line.cells[2].target, line.cells[2].actual, line.cells[2].gap) == (6, 3, 3)
    assert line.total == 60


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("2021", "2021年"), ("2021-H2", "下半年"), ("2021-Q3", "三季度"), ("2021-03", "3月"), ("2021-03-02", "3月2日"),
        ("2021-W05", "第5周"), ("2021-01/02", "1—2月"),
    ],
)  # fmt: skip
def test_names_of_periods(period: str, wanted: str) -> None:
    assert title_of(period) == wanted
