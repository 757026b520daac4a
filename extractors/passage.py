"""What the field finders see: a stretch of a document with its place, and what is known about its surroundings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from schemas.document import Span
from schemas.labels import ColumnRole, TaskKind


@dataclass(frozen=True)
class Passage:
    """A stretch of one block's or cell's text; ``len(text) == span.end - span.start``."""

    text: str
    span: Span

    def at(self, start: int, end: int) -> Span:
        """The document span of ``text[start:end]``."""
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"{start}:{end} outside a passage of {len(self.text)} characters")
        return self.span.model_copy(update={"start": self.span.start + start, "end": self.span.start + end})

    def part(self, start: int, end: int) -> Passage:
        """``text[start:end]`` as a passage of its own."""
        return Passage(self.text[start:end], self.at(start, end))


@dataclass(frozen=True)
class Context:
    """What is known around a passage.

    Attributes:
        year: the year of dates that name none: from the item's heading, else its plan, else the issue date.
        plan_start, plan_end: the time of the plan's work.
        issue_date: 成文日期.
        year_span: the words that ``year`` comes from: a heading, the plan's title, the issue date.
        issuers: names of the issuing agencies, as signed; the first is the leading one.
        role: the meaning of the column that a cell stands in; None for prose.
        heads: the words of the column's head rows, topmost first; empty for prose.
        task_kind: kind of the task that the passage belongs to.
        task_title: title of that task, if it has one.
        yearly: the plan is a standing rule, and what was read of it before comes round every year.
    """

    year: int | None = None
    plan_start: date | None = None
    plan_end: date | None = None
    issue_date: date | None = None
    year_span: Span | None = None
    issuers: tuple[str, ...] = ()
    role: ColumnRole | None = None
    heads: tuple[Passage, ...] = field(default=())
    task_kind: TaskKind = "task"
    task_title: str | None = None
    yearly: bool = False
