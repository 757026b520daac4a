"""Times as people say or type them: 三天后, 近两年, 下周一, 80年代, 八月十五, 4/22/2017, 5个工作日内.

Notices do not speak so; the rules hold where a day is given to count from, and for a person's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from extractors.lexicons import load_list
from extractors.values import calendars
from extractors.values.calendars import Stretch
from extractors.values.numbers import parse_number
from extractors.values.relative import DAYS, term
from extractors.values.timevalue import Frame, TimeValue, number
from extractors.values.workdays import add_workdays

Groups = Mapping[str, str | None]
Values = list[TimeValue] | None

_MONTHS = {"年": 12, "载": 12, "季度": 3, "月": 1}
_DAYS = {"周": 7, "星期": 7, "礼拜": 7, "天": 1, "日": 1, "旬": 10, "工作日": 1}
_HOURS = {"小时": 1.0, "钟头": 1.0, "钟": 1.0, "刻钟": 0.25, "分钟": 1 / 60, "秒": 1 / 3600, "秒钟": 1 / 3600}
_LONGEST_YEARS = 1000
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_LUNAR_MONTHS = {"冬": 11, "腊": 12, "正": 1}


def _count(words: str | None, half: bool) -> float | None:
    """两 → 2, 半 → 0.5, 三 and a half → 3.5."""
    if words == "半":
        return 0.5
    value = {"仨": 3.0, "俩": 2.0}.get(words or "") or parse_number(words or "")
    return None if value is None else value + (0.5 if half else 0)


def seconds(count: float, unit: str) -> float:
    """The length of a stretch: years of 365 days, months of 30, working days as days."""
    if unit in _MONTHS:
        months = count * _MONTHS[unit]
        days = months * 30 if unit in ("月", "季度") else months / 12 * 365
        return round(days * 86400)
    if unit in _DAYS:
        return round(count * _DAYS[unit] * 86400)
    return round(count * _HOURS[unit] * 3600)


def shift(base: date, count: float, unit: str) -> date:
    """The day some units after another, or before it; hours count from its midnight.

    Raises ValueError or OverflowError outside the calendar.
    """
    if unit == "工作日":
        return add_workdays(base, int(count))
    if unit in _MONTHS:
        months = count * _MONTHS[unit]
        if abs(months) > 12 * _LONGEST_YEARS:
            raise ValueError("beyond the calendar")
        whole = calendars.shift_months(base, int(months))
        return whole + timedelta(days=round((months - int(months)) * 30))
    hours = count * _DAYS[unit] * 24 if unit in _DAYS else count * _HOURS[unit]
    return base + timedelta(days=hours // 24)


def _amount(groups: Groups, n: str = "") -> tuple[float, str] | None:
    """The count and unit of a length; None where the words name a month or quarter (三月, 一季度)."""
    words, unit = groups.get("n" + n) or "", groups.get("u" + n) or ""
    half = (groups.get("mid" + n) or "") == "半" or bool(groups.get("half" + n))
    count = _count(words, half)
    if count is None or count <= 0:
        return None
    if unit in ("月", "季度") and not (groups.get("ge" + n) or words == "半" or half):
        return None
    return count, unit


def _names_a_day(count: float, unit: str, words: str) -> bool:
    """Whether the words are a day or year of the calendar: 30日, 99年."""
    if unit == "日":
        return count <= 31 and words not in ("两", "俩", "半")
    return unit == "年" and bool(re.fullmatch(r"[0-9]{2}", words))


def amount(groups: Groups, frame: Frame) -> Values:
    """5小时 as a length; 三天后, 两周内, 一年半以来 as days against the base."""
    read = _amount(groups)
    if read is None:
        return None
    count, unit = read
    way = groups.get("way") or ""
    if not way.endswith("内") and _names_a_day(count, unit, groups.get("n") or ""):
        return None
    if not way:
        return _lengths(count, unit, groups)
    base = frame.base
    if base is None:
        return [TimeValue("deadline", True, inferred=True)] if way.endswith("内") else None
    if way.endswith("前"):
        day = shift(base, -count, unit)
        return [TimeValue("period", end=day, inferred=True)] if way[0] == "以" else _date(day)
    if way.endswith("来"):
        return [TimeValue("period", start=shift(base, -count, unit), end=base, inferred=True)]
    day = shift(base, count, unit)
    if way.endswith("内"):
        return [TimeValue("deadline", True, None, day, None, True)]
    return [TimeValue("period", start=day, inferred=True)] if way == "以后" else _date(day)


def _date(day: date) -> list[TimeValue]:
    return [TimeValue("date", start=day, end=day, inferred=True)]


def _lengths(count: float, unit: str, groups: Groups) -> Values:
    """One length, or the two ends of a range of lengths (3年以上7年以下, 3-5天)."""
    if not groups.get("n2"):
        return [TimeValue("period", seconds=seconds(count, unit))]
    other = _amount(groups, "2")
    if other is None:
        return None
    ends = [seconds(count, unit), seconds(*other)]
    return [TimeValue("period", seconds=end) for end in ends] if ends[0] < ends[1] else None


def compound(groups: Groups, frame: Frame) -> Values:
    """1年6个月, 两年零三个月, 1小时30分钟: one length; with 后 or 前 the day that far off."""
    first, second = _count(groups.get("n"), False), _count(groups.get("n2"), bool(groups.get("half")))
    unit, small = groups["u"] or "", {"刻": "刻钟", "分": "分钟"}.get(groups["u2"] or "", groups["u2"] or "")
    if not first or not second or seconds(1, small) >= seconds(1, unit):
        return None
    if unit == "年" and _names_a_day(first, unit, groups["n"] or ""):
        return None
    way = groups.get("way") or ""
    if not way:
        return [TimeValue("period", seconds=seconds(first, unit) + seconds(second, small))]
    if frame.base is None:
        return None
    sign = -1 if way.endswith("前") else 1
    return _date(shift(shift(frame.base, sign * first, unit), sign * second, small))


def within_of(groups: Groups, frame: Frame) -> Values:
    """自2021年3月1日起10个工作日内, 即日起30日内: a deadline counted from a day, which itself does not count."""
    read = _amount(groups)
    if read is None:
        return None
    if groups.get("today"):
        start = frame.base
    else:
        year, _ = frame.resolve(groups.get("y"))
        start = date(year, number(groups["m"]) or 0, number(groups["d"]) or 0) if year else None
    inferred = not groups.get("y")
    if start is None:
        return [TimeValue("deadline", True, inferred=True)]
    return [TimeValue("deadline", True, None, shift(start, *read), None, inferred)]


def nearby(groups: Groups, frame: Frame) -> Values:
    """过去三个月, 最近一周: up to the base; 未来五天, 今后三年: from it on."""
    read, base = _amount(groups), frame.base
    if read is None or base is None:
        return None
    if groups["w"] in ("未来", "今后", "接下来", "往后"):
        return [TimeValue("period", start=base, end=shift(base, *read), inferred=True)]
    return [TimeValue("period", start=shift(base, -read[0], read[1]), end=base, inferred=True)]


def week_day(groups: Groups, frame: Frame) -> Values:
    """下周一, 上上周五, 本周三, 周日; 周末 is Saturday and Sunday."""
    if frame.base is None:
        return None
    words = groups.get("w") or ""
    ahead = words.count("下") - words.count("上")
    monday = calendars.week(frame.base, ahead)[0]
    if groups.get("end"):
        return [TimeValue("period", start=monday + timedelta(5), end=monday + timedelta(6), inferred=True)]
    return _date(monday + timedelta("一二三四五六日".index((groups["wd"] or "日").replace("天", "日"))))


def day_word(groups: Groups, frame: Frame) -> Values:
    """今晚, 明早, 现在: the day alone."""
    if frame.base is None:
        return None
    return _date(frame.base + timedelta(DAYS.get(groups.get("w") or "今", 0)))


def same_month(groups: Groups, frame: Frame) -> Values:
    """去年本月十日, 明年今天: the base's month or day of another year."""
    base = frame.base
    year, _ = frame.resolve(groups["y"])
    if base is None or year is None:
        return None
    if groups.get("today"):
        return _date(calendars.shift_months(base, 12 * (year - base.year)))
    if groups.get("d"):
        return _date(date(year, base.month, number(groups["d"]) or 0))
    start, end = calendars.month(year, base.month)
    return [TimeValue("period", start=start, end=end, inferred=True)]


