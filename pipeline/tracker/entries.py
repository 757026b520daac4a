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
#: Titles up to this length may be a heading that many items share.
_SHORT = 8
#: Longest line of such a title with its text.
_BRIEF = 36
#: What may be reached at most, as no unit falls short of.
_LIMITS = ("<=", "<")
_WEEKDAYS = "一二三四五六日"
_PERIOD = re.compile(r"(\d{4}年)?第?(\d+|[一二三四])(月|季度|周)")
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

    A row of a table of units has the unit for its title, which tells nothing: there the table is named.
    """
    title = item.title or item.text
    if title in (item.unit, *item.names()):
        title = item.table or (item.section[-1] if item.section else "") or item.quota or item.text
    return _line(title, most)


def brief(item: Item, most: int = 40) -> str:
    """As ``words``; behind a short title (工作要求) comes the beginning of the text, which tells items apart."""
    title = words(item, most)
    if len(title) > _SHORT or title != (item.title or "").strip() or item.text.strip().startswith(title):
        return title
    return _line(f"{title}：{item.text.strip().rstrip('。；')}", min(most, _BRIEF))


def _line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def day_words(day: date, today: date) -> str:
    """A day as people say it: ``4月30日（周五）``, with the year where it is another."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def full_day(day: date) -> str:
    """``2021年4月30日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(period: str, this_year: int | None = None) -> str:
    """A period in words: ``2021-03`` is ``2021年3月``, ``2021-01/02`` ``2021年1—2月``; a day, or no period, is empty.

    Args:
        this_year: of periods within it the year isn't told.
    """
    found = re.fullmatch(r"(\d{4})(?:-(?:(\d{2})(?:/(\d{2}))?|Q([1-4])|H([12])|W(\d{2})))?", period)
    if not found:
        return ""
    year, month, until, quarter, half, week = found.groups()
    within = ""
    if month:
        within = f"{int(month)}—{int(until)}月" if until else f"{int(month)}月"
    elif quarter:
        within = f"第{'一二三四'[int(quarter) - 1]}季度"
    elif half:
        within = f"{'上下'[int(half) - 1]}半年"
    elif week:
        within = f"第{int(week)}周"
    return within if within and int(year) == this_year else f"{year}年{within}"


def joined(periods: Iterable[str], most: int = 4) -> str:
    """Periods in words in a row, those that follow each other as one: ``2021年3—7月、第一、二季度``.

    Args:
        periods: as ``period_words`` gives them.
        most: so many groups are told, then how many periods there are.
    """
    every = list(dict.fromkeys(periods))
    groups: list[list[tuple[str, str, int, str]]] = []
    for words in every:
        found = _PERIOD.fullmatch(words)
        year, number, after = found.groups() if found else ("", "", words)
        value = int(number) if number.isdecimal() else "零一二三四".find(number) if number else 0
        one = (year or "", number, value, after)
        same = [group for group in groups if (group[-1][0], group[-1][3]) == (one[0], after) and number]
        if same and same[-1][-1][2] + 1 == value:
            same[-1].append(one)
        else:
            groups.append([one])
    told, last = [], ""
    for group in groups[:most]:
        year, number, _, after = group[0]
        span = number if len(group) == 1 else f"{number}{'、' if len(group) == 2 else '—'}{group[-1][1]}"
        mark = "第" if after in ("季度", "周") else ""
        told.append(f"{year if year != last else ''}{mark}{span}{after}")
        last = year
    return "、".join(told) + (f"等{len(every)}期" if len(groups) > most else "")


def figure(value: float | None) -> str:
    """A figure without needless decimals; empty where there is none."""
    return "" if value is None else f"{value:.10g}"


def short_of(occurrences: Sequence[Occurrence], most: int | None = None) -> str:
    """What is to reach and what is reached: ``应完成2篇，已完成1篇``; empty where no figure is asked.

    Args:
        most: so many figures are told one by one; all where None.
    """
    parts = [
        f"{each.subject or ''}应完成{figure(each.target)}{each.unit or ''}，"
        f"已完成{figure(each.actual or 0)}{each.unit or ''}"
        for each in occurrences
        if each.target is not None and each.comparator not in _LIMITS
    ]  # fmt: skip
    return _some(list(dict.fromkeys(parts)), most, "；")


def missing(occurrences: Sequence[Occurrence], most: int) -> str:
    """What is missing over several periods, by figure: ``尚缺微博3条、信息2篇等5项``; empty where nothing is."""
    lacks: dict[tuple[str, str], float] = defaultdict(float)
    for each in occurrences:
        if each.target is not None and each.comparator not in _LIMITS and (each.actual or 0) < each.target:
            lacks[each.subject or "", each.unit or ""] += each.target - (each.actual or 0)
    told = _some([f"{subject}{figure(lack)}{unit}" for (subject, unit), lack in lacks.items()], most, "、")
    return f"尚缺{told}" if told else ""


def _some(parts: Sequence[str], most: int | None, mark: str) -> str:
    if most is None or len(parts) <= most:
        return mark.join(parts)
    return f"{mark.join(parts[:most])}等{len(parts)}项"
