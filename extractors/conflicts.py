"""The notice against itself: what in it contradicts itself is said, never silently put right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations, product

from extractors.structure.lines import squeeze
from extractors.structure.outline_walk import walk
from extractors.values.calendars import festival, festival_names
from schemas.document import Document, Span, Warning
from schemas.outline import Outline
from schemas.record import NoticeRecord, RecordTable, Task, Time

_RANGE = re.compile(r"(?<!\d)(20\d{2})\s*年?\s*[-—－–~～至到]{1,2}\s*(20\d{2})\s*年")


def find_conflicts(document: Document, outline: Outline, record: NoticeRecord) -> list[Warning]:
    """All that a reader should ask the issuer about, in a fixed order: periods, festivals, deadlines, lists, tables."""
    finders: tuple[Callable[[], Iterable[Warning]], ...] = (
        lambda: _periods(document),
        lambda: _festivals(record),
        lambda: _deadlines(record),
        lambda: _attachments(document, outline),
        lambda: _repeated_rows(record),
        lambda: _marks(record),
    )
    return [warning for finder in finders for warning in finder()]


def _periods(document: Document) -> Iterable[Warning]:
    """A period that ends before it begins (2021-2020年度)."""
    seen = set()
    for block in document.blocks:
        for found in _RANGE.finditer(block.text or ""):
            if int(found[1]) > int(found[2]) and found.group() not in seen:
                seen.add(found.group())
                span = Span(block=block.id, start=found.start(), end=found.end())
                yield _warning("period_reversed", f"“{found.group()}”起止年份颠倒，请向发文单位核实", span)


def _festivals(record: NoticeRecord) -> Iterable[Warning]:
    """An activity of a festival in a month in which the festival does not fall (中秋 in October 2021)."""
    for task in record.tasks:
        month = _only_month(task.times)
        if month is None:
            continue
        for name, span in _named_festivals(record, task):
            day = festival(name, month.year)
            if day is not None and abs((day.year - month.year) * 12 + day.month - month.month) == 1:
                message = f"“{name}”在{day.year}年{day.month}月{day.day}日，文中排在{month.month}月，请核实"
                yield _warning("festival_month", message, span)


def _only_month(times: Sequence[Time]) -> date | None:
    """The first day of the one whole month that a task's times name."""
    months = [
        time for time in times if time.kind == "period" and time.start and time.end and time.start[:7] == time.end[:7]
    ]
    return date.fromisoformat(months[0].start) if len(months) == 1 and months[0].start else None


def _named_festivals(record: NoticeRecord, task: Task) -> Iterable[tuple[str, Span]]:
    """Festivals of the moon's calendar that a task's words name as their occasion, each once."""
    seen = set()
    for span in task.spans:
        text = words_at(record, span)
        for word, name in festival_names().items():
            place = text.find(word)
            if place >= 0 and len(word) >= 2 and name not in seen and _is_lunar(name):
                seen.add(name)
                yield name, span.model_copy(update={"start": span.start + place, "end": span.start + place + len(word)})


def _is_lunar(name: str) -> bool:
    return festival(name, 2021) is not None and (festival(name, 2021) or date.min).replace(year=2000) != (
        festival(name, 2022) or date.min
    ).replace(year=2000)


def _deadlines(record: NoticeRecord) -> Iterable[Warning]:
    """Two deadlines for one duty: the same thing handed in to the same office, by different days or hours."""
    due = [(task, time) for task in record.tasks if task.submissions for time in task.times if time.due]
    for (one, first), (other, second) in combinations(due, 2):
        if one.id == other.id or one.plan != other.plan or squeeze(first.text) == squeeze(second.text):
            continue
        if (first.rrule is None) == (second.rrule is None) and _same_duty(one, other):
            message = f"同一事项有两个时限：“{squeeze(first.text)}”和“{squeeze(second.text)}”，请核实以哪个为准"
            yield _warning("deadline", message, second.span)


def _same_duty(one: Task, other: Task) -> bool:
    """Whether two tasks hand in one thing: to one office, and what one hands in is the other's, or its title."""
    if not {submission.to for submission in one.submissions} & {submission.to for submission in other.submissions} - {
        None
    }:
        return False
    things = [submission.what for submission in one.submissions]
    others = [submission.what for submission in other.submissions]
    pairs = [*product(things, others), *product(things, [_form_name(other)]), *product([_form_name(one)], others)]
    return any(_likeness(a, b) >= 0.6 for a, b in pairs if min(len(a), len(b)) >= 4)


def _form_name(task: Task) -> str:
    """A task's title without the blanks of a form (（单位）  月份…安排表)."""
    return squeeze(re.sub(r"^[（(][^（）()]*[）)]|月份", "", task.title or ""))


def _attachments(document: Document, outline: Outline) -> Iterable[Warning]:
    """Attachments that are listed and not there, where the file carries some of them.

    An annex is known by its head, as a plan, or by the title that stands in its table's first rows.
    """
    listed = outline.parts.attachments
    spans = outline.parts.spans.get("attachments", [])
    heads = [node.title or "" for plan in outline.plans for node in walk(plan.nodes) if node.annex]
    found = [squeeze(title) for title in (*heads, *(plan.title or "" for plan in outline.plans))]
    found += [squeeze(row[0]) for table in document.tables for row in table.cells[:2] if row and row[0].strip()]
    there = [any(_alike(name, title) for title in found) for name in listed]
    if not any(there):
        if listed and not heads:
            yield _warning(
                "attachments_missing",
                f"正文列有{len(listed)}个附件，文件中没有附件内容，请索取附件",
                spans[0] if spans else None,
            )
        return
    for name, is_there, span in zip(listed, there, spans, strict=False):
        if not is_there:
            yield _warning("attachment_missing", f"附件“{name}”列在正文中，文件里没有找到，请索取或核对名称", span)


def _alike(one: str, other: str) -> bool:
    return one in other or (other in one and len(other) > 4) or _likeness(one, other) >= 0.75


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _repeated_rows(record: NoticeRecord) -> Iterable[Warning]:
    """Rows of an assessment under different titles with the same words: one was probably copied over the other."""
    by_words: dict[tuple[str, int, str], list[Task]] = defaultdict(list)
    for task in record.tasks:
        span = task.spans[0]
        if task.kind == "criterion" and span.row is not None and len(squeeze(task.text)) >= 10:
            by_words[task.plan, span.block, squeeze(task.text)].append(task)
    for tasks in by_words.values():
        titles = list(dict.fromkeys(squeeze(task.title or "") for task in tasks))
        if len(titles) > 1 and len({task.spans[0].row for task in tasks}) > 1:
            message = f"“{'”“'.join(titles)}”的内容一字不差，可能有一处误抄，请核实"
            yield _warning("repeated_row", message, tasks[1].spans[0])


def _marks(record: NoticeRecord) -> Iterable[Warning]:
    """An assessment whose items' full marks don't add up to their group's."""
    for table in record.tables:
        if table.kind == "assessment":
            yield from _group_marks(table)


def _group_marks(table: RecordTable) -> Iterable[Warning]:
    groups = [merge for merge in table.merges if merge[1] == 0 and merge[2] > 1 and merge[3] == 1]
    for row, column, height, _ in groups:
        whole = _own_marks(table.cells[row][column])
        parts = {}
        for r in range(row, row + height):
            for c in range(1, len(table.cells[r])):
                value = _own_marks(table.cells[r][c])
                if value is not None:
                    parts[_origin(table, r, c)] = value
                    break
        if whole is None or len(parts) < 2:
            continue
        total = sum(parts.values())
        if abs(total - whole) > 0.001:
            name = table.cells[row][column]
            message = f"“{squeeze(name)}”下各项分值合计{total:g}分，与{whole:g}分不符，请核实"
            yield _warning("marks", message, Span(block=table.block, row=row, column=column, start=0, end=len(name)))


def _own_marks(text: str) -> float | None:
    """The full marks that close the name of an item (组织领导（10分）)."""
    found = re.search(r"[（(]\s*(\d+(?:\.\d+)?)\s*分\s*[）)]\s*$", text.strip())
    return float(found[1]) if found else None


def _origin(table: RecordTable, row: int, column: int) -> tuple[int, int]:
    for top, left, height, width in table.merges:
        if top <= row < top + height and left <= column < left + width:
            return top, left
    return row, column


def words_at(record: NoticeRecord, span: Span) -> str:
    """The words of a record at a span."""
    block = record.blocks[span.block]
    text = block.text or ""
    if span.row is not None and span.column is not None:
        table = next(table for table in record.tables if table.id == block.table)
        text = table.cells[span.row][span.column]
    return text[span.start : span.end]


def _warning(code: str, message: str, span: Span | None) -> Warning:
    return Warning(code=f"conflict.{code}", message=message, span=span)
