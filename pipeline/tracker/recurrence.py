"""From a recurrence rule to the stretches of the calendar in which the work is due.

Rules are those of RFC 5545, read as offices mean them: quarters and half-years start in January, 每月30日 is the last
day in February, and days that follow each other (25日至28日) are one stretch. What the office's rules don't need
(BYDAY with a number, COUNT, UNTIL) is left to dateutil.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ENDS = {3: "Q", 6: "H"}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_OURS = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY"})
#: The calendar window of a quota's ``per``: FREQ and INTERVAL.
PER = {
    "day": ("DAILY", 1), "week": ("WEEKLY", 1), "month": ("MONTHLY", 1), "two_months": ("MONTHLY", 2),
    "quarter": ("MONTHLY", 3), "half_year": ("MONTHLY", 6), "year": ("YEARLY", 1),
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A period with its name, and the day at whose end it is due."""

    period: str
    start: date
    due: date


class RuleError(ValueError):
    """A recurrence rule that can't be read."""


def parse(rule: str) -> dict[str, str]:
    """A rule's parts by name.

    Raises:
        RuleError: it is no rule, or has no FREQ that a calendar knows.
    """
    parts = dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";") if part.count("=") == 1)
    if parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise RuleError(rule)
    if not parts.get("INTERVAL", "1").isdecimal() or int(parts.get("INTERVAL", "1")) < 1:
        raise RuleError(rule)
    return parts


