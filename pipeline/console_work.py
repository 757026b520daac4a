"""The work of the commands that change items: 交办, 反馈, 审核, 办结, and what is put right by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.console_chosen import Chosen, by_ids, only, tell
from pipeline.console_ledger import OK, bar, opened
from pipeline.console_periods import Figures, figures_of, period_of, reached
from pipeline.tracker.entries import words
from pipeline.tracker.labels import field_of, told
from pipeline.tracker.types import LedgerError

if TYPE_CHECKING:
    from pipeline.tracker.grid import Thresholds
    from pipeline.tracker.ledger import Ledger

#: Items that are changed before the bar goes on.
_AT_ONCE = 200
_YES, _NO = ("是", "true", "1", "yes"), ("", "否", "false", "0", "no")


@dataclass(frozen=True)
class Desk:
    """Where and by whom something is done."""

    folder: Path
    operator: str | None = None

    @contextmanager
    def ledger(self) -> Iterator[tuple[Ledger, Thresholds]]:
        with opened(self.folder, self.operator) as (office, ledger):
            yield ledger, office.config.lamps


@dataclass(frozen=True)
class Said:
    """What is said of an item for a period. ``actual``: figures, with the subject where a period has several."""

    period: str = ""
    progress: str = ""
    problems: str = ""
    next_steps: str = ""
    actual: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("progress", "problems", "next_steps")}


def set_fields(desk: Desk, chosen: Chosen, assignments: Sequence[str]) -> int:
    """Sets fields of items."""
    wishes = [_assignment(each) for each in assignments]
    with desk.ledger() as (ledger, limits):
        shown = "、".join(assignments)
        ids = chosen.items(ledger, f"改成 {shown}")
        with ledger.batch():
            for name, value in wishes:
                _set(ledger, ids, name, value)
        tell(ledger, ids, limits)
    return OK


def _assignment(words: str) -> tuple[str, str]:
    name, _, value = words.replace("＝", "=", 1).partition("=")
    return field_of(name), value.strip()


def _set(ledger: Ledger, ids: Sequence[int], name: str, value: str) -> None:
    if name != "lead":
        meant = _meant(ledger, name, value)
        _in_pieces(ledger, ids, "修改", lambda some: ledger.set(some, name, meant))
        return
    # 牵头单位 is who is responsible, where an item has nobody in the lead.
    alone = [item.id for item in by_ids(ledger, ids) if not item.names("lead") and item.names("responsible")]
    others = sorted({*ids} - {*alone})
    for role, some in (("lead", others), ("responsible", alone)):
        _in_pieces(ledger, some, "修改", partial(ledger.set, field=role, value=value))


def _in_pieces(ledger: Ledger, ids: Sequence[int], what: str, do: Callable[[Sequence[int]], object]) -> None:
    """Does something to items, some hundreds at a time and all in one step, under a bar that shows how far it is."""
    if len(ids) <= _AT_ONCE:
        with ledger.batch():
            do(ids)
        return
    with ledger.batch(), bar(what) as step:
        for start in range(0, len(ids), _AT_ONCE):
            do(ids[start : start + _AT_ONCE])
            step(min(start + _AT_ONCE, len(ids)), len(ids))


def _meant(ledger: Ledger, name: str, value: str) -> Any:
    """A value as the ledger takes it, from the words of this office."""
    if name == "standing":
        if value not in (*_YES, *_NO):
            raise LedgerError("ledger.value", f"“长期坚持”应写是或否，现为“{value}”")
        return value in _YES
    labels = {"status": ledger.settings.status_labels, "progress": ledger.settings.progress_labels}.get(name, {})
    return next((code for code, label in labels.items() if value == label), value)


def assign(desk: Desk, chosen: Chosen, on: date | None) -> int:
    """交办."""
    with desk.ledger() as (ledger, limits):
        ids = chosen.items(ledger, f"交办，交办日期 {on or ledger.today}", ("unassigned",), parts=False)
        _in_pieces(ledger, ids, "交办", lambda some: ledger.assign(some, on))
        tell(ledger, ids, limits)
    return OK


def note(desk: Desk, ref: str, said: Said) -> int:
    """Writes progress down."""
    with desk.ledger() as (ledger, limits):
        number, said = _with_period(ledger, ref, said)
        found = figures_of(ledger.item(number), said.period or _at_hand(ledger, number), said.actual)
        with ledger.batch():
            if found.named:
                _put(ledger, number, found)
            if not found.named or any(said.texts.values()):
                ledger.note(number, said.period, **said.texts, actual=found.single)
        _tell_period(ledger, number, said.period or (found.period if said.actual else ""), limits)
    return OK


def report(desk: Desk, ref: str, said: Said, evidence: Sequence[Path]) -> int:
    """反馈, with files that show what was done."""
    with desk.ledger() as (ledger, limits):
        number, said = _with_period(ledger, ref, said)
        detail = ledger.item(number)
        if waiting := [
            part for part in detail.parts if part.filing == "filed" and part.status not in ("closed", "stopped")
        ]:
            shown = "、".join(f"{part.number} {part.unit or words(part, 10)}" for part in waiting[:5])
            raise LedgerError(
                "ledger.parts", f"事项 {detail.item.number} 分给了 {len(detail.parts)} 个单位，由它们各自反馈",
                remedy=f"请写分项编号：{shown}{'……' if len(waiting) > 5 else ''}",
            )  # fmt: skip
        period = said.period or _at_hand(ledger, number)
        found = figures_of(detail, period, said.actual)
        with ledger.batch():
            for path in evidence:
                ledger.attach(number, path, period)
            _put(ledger, number, found)
            ledger.report(number, said.period, **said.texts, actual=found.single)
        _tell_period(ledger, number, period, limits)
    return OK


def _put(ledger: Ledger, number: int, found: Figures) -> None:
    for series, actual in found.named:
        ledger.set_occurrence(number, found.period, actual=actual, series=series)


def _at_hand(ledger: Ledger, number: int) -> str:
    """The period that a report without one is about."""
    found = [one for one in ledger.occurrences([number], open_only=True)]
    return min(found, key=lambda one: (one.due, one.id)).period if found else ""


def _with_period(ledger: Ledger, ref: str, said: Said) -> tuple[int, Said]:
    number = only(ledger, ref)
    return number, replace(said, period=period_of(ledger.item(number), said.period, ledger.today.year))


def _tell_period(ledger: Ledger, number: int, period: str, limits: Thresholds) -> None:
    shown = reached(ledger.item(number), period) if period else ""
    tell(ledger, [number], limits, (lambda _: shown) if shown else None)


def review(desk: Desk, chosen: Chosen, returned: str | None) -> int:
    """审核: accepts what was reported, or returns it with a reason."""
    with desk.ledger() as (ledger, limits):
        ids = chosen.items(ledger, "审核通过" if returned is None else f"退回重办：{returned}", ("reported",))

        def decide(some: Sequence[int]) -> None:
            for number in some:
                ledger.accept(number) if returned is None else ledger.return_(number, returned)

        _in_pieces(ledger, ids, "审核", decide)
        tell(ledger, ids, limits)
    return OK


def close(desk: Desk, chosen: Chosen, reason: str, evidence: Path | None, on: date | None) -> int:
    """办结销号."""
    with desk.ledger() as (ledger, limits):
        ids = chosen.items(ledger, f"办结销号，办结日期 {on or ledger.today}", ("working", "returned", "reported"))
        _in_pieces(ledger, ids, "办结", lambda some: ledger.close(some, reason, evidence=evidence, closed_on=on))
        tell(ledger, ids, limits)
    return OK


def stop(desk: Desk, chosen: Chosen, reason: str) -> int:
    """中止."""
    return _each(desk, chosen, f"中止：{reason}", lambda ledger, ids: ledger.stop(ids, reason))


def reopen(desk: Desk, chosen: Chosen) -> int:
    """Closed and stopped items are worked on again; what wasn't assigned goes back to 待立项."""
    return _each(desk, chosen, "重新办理", lambda ledger, ids: ledger.reopen(ids), ("closed", "stopped"))


