from __future__ import annotations

from extractors.assemble import extract_document
from schemas.document import Block, Document, Source

LINES = [
    "某市行动方案",
    "一、重点任务",
    "（一）加强养护。每月修剪1次。（责任单位：市园林局、市城管局、市财政局）",
    "（二）加强宣传。各区要广泛宣传。（责任单位：市文旅局）",
]


def owners(lines):
    blocks = [Block(id=i, text=line) for i, line in enumerate(lines)]
    source = Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1)
    record = extract_document(Document(source=source, blocks=blocks))[0]
    return record, [[(owner.name, owner.role) for owner in task.owners] for task in record.tasks]


def test_the_first_leads_where_a_note_says_so():
    record, found = owners([*LINES, "注：责任单位中排第一位的为牵头单位。"])
    assert found[0] == [("市园林局", "lead"), ("市城管局", "responsible"), ("市财政局", "responsible")]
    assert ("市文旅局", "responsible") in found[1]
    first = record.tasks[0].owners[0]
    assert first.inherited == "inferred"
    note = first.inferred_from
    assert record.blocks[note.block].text[note.start : note.end] == "排第一位的为牵头"


def test_without_a_note_nobody_leads():
    assert all(role == "responsible" for task in owners(LINES)[1] for _, role in task)
