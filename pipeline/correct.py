"""Corrections as commands: words of a person become values of a record, and what was put right becomes gold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.corrections import CorrectionError, check
from pipeline.export.json import dump, file_name
from pipeline.export.select import write
from pipeline.export.tables import KINDS, ROLES

if TYPE_CHECKING:
    from pipeline.store import Correction, Store
    from schemas.record import NoticeRecord, Quota, Task, Time

_ROLES = {name: name for name in ROLES} | {word: name for name, word in ROLES.items()} | {
    "主办": "lead", "牵头单位": "lead", "协助": "support", "协办": "support", "配合单位": "support",
    "责任单位": "responsible", "负责": "responsible", "参与": "support", "督查": "supervisor", "审核": "supervisor",
}  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What a person wants of a task; None leaves a field as it is.

    Attributes:
        owners: ``NAME`` or ``NAME:ROLE`` (lead, 牵头 …) of all owners; an empty list says that there is none.
        due: a day (2021-11-30) or words (11月底前, 每月5日前), several where there are several; ``无`` for none.
        quotas: all quotas in words (不少于4篇/月).
        title, text, kind: the words.
        drop, restore: the task goes, or comes back.
    """

    owners: Sequence[str] | None = None
    due: Sequence[str] | None = None
    quotas: Sequence[str] | None = None
    title: str | None = None
    text: str | None = None
    kind: str | None = None
    drop: bool = False
    restore: bool = False


def correct(store: Store, key: str, wish: Wish, *, by: str, at: datetime) -> list[Correction]:
    """Writes what a person wants of a task; all fields or, where one can't be read, none.

    Args:
        key: the task's key, or its id.

    Raises:
        StoreError: no such task.
        CorrectionError: nothing is wanted, or words that can't be read; the message says how to write them.
    """
    row = store.task(key)
    if wish.drop and wish.restore:
        raise CorrectionError("correction.value", "--drop 和 --restore 不能同时用", remedy="请只留一个")
    changes = values(wish, row.task, _frame(store, row.notice_id, row.task))
    if not changes:
        raise CorrectionError(
            "correction.value", "没有说要更正什么",
            remedy="请用 --owner、--due、--quota、--title、--text、--kind、--drop 或 --restore",
        )  # fmt: skip
    for field, operation, value in changes:
        check(field, operation, value)
    return [store.correct(row.key, field, operation, value, by, at) for field, operation, value in changes]


def undo(store: Store, correction_id: int, *, by: str, at: datetime) -> Correction:
    """Takes a correction back.

    Raises:
        StoreError: no such correction, or it was undone before.
    """
    return store.undo(correction_id, by, at)


def undo_last(store: Store, key: str, *, by: str, at: datetime) -> Correction:
    """Takes the last correction of a task back that still holds.

    Raises:
        StoreError: no such task.
        CorrectionError: nothing is left to take back.
    """
    standing = [each for each in store.corrections(key=key) if each.undone_at is None]
    if not standing:
        raise CorrectionError("correction.none", f"任务 {key} 没有可撤销的更正")
    return undo(store, standing[-1].id, by=by, at=at)


def export_corrections(store: Store, folder: Path) -> list[Path]:
    """Writes each notice that has corrections as gold for ``score.py``; gives the files.

    A file bears the notice's id, as the record of a JSON export does, so that the two are compared.

    Raises:
        ExportError: the folder can't be written to.
    """
    notices = sorted({each.notice_id for each in store.corrections() if each.undone_at is None})
    paths = []
    for notice_id in notices:
        path = folder / f"{file_name(notice_id)}.json"
        write(path, dump(gold(store.record(notice_id), file_name(notice_id)), indent=1))
        paths.append(path)
    return paths


@dataclass(frozen=True)
class Frame:
    """The time in which words of a task are read: the plan's, and the day of issue."""

    year: int | None = None
    start: date | None = None
    end: date | None = None
    issued: date | None = None


def frame_of(record: NoticeRecord, task: Task) -> Frame:
    """The time that dates of a task count from."""
    plan = next((plan for plan in record.plans if plan.id == task.plan), None)
    start, end = (_day(plan.start), _day(plan.end)) if plan else (None, None)
    issued = _day(record.notice.issue_date)
    known = start or issued
    return Frame(known.year if known else None, start, end, issued)


def values(wish: Wish, task: Task, frame: Frame) -> list[tuple[str, str, Any]]:
    """Field, operation and value of each correction that a wish comes to.

    Raises:
        CorrectionError: words that can't be read.
    """
    changes: list[tuple[str, str, Any]] = []
    if wish.drop or wish.restore:
        changes.append(("task", "drop" if wish.drop else "restore", None))
    if wish.owners is not None:
        changes.append(("owners", "set", [owner(words, task) for words in wish.owners if words.strip()]))
    if wish.due is not None:
        given = [words for words in wish.due if words.strip() not in ("", "无")]
        changes.append(("due", "set", [each for words in given for each in due(words, frame)]))
    if wish.quotas is not None:
        changes.append(("quotas", "set", [quota(words) for words in wish.quotas if words.strip() not in ("", "无")]))
    if wish.kind is not None:
        kinds = {word: name for name, word in KINDS.items()} | {name: name for name in KINDS}
        if wish.kind not in kinds:
            raise CorrectionError(
                "correction.value", f"任务类别没有“{wish.kind}”", remedy=f"应是 {'、'.join(KINDS.values())} 之一",
            )  # fmt: skip
        changes.append(("kind", "set", kinds[wish.kind]))
    changes += [(name, "set", value) for name in ("title", "text") if (value := getattr(wish, name)) is not None]
    return changes


