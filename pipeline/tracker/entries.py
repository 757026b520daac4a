"""Items with their occurrences, and whose they are: what reminders, letters and bulletins are made from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tracker.types import Item, Occurrence

#: Who an item is asked from where no unit is named.
NOBODY = "（未明确责任单位）"
#: Roles that answer for an item, the first that is there; then whoever takes part.
_ANSWERS = ("lead", "responsible", "presenter", "participant", "supervisor", "support")
_WEEKDAYS = "一二三四五六日"
_UNITS = {"agency", "department", "group", "collective"}


@dataclass(frozen=True)
class Entry:
    """An item with its occurrences in order of their deadlines."""

    item: Item
    occurrences: tuple[Occurrence, ...]

    @property
    def unit(self) -> str:
        return unit_of(self.item)


def entries(items: Iterable[Item], occurrences: Iterable[Occurrence], *, whole: bool = True) -> list[Entry]:
    """Items that are followed up themselves, with their occurrences.

    An item that was divided among units is left out: its parts stand for it. An item with a deadline but no occurrence
    has one on its deadline.

    Args:
        whole: all occurrences of the items are given; else an item without any may have others.
    """
    of: dict[int, list[Occurrence]] = defaultdict(list)
    for each in occurrences:
        of[each.item].append(each)
    kept = list(items)
    parents = {item.parent for item in kept if item.parent is not None}
    found = []
    for item in kept:
        if item.parts or item.id in parents:
            continue
        own = sorted(of[item.id], key=lambda each: (each.deadline, each.period, each.id))
        own = own or (list(_only(item)) if whole else [])
        found.append(Entry(item, tuple(own)))
    return found


def _only(item: Item) -> Iterator[Occurrence]:
    if item.due:
        start = item.assigned_on or item.issued_on
        yield Occurrence(
            0, item.id, item.due.isoformat(), item.due, adjusted_due=item.adjusted_due,
            before_issue=start is not None and item.due < start,
            status="done" if item.status == "closed" else "reported" if item.status == "reported" else "open",
            done_on=item.closed_on,
        )  # fmt: skip


def unit_of(item: Item) -> str:
    """The one unit that answers for an item: of a unit's part that unit, else the first that leads.

    Where several lead, the first is taken, so that an item counts once; a unit goes before a person.
    """
    if item.unit:
        return item.unit
    for role in _ANSWERS:
        named = [party for party in item.parties if party.role == role]
        for party in (*(each for each in named if each.type in _UNITS), *named):
            return party.unit or party.name
    return NOBODY


def supports(item: Item) -> list[str]:
    """The other units with a part in an item, each once."""
    leads = unit_of(item)
    names = [
        p.unit or p.name for p in item.parties if p.type in _UNITS and p.role in ("lead", "support", "responsible")
    ]
    return [name for name in dict.fromkeys(names) if name != leads] if not item.unit else []


def words(item: Item, most: int = 40) -> str:
    """An item in one line: its title, else the beginning of its text.

    A row of a table of units has the unit for its title, which tells nothing: there its figures are told.
    """
    title = item.title or item.text
    if title in (item.unit, *item.names()):
        title = item.quota or item.text
    line = " ".join(title.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def day_words(day: date, today: date) -> str:
    """A day as people say it: ``4月30日（周五）``, with the year where it is another."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def full_day(day: date) -> str:
    """``2021年4月30日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(period: str) -> str:
    """A period in words: ``2021-03`` is ``2021年3月``; a day or what is no period stays empty."""
    if found := re.fullmatch(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])|W(\d{2})))?", period):
        year, month, quarter, half, week = found.groups()
        if month:
            return f"{year}年{int(month)}月"
        if quarter:
            return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"
        if half:
            return f"{year}年{'上下'[int(half) - 1]}半年"
        return f"{year}年第{int(week)}周" if week else f"{year}年"
    return ""


def figure(value: float | None) -> str:
    """A figure without needless decimals; empty where there is none."""
    return "" if value is None else f"{value:.10g}"


def short_of(occurrences: Sequence[Occurrence]) -> str:
    """What is to reach and what is reached: ``应完成2篇，已完成1篇``; empty where no figure is asked."""
    parts = []
    for each in occurrences:
        if each.target is not None:
            name, unit = each.subject or "", each.unit or ""
            parts.append(f"{name}应完成{figure(each.target)}{unit}，已完成{figure(each.actual or 0)}{unit}")
    return "；".join(dict.fromkeys(parts))
