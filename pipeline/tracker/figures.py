"""What a bulletin counts, as it stood at the end of a day.

The unit of counting is the 件次: a deadline of an item that has one, a period of an item that comes round, whatever
figures it has to reach. Each counts once, with the unit that leads it. What falls due later (未到期), fell due before
the notice (印发前), is waived, stopped or not assigned yet, is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from pipeline.tracker.entries import NOBODY, Entry, brief, period_words, supports
from pipeline.tracker.remind import chase_number
from pipeline.tracker.types import Extension, Item, Note, Occurrence, Reminder

#: The form of what a snapshot keeps; a later form can still read it.
VERSION = 1


@dataclass
class Count:
    """应办结 and what became of it: ``overdue`` is open after its date, ``waiting`` reported and not accepted yet."""

    due: int = 0
    done: int = 0
    on_time: int = 0
    reported: int = 0
    waiting: int = 0
    overdue: int = 0
    extended: int = 0

    def rate(self, part: str) -> float | None:
        """A part of what is due, in per cent with one decimal; None where nothing is due."""
        return round(100 * float(getattr(self, part)) / self.due, 1) if self.due else None


@dataclass
class UnitCount:
    """A unit: items that it leads, its figures, and items that it supports, which count with whoever leads."""

    unit: str
    items: int = 0
    count: Count = field(default_factory=Count)
    supported: int = 0
    supported_overdue: int = 0


@dataclass
class Line:
    """A row of a list: an item with the dates or periods of it that the list is about."""

    number: str
    title: str
    unit: str
    when: str
    periods: list[str] = field(default_factory=list)
    days: int = 0
    chases: int = 0
    progress: str = ""
    problems: str = ""
    next_steps: str = ""
    remark: str = ""


@dataclass
class Figures:
    """Everything that a bulletin says in figures.

    Attributes:
        items: items with a unit's part each as one; then by what they are: closed, standing, stopped, unassigned.
        not_due, before_issue: what is not counted.
        previous: the totals of the bulletin before, with its ``as_of``; None where there was none.
    """

    as_of: str
    items: int = 0
    closed: int = 0
    standing: int = 0
    stopped: int = 0
    unassigned: int = 0
    not_due: int = 0
    before_issue: int = 0
    total: Count = field(default_factory=Count)
    units: list[UnitCount] = field(default_factory=list)
    overdue: list[Line] = field(default_factory=list)
    coming: list[Line] = field(default_factory=list)
    finished: list[Line] = field(default_factory=list)
    extensions: list[Line] = field(default_factory=list)
    previous: dict[str, Any] | None = None

    def payload(self) -> dict[str, Any]:
        """As plain values, for a snapshot."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Figures:
        """From a snapshot; fields that this version does not know are left out."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in payload.items() if name in known}
        values["total"] = Count(**values["total"])
        values["units"] = [UnitCount(**{**each, "count": Count(**each["count"])}) for each in values["units"]]
        for name in ("overdue", "coming", "finished", "extensions"):
            values[name] = [Line(**each) for each in values[name]]
        return cls(**values)


@dataclass(frozen=True)
class Records:
    """What hangs on the items: by the item's id, notes, extensions and reminders."""

    notes: Mapping[int, Sequence[Note]] = field(default_factory=dict)
    extensions: Mapping[int, Sequence[Extension]] = field(default_factory=dict)
    reminders: Mapping[int, Sequence[Reminder]] = field(default_factory=dict)


def measure(
    entries: Iterable[Entry],
    records: Records,
    as_of: date,
    *,
    order: Sequence[str] = (),
    soon: int = 30,
    previous: Figures | None = None,
) -> Figures:
    """The figures at the end of a day.

    Args:
        entries: filed items, as ``entries.entries`` gives them.
        order: units in the order of the roster; others come after them by name.
        soon: so many days ahead are listed as coming.
        previous: the figures of the bulletin before.
    """  # fmt: skip
    tally = Tally(as_of, soon=soon, previous=previous)
    tally.add(sorted(entries, key=lambda each: in_order(each.item)), records)
    return tally.figures(order)


