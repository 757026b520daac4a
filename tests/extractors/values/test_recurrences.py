from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.dates import parse_time
from extractors.values.recurrences import rrule

SPEC = json.loads((Path(__file__).parents[2] / "specs" / "dates.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "rule", "due"), SPEC["recurrences"])
def test_recurrences(text: str, rule: str, due: bool) -> None:
    value = parse_time(text)
    assert value is not None
    assert (value.kind, value.rrule, value.due) == ("recurring", rule, due)


@pytest.mark.parametrize("text", ["每月32日前", "每年13月", "每年级", "每", "3/4"])
def test_what_no_calendar_has(text: str) -> None:
    assert parse_time(text) is None


_PARTS = re.compile(
    r"FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY)(?:;INTERVAL=\d+)?(?:;BYMONTH=[\d,]+)?(?:;BYMONTHDAY=-?[\d,]+)?(?:;BYDAY=[0-9A-Z,-]+)?"
)


@given(
    st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")),
    st.integers(1, 12),
    st.lists(st.integers(1, 12), max_size=3),
    st.lists(st.integers(1, 31), max_size=3),
    st.lists(st.sampled_from(("MO", "TU", "1FR")), max_size=2),
)
def test_parts_stand_in_order(
    freq: str, interval: int, months: list[int], days: list[int], weekdays: list[str]
) -> None:
    assert _PARTS.fullmatch(rrule(freq, interval, months=months, days=days, weekdays=weekdays))
