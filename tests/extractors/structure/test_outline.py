"""Outlines of notices as agencies write them, and trees that are valid whatever is written."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

_SPEC = importlib.util.spec_from_file_location("outline_build", Path(__file__).with_name("outline_build.py"))
build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(build)

CASES = json.loads((Path(__file__).parents[2] / "specs" / "outlines.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_outline(case):
    assert build.summary(build.outline_lines(case["lines"])) == case["expect"]


def nodes_of(nodes):
    for node in nodes:
        yield node
        yield from nodes_of(node.children)


LINES = st.lists(
    st.one_of(
        st.builds(lambda mark, text: mark + text, st.sampled_from(["一、", "二、", "（一）", "（三）", "1.", "3.", "（1）", "①", "——", "第一条 ", "专栏1 ", "附件1", "附件："]), st.sampled_from(["工作目标", "加强管理。每月检查1次。", "各单位要落实责任。", ""])),
        st.sampled_from(["各科室：", "2022年3月1日", "某市教育局", "工作方案", "关于印发《方案》的通知", "<table>", "请各单位于5月底前报送总结。", "抄送：市委办公室。", "夯实基础，建强队伍"]),
        st.text(alphabet="一二三、（）1.。：附件年月日各单位 ", max_size=12),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_every_line_is_somewhere_and_once(lines):
    """Words of a plan are in one node, in a title, a caption, a list of attachments, or among the furniture."""
    document = build.document_of(lines)
    segments = build.segment(document)
    outline = build.outline_of(segments)
    placed = []
    for plan in outline.plans:
        for node in nodes_of(plan.nodes):
            placed.extend((segment.block, segment.start, segment.end) for segment in node.body)
            if node.title_span is not None:
                span = node.title_span
                assert document.text_at(span) == node.title or node.annex
    assert len(placed) == len(set(placed))
    for block, start, end in placed:
        assert 0 <= start <= end <= len(document.blocks[block].text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 2]), st.sampled_from(["加强管理", "开展检查", "落实责任"])),
        min_size=1,
        max_size=20,
    )
)
def test_a_numbered_tree_reads_back(items):
    """A tree written out with 一、 （一） 1. reads back as it was."""
    marks = [
        lambda n: "一二三四五六七八九十"[n - 1] + "、" if n <= 10 else f"十{'一二三四五六七八九十'[n - 11]}、",
        lambda n: f"（{'一二三四五六七八九十'[(n - 1) % 10]}）",
        lambda n: f"{n}.",
    ]
    counters, depth, lines, expected = [0, 0, 0], -1, ["某市工作方案"], []
    for level, text in items:
        level = min(level, depth + 1)
        depth = level
        counters[level] += 1
        if counters[level] > 10:
            return
        for deeper in range(level + 1, 3):
            counters[deeper] = 0
        lines.append(marks[level](counters[level]) + text)
        expected.append("  " * level + marks[level](counters[level]) + text)
    (plan,) = build.outline_lines(lines).plans
    assert build.render(plan.nodes) == expected
