"""A count's line over its periods (目标, 完成, 差额), its progress against time (序时进度), and an item's lamp.

序时目标 is what should be reached by a day: all of each period that has ended, and of a running quarter, half-year or
year the share of its days that have passed, in whole numbers where the target is one. A running month or week asks
for nothing before it ends. What is 印发前 counts neither as target nor as reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from pipeline.tracker.types import ACTIVE, Item, Lamp, Occurrence, Progress

_LIMITS = frozenset({"<=", "<"})
_MONTH_DAYS = 31


@dataclass(frozen=True)
class Thresholds:
    """When a lamp turns yellow.

    Attributes:
        near: so many days before the date.
        behind: below this share of 序时目标 an item is 慢序时.
        ahead: above this share of what the running periods ask for it is 超序时.
    """

    near: int = 7
    behind: float = 1.0
    ahead: float = 1.0


@dataclass(frozen=True)
class Cell:
    """One period of a line. ``gap`` is what is missing, negative where more was done; None without a target.

    ``reported``: nothing of it is open any more, or a figure is there.
    """

    period: str
    title: str
    start: date | None
    due: date
    before_issue: bool
    target: float | None
    actual: float | None
    gap: float | None
    reported: bool


@dataclass(frozen=True)
class Line:
    """A series of an item: its periods, and the sums of those that count.

    Attributes:
        total: the target of all its periods (全年目标); None where figures can't be added up, or there are none.
        actual: what was reached in them (累计完成); None where nothing was reported.
        expected: 序时目标 by the day asked about; rate: 完成率 of the total; schedule: 完成 to 序时目标.
    """

    series: int
    subject: str | None
    unit: str | None
    comparator: str | None
    cells: tuple[Cell, ...]
    total: float | None
    actual: float | None
    gap: float | None
    expected: float | None
    rate: float | None
    schedule: float | None
    progress: Progress


def lines(
    occurrences: Iterable[Occurrence],
    today: date,
    *,
    year: int | None = None,
    thresholds: Thresholds | None = None,
    months: bool = True,
) -> list[Line]:
    """The lines of an item, by series; of its parts together where the parts' occurrences are given.

    Args:
        year: only the periods that fall due in this year.
        months: periods shorter than a month are shown by month.
    """
    chosen = sorted(
        (one for one in occurrences if year is None or _year(one) == year), key=lambda one: (one.series, one.due)
    )
    limits = thresholds or Thresholds()
    return [
        _line(number, list(group), today, limits, months)
        for number, group in groupby(chosen, key=lambda one: one.series)
    ]


def progress(occurrences: Sequence[Occurrence], today: date, thresholds: Thresholds | None = None) -> Progress:
    """How an item stands against time: of several lines the slowest tells.

    Dates without a figure count by whether they are reported: 慢序时 where one is late, 已完成 where all are.
    """
    return _progress_by(lines(occurrences, today, thresholds=thresholds, months=False), occurrences, today)


def progress_of(
    item: Item, occurrences: Sequence[Occurrence], today: date, thresholds: Thresholds | None = None
) -> Progress:
    """An item's progress: what a person set, else what its dates and figures tell, else what was noted.

    What was begun and is not due yet is 达序时 although no date is reported; begun and late, or short of 序时目标,
    it is 慢序时. What a person accepted as a whole is done.

    Args:
        occurrences: its own, of what was divided its parts'.
    """
    return stand(item, occurrences, today, thresholds)[1]


def stand(
    item: Item, occurrences: Sequence[Occurrence], today: date, thresholds: Thresholds | None = None
) -> tuple[Lamp, Progress]:
    """An item's ``lamp`` and ``progress_of``, reckoned once."""
    limits = thresholds or Thresholds()
    counted = [one for one in occurrences if not one.before_issue]
    shown: list[Line] = []
    if counted and item.status != "closed":
        shown = lines(counted, today, thresholds=limits, months=False)
    return _lamp(item, counted, bool(occurrences), shown, today, limits), _told(item, counted, shown, today, limits)


def _told(
    item: Item, counted: Sequence[Occurrence], shown: Sequence[Line], today: date, limits: Thresholds
) -> Progress:  # fmt: skip
    if not shown or "progress" in item.edited:
        return item.progress
    if item.progress == "done" and all(one.status != "open" for one in counted):
        return "done"
    found = _progress_by(shown, counted, today)
    if found != "not_started" or item.progress == "not_started":
        return found
    late = _late_series(counted, today) or any(_slow(line, limits) for line in shown)
    return "behind" if late else "on_schedule"


