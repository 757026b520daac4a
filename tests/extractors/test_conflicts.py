"""The notice against itself: each kind of contradiction is warned of, and what only looks like one is not."""

from __future__ import annotations

import pytest

from extractors.assemble import extract_document
from schemas.document import Block, Document, Source, Table

HEAD = ["关于印发工作计划的通知", "各科室：", "现印发给你们。", "某市园林局", "2021年3月1日"]
SCHEDULE = [
    ["时间", "活动名称", "活动内容"],
    ["10月", "中秋节志愿活动", "开展“中秋节”主题志愿活动，慰问困难家庭。"],
    ["9月", "开学季", "开展开学季宣传活动，走进校园。"],
]
SCHEME = [
    ["考核项目", "考核内容", "标准", "评分细则"],
    ["基础工作（40分）", "组织领导（10分）", "成立领导小组，明确责任分工。", "未成立扣1分"],
    ["基础工作（40分）", "经费保障（20分）", "落实经费预算，及时发放补助。", "未落实扣2分"],
    ["日常工作（60分）", "信息报送（30分）", "按月度分解任务量完成报送。", "少1篇扣0.5分"],
    ["日常工作（60分）", "约稿报送（30分）", "按月度分解任务量完成报送。", "少1篇扣1分"],
]  # fmt: skip
MERGES = [(1, 0, 2, 1), (3, 0, 2, 1)]


def record(lines, tables=()):
    """A record of lines and tables; a line <0> stands for the first table."""
    blocks, built = [], []
    for i, line in enumerate(lines):
        if line.startswith("<"):
            cells, merges = tables[int(line[1])]
            built.append(Table(id=f"t{len(built) + 1}", block=i, cells=cells, merges=merges))
            blocks.append(Block(id=i, type="table", table=built[-1].id))
        else:
            blocks.append(Block(id=i, text=line))
    source = Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1)
    return extract_document(Document(source=source, blocks=blocks, tables=built))[0]


def conflicts(one):
    return [warning.code.removeprefix("conflict.") for warning in one.warnings if warning.code.startswith("conflict.")]


def words(one, code):
    span = next(warning.span for warning in one.warnings if warning.code == f"conflict.{code}")
    block = one.blocks[span.block]
    if span.row is not None:
        return next(t for t in one.tables if t.id == block.table).cells[span.row][span.column][span.start : span.end]
    return block.text[span.start : span.end]


def test_a_period_that_ends_before_it_begins():
    one = record(
        [*HEAD, "某市园林局工作计划", "特制定2021-2020年度工作计划。", "一、工作任务", "（一）加强养护。每月修剪1次。"]
    )
    assert conflicts(one) == ["period_reversed"]
    assert words(one, "period_reversed") == "2021-2020年"


@pytest.mark.parametrize("period", ["2021-2022年", "2021—2021年", "“十四五”"])
def test_a_period_that_runs_forward(period):
    assert (
        conflicts(
            record([*HEAD, "某市园林局工作计划", f"特制定{period}工作计划。", "一、工作任务", "（一）加强养护。"])
        )
        == []
    )


def test_a_festival_in_the_wrong_month():
    one = record([*HEAD, "某市园林局2021年志愿服务计划", "一、活动安排", "志愿服务活动安排表", "<0>"], [(SCHEDULE, [])])
    assert conflicts(one) == ["festival_month"]
    assert words(one, "festival_month") == "中秋节"


def test_a_festival_in_its_month():
    cells = [row[:] for row in SCHEDULE]
    cells[1][0] = "9月"
    one = record([*HEAD, "某市园林局2021年志愿服务计划", "一、活动安排", "志愿服务活动安排表", "<0>"], [(cells, [])])
    assert conflicts(one) == []


def test_two_deadlines_for_one_duty():
    lines = [
        *HEAD, "某市园林局工作计划", "一、工作要求", "（一）及时报送。请各科室每月2日前将重点活动安排表报局机关党委。",
        "（二）规范填写。重点活动安排表请于每月2日下午下班前报局机关党委。", "（三）其他。请各科室每月10日前将考勤表报局人事科。",
    ]  # fmt: skip
    one = record(lines)
    assert conflicts(one) == ["deadline"]


def test_attachments_that_are_not_there():
    body = [
        *HEAD,
        "某市园林局工作计划",
        "一、工作任务",
        "（一）加强养护。每月修剪1次。",
        "附件：1.养护任务分解表",
        "2.养护质量标准",
    ]
    assert conflicts(record(body)) == ["attachments_missing"]
    table = [["序号", "任务", "责任单位"], ["1", "修剪行道树", "养护科"], ["2", "清理枯枝", "绿化科"]]
    assert conflicts(record([*body, "附件1", "养护任务分解表", "<0>"], [(table, [])])) == ["attachment_missing"]
    both = [*body, "附件1", "养护任务分解表", "<0>", "附件2", "养护质量标准", "各科室应按标准养护。"]
    assert conflicts(record(both, [(table, [])])) == []
    titled = [["养护任务分解表"] * 3, *table]
    standards = ["附件2", "养护质量标准", "各科室应按标准养护。"]
    assert conflicts(record([*body, "<0>", *standards], [(titled, [(0, 0, 1, 3)])])) == []


def test_marks_and_rows_of_a_scheme():
    lines = [*HEAD, "某市园林局考核办法", "一、考核内容", "考核评分细则", "<0>"]
    one = record(lines, [(SCHEME, MERGES)])
    assert conflicts(one) == ["repeated_row", "marks"]
    assert "30分，与40分不符" in next(w.message for w in one.warnings if w.code == "conflict.marks")
    right = [row[:] for row in SCHEME]
    right[2][1] = "经费保障（30分）"
    right[4][2] = "按上级约稿要求完成报送任务。"
    assert conflicts(record(lines, [(right, MERGES)])) == []