def in_order(item: Item) -> tuple[str, int]:
    """Items in the order of a bulletin's lists: by their numbers."""
    return item.number or "~", item.id


class Tally:
    """Figures of a day that grow with every group of items, given in their order; arguments as of ``measure``."""

    def __init__(self, as_of: date, *, soon: int = 30, previous: Figures | None = None) -> None:
        self.as_of = as_of
        self.soon = soon
        self.previous = previous
        self._found = Figures(as_of.isoformat())
        self._units: dict[str, UnitCount] = {}

    def add(self, entries: Iterable[Entry], records: Records) -> None:
        """Counts items in; what is not filed, or was assigned later, is passed over."""
        since = date.fromisoformat(self.previous.as_of) if self.previous else None
        counting = _Measure(self._found, self._units, records, self.as_of, self.soon, since)
        for entry in entries:
            given = entry.item.assigned_on or entry.item.issued_on
            if entry.item.filing == "filed" and not (given and given > self.as_of):
                counting.add(entry)

    def figures(self, order: Sequence[str] = ()) -> Figures:
        """What was counted, lists and units in their order."""
        found, places = self._found, {name: place for place, name in enumerate(order)}
        found.units = sorted(
            self._units.values(), key=lambda each: (each.unit == NOBODY, places.get(each.unit, 10**6), each.unit)
        )
        found.overdue.sort(key=lambda each: (-each.days, each.number))
        found.coming.sort(key=lambda each: (each.when, each.number))
        if self.previous:
            keep = ("as_of", "items", "closed")
            found.previous = {name: getattr(self.previous, name) for name in keep}
            found.previous["total"] = asdict(self.previous.total)
        return found


