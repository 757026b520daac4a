"""The work of ``duban task``: one item with all that hangs on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.columns import width, wrap
from pipeline.console_chosen import only
from pipeline.console_ledger import OK, opened
from pipeline.console_task_dates import dates
from pipeline.console_tasks import LAMPS, as_record, plain
from pipeline.table import Cell, Column, coloured, columns_here, show
from pipeline.tracker.entries import figure, period_words
from pipeline.tracker.grid import lines
from pipeline.tracker.labels import ROLES, STATES, told
from pipeline.tracker.listing import headline
from pipeline.tracker.types import FILING_LABELS, ORIGIN_LABELS, Detail

if TYPE_CHECKING:
    from pipeline.tracker.grid import Line
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.listing import Row
    from pipeline.tracker.settings import LedgerSettings

_LABEL = 10


def task(folder: Path, ref: str, *, as_json: bool) -> int:
    """Prints an item."""
    from pipeline.tracker.listing import rows
    from pipeline.tracker.parts import standing

    with opened(folder) as (office, ledger):
        detail, limits = ledger.item(only(ledger, ref)), office.config.lamps
        (shown,) = rows(ledger, [detail.item], limits)
        grid = lines(detail.occurrences, ledger.today, thresholds=limits)
        if as_json:
            print(json.dumps(_record(detail, shown, grid, ledger), ensure_ascii=False, indent=2, default=plain))
            return OK
        _head(detail, shown, ledger.settings, office.overlay.topics.name)
        dates(detail.occurrences, grid, ledger.today)
        if detail.parts:
            text = standing(ledger, detail.item.id, ledger.today).text
            _parts(text, list(rows(ledger, detail.parts, limits)), ledger.settings)
        _said(detail)
        _history(detail, ledger.settings)
    return OK


def _head(detail: Detail, row: Row, settings: LedgerSettings, topic: Callable[[str], str]) -> None:
    item = detail.item
    lamp, colour = LAMPS[row.lamp]
    number = item.number or f"序号 {item.id}"
    state = settings.status_labels[item.status] if item.filing == "filed" else FILING_LABELS[item.filing]
    progress = f"，{settings.progress_labels[row.progress]}" if item.filing == "filed" else ""
    _print(f"{number}  {headline(item, 60)}")
    shown = f"{lamp}灯" if row.lamp != "none" else "不亮灯"
    if colour and coloured():
        from click import style

        shown = style(shown, fg=colour)
    late = f"，逾期 {row.late} 天" if row.late else ""
    print(f"{shown}，{state}{progress}{late}" + (f"，{STATES[item.state]}" if STATES.get(item.state) else ""))
    source = f"{ORIGIN_LABELS[item.origin]}{'：' if item.source else ''}{item.source}"
    path = [part for part in item.section if part not in item.source]
    table = f"，{item.table}" if item.table and item.table not in item.source else ""
    page = f"，第 {item.page} 页" if item.page else ""
    key = f"，任务编号 {item.key}" if item.key else ""
    pairs = [
        ("序号", f"{item.id}{key}，第 {item.revision} 次改动后" if item.revision else f"{item.id}{key}"),
        ("来源", source + table + page), ("章节", " / ".join(path)), ("原文", item.text),
        ("具体要求", item.requirement if item.requirement != item.text else ""), ("量化目标", item.quota),
        ("责任领导", item.leader), *_who(detail), ("单位", item.unit or ""),
        ("主题", "、".join(map(topic, item.topics))),
        ("交办日期", str(item.assigned_on or "")), ("完成时限", _due(detail)),
        ("下一时限", f"{row.deadline}" if item.next_due and item.next_due != item.deadline else ""),
        ("办结日期", str(item.closed_on or "")), ("理由", item.reason),
        ("建议", f"{FILING_LABELS.get(item.proposal or '', '')} {item.proposal_reason}".strip()
         if item.filing == "pending" else ""),
    ]  # fmt: skip
    for name, value in pairs:
        if value:
            _print(value, name)


def _who(detail: Detail) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for party in detail.item.parties:
        unit = f"（{party.unit}）" if party.unit and party.unit != party.name else ""
        found.setdefault(party.role, []).append(party.name + unit)
    return [(ROLES.get(role, role), "、".join(names)) for role, names in found.items()]


def _due(detail: Detail) -> str:
    item = detail.item
    parts = [f"“{item.time_text}”"] if item.time_text else []
    parts += [str(item.due)] if item.due else []
    if item.adjusted_due:
        parts.append(f"延至 {item.adjusted_due}")
    return "，".join(parts) or ("长期" if item.standing else "")


def _parts(text: str, parts: Sequence[Row], settings: LedgerSettings) -> None:
    print()
    _print(text)
    show(
        (Column("灯", 2), Column("督办编号", 16), Column("单位"), Column("时限", 14), Column("状态", 16)),
        ([Cell(*LAMPS[each.lamp]), each.item.number or f"序号 {each.item.id}",
          each.item.unit or headline(each.item, 40),
          f"{each.deadline or ''}{'延' if each.adjusted else ''}",
          settings.status_labels[each.item.status] + (f"，逾期{each.late}天" if each.late else "")]
         for each in parts),
    )  # fmt: skip


def _said(detail: Detail) -> None:
    if detail.notes:
        print("\n进展")
    for note in detail.notes:
        period = period_words(note.period) or note.period
        actual = f"完成 {figure(note.actual)}" if note.actual is not None else ""
        print("  " + "  ".join(filter(None, (moment(note.at), note.by, period, actual))))
        for name, value in (("进展", note.progress), ("问题", note.problems), ("措施", note.next_steps)):
            if value:
                _print(value, f"  {name}")
    _list("佐证材料", (
        f"{moment(one.at)}  {one.by}  {one.name}（{one.bytes:,} 字节，{one.sha256[:12]}）"
        + (f"  {period_words(one.period) or one.period}" if one.period else "") for one in detail.evidence
    ))  # fmt: skip
    _list("延期", (
        f"{one.applied_on} 申请，延至 {one.new_due}，{one.approved_by}批准"
        + (f"，{one.reason}" if one.reason else "")
        + (f"（{period_words(one.period) or one.period}）" if one.period else "")
        for one in detail.extensions
    ))  # fmt: skip
    _list("提醒和催办", (f"{one.on}  {one.unit}  {stage(one.stage)}  {one.by}" for one in detail.reminders))


def stage(code: str) -> str:
    """A reminder's stage in words."""
    if code.startswith("chase-"):
        return f"第{code[6:]}次催办"
    return "当天提醒" if code == "0" else f"提前{code}个工作日提醒" if code.isdecimal() else code


