"""Tasks and their words as they are compared: force, deadlines, the sentence around a span."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.compare.types import Force, Party, TaskView, Words
from schemas.document import Span
from schemas.record import NoticeRecord, RecordBlock, RecordTable, Task

_FORCES: tuple[tuple[Force, re.Pattern[str]], ...] = (
    ("binding", re.compile(r"约束性")),
    ("must", re.compile(r"必须|务必|严禁|不得|一律|确保|坚决|杜绝")),
    ("should", re.compile(r"应当|应(?=[^急用届运对答聘]|$)|须(?!知)|(?<!不)需要|需(?=[^求])")),
    ("expected", re.compile(r"预期|力争|争取")),
    ("shall", re.compile(r"(?<![主重需只就还将想纪摘必概简首紧])要(?![素求点件闻务职约害领地塞])")),
    ("encouraged", re.compile(r"鼓励|倡导|提倡|支持|引导|探索")),
)
_OVER = re.compile(
    r"^(?:(?:各位代表|同志们)[，,！!：:])?(?:刚刚)?过去(?:的)?一年|^一年来|^(?:回顾)?过去(?:的)?(?:五|一)年"
)
_HEADED = re.compile(r"(20\d{2})\s*年")
_ENDS = "。；;！？!?\n"
#: A sentence longer than this is cut around the words.
_LONGEST = 240


@dataclass(frozen=True)
class Text:
    """A record's words by their place."""

    party: str
    blocks: Mapping[int, RecordBlock]
    tables: Mapping[str, RecordTable]
    #: The year of each plan's work, where it is one.
    years: Mapping[str, int]

    @classmethod
    def of(cls, party: str, record: NoticeRecord) -> Text:
        """The words of a record."""
        blocks = {block.id: block for block in record.blocks}
        years = {
            plan.id: int(plan.start[:4])
            for plan in record.plans
            if plan.start and plan.end and plan.start[:4] == plan.end[:4]
        }
        return cls(party, blocks, {table.id: table for table in record.tables}, years)

    def at(self, span: Span) -> str:
        """The whole block or cell that a span points into."""
        block = self.blocks[span.block]
        if span.row is None or span.column is None:
            return block.text or ""
        return self.tables[block.table or ""].cells[span.row][span.column]

    def words(self, span: Span) -> Words:
        """A span's words with the sentence around them."""
        whole = self.at(span)
        start = max(whole.rfind(mark, 0, span.start) for mark in _ENDS) + 1
        ends = [place for mark in _ENDS if (place := whole.find(mark, span.end)) >= 0]
        end = min(ends, default=len(whole) - 1) + 1
        start, end = max(start, span.start - _LONGEST), min(end, span.end + _LONGEST)
        around = whole[start:end]
        lead = len(around) - len(around.lstrip())
        return Words(
            self.party, whole[span.start : span.end], span, around.strip(), span.start - start - lead,
            span.end - start - lead, span.page or self.blocks[span.block].page,
        )  # fmt: skip


def force_of(sentence: str) -> Force:
    """How strongly a sentence binds, by its own words."""
    return next((force for force, pattern in _FORCES if pattern.search(sentence)), "plain")


def looks_back(task: Task, party: Party) -> bool:
    """Whether a task stands under an earlier year's heading, or opens with the year that is over: it asks nothing."""
    if _OVER.match(task.text):
        return True
    headed = [int(year) for heading in task.section for year in _HEADED.findall(heading)]
    return bool(headed) and party.years is not None and max(headed) < party.years[0]


def task_view(task: Task, party: Party, text: Text) -> TaskView:
    """A task as it is compared."""
    return TaskView(
        key=f"{party.key}/{task.id}",
        party=party.key,
        task=task.id,
        kind=task.kind,
        title=task.title,
        text=task.text,
        section=tuple(task.section),
        topics=tuple(task.topics),
        force=force_of(f"{task.title or ''}{task.text}"),
        owners=tuple((owner.role, owner.canonical or owner.name) for owner in task.owners),
        quotas=(),
        deadlines=tuple(time.end for time in task.times if time.kind in ("deadline", "date") and time.end),
        words=text.words(task.spans[0].model_copy(update={"end": min(task.spans[0].end, task.spans[0].start + 60)})),
    )
