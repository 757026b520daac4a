"""Assessment schemes (考核细则): what can be scored, and the deductions that the ledger's figures propose.

A deduction is proposed only where a rule says how much a missing unit or a late one costs (每少1篇扣1分) and the ledger
has figures for it; all else is for a person, and so is the last word on every row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from extractors.values.numbers import parse_number
from pipeline.tracker.entries import Entry, figure
from pipeline.tracker.types import Occurrence
from schemas.record import NoticeRecord, Quota, RecordTable, Task

_FULL = re.compile(r"[（(【\[]\s*(?:满分|计|共|分值)?\s*[:：]?\s*(\d+(?:\.\d+)?)\s*分\s*[）)】\]]")
_TOTAL = re.compile(r"(?:总分|满分|分值合计|基础分|基本分)值?共?(?:设?为|是|计|[:：])?\s*(\d+(?:\.\d+)?)\s*分|(百)分制")
_NUMBER = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十])?"
_SHORT = re.compile(
    rf"(?:少|缺|差|欠|低|降低|低于|未完成|不足)(?:报送?|完成|录用|开展|于)?\s*{_NUMBER}\s*"
    r"(个百分点|百分点|%|％|[篇期次条件场份个项户人起处])"
)
_LATE = re.compile(r"逾期|超期|迟报|迟交|超时|延误|(?:未|不|没有)(?:能)?(?:按时|按期|及时|如期)")
_MOST = re.compile(
    r"(?:最多|最高|累计|不超过)[^。；;]{0,6}?(\d+(?:\.\d+)?)\s*分|(\d+(?:\.\d+)?)\s*分(?:封顶|为限|为止)"
)
_POINTS = re.compile(r"\d\s*分(?![钟类])")
_ENDS = "。；;\n"
#: Words that tell no figure from another.
_COMMON = re.compile(r"[日月年底]前|报送|信息|工作|完成|录用|情况|数量?|任务|全年|每月|开展|[（(）)\s]")
Kind = Literal["short", "late", "bonus", "other"]


@dataclass(frozen=True)
class Rule:
    """What costs or earns points. ``points`` for every ``step`` of ``unit``; ``text`` is the scheme's own clause."""

    kind: Kind
    text: str
    points: float
    step: float = 1.0
    unit: str = ""


@dataclass(frozen=True)
class Criterion:
    """A row of a scheme. ``full`` is None where it has no full marks of its own, as what only earns extra points.

    Attributes:
        task: the record's id of it; ``key``: the permanent one, where it is known.
        most: what may be deducted, or earned, at most, where the scheme says so.
        subjects: what it asks figures of.
    """

    task: str
    key: str
    title: str
    text: str
    full: float | None
    rules: tuple[Rule, ...] = ()
    most: float | None = None
    subjects: tuple[str, ...] = ()

    @property
    def bonus(self) -> bool:
        """Whether it only earns extra points."""
        return self.full is None and any(rule.kind == "bonus" for rule in self.rules)


@dataclass(frozen=True)
class Scheme:
    """A scheme: its criteria, what its full marks add up to, the total that it states, and what doesn't fit."""

    title: str
    criteria: tuple[Criterion, ...]
    full: float
    stated: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A criterion of a unit. ``deduction`` is None where a person has to say."""

    criterion: Criterion
    figures: str = ""
    deduction: float | None = None
    reason: str = "台账里没有对应的数据，需人工核定"


@dataclass(frozen=True)
class Sheet:
    """A unit's sheet. ``proposed`` is what is left of the full marks after the proposed deductions."""

    unit: str
    rows: tuple[Row, ...]
    full: float
    proposed: float
    open: int = 0


def schemes(record: NoticeRecord, keys: Mapping[str, str] | None = None) -> list[Scheme]:
    """The assessment schemes of a notice, one a plan.

    Args:
        keys: permanent keys by the record's task ids.
    """
    quotas = {quota.id: quota for quota in record.quotas}
    found = []
    for plan in record.plans:
        rows: dict[object, Criterion] = {}
        for task in record.tasks:
            if task.plan == plan.id and task.kind == "criterion":
                own = [quotas[each] for each in task.quotas if each in quotas]
                made = _criterion(record, task, own, keys or {})
                if made is not None:
                    place = _place(own) or task.id
                    rows[place] = _joined(rows[place], made) if place in rows else made
        if rows:
            tables = [table for table in record.tables if table.plan in (None, plan.id)]
            found.append(_scheme(plan.title or "考核细则", tuple(rows.values()), record, tables, plan.id))
    return found


def _place(quotas: Sequence[Quota]) -> object:
    """Where the full marks stand: what a row asks for is one criterion, however many tasks it was read as."""
    for quota in quotas:
        if _is_full(quota):
            return quota.span.block, quota.span.row, quota.span.column, quota.span.start
    return None