def _history(detail: Detail, settings: LedgerSettings) -> None:
    periods = {one.id: one.period for one in detail.occurrences}
    print("\n历史")
    for event in detail.history:
        undone = f"（{moment(event.undone_at)} {event.undone_by} 撤销）" if event.undone_at else ""
        _print(f"第{event.batch}次  {moment(event.at)}  {event.by}  {told(event, settings, periods)}{undone}", "")


def _list(title: str, values: Iterable[str]) -> None:
    found = list(values)
    if found:
        print(f"\n{title}")
    for value in found:
        _print(value, "")


def moment(at: str) -> str:
    """A moment as it is here."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"


def _print(text: str, label: str | None = None) -> None:
    """A text in the lines that there is room for; behind a label, or set in where that is empty."""
    indent = 0 if label is None else _LABEL if label else 2
    head = (label or "") + " " * (indent - width(label or ""))
    room = columns_here() - indent
    pieces = [piece for line in text.split("\n") for piece in wrap(line, room)]
    for number, piece in enumerate(pieces):
        print((head if not number else " " * indent) + piece)


def _record(detail: Detail, row: Row, grid: Sequence[Line], ledger: Ledger) -> dict[str, Any]:
    found = {name: [asdict(one) for one in getattr(detail, name)]
             for name in ("occurrences", "notes", "evidence", "extensions", "reminders", "history")}  # fmt: skip
    return {
        "item": as_record(row, ledger.settings), **found, "grid": [asdict(line) for line in grid],
        "parts": [asdict(part) for part in detail.parts],
    }  # fmt: skip
