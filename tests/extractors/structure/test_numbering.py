from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.structure.numbering import chinese_value, inline_series, parse_label, parse_mark

CASES = json.loads((Path(__file__).parents[2] / "specs" / "numbering.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_mark(case):
    line, scheme, *rest = case
    found = parse_mark(line)
    if scheme is None:
        assert found is None
    else:
        assert found is not None
        mark, offset = found
        assert [mark.scheme, mark.number, line[offset:]] == [scheme, *rest]


@pytest.mark.parametrize(
    ("label", "scheme", "number"),
    [
        ("一、", "chinese", 1),
        ("（二）", "chinese_paren", 2),
        ("3.", "arabic", 3),
        ("十一", "chinese", 11),
        ("7", "arabic", 7),
        ("\uf06c", "bullet", None),
        ("第四条", "article", 4),
    ],
)
def test_label(label, scheme, number):
    mark = parse_label(label)
    assert mark and (mark.scheme, mark.number, mark.automatic) == (scheme, number, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("九十九", 99),
        ("一百零五", 105),
        ("二〇二一", 2021),
        ("甲", None),
    ],
)
def test_chinese_value(text, value):
    assert chinese_value(text) == value


@pytest.mark.parametrize(
    ("line", "inline"),
    [
        ("①宣传；②检查。", True),
        ("1.学习。2.研讨。", True),
        ("1.全年学习不少于2次。", False),
        ("（1）报名；（2）初审。", True),
        ("①只有一项。", False),
    ],
)
def test_inline_series(line, inline):
    mark, offset = parse_mark(line)
    assert inline_series(line[offset:], mark) is inline


@given(st.text(alphabet="一二三十百（）()1234567890.、第章条①②—- 甲乙丙，。", max_size=12))
def test_offset_is_in_the_line(line):
    found = parse_mark(line)
    assert found is None or 0 < found[1] <= len(line)
