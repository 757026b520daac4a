"""Deadlines as a calendar that phones, Outlook and WPS read: iCalendar, RFC 5545.

What comes round is one event with a recurrence rule (RRULE) where a rule gives exactly its dates, with the finished
ones taken out (EXDATE) and the extended ones moved (RECURRENCE-ID); else an event a date. As to-dos (VTODO), which few
programs show, each date is one with its status. UIDs stay over exports, so that a calendar that takes the file again
changes its entries and doubles none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import dropwhile
from typing import TYPE_CHECKING, Literal

from extractors.values.workdays import add_workdays
from pipeline.tracker.entries import Entry, brief, full_day, period_words, short_of, supports
from pipeline.tracker.remind import last_workday, stages
from pipeline.tracker.settings import RemindSettings
from pipeline.tracker.types import ACTIVE, STATUS_LABELS, Occurrence

if TYPE_CHECKING:
    from icalendar import Calendar, Component

#: When alarms ring on their day.
_MORNING = time(9)
#: Fewer dates than these are written one by one.
_SERIES = 3
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Kind = Literal["event", "todo"]


def feed(
    entries: Iterable[Entry], now: datetime, settings: RemindSettings, *, kind: Kind = "event", name: str = "督办台账",
    place: str = "duban",
) -> bytes:  # fmt: skip
    """A calendar of what is open, as bytes of a file ``.ics``: UTF-8, lines folded at 75 bytes.

    Args:
        entries: items of the ledger; what is closed, stopped or 印发前 is left out.
        now: when the file is made (DTSTAMP).
        kind: events, or to-dos.
        name: what the calendar is called.
        place: what tells this ledger's UIDs from others', a name of letters, digits, dots and hyphens.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//duban//duban ledger//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        if entry.item.filing == "filed" and entry.item.status in ACTIVE:
            _Feed(calendar, entry, now, settings, place).write(kind)
    data: bytes = calendar.to_ical()
    return data


class _Feed:
    """One item's entries."""

    def __init__(self, calendar: Calendar, entry: Entry, now: datetime, settings: RemindSettings, place: str) -> None:
        self.calendar = calendar
        self.entry = entry
        self.now = now
        self.settings = settings
        self.place = place

    def write(self, kind: Kind) -> None:
        series: dict[int, dict[str, list[Occurrence]]] = {}
        for each in self.entry.occurrences:
            series.setdefault(each.series, {}).setdefault(each.period, []).append(each)
        for number, periods in series.items():
            ones = list(dropwhile(lambda one: one.before_issue, (group[0] for group in periods.values())))
            repeated = _repeated(self.entry, ones) if kind == "event" else None
            if repeated:
                self._series(number, *repeated)
                within = {each.period for each in repeated[0]}
            else:
                within = set()
            for period, group in periods.items():
                if period not in within and is_open(group[0]):
                    self._add(self._single(kind, number, group))

    def _add(self, component: Component) -> None:
        self.calendar.add_component(component)

    def _uid(self, series: int, period: str) -> str:
        item = self.entry.item
        parts = (item.key or "item", str(item.id), str(series) if series else "", period)
        return "-".join(filter(None, parts)) + f"@{self.place}"

    def _single(self, kind: Kind, series: int, group: Sequence[Occurrence]) -> Component:
        one = group[0]
        component = self._component(kind, self._uid(series, one.period), group)
        if kind == "event":
            self._on(component, one.deadline)
        else:
            component.add("due", one.deadline)
            waits = self.entry.item.status == "unassigned"
            component.add("status", "NEEDS-ACTION" if waits else "IN-PROCESS")
        self._alarms(component, one, related_to_end=kind == "todo")
        return component

    def _series(self, series: int, ones: Sequence[Occurrence], rule: dict[str, object]) -> None:
        """An event with a rule, and one for each date that was extended."""
        if not any(is_open(each) for each in ones):
            return
        uid = self._uid(series, "")
        component = self._component("event", uid, [ones[0]], repeated=True)
        self._on(component, ones[0].due)
        component.add("rrule", rule)
        if gone := [each.due for each in ones if not is_open(each)]:
            component.add("exdate", gone, parameters={"VALUE": "DATE"})
        self._alarms(component, next(each for each in ones if is_open(each)), nominal=True)
        self._add(component)
        for one in ones:
            if is_open(one) and one.adjusted_due and one.adjusted_due != one.due:
                moved = self._component("event", uid, [one])
                moved.add("recurrence-id", one.due)
                self._on(moved, one.deadline)
                self._alarms(moved, one)
                self._add(moved)

    def _component(self, kind: Kind, uid: str, group: Sequence[Occurrence], *, repeated: bool = False) -> Component:
        from icalendar import Event, Todo

        item = self.entry.item
        component = Event() if kind == "event" else Todo()
        component.add("uid", uid)
        component.add("dtstamp", self.now)
        component.add("sequence", item.revision)
        period = "" if repeated else period_words(group[0].period)
        title = brief(item, 60) + (f"（{period}）" if period else "")
        component.add("summary", f"督办：{title}")
        component.add("description", "\n".join(self._lines(group, repeated)))
        if item.topics:
            component.add("categories", list(item.topics))
        return component

    def _lines(self, group: Sequence[Occurrence], repeated: bool) -> Iterator[str]:
        item = self.entry.item
        others = "、".join(supports(item))
        told = {
            "督办编号": item.number or "", "责任单位": self.entry.unit, "配合单位": others, "工作任务": item.text,
            "量化目标": item.quota, "本期": "" if repeated else short_of(group),
            "原定时限": full_day(group[0].due) if group[0].adjusted_due and not repeated else "",
            "状态": STATUS_LABELS[item.status], "来源": item.source,
        }  # fmt: skip
        yield from (f"{name}：{value}" for name, value in told.items() if value)

    def _on(self, component: Component, day: date) -> None:
        """A whole day."""
        component.add("dtstart", day)
        component.add("dtend", day + timedelta(days=1))
        component.add("transp", "TRANSPARENT")

    def _alarms(
        self, component: Component, one: Occurrence, *, nominal: bool = False, related_to_end: bool = False
    ) -> None:
        """An alarm a stage, in the morning. In a series, whose dates differ in holidays, weeks count five days."""
        from icalendar import Alarm

        item = self.entry.item
        last = last_workday(one.deadline)
        for stage in stages(item, one, self.settings):
            days = -(-stage * 7 // 5) if nominal else (one.deadline - add_workdays(last, -stage if stage else 0)).days
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"督办：{brief(item)}")
            trigger = timedelta(hours=_MORNING.hour) - timedelta(days=days)
            alarm.add("trigger", trigger, parameters={"RELATED": "END"} if related_to_end else {})
            component.add_component(alarm)


