"""What a new roster changes, and what the ledger's items say that it doesn't know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from pipeline.tracker.parts import PartsPlan, plan_parts
from pipeline.tracker.roster import Roster, collective, people, plain
from pipeline.tracker.types import ACTIVE, Item, Unit, UnitSet

#: What the fields of units and sets are called.
_HEADS = {
    "name": "名称", "agency": "所属机关", "short_names": "简称", "leader": "分管领导", "contact": "联络员",
    "phone": "电话", "email": "邮箱", "valid_from": "启用日期", "valid_to": "停用日期", "members": "成员",
}  # fmt: skip


@dataclass(frozen=True)
class Replaced:
    """What becomes of units or sets when one roster takes another's place: names, with what changed of them.

    ``changed`` tells by name each head with what stood there and what will; of a set's members those that come or go.
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: Mapping[str, tuple[tuple[str, str, str], ...]] | None = None

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


@dataclass(frozen=True)
class Unknown:
    """A name that items bear and the roster doesn't know; ``whole``: it is several units at once, without a set."""

    name: str
    items: int
    whole: bool = False


def replaced(old: Sequence[Unit] | Sequence[UnitSet], new: Sequence[Unit] | Sequence[UnitSet]) -> Replaced:
    """What differs between two rosters' units, or their sets; the order in which they stand counts for nothing."""
    before, after, alone = _keyed(old), _keyed(new), _alone(old, new)
    changed = {
        _shown(key, alone): tuple(_differences(before[key], after[key]))
        for key in after
        if key in before and before[key] != after[key]
    }
    return Replaced(
        tuple(_shown(key, alone) for key in after if key not in before),
        tuple(_shown(key, alone) for key in before if key not in after),
        changed,
    )


def unknown(items: Iterable[Item], roster: Roster, today: date) -> list[Unknown]:
    """Units that items name and the roster doesn't know, those that most items name first."""
    counted: dict[tuple[str, bool], int] = {}
    known: dict[tuple[str, date, str | None], bool] = {}
    for item in items:
        day = item.assigned_on or item.issued_on or today
        names: set[tuple[str, bool]] = set()
        for party in item.parties:
            if party.unit or party.type == "group" or people(party):
                continue
            asked = party.name, day, item.agency
            if asked not in known:
                known[asked] = roster.resolve(*asked) is not None or roster.defined(*asked)
            if not known[asked]:
                names.add((party.name, collective(party)))
        for name in names:
            counted[name] = counted.get(name, 0) + 1
    found = [Unknown(name, count, whole) for (name, whole), count in counted.items()]
    return sorted(found, key=lambda one: (-one.items, one.name))


def divisible(items: Iterable[Item], roster: Roster, today: date) -> Iterator[tuple[Item, PartsPlan]]:
    """Items that are followed up undivided although the roster tells among which units they are to be divided."""
    for item in items:
        if item.filing == "filed" and item.status in ACTIVE and item.parent is None and not item.parts:
            plan = plan_parts(item, roster, item.assigned_on or item.issued_on or today)
            if plan.units:
                yield item, plan


_Key = tuple[str, str, date | None]


def _alone(*rosters: Sequence[Unit] | Sequence[UnitSet]) -> bool:
    """Whether all are one agency's, which then need not be told of each."""
    return len({plain(one.agency) for found in rosters for one in found}) == 1


def _keyed(found: Sequence[Unit] | Sequence[UnitSet]) -> dict[_Key, Unit | UnitSet]:
    """By agency and name; where two bear the same name one after the other, by their first day too."""
    twice: dict[tuple[str, str], int] = {}
    for one in found:
        twice[plain(one.agency), plain(one.name)] = twice.get((plain(one.agency), plain(one.name)), 0) + 1
    keyed: dict[_Key, Unit | UnitSet] = {}
    for one in found:
        several = twice[plain(one.agency), plain(one.name)] > 1
        keyed[one.agency, one.name, one.valid_from if several else None] = one
    return keyed


def _shown(key: _Key, alone: bool) -> str:
    agency, name, since = key
    told = "，".join(filter(None, ("" if alone else agency, f"{since.isoformat()}起" if since else "")))
    return f"{name}（{told}）" if told else name


def _differences(old: Unit | UnitSet, new: Unit | UnitSet) -> Iterator[tuple[str, str, str]]:
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name == "members":
            for mark, one, other in (("增加成员", after, before), ("去掉成员", before, after)):
                if names := tuple(name for name in one if name not in other):
                    yield mark, "", _said(names)
        elif before != after:
            yield _HEADS[each.name], _said(before), _said(after)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""
