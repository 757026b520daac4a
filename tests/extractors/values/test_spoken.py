from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.dates import parse_time, parse_times
from extractors.values.spoken import seconds, shift

BASE = date(2021, 3, 23)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [("5小时", [18000]), ("两年半", [78840000]), ("三个月半", [9072000]), ("半小时", [1800]), ("五个工作日", [432000]),
     ("3天——8天", [259200, 691200]), ("270天", [23328000]), ("三月", []), ("12日", []), ("三年级", [])],
)  # fmt: skip
def test_lengths_are_told_in_seconds(text: str, lengths: list[int]) -> None:
    assert [value.seconds for value in parse_times(text) if value.seconds] == lengths


def test_a_deadline_in_working_days_needs_a_day_to_count_from() -> None:
    from_a_day, from_base, alone = (
        parse_time("自2021年3月1日起10个工作日内"), parse_time("5个工作日内", BASE), parse_time("5个工作日内"),
    )  # fmt: skip
    assert from_a_day and (from_a_day.kind, from_a_day.due, from_a_day.end) == ("deadline", True, date(2021, 3, 15))
    assert from_base and (from_base.kind, from_base.end) == ("deadline", date(2021, 3, 30))
    assert alone and (alone.kind, alone.end) == ("deadline", None)


@given(st.integers(1, 400), st.sampled_from("天周月年"))
def test_forth_and_back_is_near(count: int, unit: str) -> None:
    assert abs((shift(shift(BASE, count, unit), -count, unit) - BASE).days) <= 3
    assert seconds(count, unit) >= count * 86400
