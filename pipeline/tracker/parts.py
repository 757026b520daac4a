"""各单位 at 立项: what several units each have to do is divided, so that each has its own status and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.tracker.rollup import Rollup, rollup
from pipeline.tracker.roster import Problem, Roster, collective
from pipeline.tracker.types import Item, Occurrence, Party

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: Who has to do an item, each for itself where they are several at once.
_DOERS = ("lead", "responsible")
_NO_UNITS = ("person", "position")


@dataclass(frozen=True)
class PartsPlan:
    """Among which units an item is divided.

    Attributes:
        units: by the roster's names, in the notice's order; empty where it isn't divided.
        shared: the figures are asked of all units together; else of each.
        problems: sets without a definition, units that the roster doesn't know, told of this item.
        causes: the same without the item's words, so that they can be told once of several items.
    """

    units: tuple[str, ...] = ()
    shared: bool = False
    problems: tuple[Problem, ...] = ()
    causes: tuple[Problem, ...] = ()


def plan_parts(item: Item, roster: Roster, on: date, *, each: bool | None = None) -> PartsPlan:
    """Among which units an item is to be divided; among none where no 各单位 has to do it, or where one is undefined.

    Where a set alone has to do it, each unit has to reach the figures; where units are named beside the set (人事科、
    各单位), they are of all together, unless ``each`` says otherwise.

    Args:
        on: the day as of which the roster is asked, 交办 or issue.
        each: every unit has to reach the figures by itself.
    """
    doers = [party for party in item.parties if party.role in _DOERS and party.type not in _NO_UNITS]
    sets = [party for party in doers if _is_set(party, roster, on, item.agency)]
    if not sets:
        return PartsPlan()
    units: list[str] = []
    problems: list[Problem] = []
    for party in doers:
        if party in sets:
            expansion = roster.expand(party.name, on, item.agency)
            units += expansion.units
            problems += [expansion.problem] if expansion.problem else []
        else:
            units.append(party.unit or roster.resolve(party.name, on, item.agency) or party.name)
    if causes := tuple(dict.fromkeys(problems)):
        words = _words(item)
        return PartsPlan(problems=tuple(Problem(one.code, f"{words}：{one.message}") for one in causes), causes=causes)
    alone = len(sets) == len(doers)
    return PartsPlan(tuple(dict.fromkeys(units)), not (alone if each is None else each))


def file_with_units(
    ledger: Ledger, ids: Sequence[int], assigned_on: date | None = None, *, each: bool | None = None
) -> list[Problem]:
    """立项 of items, each 各单位 among them divided by the roster; one transaction and one step to undo.

    Args:
        each: as of ``plan_parts``.

    Returns:
        What could not be divided, and why; those items are filed undivided.

    Raises:
        LedgerError: as of ``Ledger.file``.
    """
    roster = Roster(ledger.units(), ledger.unit_sets())
    problems: list[Problem] = []
    with ledger.batch():
        ledger.file(ids, assigned_on)
        for number in ids:
            problems += divide(ledger, number, roster, assigned_on, each=each).problems
    return list(dict.fromkeys(problems))


def divide(
    ledger: Ledger, number: int, roster: Roster | None = None, on: date | None = None, *, each: bool | None = None
) -> PartsPlan:
    """Divides one item among the units that its 各单位 means; leaves it as it is where it is divided already.

    Args:
        on: the day as of which the roster is asked; by default that of 交办, else of issue, else today.

    Raises:
        LedgerError: as of ``Ledger.split``.
    """
    detail = ledger.item(number)
    item = detail.item
    if item.parent is not None or any(part.filing in ("pending", "filed") for part in detail.parts):
        return PartsPlan()
    roster = roster or Roster(ledger.units(), ledger.unit_sets())
    plan = plan_parts(item, roster, on or item.assigned_on or item.issued_on or ledger.today, each=each)
    if plan.units:
        shared = {"shared": True} if plan.shared else {}
        ledger.split(number, [{"unit": unit, **shared} for unit in plan.units])
    return plan


def standing(ledger: Ledger, number: int, today: date) -> Rollup:
    """How the units of a divided item stand: 14个单位，已报11，未报3：……"""
    parts = ledger.item(number).parts
    found: dict[int, list[Occurrence]] = {part.id: [] for part in parts}
    for one in ledger.occurrences([part.id for part in parts]) if parts else ():
        found[one.item].append(one)
    return rollup(parts, found, today)


def together(targets: Iterable[float | None], actuals: Iterable[float | None]) -> tuple[float | None, float | None]:
    """The figure to reach and the figure reached of several units in one period; None where none has one."""

    def total(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return round(sum(known), 6) if known else None

    return total(targets), total(actuals)


def by_parent(items: Iterable[Item]) -> Mapping[int, list[Item]]:
    """Units' parts by the item that they are part of."""
    found: dict[int, list[Item]] = {}
    for item in items:
        if item.parent is not None:
            found.setdefault(item.parent, []).append(item)
    return found


def _is_set(party: Party, roster: Roster, on: date, agency: str | None) -> bool:
    """Whether a party is several units; one that the roster knows as a unit isn't, one that it knows as a set is."""
    if party.unit or roster.resolve(party.name, on, agency):
        return False
    return roster.defined(party.name, on, agency) or collective(party)


def _words(item: Item) -> str:
    line = " ".join((item.title or item.text).split())
    return f"“{line[:20]}{'…' if len(line) > 20 else ''}”"
