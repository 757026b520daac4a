"""The work of the commands that take the ledger out to workbooks and bring them back."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.console_ledger import FAILED, OK, Wanted, bar, may_write, one_line, opened, print_table, with_parts
from pipeline.tracker.types import ACTIVE, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.ledger_book import Paper
    from pipeline.tracker.returns_types import Plan

_TITLE = "督办事项台账"


def export(
    folder: Path, output: Path, wanted: Wanted, *, template: Path | None, paper: Paper | None, title: str | None,
    as_of: date | None, unit: str | None, sure: bool,
) -> int:  # fmt: skip
    """Writes items as a workbook, or into the office's own form."""
    from pipeline.tracker.ledger_book import Face, write_book
    from pipeline.tracker.lines import lines

    with opened(folder) as (_, ledger):
        query, day = wanted.query(ledger), as_of or ledger.today
        named = unit if unit is not None else query.unit or ledger.settings.unit
        count = _some(ledger, query)
        if not may_write([output], sure):
            return FAILED
        if template is not None:
            return _into_form(ledger, query, template, output, day, named)
        with _bar("写台账", count) as step:
            face = Face(day, title or _TITLE, named, paper or "A3")
            rows = write_book(
                lines(ledger, query, day), output, face, labels=ledger.settings.progress_labels, step=step
            )
    print(f"写了 {rows} 项到 {output}")
    return OK


def _into_form(ledger: Ledger, query: Query, template: Path, output: Path, day: date, unit: str) -> int:
    from pipeline.tracker.template_book import fill_template

    filled = fill_template(ledger, query, template, output, day, unit=unit)
    print(f"照 {template.name} 的样子写了 {filled.rows} 项到 {output}")
    if filled.unknown:
        print(f"注意：没有认出这些表头，它们的列空着：{'、'.join(filled.unknown)}", file=sys.stderr)
    if filled.replaced:
        print(f"注意：模板表头下面原有的 {filled.replaced} 行（多为示例）没有保留", file=sys.stderr)
    return OK


def split(
    folder: Path, output: Path, wanted: Wanted, *, units: Sequence[str], paper: Paper | None, title: str | None,
    as_of: date | None, sure: bool,
) -> int:  # fmt: skip
    """Writes one workbook a unit, with what the unit has to report on."""
    from pipeline.tracker.split import NO_UNIT, note_sent, planned, write_all

    with opened(folder) as (_, ledger):
        # A unit's own rows are those that it leads; the others' are in their files.
        chosen = [*units, *filter(None, [wanted.unit, ledger.settings.unit if wanted.mine else None])]
        query = with_parts(ledger, replace(wanted, unit=None, mine=False).query(ledger))
        query = query if query.status else replace(query, status=tuple(sorted(ACTIVE)))
        _some(ledger, query)
        day = as_of or ledger.today
        files = planned(ledger, query, output, day, title=title or _TITLE, paper=paper or "A3", units=chosen)
        if not may_write([file.path for file in files], sure):
            return FAILED
        with _bar("写各单位的反馈表", sum(len(file.rows) for file in files)) as step:
            write_all(files, labels=ledger.settings.progress_labels, step=step)
        note_sent(ledger, files)
        known = {unit.name for unit in ledger.units()}
    print_table(("单位", "事项", "文件"), [(file.unit, str(len(file.rows)), str(file.path)) for file in files])
    others = [file.unit for file in files if file.unit not in known and file.unit != NO_UNIT]
    if known and others:
        print(f"注意：名册里没有的，也各写了一个文件：{'、'.join(others)}", file=sys.stderr)
    print(f"共 {len(files)} 个文件。填好收回后：duban ledger import {output}")
    return OK


def import_(
    folder: Path, paths: Sequence[Path], *, full: bool, sure: bool, likely: bool, doubts: Path | None,
    as_of: date | None, operator: str | None,
) -> int:  # fmt: skip
    """Takes returned workbooks: tells what they change, asks, changes it, and gives the doubtful ones back."""
    from pipeline.tracker.returns import note_returned, plan_returns

    with opened(folder, operator) as (_, ledger):
        with _bar("读反馈表", None) as step:
            plan = plan_returns(ledger, paths, as_of=as_of, full=full, step=step)
        for line in plan.lines():
            print(line)
        confirmed = set() if sure or likely else _ask_likely(plan)
        certain = [c for c in plan.changes if c.sure or likely or c.item in confirmed]
        left = _left(plan, len(certain))
        if certain:
            items = len({change.item for change in certain})
            if not sure and not click.confirm(f"采纳这 {len(certain)} 处改动（{items} 个事项）吗"):
                print("没有采纳，台账没有变")
                return FAILED
            left |= _take(ledger, plan, confirmed, likely)
        else:
            print("没有可采纳的改动，台账没有变")
        copies = _give_back(plan, paths, doubts)
        note_returned(ledger, plan)
    return FAILED if left or copies or any(file.problem for file in plan.files) else OK


def _ask_likely(plan: Plan) -> set[int]:
    """Items whose rows were told by their words only, and which a person says are they."""
    confirmed: set[int] = set()
    for change in {c.item: c for c in plan.changes if not c.sure}.values():
        row = f"{change.place}按文字认出是 {change.number or change.item}“{one_line(change.title, 30)}”，对吗"
        if click.confirm(row, default=False):
            confirmed.add(change.item)
    return confirmed


def _left(plan: Plan, certain: int) -> bool:
    count = len(plan.changes) - certain
    if count:
        print(f"按文字认出、没有确认的 {count} 处没有采纳；确认无误可加 --likely")
    return bool(count)


def _take(ledger: Ledger, plan: Plan, confirmed: set[int], likely: bool) -> bool:
    from pipeline.tracker.returns_apply import apply_plan

    done = apply_plan(ledger, plan, confirmed=confirmed, all_likely=likely)
    print(f"已采纳 {done.cells} 处改动，{done.items} 个事项" + ("；duban undo 可撤销" if done.batch else ""))
    if done.left:
        names = "、".join(map(str, done.left[:20]))
        print(f"注意：刚才又被别人改过、没有动的事项 {len(done.left)} 个：{names}；请再导入一次", file=sys.stderr)
    return bool(done.left)


def _give_back(plan: Plan, paths: Sequence[Path], doubts: Path | None) -> list[Path]:
    """Copies with a comment in every cell that couldn't be taken, beside what was returned."""
    from pipeline.tracker.returns_mark import MARK, write_doubts

    first = paths[0] if paths[0].name not in ("", "..") else paths[0].resolve()
    beside = first.with_name(f"{first.name}{MARK}") if first.is_dir() else first.parent / MARK.strip("（）")
    copies = write_doubts(plan, doubts or beside)
    for path in copies:
        print(f"有存疑或冲突，批注了的退回件：{path}")
    return copies


def _some(ledger: Ledger, query: Query) -> int:
    """How many items a query lets through.

    Raises:
        LedgerError: none.
    """
    count = min(ledger.count(query), query.limit or sys.maxsize)
    if not count:
        remedy = "请放宽条件" if ledger.count(Query(ledger.today)) else "台账里还没有立项的事项，请先 duban confirm"
        raise LedgerError("ledger.nothing", "没有符合条件的事项，没有写文件", remedy=remedy)
    return count


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Any]:
    """A progress bar; gives what moves it on by one."""
    done = itertools.count(1)
    with bar(what) as told:
        yield lambda: told(next(done), total)