def _outer(groups: Groups, frame: Frame) -> Stretch | None:
    """The stretch that a part belongs to: 2021年, 今年8月, 上个月, 本季度."""
    if words := groups.get("w"):
        ahead = words.count("下") - words.count("上")
        return term(frame.base, groups["wu"] or "", ahead) if frame.base else None
    year, _ = frame.resolve(groups.get("y"))
    if year is None:
        return None
    month = number(groups.get("m"))
    return calendars.month(year, month) if month else calendars.whole_year(year)


def part_of(groups: Groups, frame: Frame) -> Values:
    """这个月前两天, 今年最后3周, 2005年首月, 五八年前七个月."""
    outer = _outer(groups, frame)
    if outer is None:
        return None
    count, unit = int(_count(groups.get("n") or "一", False) or 0), groups["u"] or ""
    last = (groups["side"] or "")[-1] in "后末尾"
    if not 1 <= count <= 366:
        return None
    start, end = _first(outer, count, unit) if not last else _last(outer, count, unit)
    if start < outer[0] or end > outer[1]:
        return None
    kind = "date" if start == end else "period"
    return [TimeValue(kind, start=start, end=end, inferred=not groups.get("y"))]  # type: ignore[arg-type]


def _first(outer: Stretch, count: int, unit: str) -> Stretch:
    start = outer[0]
    if unit in ("周", "星期", "礼拜"):
        start += timedelta(days=-start.weekday() % 7)
        return start, start + timedelta(days=7 * count - 1)
    if unit in ("天", "日"):
        return start, start + timedelta(days=count - 1)
    return start, calendars.shift_months(start, count * _MONTHS[unit]) - timedelta(days=1)


