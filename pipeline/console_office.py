"""The work of remind, letters and bulletin."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console_ledger import (
    FAILED,
    OK,
    Wanted,
    bar,
    may_write,
    opened,
    print_json,
    print_table,
    unit_names,
)

if TYPE_CHECKING:
    from pipeline.tracker.bulletin_blocks import Bulletin
    from pipeline.tracker.figures import Figures
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.remind import Due
    from pipeline.tracker.reminding import Reminded

_TEMPLATES = "templates"


def remind(folder: Path, wish: Mapping[str, Any], *, operator: str | None) -> int:
    """Prints what each unit hears today, keeps it as sent, and writes and mails what is wished.

    Args:
        wish: the command's options by name.

    Returns:
        1 where a mail didn't go out.

    Raises:
        LedgerError: as ``reminding.remind`` and ``reminding.write_feed``; a unit that nobody knows.
    """
    from pipeline.tracker import reminding

    with opened(folder, operator) as (office, ledger):
        units, config = unit_names(ledger, wish["units"]), office.config
        done = reminding.remind(
            ledger, config.remind,
            reminding.Wishes(
                units, not wish["look"], wish["again"], wish["letters"], office.workspace.folder / _TEMPLATES,
                config.mail if wish["mail"] else None, os.environ,
            ),
        )  # fmt: skip
        dates = _calendar(ledger, config.remind, units, wish) if wish["ics"] else None
    if wish["as_json"]:
        print_json(_told(done, wish, dates, config.remind.sender))
    else:
        print(done.text)
        _also(done, wish, dates)
    for unit, why in done.unmailed:
        print(f"没有发出：{unit}（{why}）", file=sys.stderr)
    return FAILED if done.unmailed else OK


def _calendar(ledger: Ledger, settings: Any, units: Sequence[str], wish: Mapping[str, Any]) -> int:
    from pipeline.tracker import reminding

    name = "督办台账" + (f"（{'、'.join(units)}）" if units else "")
    kind: Any = "todo" if wish["todo"] else "event"
    return reminding.write_feed(ledger, settings, wish["ics"], units=units, kind=kind, name=name)


def _also(done: Reminded, wish: Mapping[str, Any], dates: int | None) -> None:
    """What was written, mailed and kept, beside the text that is to be sent."""
    lines = []
    if wish["letters"] is not None:
        lines.append(
            f"催办单、督办单写到 {wish['letters']}：{len(done.letters)} 份" if done.letters else "没有要写的催办单"
        )
    if dates is not None:
        lines.append(f"日历写到 {wish['ics']}：{dates} 项")
    if done.mailed:
        lines.append(f"邮件已发给 {len(done.mailed)} 个单位：{'、'.join(done.mailed)}")
    if done.noted:
        lines.append(f"已记为提醒过，共 {done.noted} 项次；今天要再看，用 duban remind --again")
    elif wish["look"] and done.plan.digests:
        lines.append("只是看看，没有记为提醒过")
    if lines:
        print(file=sys.stderr)
    for line in lines:
        print(line, file=sys.stderr)


def _told(done: Reminded, wish: Mapping[str, Any], dates: int | None, sender: str) -> dict[str, Any]:
    from pipeline.tracker.remind_text import chat

    return {
        "digests": [
            {"unit": each.unit, "on": each.on.isoformat(), "text": chat(each, sender),
             "due": [_due(one) for one in each.due]}
            for each in done.plan.digests
        ],
        "waiting": list(done.plan.waiting),
        "unassigned": [item.number or str(item.id) for item in done.plan.unassigned],
        "ownerless": [item.number or str(item.id) for item in done.plan.ownerless],
        "letters": [str(path) for path in done.letters],
        "calendar": None if dates is None else {"file": str(wish["ics"]), "items": dates},
        "mailed": list(done.mailed),
        "unmailed": [{"unit": unit, "reason": why} for unit, why in done.unmailed],
        "noted": done.noted,
    }  # fmt: skip


def _due(one: Due) -> dict[str, Any]:
    return {
        "id": one.item.id, "number": one.item.number, "title": one.item.title, "text": one.item.text,
        "period": one.period, "deadline": one.deadline.isoformat(), "stage": one.stage, "workdays_left": one.days,
        "chase": one.chase,
    }  # fmt: skip


def letters(folder: Path, refs: Sequence[str], given: Mapping[str, Any], output: Path) -> int:
    """Writes 交办单 for items and says where they are; 1 where one of them isn't filed.

    Raises:
        LedgerError: an item that isn't there, none that fits, a template that can't be used.
    """
    from pipeline.tracker import reminding
    from pipeline.tracker.types import LedgerError

    with opened(folder) as (office, ledger):
        query = Wanted(refs=tuple(refs), **given).query(ledger)
        items = ledger.items(query)
        left = sorted(set(query.ids) - {item.id for item in items})
        if not items:
            told, remedy = "没有立项的事项可写交办单", "请先立项（duban confirm），或放宽选项"
            raise LedgerError("ledger.nothing", told, remedy=remedy)
        made = reminding.write_assignments(
            ledger, [item.id for item in items], output, templates=office.workspace.folder / _TEMPLATES,
            sender=office.config.remind.sender,
        )  # fmt: skip
    for path in made:
        print(path)
    print(f"交办单写到 {output}：{len(made)} 份", file=sys.stderr)
    if left:
        print(f"没有写（未立项，或不合选项）：{'、'.join(map(str, left))}", file=sys.stderr)
    return FAILED if left else OK


def copy_templates(folder: Path, templates: Path) -> int:
    """Puts the letters' templates into a folder, for the office to change."""
    from pipeline.office import Office
    from pipeline.tracker import letters as forms

    used = Office.open(folder).workspace.folder / _TEMPLATES
    made = forms.copy_templates(templates)
    for path in made:
        print(path)
    told = "模板已复制" if made else "模板已经都在，没有改动"
    where = "" if templates.absolute() == used else f"；要用它们，请放到 {used}"
    print(f"{told}{where}", file=sys.stderr)
    return OK


