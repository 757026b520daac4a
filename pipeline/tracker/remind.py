"""Which reminders are due on a day: stages before a date, 催办 after it, one digest a unit.

Days are working days by the official calendar. A date that falls on a holiday is reminded of before the holiday.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.values.workdays import add_workdays, is_workday
from pipeline.tracker.entries import NOBODY, Entry, supports
from pipeline.tracker.settings import RemindSettings
from pipeline.tracker.types import ACTIVE, Item, Occurrence, Reminder

_CHASE = "chase-"
_MONTH = 31
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}


@dataclass(frozen=True)
class Due:
    """A stage that is due: an item's date or period, of which a unit has to hear.

    Attributes:
        occurrences: what is open of the period; several where it has several figures to reach.
        stage: as ``Reminder.stage``.
        days: working days that are left, negative after the date.
        chase: which 催办 it is, 0 before the date.
    """

    item: Item
    occurrences: tuple[Occurrence, ...]
    period: str
    deadline: date
    unit: str
    stage: str
    days: int
    chase: int


@dataclass(frozen=True)
class Digest:
    """What one unit hears on one day, by urgency."""

    unit: str
    on: date
    due: tuple[Due, ...]

    @property
    def chases(self) -> tuple[Due, ...]:
        return tuple(each for each in self.due if each.chase)

    @property
    def reminders(self) -> list[Reminder]:
        """What to keep once it is sent; who and when are for the ledger to fill in."""
        return [Reminder(0, each.item.id, each.period, self.unit, each.stage, self.on, "", "") for each in self.due]

    def urgent(self, escalate: int) -> tuple[Due, ...]:
        """What is chased for the ``escalate``-th time or more: a 督办单 says so."""
        return tuple(each for each in self.due if escalate and each.chase >= escalate)


@dataclass(frozen=True)
class Plan:
    """What is to be sent today.

    Attributes:
        digests: one a unit.
        waiting: units that had their digest today already and have more to hear tomorrow.
        unassigned: items whose first stage has come, but which nobody was given yet (待交办).
        ownerless: items of which a unit should hear, but which name none.
    """

    digests: tuple[Digest, ...]
    waiting: tuple[str, ...] = ()
    unassigned: tuple[Item, ...] = ()
    ownerless: tuple[Item, ...] = ()


def plan(entries: Iterable[Entry], sent: Iterable[Reminder], today: date, settings: RemindSettings) -> Plan:
    """The reminders that are due today and weren't sent.

    A stage that nobody sent on its day is sent later, unless a nearer one has come: then that one alone is sent.

    Args:
        entries: items of the ledger; what is closed, reported or 印发前 is passed over.
        sent: what was sent before.
    """
    history: dict[tuple[int, str, str], list[Reminder]] = defaultdict(list)
    heard = set()
    for each in sent:
        history[each.item, each.period, each.unit].append(each)
        if each.on == today:
            heard.add(each.unit)
    by_unit: dict[str, list[Due]] = defaultdict(list)
    unassigned: dict[int, Item] = {}
    ownerless: dict[int, Item] = {}
    for entry in entries:
        for due in _of_entry(entry, history, today, settings):
            if entry.item.status == "unassigned":
                unassigned[entry.item.id] = entry.item
            elif due.unit == NOBODY:
                ownerless[entry.item.id] = entry.item
            else:
                by_unit[due.unit].append(due)
    digests = [Digest(unit, today, tuple(sorted(by_unit[unit], key=_urgency))) for unit in sorted(by_unit)]
    return Plan(
        tuple(each for each in digests if each.unit not in heard),
        tuple(each.unit for each in digests if each.unit in heard),
        tuple(unassigned.values()),
        tuple(ownerless.values()),
    )


def sent_on(entries: Iterable[Entry], sent: Iterable[Reminder], day: date) -> Plan:
    """The digests that were sent on a day, to print them once more."""
    of = {entry.item.id: entry for entry in entries}
    by_unit: dict[str, list[Due]] = defaultdict(list)
    for each in sent:
        if each.on == day and each.item in of:
            entry = of[each.item]
            own = tuple(one for one in entry.occurrences if one.period == each.period)
            if own:
                by_unit[each.unit].append(_due(entry, own, each.unit, each.stage, day))
    return Plan(tuple(Digest(unit, day, tuple(sorted(by_unit[unit], key=_urgency))) for unit in sorted(by_unit)))


def stages(item: Item, occurrence: Occurrence, settings: RemindSettings) -> list[int]:
    """The stages of a date, in working days before it, far ones first.

    What comes round every month or more often has the short list. A stage is left out where less than half of the time
    would have gone by then: nobody is reminded of what has hardly begun. The time begins with the period, else with the
    last time that it came round, else on the day that it was assigned or issued on.
    """
    last = last_workday(occurrence.deadline)
    every = _every(item.rrule)
    begun = item.assigned_on or item.issued_on
    if occurrence.start and occurrence.start < occurrence.due:
        begun = occurrence.start
        every = every or (occurrence.due - begun).days + 1
    elif every:
        begun = max(occurrence.due - timedelta(days=every), begun or date.min)
    days = sorted(set(settings.monthly if every and every <= _MONTH else settings.stages), reverse=True)
    if begun is None:
        return days
    half = begun + (last - begun) / 2
    return [each for each in days if not each or add_workdays(last, -each) >= half]


def _every(rrule: str | None) -> int | None:
    """After how many days a rule comes round, roughly."""
    parts = dict(part.split("=", 1) for part in (rrule or "").removeprefix("RRULE:").split(";") if "=" in part)
    days = _DAYS.get(parts.get("FREQ", ""))
    times = parts.get("INTERVAL", "1")
    return days * int(times) if days and times.isdecimal() else None


def last_workday(day: date) -> date:
    """The day itself, or the working day before the holiday that it falls into."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def workdays_between(first: date, last: date) -> int:
    """Working days after ``first`` up to and with ``last``; negative where ``last`` lies before."""
    if last < first:
        return -workdays_between(last, first)
    return sum(is_workday(first + timedelta(days=each)) for each in range(1, (last - first).days + 1))


