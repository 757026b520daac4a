"""Decisions on many items at once (立项, 仅存档, 并入, 拆分), told first and then taken over as one step of undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.tracker.parts import divide
from pipeline.tracker.roster import Roster
from pipeline.tracker.types import Item, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: Items that a message names before it only counts.
_NAMED = 8


@dataclass(frozen=True)
class Decision:
    """A decision on an item: ``filed`` ``archived`` ``merged`` (into ``into``) or ``pending``, with its edits.

    Attributes:
        place: where it was read, in words.
        edits: fields of the item by name, as ``Ledger.set`` takes them.
    """

    item: int
    decision: str
    place: str = ""
    into: int | None = None
    reason: str = ""
    edits: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What was decided.

    Attributes:
        batch: what ``undo`` takes back.
        filed, archived, merged, divided: items; parts: how many parts the divided ones have.
        problems: what a person should know of it, in words.
    """

    batch: int = 0
    filed: list[int] = field(default_factory=list)
    archived: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    divided: list[int] = field(default_factory=list)
    parts: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = [
            f"{label} {len(found)} 项"
            for label, found in (("立项", self.filed), ("仅存档", self.archived), ("并入", self.merged))
            if found
        ]
        if self.divided:
            told.append(f"其中 {len(self.divided)} 项拆成 {self.parts} 项")
        return "，".join(told) or "没有改动"


def proposed(ledger: Ledger, items: Sequence[Item]) -> tuple[list[Decision], list[str]]:
    """Decisions as they are proposed, and why an item is left: what it would be merged into isn't followed up."""
    targets = {item.merged_into for item in items if item.proposal == "merged" and item.merged_into is not None}
    known = {item.id: item for item in _items(ledger, targets)}
    known |= {each.id: each for each in _items(ledger, {each.merged_into for each in known.values()} - {None})}
    made, left = [], []
    for item in items:
        into = known.get(item.merged_into or 0) if item.proposal == "merged" else None
        if item.proposal == "archived":
            made.append(Decision(item.id, "archived", reason=item.proposal_reason))
        elif item.proposal != "merged" or into is None:
            made.append(Decision(item.id, "filed"))
        elif (target := known.get(into.merged_into or 0, into) if into.filing == "merged" else into) and (
            target.filing in ("pending", "filed") and target.id != item.id
        ):
            made.append(Decision(item.id, "merged", into=target.id))
        else:
            left.append(f"事项 {item.id} 建议并入的 {into.id} 没有立项，请另行决定")
    return made, left


def decide(
    ledger: Ledger, decisions: Mapping[int, Sequence[Decision]], *, assigned_on: date | None = None,
    each: bool | None = None,
) -> Outcome:  # fmt: skip
    """Takes over decisions as one step of undo; what several units have to do is divided among them by the roster.

    Args:
        decisions: by item; several where its rows divide it.
        assigned_on: 交办日期 of what is filed; None: not assigned yet.
        each: as of ``parts.plan_parts``.

    Raises:
        LedgerError: one of them can't be done; then none is.
    """
    made = Outcome()
    with ledger.batch() as made.batch:
        decisions = _still_open(ledger, decisions, made)
        by_rows: set[int] = set()
        merges: list[Decision] = []
        for number, rows in decisions.items():
            first = rows[0]
            if len(rows) > 1 and all(row.decision == "filed" for row in rows):
                made.parts += len(ledger.split(number, [row.edits for row in rows]))
                made.filed.append(number)
                by_rows.add(number)
                continue
            for name, value in first.edits.items():
                ledger.set(number, name, value)
            if first.decision == "filed":
                made.filed.append(number)
            elif first.decision == "archived":
                ledger.archive(number, first.reason)
                made.archived.append(number)
            elif first.decision == "merged":
                merges.append(first)
        if made.filed:
            ledger.file(made.filed, assigned_on)
        # First what is filed has its number, then it takes over the units of what is merged, then these are divided.
        for one in merges:
            ledger.merge(one.item, one.into or 0)
            made.merged.append(one.item)
        made.divided = sorted(by_rows)
        _divide(ledger, [number for number in made.filed if number not in by_rows], assigned_on, each, made)
        made.problems += _orphans(ledger, made.archived)
    return made


def _still_open(
    ledger: Ledger, decisions: Mapping[int, Sequence[Decision]], made: Outcome
) -> Mapping[int, Sequence[Decision]]:  # fmt: skip
    """Decisions on items that nobody has decided on meanwhile; parts are filed with their parents."""
    items = _items(ledger, decisions)
    filed = {number for number, rows in decisions.items() if rows[0].decision == "filed"}
    decisions = {
        item.id: decisions[item.id] for item in items if not (item.id in filed and item.parent in filed)
    }  # fmt: skip
    waiting = {item.id for item in items if item.filing == "pending"}
    if late := [number for number in decisions if number not in waiting]:
        made.problems.append(f"{named(late)}已经有人决定，没有改动")
    return {number: rows for number, rows in decisions.items() if number in waiting}


def _divide(ledger: Ledger, ids: Iterable[int], on: date | None, each: bool | None, made: Outcome) -> None:
    roster = Roster(ledger.units(), ledger.unit_sets())
    causes: dict[str, list[int]] = {}
    for number in ids:
        plan = divide(ledger, number, roster, on, each=each)
        if plan.units:
            made.divided.append(number)
            made.parts += len(plan.units)
        for problem in plan.causes:
            causes.setdefault(problem.message, []).append(number)
    made.problems += [f"{message}（{named(found)}）" for message, found in causes.items()]


def _orphans(ledger: Ledger, archived: Sequence[int]) -> Iterator[str]:
    """Items that were merged into one that is only kept: nobody follows them up now."""
    if not archived:
        return
    lost: dict[int, list[int]] = {}
    for item in ledger.items(Query(ledger.today, filing=("merged",))):
        if item.merged_into in archived:
            lost.setdefault(item.merged_into or 0, []).append(item.id)
    for into, found in lost.items():
        yield f"事项 {into} 仅存档，并入它的{named(found)}也就没有跟踪"


def named(ids: Sequence[int]) -> str:
    """Items as messages name them: ``事项 3、5 等 12 项``."""
    more = f" 等 {len(ids)} 项" if len(ids) > _NAMED else ""
    return "事项 " + "、".join(map(str, ids[:_NAMED])) + more


def owner_field(ledger: Ledger, number: int, name: str) -> str:
    """Which role 牵头单位 is about: ``responsible`` where an item has nobody in the lead."""
    if name != "lead":
        return name
    (item,) = _items(ledger, {number})
    return lead_field(item)


def lead_field(item: Item) -> str:
    """As ``owner_field``, of an item."""
    return "responsible" if not item.names("lead") and item.names("responsible") else "lead"


def _items(ledger: Ledger, ids: Iterable[int | None]) -> list[Item]:
    wanted = tuple(each for each in ids if each is not None)
    return ledger.items(Query(ledger.today, filing=(), ids=wanted)) if wanted else []