def is_open(one: Occurrence) -> bool:
    """Whether somebody has still to do it, and it isn't 印发前."""
    return one.status == "open" and not one.before_issue


def _repeated(entry: Entry, ones: Sequence[Occurrence]) -> tuple[Sequence[Occurrence], dict[str, object]] | None:
    """Dates that a rule gives, and the rule. The first and the last may stand apart: a plan begins and ends amid a
    week."""
    for first, last in ((0, 0), (0, 1), (1, 0), (1, 1)):
        some = ones[first : len(ones) - last]
        if rule := _rule(entry, some):
            return some, rule
    return None


def _rule(entry: Entry, ones: Sequence[Occurrence]) -> dict[str, object] | None:
    """The rule that gives exactly these due dates, as the library takes it; None where there is none."""
    dates = [each.due for each in ones]
    if len(dates) < _SERIES or sorted(set(dates)) != dates:
        return None
    for rule in _candidates(entry, dates):
        if _expand(rule, dates) == dates:
            return {**_parts(rule), "UNTIL": dates[-1]}
    return None


def _candidates(entry: Entry, dates: Sequence[date]) -> Iterator[str]:
    """Rules that may fit: by the weekday or the day of the month of the dates, then the item's own."""
    first, second = dates[0], dates[1]
    months = (second.year - first.year) * 12 + second.month - first.month
    if (days := (second - first).days) and days % 7 == 0:
        yield f"FREQ=WEEKLY;INTERVAL={days // 7};BYDAY={_DAYS[first.weekday()]}"
    if months:
        yield f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY={first.day}"
        yield f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY=-1"
    yield f"FREQ=DAILY;INTERVAL={days}"
    if entry.item.rrule:
        yield entry.item.rrule.removeprefix("RRULE:")


def _expand(rule: str, dates: Sequence[date]) -> list[date] | None:
    from dateutil.rrule import rrulestr

    start, end = (datetime.combine(each, time()) for each in (dates[0], dates[-1]))
    try:
        found = rrulestr(rule, dtstart=start).xafter(start, count=len(dates) + 1, inc=True)
        return [each.date() for each in found if each <= end]
    except (ValueError, TypeError):
        return None


def _parts(rule: str) -> dict[str, object]:
    parts: dict[str, object] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in ("UNTIL", "COUNT") and not (name == "INTERVAL" and value == "1"):
            parts[name] = value.split(",")
    return parts
