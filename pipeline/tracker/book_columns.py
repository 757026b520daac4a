"""The columns of the ledger's workbook, and what a row shows in each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.tracker.lines import Line
from pipeline.tracker.sheets import plain
from pipeline.tracker.types import PROGRESS_LABELS

#: What a text that was too long for a cell ends with.
CUT_MARK = "……（过长）"
Shown = str | float | int | date | None
LAMP_LABELS = {"red": "红", "yellow": "黄", "green": "绿", "none": ""}


@dataclass(frozen=True)
class Column:
    """A column: its name, head (``上/下`` for heads in two rows), width, and who fills it in.

    Attributes:
        narrow: its width on A4, where that is another.
        look: how its cells look, where not as their kind.
        returned: the unit that reports fills it in.
        kept: a change by the supervising side is taken over; by others it is only told.
    """

    name: str
    head: str
    width: float
    kind: str = "text"
    returned: bool = False
    kept: bool = False
    narrow: float | None = None
    look: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("index", "序号", 5, "whole"),
    Column("number", "督办编号", 12),
    Column("source", "事项来源（文件、文号、条款）", 26, narrow=17, look="note"),
    Column("title", "工作任务", 24, kept=True, narrow=16),
    Column("requirement", "具体要求", 30, kept=True, narrow=26),
    Column("quota", "量化目标", 14, kept=True, narrow=10),
    Column("leader", "责任领导", 9, kept=True, narrow=7),
    Column("lead", "牵头单位", 12, kept=True, narrow=9),
    Column("support", "配合单位", 12, kept=True, narrow=9),
    Column("person", "责任人", 12, narrow=9),
    Column("assigned_on", "交办日期", 11, "date"),
    Column("time_text", "完成时限/原文", 13, narrow=10),
    Column("due", "完成时限/日期", 11, "date", kept=True),
    Column("adjusted_due", "调整后时限", 11, "date"),
    Column("last_progress", "上期进展", 20, narrow=14),
    Column("progress_text", "本期进展", 26, returned=True, narrow=17),
    Column("actual", "完成值", 8, "number", returned=True, narrow=7),
    Column("progress", "进度评价", 9, "choice", returned=True, narrow=8),
    Column("lamp", "亮灯", 5, "choice"),
    Column("problems", "存在问题", 17, returned=True, narrow=12),
    Column("next_steps", "下一步措施", 17, returned=True, narrow=12),
    Column("evidence", "佐证材料", 14, returned=True, narrow=9),
    Column("closed_on", "办结日期", 11, "date", returned=True),
    Column("remark", "备注", 14, returned=True, narrow=10),
)
BY_NAME = {column.name: column for column in COLUMNS}
#: Columns whose changes are noticed.
WATCHED = tuple(column.name for column in COLUMNS if column.returned or column.kept)


def shown(line: Line, number: int, labels: Mapping[str, str] = PROGRESS_LABELS) -> dict[str, Shown]:
    """What a row shows, by column; ``number`` is its 序号."""
    item = line.item
    people = [party.name for party in item.parties if party.type in ("person", "position")]
    leads = [party.name for party in item.parties if party.role in ("lead", "responsible") and party.name not in people]
    if not leads:
        leads = [p.name for p in item.parties if p.role in ("presenter", "participant") and p.name not in people]
    return {
        "index": number,
        "number": item.number,
        "source": item.source,
        "title": item.title or _short(item.text),
        "requirement": item.requirement or item.text,
        "quota": item.quota,
        "leader": item.leader,
        "lead": item.unit or "、".join(leads),
        "support": "、".join(name for name in item.names("support") if name not in people),
        "person": "、".join(name for name in people if name != item.leader),
        "assigned_on": item.assigned_on,
        "time_text": item.time_text,
        "due": line.current.due if line.current and (line.recurring or not item.due) else item.due,
        "adjusted_due": line.current.adjusted_due if line.current and line.recurring else item.adjusted_due,
        "last_progress": line.before.progress if line.before else None,
        "progress_text": line.now.progress if line.now else None,
        "actual": line.actual if line.figures < 2 else f"{line.figures}项，见“指标填报”",
        "progress": labels.get(item.progress, item.progress),
        "lamp": LAMP_LABELS[line.lamp],
        "problems": line.now.problems if line.now else None,
        "next_steps": line.now.next_steps if line.now else None,
        "evidence": "\n".join(one.name for one in line.evidence),
        "closed_on": item.closed_on or (line.current.done_on if line.current else None),
        "remark": _remark(line),
    }


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _remark(line: Line) -> str:
    item, parts = line.item, []
    if item.parts:
        told = f"{item.parts}个单位，已报{item.parts_reported}"
        if line.waiting:
            names = "、".join(line.waiting[:10]) + ("等" if len(line.waiting) > 10 else "")
            told += f"，未报{names}"
        parts.append(told)
    if item.state == "changed":
        parts.append("文件改版后有变化")
    if item.state == "dropped":
        parts.append("新版文件已无此项")
    if item.status in ("stopped", "closed") and item.reason:
        parts.append(item.reason)
    return "；".join(parts)


def digest(value: object) -> str:
    """A short digest of what a cell shows; how a number or date is typed makes no difference."""
    return hashlib.sha256(plain(value).encode("utf-8")).hexdigest()[:10]


def digests(values: Mapping[str, Shown]) -> str:
    """The digests of the columns that are watched, as JSON."""
    return json.dumps({name: digest(values[name]) for name in WATCHED if plain(values[name])}, separators=(",", ":"))
