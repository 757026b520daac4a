from __future__ import annotations

import json
import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.dates import parse_time, parse_times, plain, scan
from extractors.values.timevalue import Frame, TimeValue, number

SPEC = json.loads((Path(__file__).parents[2] / "specs" / "dates.json").read_text(encoding="utf-8"))
BASE = date(2021, 3, 23)


def shown(value: TimeValue | None) -> str | None:
    """A value as the specs write it."""
    if value is None:
        return None
    if value.rrule:
        return value.rrule
    if value.kind == "standing" or (value.start is None and value.end is None):
        return value.kind
    return f"{value.start or '..'}/{value.end or '..'}"


@pytest.mark.parametrize(("text", "expected"), SPEC["cases"])
def test_parse_time(text: str, expected: str | None) -> None:
    assert shown(parse_time(text, year=2021)) == expected


@pytest.mark.parametrize(("text", "expected"), SPEC["with_base"])
def test_parse_time_against_a_day(text: str, expected: str) -> None:
    assert shown(parse_time(text, BASE)) == expected


def test_several_months_have_a_value_each() -> None:
    assert [value.start for value in parse_times("1、7月", year=2021)] == [date(2021, 1, 1), date(2021, 7, 1)]


def test_a_year_comes_from_the_plan_then_the_base() -> None:
    assert parse_time("3月", plan_start=date(2019, 1, 1)) == parse_time("3月", year=2019)
    assert parse_time("3月", date(2018, 5, 1)) == parse_time("3月", year=2018)


def test_without_a_year_the_dates_are_null() -> None:
    assert parse_time("3月底前") == TimeValue("deadline", due=True, inferred=True)
    assert parse_time("3-5月") == TimeValue("period", inferred=True)


def test_a_written_year_is_not_inferred() -> None:
    written, inferred = parse_time("2020年3月", year=2021), parse_time("3月", year=2021)
    assert written is not None and not written.inferred
    assert inferred is not None and inferred.inferred


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("廿五", 25), ("两", 2), ("元", 1),
     ("二〇二一", 2021), ("二O三五", 2035), ("一九九九", 1999), ("半", None), ("", None), ("三百", None)],
)  # fmt: skip
def test_number(text: str, value: int | None) -> None:
    assert number(text) == value


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    forms = (
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month}/{day.day}",
    )  # fmt: skip
    for form in forms:
        value = parse_time(form)
        assert value is not None
        assert (value.kind, value.start, value.end, value.inferred) == ("date", day, day, False)


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from("-–—－~～至到"))
def test_months_over_every_dash(first: int, last: int, dash: str) -> None:
    value = parse_time(f"{first}{dash}{last}月", year=2021)
    assert value is not None and value.start is not None and value.end is not None
    assert (value.start.month, value.end.month) == (first, last)
    assert value.start <= value.end


@given(
    st.text(
        st.sampled_from(
            "0123456789一二三十年月日底前每季度周至到-、上下半旬初末自起 \n起全定期常态化春节" + string.punctuation
        )
    )
)
def test_scan_never_fails_and_quotes_to_the_letter(text: str) -> None:
    seen = plain(text)
    assert len(seen.text) == len(seen.offsets)
    previous = 0
    for one in scan(seen, Frame(2021, BASE), ("prose", "cell", "relative")):
        assert previous <= one.start < one.end <= len(seen.text)
        previous = one.end
        start, end = seen.original(one.start, one.end)
        assert "".join(plain(text[start:end]).text.split()) == "".join(seen.text[one.start : one.end].split())
        for value in one.values:
            if value.start and value.end:
                assert value.start <= value.end
