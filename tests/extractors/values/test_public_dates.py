"""Dates of public suites (Recognizers-Text, JioNLP, duckling, chrono), where the shared cases are at hand.

Their conventions differ from ours in places, and the adapter here states each:

- Ends of ranges are exclusive where a case says so: one day off. In a range that names its last day or month, the suite
  leaves that one out altogether (一月十日到十二日 ends before the 12th); ours includes it, so both are accepted.
- 2018年之前 and 2018年以后 are open ranges there; 前 is a deadline here, on the day itself for days.
- 起 runs to the reference time in one suite; here it is open.
- Lengths of time (5小时, 三天三夜) are no times of work: those cases fail and count as failed.
- The time of day does not count.
- A recurrence counts by its unit and weekday.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.values.dates import plain, scan
from extractors.values.timevalue import Frame, TimeValue

CASES = Path(__file__).resolve().parents[4] / "shared" / "eval" / "values" / "dates.jsonl"
LEAST = 0.6
_UNITS = {"D": ("DAILY", "WEEKLY"), "W": ("WEEKLY",), "M": ("MONTHLY",), "Y": ("YEARLY",)}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

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
    found = []
    for one in scan(text, Frame(base.year, base), ("prose", "relative")):
        if one.values:
            start, end = text.original(one.start, one.end)
            found.append((start, end, one.values))
    expected = case["times"]
    if len(found) != len(expected):
        return False
    return all(any(_same(want, got) for got in found) for want in expected)


def _same(want: dict[str, Any], got: tuple[int, int, tuple[TimeValue, ...]]) -> bool:
    start, end, values = got
    shared = min(end, want["end"]) - max(start, want["start"])
    if shared * 2 < max(end - start, want["end"] - want["start"]):
        return False
    return not want["accept"] or any(_equal(accept, value) for accept in want["accept"] for value in values)


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
    if "duration_seconds" in accept or value.rrule:
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