def bulletin(folder: Path, as_of: date | None, wish: Mapping[str, Any], *, operator: str | None) -> int:
    """Prints a bulletin's figures, and writes it where files are named.

    Args:
        wish: the command's options by name.

    Raises:
        LedgerError: the day lies ahead, a file that can't be written.
    """
    from pipeline.tracker import bulletin as making
    from pipeline.tracker import bulletin_files as files

    outputs: Sequence[Path] = wish["outputs"]
    for path in outputs:
        files.check(path)
    with opened(folder, operator) as (office, ledger):
        day = as_of or ledger.today
        if not may_write(outputs, wish["sure"]):
            return FAILED
        kept = [each for each in ledger.snapshots() if each.as_of == day]
        with bar("统计") as step:
            made, figures = making.make(
                ledger, day, office.config.bulletin, again=wish["again"], keep=bool(outputs), step=step
            )  # fmt: skip
    for path in outputs:
        files.write(made, path)
    if wish["as_json"]:
        print_json(figures.payload())
        return OK
    _figures(made, figures)
    for path in outputs:
        print(f"写出 {path}")
    if kept and not wish["again"]:
        last = kept[-1]
        print(f"数字是 {last.by} {last.at[:10]} 编这一天的通报时留存的；要重新统计，用 --again", file=sys.stderr)
    elif not outputs:
        print("没有写 --output，只看数字，没有留存", file=sys.stderr)
    return OK


def _figures(made: Bulletin, figures: Figures) -> None:
    from pipeline.tracker.bulletin_blocks import Table

    print(f"{made.title}　{made.subtitle}")
    print(f"督办事项 {figures.items} 项，已办结 {figures.closed} 项")
    table = next(block for block in made.blocks if isinstance(block, Table))
    print_table(table.heads, table.rows, right=table.heads[1:])
    late = [f"{each.unit} {each.count.overdue}" for each in figures.units if each.count.overdue]
    if late:
        print(f"有逾期的单位（件次）：{'，'.join(late)}")
