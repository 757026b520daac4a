"""Dates of public suites (Recognizers-Text, JioNLP, duckling, chrono), where the shared cases are at hand.

Two figures: strict, which counts, and lenient, which says how many of the failures are a matter of convention.

Strict gives way only where the contract ('Dates') or the shape of the suites' data leaves no choice:

- **deadline** (X日前 → due on day X, the day counts): a suite's open end at day X, exclusive there. Of months and years
  (7月前, 2018年之前) the last day before is what an exclusive end says, so these must be equal.
- **inclusive** (7-9月 → 07-01…09-30): in a range that names its last day, month or year one suite leaves that one out
  (一月十日到十二日 ends before the 12th).
- **due** (底 and 内 → a deadline at the end, start null): the suites give a stretch with a start; the ends must be equal.
- **around** (前后 → seven days either side): one suite writes 左右 without them.
- **no clock**: the suites' time of day has no place in a notice's times; days are compared.
- **by unit**: a recurrence there has a unit, a count and a weekday only (每年9月到11月 is `every 1 Y`); a working day is a
  day there and ``BYDAY`` here.
- **lower length**: of a range of lengths (3天——8天) the suites' data hold the first; ours must have it first.
- **no such day** (2月30日): an expression without a time there; here a stretch found with no value.
- An expression that a suite only finds, with nothing to accept, must be found and nothing else.

Lenient goes on to what is a suite's own taste, on which the contract is silent or the suites disagree:

- **as of now**: 起 runs to the reference time in one suite and is open in the others and here; 前两周 and 近三年 run to
  the reference day in one suite, to the day before it in another.
- **grain**: 两年前, 4个星期之后 are the year or week around that day in one suite, a day in the others and here;
  以前, 以来 and 以内 are rounded out to whole months there.
- **to a year**: 截止到2018年 leaves 2018 out in one suite; 二〇三五年前 includes 2035 in another.
- **year's start**: 年初 is January here, January and February there; 年末 the last two months.
- **listed**: 三月和五月 is one expression with two values here, two expressions there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.values.dates import plain, scan
from extractors.values.timevalue import Frame, TimeValue

CASES = Path(__file__).resolve().parents[4] / "shared" / "eval" / "values" / "dates.jsonl"
LEAST_STRICT, LEAST_LENIENT = 0.87, 0.95
_UNITS = {"D": ("DAILY",), "W": ("WEEKLY",), "M": ("MONTHLY",), "Y": ("YEARLY",)}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_RANGES = ("m2", "d2", "y2", "a2", "b2")

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the shared value cases are not here")


@dataclass(frozen=True)
class Got:
    """An expression as the parser found it, with offsets into the case's text."""

    start: int
    end: int
    values: tuple[TimeValue, ...]
    groups: Mapping[str, str | None]
    rule: str


def test_share_of_public_cases() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line]
    used: Counter[str] = Counter()
    lenient: list[tuple[dict[str, Any], str]] = []
    failed: list[dict[str, Any]] = []
    for case in cases:
        reasons = _passes(case, lenient=False)
        if reasons is not None:
            used.update(set(reasons))
            continue
        reasons = _passes(case, lenient=True)
        if reasons is None:
            failed.append(case)
        else:
            lenient.append((case, ", ".join(sorted(set(reasons)))))
    strict, generous = 1 - (len(failed) + len(lenient)) / len(cases), 1 - len(failed) / len(cases)
    print(f"public dates: {strict:.3f} strict, {generous:.3f} with the suites' own conventions, of {len(cases)}")
    print("  strict gives way:", ", ".join(f"{name} {count}" for name, count in used.most_common()))
    for case, why in lenient:
        print("  by convention:", case["id"], case["input"], f"({why})")
    for case in failed:
        print("  failed:", case["id"], case["input"])
    assert strict >= LEAST_STRICT
    assert generous >= LEAST_LENIENT


def _passes(case: dict[str, Any], *, lenient: bool) -> list[str] | None:
    """The conventions that a case needs to pass, or None where it fails."""
    base = date.fromisoformat(case["base"][:10]) if case.get("base") else date(2020, 6, 15)
    text = plain(case["input"])
    found = [
        Got(*text.original(one.start, one.end), one.values, one.groups, one.rule.id)
        for one in scan(text, Frame(base.year, base), ("prose", "relative"))
        if one.values or one.rule.id == "time.no_day"
    ]
    expected = case["times"]
    if lenient and len(found) == 1 < len(expected) == len(found[0].values):
        one = found[0]
        parts = [
            _accepted(want, replace(one, values=(value,)), lenient=True)
            for want, value in zip(expected, one.values, strict=True)
            if one.start <= want["start"] and want["end"] <= one.end
        ]
        return ["listed"] if len(parts) == len(expected) and None not in parts else None
    if len(found) != len(expected):
        return None
    reasons: list[str] = []
    for want, got in zip(expected, found, strict=True):
        reason = _same(want, got, lenient=lenient)
        if reason is None:
            return None
        reasons += [reason] if reason else []
    return reasons


def _same(want: dict[str, Any], got: Got, *, lenient: bool) -> str | None:
    shared = min(got.end, want["end"]) - max(got.start, want["start"])
    if shared * 2 < max(got.end - got.start, want["end"] - want["start"]):
        return None
    return _accepted(want, got, lenient=lenient)


