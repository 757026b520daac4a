"""An item with all that a row of a ledger shows of it, read for many items at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.tracker.types import ACTIVE, Evidence, Item, Lamp, Note, Occurrence, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

_AT_ONCE = 2000


@dataclass(frozen=True)
class Line:
    """What a row shows.

    Attributes:
        period: the period that the row is about: the one that is reported on at the day asked about.
        current: its occurrence, with a figure to reach where the period has one.
        now, before: what was reported for this period, and last before it.
        evidence: files for the item.
        lamp: red, yellow, green or none.
        waiting: of a parent, the units that have not reported.
        series: every occurrence of the item.
    """

    item: Item
    period: str = ""
    current: Occurrence | None = None
    now: Note | None = None
    before: Note | None = None
    evidence: tuple[Evidence, ...] = ()
    lamp: Lamp = "none"
    waiting: tuple[str, ...] = ()
    series: tuple[Occurrence, ...] = ()

    @property
    def recurring(self) -> bool:
        """Whether the item is reported on period by period."""
        return len({one.period for one in self.series if not one.before_issue}) > 1

    @property
    def counted(self) -> dict[int, list[Occurrence]]:
        """The periods of each figure to reach, by series."""
        found: dict[int, list[Occurrence]] = {}
        for one in self.series:
            if one.target is not None and not one.before_issue:
                found.setdefault(one.series, []).append(one)
        return found

    @property
    def figures(self) -> int:
        """How many figures the item has to reach; what is divided leaves them to its parts."""
        if self.item.parts or len(self.series) < 2:
            return 0
        return len({one.series for one in self.series if one.target is not None and not one.before_issue})

    @property
    def actual(self) -> float | None:
        """The figure that this period has reached, as it is kept; of an item without periods, what was reported."""
        if self.current is not None:
            return self.current.actual
        return self.now.actual if self.now else None

    @property
    def units(self) -> tuple[str, ...]:
        """Who has to fill this row in: the part's unit, else those that lead or are responsible, else all others."""
        from pipeline.tracker.roster import people

        if self.item.unit:
            return (self.item.unit,)
        for roles in (("lead", "responsible"), ("presenter", "participant"), ("support",)):
            found = [
                party.unit or party.name for party in self.item.parties if party.role in roles and not people(party)
            ]
            if found:
                return tuple(dict.fromkeys(found))
        return ()


def current_period(occurrences: Sequence[Occurrence], as_of: date) -> Occurrence | None:
    """The occurrence that is reported on at a day: overdue and open, else running, else the next, else the last."""
    counted = sorted((one for one in occurrences if not one.before_issue), key=lambda one: (one.deadline, one.series))
    if not counted:
        return None
    late = [one for one in counted if one.status == "open" and one.deadline <= as_of]
    running = [one for one in counted if one.start and one.start <= as_of <= one.deadline]
    ahead = [one for one in counted if one.deadline > as_of]
    past = [one for one in counted if one.deadline <= as_of]
    found = (late[-1:] or running[:1] or (ahead if not past else past[-1:]) or counted[-1:])[0]
    same = [one for one in counted if one.period == found.period]
    return next((one for one in same if one.target is not None), found)


def lines(ledger: Ledger, wanted: Query, as_of: date) -> Iterator[Line]:
    """The rows of a query's items as they stand at a day, read some thousands at a time.

    Args:
        ledger: where they are.
        wanted: which items.
        as_of: 截至日期: tells the period that a row is about, and its lamp.
    """
    yield from lines_of(ledger, ledger.items(wanted), as_of)


def lines_of(
    ledger: Ledger, items: Sequence[Item], as_of: date, periods: Mapping[int, str] | None = None
) -> Iterator[Line]:
    """The rows of items; ``periods`` names the period that a row is about where it isn't the one at hand."""
    for start in range(0, len(items), _AT_ONCE):
        yield from _together(ledger, items[start : start + _AT_ONCE], as_of, periods or {})