def _is_full(quota: Quota) -> bool:
    plain = quota.kind == "score" and quota.value > 0 and quota.per is None and quota.comparator == "="
    return plain and not re.search(r"[扣加减奖]", quota.text)


def _joined(one: Criterion, other: Criterion) -> Criterion:
    return replace(
        one, text="\n".join(dict.fromkeys((one.text, other.text))),
        rules=tuple(dict.fromkeys((*one.rules, *other.rules))),
        most=one.most if one.most is not None else other.most,
        subjects=tuple(dict.fromkeys((*one.subjects, *other.subjects))),
    )  # fmt: skip


def _scheme(
    title: str, criteria: tuple[Criterion, ...], record: NoticeRecord, tables: Sequence[RecordTable], plan: str
) -> Scheme:
    full = sum(each.full or 0 for each in criteria)
    stated = _stated(record, plan)
    warnings = list(_groups(tables))
    if stated is not None and abs(stated - full) > 1e-6:
        warnings.append(f"各项满分合计{figure(full)}分，与写明的总分{figure(stated)}分不符，请核对原文")
    missing = [each.title or each.text[:20] for each in criteria if each.full is None and not each.bonus]
    if missing and full:
        names = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        warnings.append(f"有{len(missing)}项没有读到满分：{names}")
    return Scheme(title, criteria, full, stated, tuple(warnings))


def _stated(record: NoticeRecord, plan: str) -> float | None:
    """The total that a plan's text states; None where none, or several that differ, are stated."""
    start = next((each.span.block for each in record.plans if each.id == plan), 0)
    later = [each.span.block for each in record.plans if each.span.block > start]
    end = min(later, default=10**9)
    found = set()
    for block in record.blocks:
        if start <= block.id < end:
            for match in _TOTAL.finditer(block.text or ""):
                found.add(100.0 if match[2] else float(match[1]))
    return found.pop() if len(found) == 1 else None


def _groups(tables: Iterable[RecordTable]) -> Iterable[str]:
    """Groups of a table (市容秩序（40分）) whose items don't add up to what the group states."""
    for table in tables:
        for left in range(max((len(row) for row in table.cells), default=0) - 1):
            groups: dict[str, dict[str, float]] = {}
            for row in table.cells[table.header_rows :]:
                if left + 1 < len(row) and row[left] != row[left + 1]:
                    group, part = _FULL.search(row[left]), _FULL.search(row[left + 1])
                    if group and part:
                        groups.setdefault(row[left], {})[row[left + 1]] = float(part[1])
            for name, parts in groups.items():
                stated = float((_FULL.search(name) or ["", "0"])[1])
                if abs(sum(parts.values()) - stated) > 1e-6:
                    shown = "＋".join(figure(each) for each in parts.values())
                    yield f"“{' '.join(name.split())}”下各项为{shown}＝{figure(sum(parts.values()))}分，与它写明的不符"


def _criterion(record: NoticeRecord, task: Task, quotas: Sequence[Quota], keys: Mapping[str, str]) -> Criterion | None:
    scores = [quota for quota in quotas if quota.kind == "score"]
    if not scores:
        return None
    full = next((each.value for each in scores if _is_full(each)), None)
    rules, most = [], None
    for quota in scores:
        if _is_full(quota):
            continue
        clause, words = _clause(record, quota)
        if limit := _MOST.search(words):
            most = float(limit[1] or limit[2])
        if _MOST.search(clause) and not _POINTS.search(_MOST.sub("", clause)):
            continue
        if quota.value < 0:
            rules.append(_rule(clause, quota))
        elif re.search(r"[加奖]", quota.text) and quota.comparator == "=":
            rules.append(Rule("bonus", words, quota.value))
    asked = tuple(dict.fromkeys(each.subject for each in quotas if each.kind in ("count", "ratio") and each.subject))
    return Criterion(task.id, keys.get(task.id, ""), task.title or "", task.text, full, tuple(rules), most, asked)


def _rule(clause: str, quota: Quota) -> Rule:
    points = abs(quota.value)
    own = quota.text if _SHORT.search(quota.text) else clause
    if short := _SHORT.search(own):
        step = float(parse_number(short[1]) or 1) if short[1] else 1.0
        return Rule("short", clause, points, step or 1.0, "%" if short[2] in ("个百分点", "百分点", "％") else short[2])
    return Rule("late" if _LATE.search(clause) else "other", clause, points)