def owner(words: str, task: Task) -> dict[str, Any]:
    """``NAME`` or ``NAME:ROLE`` as an owner's value; without a role it keeps the one that it has.

    Raises:
        CorrectionError: an unknown role, or no name.
    """
    name, mark, role = words.replace("：", ":").rpartition(":")
    if not mark:
        name, role = words, ""
    name = "".join(name.split())
    known = next((each for each in task.owners if each.name == name), None)
    if not name or (mark and role.strip() not in _ROLES):
        raise CorrectionError(
            "correction.value", f"责任主体“{words}”读不懂", remedy="请写“名称”或“名称:角色”，角色如 牵头、配合、责任",
        )  # fmt: skip
    return {"name": name, "role": _ROLES[role.strip()] if mark else known.role if known else "responsible"}


def due(words: str, frame: Frame) -> list[dict[str, Any]]:
    """A deadline in words as times' values.

    Raises:
        CorrectionError: no time, or one that no work can be due at.
    """
    words = words.strip()
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", words):
        try:
            day = date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            raise CorrectionError("correction.value", f"没有 {words} 这一天", remedy="请改正日期") from None
        return [{"text": words, "kind": "deadline", "due": True, "start": None, "end": day, "rrule": None}]
    found = times(words, frame)
    if not found:
        raise CorrectionError(
            "correction.value", f"“{words}”不是时间", remedy="请写 2021-11-30，或 11月底前、每月5日前 这样的词",
        )  # fmt: skip
    for each in found:
        each["due"] = each["kind"] != "standing"
        if each["kind"] in ("date", "period"):
            # Who names a time as the deadline means its last day.
            each |= {"kind": "deadline", "start": None}
    return found


def times(words: str, frame: Frame) -> list[dict[str, Any]]:
    """A time in words as times' values; an empty list for anything else."""
    from extractors.values.dates import parse_times

    found = parse_times(words, frame.issued, year=frame.year, plan_start=frame.start, plan_end=frame.end)
    return [
        {
            "text": words, "kind": each.kind, "due": each.due or each.kind == "deadline",
            "start": each.start.isoformat() if each.start else None,
            "end": each.end.isoformat() if each.end else None, "rrule": each.rrule,
        }
        for each in found
    ]  # fmt: skip


def quota(words: str) -> dict[str, Any]:
    """A quota in words as its value; what stands before the number, divided by a space or colon, is its subject.

    Raises:
        CorrectionError: no number, or several.
    """
    from extractors.values.quantities import parse_quantity

    words = words.strip()
    subject, _, rest = words.replace("：", ":").rpartition(":")
    found = parse_quantity(rest.strip())
    if found is None:
        raise CorrectionError(
            "correction.value", f"“{words}”不是一个指标", remedy="请写“不少于4篇/月”或“信息:不少于4篇/月”，一次一个",
        )  # fmt: skip
    return {
        "text": rest.strip(), "subject": subject.strip() or None, "kind": found.kind, "comparator": found.comparator,
        "value": found.value, "value_max": found.value_max, "unit": found.unit, "per": found.per,
    }  # fmt: skip


def gold(record: NoticeRecord, name: str) -> dict[str, Any]:
    """A record as a gold file of the scorer holds it."""
    notice = record.notice
    places = {plan.id: index for index, plan in enumerate(record.plans)}
    quotas: dict[str, list[Quota]] = {}
    for each in record.quotas:
        quotas.setdefault(each.task, []).append(each)
    return {
        "name": name,
        "notice": {
            "title": notice.title, "kind": notice.kind,
            "document_number": notice.document_number.text if notice.document_number else None,
            "issuers": [issuer.name for issuer in notice.issuers], "recipients": notice.recipients,
            "issue_date": notice.issue_date, "region": notice.region.code if notice.region else None,
        },
        "plans": [{"title": plan.title, "start": plan.start, "end": plan.end} for plan in record.plans],
        "tables": [
            {"caption": table.caption, "header_rows": table.header_rows, "cells": table.cells}
            for table in record.tables
        ],
        "tasks": [
            {
                "kind": task.kind, "title": task.title or "", "text": task.text, "plan": places.get(task.plan),
                "owners": [[each.name, each.role] for each in task.owners],
                "times": [_gold_time(each) for each in task.times],
                "quotas": [_gold_quota(each) for each in quotas.get(task.id, [])],
            }
            for task in record.tasks
        ],
    }  # fmt: skip


def _gold_time(time: Time) -> dict[str, Any]:
    return {key: getattr(time, key) for key in ("text", "kind", "start", "end", "rrule")}


def _gold_quota(quota: Quota) -> dict[str, Any]:
    return {
        key: getattr(quota, key) for key in ("text", "kind", "comparator", "value", "value_max", "unit", "per")
    }  # fmt: skip


def _frame(store: Store, notice_id: str, task: Task) -> Frame:
    return frame_of(store.record(notice_id), task)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
