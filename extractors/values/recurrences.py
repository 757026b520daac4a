"""How often work comes round: from a rule's groups to an RFC 5545 recurrence.

Parts stand in the order FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY. Quarters and half-years start in January.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from extractors.values.calendars import festival_names, fixed_day
from extractors.values.timevalue import Frame, TimeValue, number

Groups = Mapping[str, str | None]
Values = list[TimeValue] | None

_UNITS = {
    "年": ("YEARLY", 1), "半年": ("MONTHLY", 6), "季": ("MONTHLY", 3), "双月": ("MONTHLY", 2), "月": ("MONTHLY", 1),
    "旬": ("DAILY", 10), "周": ("WEEKLY", 1), "星": ("WEEKLY", 1), "礼": ("WEEKLY", 1),
    "天": ("DAILY", 1), "日": ("DAILY", 1),
}  # fmt: skip
_DAYS = {c: day for c, day in zip("一二三四五六日天", ("MO", "TU", "WE", "TH", "FR", "SA", "SU", "SU"), strict=True)}
_WEEK = "一二三四五六日"
_WORKDAYS = ("MO", "TU", "WE", "TH", "FR")
_DAY_OR_DAYS = re.compile(r"([^、和及至到日号-]+)[日号]?(?:([至到-])([^、和及至到日号-]+))?")
_QUARTER_ENDS, _HALF_ENDS = (3, 6, 9, 12), (6, 12)


def rrule(
    freq: str,
    interval: int = 1,
    *,
    months: Iterable[int] = (),
    days: Iterable[int] = (),
    weekdays: Iterable[str] = (),
) -> str:
    """A recurrence rule's text, defaults left out. Source: RFC 5545, 3.3.10."""
    parts = [f"FREQ={freq}"]
    if interval != 1:
        parts.append(f"INTERVAL={interval}")
    for key, values in (("BYMONTH", months), ("BYMONTHDAY", days), ("BYDAY", weekdays)):
        if joined := ",".join(str(value) for value in values):
            parts.append(f"{key}={joined}")
    return ";".join(parts)


def _one(rule: str, due: bool = False) -> list[TimeValue]:
    return [TimeValue("recurring", due=due, rrule=rule)]


def _unit(words: str) -> tuple[str, int]:
    bare = words.rstrip("度")
    return _UNITS.get(bare) or _UNITS[bare[0]]


def _due(groups: Groups) -> bool:
    return bool(groups.get("before"))


def _days(text: str | None) -> list[int] | None:
    """The days of 5日、15日 or 1-5日; None where one is no day of a month."""
    found: list[int] = []
    for first, dash, last in _DAY_OR_DAYS.findall(text or ""):
        start, end = number(first), number(last) if dash else number(first)
        if start is None or end is None or not 1 <= start <= end <= 31:
            return None
        found.extend(range(start, end + 1))
    return found or None


def each_year(value: TimeValue) -> TimeValue:
    """A time of one year as one of every year, where its year was not written and it lies within that year."""
    start, end = value.start, value.end
    if not value.inferred or end is None or value.rrule:
        return value
    last = -1 if (end + timedelta(days=1)).day == 1 else end.day
    if value.kind == "deadline":
        return TimeValue("recurring", True, rrule=rrule("YEARLY", months=[end.month], days=[last]))
    if start is None or start.year != end.year or (start.month, end.month) == (1, 12):
        return value
    if value.kind == "date":
        return TimeValue("recurring", rrule=rrule("YEARLY", months=[end.month], days=[end.day]))
    if start.day == 1 and last == -1:
        return TimeValue("recurring", rrule=rrule("YEARLY", months=range(start.month, end.month + 1)))
    return value


def every(groups: Groups, frame: Frame) -> Values:
    """每月, 每两年, 按季度, 月月, 逐年, 隔周."""
    words = groups.get("w")
    if words is None and groups.get("u") is None:
        return _one(rrule("MONTHLY", 3))
    if words:
        freq, interval = _unit(words[1:])
        return _one(rrule(freq, interval * (2 if words[0] == "隔" else 1)))
    unit = groups["u"] or ""
    if unit == "工作日":
        return _one(rrule("WEEKLY", weekdays=_WORKDAYS))
    if unit == "半月":  # twice a month, by its middle and its end
        return _one(rrule("MONTHLY", days=(15, -1)))
    freq, interval = _unit(unit)
    count = number(groups.get("n")) or 1
    return _one(rrule(freq, interval * count))