def _clause(record: NoticeRecord, quota: Quota) -> tuple[str, str]:
    """What a quota's points are for, from the points before them on; and the whole sentence."""
    span = quota.span
    text = ""
    if span.row is not None and span.column is not None:
        table = next((each for each in record.tables if each.block == span.block), None)
        if table and span.row < len(table.cells) and span.column < len(table.cells[span.row]):
            text = table.cells[span.row][span.column]
    else:
        text = next((each.text or "" for each in record.blocks if each.id == span.block), "")
    if not text:
        return quota.text, quota.text
    first = max((text.rfind(end, 0, span.start) for end in _ENDS), default=-1) + 1
    last = min((at for end in _ENDS if (at := text.find(end, span.end)) >= 0), default=len(text))
    sentence = text[first:last]
    before = [each.end() for each in _POINTS.finditer(text, first, span.start)]
    after = _POINTS.search(text, max(span.start, span.end - 3), last)
    clause = text[max([first, *before]) : after.end() if after else last]
    return clause.strip(" ，,、：:\n") or quota.text, sentence


def sheet(scheme: Scheme, unit: str, entries: Iterable[Entry], as_of: date) -> Sheet:
    """A unit's sheet: what the ledger's figures say by a day, and what they propose.

    Args:
        entries: the unit's items.
    """
    own = [each for each in entries if each.unit == unit]
    rows = tuple(_propose(each, own, as_of) for each in scheme.criteria)
    lost = sum(row.deduction or 0 for row in rows)
    waits = sum(row.deduction is None for row in rows)
    return Sheet(unit, rows, scheme.full, round(scheme.full - lost, 2), waits)


def _propose(criterion: Criterion, entries: Sequence[Entry], as_of: date) -> Row:
    if criterion.bonus:
        return Row(criterion, reason="加分项，凭佐证材料人工核定")
    due = _matching(criterion, entries, as_of)
    costs: list[float] = []
    told: list[str] = []
    open_rules = [rule for rule in criterion.rules if rule.kind == "other"]
    for rule in criterion.rules:
        if rule.kind == "short":
            counted = [each for each in due if each.target is not None and (each.unit or rule.unit) == rule.unit]
            if not counted:
                open_rules.append(rule)
                continue
            missing = sum(max(0.0, (each.target or 0) - (each.actual or 0)) for each in counted)
            costs.append(math.floor(missing / rule.step + 1e-9) * rule.points)
            told.append(f"{rule.text}：少{figure(missing)}{rule.unit}，扣{figure(costs[-1])}分")
        elif rule.kind == "late":
            if not due:
                open_rules.append(rule)
                continue
            late = sum(_late(each, as_of) for each in due)
            costs.append(late * rule.points)
            told.append(f"{rule.text}：逾期{late}次，扣{figure(costs[-1])}分")
    figures = _figures(due)
    if not costs:
        return Row(criterion, figures)
    limits = [each for each in (criterion.full, criterion.most) if each is not None]
    deduction = min([round(sum(costs), 2), *limits])
    if deduction < round(sum(costs), 2):
        told.append(f"以{figure(deduction)}分为限")
    if open_rules:
        told.append("另需人工核定：" + "；".join(rule.text for rule in open_rules))
    return Row(criterion, figures, deduction, "；".join(told))


def _matching(criterion: Criterion, entries: Sequence[Entry], as_of: date) -> list[Occurrence]:
    """What fell due of the same item, else of items with a figure of the same kind."""
    same = [each for each in entries if criterion.key and each.item.key == criterion.key]
    if same:
        found = [one for entry in same for one in entry.occurrences]
    else:
        found = [
            one for entry in entries for one in entry.occurrences
            if one.target is not None and _alike(criterion, one.subject or "")
        ]  # fmt: skip
    return [one for one in found if one.deadline <= as_of and not one.before_issue and one.status != "waived"]


def _alike(criterion: Criterion, subject: str) -> bool:
    """Whether a figure's subject and a criterion share a word that tells something (微博, 电视专题).

    Where neither has one, both being of information at large (信息报送, 信息), they are alike too.
    """
    for name in (*criterion.subjects, _FULL.sub("", criterion.title or criterion.text)):
        one, other = _COMMON.sub("|", name), _COMMON.sub("/", subject)
        match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
        if match.size >= 2 or (subject and subject == name):
            return True
        if not one.strip("|") and not other.strip("/") and "信息" in name and "信息" in subject:
            return True
    return False


def _late(one: Occurrence, as_of: date) -> bool:
    if one.done_on:
        return one.done_on > one.deadline
    return one.status == "open" and one.deadline < as_of


def _figures(due: Sequence[Occurrence]) -> str:
    counted: dict[str, list[Occurrence]] = {}
    for one in due:
        if one.target is not None:
            counted.setdefault(one.unit or "", []).append(one)
    parts = [
        f"应完成{figure(sum(one.target or 0 for one in group))}{unit}，已完成"
        f"{figure(sum(one.actual or 0 for one in group))}{unit}" if unit != "%" else
        "、".join(f"{figure(one.actual)}%" for one in group if one.actual is not None)
        for unit, group in counted.items()
    ]  # fmt: skip
    return "；".join(filter(None, parts)) or (f"到期{len(due)}期" if due else "")