def _accepted(want: dict[str, Any], got: Got, *, lenient: bool) -> str | None:
    """Why a want is met: "" where it is equal, the convention's name where one is needed, None where it isn't."""
    if got.rule == "time.no_day":
        return None if want["accept"] else "no such day"
    if not want["accept"]:
        return ""
    answers = [_equal(accept, got) for accept in want["accept"]]
    if lenient:
        answers += [_by_taste(accept, got) for accept in want["accept"]]
    return min((answer for answer in answers if answer is not None), key=len, default=None)


def _day(text: str | None) -> date | None:
    return None if not text or text.endswith("inf") else date.fromisoformat(text[:10])


def _last_day(accept: dict[str, Any]) -> date | None:
    """The last day that is in, of an end that may be exclusive."""
    end = _day(accept.get("end"))
    return end - _DAY if end and (accept.get("end_exclusive") or accept.get("bound") == "before") else end


def _equal(accept: dict[str, Any], got: Got) -> str | None:
    value = got.values[0]
    if "every" in accept:
        return _same_recurrence(accept, value)
    if "duration_seconds" in accept:
        if value.seconds != accept["duration_seconds"]:
            return None
        return "lower length" if len(got.values) > 1 else ""
    if value.rrule or value.seconds is not None or len(got.values) != 1:
        return None
    if accept.get("bound"):
        return _same_bound(accept, value)
    start, end = _day(accept.get("start")), _last_day(accept)
    clock = "no clock" if _has_clock(accept) else ""
    if value.kind == "deadline":
        return ("due" if start else clock) if value.end == end else None
    if got.groups.get("around"):
        week = timedelta(days=7)
        same = value.start and value.end and (value.start + week, value.end - week) == (start, end)
        return "around" if same else None
    if (value.start, value.end) == (start, end):
        return clock
    if value.start == start and value.end and end and any(got.groups.get(key) for key in _RANGES):
        left_out = {value.end, value.end.replace(day=1), value.end.replace(month=1, day=1)}
        return "inclusive" if accept.get("end_exclusive") and end + _DAY in left_out else None
    return None


def _has_clock(accept: dict[str, Any]) -> bool:
    clocks = {(accept.get(key) or "")[11:19] for key in ("start", "end")}
    return not clocks <= {"", "00:00:00", "23:59:59"}


def _same_bound(accept: dict[str, Any], value: TimeValue) -> str | None:
    start, end, bound = _day(accept.get("start")), _day(accept.get("end")), accept["bound"]
    if bound in ("since", "after"):
        firsts = {start, start + _DAY} if start and bound == "after" else {start}
        return "" if value.end is None and value.start in firsts else None
    if value.kind != "deadline" or end is None or value.end is None:
        return None
    if bound == "before":
        return "" if value.end == end - _DAY else "deadline" if value.end == end else None
    return "" if value.end in (end, end - _DAY if _is_period_start(end) else end) else None


def _is_period_start(day: date) -> bool:
    """An open bound of a year is written as the first of January that follows it."""
    return (day.month, day.day) == (1, 1)


def _same_recurrence(accept: dict[str, Any], value: TimeValue) -> str | None:
    parts = dict(part.split("=") for part in (value.rrule or "").split(";") if part)
    weekday, count = accept.get("weekday"), int(parts.get("INTERVAL", "1"))
    if weekday is not None and parts.get("BYDAY") != _WEEKDAYS[weekday - 1]:
        return None
    if parts.get("FREQ") in _UNITS[accept["unit"]] and count == accept["every"]:
        plain_rule = len(parts) - ("INTERVAL" in parts) - (weekday is not None) == 1
        return "" if plain_rule else "by unit"
    workdays = accept["unit"] == "D" and parts.get("FREQ") == "WEEKLY" and parts.get("BYDAY") == "MO,TU,WE,TH,FR"
    return "by unit" if workdays else None


def _by_taste(accept: dict[str, Any], got: Got) -> str | None:
    """A suite's own convention under which ours is theirs, if any."""
    value, groups = got.values[0], got.groups
    start, end, unit = _day(accept.get("start")), _day(accept.get("end")), groups.get("u") or ""
    way = groups.get("way") or ""
    if "every" in accept or "duration_seconds" in accept or value.rrule:
        return None
    if way and value.kind == "date" and value.start and start and end:
        longest = {"年": 366, "月": 31, "季度": 31}.get(unit, 7)
        return "grain" if start <= value.start <= end and (end - start).days <= longest else None
    if way and unit in ("年", "月") and value.end:
        starts = value.start is None or start in (value.start, value.start.replace(day=1))
        return "grain" if starts and end in (value.end, _month_end(value.end)) else None
    if value.kind == "deadline" and value.end and end and (groups.get("before") or groups.get("to")):
        first = value.end + _DAY
        included = _is_period_start(first) and end == date(first.year, 12, 31)
        left_out = _is_period_start(end) and value.end == date(end.year, 12, 31)
        return "to a year" if included or left_out else None
    if (groups.get("edge") or "").endswith("初") and value.start and value.start.month == 1:
        return "year's start" if value.start == start and end and end.month == 2 else None
    if value.start is None or value.start != start:
        return None
    if value.end is None:
        return "as of now" if groups.get("from") else None
    return "as of now" if groups.get("n3") and end and abs((value.end - end).days) <= 1 else None


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY
