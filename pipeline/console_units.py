"""The work of the commands on the roster of units (单位名册)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.console_ledger import FAILED, OK, may_write, one_line, opened, print_json, print_table, resolve
from pipeline.tracker.types import LedgerError, Query, Unit, UnitSet

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.parts import PartsPlan
    from pipeline.tracker.roster import Roster
    from pipeline.tracker.roster_change import Replaced
    from pipeline.tracker.types import Item

#: So many of a kind are named one by one.
_NAMED = 20


def list_units(folder: Path, *, as_json: bool) -> int:
    """Prints the roster: units, and what 各单位 and the like mean."""
    with opened(folder) as (_, ledger):
        units, sets = ledger.units(), ledger.unit_sets()
    if as_json:
        shown = {"units": [asdict(one) for one in units], "sets": [asdict(one) for one in sets]}
        print_json({name: [_dated(row) for row in rows] for name, rows in shown.items()})
        return OK
    if not units and not sets:
        print("还没有单位名册。duban units template 名册.xlsx 生成空白名册，填好后 duban units import 名册.xlsx")
        return OK
    heads = ("单位", "简称", "所属机关", "分管领导", "联络员", "电话", "起止")
    rows = [
        (u.name, "、".join(u.short_names), u.agency, u.leader, u.contact, u.phone, _span(u)) for u in units
    ]  # fmt: skip
    kept = [n for n in range(len(heads)) if n == 0 or any(row[n] for row in rows)]
    print_table([heads[n] for n in kept], [[row[n] for n in kept] for row in rows], wide=("简称", "所属机关"))
    for one in sets:
        told = "，".join(filter(None, (one.agency, _span(one))))
        print(f"{one.name}{f'（{told}）' if told else ''}＝{'、'.join(one.members)}")
    print(f"共 {len(units)} 个单位，{len(sets)} 个集合")
    return OK


def template(file: Path, *, sure: bool) -> int:
    """Writes an empty roster to fill in."""
    from pipeline.tracker.roster_book import write_template

    if not may_write([file], sure):
        return FAILED
    write_template(file)
    print(f"空白名册写到 {file}。填好“单位”“集合”两张表后，运行 duban units import {file}")
    return OK


def export(folder: Path, file: Path, *, sure: bool) -> int:
    """Writes the roster as a workbook that ``import_units`` takes."""
    from pipeline.tracker.roster_book import write

    with opened(folder) as (_, ledger):
        units, sets = ledger.units(), ledger.unit_sets()
    if not may_write([file], sure):
        return FAILED
    write(file, units, sets)
    print(f"名册写到 {file}：{len(units)} 个单位，{len(sets)} 个集合")
    return OK


def import_units(folder: Path, file: Path, *, sure: bool, operator: str | None) -> int:
    """Puts a workbook's roster in the place of the one before, after telling what that changes."""
    from pipeline.tracker import roster_book
    from pipeline.tracker.roster_change import replaced

    book = roster_book.read(file)
    if not book.units:
        raise LedgerError(
            "ledger.roster_empty", f"{file.name} 的“单位”表里没有单位",
            remedy="名称以（示例）开头的行不算；请填好再导入",
        )  # fmt: skip
    with opened(folder, operator) as (_, ledger):
        old, old_sets = ledger.units(), ledger.unit_sets()
        found = (("单位", replaced(old, book.units)), ("集合", replaced(old_sets, book.sets)))
        for what, change in found:
            _tell_replaced(what, change)
        for problem in book.problems:
            print(f"注意：{problem.message}", file=sys.stderr)
        same = (old, old_sets) == (list(book.units), list(book.sets))
        if same:
            print(f"与现有名册相同（{len(old)} 个单位，{len(old_sets)} 个集合），没有改动")
        elif not sure and (old or book.problems) and not click.confirm(_question(bool(old), len(book.problems))):
            print("没有导入")
            return FAILED
        else:
            with ledger.batch():
                ledger.set_units(book.units)
                ledger.set_unit_sets(book.sets)
            print(f"已导入 {len(book.units)} 个单位，{len(book.sets)} 个集合")
        _tell_open(ledger)
    return FAILED if book.problems else OK


