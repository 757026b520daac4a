"""What fields and changes of an item are called."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.tracker.entries import figure, period_words
from pipeline.tracker.settings import LedgerSettings
from pipeline.tracker.types import FILING_LABELS, OCCURRENCE_LABELS, Event, LedgerError

#: Fields that people set, by what offices call them; the first name of a field is the one that is shown.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("工作任务", "标题"), "text": ("任务内容", "内容", "原文"), "requirement": ("具体要求", "要求"),
    "quota": ("量化目标", "目标", "指标"), "leader": ("责任领导", "分管领导"), "lead": ("牵头单位", "牵头"),
    "responsible": ("责任单位", "责任主体", "责任人"), "support": ("配合单位", "配合"),
    "presenter": ("汇报人", "主讲人"), "participant": ("参加单位", "参加人员"), "supervisor": ("督办单位", "监督单位"),
    "due": ("完成时限", "时限"), "time_text": ("时限原文",), "assigned_on": ("交办日期",), "start": ("开始日期",),
    "end": ("结束日期",), "rrule": ("重复规则",), "standing": ("长期坚持", "长期"), "status": ("状态",),
    "progress": ("进度", "进度评价"), "closed_on": ("办结日期",), "reason": ("理由", "备注"), "unit": ("单位",),
    "source": ("事项来源",), "plan": ("方案",), "section": ("章节",), "topics": ("主题",), "agency": ("发文机关",),
    "city": ("地区",), "year": ("年度",), "issued_on": ("成文日期",),
}  # fmt: skip
_OTHERS = {
    "filing": "立项情况", "adjusted_due": "调整后时限", "merged_into": "并入", "parties": "责任", "state": "改版",
    "number": "督办编号", "proposal": "建议",
}  # fmt: skip
ROLES = {
    "lead": "牵头", "support": "配合", "responsible": "责任", "presenter": "汇报", "participant": "参加",
    "supervisor": "督办",
}  # fmt: skip
STATES = {"current": "", "changed": "改版有变化", "dropped": "新版已无此项"}
KINDS = {
    "proposed": "读入", "refreshed": "随公文更新", "filed": "立项", "archived": "仅存档", "merged": "并入另一事项",
    "confirmed": "按建议立项", "reopened": "重新办理", "split": "拆分", "added": "新增", "acknowledged": "看过改版",
    "set": "修改", "assigned": "交办", "noted": "填写进展", "reported": "反馈", "accepted": "审核通过",
    "returned": "退回重办", "closed": "办结", "stopped": "中止", "extended": "延期", "occurrence": "记录各期",
    "attached": "附材料", "undo": "撤销",
}  # fmt: skip
#: What a change brings with it and tells nothing.
_SILENT = frozenset({"edited", "created", "number", "title", "text", "proposal", "closed_on", "reason", "standing"})
_TOLD = frozenset({"title", "text", "closed_on", "reason", "standing"})
_PERIODIC = frozenset({"noted", "reported", "accepted", "returned", "occurrence", "closed"})
_SHORT, _MOST = 30, 3


def field_of(name: str) -> str:
    """The field that a name means, its code or one of its Chinese names.

    Raises:
        LedgerError: none.
    """
    wanted = name.strip()
    for code, names in FIELDS.items():
        if wanted == code or wanted in names:
            return code
    shown = "、".join(names[0] for names in FIELDS.values())
    raise LedgerError("ledger.no_field", f"没有“{wanted}”这一栏", remedy=f"可改：{shown}")


def label_of(field: str) -> str:
    """What a field is called."""
    return FIELDS[field][0] if field in FIELDS else _OTHERS.get(field, field)


def told(event: Event, settings: LedgerSettings, periods: Mapping[int, str] | None = None) -> str:
    """A change in one line: what was done, and what it made of what.

    Args:
        periods: the item's periods by the numbers of their rows, where they are known.
    """
    details = [*_fields(event, settings), *_rows(event, periods or {})]
    reason = [f"理由：{event.reason}"] if event.reason else []
    kind = KINDS.get(event.kind, event.kind)
    return kind + ("：" if details or reason else "") + "；".join([*details, *reason])


def _fields(event: Event, settings: LedgerSettings) -> Iterator[str]:
    silent = _SILENT - _TOLD if event.kind in ("set", "refreshed", "undo") else _SILENT
    if event.kind == "proposed":
        return
    if event.kind in ("filed", "archived", "merged", "confirmed"):
        # That is what these words say.
        silent |= {"filing", "status"}
    for name, after in event.after.items():
        if name in silent or isinstance(after, dict):
            continue
        before = event.before.get(name)
        old, new = _value(name, before, settings), _value(name, after, settings)
        if old != new:
            yield f"{label_of(name)} {old or '无'}→{new or '无'}" if old else f"{label_of(name)} {new}"


def _value(name: str, value: Any, settings: LedgerSettings) -> str:
    labels: dict[str, Mapping[str, str]] = {
        "status": settings.status_labels, "progress": settings.progress_labels, "filing": FILING_LABELS,
        "state": STATES,
    }  # fmt: skip
    if value is None or value == "":
        return ""
    if name in labels:
        return labels[name].get(str(value), str(value))
    if name == "parties":
        named = [f"{each['name']}（{ROLES.get(each['role'], each['role'])}）" for each in json.loads(value)]
        return _cut("、".join(named))
    if name in ("topics", "section"):
        return _cut("、".join(json.loads(value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    return _cut(str(value))


def _rows(event: Event, periods: Mapping[int, str]) -> Iterator[str]:
    for row in _made(event, "notes"):
        said = [figure(row["actual"])] if row.get("actual") is not None else []
        said += [row[name] for name in ("progress", "problems", "next_steps") if row.get(name)]
        period = period_words(row["period"]) or row["period"]
        yield " ".join(filter(None, (period, _cut("，".join(said)))))
    for row in _made(event, "evidence"):
        yield row["name"]
    for row in _made(event, "extensions"):
        yield f"延至 {row['new_due']}，{row['approved_by']}批准"
    found = event.after.get("occurrences") or {}
    if event.kind not in _PERIODIC:
        return
    lines: dict[str, None] = {}
    for row, new in found.items():
        values = [OCCURRENCE_LABELS[new["status"]]] if new and new.get("status") in OCCURRENCE_LABELS else []
        values += [f"完成 {figure(new['actual'])}"] if new and new.get("actual") is not None else []
        if values:
            period = periods.get(int(row), "")
            lines[f"{period_words(period) or period} {'，'.join(values)}".strip()] = None
    yield from list(lines)[:_MOST]


def _made(event: Event, table: str) -> list[dict[str, Any]]:
    before = event.before.get(table) or {}
    return [new for row, new in (event.after.get(table) or {}).items() if new and not before.get(row)]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[:_SHORT] + "…"