@dataclass
class _Measure:
    """One item counted into the figures."""

    found: Figures
    units: dict[str, UnitCount]
    records: Records
    as_of: date
    soon: int
    since: date | None

    def add(self, entry: Entry) -> None:
        item, found = entry.item, self.found
        found.items += 1
        unit = self.units.setdefault(entry.unit, UnitCount(entry.unit))
        unit.items += 1
        helpers = [self.units.setdefault(name, UnitCount(name)) for name in supports(item)]
        for helper in helpers:
            helper.supported += 1
        closed = item.status == "closed" and (item.closed_on is None or item.closed_on <= self.as_of)
        found.closed += closed
        found.standing += item.status == "standing"
        if item.status in ("stopped", "unassigned"):
            found.stopped += item.status == "stopped"
            found.unassigned += item.status == "unassigned"
            return
        late = self._occurrences(entry, unit.count)
        if late:
            for helper in helpers:
                helper.supported_overdue += 1
        if closed and (self.since is None or (item.closed_on and item.closed_on > self.since)):
            found.finished.append(self._line(entry, item.closed_on.isoformat() if item.closed_on else "", []))

    def _occurrences(self, entry: Entry, count: Count) -> bool:
        """Counts dates and periods; gives whether one of them is overdue."""
        late: list[Occurrence] = []
        coming: list[Occurrence] = []
        moved: list[Occurrence] = []
        for one in cases(entry.occurrences):
            if one.before_issue:
                self.found.before_issue += 1
                continue
            if one.status == "waived":
                continue
            deadline = self.deadline(one)
            if deadline != one.due:
                moved.append(one)
            if deadline > self.as_of:
                self.found.not_due += 1
                done, reported = self._stands(entry.item, one)
                if not (done or reported) and deadline <= self.as_of + timedelta(days=self.soon):
                    coming.append(one)
                continue
            if self._count(entry.item, one, deadline, count):
                late.append(one)
        for target in (count, self.found.total):
            target.extended += len(moved)
        self._list(entry, late, coming, moved)
        return bool(late)

    def _count(self, item: Item, one: Occurrence, deadline: date, count: Count) -> bool:
        done, reported = self._stands(item, one)
        overdue = not done and not reported and deadline < self.as_of
        for target in (count, self.found.total):
            target.due += 1
            target.done += done is not None
            target.on_time += done is not None and done <= deadline
            target.reported += reported or done is not None
            target.waiting += reported and done is None
            target.overdue += overdue
        return overdue

    def deadline(self, one: Occurrence) -> date:
        """The date that counted then: an extension counts from the day it was applied for."""
        if not one.adjusted_due:
            return one.due
        given = [each for each in self.records.extensions.get(one.item, ()) if each.period in ("", one.period)]
        if not given:
            return one.adjusted_due
        valid = [each for each in given if each.applied_on <= self.as_of]
        return max(valid, key=lambda each: (each.applied_on, each.id)).new_due if valid else one.due

    def _stands(self, item: Item, one: Occurrence) -> tuple[date | None, bool]:
        """When it was done, None where it wasn't by then; and whether something was reported by then.

        The day of what was accepted is that on which it was reported.
        """
        on = one.done_on
        if one.status == "reported":
            return None, on is None or on <= self.as_of
        if one.status == "done" or item.status == "closed":
            on = on or item.closed_on or self.as_of
            return (on if on <= self.as_of else None), on <= self.as_of
        return None, False

    def _list(self, entry: Entry, late: list[Occurrence], coming: list[Occurrence], moved: list[Occurrence]) -> None:
        if late:
            first = min(self.deadline(one) for one in late)
            line = self._line(entry, first.isoformat(), late)
            line.days = (self.as_of - first).days
            self.found.overdue.append(line)
        if coming:
            first = min(self.deadline(one) for one in coming)
            self.found.coming.append(self._line(entry, first.isoformat(), coming))
        for one in moved:
            line = self._line(entry, self.deadline(one).isoformat(), [one])
            given = [each for each in self.records.extensions.get(one.item, ()) if each.new_due == self.deadline(one)]
            reason = f"{given[-1].reason}；批准：{given[-1].approved_by}" if given else ""
            line.remark = f"原定{one.due.isoformat()}" + (f"；{reason}" if reason else "")
            self.found.extensions.append(line)

    def _line(self, entry: Entry, when: str, ones: Sequence[Occurrence]) -> Line:
        item = entry.item
        notes = [each for each in self.records.notes.get(item.id, ()) if each.at[:10] <= self.as_of.isoformat()]
        last = max(notes, key=lambda each: (each.at, each.id)) if notes else None
        chased = [
            chase_number(each.stage) for each in self.records.reminders.get(item.id, ())
            if each.on <= self.as_of and each.period in {one.period for one in ones}
        ]  # fmt: skip
        periods = list(dict.fromkeys(filter(None, (period_words(one.period) for one in ones))))
        return Line(
            item.number or "", brief(item, 60), entry.unit, when, periods, chases=max(chased, default=0),
            progress=last.progress if last else "", problems=last.problems if last else "",
            next_steps=last.next_steps if last else "",
        )  # fmt: skip


def cases(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """One occurrence a period: of several figures all have to be reached, on the last day that one of them was."""
    periods: dict[str, list[Occurrence]] = defaultdict(list)
    for each in occurrences:
        periods[each.period].append(each)
    return [group[0] if len(group) == 1 else _as_one(group) for group in periods.values()]


def _as_one(group: Sequence[Occurrence]) -> Occurrence:
    asked = [each for each in group if each.status != "waived"] or group
    asked = [each for each in asked if not each.before_issue] or asked
    states = {each.status for each in asked}
    status = "open" if "open" in states else "reported" if "reported" in states else asked[0].status
    moved = max((each.deadline for each in asked if each.adjusted_due), default=None)
    done = max((each.done_on for each in asked if each.done_on), default=None)
    return replace(
        asked[0], due=max(each.due for each in asked), adjusted_due=moved, status=status,
        done_on=None if status == "open" else done,
    )  # fmt: skip


def by_item(each: Iterable[Any]) -> dict[int, list[Any]]:
    """Notes, extensions or reminders by their item."""
    found: dict[int, list[Any]] = defaultdict(list)
    for one in each:
        found[one.item].append(one)
    return dict(found)
