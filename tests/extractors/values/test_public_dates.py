"""Dates of public suites (Recognizers-Text, JioNLP, duckling, chrono), where the shared cases are at hand.

Their conventions differ from ours in places, and the adapter here states each:

- Ends of ranges are exclusive where a case says so: one day off. In a range that names its last day or month, the suite
  leaves that one out altogether (一月十日到十二日 ends before the 12th); ours includes it, so both are accepted.
- 2018年之前 and 2018年以后 are open ranges there; 前 is a deadline here, on the day itself for days and on the last day
  before it for months and years (二〇三五年前 includes 2035 in one suite), while 截止到2018年 includes the year here.
- 起 runs to the reference time in one suite; here it is open. 前两周 runs to the reference day there, to the day before
  it here.
- The time of day does not count. A length of time is counted in seconds; of two lengths (3天——8天) either counts.
- A recurrence counts by its unit and weekday.
- 三月和五月 is one expression with two values here, two expressions there.
- 两年前, 4个星期之后, 三个季度后 are the year, week, month around that day there; here the day. Counted in years and
  months, 以前, 以来 and 以内 are rounded out to whole months there; here they keep the day of the month.
- 左右 adds seven days on either side here and nothing there; 年初 is January here, January and February there.
- A day that the calendar lacks (2月30日) is there an expression without a time, here none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.values.dates import plain, scan
from extractors.values.timevalue import Frame, TimeValue

CASES = Path(__file__).resolve().parents[4] / "shared" / "eval" / "values" / "dates.jsonl"
LEAST = 0.95
_UNITS = {"D": ("DAILY", "WEEKLY"), "W": ("WEEKLY",), "M": ("MONTHLY",), "Y": ("YEARLY",)}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_LACKING = re.compile("2月(?:29|30)日")
Groups = Mapping[str, str | None]

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the shared value cases are not here")


def test_share_of_public_cases() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line]
    failed = [case for case in cases if not _passes(case)]
    share = 1 - len(failed) / len(cases)
    print(f"public dates: {share:.3f} of {len(cases)}")
    for case in failed:
        print("  ", case["id"], case["input"])
    assert share >= LEAST


def _passes(case: dict[str, Any]) -> bool:
    base = date.fromisoformat(case["base"][:10]) if case.get("base") else date(2020, 6, 15)
    text = plain(case["input"])
    found = [
        (*text.original(one.start, one.end), one.values, one.groups)
        for one in scan(text, Frame(base.year, base), ("prose", "relative"))
        if one.values
    ]
    expected = [want for want in case["times"] if want["accept"] or not _LACKING.search(want["text"])]
    if len(found) == 1 < len(expected) == len(found[0][2]):
        start, end, values, groups = found[0]
        return all(
            start <= want["start"] and want["end"] <= end and _accepted(want, (value,), groups)
            for want, value in zip(expected, values, strict=True)
        )
    if len(found) != len(expected):
        return False
    return all(any(_same(want, got) for got in found) for want in expected)


Got = tuple[int, int, tuple[TimeValue, ...], Groups]


def _same(want: dict[str, Any], got: Got) -> bool:
    start, end, values, groups = got
    shared = min(end, want["end"]) - max(start, want["start"])
    if shared * 2 < max(end - start, want["end"] - want["start"]):
        return False
    return _accepted(want, values, groups)


def _accepted(want: dict[str, Any], values: tuple[TimeValue, ...], groups: Groups) -> bool:
    if not want["accept"]:
        return True
    values = tuple(map(_bare, values)) if groups.get("around") else values
    return any(
        _equal(accept, value) or _equal_in_their_grain(accept, value, groups)
        for accept in want["accept"]
        for value in values
    )


def _bare(value: TimeValue) -> TimeValue:
    """A time without the seven days on either side that 左右 adds."""
    week = timedelta(days=7)
    return replace(value, start=value.start and value.start + week, end=value.end and value.end - week)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _equal_in_their_grain(accept: dict[str, Any], value: TimeValue, groups: Groups) -> bool:
    """Ours and theirs where theirs is the week, month or year around our day, or rounded out to months."""
    if "every" in accept or "duration_seconds" in accept or value.rrule:
        return False
    start, end, unit = _day(accept.get("start")), _day(accept.get("end")), groups.get("u") or ""
    way = groups.get("way") or ""
    if value.kind == "date" and value.start and way[-1:] in ("前", "后") and way:
        longest = {"年": 366, "月": 31, "季度": 31}.get(unit, 7)
        return bool(start and end and start <= value.start <= end and (end - start).days < longest)
    if way and unit in ("年", "月") and value.end:
        starts = value.start is None or start in (value.start, value.start.replace(day=1))
        return starts and end in (value.end, _month_end(value.end))
    if value.kind == "deadline" and value.end and end and groups.get("before"):
        first = value.end + timedelta(days=1)
        return (first.month, first.day) == (1, 1) and end == date(first.year, 12, 31)
    if value.kind == "deadline" and value.end and end and groups.get("to"):
        return (end.month, end.day) == (1, 1) and value.end == date(end.year, 12, 31)
    if (groups.get("edge") or "").endswith("初") and value.start and value.start.month == 1:
        return value.start == start and end is not None and end.month == 2
    return value.start is not None and value.start == start and value.end == (end and end - timedelta(days=1))


def _day(text: str | None) -> date | None:
    if not text or text.endswith("inf"):
        return None
    return date.fromisoformat(text[:10])


def _equal(accept: dict[str, Any], value: TimeValue) -> bool:
    if "every" in accept:
        rule = value.rrule or ""
        weekday = accept.get("weekday")
        return any(f"FREQ={unit}" in rule for unit in _UNITS[accept["unit"]]) and (
            weekday is None or f"BYDAY={_WEEKDAYS[weekday - 1]}" in rule
        )
    if "duration_seconds" in accept:
        return bool(value.seconds == accept["duration_seconds"])
    if value.rrule or value.seconds is not None:
        return False
    start, end, bound = _day(accept.get("start")), _day(accept.get("end")), accept.get("bound")
    if bound in ("before", "until") and value.kind == "deadline":
        return value.end is not None and end is not None and abs((value.end - end).days) <= 1
    if bound in ("since", "after"):
        return (
            value.end is None and value.start is not None and start is not None and abs((value.start - start).days) <= 1
        )
    if value.start is not None and value.end is None:
        return value.start == start
    if value.kind == "deadline":
        return value.end == end
    if value.start != start or end is None or value.end is None:
        return False
    if not accept.get("end_exclusive"):
        return value.end == end
    return (
        end in (value.end + timedelta(days=1), value.end)
        or value.end.replace(day=1) == end
        or (value.end.replace(month=1, day=1) == end)
    )
