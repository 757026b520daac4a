"""Head and tail of notices by GB/T 9704-2012, in the ways that agencies write them."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path

import pytest

from extractors.structure.lines import document_kind, is_recipients, is_unit, parse_date
from extractors.structure.signature import split_issuers

_SPEC = importlib.util.spec_from_file_location("outline_build", Path(__file__).with_name("outline_build.py"))
build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(build)

CASES = json.loads((Path(__file__).parents[2] / "specs" / "parts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_parts(case):
    parts = build.outline_lines(case["lines"]).parts
    assert {name: getattr(parts, name) for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_spans_quote_their_words(case):
    document = build.document_of(case["lines"])
    parts = build.outline_of(build.segment(document)).parts
    for name in ("document_number", "copy_number", "secrecy"):
        for span in parts.spans.get(name, [])[:1]:
            assert getattr(parts, name) in "".join(document.text_at(span).split())


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《工作要点》的通知", "通知"), ("某市十条政策措施", "措施"), ("行动计划（2021-2023年）", "计划"), ("实施细则（试行）", "细则"),
        ("某县志愿服务工作的实施意见", "意见"), ("征求意见稿", None), ("加强组织领导", None), ("工作计划 篇三", "计划"), ("关于任职的批复", "批复"),
    ],
)  # fmt: skip
def test_kind(title, kind):
    assert document_kind(title) == kind


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("某市教育局  某市公安局", ["某市教育局", "某市公安局"]), ("江 苏 省 财 政 厅", ["江苏省财政厅"]),
        ("海宁市志愿者协会海宁市综合行政执法局", ["海宁市志愿者协会", "海宁市综合行政执法局"]), ("某市教育局、某市公安局", ["某市教育局", "某市公安局"]),
    ],
)  # fmt: skip
def test_issuers(line, names):
    assert split_issuers(line) == names


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("机关各科室，监督指挥中心，各下属单位：", True), ("各市、县（市、区）人民政府：", True), ("局属各部门:", True), ("王某某同志：", True),
        ("具体要求如下：", False), ("主要包括以下几个方面:", False), ("牵头单位：", False), ("一是加强领导。各单位：", False), ("时间、地点：", False),
    ],
)  # fmt: skip
def test_recipients(line, yes):
    assert is_recipients(line) is yes


@pytest.mark.parametrize(
    ("text", "day"),
    [("2021年3月23日", date(2021, 3, 23)), ("二〇二一年三月二十三日", date(2021, 3, 23)), ("２０１８年２月１日", date(2018, 2, 1)), ("2021年2月30日", None), ("2020年6月23日 |", date(2020, 6, 23)), ("2021年3月", None)],
)  # fmt: skip
def test_date(text, day):
    assert parse_date(text) == day


def test_units_are_told_from_sentences():
    assert is_unit("某市综合行政执法局") and is_unit("工会联合会")
    assert not is_unit("加强组织领导，落实责任") and not is_unit("局")
