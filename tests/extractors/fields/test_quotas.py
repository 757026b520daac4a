"""Quotas in prose and in cells, and the rules that keep other numbers out."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from extractors.fields.quotas import find_quotas
from extractors.lexicons import Rule, load_list, load_rules
from extractors.passage import Context, Passage
from schemas.document import Span
from schemas.record import Quota

CASES = json.loads((Path(__file__).parents[2] / "specs" / "quotas.json").read_text(encoding="utf-8"))
RULES = load_rules("quotas").rules


def passage(text: str) -> Passage:
    return Passage(text, Span(block=3, start=10, end=10 + len(text)))


def quotas(text: str, **context: Any) -> list[Quota]:
    heads = tuple(passage(head) for head in context.pop("heads", ()))
    return find_quotas(passage(text), Context(heads=heads, **context))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:18]}{case.get('context', '')}")
def test_case(case: dict[str, Any]) -> None:
    found = quotas(case["text"], **case.get("context", {}))
    keys = ("text", "kind", "comparator", "value", "value_max", "unit", "per", "annual", "subject")
    wanted = case["quotas"]
    assert [q.text for q in found] == [w["text"] for w in wanted]
    for quota, want in zip(found, wanted, strict=True):
        got = quota.model_dump()
        assert {k: got[k] for k in keys if k in want} == {k: want[k] for k in keys if k in want}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:18])
def test_spans_quote_to_the_letter(case: dict[str, Any]) -> None:
    for quota in quotas(case["text"], **case.get("context", {})):
        assert case["text"][quota.span.start - 10 : quota.span.end - 10] == quota.text
        assert (quota.id, quota.task, quota.owners) == ("", "", [])
        if quota.subject_span and not case.get("context", {}).get("heads"):
            assert case["text"][quota.subject_span.start - 10 : quota.subject_span.end - 10] == quota.subject


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_examples(rule: Rule) -> None:
    assert len(rule.examples) >= 6 and len(rule.counter_examples) >= 3
    for example in rule.examples:
        hits = [q for q in quotas(example["text"]) if example["find"] in q.text or q.text in example["find"]]
        if rule.data["use"] == "find":
            assert [q.rule for q in hits] == [rule.id], example
        else:
            assert not hits, (example, [q.text for q in hits])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_counter_examples(rule: Rule) -> None:
    for text in rule.counter_examples:
        found = quotas(text)
        if rule.data["use"] == "find":
            assert not [q for q in found if q.rule == rule.id], text
        else:
            assert found, text


@pytest.mark.parametrize("row", load_list("fixed_phrases"), ids=lambda row: row["phrase"])
def test_fixed_phrases_are_no_quota(row: dict[str, str]) -> None:
    assert quotas(f"深入推进{row['phrase']}工作，落实到位") == []
    assert quotas(f"牢固树立“{row['phrase']}”") == []


@pytest.mark.parametrize("role", ["index", "owner.lead", "owner.responsible"])
def test_columns_without_quotas(role: str) -> None:
    assert quotas("12", role=role) == []
    assert quotas("每月不少于2次", role=role) == []


def test_speed() -> None:
    text = "各单位每月报送信息不少于4篇，录用率不低于50%；全年组织培训2次以上，新建公厕12座。" * 600
    quotas(text[:1000])
    start = process_time()
    found = quotas(text[:25_000])
    assert len(found) > 1000
    assert process_time() - start < 2.5


def test_speed_of_sparse_text() -> None:
    text = "要加强组织领导，压实工作责任，完善工作机制，推动各项任务落地见效，" * 38 + "每月报送信息不少于4篇。"
    text = (text * 30)[:25_000]
    quotas(text[:1000])
    start = process_time()
    quotas(text)
    assert process_time() - start < 3


PIECES = ["一", "1", "1,", "每一", "扣1分", "3家、", "每月3次", "“1", "《3个", "（1", "二分之", "少", "一 "]


@pytest.mark.parametrize("piece", PIECES)
def test_broken_text_takes_no_long_time(piece: str) -> None:
    start = process_time()
    quotas(piece * 2000)
    assert process_time() - start < 10
