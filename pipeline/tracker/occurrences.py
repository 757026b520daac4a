"""What dates and periods an item has: its times and counts as a record holds them, written out one by one.

Series 0 holds the item's own days, deadlines and periods, where it has any; every recurring time and every count with a
period is a series of its own. A count of its own and the same frequency said as a time are one series; a deadline that
the count's own words name (每月5日前报送2篇) is when that count is due. What has no date at all gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.tracker.recurrence import PER, RuleError, Stretch, frequency, label, stretches
from pipeline.tracker.types import Occurrence
from schemas.document import Span
from schemas.record import Quota, Time

#: A plan is written out for as many years; what it says of later ones is left to a later ledger.
MOST_YEARS = 15
_COUNTED = frozenset({"count", "amount", "duration", "length", "ratio"})
_TOTALS = frozenset({"count", "amount", "ratio"})
_CAPS = frozenset({"<=", "<"})


@dataclass(frozen=True)
class Draft:
    """An occurrence before it is stored; fields as of ``types.Occurrence``. ``text``: the notice's words for it."""

    series: int
    period: str
    due: date
    start: date | None = None
    before_issue: bool = False
    target: float | None = None
    comparator: str | None = None
    unit: str | None = None
    subject: str | None = None
    text: str = ""


@dataclass
class _Series:
    found: list[Stretch]
    quota: Quota | None = None
    text: str = ""
    targets: dict[str, float] = field(default_factory=dict)
    times: list[Time] = field(default_factory=list)


def bounds(
    plan_start: date | None,
    plan_end: date | None,
    issued_on: date | None = None,
    assigned_on: date | None = None,
    year_end: date | None = None,
) -> tuple[date, date] | None:
    """From when to when repetitions run: the plan's time, else from the issue (or 交办) to that year's end.

    Args:
        year_end: until when they run where the plan names no end.
    """
    known = issued_on or assigned_on
    first = plan_start or known or (date(plan_end.year, 1, 1) if plan_end else None)
    if first is None:
        return None
    last = plan_end or year_end or date(max(first, known or first).year, 12, 31)
    return (first, min(last, date(first.year + MOST_YEARS - 1, 12, 31))) if first <= last else None


def expand(
    times: Sequence[Time],
    quotas: Sequence[Quota],
    plan_start: date | None = None,
    plan_end: date | None = None,
    issued_on: date | None = None,
    assigned_on: date | None = None,
    year_end: date | None = None,
) -> list[Draft]:
    """The occurrences of an item, by series and date.

    What falls due before the day of 交办, or of issue where nobody assigned it, is 印发前. Daily work, 常态 and times
    without a date (会前) give none.

    Args:
        times, quotas: the task's, as the corrected record has them.
        plan_start, plan_end: the time of the plan's work; both years of a plan of two.
        year_end: until when repetitions run where the plan names no end; by default the end of the issue's year.
    """
    frame = bounds(plan_start, plan_end, issued_on, assigned_on, year_end)
    counted = [quota for quota in quotas if quota.per in PER and _follows(quota)]
    rows = [_count(quota, times, frame) for quota in counted]
    rows = [row for row in rows if row.found]
    plain = [quota for quota in quotas if _total(quota)]
    placed = [row for quota in plain if (row := _beside(quota, times)) is not None]
    taken = [time for row in placed for time in row.times]
    plain = [quota for quota in plain if all(row.quota is not quota for row in placed)]
    own = _own([time for time in times if all(time is not other for other in taken)], counted, frame)
    days = {one.due for one, _ in own}
    if (
        own
        and all(one.start == one.due for one, _ in own)
        and any({one.due for one in row.found} == days for row in rows)
    ):
        # 每半年1次，6月底前和12月底前: the days are those of the count.
        own = []
    dated = [_Series([one for one, _ in own], text="、".join(dict.fromkeys(text for _, text in own)))] if own else []
    repeated = [_Series(found, text=time.text) for time in _repeated(times, counted) if (found := _safely(time, frame))]
    series = dated + repeated + rows + placed
    series += _totals(plain, dated, plan_start, plan_end, bool(series))
    bar = assigned_on or issued_on
    return [draft for number, row in enumerate(_once(series)) for draft in _drafts(number, row, bar)]


def times_of(
    due: date | None = None, start: date | None = None, end: date | None = None, rrule: str | None = None
) -> list[Time]:
    """The times of an item that comes from no notice, from its fields, to be given to ``expand``."""

    def time(kind: str, **more: object) -> Time:
        given = {
            "text": "",
            "kind": kind,
            "confidence": 1,
            "rule": "person",
            "span": {"block": 0, "start": 0, "end": 0},
        }
        return Time.model_validate(given | more)

    if rrule:
        bounded = {"start": start and start.isoformat(), "end": end and end.isoformat()}
        return [time("recurring", due=True, rrule=rrule, **bounded)]
    if due:
        return [time("deadline", due=True, end=due.isoformat())]
    if end:
        return [time("period", start=start and start.isoformat(), end=end.isoformat())]
    return []


