"""Whatever a notice says: values quote their words to the letter, and the same document gives the same record."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.assemble import extract_document
from schemas.document import Block, Document, Source, Table

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "notice.schema.json").read_text(encoding="utf-8"))
UNITS = st.sampled_from(["市城管局", "各科室", "办公室", "各县（市、区）", "李  强", "人事科、宣传科"])
TIMES = st.sampled_from(
    ["每月2日前", "11月底前", "2021年3月", "全年", "7-9月", "每两个月", "春节", "2月30日前", "适时"]
)
COUNTS = st.sampled_from(
    ["不少于4篇", "≥90%", "1到6条", "三分之二", "20万平方米", "扣0.5分/篇", "全国前十", "零差错", "2000个"]
)
VERBS = st.sampled_from(["要报送信息", "牵头开展检查", "完成改造", "负责清扫", "组织志愿者参加"])
SENTENCE = st.builds(lambda *parts: "".join(parts) + "。", UNITS, TIMES, VERBS, COUNTS)
MARK = st.sampled_from(["", "一、", "（一）", "1.", "①", "——", "第二条 ", "专栏1 ", "附件1", "注："])
LINE = st.one_of(
    st.builds(
        lambda mark, title, body: mark + title + body,
        MARK,
        st.sampled_from(["", "加强管理。", "工作目标", "工作要求："]),
        SENTENCE,
    ),
    st.sampled_from(
        [
            "某市2021年工作方案",
            "各单位：",
            "某市城管局",
            "2021年3月23日",
            "（责任单位：市城管局、市财政局；配合单位：各区）",
            "抄送：市委。",
        ]
    ),
    st.text(alphabet="一二三四、。（）：；各单位要于月日前不少次篇%0123456789—“” ", max_size=40),
)
CELL = st.one_of(
    UNITS, TIMES, COUNTS, st.sampled_from(["", "——", "同上", "1/季", "1、7月", "备注", "任务", "责任单位", "完成时限"])
)


@st.composite
def documents(draw):
    """A document of lines and small tables, some with a merged column."""
    blocks, tables = [], []
    for line in draw(st.lists(LINE, max_size=14)):
        blocks.append(Block(id=len(blocks), text=line or None) if line else Block(id=len(blocks), text=" "))
    if draw(st.booleans()):
        width, height = draw(st.integers(2, 4)), draw(st.integers(2, 5))
        cells = [[draw(CELL) for _ in range(width)] for _ in range(height)]
        merges = []
        if height > 2 and draw(st.booleans()):
            cells[2][0] = cells[1][0]
            merges = [(1, 0, 2, 1)]
        tables.append(Table(id="t1", block=len(blocks), cells=cells, merges=merges))
        blocks.append(Block(id=len(blocks), type="table", table="t1"))
    return Document(source=Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1), blocks=blocks, tables=tables)


def spans_of(value):
    """Every span in a record, with the words that it must quote, where it has any."""
    for task in value.tasks:
        yield from ((span, None) for span in task.spans)
        yield from ((owner.span, owner.name) for owner in task.owners)
        yield from ((time.span, time.text) for time in task.times)
        yield from ((one.span, one.what) for one in task.submissions)
    for quota in value.quotas:
        yield quota.span, quota.text
        yield from ((span, None) for span in (quota.unit_span, quota.subject_span, quota.per_span) if span)
    yield from ((warning.span, None) for warning in value.warnings if warning.span)
    yield from ((plan.span, None) for plan in value.plans if value.blocks)
    yield from ((span, None) for spans in value.notice.spans.values() for span in spans)


@settings(max_examples=250, deadline=None)
@given(documents())
def test_spans_quote_to_the_letter(document):
    record = extract_document(document)[0]
    for span, words in spans_of(record):
        text = document.blocks[span.block].text or ""
        if span.row is not None:
            text = document.tables[0].cells[span.row][span.column]
        assert 0 <= span.start <= span.end <= len(text)
        if words is not None:
            assert "".join(text[span.start : span.end].split()) == "".join(words.split())


@settings(max_examples=60, deadline=None)
@given(documents())
def test_records_are_valid_and_repeatable(document):
    record = extract_document(document)[0]
    assert record.to_json() == extract_document(document)[0].to_json()
    jsonschema.validate(json.loads(record.to_json()), SCHEMA)
    quotas = [name for task in record.tasks for name in task.quotas]
    assert sorted(quotas) == sorted(quota.id for quota in record.quotas)
    assert len({task.id for task in record.tasks}) == len(record.tasks)
    for task in record.tasks:
        words = "\n".join(document.text_at(span) for span in task.spans)
        assert "".join(words.split()) == "".join(task.text.split())


@settings(max_examples=120, deadline=None)
@given(documents())
def test_what_gave_no_task_is_listed(document):
    """Every line that obliges by its words is in a task, a warning, or a part of the notice."""
    record = extract_document(document)[0]
    placed = {span.block for span, _ in spans_of(record)}
    placed |= {block for task in record.tasks for block in [span.block for span in task.spans]}
    headings = "".join("".join(task.section) + (task.title or "") for task in record.tasks)
    headings += "".join(plan.title or "" for plan in record.plans) + "".join(t.caption or "" for t in record.tables)
    for block in document.blocks:
        text = (block.text or "").strip()
        if block.id not in placed and "要报送信息" in text:
            assert "".join(text.rstrip("。").split()) in "".join(headings.split()), text
