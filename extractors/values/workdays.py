"""Working days by China's official calendar: public holidays off, the weekends worked in exchange on.

Source: the State Council's yearly notice on holidays (国务院办公厅关于部分节假日安排的通知), as the package
chinesecalendar carries it. For years that it does not know yet, Monday to Friday count, and ``known`` says so.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

#: More days than any deadline counts; beyond it the text is no deadline.
_MOST = 3660


def known(year: int) -> bool:
    """Whether the official calendar of a year is there."""
    return _official(date(year, 7, 1)) is not None


def is_workday(day: date) -> bool:
    """Whether offices work on a day: by the official calendar, else Monday to Friday."""
    official = _official(day)
    return day.weekday() < 5 if official is None else official


def add_workdays(day: date, count: int) -> date:
    """The day that is ``count`` working days after ``day``, which itself does not count (《民法典》 article 201).

    A negative count goes back; zero gives the day itself, or the next working day where that is none.

    Raises:
        ValueError: the count is beyond ten years.
    """
    if abs(count) > _MOST:
        raise ValueError(f"{count} working days are no deadline")
    step = timedelta(days=1 if count >= 0 else -1)
    if count == 0:
        while not is_workday(day):
            day += step
        return day
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day)
    return day


@lru_cache(maxsize=8192)
def _official(day: date) -> bool | None:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