def _last(outer: Stretch, count: int, unit: str) -> Stretch:
    end = outer[1]
    if unit in ("周", "星期", "礼拜"):
        end -= timedelta(days=(end.weekday() + 1) % 7)
        return end - timedelta(days=7 * count - 1), end
    if unit in ("天", "日"):
        return end - timedelta(days=count - 1), end
    return calendars.shift_months(end + timedelta(days=1), -count * _MONTHS[unit]), end


def decade(groups: Groups, frame: Frame) -> Values:
    """80年代, 上世纪九十年代, 1980年代, 二十一世纪, 本世纪初."""
    century, anchor = _century(groups, frame), frame.base.year if frame.base else frame.year
    if not groups.get("n"):
        return None if century is None else _years(century, century + 99)
    ten = number(groups["n"])
    if ten is None or ten % 10:
        return None
    if ten >= 1000:
        return _years(ten, ten + 9)
    if century is None:
        century = 1900 if anchor is None or 2000 + ten > anchor else 2000
    return _years(century + ten, century + ten + 9) if ten < 100 else None


def _century(groups: Groups, frame: Frame) -> int | None:
    if words := groups.get("c"):
        which = number(words)
        return (which - 1) * 100 if which and 1 < which < 100 else None
    anchor = frame.base.year if frame.base else frame.year
    if groups.get("w") is None or anchor is None:
        return None
    words = groups["w"] or ""
    return anchor // 100 * 100 + 100 * (words.count("下") - words.count("上"))


def _years(first: int, last: int) -> Values:
    return [TimeValue("period", start=date(first, 1, 1), end=date(last, 12, 31))]


