"""Documents from lines of text, and trees as lines of text, for tests of structure."""

from __future__ import annotations

from extractors.structure.plans import outline_of
from extractors.structure.segments import segment
from schemas.document import Block, Document, Source, Table


def document_of(lines):
    """A document of one paragraph a line; <table> is a small table."""
    blocks, tables = [], []
    for i, line in enumerate(lines):
        if line == "<table>":
            tables.append(Table(id=f"t{len(tables) + 1}", block=i, cells=[["单位", "任务"], ["办公室", "报送信息1篇"]]))
            blocks.append(Block(id=i, type="table", table=tables[-1].id))
        else:
            blocks.append(Block(id=i, text=line))
    return Document(source=Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1), blocks=blocks, tables=tables)


def outline_lines(lines):
    return outline_of(segment(document_of(lines)))


def render(nodes, depth=0):
    """A tree as lines: mark, title, / and the openings of its paragraphs."""
    shown = []
    for node in nodes:
        mark = node.mark.text if node.mark else {"heading": "#", "paragraph": "¶", "table": "▦"}[node.kind]
        words = " ⏎ ".join(segment.text[:12] for segment in node.body)
        line = "  " * depth + mark + (node.title or node.caption or "")
        shown.append(line + (f" / {words}" if words else ""))
        shown.extend(render(node.children, depth + 1))
    return shown


def summary(outline):
    parts = outline.parts
    return {
        "title": parts.title,
        "number": parts.document_number,
        "issuers": parts.issuers,
        "recipients": parts.recipients,
        "date": parts.date_text,
        "copied_to": parts.copied_to,
        "attachments": parts.attachments,
        "furniture": len(outline.furniture),
        "plans": [{"title": plan.title, "tree": render(plan.nodes)} for plan in outline.plans],
    }
