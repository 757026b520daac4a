"""Words that mean a day or stretch only against a given day: 明天, 下下周, 两周后, 本月底前."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from extractors.values import calendars
from extractors.values.calendars import Stretch
from extractors.values.timevalue import Frame, TimeValue, number

Groups = Mapping[str, str | None]
Values = list[TimeValue] | None

#: How many days off a word like 明天 is.
DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}


def _value(stretch: Stretch, groups: Groups) -> list[TimeValue]:
    if groups.get("before"):
        return [TimeValue("deadline", True, None, stretch[1], None, True)]
    return [TimeValue("date" if stretch[0] == stretch[1] else "period", False, *stretch, None, True)]


def _shift(base: date, unit: str, count: int) -> date:
    if unit in ("天", "日"):
        return base + timedelta(days=count)
    if unit in ("周", "星期", "礼拜"):
        return base + timedelta(weeks=count)
    return calendars.shift_months(base, count * {"月": 1, "季度": 3, "年": 12}[unit])


def term(base: date, unit: str, ahead: int = 0) -> Stretch:
    """The day itself, the week, month, quarter or year that holds it, or one some of its kind ahead."""
    if unit in ("周", "星期", "礼拜"):
        return calendars.week(base, ahead)
    if unit == "天":
        return base + timedelta(days=ahead), base + timedelta(days=ahead)
    then = _shift(base.replace(day=1), "季度" if unit.startswith("季") else unit, ahead)
    if unit == "月":
        return calendars.month(then.year, then.month)
    if unit.startswith("季"):
        return calendars.quarter(then.year, (then.month + 2) // 3)
    return calendars.whole_year(then.year)


def relative_day(groups: Groups, frame: Frame) -> Values:
    """昨天, 明天上午, 大前天."""
    if frame.base is None:
        return None
    one = frame.base + timedelta(days=DAYS[(groups["w"] or "").rstrip("天日")])
    return _value((one, one), groups)


def relative_term(groups: Groups, frame: Frame) -> Values:
    """下周, 上上个月, 本季度末, 下月上旬, 前两年, 近三个月."""
    base = frame.base
    if base is None:
        return None
    if groups.get("w4"):
        groups = {**groups, "w": groups["w4"], "u": groups["u4"]}
    if words := groups.get("w"):
        ahead = len(words) if words[0] == "下" else -len(words) if words[0] == "上" else 0
        stretch = term(base, groups["u"] or "", ahead)
        return _edged(stretch, groups)
    count, unit, way = (3 if groups["n3"] == "仨" else number(groups["n3"]) or 0), groups["u3"] or "", groups["w3"]
    if count < 1:
        return None
    if way == "近":
        return _value((_shift(base, unit, -count), base), groups)
    if way in ("下", "后"):
        return _value((term(base, unit, 1)[0], term(base, unit, count)[1]), groups)
    return _value((term(base, unit, -count)[0], term(base, unit, -1)[1]), groups)


def _edged(stretch: Stretch, groups: Groups) -> list[TimeValue]:
    """A week's, month's, quarter's or year's 初, 中, 底, 上旬, as of any other: 底 is due at the last day."""
    start, end = stretch
    unit, edge = groups["u"] or "", groups.get("edge") or ""
    if edge in ("底", "末") and edge:
        return [TimeValue("deadline", True, None, end, None, True)]
    if unit == "月" and edge:
        part = {"初": "上旬", "中": "中旬"}.get(edge, edge)
        return _value(calendars.ten_days(start.year, start.month, part), groups)
    if edge == "初" and unit.startswith(("季", "年")):
        return _value(calendars.month(start.year, start.month), groups)
    return _value(stretch, groups)


def relative_month_day(groups: Groups, frame: Frame) -> Values:
    """29日, 下月15号: of the base's month, or the one before or after. Raises ValueError outside the calendar."""
    if frame.base is None:
        return [TimeValue("deadline", True, inferred=True)] if groups.get("before") else None
    ahead = {"下": 1, "次": 1, "上": -1}.get(groups.get("w") or "", 0)
    month = _shift(frame.base.replace(day=1), "月", ahead)
    day = number(groups["d"]) or 0
    if not groups.get("w") and day > calendars.month(month.year, month.month)[1].day:
        month = _shift(month, "月", 1)
    return _value(calendars.day(month.year, month.month, day), groups)


def nth_week(groups: Groups, frame: Frame) -> Values:
    """9月第三周, 本月第2周, 2021年的第一周: the week of the which-th Monday."""
    year, inferred = frame.resolve(groups.get("y"))
    month, which = number(groups.get("m")) or 1, number(groups["n"]) or 1
    if groups.get("w") and frame.base is not None:
        then = _shift(frame.base.replace(day=1), "月", {"下": 1, "上": -1}.get(groups["w"] or "", 0))
        year, month = then.year, then.month
    if year is None:
        return [TimeValue("period", inferred=True)]
    start, end = calendars.week(calendars.nth_weekday(year, month, which, 1))
    if (start.year, start.month) != (year, month):
        return None
    return [TimeValue("period", False, start, end, None, inferred)]


def month_part(groups: Groups, frame: Frame) -> Values:
    """月底, 上旬, 月初, 下半月 alone: of the base's month."""
    if frame.base is None:
        return None
    start, end = calendars.month(frame.base.year, frame.base.month)
    if half := groups.get("half"):
        return _value((start, start.replace(day=15)) if half[0] == "上" else (start.replace(day=16), end), groups)
    return _edged((start, end), {**groups, "u": "月", "edge": (groups["edge"] or "").removeprefix("月")})


def fiscal_year(groups: Groups, frame: Frame) -> Values:
    """2021财年, 本财政年度, 上个会计年度: the calendar year. Source: 预算法 article 18, 会计法 article 11."""
    words, year = groups.get("w") or "", frame.resolve(groups.get("y"))[0]
    if words and frame.base:
        year = frame.base.year + words.count("下") - words.count("上")
    if year is None:
        return None
    return [TimeValue("period", False, *calendars.whole_year(year), None, not groups.get("y"))]


def until_now(groups: Groups, frame: Frame) -> Values:
    """2021年3月至今, 从去年起到目前: up to the base."""
    year, inferred = frame.resolve(groups.get("y"))
    if year is None or frame.base is None:
        return None
    month, day = number(groups.get("m")) or 1, number(groups.get("d")) or 1
    start = calendars.day(year, month, day)[0]
    if start > frame.base:
        return None
    return [TimeValue("period", False, start, frame.base, None, inferred)]


def this_term(groups: Groups, frame: Frame) -> Values:
    """本月底前 by the base day; 月底前 alone is a deadline of no known date."""
    end = None
    if groups.get("this") and frame.base is not None:
        end = term(frame.base, groups["u"] or "")[1]
    return [TimeValue("deadline", True, None, end, None, True)]


#: Conversions by the name that a rule gives.
CONVERSIONS: dict[str, Callable[[Groups, Frame], Values]] = {
    convert.__name__: convert
    for convert in (
        relative_day, relative_term, relative_month_day, nth_week, month_part, fiscal_year, until_now, this_term,
    )
}  # fmt: skip