def every_gap(groups: Groups, frame: Frame) -> Values:
    """每隔三天 and 每隔两个月 come round every three days and two months; 每隔一周, as 隔周, every two weeks."""
    freq, interval = _unit(groups["u"] or "")
    count = number(groups["n"]) or 0
    return _one(rrule(freq, interval * (2 if count == 1 else count))) if count else None


def every_year_weekday(groups: Groups, frame: Frame) -> Values:
    """每年9月第三个星期六, 每年5月最后一个周日."""
    month, nth = number(groups["m"]) or 0, number(groups.get("nth")) or -1
    if not 1 <= month <= 12:
        return None
    return _one(rrule("YEARLY", months=[month], weekdays=[f"{nth}{_DAYS[(groups['wd'] or '')[-1]]}"]), _due(groups))


def every_month_day(groups: Groups, frame: Frame) -> Values:
    """每月2日前, 每月底前, 每月5日、15日."""
    days = [-1] if groups.get("edge") else _days(groups.get("ds"))
    if days is None:
        return None
    return _one(rrule("MONTHLY", 2 if groups.get("n") else 1, days=days), _due(groups))


def every_month_part(groups: Groups, frame: Frame) -> Values:
    """每月第一个周五 by weekday; 每月上旬, 每月初 only tell the month."""
    words = groups.get("wd") or groups.get("wd2")
    if not words:
        return _one(rrule("MONTHLY"), _due(groups))
    nth = number(groups.get("nth")) if groups.get("nth") else -1
    return _one(rrule("MONTHLY", weekdays=[f"{nth}{_DAYS[words[-1]]}"]))


def next_month_day(groups: Groups, frame: Frame) -> Values:
    """次月5日前 and 上月底前 come round each month, 次年1月底前 each year."""
    due = _due(groups)
    if groups.get("y"):
        month = number(groups.get("m"))
        day = number(groups.get("d")) or (-1 if groups.get("edge") else None)
        if month is None or (day is not None and day > 31):
            return None
        return _one(rrule("YEARLY", months=[month], days=[] if day is None else [day]), due)
    if not due:
        return None
    day = -1 if groups.get("edge2") else number(groups.get("d2"))
    interval = 2 if (groups.get("next") or "").startswith("隔") else 1
    return None if day is None or day > 31 else _one(rrule("MONTHLY", interval, days=[day]), due)


def every_nth_workday(groups: Groups, frame: Frame) -> Values:
    """次月第3个工作日前: which day that is, no rule can say, so only how often."""
    words = groups["u"] or ""
    unit = next((unit for unit in ("季", "年", "周") if unit in words), "月")
    return _one(rrule(*_unit(unit)), _due(groups))


def every_quarter_part(groups: Groups, frame: Frame) -> Values:
    """每季度首月10日前, 每季度末月25日前, 每季度末前, and the like for half-years."""
    size, ends = (6, _HALF_ENDS) if groups.get("u") == "半年" else (3, _QUARTER_ENDS)
    day = number(groups.get("d") or groups.get("d2")) or (-1 if groups.get("edge") else None)
    if day is not None and day > 31:
        return None
    which, edge = groups.get("which") or "", groups.get("edge2")
    days, due = [] if day is None else [day], _due(groups)
    if edge:
        if edge == "初":
            return _one(rrule("MONTHLY", size, days=days), due)
        return _one(rrule("YEARLY", months=ends, days=days or ([-1] if due else [])), due)
    if which.startswith(("末", "最后")):
        return _one(rrule("YEARLY", months=ends, days=days), due)
    nth = next((number(c) for c in which if c in "一二三123"), 1) or 1
    if which.startswith(("首", "头", "次")) or nth == 1:
        return _one(rrule("MONTHLY", size, days=days), due)
    return _one(rrule("YEARLY", months=range(nth, 13, size), days=days), due)


