"""What people put right, laid over a record: the extracted values stay as they are, and this is done at every read.

A correction says what one field of a task should be. ``basis`` is what had been extracted when it was made; where a
later extraction gives something else, the correction still holds and a warning asks to look at it again.

| field | operation | value |
| --- | --- | --- |
| ``owners`` | ``set`` | all owners of the task: ``name``, ``role``, ``type``, ``canonical`` |
| ``times`` | ``set`` | all times: ``text``, ``kind``, ``due``, ``start``, ``end``, ``rrule`` |
| ``due`` | ``set`` | the times that the task is due at, in the place of those extracted |
| ``quotas`` | ``set`` | all quotas: ``text``, ``subject``, ``kind``, ``comparator``, ``value`` … (``QUOTA_KEYS``) |
| ``title``, ``text``, ``kind`` | ``set`` | the words |
| ``task`` | ``drop``, ``restore`` | none |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from schemas.document import Span, Warning
from schemas.errors import DubanError
from schemas.record import NoticeRecord, Owner, Quota, Task, Time

RULE = "corrected"
FIELDS = ("owners", "times", "due", "quotas", "title", "text", "kind", "task")
OWNER_KEYS = ("name", "role", "type", "canonical")
TIME_KEYS = ("text", "kind", "due", "start", "end", "rrule")
QUOTA_KEYS = ("text", "subject", "kind", "comparator", "value", "value_max", "unit", "per")
_SURE: dict[str, Any] = {"rule": RULE, "confidence": 1.0, "inherited": None}
_Value = TypeVar("_Value", Owner, Time, Quota)


class CorrectionError(DubanError):
    """A correction that says nothing that a record can hold."""


@dataclass(frozen=True)
class Correction:
    """One field of one task put right. ``task`` is the task's id in the record that it is laid over."""

    task: str
    field: str
    operation: str = "set"
    value: Any = None
    basis: Any = None


def apply(record: NoticeRecord, corrections: Iterable[Correction]) -> NoticeRecord:
    """A record with corrections laid over it in their order; later ones win.

    What is corrected has the rule ``corrected`` and confidence 1; its span is where its words stand in the task, else
    an empty one at the task's start. Values that a correction leaves as extracted keep their own rule. Dropped tasks
    leave with their quotas, and a ``correction.dropped`` warning says which. The record given stays as it is.
    """
    by_task: dict[str, dict[str, Correction]] = {}
    for each in corrections:
        fields = by_task.setdefault(each.task, {})
        if each.field == "times":
            # All times: what was said before of the due ones no longer holds.
            fields.pop("due", None)
        fields.pop(each.field, None)
        fields[each.field] = each
    if not by_task:
        return record
    quotas = _by_task(record.quotas)
    tasks: list[Task] = []
    kept: list[Quota] = []
    warnings: list[Warning] = []
    for task in record.tasks:
        own = quotas.get(task.id, [])
        fields = by_task.get(task.id, {})
        dropped = fields.get("task")
        if dropped is not None and dropped.operation == "drop":
            message = f"任务“{_short(task.title or task.text)}”已由人工删去；如要恢复，请用 duban correct --restore"
            warnings.append(Warning(code="correction.dropped", message=message, span=task.spans[0]))
            continue
        warnings += _stale(task, own, fields.values())
        task, own = _corrected(record, task, own, fields)
        tasks.append(task)
        kept += own
    return record.model_copy(update={"tasks": tasks, "quotas": kept, "warnings": [*record.warnings, *warnings]})


def extracted(task: Task, quotas: Sequence[Quota], field: str) -> Any:
    """What a record says of a field now, in the form of a correction's value: the basis of a correction to it."""
    if field == "owners":
        return [_plain(owner, OWNER_KEYS) for owner in task.owners]
    if field == "times":
        return [_plain(time, TIME_KEYS) for time in task.times]
    if field == "due":
        return [_plain(time, TIME_KEYS) for time in task.times if is_due(time)]
    if field == "quotas":
        return [_plain(quota, QUOTA_KEYS) for quota in quotas]
    return None if field == "task" else getattr(task, field)


def is_due(time: Time) -> bool:
    """Whether a time says by when: a deadline, or one whose occurrences are deadlines."""
    return time.due or time.kind == "deadline"


