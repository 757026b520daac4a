from __future__ import annotations

import pytest

from extractors.fields.submissions import find_submissions
from extractors.lexicons import load_rules
from extractors.passage import Passage
from schemas.document import Span

RULES = load_rules("submissions").rules


def passage(text):
    return Passage(text, Span(block=3, start=5, end=5 + len(text)))


@pytest.mark.parametrize(("rule", "example"), [(rule, example) for rule in RULES for example in rule.examples])
def test_example(rule, example):
    found = rule.pattern.search(example["text"])
    assert found and found["what"] == example["what"] and found.groupdict().get("to") == example.get("to")


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in RULES for text in rule.counter_examples])
def test_counter_example(rule, text):
    assert not rule.pattern.search(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "请各单位每月5日前将当月活动安排报机关党委（邮箱：abc@example.cn，联系电话：0513-87650000）。",
            [("当月活动安排", "机关党委", "邮箱：abc@example.cn；联系电话：0513-87650000", None)],
        ),
        ("各街道于6月底前将自查表（见附件2）报送区城管局。", [("自查表", "区城管局", None, "附件2")]),
        ("报告会须报区委宣传部审批，填写《活动审批表》。", [("审批", "区委宣传部", None, "《活动审批表》")]),
        (
            "各单位每季度向区教育局报送隐患清单，并通过安全监管平台上报。",
            [("隐患清单", "区教育局", "安全监管平台", None)],
        ),
        ("加强报纸、电视等媒体宣传。", []),
        ("及时报道活动情况。", []),
    ],
)
def test_submissions(text, expected):
    found = find_submissions(passage(text))
    assert [(one.what, one.to, one.via, one.form) for one in found] == expected
    for one in found:
        assert text[one.span.start - 5 : one.span.end - 5] == one.what