def _together(ledger: Ledger, items: Sequence[Item], as_of: date, periods: Mapping[int, str]) -> Iterator[Line]:
    from pipeline.tracker.grid import stand
    from pipeline.tracker.listing import counted

    ids = [item.id for item in items]
    occurrences: dict[int, list[Occurrence]] = {}
    for one in ledger.occurrences(ids):
        occurrences.setdefault(one.item, []).append(one)
    notes, evidence = _of_items(ledger, ids)
    parents = [item.id for item in items if item.parts]
    below = _parts(ledger, parents)
    for item in items:
        own = tuple(occurrences.get(item.id, ()))
        parts = below.get(item.id, [])
        shown = counted([part for part, _ in parts], {part.id: theirs for part, theirs in parts}) or list(own)
        lamp, progress = stand(item, shown, as_of)
        current = current_period(own, as_of)
        if named := periods.get(item.id):
            same = [one for one in own if one.period == named]
            current = next((one for one in same if one.target is not None), same[0] if same else current)
        now, before = _notes(notes.get(item.id, []), own, current, as_of)
        waiting = tuple(part.unit for part, theirs in parts if part.unit and not _reported(part, theirs, as_of))
        yield Line(
            replace(item, progress=progress), current.period if current else "", current, now, before,
            tuple(evidence.get(item.id, ())), lamp, waiting, own,
        )  # fmt: skip


def _parts(ledger: Ledger, parents: Sequence[int]) -> dict[int, list[tuple[Item, list[Occurrence]]]]:
    from sqlalchemy import select

    from pipeline.tracker import models

    if not parents:
        return {}
    with ledger.store.gate.reading() as session:
        query = select(models.Item.id).where(models.Item.parent.in_(parents), models.Item.filing == "filed")
        ids = list(session.scalars(query.order_by(models.Item.id)))
    if not ids:
        return {}
    dates: dict[int, list[Occurrence]] = {}
    for one in ledger.occurrences(ids):
        dates.setdefault(one.item, []).append(one)
    found: dict[int, list[tuple[Item, list[Occurrence]]]] = {}
    for item in ledger.items(Query(ledger.today, filing=(), ids=tuple(ids))):
        found.setdefault(item.parent or 0, []).append((item, dates.get(item.id, [])))
    return found


def _reported(part: Item, occurrences: Sequence[Occurrence], as_of: date) -> bool:
    if part.status not in ACTIVE or part.status == "reported":
        return True
    due = [one for one in occurrences if not one.before_issue and one.deadline <= as_of]
    return bool(due) and all(one.status != "open" for one in due)


def _notes(
    notes: Sequence[Note], occurrences: Sequence[Occurrence], current: Occurrence | None, as_of: date
) -> tuple[Note | None, Note | None]:
    """What was reported for the period at hand, and last before it.

    An item of one date is reported on month by month: its period is the month of the day.
    """
    periods = {one.period for one in occurrences if not one.before_issue}
    if len(periods) > 1 and current is not None:
        now = [note for note in notes if note.period in (current.period, "")]
        order = sorted(periods, key=lambda p: min(one.due for one in occurrences if one.period == p))
        past = set(order[: order.index(current.period)])
        before = [note for note in notes if note.period in past]
        # What was said without a period is about the one at hand only if nothing came later.
        now = [note for note in now if note.period or not before or note.id > before[-1].id]
    else:
        month = f"{as_of:%Y-%m}"
        now = [note for note in notes if note.at[:7] >= month]
        before = [note for note in notes if note.at[:7] < month]
    return _last(now), _last(before)


def _last(notes: Sequence[Note]) -> Note | None:
    """The last that was said, field by field."""
    if not notes:
        return None
    if len(notes) == 1:
        return notes[0]
    last = notes[-1]
    filled: dict[str, Any] = {}
    for name in ("progress", "problems", "next_steps", "actual"):
        if getattr(last, name) in ("", None):
            filled[name] = next(
                (getattr(note, name) for note in reversed(notes) if getattr(note, name) not in ("", None)),
                getattr(last, name),
            )
    return replace(last, **filled)


def _of_items(ledger: Ledger, ids: Sequence[int]) -> tuple[dict[int, list[Note]], dict[int, list[Evidence]]]:
    from sqlalchemy import select

    from pipeline.tracker import models, rows

    notes: dict[int, list[Note]] = {}
    evidence: dict[int, list[Evidence]] = {}
    with ledger.store.gate.reading() as session:
        for note in session.scalars(select(models.Note).where(models.Note.item.in_(ids)).order_by(models.Note.id)):
            notes.setdefault(note.item, []).append(rows.note_of(note))
        found = select(models.Evidence).where(models.Evidence.item.in_(ids)).order_by(models.Evidence.id)
        for one in session.scalars(found):
            evidence.setdefault(one.item, []).append(rows.evidence_of(one))
    return notes, evidence
