"""Roles of columns: heads as agencies write them, and cells where the heads leave it open."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicons import load_rules
from extractors.structure.columns import Head, find_rule, head_key, read_column, weigh

SPECS = json.loads((Path(__file__).parents[2] / "specs" / "columns.json").read_text("utf-8"))
RULES = load_rules("columns").rules


@pytest.mark.parametrize("case", SPECS["heads"], ids=lambda case: "/".join(case["heads"]))
def test_heads(case: dict) -> None:
    rule = find_rule(case["heads"])
    assert rule is not None and rule.data["role"] == case["role"]


@pytest.mark.parametrize("case", SPECS["cells"], ids=lambda case: f"{case['head']}:{case['cells'][0]}")
def test_cells_settle_what_heads_leave_open(case: dict) -> None:
    heads = [Head(case["head"], 0, 0)] if case["head"] else []
    assert read_column(0, heads, case["cells"]).role == case["role"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_by_their_examples(rule) -> None:
    assert rule.examples and rule.counter_examples
    for example in rule.examples:
        match = rule.pattern.search(example["text"])
        assert match and match.group() == example["find"]
    for text in rule.counter_examples:
        assert not rule.pattern.search(text)


def test_head_key() -> None:
    assert head_key("完　成\n时 限（年月）：") == "完成时限"
    assert head_key("（责任单位）") == "责任单位"
    assert head_key("\n") == ""


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_cells(cells: list[str]) -> None:
    seen = weigh(cells)
    assert 0 <= seen.filled <= 1 and 0 <= seen.distinct <= 1
    assert read_column(0, [], cells).index == 0
