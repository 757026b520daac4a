"""Stretches of the calendar: months, quarters, half-years, ten-day periods, festivals.

Lunar festivals and solar terms follow GB/T 33661-2017, by way of lunar_python.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from extractors.lexicons import load_list

Stretch = tuple[date, date]

#: First and last day of the parts of a month; 0 is the month's end.
TEN_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0), "上中旬": (1, 20), "中下旬": (11, 0)}


def day(year: int, month: int, number: int) -> Stretch:
    """One day. Raises ValueError where the calendar has none."""
    one = date(year, month, number)
    return one, one


def month(year: int, number: int) -> Stretch:
    """A month, first to last day. Raises ValueError outside 1-12."""
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def months(year: int, first: int, last: int) -> Stretch:
    """From the first day of one month to the last of another in the same year."""
    return month(year, first)[0], month(year, last)[1]


def ten_days(year: int, number: int, part: str) -> Stretch:
    """上旬 1-10, 中旬 11-20, 下旬 21 to the end; 上中旬 and 中下旬 two of them."""
    first, last = TEN_DAYS[part]
    start, end = month(year, number)
    return start.replace(day=first), end if last == 0 else start.replace(day=last)


def quarter(year: int, number: int) -> Stretch:
    """A quarter, 1-4."""
    return months(year, 3 * number - 2, 3 * number)


def half(year: int, number: int) -> Stretch:
    """A half-year, 1 or 2."""
    return months(year, 6 * number - 5, 6 * number)


def whole_year(year: int) -> Stretch:
    """1 January to 31 December."""
    return date(year, 1, 1), date(year, 12, 31)


def week(base: date, ahead: int = 0) -> Stretch:
    """The week (Monday to Sunday) that holds a day, or one some weeks ahead of it."""
    start = base - timedelta(days=base.weekday()) + timedelta(weeks=ahead)
    return start, start + timedelta(days=6)


def shift_months(base: date, count: int) -> date:
    """The same day some months on; the month's last day where it has fewer days."""
    total = base.year * 12 + base.month - 1 + count
    year, number = divmod(total, 12)
    return date(year, number + 1, min(base.day, calendar.monthrange(year, number + 1)[1]))


def around(stretch: Stretch) -> Stretch:
    """前后: seven days before to seven days after."""
    return stretch[0] - timedelta(days=7), stretch[1] + timedelta(days=7)


def five_year_plan(number: int) -> Stretch:
    """The years of a five-year plan: the 14th (十四五) is 2021-2025."""
    first = 1951 + 5 * number
    return date(first, 1, 1), date(first + 4, 12, 31)


@lru_cache(maxsize=1)
def festival_names() -> dict[str, str]:
    """Every way to write a festival, quotes and dots left out, to its name; longest first."""
    names = {word: row["name"] for row in load_list("festivals") for word in row["words"].split("|")}
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


@lru_cache(maxsize=1)
def _festivals() -> dict[str, tuple[str, int, int, int]]:
    return {
        row["name"]: (row["calendar"], int(row["month"] or 0), int(row["day"] or 0), int(row["weekday"] or 0))
        for row in load_list("festivals")
    }


@lru_cache(maxsize=4096)
def festival(name: str, year: int) -> date | None:
    """The day of a festival in a year, or None for a name that is not in the list."""
    if name not in _festivals():
        return None
    kind, number, which, weekday = _festivals()[name]
    if kind == "solar":
        return date(year, number, which)
    if kind == "weekday":
        return nth_weekday(year, number, which, weekday)
    if kind == "term":
        return solar_term(year, name)
    return lunar_day(year, number, which)


def fixed_day(name: str) -> tuple[int, int] | None:
    """Month and day of a festival that has the same day every year, else None."""
    kind, number, which, _ = _festivals().get(name, ("", 0, 0, 0))
    return (number, which) if kind == "solar" else None


def nth_weekday(year: int, number: int, which: int, weekday: int) -> date:
    """The which-th weekday (1 Monday to 7 Sunday) of a month."""
    first = date(year, number, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (which - 1))


def lunar_day(year: int, number: int, which: int) -> date | None:
    """A day of the lunar calendar as a date; day 0 is the last of the month before (除夕 is 1/0), month -4 is 闰四月.

    None where the month lacks that day.
    """
    from lunar_python import Lunar

    try:
        solar = Lunar.fromYmd(year, number, max(which, 1)).getSolar()
    except Exception:  # the library raises bare Exception for a day that a month lacks
        return None
    found = date(solar.getYear(), solar.getMonth(), solar.getDay())
    return found if which else found - timedelta(days=1)


def solar_term(year: int, name: str) -> date:
    """The day of a solar term in a year. Raises KeyError for a name that is none."""
    from lunar_python import Lunar

    term = {"清明节": "清明", "中国农民丰收节": "秋分", "冬至": "DONG_ZHI"}.get(name, name)
    solar = Lunar.fromYmd(year, 6, 1).getJieQiTable()[term]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
