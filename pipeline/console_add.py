"""The work of ``duban add``: items that come from no notice, one by one and by workbook."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.console_ledger import FAILED, OK, code_of, may_write, one_line, opened, print_json
from pipeline.tracker.types import ORIGIN_LABELS, LedgerError

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: Options that name units and people: role and type.
_PARTIES = {
    "lead": ("lead", "department"), "owner": ("responsible", "department"), "support": ("support", "department"),
    "person": ("responsible", "person"),
}  # fmt: skip
#: A date without a year is taken for this year's, unless it lies so many days back.
_PAST = 90
_TEXTS = ("title", "text", "requirement", "quota", "leader", "source")
_ORIGINS = {code: label for code, label in ORIGIN_LABELS.items() if code != "notice"}


def add(
    folder: Path, given: Mapping[str, Any], *, file: bool, sure: bool, operator: str | None, as_json: bool
) -> int:  # fmt: skip
    """Adds one item, and files it at once where wished."""
    from pipeline.tracker.add_book import same_item, told_origin
    from pipeline.tracker.parts import file_with_units

    with opened(folder, operator) as (_, ledger):
        fields = _fields(given, ledger.today)
        origin = code_of(given["origin"], _ORIGINS, "来源") if given["origin"] else None
        known = same_item(ledger, fields)
        if known and not sure and not click.confirm(f"台账里已有同样的事项 {known.number or known.id}，仍要新增吗"):
            print("没有新增")
            return OK
        problems = []
        with ledger.batch():
            number = ledger.add(fields, origin or told_origin(given["source"] or "") or "other")
            if file:
                assigned: date | None = given["assigned_on"]
                problems = file_with_units(ledger, [number], assigned)
        for problem in problems:
            print(f"注意：{problem.message}", file=sys.stderr)
        _show(ledger, number, as_json)
    return OK


def _fields(given: Mapping[str, Any], today: date) -> dict[str, Any]:
    from pipeline.tracker.add_times import read_due
    from pipeline.tracker.cells import CellError, read_names

    fields: dict[str, Any] = {name: given[name].strip() for name in _TEXTS if given[name] and given[name].strip()}
    if not fields.keys() & {"title", "text", "requirement"}:
        raise LedgerError("ledger.no_text", "没有写事项的内容", remedy="请用 --title 或 --text 写明工作任务")
    fields.setdefault("text", fields.get("requirement") or fields.get("title"))
    fields["parties"] = [
        {"name": name, "role": role, "type": kind, "unit": None}
        for option, (role, kind) in _PARTIES.items()
        for name in read_names("、".join(given[option]))
    ]
    assigned = given["assigned_on"]
    if assigned:
        fields["assigned_on"] = assigned.isoformat()
    if given["due"]:
        try:
            fields |= read_due(given["due"], today, assigned_on=assigned, behind=_PAST)
        except CellError as error:
            raise LedgerError("ledger.date", str(error), remedy="也可写 11月底前、每月5日前、长期") from error
    return fields


def _show(ledger: Ledger, number: int, as_json: bool) -> None:
    item = ledger.item(number).item
    if as_json:
        print_json({
            "id": item.id, "number": item.number, "origin": item.origin, "filing": item.filing, "title": item.title,
            "text": item.text, "due": item.due.isoformat() if item.due else None, "rrule": item.rrule,
            "parts": item.parts,
        })  # fmt: skip
        return
    words = f"“{one_line(item.title or item.text, 30)}”（{_ORIGINS[item.origin]}）"
    if item.filing == "filed":
        parts = f"，拆给 {item.parts} 个单位" if item.parts else ""
        print(f"新增事项 {item.id} {words}，已立项：{item.number}{parts}")
    else:
        print(f"新增事项 {item.id} {words}，待立项（duban confirm --items {item.id} --file）")


def add_book(
    folder: Path, path: Path, *, origin: str | None, file: bool, sure: bool, operator: str | None, as_json: bool
) -> int:  # fmt: skip
    """Adds the items of a workbook, after telling which they are."""
    from pipeline.tracker.add_book import apply_additions, read_additions

    with opened(folder, operator) as (_, ledger):
        code = code_of(origin, _ORIGINS, "来源") if origin else "ledger"
        found = read_additions(ledger, path, origin=code)
        if not as_json:
            for line in found.lines():
                print(line)
        if not found.items:
            print("没有新增", file=sys.stderr if as_json else sys.stdout)
            return FAILED if found.doubts else OK
        what = "新增并立项" if file else "新增"
        if not sure and not click.confirm(f"{what}这 {len(found.items)} 项吗", err=as_json):
            print("没有新增", file=sys.stderr if as_json else sys.stdout)
            return OK
        made = apply_additions(ledger, found, file=file)
        for problem in dict.fromkeys(found.problems):
            print(f"注意：{problem}", file=sys.stderr)
    if as_json:
        print_json({"added": list(made), "known": len(found.known), "doubts": [str(d.message) for d in found.doubts]})
    else:
        print(f"新增 {len(made)} 项" + ("，已立项" if file else "，待立项（duban confirm）") + _ids(made))
    return FAILED if found.doubts else OK


def _ids(made: Sequence[int]) -> str:
    return f"：事项 {made[0]}..{made[-1]}" if len(made) > 1 else f"：事项 {made[0]}"


def template(path: Path, *, sure: bool) -> int:
    """Writes an empty workbook to fill in."""
    from pipeline.tracker.add_template import write_template

    if not may_write([path], sure):
        return FAILED
    write_template(path)
    print(f"空白登记表写到 {path}。填好后：duban add --from {path}")
    return OK
