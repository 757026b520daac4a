"""Stretches of the calendar as notices write them: days, months, quarters, half-years, years, lists and ranges of them.

Each function reads the groups of a rule's match (``lexicons/times.toml``) in a frame. None means that it is no time
after all; an empty list that the words only look like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from extractors.values import calendars, recurrences
from extractors.values.calendars import Stretch
from extractors.values.timevalue import Frame, TimeValue, number

Groups = recurrences.Groups
Values = recurrences.Values


def _stretch(year: int, groups: Groups, n: str = "") -> Stretch:
    """The stretch of one side of an expression; ``n`` is "" or "2". Raises ValueError outside the calendar."""
    month, day = number(groups.get("m" + n)), number(groups.get("d" + n))
    if month is not None and day is not None:
        return calendars.day(year, month, day)
    if month is not None:
        if part := groups.get("xun" + n):
            return calendars.ten_days(year, month, part)
        edge = (groups.get("edge" + n) or "")[-1:]
        if edge in ("初", "始", "中") and edge:
            return calendars.ten_days(year, month, "中旬" if edge == "中" else "上旬")
        return calendars.month(year, month)
    if half := groups.get("h" + n):
        return calendars.half(year, 1 if half[0] in "上前" else 2)
    if not n and (groups.get("edge") or groups.get("edge_alone") or "").endswith(("初", "始")):
        return calendars.month(year, 1)
    return calendars.whole_year(year)


def _modified(stretch: Stretch | None, groups: Groups, inferred: bool, *, day: bool) -> list[TimeValue]:
    """A stretch under what stands before and after it: 到, 底, 前, 前后, 起, 以来. A null stretch gives null dates."""
    edge = (groups.get("edge") or groups.get("edge_alone") or "")[-1:]
    at_end = bool(edge) and edge in "底末终"
    if groups.get("since"):
        return []
    start, end = stretch if stretch else (None, None)
    if groups.get("before"):
        stated = (groups["before"] or "").startswith(("及", "或", "含", "包括"))
        inclusive = day or at_end or stated or bool(groups.get("to") or groups.get("xun"))
        last = end if inclusive or start is None else start - timedelta(days=1)
        if not inclusive and (groups["before"] or "")[-1:] == "止":
            last = end
        return [TimeValue("deadline", True, None, last, None, inferred)]
    if groups.get("around"):
        start, end = calendars.around(stretch) if stretch else (None, None)
        return [TimeValue("period", False, start, end, None, inferred)]
    if opening := groups.get("from"):
        if opening.endswith("后") and opening[0] not in "及或" and end is not None:
            start = end + timedelta(days=1)
        return [TimeValue("period", False, start, None, None, inferred)]
    if at_end or groups.get("to"):
        return [TimeValue("deadline", True, None, end, None, inferred)]
    return [TimeValue("date" if day else "period", False, start, end, None, inferred)]


def span(groups: Groups, frame: Frame) -> Values:
    """A day, ten days, month, half-year or year, or from one to another."""
    year, inferred = frame.resolve(groups.get("y") or groups.get("yd"))
    later = any(groups.get(key) for key in ("y2", "m2", "d2", "h2"))
    if year is None:
        _stretch(2000, groups)
        if later:
            return [TimeValue("period", inferred=True)]
        return _modified(None, groups, True, day=bool(groups.get("d")))
    first = _stretch(year, groups)
    if not later:
        return _modified(first, groups, inferred, day=bool(groups.get("d")))
    words = groups.get("y2")
    year2, _ = (year + 1, True) if words in ("次年", "翌年") else frame.resolve(words) if words else (year, True)
    month = groups.get("m2") or (groups.get("m") if groups.get("d2") else None)
    other = {**groups, "m2": month}
    last = _stretch(year2 or year, other, "2")
    if last[1] < first[0] and not words:
        last = _stretch(year + 1, other, "2")
    if last[1] < first[0]:
        return None
    edge = (groups.get("edge") or "")[-1:]
    start = first[1] if edge and edge in "底末" else first[0]
    return [TimeValue("period", False, start, last[1], None, inferred)]


def day_list(groups: Groups, frame: Frame) -> Values:
    """3月5日、12日 and 6月30日、12月31日前, each a day of its own."""
    year, inferred = frame.resolve(groups.get("y"))
    values: list[TimeValue] = []
    month = groups["m"]
    for word in re.split(r"[、和及与]", groups["ds"] or ""):
        *other, day = word.rstrip("日号").split("月")
        month = other[0] if other else month
        one = {**groups, "m": month, "d": day}
        stretch = _stretch(year or 2000, one)
        values += _modified(stretch if year else None, one, inferred, day=True)
    return values


def month_list(groups: Groups, frame: Frame) -> Values:
    """1、7月, each a month of its own."""
    values: list[TimeValue] = []
    for word in re.split(r"[、,和及与/]", groups["ms"] or ""):
        values += span({**groups, "m": word.rstrip("月份")}, frame) or []
    return values


def quarters(groups: Groups, frame: Frame) -> Values:
    """三季度, 二、四季度 each of its own, 前三季度 and 一至三季度 as one stretch."""
    year, inferred = frame.resolve(groups.get("y"))
    if words := groups.get("qs"):
        pairs = [(number(word), number(word)) for word in re.split(r"[、和及与]", words)]
    elif groups.get("first"):
        pairs = [(1, number(groups["first"]))]
    else:
        first, last = groups.get("q") or groups["q2"], groups.get("q2") or groups["q"]
        pairs = [(number(first), number(last))]
    values: list[TimeValue] = []
    for low, high in pairs:
        if low is None or high is None or low > high:
            return None
        stretch = (calendars.quarter(year, low)[0], calendars.quarter(year, high)[1]) if year else None
        if stretch and (groups.get("edge") or "")[-1:] == "初":
            stretch = calendars.month(stretch[0].year, stretch[0].month)
        values += _modified(stretch, groups, inferred, day=False)
    return values


def halves(groups: Groups, frame: Frame) -> Values:
    """上、下半年: both."""
    return [value for h in "上下" for value in span({**groups, "h": h}, frame) or []]


def to_year_end(groups: Groups, frame: Frame) -> Values:
    """3月至年底."""
    year, inferred = frame.resolve(groups.get("y"))
    start = _stretch(year or 2000, groups)[0]
    if year is None:
        return [TimeValue("period", inferred=True)]
    return [TimeValue("period", False, start, calendars.whole_year(year)[1], None, inferred)]


def this_year(groups: Groups, frame: Frame) -> Values:
    """全年, 本年度, 年内: the year of the plan."""
    year, _ = frame.resolve(None)
    start, end = calendars.whole_year(year) if year else (None, None)
    return [TimeValue("period", False, start, end, None, True)]


def five_year_plan(groups: Groups, frame: Frame) -> Values:
    """“十四五”期间, 到“十四五”末."""
    which = number(groups.get("n") or groups.get("n1"))
    if which is None:
        return None
    start, end = calendars.five_year_plan(which)
    if groups.get("to") or groups.get("before"):
        return [TimeValue("deadline", True, None, end)]
    return [TimeValue("period", False, start, end)]


def from_now(groups: Groups, frame: Frame) -> Values:
    """即日起至12月31日: from the base day."""
    year, _ = frame.resolve(groups.get("y"))
    end = None
    if year and (groups.get("m") or groups.get("edge_alone")):
        end = _stretch(year, groups)[1]
    return [TimeValue("period", False, frame.base, end, None, True)]


def festival(groups: Groups, frame: Frame) -> Values:
    """A festival's day in the frame's year; 前 makes it a deadline, 前后 a fortnight."""
    word = re.sub(r"[·•・.“”\"'‘’]", "", groups["festival"] or "")
    name = calendars.festival_names().get(word)
    if name is None:
        return None
    year, inferred = frame.resolve(groups.get("y"))
    one = calendars.festival(name, year) if year else None
    return _modified((one, one) if one else None, groups, inferred, day=True)


def half_month(groups: Groups, frame: Frame) -> Values:
    """6月上半月: the 1st to the 15th; 下半月: the 16th to the end."""
    year, inferred = frame.resolve(groups.get("y"))
    if year is None:
        return _modified(None, groups, True, day=False)
    first, last = calendars.month(year, number(groups["m"]) or 0)
    upper = (groups["half"] or "")[0] in "上前"
    stretch = (first, first.replace(day=15)) if upper else (first.replace(day=16), last)
    return _modified(stretch, {**groups, "xun": groups["half"]}, inferred, day=False)


def nth_weekday(groups: Groups, frame: Frame) -> Values:
    """9月第三个星期六, 5月最后一个周日: that one day. Raises ValueError where the month has no such day."""
    year, inferred = frame.resolve(groups.get("y"))
    month, weekday = number(groups["m"]) or 0, "一二三四五六日".index((groups["wd"] or "").replace("天", "日")) + 1
    if year is None:
        return _modified(None, groups, True, day=True)
    first, last = calendars.month(year, month)
    if groups.get("nth"):
        one = calendars.nth_weekday(year, month, number(groups["nth"]) or 0, weekday)
    else:
        one = last - timedelta(days=(last.isoweekday() - weekday) % 7)
    return _modified((one, one), groups, inferred, day=True) if first <= one <= last else None


def validity(groups: Groups, frame: Frame) -> Values:
    """有效期至2028年12月31日: until when a rule holds; nothing is due then, and when it begins is another matter."""
    year, inferred = frame.resolve(groups["y"])
    return [TimeValue("period", False, None, _stretch(year, groups)[1], None, inferred)] if year else None


def standing(groups: Groups, frame: Frame) -> Values:
    """常态化, 不定期: no dates."""
    return [TimeValue("standing")]


def due(groups: Groups, frame: Frame) -> Values:
    """当日, 会前, 提前一个月: a deadline that no calendar tells."""
    return [TimeValue("deadline", True)]


def no_day(groups: Groups, frame: Frame) -> Values:
    """2月30日: a day that the calendar lacks is none, nor is its month. Other days are left to their rules."""
    year, inferred = frame.resolve(groups.get("y"))
    month, day = number(groups["m"]) or 0, number(groups["d"]) or 0
    try:
        date(2000 if inferred or year is None else year, month, day)
        if groups.get("m2"):
            date(2000, number(groups["m2"]) or 0, number(groups["d2"]) or 0)
    except ValueError:
        return []
    return None


def nothing(groups: Groups, frame: Frame) -> Values:
    """A stretch that looks like a time and is none."""
    return []


#: Conversions by the name that a rule gives.
CONVERSIONS: dict[str, Callable[[Groups, Frame], Values]] = {
    "none": nothing,
    **{
        convert.__name__: convert
        for convert in (
            span, day_list, month_list, quarters, halves, to_year_end, this_year, five_year_plan, from_now, festival,
            half_month, nth_weekday, validity, standing, due, no_day,
        )
    },
}  # fmt: skip
