"""What day it is for a command: today, or the day that ``--today`` names.

Extraction never asks. A ledger is replayed, and a bulletin made again, by naming the day.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime

_NAMED: ContextVar[date | None] = ContextVar("duban_today", default=None)


def name(day: date | None) -> None:
    """Names the day for what follows in this context; None: the calendar's."""
    _NAMED.set(day)


def today() -> date:
    """The day that is named, else the calendar's here."""
    return _NAMED.get() or datetime.now().astimezone().date()


def now() -> datetime:
    """This moment in UTC; where a day is named, that day at this time of the clock."""
    moment = datetime.now().astimezone()
    day = _NAMED.get()
    if day is not None:
        moment = moment.replace(year=day.year, month=day.month, day=day.day)
    return moment.astimezone(UTC)