def next_due(found: Iterable[Draft | Occurrence], after: date | None = None) -> date | None:
    """The earliest date that is still open and not 印发前; from ``after`` on where given."""
    return min(
        (
            one.deadline if isinstance(one, Occurrence) else one.due
            for one in found
            if not one.before_issue
            and (isinstance(one, Draft) or one.status == "open")
            and (after is None or (one.deadline if isinstance(one, Occurrence) else one.due) >= after)
        ),
        default=None,
    )


def _follows(quota: Quota) -> bool:
    """Whether a quota is a figure that is reached in a period: no points, ranks or lengths of a text."""
    return quota.kind in _COUNTED and quota.unit != "字" and quota.value >= 0 and not _capacity(quota)


def _capacity(quota: Quota) -> bool:
    """吨/日, 分钟/天 tell how much something can do, or how long a day's work is, which nobody adds up."""
    return quota.per == "day" and quota.kind != "count"


def _touches(one: Span, other: Span | None) -> bool:
    """Whether two spans share words."""
    if other is None or (one.block, one.row, one.column) != (other.block, other.row, other.column):
        return False
    return one.start < other.end and other.start < one.end


def _says(time: Time, quota: Quota) -> bool:
    """Whether a time stands in a quota's words."""
    return _touches(time.span, quota.span) or _touches(time.span, quota.per_span)


def _day(text: str | None) -> date:
    return date.fromisoformat(text or "")


def _month(time: Time) -> int | None:
    """The month of a time that is one month."""
    start, end = _date(time.start), _date(time.end)
    return start.month if start and end and label(start, end) == f"{start:%Y-%m}" else None


def _by_due(one: Stretch) -> tuple[date, date]:
    return one.due, one.start


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _within(time: Time, frame: tuple[date, date] | None) -> tuple[date, date] | None:
    """The bounds of a repetition: its own, else the plan's."""
    first, last = _date(time.start), _date(time.end)
    if frame is None:
        return (first, last) if first and last else None
    first = first or frame[0]
    return first, last or max(frame[1], date(first.year, 12, 31) if first > frame[1] else frame[1])


def _safely(time: Time, frame: tuple[date, date] | None) -> list[Stretch]:
    limits = _within(time, frame)
    try:
        return stretches(time.rrule or "", *limits) if limits else []
    except RuleError:
        return []


def _bare(time: Time) -> tuple[str, int] | None:
    """FREQ and INTERVAL where a time says no more than how often."""
    try:
        return frequency(time.rrule) if time.rrule else None
    except RuleError:
        return None


def _count(quota: Quota, times: Sequence[Time], frame: tuple[date, date] | None) -> _Series:
    """The periods of a count; due when its own words say so, else at the end of each."""
    own = [time for time in times if _says(time, quota)]
    every = PER[quota.per or ""]
    if every == ("DAILY", 1):
        return _daily(quota, frame)
    rule = f"FREQ={every[0]};INTERVAL={every[1]}"
    for time in own:
        if time.kind == "recurring" and time.due and _bare(time) is None and (found := _safely(time, frame)):
            return _Series(found, quota, quota.text)
    # 2021年全年 with its year written is that year's; 全年 of a plan of two years is each year's.
    said = next(
        (time for time in own if time.kind == "period" and not time.inherited and time.start and time.end), None
    )
    limits = _within(said, frame) if said else frame
    return _Series(stretches(rule, *limits) if limits else [], quota, quota.text)


def _daily(quota: Quota, frame: tuple[date, date] | None) -> _Series:
    """每天2次: by month, the target being that of its days."""
    found = stretches("FREQ=MONTHLY", *frame) if frame else []
    row = _Series(found, quota, quota.text)
    for one in found:
        first = max(one.start, frame[0]) if frame else one.start
        row.targets[one.period] = quota.value * ((one.due - first).days + 1)
    return row


def _own(times: Sequence[Time], counted: Sequence[Quota], frame: tuple[date, date] | None) -> list[tuple[Stretch, str]]:
    """The item's own days, deadlines and periods by date; each name once."""
    found: dict[str, tuple[Stretch, str]] = {}
    for time in times:
        end = _date(time.end)
        if end is None or time.kind not in ("date", "deadline", "period"):
            continue
        if time.kind == "period" and any(quota.per == "year" for quota in counted) and _whole_year(time):
            continue
        for one in _years(time, end, frame):
            found.setdefault(one.period, (one, time.text))
    return sorted(found.values(), key=lambda pair: (pair[0].due, pair[0].start))