def check(field: str, operation: str, value: Any) -> None:
    """Whether a record could hold this.

    Raises:
        CorrectionError: an unknown field or operation, or a value that the field can't have; the message says why.
    """
    allowed = ("drop", "restore") if field == "task" else ("set",)
    if field not in FIELDS or operation not in allowed:
        remedy = f"可更正的有 {'、'.join(FIELDS)}"
        raise CorrectionError("correction.field", f"不能对“{field}”作“{operation}”", remedy=remedy)
    try:
        _build(field, value, Task(
            id="t-0", plan="p1", kind="task", text="", confidence=1, spans=[Span(block=0, start=0, end=0)],
        ), [])  # fmt: skip
    except (ValueError, TypeError, KeyError) as error:
        raise CorrectionError(
            "correction.value", f"更正的内容不合要求（{_first_line(error)}）", place=field, remedy="请检查所填的值"
        ) from error


def _by_task(quotas: Iterable[Quota]) -> dict[str, list[Quota]]:
    grouped: dict[str, list[Quota]] = {}
    for quota in quotas:
        grouped.setdefault(quota.task, []).append(quota)
    return grouped


def _corrected(
    record: NoticeRecord, task: Task, quotas: list[Quota], fields: Mapping[str, Correction]
) -> tuple[Task, list[Quota]]:
    names = [owner.name for owner in task.owners]
    for field, correction in fields.items():
        if field == "task":
            continue
        built = _build(field, correction.value, task, quotas)
        if field == "quotas":
            quotas = [_placed(record, task, quota) for quota in built]
        elif field in ("owners", "times", "due"):
            values = [_placed(record, task, value) for value in built]
            task = task.model_copy(update={"times" if field == "due" else field: values})
        else:
            task = task.model_copy(update={field: built})
    if "owners" in fields:
        quotas = [_rebound(quota, names, task) for quota in quotas]
    quotas = _numbered(record, task, quotas)
    return task.model_copy(update={"quotas": [quota.id for quota in quotas]}), quotas


def _rebound(quota: Quota, names: Sequence[str], task: Task) -> Quota:
    """A quota that binds the same owners by their new places; whom it bound and who is gone, it binds no more."""
    bound = {names[index] for index in quota.owners if index < len(names)}
    places = [index for index, owner in enumerate(task.owners) if owner.name in bound]
    return quota.model_copy(update={"owners": places})


def _numbered(record: NoticeRecord, task: Task, quotas: Sequence[Quota]) -> list[Quota]:
    """Quotas with ids: extracted ones keep theirs, new ones get the task's id and a letter."""
    taken = {quota.id for quota in record.quotas}
    result: list[Quota] = []
    number = 0
    for quota in quotas:
        if not quota.id:
            number += 1
            while (name := f"q-{task.id.removeprefix('t-')}-{number}") in taken:
                number += 1
            quota = quota.model_copy(update={"id": name})
        result.append(quota)
    return result


def _build(field: str, value: Any, task: Task, quotas: Sequence[Quota]) -> Any:
    """The field's new value, from the correction's; extracted values that it leaves alone are used again."""
    nowhere = task.spans[0].model_copy(update={"end": task.spans[0].start, "page": None, "bbox": None})
    if field == "owners":
        return [_owner(each, task.owners, nowhere) for each in value]
    if field in ("times", "due"):
        kept = [time for time in task.times if not is_due(time)] if field == "due" else []
        return kept + [_time(each, task.times, nowhere) for each in value]
    if field == "quotas":
        left = list(quotas)
        return [_quota(each, left, task, nowhere) for each in value]
    if field == "task":
        return None
    if not isinstance(value, str) or not value.strip():
        if field == "title" and value in (None, ""):
            return None
        raise ValueError(f"{field} 不能为空")
    Task.model_validate(task.model_dump() | {field: value})
    return value


def _owner(value: Mapping[str, Any], extracted: Sequence[Owner], nowhere: Span) -> Owner:
    name = "".join(str(value["name"]).split())
    if not name:
        raise ValueError("责任主体的名称不能为空")
    role = value.get("role") or "responsible"
    same = [owner for owner in extracted if owner.name == name]
    model = next((owner for owner in same if owner.role == role), same[0] if same else None)
    fields = {
        "name": name, "role": role, "type": value.get("type") or (model.type if model else owner_type(name)),
        "canonical": value.get("canonical") or (model.canonical if model else None),
    }  # fmt: skip
    if model and all(getattr(model, key) == fields[key] for key in OWNER_KEYS):
        return model
    return Owner.model_validate(fields | _SURE | {"span": model.span if model else nowhere})


