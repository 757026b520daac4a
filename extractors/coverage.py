"""The last sweep: words of a document that no part, heading, task or list of left-outs holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.fields.drafts import Draft, Skipped
from extractors.fields.obligations import worth_listing
from extractors.structure.outline_walk import walk
from schemas.document import Document, Span
from schemas.outline import Node, Outline


def unplaced(
    document: Document, outline: Outline, drafts: Sequence[Draft], skipped: Sequence[Skipped]
) -> list[Skipped]:
    """What holds an obligation word, a number with a unit or a unit that acts, and is nowhere in the record.

    Page furniture that looks like work is listed too, with the reason that it was taken for furniture.
    """
    held = _held(outline, drafts, skipped)
    furniture = {(line.block, line.start): line for line in outline.furniture}
    left = [
        Skipped(line.span, "coverage.furniture", "看作网页或数据库的附带文字")
        for line in furniture.values()
        if worth_listing(line.text)
    ]
    known = held | {line.block for line in outline.furniture}
    for block in document.blocks:
        if block.text and block.id not in known and worth_listing(block.text):
            span = Span(block=block.id, start=0, end=len(block.text))
            left.append(Skipped(span, "coverage.unplaced", "没有归入标题、正文或表格的任何部分"))
    return left


def _held(outline: Outline, drafts: Sequence[Draft], skipped: Sequence[Skipped]) -> set[int]:
    """The blocks whose words are somewhere in the record."""
    held = {passage.span.block for draft in drafts for passage in (*draft.passages, *draft.shared)}
    held |= {one.span.block for one in skipped}
    held |= {span.block for spans in outline.parts.spans.values() for span in spans}
    for plan in outline.plans:
        held |= {span.block for span in plan.title_spans}
        held |= {block for node in walk(plan.nodes) for block in _blocks(node)}
    return held


def _blocks(node: Node) -> Iterable[int]:
    for span in (node.title_span, node.caption_span):
        if span is not None:
            yield span.block