def _progress_by(shown: Sequence[Line], occurrences: Sequence[Occurrence], today: date) -> Progress:
    found = [one for one in (_standing(line, today) for line in shown) if one is not None]
    if not found:
        return "not_started"
    if "behind" in found or ("not_started" in found and _late_series(occurrences, today) and len(set(found)) > 1):
        return "behind"
    if set(found) == {"done"}:
        return "done"
    if set(found) == {"not_started"}:
        return "not_started"
    return "ahead" if set(found) <= {"ahead", "done"} else "on_schedule"


def overdue(item: Item, occurrences: Iterable[Occurrence], today: date) -> list[Occurrence]:
    """What is open although its date has passed; nothing of items that aren't followed up, or 印发前."""
    if item.filing != "filed" or item.status not in ACTIVE:
        return []
    return [one for one in occurrences if one.status == "open" and not one.before_issue and one.deadline < today]


def lamp(item: Item, occurrences: Sequence[Occurrence], today: date, thresholds: Thresholds | None = None) -> Lamp:
    """Red: overdue, or ended short of its figure. Yellow: near its date, or behind 序时. Green: in order.

    None: not followed up, or without a date. Of a parent, give its parts' occurrences.
    """
    return stand(item, occurrences, today, thresholds)[0]


def _lamp(
    item: Item, counted: Sequence[Occurrence], dated: bool, shown: Sequence[Line], today: date, limits: Thresholds
) -> Lamp:
    if item.filing != "filed" or item.status not in ACTIVE:
        return "green" if item.status == "closed" else "none"
    if not dated:
        return _lamp_of_date(item, today, limits)
    if overdue(item, counted, today):
        return "red"
    # Only what is shown by month has other periods there.
    by_month = lines(counted, today) if any("W" in one.period for one in counted) else shown
    if any(_ended_short(line, today) for line in by_month):
        return "red"
    soon = today + timedelta(days=limits.near)
    near = any(one.status == "open" and today <= one.deadline <= soon and not _reached(one) for one in counted)
    slow = any(_slow(line, limits) for line in shown)
    if near or slow or _progress_by(shown, counted, today) == "behind":
        return "yellow"
    return "green" if counted else "none"


def _lamp_of_date(item: Item, today: date, limits: Thresholds) -> Lamp:
    if item.deadline is None:
        return "none"
    if item.status == "reported":
        return "green"
    if item.deadline < today:
        before = item.assigned_on or item.issued_on
        return "none" if before and item.deadline < before else "red"
    return "yellow" if item.deadline <= today + timedelta(days=limits.near) else "green"


@lru_cache(maxsize=4096)
def title_of(period: str) -> str:
    """A period's name as offices write it: 3月, 一季度, 上半年, 全年, 第5周, 3月2日."""
    year, _, tail = period.partition("-")
    if not tail:
        return f"{year}年"
    if tail[0] == "Q":
        return f"{'一二三四'[int(tail[1:]) - 1]}季度"
    if tail[0] == "H":
        return "上半年" if tail == "H1" else "下半年"
    if tail[0] == "W":
        return f"第{int(tail[1:])}周"
    if "/" in tail:
        low, high = tail.split("/")
        return f"{int(low)}—{int(high)}月"
    month, _, day = tail.partition("-")
    return f"{int(month)}月{int(day)}日" if day else f"{int(month)}月"


def _year(one: Occurrence) -> int:
    """The year that a period counts in; a week that ends in January is still the old year's."""
    return int(one.period[:4]) if one.period[:4].isdecimal() else one.due.year


def _month(one: Occurrence) -> str:
    """The month that a short period is shown under: of a week, the one its Thursday lies in (ISO 8601)."""
    if one.period[5:6] == "W":
        return f"{date.fromisocalendar(int(one.period[:4]), int(one.period[6:]), 4):%Y-%m}"
    return one.period


def _line(number: int, rows: list[Occurrence], today: date, limits: Thresholds, months: bool) -> Line:
    first = rows[0]
    adds = first.unit != "%"
    counted = [one for one in rows if not one.before_issue]
    total = _sum(one.target for one in counted) if adds else None
    actual = _sum(one.actual for one in counted) if adds else None
    low, high = _expected(counted, today) if total is not None else (None, None)
    capped = first.comparator in _LIMITS
    return Line(
        number, first.subject, first.unit, first.comparator,
        tuple(_cell(name, group) for name, group in _columns(rows, months)),
        total, actual, None if total is None else _gap(total, actual, capped), low,
        None if not total else (actual or 0) / total,
        None if not low else (actual or 0) / low,
        _progress(counted, total, actual, low, high, capped, limits),
    )  # fmt: skip