def _of_entry(
    entry: Entry, history: dict[tuple[int, str, str], list[Reminder]], today: date, settings: RemindSettings
) -> Iterable[Due]:
    item = entry.item
    if item.filing != "filed" or item.status not in ACTIVE:
        return
    periods: dict[str, list[Occurrence]] = defaultdict(list)
    for each in entry.occurrences:
        if each.status == "open" and not each.before_issue:
            periods[each.period].append(each)
    units = [entry.unit]
    if settings.support:
        units += supports(item)
    for period, open_ones in periods.items():
        for unit in units:
            stage = _stage(item, open_ones, history[item.id, period, unit], today, settings)
            if stage is not None:
                yield _due(entry, tuple(open_ones), unit, stage, today)


def _stage(
    item: Item, open_ones: Sequence[Occurrence], sent: Sequence[Reminder], today: date, settings: RemindSettings
) -> str | None:
    """The stage that is due, None where there is none."""
    first = min(open_ones, key=lambda each: each.deadline)
    mark = f"@{first.deadline:%y%m%d}" if first.adjusted_due else ""
    names = {each.stage for each in sent}
    if today > first.deadline:
        return _chase(first.deadline, mark, sent, today, settings)
    last = last_workday(first.deadline)
    come = [each for each in stages(item, first, settings) if add_workdays(last, -each) <= today]
    if not come:
        return None
    name = f"{min(come)}{mark}"
    return None if name in names else name


def _chase(deadline: date, mark: str, sent: Sequence[Reminder], today: date, settings: RemindSettings) -> str | None:
    """The 催办 that is due: the first on the working day after the date, the next ones so many working days apart."""
    chased = [each for each in sent if each.stage.startswith(_CHASE) and each.stage.partition("@")[2] == mark[1:]]
    if not chased:
        return f"{_CHASE}1{mark}" if today >= add_workdays(deadline, 1) else None
    latest = max(each.on for each in chased)
    if today < add_workdays(latest, max(1, settings.chase_every)):
        return None
    return f"{_CHASE}{max(chase_number(each.stage) for each in chased) + 1}{mark}"


def chase_number(stage: str) -> int:
    """Which 催办 a stage is; 0 for a stage before the date."""
    return int(stage.removeprefix(_CHASE).partition("@")[0]) if stage.startswith(_CHASE) else 0


def _due(entry: Entry, occurrences: tuple[Occurrence, ...], unit: str, stage: str, today: date) -> Due:
    deadline = min(each.deadline for each in occurrences)
    days = workdays_between(today, deadline)
    return Due(entry.item, occurrences, occurrences[0].period, deadline, unit, stage, days, chase_number(stage))


def _urgency(due: Due) -> tuple[int, date, str, int]:
    return -due.chase, due.deadline, due.item.number or "", due.item.id
