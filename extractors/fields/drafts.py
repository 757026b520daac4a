"""A task in the making: its words and where they stand, before its owners, times and quotas are found."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.passage import Passage
from schemas.document import Span
from schemas.labels import ColumnRole, Inherited, TaskKind


@dataclass(frozen=True)
class Cell:
    """A cell of a task's row beside the one that gives its text.

    Attributes:
        passage: the cell's words.
        role: what its column holds.
        heads: the words of its column's head rows, topmost first.
        inherited: ``merged_cell`` where the words stand in a row above.
    """

    passage: Passage
    role: ColumnRole
    heads: tuple[Passage, ...] = ()
    inherited: Inherited | None = None


@dataclass
class Draft:
    """A task's words. ``ordinals`` is its path in the plan's tree, for its id; ``shared`` is a bracket that closes the
    item that it is a part of, or a line of owners beneath several."""

    plan: int
    kind: TaskKind
    section: list[str]
    ordinals: list[int]
    title: str | None
    passages: list[Passage]
    confidence: float
    title_passage: Passage | None = None
    cells: list[Cell] = field(default_factory=list)
    shared: list[Passage] = field(default_factory=list)
    headings: list[Passage] = field(default_factory=list)
    table: str | None = None
    text_role: ColumnRole | None = None
    text_heads: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """Words that became no task, and why: ``code`` is the warning's, ``reason`` for people."""

    span: Span
    code: str
    reason: str