def divide(folder: Path, refs: Sequence[str], *, sure: bool, operator: str | None) -> int:
    """Divides items whose 各单位 the roster tells among its units; those named, or all that can be."""
    from pipeline.tracker.parts import divide as divide_one
    from pipeline.tracker.roster import Roster

    with opened(folder, operator) as (_, ledger):
        roster = Roster(ledger.units(), ledger.unit_sets())
        ids = tuple(resolve(ledger, refs)) if refs else ()
        items = ledger.items(Query(ledger.today, filing=() if ids else ("filed",), ids=ids))
        ready, problems = _ready(ledger, items, roster, bool(refs))
        for problem in problems:
            print(f"注意：{problem}", file=sys.stderr)
        if not ready:
            print("没有可按名册分解的事项")
            return FAILED if problems else OK
        parts = sum(len(plan.units) for _, plan in ready)
        for item, plan in ready[:_NAMED]:
            together = "，指标合计" if plan.shared else ""
            print(f"{item.number}  {one_line(item.title or item.text)}：{len(plan.units)} 个单位{together}")
        if len(ready) > _NAMED:
            print(f"…… 等 {len(ready)} 项")
        if not sure and not click.confirm(f"把 {len(ready)} 个事项分解给各单位（共 {parts} 个子项）吗"):
            print("没有分解")
            return FAILED
        with ledger.batch():
            for item, _ in ready:
                divide_one(ledger, item.id, roster)
    print(f"已分解 {len(ready)} 个事项，{parts} 个子项；duban undo 可撤销")
    return FAILED if problems else OK


def _ready(
    ledger: Ledger, items: Sequence[Item], roster: Roster, named: bool
) -> tuple[list[tuple[Item, PartsPlan]], list[str]]:
    """Items that can be divided, and of those that were named why not."""
    from pipeline.tracker.parts import plan_parts
    from pipeline.tracker.roster_change import divisible

    ready = list(divisible(items, roster, ledger.today))
    if not named:
        return ready, []
    chosen, problems = {item.id for item, _ in ready}, []
    for item in items:
        if item.id in chosen:
            continue
        plan = plan_parts(item, roster, item.assigned_on or item.issued_on or ledger.today)
        name = f"事项 {item.number or item.id}"
        if item.filing != "filed":
            why = f"{name} 还没有立项；立项时自动分解"
        elif item.parts or item.parent is not None:
            why = f"{name} 已经分解过"
        else:
            why = "；".join(one.message for one in plan.problems) or f"{name} 没有要分解的“各单位”，或已经办结"
        problems.append(why)
    return ready, problems


def _tell_replaced(what: str, change: Replaced) -> None:
    for names, mark in ((change.new, "增加"), (change.gone, "去掉")):
        if names:
            print(f"{mark}{what} {len(names)} 个：{_some(names)}")
    changed = change.changed or {}
    if changed:
        print(f"修改{what} {len(changed)} 个：")
    for name, cells in list(changed.items())[:_NAMED]:
        told = (
            f"{head}：{after}" if head.endswith("成员") else f"{head}：{before or '（空）'} → {after or '（空）'}"
            for head, before, after in cells
        )  # fmt: skip
        print(f"  {name}  {'；'.join(told) or '成员的次序'}")
    if len(changed) > _NAMED:
        print(f"  …… 等 {len(changed)} 个")


def _question(replaces: bool, problems: int) -> str:
    told = f"名册有 {problems} 处问题（见上）。" if problems else ""
    return told + ("用它替换现有名册吗（duban undo 撤销不了名册）" if replaces else "仍要导入吗")


def _tell_open(ledger: Ledger) -> None:
    """What the roster leaves open: names that it doesn't know, items that can be divided now."""
    from pipeline.tracker.roster import Roster
    from pipeline.tracker.roster_change import divisible, unknown

    roster = Roster(ledger.units(), ledger.unit_sets())
    items = ledger.items(Query(ledger.today, filing=("pending", "filed")))
    names = unknown(items, roster, ledger.today)
    for whole, told in ((False, "事项里有、名册里没有的单位"), (True, "没有定义的统称（请填在“集合”表）")):
        lacking = [f"{one.name}（{one.items} 项）" for one in names if one.whole == whole]
        if lacking:
            print(f"注意：{told} {len(lacking)} 个：{_some(lacking)}", file=sys.stderr)
    ready = list(divisible(items, roster, ledger.today))
    if ready:
        print(f"已立项的事项里有 {len(ready)} 项的“各单位”现在可以分解：duban units divide")


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + ("……" if len(names) > _NAMED else "")


def _span(one: Unit | UnitSet) -> str:
    if one.valid_from is None and one.valid_to is None:
        return ""
    return "至".join(day.isoformat() if day else "" for day in (one.valid_from, one.valid_to))


def _dated(row: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