def acknowledge(desk: Desk, chosen: Chosen) -> int:
    """What a reissue changed has been seen."""
    return _each(desk, chosen, "看过改版的变化", lambda ledger, ids: ledger.acknowledge(ids))


def _each(
    desk: Desk, chosen: Chosen, deed: str, do: Callable[[Ledger, Sequence[int]], int], status: Sequence[str] = ()
) -> int:  # fmt: skip
    with desk.ledger() as (ledger, limits):
        ids = chosen.items(ledger, deed, status)
        _in_pieces(ledger, ids, "办理", lambda some: do(ledger, some))
        tell(ledger, ids, limits)
    return OK


def extend(
    desk: Desk, ref: str, to: date, *, reason: str, approved_by: str, applied_on: date | None, period: str
) -> int:
    """A later date; of what was divided, its parts with the same date too."""
    with desk.ledger() as (ledger, limits):
        number = only(ledger, ref)
        detail = ledger.item(number)
        parts = [part.id for part in detail.parts]
        before = len(ledger.extensions(parts)) if parts else 0
        named = period_of(detail, period, ledger.today.year)
        ledger.extend(number, to, reason, approved_by, applied_on, named)
        also = len(ledger.extensions(parts)) - before if parts else 0
        tell(ledger, [number], limits, (lambda _: f"连同 {also} 个分项") if also else None)
    return OK