def _time(value: Mapping[str, Any], extracted: Sequence[Time], nowhere: Span) -> Time:
    fields = {key: value.get(key) for key in TIME_KEYS} | {"due": bool(value.get("due"))}
    for key in ("start", "end"):
        if fields[key] is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(fields[key])):
            raise ValueError(f"日期应写作 2021-03-01，现为“{fields[key]}”")
    model = next((time for time in extracted if time.text == fields["text"]), None)
    if model and all(getattr(model, key) == fields[key] for key in TIME_KEYS):
        return model
    return Time.model_validate(fields | _SURE | {"span": model.span if model else nowhere})


def _quota(value: Mapping[str, Any], left: list[Quota], task: Task, nowhere: Span) -> Quota:
    """``left`` are the extracted quotas that no value before has used: equal ones stay apart."""
    fields = {key: value.get(key) for key in QUOTA_KEYS}
    same = [quota for quota in left if quota.text == fields["text"]]
    exact = next((quota for quota in same if all(getattr(quota, key) == fields[key] for key in QUOTA_KEYS)), None)
    model = exact or (same[0] if same else None)
    if model:
        left.remove(model)
    if exact:
        return exact
    quota = Quota.model_validate(fields | _SURE | {"task": task.id, "span": model.span if model else nowhere})
    update: dict[str, Any] = dict(zip(("annual", "annual_max"), annual(quota), strict=True))
    if model:
        update |= {"id": model.id, "owners": model.owners}
    return quota.model_copy(update=update)


def annual(quota: Quota) -> tuple[float | None, float | None]:
    """A quota's value and upper value a year, as extraction reckons them."""
    from extractors.fields.quotas_record import annual_of
    from extractors.values.quantity_types import Quantity

    return annual_of(Quantity(quota.comparator, quota.value, quota.value_max, quota.unit, quota.per, quota.kind))


def owner_type(name: str) -> str:
    """What kind of owner a name is, as extraction would have it."""
    from extractors.fields.owners_labels import type_of

    return type_of(name)


def _placed(record: NoticeRecord, task: Task, value: _Value) -> _Value:
    """A value whose words stand in the task, with their place."""
    words = value.name if isinstance(value, Owner) else value.text
    if value.rule != RULE or value.span.end > value.span.start:
        return value
    if not words:
        return value
    pattern = re.compile(r"\s*".join(re.escape(char) for char in words if not char.isspace()))
    for span in task.spans:
        text = text_at(record, span)
        if match := pattern.search(text):
            place = {"start": span.start + match.start(), "end": span.start + match.end()}
            return value.model_copy(update={"span": span.model_copy(update=place)})
    return value


def text_at(record: NoticeRecord, span: Span) -> str:
    """The words at a span of a record, to the letter; none where it points outside."""
    if not 0 <= span.block < len(record.blocks):
        return ""
    block = record.blocks[span.block]
    text = block.text or ""
    if span.row is not None and span.column is not None:
        table = next((table for table in record.tables if table.id == block.table), None)
        if table is None or span.row >= len(table.cells) or span.column >= len(table.cells[span.row]):
            return ""
        text = table.cells[span.row][span.column]
    return text[span.start : span.end]


def _stale(task: Task, quotas: Sequence[Quota], corrections: Iterable[Correction]) -> list[Warning]:
    """One warning for each correction whose basis is no longer what is extracted."""
    found = []
    for each in corrections:
        if each.field == "task" or each.basis is None:
            continue
        now = extracted(task, quotas, each.field)
        if now not in (each.basis, each.value):
            name = _short(task.title or task.text)
            message = f"任务“{name}”的 {each.field} 更正后，原文的抽取结果有变；请核对更正是否仍然成立"
            found.append(Warning(code="correction.stale", message=message, span=task.spans[0]))
    return found


def _plain(value: Owner | Time | Quota, keys: Sequence[str]) -> dict[str, Any]:
    return {key: getattr(value, key) for key in keys}


def _short(text: str, length: int = 20) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _first_line(error: Exception) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])} 不能是“{first.get('input')}”"
    if isinstance(error, KeyError):
        return f"缺少 {error.args[0]}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
