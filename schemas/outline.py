"""The outline of a notice: its parts, and its plans as trees over the words of the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from schemas.document import Layout, Span

NodeKind = Literal["item", "heading", "paragraph", "table"]


@dataclass(frozen=True)
class Mark:
    """A number or bullet before an item.

    Attributes:
        scheme: ``chapter`` 第一章, ``section`` 第一节, ``article`` 第一条, ``chinese`` 一、, ``chinese_paren`` （一）,
            ``arabic`` 1., ``decimal2`` 1.1, ``decimal3`` 1.1.1, ``arabic_paren`` （1）, ``circled`` ①, ``letter`` A.,
            ``box`` 专栏1, ``bullet`` ——.
        number: its value; None for a bullet.
        text: as written or as Word shows it.
        automatic: it stands in the block's label, not in its text.
    """

    scheme: str
    number: int | None
    text: str
    automatic: bool = False


@dataclass(frozen=True)
class Segment:
    """A logical line: a paragraph, a line of one, or a table's place.

    ``start`` and ``end`` bound the words after the mark in the block's text; ``text`` is those words.
    ``line`` is where the whole segment starts, its mark included.
    """

    block: int
    start: int
    end: int
    text: str
    mark: Mark | None = None
    line: int = 0
    table: str | None = None
    layout: Layout = field(default_factory=Layout)

    @property
    def span(self) -> Span:
        return Span(block=self.block, start=self.start, end=self.end)

    def part(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        return Span(block=self.block, start=self.start + start, end=self.start + end)


@dataclass
class Node:
    """A numbered item, an unnumbered heading, a paragraph, or a table.

    Attributes:
        mark: its number, if it has one.
        title: the words of its heading (a whole line, or the first phrase of its text: ``run_in``).
        title_span: where they stand.
        body: its own words beyond the heading, paragraph by paragraph, before its children.
        table: a table's id; ``caption`` its title, ``caption_span`` where that stands.
        closed: the heading ended with a full stop, so it may be a sentence.
        annex: it is the head of an annex.
        ordinal: its place among its siblings, from 1.
    """

    kind: NodeKind
    mark: Mark | None = None
    title: str | None = None
    title_span: Span | None = None
    run_in: bool = False
    body: list[Segment] = field(default_factory=list)
    table: str | None = None
    caption: str | None = None
    caption_span: Span | None = None
    closed: bool = False
    annex: bool = False
    children: list[Node] = field(default_factory=list)
    ordinal: int = 1


@dataclass
class PlanOutline:
    """One attached document, or the notice itself where it is its own measure."""

    title: str | None
    title_spans: list[Span]
    span: Span
    nodes: list[Node]
    segments: list[Segment]


@dataclass
class Parts:
    """The parts of a notice by GB/T 9704-2012, each as words and where they stand."""

    title: str | None = None
    document_number: str | None = None
    issuers: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    copied_to: list[str] = field(default_factory=list)
    date_text: str | None = None
    attachments: list[str] = field(default_factory=list)
    letterhead: str | None = None
    secrecy: str | None = None
    urgency: str | None = None
    copy_number: str | None = None
    signatories: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    printed_by: str | None = None
    printed_on: str | None = None
    spans: dict[str, list[Span]] = field(default_factory=dict)

    def place(self, name: str, span: Span) -> None:
        """Note where a part stands."""
        self.spans.setdefault(name, []).append(span)


@dataclass
class Outline:
    """A notice's parts and plans; ``cover`` holds the covering notice's own body."""

    parts: Parts
    plans: list[PlanOutline]
    cover: list[Segment] = field(default_factory=list)
    furniture: list[Segment] = field(default_factory=list)