def _columns(rows: list[Occurrence], months: bool) -> list[tuple[str, list[Occurrence]]]:
    """The occurrences of each cell: one each, weeks by month, several units' of one period together."""
    found: dict[str, list[Occurrence]] = {}
    for one in rows:
        found.setdefault(_month(one) if months else one.period, []).append(one)
    return list(found.items())


def _cell(name: str, rows: list[Occurrence]) -> Cell:
    if len(rows) == 1:
        return _cell_of_one(name, rows[0])
    counted = [one for one in rows if not one.before_issue] or rows
    adds = rows[0].unit != "%"
    target = _sum(one.target for one in counted) if adds else rows[0].target
    actual = _sum(one.actual for one in counted) if adds else _mean(one.actual for one in counted)
    gap = None if target is None else _gap(target, actual, rows[0].comparator in _LIMITS)
    starts = [one.start for one in rows if one.start]
    return Cell(
        name, title_of(name), min(starts, default=None), max(one.due for one in rows),
        all(one.before_issue for one in rows), target, actual, gap,
        all(one.status != "open" or one.actual is not None for one in counted),
    )  # fmt: skip


def _cell_of_one(name: str, one: Occurrence) -> Cell:
    gap = None if one.target is None else _gap(one.target, one.actual, one.comparator in _LIMITS)
    return Cell(
        name, title_of(name), one.start, one.due, one.before_issue, one.target, one.actual, gap,
        one.status != "open" or one.actual is not None,
    )  # fmt: skip


def _gap(target: float, actual: float | None, capped: bool) -> float:
    """What is missing of a figure; of a limit, by how much it was passed."""
    missing = target - (actual or 0)
    return round(max(-missing, 0) if capped else missing, 6)


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 6) if known else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 6) if known else None


def _expected(counted: Sequence[Occurrence], today: date) -> tuple[float, float]:
    """What should be reached by a day, and what may be without being ahead of time."""
    low = high = 0.0
    for one in counted:
        target = one.target or 0
        start = one.start or one.due
        if one.deadline < today:
            low, high = low + target, high + target
        elif start <= today:
            days = (one.deadline - start).days + 1
            if days <= _MONTH_DAYS:
                high += target
                continue
            share = target * ((today - start).days + 1) / days
            whole = float(target).is_integer()
            low += math.floor(share + 1e-9) if whole else share
            high += math.ceil(share - 1e-9) if whole else share
    return round(low, 6), round(high, 6)


def _progress(
    counted: Sequence[Occurrence],
    total: float | None,
    actual: float | None,
    low: float | None,
    high: float | None,
    capped: bool,
    limits: Thresholds,
) -> Progress:
    if total is None or low is None or high is None or capped:
        return _by_status(counted)
    reached = actual or 0
    if total and reached >= total:
        return "done"
    if not reached:
        return "not_started"
    if reached < low * limits.behind:
        return "behind"
    return "ahead" if reached > high * limits.ahead else "on_schedule"


def _by_status(counted: Sequence[Occurrence]) -> Progress:
    closed = [one for one in counted if one.status in ("done", "waived")]
    if counted and len(closed) == len(counted):
        return "done"
    return "on_schedule" if any(one.status != "open" or one.actual is not None for one in counted) else "not_started"


def _standing(line: Line, today: date) -> Progress | None:
    """A line's progress; None where all of it is 印发前. What has begun late is behind, not 未启动."""
    counted = [cell for cell in line.cells if not cell.before_issue]
    if not counted:
        return None
    late = any(not cell.reported and cell.due < today for cell in counted)
    started = any(cell.reported for cell in counted)
    if line.expected is None and late and started:
        return "behind"
    return line.progress


def _slow(line: Line, limits: Thresholds) -> bool:
    """Whether less was reached than the time that passed asks for, nothing included."""
    return bool(line.expected) and (line.actual or 0) < (line.expected or 0) * limits.behind


def _late_series(occurrences: Sequence[Occurrence], today: date) -> bool:
    return any(one.status == "open" and not one.before_issue and one.deadline < today for one in occurrences)


def _ended_short(line: Line, today: date) -> bool:
    """Whether all periods of a line are over and its figure was not reached; what nobody reported is overdue anyway."""
    if line.total is None or line.actual is None or line.gap is None or line.gap <= 0:
        return False
    return all(cell.due < today for cell in line.cells)


def _reached(one: Occurrence) -> bool:
    if one.target is None or one.actual is None or one.comparator in _LIMITS:
        return False
    return one.actual >= one.target