def season(groups: Groups, frame: Frame) -> Values:
    """今年夏天, 2016年冬季: March to May and so on; winter begins in December."""
    year, inferred = frame.resolve(groups.get("y"))
    if year is None:
        return None
    first = date(year, _SEASONS[(groups["s"] or "")[0]], 1)
    return [TimeValue("period", False, first, calendars.shift_months(first, 3) - timedelta(1), None, inferred)]


def era(groups: Groups, frame: Frame) -> Values:
    """贞观三年, 神龙元年十一月, 民国三十八年: the year alone is converted, the month read as it stands."""
    first = {row["name"]: int(row["first_year"]) for row in load_list("eras")}[groups["era"] or ""]
    year = first - 1 + (number(groups["n"]) or 0)
    month, day = number(groups.get("m")), number(groups.get("d"))
    stretch = (
        calendars.day(year, month, day)
        if month and day
        else (calendars.month(year, month) if month else calendars.whole_year(year))
    )
    return [TimeValue("date" if day else "period", False, *stretch)]


def lunar(groups: Groups, frame: Frame) -> Values:
    """正月初一, 去年八月十五, 农历六月, 闰四月, 腊月二十三: by the lunar year of the same number."""
    year, inferred = frame.resolve(groups.get("y") or groups.get("y2"))
    if year is None:
        return None
    words = groups["m"] or ""
    month = _LUNAR_MONTHS.get(words) or number(words) or 0
    if not 1 <= month <= 12:
        return None
    month = -month if groups.get("leap") else month
    if written := groups.get("d"):
        day = calendars.lunar_day(year, month, number(written.removeprefix("初")) or 0)
        return [] if day is None else [TimeValue("date", False, day, day, None, inferred)]
    start = calendars.lunar_day(year, month, 1)
    end = calendars.lunar_day(year, month, 30) or calendars.lunar_day(year, month, 29)
    return [] if start is None or end is None else [TimeValue("period", False, start, end, None, inferred)]


def solar_term(groups: Groups, frame: Frame) -> Values:
    """惊蛰, 明年冬至: the day of a solar term."""
    year, inferred = frame.resolve(groups.get("y"))
    if year is None:
        return None
    day = calendars.solar_term(year, groups["t"] or "")
    return [TimeValue("date", False, day, day, None, inferred)]


def slash_day(groups: Groups, frame: Frame) -> Values:
    """10/1/2017 with its day first, 12/23/2015 where only the month can be first; 4/22 in the base's year."""
    days = []
    for n in ("", "2"):
        first, second = number(groups.get("a" + n)), number(groups.get("b" + n))
        if first is None or second is None:
            continue
        if groups.get("y" + n):
            year = number(groups["y" + n]) or 0
            day, month = (first, second) if second <= 12 else (second, first)
        else:
            year, month, day = frame.resolve(None)[0] or 0, first, second
        days.append(date(year, month, day))
    if len(days) == 1:
        return [TimeValue("date", False, days[0], days[0], None, not groups.get("y"))]
    return [TimeValue("period", False, days[0], days[1])] if days[0] <= days[1] else None


def leap_day(groups: Groups, frame: Frame) -> Values:
    """2月29日 without a year, read in a year that lacks it: of the last leap year. Other days are left alone."""
    year, _ = frame.resolve(None)
    if year is None:
        return None
    try:
        date(year, 2, 29)
    except ValueError:
        year = next(one for one in range(year, 0, -1) if one % 4 == 0 and (one % 100 or one % 400 == 0))
    else:
        return None
    start = end = date(year, 2, 29)
    if groups.get("m2"):
        end = date(year, number(groups["m2"]) or 0, number(groups["d2"]) or 0)
    return [TimeValue("date" if start == end else "period", False, start, end, None, True)] if start <= end else None


#: Conversions by the name that a rule gives.
CONVERSIONS: dict[str, Callable[[Groups, Frame], Values]] = {
    convert.__name__: convert
    for convert in (
        amount, compound, within_of, nearby, week_day, day_word, same_month, part_of, decade, season, era, lunar,
        solar_term, slash_day, leap_day,
    )
}  # fmt: skip
