"""What an item takes from a notice's record, and what is proposed to become of it. Pure: records in, fields out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.tracker.rows import dump
from schemas.record import NoticeRecord, Owner, Quota, Task, Time

_LEADERS = ("长", "书记", "主任", "主席", "委员", "领导", "负责人", "负责同志", "成员", "党组")
_ANYBODY = ("成员", "党员", "干部", "职工", "人员", "员工", "同志", "负责人")
_SEPARATORS = " \t\n，。；;、：:"


@dataclass(frozen=True)
class Proposed:
    """An item's fields as the ledger's table has them, and what is proposed for it: filing and reason."""

    key: str
    fields: dict[str, Any]
    filing: str
    reason: str


def proposals(record: NoticeRecord, keys: dict[str, str]) -> list[Proposed]:
    """What a record's tasks become, in their order.

    Args:
        record: as people see it, with corrections and the office's tables laid over.
        keys: the permanent keys by the tasks' ids.
    """
    quotas: dict[str, list[Quota]] = {}
    for quota in record.quotas:
        quotas.setdefault(quota.task, []).append(quota)
    plans = {plan.id: plan for plan in record.plans}
    places = {block.id: (block.page, block.table) for block in record.blocks}
    tables = {table.id: table.caption or f"表{number}" for number, table in enumerate(record.tables, 1)}
    common = _of_notice(record)
    found = []
    for position, task in enumerate(record.tasks):
        if task.id not in keys:
            continue
        own = quotas.get(task.id, [])
        page, table = places.get(task.spans[0].block, (None, None)) if task.spans else (None, None)
        plan = plans.get(task.plan)
        fields = common | _of_task(task, own) | {
            "plan": plan.title if plan else None,
            "plan_start": _day(plan.start) if plan else None,
            "plan_end": _day(plan.end) if plan else None,
            "source": _source(record, plan.title if plan else None, task),
            "page": page, "table": tables.get(table or ""), "position": position,
        }  # fmt: skip
        found.append(Proposed(keys[task.id], fields, *decide(task, own)))
    return found


def decide(task: Task, quotas: Sequence[Quota]) -> tuple[str, str]:
    """Whether a task is proposed to be followed up or only kept, and why."""
    if task.kind == "goal":
        return "archived", "总体目标，由各项任务落实"
    if task.kind == "criterion":
        return "archived", "考核评分标准，用于考核"
    dated = any(time.kind != "standing" for time in task.times)
    if task.kind == "requirement" and not (dated or quotas or task.submissions or _answerable(task.owners)):
        return "archived", "原则性要求，没有责任单位、时限和数量"
    return "filed", ""


def _answerable(owners: Iterable[Owner]) -> bool:
    """Whether somebody named answers for it: 各单位, 全体党员 as a whole make no duty of a call."""
    return any(
        o.type != "collective" and o.role in ("lead", "responsible", "support") and not _everybody(o.name)
        for o in owners
    )


def _everybody(name: str) -> bool:
    """党员干部, 中心组成员, 各单位负责人: whoever it may concern."""
    return name.startswith(("各", "全体", "全局", "广大", "每")) or name.endswith(_ANYBODY)


def _of_notice(record: NoticeRecord) -> dict[str, Any]:
    notice = record.notice
    issued = _day(notice.issue_date)
    number = notice.document_number
    year = (number.year if number else None) or (int(issued[:4]) if issued else None)
    return {
        "agency": "、".join(issuer.name for issuer in notice.issuers) or None,
        "city": "/".join(notice.region.path) if notice.region else None,
        "year": year,
        "issued_on": issued,
    }


def _source(record: NoticeRecord, plan: str | None, task: Task) -> str:
    notice = record.notice
    title = " ".join((notice.title or "无标题").split())
    head = f"《{title}》" if not title.startswith("《") or not title.endswith("》") else title
    number = f"（{notice.document_number.text}）" if notice.document_number else ""
    inner = [plan] if plan and plan not in title else []
    clause = [part for part in (*inner, *task.section) if part]
    return head + number + "".join(f" {part}" for part in clause)


def _of_task(task: Task, quotas: Sequence[Quota]) -> dict[str, Any]:
    dated = [time for time in task.times if time.end and time.kind != "recurring"]
    due = [time for time in dated if time.due] or dated
    recurring = next((time for time in task.times if time.kind == "recurring" and time.rrule), None)
    starts = [each for time in dated if (each := _day(time.start))]
    ends = [each for time in dated if (each := _day(time.end))]
    dues = [each for time in due if (each := _day(time.end))]
    return {
        "kind": task.kind,
        "section": dump(task.section),
        "title": "".join((task.title or _first_words(task.text)).split("\n")),
        "text": task.text,
        "requirement": _requirement(task),
        "quota": "；".join(dict.fromkeys(quota.text for quota in quotas)),
        "leader": "、".join(dict.fromkeys(o.name for o in task.owners if _leads(o))),
        "parties": dump([{"name": o.name, "role": o.role, "type": o.type, "unit": None} for o in task.owners]),
        "topics": dump(task.topics),
        "time_text": "；".join(dict.fromkeys(time.text for time in task.times)),
        "start": min(starts, default=None),
        "end": max(ends, default=None),
        "due": min(dues, default=None),
        "rrule": recurring.rrule if recurring else None,
        "standing": not dated and recurring is None and not any(quota.per for quota in quotas),
        "confidence": _confidence(task, quotas),
        "times": _json(task.times),
        "quotas": _json(quotas),
    }


def _leads(owner: Owner) -> bool:
    """Whether an owner is a 责任领导: a person, or a post that leads."""
    if owner.role not in ("lead", "responsible", "supervisor"):
        return False
    return owner.type == "person" or (owner.type == "position" and owner.name.endswith(_LEADERS))


def _first_words(text: str) -> str:
    """The first phrase of a text as a title."""
    line = text.strip().split("\n")[0]
    for index, char in enumerate(line):
        if char in "。；;" or (char == "，" and index >= 8):
            return line[:index]
    return line if len(line) <= 40 else line[:40] + "…"


def _requirement(task: Task) -> str:
    """What the text says beyond the title."""
    text, title = task.text.strip(), (task.title or "").strip()
    if title and text.startswith(title):
        return text[len(title) :].lstrip(_SEPARATORS)
    return "" if not title and text.rstrip(_SEPARATORS) == _first_words(text) else text


def _confidence(task: Task, quotas: Sequence[Quota]) -> float:
    parts = [task.confidence, *(o.confidence for o in task.owners), *(t.confidence for t in task.times)]
    return min(*parts, *(q.confidence for q in quotas), 1.0)


def _json(values: Sequence[Time] | Sequence[Quota]) -> str:
    return json.dumps([value.model_dump(mode="json") for value in values], ensure_ascii=False)


def _day(text: str | None) -> str | None:
    """A whole ISO date, None for one that only has a year or month."""
    return text if text and len(text) == 10 else None
