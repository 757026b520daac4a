"""What becomes of an item's occurrences when a reissue changes its times or counts: what was done stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.tracker.occurrences import Draft
from pipeline.tracker.types import Occurrence


@dataclass(frozen=True)
class Refresh:
    """What becomes of an item's occurrences when a reissue changes it.

    Attributes:
        add: new ones, to be stored.
        update: those that stay with another date or figure; what somebody worked on keeps its own.
        drop: those that are gone and on which nobody did anything.
        keep: those that are gone although something was done: they stay, to be looked at.
    """

    add: tuple[Draft, ...] = ()
    update: tuple[tuple[Occurrence, Draft], ...] = ()
    drop: tuple[Occurrence, ...] = ()
    keep: tuple[Occurrence, ...] = ()


def worked_on(one: Occurrence) -> bool:
    """Whether a person did anything on an occurrence: reported, recorded a figure, extended it."""
    return one.status != "open" or one.actual is not None or one.adjusted_due is not None


def refresh(existing: Sequence[Occurrence], drafts: Sequence[Draft]) -> Refresh:
    """Matches an item's new occurrences to its old ones; a series keeps its number where it is still there."""
    numbers = _renumber(existing, drafts)
    old = {(one.series, one.period): one for one in existing}
    new = {(numbers[one.series], one.period): replace(one, series=numbers[one.series]) for one in drafts}
    staying = {key: _as_done(old[key], draft) for key, draft in new.items() if key in old}
    gone = [one for key, one in old.items() if key not in new]
    return Refresh(
        tuple(draft for key, draft in new.items() if key not in old),
        tuple((old[key], kept) for key, kept in staying.items() if _differs(old[key], kept)),
        tuple(one for one in gone if not worked_on(one)),
        tuple(one for one in gone if worked_on(one)),
    )


def _as_done(one: Occurrence, draft: Draft) -> Draft:
    """The draft, where somebody worked on the occurrence with the date and figure that stood when it was done."""
    if not worked_on(one):
        return draft
    return replace(
        draft, due=one.due, start=one.start, target=one.target, comparator=one.comparator, unit=one.unit
    )  # fmt: skip


def _differs(one: Occurrence, draft: Draft) -> bool:
    return (one.due, one.start, one.before_issue, one.target, one.comparator, one.unit, one.subject) != (
        draft.due, draft.start, draft.before_issue, draft.target, draft.comparator, draft.unit, draft.subject,
    )  # fmt: skip


def _shape(period: str) -> str:
    """How long a period is, by its name."""
    tail = period[5:]
    return tail[:1] if tail[:1] in ("Q", "H", "W") else f"{len(period)}"


def _renumber(existing: Sequence[Occurrence], drafts: Sequence[Draft]) -> dict[int, int]:
    """For each new series the number of the old one that it is: by subject and unit, then unit, then its periods."""

    old, new = _signs(existing), _signs(drafts)
    numbers: dict[int, int] = {}
    for keep in (slice(0, 4), slice(1, 4), slice(2, 4)):
        for number, sign in new.items():
            if number in numbers:
                continue
            free = [one for one, other in old.items() if other[keep] == sign[keep] and one not in numbers.values()]
            if free:
                numbers[number] = free[0]
    unused = (number for number in range(len(old) + len(new) + max(old, default=0) + 1) if number not in old)
    for number in new:
        numbers.setdefault(number, next(n for n in unused if n not in numbers.values()))
    return numbers


def _signs(found: Sequence[Occurrence] | Sequence[Draft]) -> dict[int, tuple[object, ...]]:
    """What a series is known by."""
    signs: dict[int, tuple[object, ...]] = {}
    for one in found:
        signs.setdefault(one.series, (one.subject, one.unit, one.target is not None, _shape(one.period)))
    return dict(sorted(signs.items()))
