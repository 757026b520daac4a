"""Which task of a new version is which older one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.matching import SURE, Item, likeness, match

CASES = json.loads((Path(__file__).parent.parent / "specs" / "matching.json").read_text(encoding="utf-8"))


def items(rows: list[list[str]]) -> list[Item]:
    return [Item(name, tuple(section.split("/")) if section else (), text) for name, section, text in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case):
    found = match(items(case["old"]), items(case["new"]))
    assert dict(found.sure) == case["sure"]
    assert {new: [each.key for each in likely] for new, likely in found.asked.items()} == case["asked"]


TEXTS = st.text("组织志愿者开展清洁宣传每月次人12，。", max_size=14)
ROWS = st.lists(st.tuples(st.sampled_from(["一、目标", "二、活动", "三、要求"]), TEXTS), max_size=7)


@given(ROWS, ROWS)
def test_each_is_paired_once_or_asked(old, new):
    before = [Item(f"k{i}", (section,), text) for i, (section, text) in enumerate(old)]
    after = [Item(f"t{i}", (section,), text) for i, (section, text) in enumerate(new)]
    found = match(before, after)
    assert len(set(found.sure.values())) == len(found.sure)
    assert not set(found.sure) & set(found.asked)
    paired = set(found.sure.values())
    assert not any(each.key in paired for likely in found.asked.values() for each in likely)


@given(ROWS)
def test_the_same_tasks_are_themselves(rows):
    before = [Item(f"k{i}", (section,), text) for i, (section, text) in enumerate(rows)]
    after = [Item(f"t{i}", (section,), text) for i, (section, text) in enumerate(rows)]
    assert match(before, after).sure == {f"t{i}": f"k{i}" for i in range(len(rows))}


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_either_way(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1 > SURE