def split(desk: Desk, ref: str, units: Sequence[str], texts: Sequence[str], *, together: bool) -> int:
    """Divides an item among units, or into several of its own."""
    if bool(units) == bool(texts):
        raise click.UsageError("请写 --units 分给哪些单位，或 --into 分成哪几项（可写多次），二者之一")
    with desk.ledger() as (ledger, limits):
        number = only(ledger, ref)
        if units:
            shared = {"shared": True} if together else {}
            parts: list[dict[str, Any]] = [{"unit": each, **shared} for each in _units(ledger, number, units)]
        else:
            parts = [{"title": each} for each in texts]
        made = ledger.split(number, parts)
        tell(ledger, [number, *made], limits)
    return OK


def _units(ledger: Ledger, number: int, given: Sequence[str]) -> list[str]:
    """Units by the roster's names; a set stands for its members."""
    import re

    from pipeline.tracker.roster import Roster

    roster, item = Roster(ledger.units(), ledger.unit_sets()), ledger.item(number).item
    on = item.assigned_on or item.issued_on or ledger.today
    found: list[str] = []
    for name in (each.strip() for given_one in given for each in re.split(r"[,，、;；]", given_one) if each.strip()):
        if roster.defined(name, on, item.agency):
            expansion = roster.expand(name, on, item.agency)
            if expansion.problem:
                raise LedgerError(expansion.problem.code, expansion.problem.message)
            found += expansion.units
            continue
        unit = roster.resolve(name, on, item.agency)
        if unit is None and roster.units:
            print(f"注意：名册里没有“{name}”", file=sys.stderr)
        found.append(unit or name)
    if not found:
        raise LedgerError("ledger.split", "没有写单位", remedy="如 --units 城北中队,城南中队")
    return list(dict.fromkeys(found))


def undo(desk: Desk, batch: int | None) -> int:
    """Takes a step back, and prints what it was."""
    with desk.ledger() as (ledger, limits):
        made = ledger.undo(batch)
        ids = list(dict.fromkeys(event.item for event in reversed(made)))
        periods = {one.id: one.period for one in ledger.occurrences(ids)}
        named = {item.id: item for item in by_ids(ledger, ids)}
        print(f"撤销了第 {made[0].batch} 次操作（{made[0].by}），涉及 {len(ids)} 项：")
        for event in reversed(made):
            item = named[event.item]
            print(f"  {item.number or f'序号 {item.id}'}  {told(event, ledger.settings, periods)}")
        print("现在：")
        tell(ledger, ids, limits)
    return OK
