"""How the units of a divided item stand: 14个单位，已报11，未报3：……"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tracker.types import Item, Occurrence


@dataclass(frozen=True)
class Rollup:
    """How a parent's units stand.

    Attributes:
        units, reported, missing: all units, those that reported what is due, those that have not.
        text: 14个单位，已报11，未报3：城北中队、……
        noun: 单位, or 分项 where they aren't all of a unit each.
    """

    units: tuple[str, ...]
    reported: tuple[str, ...]
    missing: tuple[str, ...]
    text: str
    noun: str = "单位"


def rollup(parts: Sequence[Item], occurrences: Mapping[int, Sequence[Occurrence]], today: date) -> Rollup:
    """Counts the units' parts of a parent.

    A unit has reported where nothing that fell due up to ``today`` is open. Where nothing has fallen due yet, it
    has where its first period is reported ahead of time; where it has no dates, its status tells.

    Args:
        parts: the parts that are followed up.
        occurrences: those of each part, by its id.
    """
    followed = [part for part in parts if part.filing in ("filed", "pending") and part.status != "stopped"]
    done = {part.id: _has_reported(part, occurrences.get(part.id, ()), today) for part in followed}
    names = tuple(part.unit or part.title or str(part.id) for part in followed)
    reported = tuple(name for name, part in zip(names, followed, strict=True) if done[part.id])
    missing = tuple(name for name, part in zip(names, followed, strict=True) if not done[part.id])
    noun = "单位" if all(part.unit for part in followed) else "分项"
    text = f"{len(names)}个{noun}，已报{len(reported)}，未报{len(missing)}"
    return Rollup(names, reported, missing, text + (f"：{'、'.join(missing)}" if missing else ""), noun)


def _has_reported(part: Item, occurrences: Sequence[Occurrence], today: date) -> bool:
    due = [one for one in occurrences if not one.before_issue and one.deadline <= today]
    if part.status == "closed":
        return True
    if due:
        return all(one.status != "open" for one in due)
    first = min((one for one in occurrences if not one.before_issue), key=lambda one: one.deadline, default=None)
    early = [one for one in occurrences if first and one.period == first.period]
    return part.status == "reported" or (bool(early) and all(one.status != "open" for one in early))