def _whole_year(time: Time) -> bool:
    start, end = _date(time.start), _date(time.end)
    return bool(start and end and start.year == end.year and label(start, end) == f"{end.year}")


def _years(time: Time, end: date, frame: tuple[date, date] | None) -> Iterator[Stretch]:
    """A time as it is; 全年 whose year is the plan's is each year of the plan."""
    start = _date(time.start) if time.kind == "period" else end
    if frame and time.inherited and time.kind == "period" and _whole_year(time) and end.year < frame[1].year:
        yield from stretches("FREQ=YEARLY", date(end.year, 1, 1), frame[1])
        return
    yield Stretch(label(start, end) if start and start < end else end.isoformat(), start or end, end)


def _repeated(times: Sequence[Time], counted: Sequence[Quota]) -> Iterator[Time]:
    """The recurring times that no count says already."""
    said = {PER[quota.per or ""] for quota in counted}
    seen: set[str] = set()
    for time in times:
        if time.kind != "recurring" or not time.rrule or time.rrule in seen:
            continue
        seen.add(time.rrule)
        every = _bare(time)
        if every in said or (every is None and any(_says(time, quota) for quota in counted)):
            continue
        yield time


def _total(quota: Quota) -> bool:
    """Whether a quota is a plain total that is reached at once (创建5个社区), no limit and no points."""
    return quota.per is None and quota.kind in _TOTALS and quota.comparator not in _CAPS and quota.value > 0


def _next(time: Time, span: Span) -> bool:
    """Whether a time stands in the cell after a span's."""
    return (time.span.block, time.span.row, time.span.column) == (span.block, span.row, (span.column or 0) + 1)


def _beside(quota: Quota, times: Sequence[Time]) -> _Series | None:
    """A total whose month stands in the next cell of its row (完成期数 | 拟定月份)."""
    span = quota.span
    if span.row is None or span.column is None:
        return None
    near = [time for time in times if _next(time, span) and time.kind in ("date", "period", "deadline") and time.end]
    # 10月 that another cell named already is not in the record again: 5、10 then stands there as 5月 alone.
    months = {int(month) for time in near for month in re.findall(r"\d+(?=月?(?:[、，,]|$|月))", time.text)}
    near += [time for time in times if time not in near and time.kind == "period" and _month(time) in months]
    named = {one.period: one for time in near for one in _years(time, _day(time.end), None)}
    found = sorted(named.values(), key=_by_due)
    if not found:
        return None
    # Two in 5、10月 is one in each, where there are as many; else the last month closes the total.
    share = quota.value / len(found) if quota.value % len(found) == 0 else None
    targets = {one.period: share for one in found} if share else {}
    return _Series(
        found if share else found[-1:], quota, quota.text, targets, [time for time in near if _next(time, span)]
    )


def _totals(
    plain: Sequence[Quota], dated: list[_Series], plan_start: date | None, plan_end: date | None, more: bool
) -> list[_Series]:
    """Other totals: due with the item, else at the plan's end; a single one is the only date's own figure."""
    if len(plain) == 1 and dated and len(dated[0].found) == 1:
        dated[0].quota = plain[0]
        return []
    if dated:
        last = dated[0].found[-1]
        whole = Stretch(last.due.isoformat() if len(dated[0].found) > 1 else last.period, last.start, last.due)
    elif plan_end and not more:
        start = plan_start or date(plan_end.year, 1, 1)
        whole = Stretch(label(start, plan_end), start, plan_end)
    else:
        return []
    return [_Series([whole], quota, quota.text) for quota in plain]


def _once(series: list[_Series]) -> list[_Series]:
    """Counts that are said twice alike are one series."""
    kept: list[_Series] = []
    for row in series:
        if row.quota is None or not any(_alike(row, other) for other in kept):
            kept.append(row)
    return kept


def _alike(row: _Series, other: _Series) -> bool:
    one, two = row.quota, other.quota
    if one is None or two is None:
        return False
    same = all(getattr(one, name) == getattr(two, name) for name in ("span", "value", "unit", "per", "subject"))
    return same and row.found == other.found


def _drafts(number: int, row: _Series, bar: date | None) -> Iterator[Draft]:
    quota = row.quota
    for one in row.found:
        draft = Draft(number, one.period, one.due, one.start, bool(bar and one.due < bar), text=row.text)
        if quota is not None:
            draft = replace(
                draft,
                target=row.targets.get(one.period, quota.value),
                comparator=quota.comparator,
                unit=quota.unit,
                subject=quota.subject,
            )
        yield draft
