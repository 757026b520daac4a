from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.workdays import add_workdays, is_workday, known


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 10, 1), False), (date(2021, 10, 9), True), (date(2021, 10, 8), True), (date(2021, 10, 10), False),
        (date(2021, 2, 7), True), (date(2021, 2, 12), False), (date(2020, 1, 31), False), (date(2024, 9, 14), True),
    ],
)  # fmt: skip
def test_official_days(day, works):
    assert is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2021, 3, 23), 5, date(2021, 3, 30)), (date(2021, 9, 30), 1, date(2021, 10, 8)), (date(2021, 9, 30), 2, date(2021, 10, 9)),
        (date(2021, 9, 30), 3, date(2021, 10, 11)), (date(2021, 10, 2), 0, date(2021, 10, 8)), (date(2021, 10, 8), -1, date(2021, 9, 30)),
    ],
)  # fmt: skip
def test_adding(day, count, end):
    assert add_workdays(day, count) == end


def test_years_without_an_official_calendar_count_weekdays():
    assert not known(2090)
    assert is_workday(date(2090, 1, 2)) == (date(2090, 1, 2).weekday() < 5)


def test_a_count_that_is_no_deadline():
    with pytest.raises(ValueError, match="no deadline"):
        add_workdays(date(2021, 1, 1), 100_000)


@given(st.dates(date(2005, 1, 1), date(2025, 6, 1)), st.integers(1, 60))
def test_there_and_back(day, count):
    end = add_workdays(day, count)
    assert is_workday(end) and end - day >= timedelta(days=count)
    start = add_workdays(end, -count)
    assert add_workdays(start, count) == end