def frequency(rule: str) -> tuple[str, int] | None:
    """FREQ and INTERVAL of a rule that says no more than how often, else None."""
    parts = parse(rule)
    bare = set(parts) <= {"FREQ", "INTERVAL"}
    found = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    return ("YEARLY", found[1] // 12) if bare and found == ("MONTHLY", 12) else found if bare else None


def stretches(rule: str, first: date, last: date) -> list[Stretch]:
    """The stretches that are due from ``first`` to ``last``, by date.

    A whole period that the end cuts is due at the end. What is daily is no stretch: nobody follows up each day.

    Raises:
        RuleError: the rule can't be read.
    """
    parts = parse(rule)
    if last < first:
        return []
    if not set(parts) <= _OURS or any(day.strip("+-")[:1].isdigit() for day in parts.get("BYDAY", "").split(",")):
        return _general(rule, parts, first, last)
    try:
        found = list(_READERS[parts["FREQ"]](parts, first, last))
    except ValueError as error:
        raise RuleError(rule) from error
    return _unlike(sorted(found, key=lambda one: (one.due, one.start)))


def label(start: date, end: date) -> str:
    """The name of a stretch: a year, half-year, quarter, month, some months, a week, else its last day."""
    if (start - timedelta(days=1)).month != start.month and (end + timedelta(days=1)).day == 1:
        if start.year == end.year:
            months = end.month - start.month + 1
            if months == 12:
                return f"{start.year}"
            if months in _ENDS and end.month % months == 0:
                return f"{start.year}-{_ENDS[months]}{end.month // months}"
            return f"{start.year}-{start.month:02}" + (f"/{end.month:02}" if months > 1 else "")
        return f"{end.year}-{end.month:02}"
    if start.weekday() == 0 and end - start == timedelta(days=6):
        return week_label(start)
    return end.isoformat()


def week_label(day: date) -> str:
    """The ISO week of a day, ``2021-W05``. Source: ISO 8601, 3.2.2."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _numbers(parts: dict[str, str], key: str) -> list[int]:
    return [int(value) for value in parts.get(key, "").split(",") if value]


def _clamped(year: int, month: int, day: int) -> date:
    length = calendar.monthrange(year, month)[1]
    return date(year, month, min(day, length) if day > 0 else max(length + 1 + day, 1))


def _runs(days: list[date]) -> list[tuple[date, date]]:
    """Days that follow each other as one stretch."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return runs


def _whole(start: date, end: date, first: date, last: date) -> Iterator[Stretch]:
    """A whole period, where it is still due within the bounds."""
    if first <= end and start <= last:
        yield Stretch(label(start, end), start, min(end, last))


def _days(runs: list[tuple[date, date]], name: str | None, first: date, last: date) -> Iterator[Stretch]:
    """Days or runs of days; a single one bears the name of its period."""
    for start, end in runs:
        if first <= end <= last:
            yield Stretch(name if name and len(runs) == 1 else end.isoformat(), start, end)


def _monthly(parts: dict[str, str], first: date, last: date) -> Iterator[Stretch]:
    size, days, only = int(parts.get("INTERVAL", "1")), _numbers(parts, "BYMONTHDAY"), _numbers(parts, "BYMONTH")
    if parts.get("BYDAY"):
        yield from _general(";".join(f"{key}={value}" for key, value in parts.items()), parts, first, last)
        return
    for index in range(0, (last.year - first.year + 1) * 12, size):
        year, month = first.year + index // 12, index % 12 + 1
        if only and month not in only:
            continue
        final = index + size - 1
        start, end = date(year, month, 1), month_end(first.year + final // 12, final % 12 + 1)
        if not days:
            yield from _whole(start, end, first, last)
        else:
            # -1 is the end of the whole period: 每两个月底前.
            found = [end if day == -1 else _clamped(year, month, day) for day in days]
            yield from _days(_runs(found), label(start, end), first, last)


def _yearly(parts: dict[str, str], first: date, last: date) -> Iterator[Stretch]:
    size, months, days = int(parts.get("INTERVAL", "1")), _numbers(parts, "BYMONTH"), _numbers(parts, "BYMONTHDAY")
    if parts.get("BYDAY"):
        yield from _general(";".join(f"{key}={value}" for key, value in parts.items()), parts, first, last)
        return
    for year in range(first.year, last.year + 1, size):
        if not months and not days:
            yield from _whole(date(year, 1, 1), month_end(year + size - 1, 12), first, last)
        elif not days:
            for low, high in _month_runs(months):
                yield from _whole(date(year, low, 1), month_end(year, high), first, last)
        else:
            for month in months or range(1, 13):
                runs = _runs([_clamped(year, month, day) for day in days])
                yield from _days(runs, f"{year}-{month:02}", first, last)


def _month_runs(months: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for month in sorted(set(months)):
        if runs and month == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], month
        else:
            runs.append((month, month))
    return runs


def _weekly(parts: dict[str, str], first: date, last: date) -> Iterator[Stretch]:
    """Weeks from Monday; a week belongs to the year, and to the bounds, that its Thursday lies in (ISO 8601)."""
    size = int(parts.get("INTERVAL", "1"))
    named = [_WEEKDAYS.index(day) for day in parts.get("BYDAY", "").split(",") if day]
    monday = first - timedelta(days=first.weekday())
    if monday + timedelta(days=3) < first:
        monday += timedelta(days=7)
    while monday + timedelta(days=3 + 7 * (size - 1)) <= last:
        end = monday + timedelta(days=7 * size - 1)
        if named:
            runs = _runs([monday + timedelta(days=day) for day in named])
            yield from _days(runs, week_label(monday), first, last)
        else:
            yield Stretch(week_label(end), monday, min(end, last))
        monday = end + timedelta(days=1)


def _daily(parts: dict[str, str], first: date, last: date) -> Iterator[Stretch]:
    """每旬 is written as every ten days; shorter than a week is nothing that is followed up."""
    size = int(parts.get("INTERVAL", "1"))
    if size == 10:
        for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            year, month = divmod(index, 12)
            for low, high in ((1, 10), (11, 20), (21, -1)):
                yield from _whole(date(year, month + 1, low), _clamped(year, month + 1, high), first, last)
    elif size >= 7:
        start = first
        while start + timedelta(days=size - 1) <= last:
            end = start + timedelta(days=size - 1)
            yield Stretch(end.isoformat(), start, end)
            start = end + timedelta(days=1)


_READERS = {"MONTHLY": _monthly, "YEARLY": _yearly, "WEEKLY": _weekly, "DAILY": _daily}


def _general(rule: str, parts: dict[str, str], first: date, last: date) -> list[Stretch]:
    """Any other rule, day by day as RFC 5545 counts them."""
    from datetime import datetime, time

    from dateutil.rrule import rrulestr

    begin = date(first.year, 1, 1)
    try:
        found = rrulestr(rule.removeprefix("RRULE:"), dtstart=datetime.combine(begin, time()), ignoretz=True)
        days = [
            one.date() for one in found.between(datetime.combine(first, time()), datetime.combine(last, time()), True)
        ]
    except (ValueError, TypeError) as error:
        raise RuleError(rule) from error
    monthly = parts["FREQ"] == "MONTHLY" and len({(day.year, day.month) for day in days}) == len(days)
    return [Stretch(f"{day:%Y-%m}" if monthly else day.isoformat(), day, day) for day in days]


def _unlike(found: list[Stretch]) -> list[Stretch]:
    """Each name once; a second stretch of the same name bears its last day's."""
    names: dict[str, Stretch] = {}
    for one in found:
        name = one.period if one.period not in names else one.due.isoformat()
        names.setdefault(name, Stretch(name, one.start, one.due))
    return list(names.values())