def every_year_month(groups: Groups, frame: Frame) -> Values:
    """每年3月底前, 每年1月、7月, 每年6-8月, 每年12月10日前."""
    text = re.sub(r"月份?", "", groups.get("ms") or "")
    months: list[int] = []
    for part in re.split(r"[、和及与]", text):
        ends = [number(word) for word in re.split(r"[至到-]", part)]
        if any(value is None or not 1 <= value <= 12 for value in ends):
            return None
        first, last = ends[0] or 1, ends[-1] or 1
        months.extend(range(first, last + 1) if first <= last else [*range(first, 13), *range(1, last + 1)])
    day = number(groups.get("d"))
    if day is not None and day > 31:
        return None
    if groups.get("m2"):
        last = number(groups.get("m2")) or months[-1]
        return _one(rrule("YEARLY", months=range(months[0], last + 1))) if months[0] <= last <= 12 else None
    edge = (groups.get("edge") or "")[-1:]
    if day is None and edge in ("底", "末") and edge:
        day = -1
    due = _due(groups)
    if due and day is None:
        months, day = [(month - 2) % 12 + 1 for month in months], -1
    return _one(rrule("YEARLY", months=months, days=[] if day is None else [day]), due)


def every_year_days(groups: Groups, frame: Frame) -> Values:
    """每年3月31日和8月15日前: each day a recurrence of its own."""
    values: list[TimeValue] = []
    for word in re.split(r"[、和及与]", groups.get("days") or ""):
        month, day = (number(part) for part in word.rstrip("日号").split("月"))
        if month is None or day is None or day > 31:
            return None
        values += _one(rrule("YEARLY", months=[month], days=[day]), _due(groups))
    return values


def every_year_part(groups: Groups, frame: Frame) -> Values:
    """每年年终, 每年年底前, 每年初, 每年上半年, 每年七一."""
    due = _due(groups)
    if groups.get("end"):
        return _one(rrule("YEARLY", months=[12], days=[-1] if due else []), due)
    if groups.get("start"):
        return _one(rrule("YEARLY", months=[1]), due)
    if groups.get("festival"):
        fixed = fixed_day(festival_names().get(groups["festival"] or "", ""))
        if fixed:
            return _one(rrule("YEARLY", months=[fixed[0]], days=[fixed[1]]), due)
    months: Iterable[int] = ()
    if half := groups.get("half"):
        months = range(1, 7) if half[0] == "上" else range(7, 13)
    elif quarter := number(groups.get("q")):
        months = range(3 * quarter - 2, 3 * quarter + 1)
    if months and not due:
        return _one(rrule("YEARLY", months=months))
    return _one(rrule("YEARLY"), due)


def every_week_day(groups: Groups, frame: Frame) -> Values:
    """每周五, 每周一至周五, 每周一、三、五, 每周末."""
    first = groups.get("first")
    if first is None:
        return _one(rrule("WEEKLY", weekdays=("SA", "SU")))
    days = [_DAYS[first]]
    if groups.get("range"):
        start, end = _WEEK.index(first.replace("天", "日")), _WEEK.index((groups["last"] or "日").replace("天", "日"))
        days = [_DAYS[c] for c in _WEEK[start : end + 1]] or days
    elif more := groups.get("more"):
        days += [_DAYS[c] for c in more if c in _DAYS]
    return _one(rrule("WEEKLY", weekdays=days), _due(groups))


def per_unit(groups: Groups, frame: Frame) -> Values:
    """4篇/月, 1/季."""
    return _one(rrule(*_unit(groups["u"] or "")))


def one_each(groups: Groups, frame: Frame) -> Values:
    """一月一调度, 半年一次, 两年一次, 一周两次."""
    freq, interval = _unit(groups["u"] or "")
    return _one(rrule(freq, interval * (number(groups.get("n")) or 1)))


#: Conversions by the name that a rule gives.
CONVERSIONS: dict[str, Callable[[Groups, Frame], Values]] = {
    convert.__name__: convert
    for convert in (
        every, every_gap, every_year_weekday,
        every_month_day, every_month_part, next_month_day, every_nth_workday, every_quarter_part,
        every_year_month, every_year_days, every_year_part, every_week_day, per_unit, one_each,
    )
}  # fmt: skip
