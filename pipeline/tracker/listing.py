"""Items as a list shows them: lamp, next date, progress, and of what was divided how its units stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.tracker import grid
from pipeline.tracker.entries import brief
from pipeline.tracker.grid import Thresholds
from pipeline.tracker.rollup import rollup
from pipeline.tracker.types import ACTIVE, Item, Lamp, Occurrence, Progress, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: What answers for an item, the first that is there.
_ANSWERS = (("lead", "responsible"), ("presenter", "participant", "supervisor"), ("support",))
#: Captions of more letters than this are of tables and whole parts.
_SHORT = 12
#: Items whose occurrences are read at once.
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Row:
    """An item as it stands on a day.

    Attributes:
        progress: as ``grid.progress_of``; of what was divided, that of its parts together.
        deadline: the next date that is open, else the item's own.
        adjusted: the date was extended.
        late: days that it is overdue, 0 where it isn't.
        units, reported, missing, noun: of what was divided, as of ``rollup.Rollup``.
    """

    item: Item
    lamp: Lamp
    progress: Progress
    deadline: date | None = None
    adjusted: bool = False
    late: int = 0
    units: int = 0
    reported: int = 0
    missing: tuple[str, ...] = ()
    noun: str = "单位"

    @property
    def owners(self) -> list[str]:
        """Who answers for it."""
        if self.item.unit:
            return [self.item.unit]
        return next((names for roles in _ANSWERS if (names := self.item.names(*roles))), [])


def headline(item: Item, most: int = 200) -> str:
    """An item in one line. Where its title is only that of the table or part that it stands in, its text tells more."""
    title = (item.title or "").strip()
    captions = {item.table, *item.section[-1:]}
    if len(title) > _SHORT and title in captions and item.text.strip() not in (item.unit, *item.names()):
        return " ".join(item.text.split())[:most]
    return brief(item, most)


def rows(ledger: Ledger, items: Sequence[Item], thresholds: Thresholds | None = None) -> Iterator[Row]:
    """Items as they stand on the ledger's day, in their order, read some thousands at a time."""
    for start in range(0, len(items), _AT_ONCE):
        some = items[start : start + _AT_ONCE]
        parts = _parts(ledger, [item.id for item in some if item.parts])
        ids = [item.id for item in some] + [part.id for found in parts.values() for part in found]
        dates: dict[int, list[Occurrence]] = {}
        for one in ledger.occurrences(ids):
            dates.setdefault(one.item, []).append(one)
        for item in some:
            yield row(item, dates.get(item.id, []), ledger.today, thresholds, parts.get(item.id, ()), dates)


def row(
    item: Item,
    occurrences: Sequence[Occurrence],
    today: date,
    thresholds: Thresholds | None = None,
    parts: Sequence[Item] = (),
    dates: Mapping[int, Sequence[Occurrence]] | None = None,
) -> Row:
    """One item as it stands on a day.

    Args:
        parts: those that are followed up, ``dates`` with their occurrences by item.
    """
    of_parts = dates or {}
    shown = counted(parts, of_parts) if parts else occurrences
    whole = rollup(parts, of_parts, today) if parts else None
    active = item.filing == "filed" and item.status in ACTIVE
    deadline = (item.next_due if active else None) or item.deadline
    late = (today - item.next_due).days if active and item.next_due and item.next_due < today else 0
    lamp, progress = grid.stand(item, shown, today, thresholds)
    found = Row(item, lamp, progress, deadline, _adjusted(item, occurrences, deadline), late)
    if whole is None:
        return found
    return replace(
        found, units=len(whole.units), reported=len(whole.reported), missing=whole.missing, noun=whole.noun
    )  # fmt: skip


def counted(parts: Iterable[Item], dates: Mapping[int, Sequence[Occurrence]]) -> list[Occurrence]:
    """The parts' occurrences that tell how the whole stands: of parts that have ended what is open is asked no more."""
    return [
        one
        for part in parts
        for one in dates.get(part.id, ())
        if part.filing == "filed" and (part.status in ACTIVE or one.status != "open")
    ]


def _parts(ledger: Ledger, parents: Sequence[int]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for item in ledger.items(Query(ledger.today, parents=tuple(parents))) if parents else ():
        found.setdefault(item.parent or 0, []).append(item)
    return found


def _adjusted(item: Item, occurrences: Iterable[Occurrence], deadline: date | None) -> bool:
    if deadline is None:
        return False
    return item.adjusted_due == deadline or any(one.adjusted_due == deadline for one in occurrences)
