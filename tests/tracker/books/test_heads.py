from __future__ import annotations

import pytest

from pipeline.tracker.heads import field_of, find_table, is_foot, lexicon
from pipeline.tracker.sheets import Grid

RULES = lexicon()["head"]


@pytest.mark.parametrize(("field", "head"), [(rule["field"], head) for rule in RULES for head in rule["examples"]])
def test_examples(field, head):
    assert field_of(head)[0] == field


@pytest.mark.parametrize(
    ("field", "head"), [(rule["field"], head) for rule in RULES for head in rule["counter_examples"]]
)
def test_counter_examples(field, head):
    found = field_of(head)
    assert found is None or found[0] != field


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (["序号", "督办事项", "责任单位", "完成时限", "办理情况"], {"title": 1, "lead": 2, "due": 3, "progress_text": 4}),
        (["编号", "交办内容", "承办部门", "协办部门", "限期"], {"number": 0, "lead": 2, "support": 3, "due": 4}),
        (["序号", "重点工作（任务）", "牵头领导", "牵头单位", "目前进展", "存在困难", "下步打算"],
         {"title": 1, "leader": 2, "lead": 3, "progress_text": 4, "problems": 5, "next_steps": 6}),
    ],
)  # fmt: skip
def test_a_row_of_heads_is_found_below_a_title(heads, columns):
    grid = Grid("表", [["某某局工作台账"], [None], list(heads), ["1", "整治", "市容科", "3月底", "已办"]])
    table = find_table(grid)
    assert table is not None and table.first == 2
    assert {name: table.columns[name] for name in columns} == columns


def test_heads_in_two_rows():
    rows = [
        ["序号", "任务", "完成时限", None, "进展情况", None],
        [None, None, "原文", "日期", "上期进展", "本期进展"],
        ["1", "整治占道", "4月底前", "2021-04-30", None, "完成"],
    ]
    table = find_table(Grid("表", rows, [(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1)]))
    assert table is not None and table.last == 1
    assert table.columns == {
        "index": 0, "title": 1, "time_text": 2, "due": 3, "last_progress": 4, "progress_text": 5,
    }  # fmt: skip


def test_repeated_heads_headings_and_the_foot_are_no_rows():
    heads = ["序号", "工作任务", "责任单位", "办理情况"]
    rows = [heads, ["一、市容管理", None, None, None], ["1", "整治", "市容科", None], heads, ["2", "清运", "环卫处", "完成"],
            ["填报人：王强", None, None, None], ["3", "多余", "办公室", None]]  # fmt: skip
    table = find_table(Grid("表", rows, [(1, 0, 1, 3)]))
    assert table is not None
    assert table.rows() == [2, 4]
    assert is_foot(table.grid, 5)


def test_a_list_of_names_is_no_ledger():
    assert find_table(Grid("表", [["姓名", "电话", "职务"], ["王强", "1", "科长"]])) is None
