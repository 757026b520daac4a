"""When an item is due that comes from no notice: dates and words as people write them into a ledger's cells."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from pipeline.tracker import cells
from pipeline.tracker.cells import CellError
from pipeline.tracker.sheets import plain

_STANDING = re.compile(r"长期|常态|持续|全年|随时")
_WITH_YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)\d\d[年./\-]\d{1,2}[月./\-]\d")


def read_due(
    value: Any, today: date, *, assigned_on: date | None = None, year: int | None = None, behind: int = 240
) -> dict[str, Any]:
    """The fields of an item that a deadline's words make: a date, 11月底前, 每月5日前, 9月1日前投入使用, 长期.

    Args:
        value: the cell.
        today: what words like 下周 count from, where no ``assigned_on`` is given.
        assigned_on: 交办日期; a deadline without a year lies behind it.
        year: the year of dates that name none, of the table's title.
        behind: without either, such a date is of this year, unless it lies so many days back.

    Returns:
        ``due`` or ``rrule``, and ``time_text`` where the words say more than a date; nothing for a blank cell.

    Raises:
        CellError: they name no time.
    """
    text = plain(value)
    base = assigned_on or today
    middle = date(year or base.year, 7, 2)
    try:
        found = cells.read_date(value, middle)
    except CellError:
        return _of_words(text, base if year in (None, base.year) else middle)
    if found is None:
        return {}
    if year is None and not isinstance(value, date) and not _WITH_YEAR.search(text) and found.year == base.year:
        passed = found < assigned_on if assigned_on else found < today - timedelta(days=behind)
        found = _next_year(found) if passed else found
    return {"due": found.isoformat()}


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _of_words(text: str, base: date) -> dict[str, Any]:
    from extractors.values.dates import parse_time, scan
    from extractors.values.dates import plain as plain_words
    from extractors.values.timevalue import Frame

    time = parse_time(text, base)
    if time is None:
        inside = scan(plain_words(text), Frame(base.year, base, None, None), ("prose", "cell", "parse", "relative"))
        time = next((one for found in inside for one in found.values if one.end or one.rrule), None)
    if time is not None and time.rrule:
        return {"rrule": time.rrule, "time_text": text}
    if time is not None and time.end:
        return {"due": time.end.isoformat(), "time_text": text}
    if time is not None or _STANDING.search(text):
        return {"time_text": text}
    raise CellError(f"“{text}”看不出是哪一天，请写成 2021-03-05 这样")
